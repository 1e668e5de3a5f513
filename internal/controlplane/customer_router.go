package controlplane

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// Customer answers what the customer's router at the far end of a simulated interface was told to do; nil: nothing, it does
// what it does by default.
func (s *Service) Customer(ctx context.Context, id string) (script *directconnect.CustomerScript, err error) {
	if err := directconnect.CheckInterfaceID(id); err != nil {
		return nil, refuse(Invalid, "%q is not a virtual interface ID.", id)
	}
	err = s.Store.View(ctx, func(tx *store.Tx) error {
		script = nil
		if _, err := tx.Interface(id); err != nil {
			return missing(err, "There is no virtual interface %s.", id)
		}
		text, err := tx.Setting(directconnect.CustomerSetting(id))
		if errors.Is(err, store.ErrNotFound) || err == nil && text == "" {
			return nil
		}
		if err != nil {
			return err
		}
		kept, err := directconnect.ParseCustomerScript(text)
		script = &kept
		return err
	})
	return script, err
}

// SetCustomer tells the customer's router what to do from now on, in place of what it was told before, and answers the
// script as it is kept: a flap without a beginning begins now. With nil the router does what it does by default; that is
// also allowed when the interface has ended.
func (s *Service) SetCustomer(ctx context.Context, id string, script *directconnect.CustomerScript) (*directconnect.CustomerScript, error) {
	if err := directconnect.CheckInterfaceID(id); err != nil {
		return nil, refuse(Invalid, "%q is not a virtual interface ID.", id)
	}
	if script != nil {
		if err := script.Check(); err != nil {
			return nil, invalid(err)
		}
	}
	var kept *directconnect.CustomerScript
	err := s.update(ctx, func(tx *store.Tx) error {
		v, err := tx.Interface(id)
		if err != nil {
			return missing(err, "There is no virtual interface %s.", id)
		}
		about(ctx, ofVIF(v))
		text := ""
		if script != nil {
			if kept, text, err = s.customerFor(v, *script); err != nil {
				return err
			}
		}
		if err := tx.PutSetting(directconnect.CustomerSetting(id), text); err != nil || !v.Live() {
			return err
		}
		v.Due = s.Now()
		return tx.PutInterface(&v)
	})
	return kept, err
}

// customerFor is a script as it is kept for an interface, and its text.
func (s *Service) customerFor(v directconnect.VirtualInterface, script directconnect.CustomerScript) (*directconnect.CustomerScript, string, error) {
	if !v.Live() {
		return nil, "", refuse(Conflict, "Virtual interface %s is in state %s: no router is at its far end.", v.ID, v.State)
	}
	for _, id := range script.Peers {
		if err := ofInterface(v, id); err != nil {
			return nil, "", err
		}
	}
	if f := script.Flap; f != nil && f.From.IsZero() {
		begins := *f
		begins.From = s.Now()
		script.Flap = &begins
	}
	text, err := json.Marshal(script)
	return &script, string(text), err
}

// ofInterface refuses a BGP peer that an interface does not have.
func ofInterface(v directconnect.VirtualInterface, peer string) error {
	if !slices.ContainsFunc(v.Peers, func(p directconnect.BGPPeer) bool { return p.ID == peer }) {
		return refuse(Missing, "There is no BGP peer %q on virtual interface %s.", peer, v.ID)
	}
	return nil
}

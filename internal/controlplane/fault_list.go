package controlplane

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// Faults lists what is wrong because an operator has said so: connections first, then interfaces. A flap that has had all of its
// times is no longer.
func (s *Service) Faults(ctx context.Context) (faults []Fault, err error) {
	const page = 1000
	for after := ""; ; {
		found, err := s.AllConnections(ctx, ConnectionFilter{After: after, Limit: page})
		if err != nil {
			return nil, err
		}
		for _, c := range found {
			faults = append(faults, faultsOf(c, s.Now())...)
		}
		if len(found) < page {
			break
		}
		after = found[len(found)-1].ID
	}
	err = s.Store.View(ctx, func(tx *store.Tx) error {
		settings, err := tx.Settings(directconnect.CustomerSettings)
		if err != nil {
			return err
		}
		var of []Fault
		for name, text := range settings {
			script, err := directconnect.ParseCustomerScript(text)
			if text == "" || err != nil || interfaceFaults(directconnect.VirtualInterface{}, script, s.Now()) == nil {
				continue
			}
			v, err := tx.Interface(strings.TrimPrefix(name, directconnect.CustomerSettings))
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			if v.Live() {
				of = append(of, interfaceFaults(v, script, s.Now())...)
			}
		}
		slices.SortStableFunc(of, func(a, b Fault) int { return strings.Compare(a.Resource, b.Resource) })
		faults = append(faults, of...)
		return nil
	})
	return faults, err
}

func faultsOf(c directconnect.Connection, now time.Time) (faults []Fault) {
	f := directconnect.Fault{}
	if c.Fault != nil {
		f = *c.Fault
	}
	return collectFaults(Fault{Resource: c.ID, Account: c.Account, Router: c.Router}, c.Cut, f, now)
}

func interfaceFaults(v directconnect.VirtualInterface, s directconnect.CustomerScript, now time.Time) []Fault {
	return collectFaults(Fault{Resource: v.ID, Account: v.Account, Router: v.Router}, false,
		directconnect.Fault{Silent: s.Silent, WrongKey: s.WrongKey, Flap: s.Flap}, now)
}

func collectFaults(of Fault, cut bool, f directconnect.Fault, now time.Time) (faults []Fault) {
	if f.Flap != nil && f.Flap.Over(now) {
		f.Flap = nil
	}
	for _, there := range []struct {
		kind FaultKind
		is   bool
	}{{FaultCut, cut}, {FaultFade, f.LightDBm != 0}, {FaultFlap, f.Flap != nil}, {FaultWrongKey, f.WrongKey}, {FaultSilent, f.Silent}} {
		if !there.is {
			continue
		}
		one := of
		if one.Kind = there.kind; one.Kind == FaultFade {
			one.LightDBm = f.LightDBm
		}
		if one.Kind == FaultFlap {
			one.Flap = f.Flap
		}
		faults = append(faults, one)
	}
	return faults
}

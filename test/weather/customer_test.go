package weather

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"pgregory.net/rapid"

	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// customerActions are what happens to interfaces besides calls: the operator verifies, customers' routers misbehave.
func (m *machine) customerActions() map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){
		"~verify":   m.force(m.verify),
		"~customer": m.force(m.customerRouter),
	}
}

func (m *machine) verify() {
	l, v := m.oneLane(directconnect.VirtualInterface.AwaitsVerification)
	_, err := m.service.VerifyInterface(m.ctx, l.id)
	m.rt.Logf("verify %s -> %v", l.id, err)
	if _, refused := errors.AsType[*controlplane.Refusal](err); refused {
		m.unchanged("verify")
		if v.ID != "" && v.AwaitsVerification() {
			m.fatalf("%s cannot be verified: %v", l.id, err)
		}
	} else if err != nil {
		m.fatalf("verify %s: a fault of the server: %v", l.id, err)
	}
}

// tooMany is more prefixes than an interface without a larger share of a pool may announce.
const tooMany = 120

// customerRouter gives the router at the far end of an interface a script.
func (m *machine) customerRouter() {
	l, _ := m.oneLane(workingLane)
	var s directconnect.CustomerScript
	what := pick(m.rt, "customer", []string{"behaves", "behaves", "is silent", "has a wrong key", "is another AS", "announces too much", "announces nothing", "flaps"})
	switch what {
	case "is silent":
		s.Silent = true
	case "has a wrong key":
		s.WrongKey = true
	case "is another AS":
		s.ASN = 64999
	case "announces nothing":
		s.Announce = []directconnect.CustomerRoute{}
	case "announces too much":
		for i := range tooMany {
			s.Announce = append(s.Announce, directconnect.CustomerRoute{CIDR: netip.MustParsePrefix(fmt.Sprintf("10.99.%d.0/24", i))})
		}
	case "flaps":
		s.Flap = &directconnect.Flap{From: m.clock.now(), Seconds: 90, Times: int64(1 + evenly(m.rt, 2, "times"))}
	}
	m.rt.Logf("the customer of %s %s", l.id, what)
	m.script(l.id, s)
}

// script is kept as the operator's API keeps it, and the interface's router looked at.
func (m *machine) script(id string, s directconnect.CustomerScript) {
	m.rt.Helper()
	text, err := json.Marshal(s)
	if err != nil {
		m.rt.Fatal(err)
	}
	err = m.store.Update(m.ctx, func(tx *store.Tx) error {
		v, err := tx.Interface(id)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := tx.PutSetting(directconnect.CustomerSetting(id), string(text)); err != nil {
			return err
		}
		_, err = tx.WakeInterfaces(store.InterfaceQuery{Router: v.Router, LiveOnly: true}, m.clock.now())
		return err
	})
	if err != nil {
		m.rt.Fatal(err)
	}
}

// scripts are the customers' scripts by interface.
func (m *machine) scripts() map[string]directconnect.CustomerScript {
	m.rt.Helper()
	found := map[string]directconnect.CustomerScript{}
	err := m.store.View(m.ctx, func(tx *store.Tx) error {
		for _, l := range m.model.lanes {
			text, err := tx.Setting(directconnect.CustomerSetting(l.id))
			if errors.Is(err, store.ErrNotFound) {
				continue
			}
			if err == nil {
				found[l.id], err = directconnect.ParseCustomerScript(text)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		m.rt.Fatal(err)
	}
	return found
}

// reasonable has customers announce no more than they may: a session that is shut for it is tried again for ever.
func (m *machine) reasonable() {
	m.rt.Helper()
	for id, s := range m.scripts() {
		if len(s.Announce) > 1 {
			m.script(id, directconnect.CustomerScript{})
		}
	}
	m.settled(true)
}

// interfaceListing is how long an ended interface stays stored at least; the reconciler removes it soon after.
const interfaceListing = 15 * time.Minute

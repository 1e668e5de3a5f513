package controlplane

import (
	"context"

	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// VerifyInterface approves ASN and prefixes of a public interface, or of the BGP sessions that were put on it later, which its
// owner has waited for.
func (s *Service) VerifyInterface(ctx context.Context, id string) (v directconnect.VirtualInterface, err error) {
	if err := directconnect.CheckInterfaceID(id); err != nil {
		return v, refuse(Invalid, "%q is not a virtual interface ID.", id)
	}
	err = s.update(ctx, func(tx *store.Tx) error {
		found, err := tx.Interface(id)
		if err != nil {
			return missing(err, "There is no virtual interface %s.", id)
		}
		about(ctx, ofVIF(found))
		if !found.AwaitsVerification() {
			return refuse(Conflict, "Virtual interface %s is in state %s: there is nothing to verify.", id, found.State)
		}
		if v, err = found.Verify(s.Now()); err != nil {
			return conflicting(err)
		}
		return tx.PutInterface(&v)
	})
	return v, err
}

// OneInterface answers any account's virtual interface.
func (s *Service) OneInterface(ctx context.Context, id string) (v directconnect.VirtualInterface, err error) {
	if err := directconnect.CheckInterfaceID(id); err != nil {
		return v, refuse(Invalid, "%q is not a virtual interface ID.", id)
	}
	err = s.Store.View(ctx, func(tx *store.Tx) (err error) {
		v, err = tx.Interface(id)
		return missing(err, "There is no virtual interface %s.", id)
	})
	return v, err
}

// InterfaceFilter chooses from the virtual interfaces of all accounts. What is empty does not restrict.
type InterfaceFilter struct {
	Account, Region, Location, Router string
	Connection                        string // or LAG
	Gateway                           string // Direct Connect gateway

	State directconnect.InterfaceState
	Ended bool // deleted and rejected ones too
	// After is the ID of the last interface of the page before.
	After string
	Limit int // at most; required
}

// passes tells whether an interface is one of those chosen.
func (f InterfaceFilter) passes(v directconnect.VirtualInterface) bool {
	for _, want := range [][2]string{
		{f.Account, v.Account}, {f.Region, v.Region}, {f.Location, v.Location}, {f.Connection, v.ParentID}, {f.Gateway, v.GatewayID},
		{string(f.State), string(v.State)},
	} {
		if want[0] != "" && want[0] != want[1] {
			return false
		}
	}
	return true
}

// AllInterfaces lists virtual interfaces of every account and Region, by location and router, then oldest first. An ended
// one may outlive its router and is then no longer listed.
func (s *Service) AllInterfaces(ctx context.Context, f InterfaceFilter) ([]directconnect.VirtualInterface, error) {
	if f.State != "" && !f.State.Known() {
		return nil, refuse(Invalid, "%q is not a state of a virtual interface.", f.State)
	}
	var found []directconnect.VirtualInterface
	err := s.Store.View(ctx, func(tx *store.Tx) error {
		found = nil
		var last directconnect.VirtualInterface
		if f.After != "" {
			var err error
			if last, err = tx.Interface(f.After); err != nil {
				return missing(err, "There is no virtual interface %q to go on after.", f.After)
			}
		}
		routers, err := routersOf(tx, f)
		for _, r := range routers {
			at, from := r.Location+"/"+r.Name, last.Location+"/"+last.Router
			if err == nil && at >= from && len(found) < f.Limit {
				after := store.Cursor{}
				if at == from {
					after = interfaceCursor(last)
				}
				found, err = collectInterfaces(tx, f, r.Name, after, found)
			}
		}
		return err
	})
	return found, err
}

// routersOf are the routers to look at, in order.
func routersOf(tx *store.Tx, f InterfaceFilter) (routers []directconnect.Router, err error) {
	codes, err := locationCodes(tx, f.Location)
	for _, code := range codes {
		at, err := tx.Routers(code)
		if err != nil {
			return nil, err
		}
		for _, r := range at {
			if f.Router == "" || r.Name == f.Router {
				routers = append(routers, r)
			}
		}
	}
	return routers, err
}

// collectInterfaces adds what the filter lets through of one router, page by page.
func collectInterfaces(tx *store.Tx, f InterfaceFilter, router string, after store.Cursor, found []directconnect.VirtualInterface) ([]directconnect.VirtualInterface, error) {
	const page = 1000
	for len(found) < f.Limit {
		rows, err := tx.Interfaces(store.InterfaceQuery{Router: router, LiveOnly: !f.Ended, After: after, Limit: page})
		if err != nil {
			return nil, err
		}
		for _, v := range rows {
			if f.passes(v) && len(found) < f.Limit {
				found = append(found, v)
			}
		}
		if len(rows) < page {
			break
		}
		after = interfaceCursor(rows[len(rows)-1])
	}
	return found, nil
}

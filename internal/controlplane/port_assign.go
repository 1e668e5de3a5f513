package controlplane

import (
	"context"
	"errors"
	"strconv"

	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// AssignPort gives an order another port, before its cable is in place: the reservation moves, and if the LOA-CFA was issued
// it is void, and another one is issued with a new verification code. port is a router's name, a slash and the port's; or a
// router's name alone, for its next free port.
func (s *Service) AssignPort(ctx context.Context, id, port string) (moved directconnect.Connection, err error) {
	if !directconnect.IsConnectionID(id) {
		return moved, refuse(Invalid, "%q is not a connection ID.", id)
	}
	err = s.update(ctx, func(tx *store.Tx) error {
		c, err := tx.Connection(id)
		if err != nil {
			return missing(err, "There is no connection %s.", id)
		}
		about(ctx, ofConnection(c))
		to, err := chosenPort(tx, c, port)
		if err != nil {
			return err
		}
		if moved, err = c.Assign(to, NewLOACode(), s.Now()); err != nil {
			return conflicting(err)
		}
		if err := s.exchangePort(tx, c, to, operatorOf(ctx), ""); err != nil {
			return err
		}
		if err := tx.PutConnection(&moved); err != nil {
			return err
		}
		return s.followPort(tx, c, moved)
	})
	return moved, err
}

// chosenPort is the port that the operator has named, or a free one of the router.
func chosenPort(tx *store.Tx, c directconnect.Connection, name string) (directconnect.Port, error) {
	p, err := tx.Port(name)
	if errors.Is(err, store.ErrNotFound) {
		p, err = nextPort(tx, c, name)
	}
	if err != nil {
		return p, err
	}
	router, err := tx.Router(p.Router)
	if err == nil && router.Drained != nil {
		err = refuse(Conflict, "Router %s is drained: no orders are placed on it.", router.Name)
	}
	return p, err
}

func nextPort(tx *store.Tx, c directconnect.Connection, router string) (p directconnect.Port, err error) {
	r, err := tx.Router(router)
	if err != nil {
		return p, missing(err, "There is no port or router %s.", router)
	}
	p, err = tx.FreePort(r.Location, r.Name, c.Bandwidth, c.MACsec, random())
	if errors.Is(err, store.ErrNotFound) {
		return p, refuse(Conflict, "Router %s has no free port for connection %s.", router, c.ID)
	}
	return p, err
}

// exchangePort gives back the port that a connection has and takes another, and keeps a record with both.
func (s *Service) exchangePort(tx *store.Tx, c directconnect.Connection, to directconnect.Port, by, note string) error {
	if err := tx.ReleasePort(c.PortID, c.ID); err != nil {
		return err
	}
	if err := tx.ReservePort(to.ID, c.ID); err != nil {
		return err
	}
	for _, e := range []directconnect.PortEvent{
		{PortID: c.PortID, What: directconnect.PortLeft, Since: c.Created, Note: note, Changes: []directconnect.FieldChange{{Field: "port", From: c.PortID, To: to.ID}}},
		{PortID: to.ID, What: directconnect.PortAssigned, Note: note, Changes: []directconnect.FieldChange{{Field: "port", From: c.PortID, To: to.ID}}},
	} {
		e.Time, e.ID, e.ConnectionID, e.Account, e.By = s.Now(), eventID(), c.ID, c.Account, by
		if err := tx.PutPortEvent(e); err != nil {
			return err
		}
	}
	return nil
}

// operatorOf is the name of the operator who asks; empty: nobody said, or it is a customer.
func operatorOf(ctx context.Context) string {
	if call := recordedCall(ctx); call != nil {
		return call.By
	}
	return ""
}

// eventID sets a port's event apart from others of the same time.
func eventID() string { return strconv.FormatUint(random(), 36) }

// followPort has what runs over a connection follow it to another router, and that which it has left let go of it.
func (s *Service) followPort(tx *store.Tx, was, now directconnect.Connection) error {
	if x, err := tx.CrossConnect(now.ID); err == nil {
		x.PortID = now.PortID
		if err := tx.PutCrossConnect(&x); err != nil {
			return err
		}
	} else if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if was.Router == now.Router {
		return nil
	}
	if _, err := tx.WakeConnections(was.Router, s.Now()); err != nil {
		return err
	}
	carriers := []string{now.ID}
	hosted, err := tx.Connections(store.ConnectionQuery{ParentID: now.ID, LiveOnly: true})
	if err != nil {
		return err
	}
	for _, h := range hosted {
		h.Router, h.Due = now.Router, s.Now()
		if err := tx.PutConnection(&h); err != nil {
			return err
		}
		carriers = append(carriers, h.ID)
	}
	for _, id := range carriers {
		carried, err := tx.Interfaces(store.InterfaceQuery{ParentID: id, LiveOnly: true})
		if err != nil {
			return err
		}
		for _, v := range carried {
			v = v.CarriedTo(now.Router, now.Location, s.Now())
			if err := putInterface(tx, &v); err != nil {
				return err
			}
		}
	}
	return nil
}

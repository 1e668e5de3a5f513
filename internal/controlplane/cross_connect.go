package controlplane

import (
	"context"
	"errors"
	"time"

	"onramp/internal/audit"
	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// CrossConnectReport is a cross connect with its files and all that has happened to it, the newest first.
type CrossConnectReport struct {
	CrossConnect directconnect.CrossConnect
	Attachments  []directconnect.Attachment
	History      []directconnect.PortEvent
}

// CrossConnect answers what is kept of the cross connect of a connection; of one that nothing was recorded of, what the
// connection tells.
func (s *Service) CrossConnect(ctx context.Context, connection string) (report CrossConnectReport, err error) {
	if !directconnect.IsConnectionID(connection) {
		return report, refuse(Invalid, "%q is not a connection ID.", connection)
	}
	err = s.Store.View(ctx, func(tx *store.Tx) (err error) {
		if report.CrossConnect, err = crossConnect(tx, connection); err != nil {
			return err
		}
		if report.Attachments, err = tx.Attachments(connection); err != nil {
			return err
		}
		report.History, err = tx.PortEvents(store.PortEventQuery{ConnectionID: connection})
		return err
	})
	return report, err
}

// crossConnect loads what is kept, or begins it.
func crossConnect(tx *store.Tx, connection string) (directconnect.CrossConnect, error) {
	c, err := tx.Connection(connection)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return directconnect.CrossConnect{}, err
	}
	gone := err != nil
	x, err := tx.CrossConnect(connection)
	if errors.Is(err, store.ErrNotFound) {
		if gone {
			return x, refuse(Missing, "There is no connection %s.", connection)
		}
		if c.Kind == directconnect.Hosted {
			return x, refuse(Conflict, "Connection %s is hosted: it has no cross connect of its own.", connection)
		}
		x, err = directconnect.CrossConnect{ConnectionID: c.ID, Account: c.Account, Location: c.Location, PortID: c.PortID}, nil
	}
	if x.Connected.IsZero() && !gone {
		x.Connected = c.CrossConnected
	}
	return x, err
}

// CrossConnects lists what was recorded, by connection. account and location choose unless they are empty.
func (s *Service) CrossConnects(ctx context.Context, account, location, after string, limit int) (found []directconnect.CrossConnect, err error) {
	err = s.Store.View(ctx, func(tx *store.Tx) (err error) {
		found, err = tx.CrossConnects(store.CrossConnectQuery{Account: account, Location: location, After: after, Limit: limit})
		return err
	})
	return found, err
}

// SetCrossConnect changes what is kept of the cross connect of a connection, ended ones included, and keeps a record of it.
func (s *Service) SetCrossConnect(ctx context.Context, connection string, change directconnect.CrossConnectChange) (x directconnect.CrossConnect, err error) {
	err = s.changeCrossConnect(ctx, connection, func(tx *store.Tx, was directconnect.CrossConnect) (*directconnect.PortEvent, error) {
		var changes []directconnect.FieldChange
		if x, changes, err = was.Change(change); err != nil {
			return nil, invalid(err)
		}
		if len(changes) == 0 {
			return nil, nil
		}
		return &directconnect.PortEvent{What: directconnect.CrossConnected, Changes: changes}, tx.PutCrossConnect(&x)
	})
	return x, err
}

// changeCrossConnect runs a change and records what it was, if it was any.
func (s *Service) changeCrossConnect(ctx context.Context, connection string,
	change func(*store.Tx, directconnect.CrossConnect) (*directconnect.PortEvent, error)) error {
	if !directconnect.IsConnectionID(connection) {
		return refuse(Invalid, "%q is not a connection ID.", connection)
	}
	return s.update(ctx, func(tx *store.Tx) error {
		if c, err := tx.Connection(connection); err == nil {
			about(ctx, ofConnection(c))
		}
		x, err := crossConnect(tx, connection)
		if err != nil {
			return err
		}
		about(ctx, subject{Named: audit.Named{Kind: audit.Connection, ID: connection}, account: x.Account}) // of a connection that is gone
		e, err := change(tx, x)
		if err != nil || e == nil {
			return err
		}
		e.PortID, e.Time, e.ID, e.ConnectionID, e.Account, e.By = x.PortID, s.Now(), eventID(), connection, x.Account, operatorOf(ctx)
		return tx.PutPortEvent(*e)
	})
}

// Attach keeps a file with the cross connect of a connection, in place of one of its name.
func (s *Service) Attach(ctx context.Context, connection, name string, content []byte) (a directconnect.Attachment, err error) {
	err = s.changeCrossConnect(ctx, connection, func(tx *store.Tx, x directconnect.CrossConnect) (*directconnect.PortEvent, error) {
		if a, err = directconnect.NewAttachment(connection, name, content, s.Now()); err != nil {
			return nil, invalid(err)
		}
		have, err := tx.Attachments(connection)
		if err != nil {
			return nil, err
		}
		others := 0
		for _, other := range have {
			if other.Name != name {
				others++
			}
		}
		if others >= directconnect.MaxAttachments {
			return nil, refuse(Conflict, "The cross connect of %s has %d files, and may not have more.", connection, others)
		}
		if x.Version == 0 { // so that it is there when its connection has ended
			if err := tx.PutCrossConnect(&x); err != nil {
				return nil, err
			}
		}
		return &directconnect.PortEvent{What: directconnect.PortAttached, Note: name}, tx.PutAttachment(a, content)
	})
	return a, err
}

// Attachment answers a file of a cross connect.
func (s *Service) Attachment(ctx context.Context, connection, name string) (a directconnect.Attachment, content []byte, err error) {
	err = s.Store.View(ctx, func(tx *store.Tx) (err error) {
		a, content, err = tx.Attachment(connection, name)
		return missing(err, "The cross connect of %s has no file %q.", connection, name)
	})
	return a, content, err
}

// Detach removes a file of a cross connect.
func (s *Service) Detach(ctx context.Context, connection, name string) error {
	return s.changeCrossConnect(ctx, connection, func(tx *store.Tx, _ directconnect.CrossConnect) (*directconnect.PortEvent, error) {
		err := tx.DeleteAttachment(connection, name)
		return &directconnect.PortEvent{What: directconnect.PortDetached, Note: name}, missing(err, "The cross connect of %s has no file %q.", connection, name)
	})
}

// PortHistory answers what has happened to a port, the newest first, before a time unless it is zero. Who holds it was given
// it when it was ordered, and so was who has given it back.
func (s *Service) PortHistory(ctx context.Context, id string, before time.Time, limit int) (events []directconnect.PortEvent, err error) {
	err = s.Store.View(ctx, func(tx *store.Tx) error {
		p, err := tx.Port(id)
		known := err == nil
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if events, err = tx.PortEvents(store.PortEventQuery{PortID: id, Before: before}); err != nil {
			return err
		}
		if !known && len(events) == 0 && before.IsZero() {
			return refuse(Missing, "There is no port %s.", id)
		}
		var holder directconnect.Connection
		if p.ConnectionID != "" {
			if holder, err = tx.Connection(p.ConnectionID); err != nil {
				return err
			}
		}
		events = directconnect.PortHistory(id, events, holder, before)
		return nil
	})
	return events[:min(len(events), limit)], err
}

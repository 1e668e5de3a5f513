package controlplane

import (
	"context"
	"strings"

	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// ConnectionFilter chooses from the connections of all accounts. What is empty does not restrict.
type ConnectionFilter struct {
	Account, Region, Location, Router, LagID string

	Kinds []directconnect.ConnectionKind // nil: any
	Text  string                         // a part of the name or the ID, in any case
	State directconnect.ConnectionState
	Ended bool // deleted and rejected ones too
	// After is the ID of the last connection of the page before.
	After string
	Limit int // at most; required
}

// AllConnections lists connections of every account and Region, by location, then oldest first.
func (s *Service) AllConnections(ctx context.Context, f ConnectionFilter) ([]directconnect.Connection, error) {
	if f.State != "" && !knownState(f.State) {
		return nil, refuse(Invalid, "%q is not a state of a connection.", f.State)
	}
	var found []directconnect.Connection
	err := s.Store.View(ctx, func(tx *store.Tx) error {
		found = nil
		var last directconnect.Connection
		if f.After != "" {
			var err error
			if last, err = tx.Connection(f.After); err != nil {
				return missing(err, "There is no connection %q to go on after.", f.After)
			}
		}
		codes, err := locationCodes(tx, f.Location)
		for _, code := range codes {
			if err == nil && code >= last.Location && len(found) < f.Limit {
				after := store.Cursor{}
				if code == last.Location {
					after = connectionCursor(last)
				}
				found, err = collect(tx, f, code, after, found)
			}
		}
		return err
	})
	return found, err
}

// locationCodes are the locations to look at, in order. A connection is at one of the inventory's for as long as it lives;
// an ended one may outlive its location and is then no longer listed.
func locationCodes(tx *store.Tx, one string) ([]string, error) {
	if one != "" {
		return []string{one}, nil
	}
	locations, err := tx.Locations("")
	codes := make([]string, len(locations))
	for i, l := range locations {
		codes[i] = l.Code
	}
	return codes, err
}

// collect adds what the filter lets through of one location, page by page.
func collect(tx *store.Tx, f ConnectionFilter, code string, after store.Cursor, found []directconnect.Connection) ([]directconnect.Connection, error) {
	const page = 1000
	for len(found) < f.Limit {
		rows, err := tx.Connections(store.ConnectionQuery{
			Account: f.Account, Region: f.Region, Location: code, Router: f.Router, LagID: f.LagID, Kinds: f.Kinds, State: f.State,
			LiveOnly: !f.Ended, After: after, Limit: page,
		})
		if err != nil {
			return nil, err
		}
		for _, c := range rows {
			if f.lets(c) && len(found) < f.Limit {
				found = append(found, c)
			}
		}
		if len(rows) < page {
			break
		}
		after = connectionCursor(rows[len(rows)-1])
	}
	return found, nil
}

// lets is the part of the filter that the store does not know.
func (f ConnectionFilter) lets(c directconnect.Connection) bool {
	text := strings.ToLower(f.Text)
	return text == "" || strings.Contains(strings.ToLower(c.Name), text) || strings.Contains(c.ID, text)
}

func knownState(s directconnect.ConnectionState) bool {
	for _, known := range directconnect.ConnectionStates {
		if s == known {
			return true
		}
	}
	return false
}

// OneConnection answers any account's connection and the port that it holds, if it holds one.
func (s *Service) OneConnection(ctx context.Context, id string) (c directconnect.Connection, p *directconnect.Port, err error) {
	if !directconnect.IsConnectionID(id) {
		return c, nil, refuse(Invalid, "%q is not a connection ID.", id)
	}
	err = s.Store.View(ctx, func(tx *store.Tx) (err error) {
		if c, err = tx.Connection(id); err != nil {
			return missing(err, "There is no connection %s.", id)
		}
		p = nil
		if c.PortID == "" {
			return nil
		}
		port, err := tx.Port(c.PortID)
		p = &port
		return err
	})
	return c, p, err
}

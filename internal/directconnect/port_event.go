package directconnect

import (
	"slices"
	"time"
)

// PortEvent is something that happened to a port.
type PortEvent struct {
	PortID       string    `json:"-"`
	Time         time.Time `json:"-"`
	ID           string    `json:"-"` // sets apart what happened at the same time
	ConnectionID string    `json:"-"` // whose port it was then; empty: nobody's

	What    PortEventKind `json:"what"`
	Account string        `json:"account,omitempty"` // the connection's owner
	Since   time.Time     `json:"since,omitzero"`    // released: when the connection was ordered
	By      string        `json:"by,omitempty"`      // the operator's name; empty: nobody said
	Note    string        `json:"note,omitempty"`
	Changes []FieldChange `json:"changes,omitempty"` // of the cross connect
}

// PortEventKind is what happened.
type PortEventKind string

// The kinds.
const (
	PortOrdered    PortEventKind = "ordered"  // a connection was given it; not kept, but told of each that holds or held it
	PortAssigned   PortEventKind = "assigned" // a connection was moved here from another port
	PortLeft       PortEventKind = "left"     // a connection was moved away to another port
	PortReleased   PortEventKind = "released" // its connection has ended
	PortBlocked    PortEventKind = "blocked"
	PortUnblocked  PortEventKind = "unblocked"
	CrossConnected PortEventKind = "crossConnect" // the record of the cross connect has changed
	PortAttached   PortEventKind = "attached"     // a file was attached to it
	PortDetached   PortEventKind = "detached"     // a file was removed
)

// FieldChange is a field that has changed, as text.
type FieldChange struct {
	Field string `json:"field"`
	From  string `json:"from,omitempty"`
	To    string `json:"to,omitempty"`
}

// Released is the record of a port that a connection has given back.
func (c Connection) Released(id string, now time.Time) PortEvent {
	return PortEvent{PortID: c.PortID, Time: now, ID: id, ConnectionID: c.ID, What: PortReleased, Account: c.Account, Since: c.Created, Note: c.Reason}
}

// Hold is why a port or a router takes no new orders.
type Hold struct {
	Reason string    `json:"reason,omitempty"`
	Since  time.Time `json:"since"`
}

const maxHoldReason = 255

// NewHold refuses a reason that is too long.
func NewHold(reason string, now time.Time) (*Hold, error) {
	if err := checkText("reason", reason, maxHoldReason); err != nil {
		return nil, err
	}
	return &Hold{Reason: reason, Since: now}, nil
}

// PortHistory adds to what was recorded of a port when it was ordered: by those who have given it back, and by holder, who has
// it now, unless they were moved there. Only what happened before a time is in it, unless that is zero. The newest comes
// first.
func PortHistory(port string, events []PortEvent, holder Connection, before time.Time) []PortEvent {
	all := slices.Clone(events)
	arrived := map[string]bool{} // by connection: it was moved here
	for _, e := range events {
		arrived[e.ConnectionID] = arrived[e.ConnectionID] || e.What == PortAssigned
	}
	ordered := func(connection, account string, at time.Time) {
		if connection != "" && !arrived[connection] && !at.IsZero() && (before.IsZero() || at.Before(before)) {
			all = append(all, PortEvent{PortID: port, Time: at, ConnectionID: connection, What: PortOrdered, Account: account})
		}
	}
	for _, e := range events {
		if e.What == PortReleased || e.What == PortLeft {
			ordered(e.ConnectionID, e.Account, e.Since)
		}
	}
	ordered(holder.ID, holder.Account, holder.Created)
	slices.SortStableFunc(all, func(a, b PortEvent) int { return b.Time.Compare(a.Time) })
	return all
}

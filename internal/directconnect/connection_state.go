package directconnect

import "time"

// ConnectionState is the state of a connection or interconnect (API reference, ConnectionState).
type ConnectionState string

const (
	ConnectionOrdering  ConnectionState = "ordering"
	ConnectionRequested ConnectionState = "requested"
	ConnectionPending   ConnectionState = "pending"
	ConnectionAvailable ConnectionState = "available"
	ConnectionDown      ConnectionState = "down"
	ConnectionDeleting  ConnectionState = "deleting"
	ConnectionDeleted   ConnectionState = "deleted"
	ConnectionRejected  ConnectionState = "rejected"
	ConnectionUnknown   ConnectionState = "unknown"
)

// ConnectionStates lists every state, in the order of a life.
var ConnectionStates = []ConnectionState{
	ConnectionOrdering, ConnectionRequested, ConnectionPending, ConnectionAvailable, ConnectionDown,
	ConnectionUnknown, ConnectionDeleting, ConnectionDeleted, ConnectionRejected,
}

// ConnectionEvent is something that happens to a connection.
type ConnectionEvent string

const (
	EventConfirm    ConnectionEvent = "Confirm"    // the customer accepts a hosted connection
	EventReject     ConnectionEvent = "Reject"     // the customer declines it
	EventIssueLOA   ConnectionEvent = "IssueLOA"   // the order is approved and the LOA-CFA exists
	EventRefuse     ConnectionEvent = "Refuse"     // the operator turns the order down
	EventLinkUp     ConnectionEvent = "LinkUp"     // light, and encryption where it is demanded
	EventLinkDown   ConnectionEvent = "LinkDown"   // no light, or no encryption where it is demanded
	EventUnreadable ConnectionEvent = "Unreadable" // the router does not answer
	EventDelete     ConnectionEvent = "Delete"     // somebody entitled to it deletes
	EventLapse      ConnectionEvent = "Lapse"      // the LOA's authority has run out and nobody plugged in
	EventRelease    ConnectionEvent = "Release"    // the router no longer has anything of it
)

// ConnectionEvents lists every event.
var ConnectionEvents = []ConnectionEvent{
	EventConfirm, EventReject, EventIssueLOA, EventRefuse, EventLinkUp, EventLinkDown, EventUnreadable,
	EventDelete, EventLapse, EventRelease,
}

// connectionMoves is the table of permitted moves (fact sheet 4.3, 6.2). What is not in it is refused.
var connectionMoves = map[ConnectionState]map[ConnectionEvent]ConnectionState{
	ConnectionOrdering: {
		EventConfirm: ConnectionPending, EventReject: ConnectionRejected, EventDelete: ConnectionDeleted,
	},
	ConnectionRequested: {
		EventIssueLOA: ConnectionPending, EventRefuse: ConnectionDeleted, EventDelete: ConnectionDeleted,
	},
	ConnectionPending: {
		EventLinkUp: ConnectionAvailable, EventDelete: ConnectionDeleting, EventLapse: ConnectionDeleting,
	},
	ConnectionAvailable: {
		EventLinkDown: ConnectionDown, EventUnreadable: ConnectionUnknown, EventDelete: ConnectionDeleting,
	},
	ConnectionDown: {
		EventLinkUp: ConnectionAvailable, EventUnreadable: ConnectionUnknown, EventDelete: ConnectionDeleting,
	},
	ConnectionUnknown: {
		EventLinkUp: ConnectionAvailable, EventLinkDown: ConnectionDown, EventDelete: ConnectionDeleting,
	},
	ConnectionDeleting: {EventDelete: ConnectionDeleting, EventRelease: ConnectionDeleted},
	ConnectionDeleted:  {EventDelete: ConnectionDeleted},
	ConnectionRejected: {EventDelete: ConnectionRejected},
}

// NextConnectionState looks the move up.
func NextConnectionState(s ConnectionState, e ConnectionEvent) (ConnectionState, bool) {
	to, ok := connectionMoves[s][e]
	return to, ok
}

// move makes the transition, or refuses it with the words given.
func (c Connection) move(e ConnectionEvent, now time.Time) (Connection, error) {
	to, ok := NextConnectionState(c.State, e)
	if !ok {
		return c, Clientf("Connection %s is in state %s: %s is not possible.", c.ID, c.State, e)
	}
	if to == c.State {
		return c, nil
	}
	c.State, c.Since = to, now
	if !c.Working() {
		c.LagID = "" // a LAG cannot count on what is on its way out
	}
	if !c.Live() {
		c.Deleted, c.EncryptionUp, c.MACsecKeys, c.Fault, c.Due = now, false, nil, nil, time.Time{}
		return c, nil
	}
	return c.wake(now), nil
}

// judge makes a move of the operator's, who knows orders and not the names of events.
func (c Connection) judge(e ConnectionEvent, now time.Time) (Connection, error) {
	verb := "approved"
	if e == EventRefuse {
		verb = "refused"
	}
	if c.Kind == Hosted {
		return c, Clientf("Connection %s is hosted: its owner accepts or declines it, and it cannot be %s.", c.ID, verb)
	}
	if _, ok := NextConnectionState(c.State, e); !ok {
		return c, Clientf("Connection %s is %s: only an order that is requested can be %s.", c.ID, c.State, verb)
	}
	return c.move(e, now)
}

// IssueLOA approves the order: the LOA-CFA can be fetched from now on. code is what the letter prints for verification.
func (c Connection) IssueLOA(code string, now time.Time) (Connection, error) {
	c, err := c.judge(EventIssueLOA, now)
	if err == nil {
		c.Approved, c.LOACode = now, code
	}
	return c, err
}

// Refuse turns the order down; the customer sees it deleted.
func (c Connection) Refuse(reason string, now time.Time) (Connection, error) {
	c, err := c.judge(EventRefuse, now)
	if err == nil {
		c.Reason = reason
	}
	return c, err
}

// Delete is the customer's DeleteConnection, or the partner's on what it hosts. by is the calling account: the owner of a
// hosted connection still in ordering rejects it, its partner withdraws it (API reference, ConnectionState "rejected").
func (c Connection) Delete(by string, now time.Time) (Connection, error) {
	if c.State == ConnectionOrdering && by == c.Account {
		return c.move(EventReject, now)
	}
	return c.move(EventDelete, now)
}

// LinkUp records light (and encryption where it is demanded).
func (c Connection) LinkUp(now time.Time) (Connection, error) {
	c, err := c.move(EventLinkUp, now)
	if err == nil {
		c.Reason = ""
		if c.FirstLight.IsZero() {
			c.FirstLight = now
		}
	}
	return c, err
}

// LinkDown records that the link is gone, and why.
func (c Connection) LinkDown(reason string, now time.Time) (Connection, error) {
	c, err := c.move(EventLinkDown, now)
	if err == nil {
		c.Reason = reason
	}
	return c, err
}

// Release ends a deletion: the caller frees the port in the same transaction.
func (c Connection) Release(now time.Time) (Connection, error) {
	return c.move(EventRelease, now)
}

// Plug records that the cross connect is in place. Only a port whose LOA-CFA exists can be plugged.
func (c Connection) Plug(now time.Time) (Connection, error) {
	if c.Kind == Hosted {
		return c, Clientf("Connection %s is hosted: it has no cable of its own.", c.ID)
	}
	if c.State == ConnectionRequested {
		return c, Clientf("Connection %s is requested: no cable can be plugged in before its order is approved.", c.ID)
	}
	if !c.Working() || c.Approved.IsZero() {
		return c, Clientf("Connection %s is %s: no cable can be plugged in.", c.ID, c.State)
	}
	if c.CrossConnected.IsZero() {
		c.CrossConnected = now
	}
	return c.wake(now), nil
}

// CutCable breaks the cable of a simulated port; RestoreCable mends it.
func (c Connection) CutCable(now time.Time) (Connection, error)     { return c.cable(true, now) }
func (c Connection) RestoreCable(now time.Time) (Connection, error) { return c.cable(false, now) }

func (c Connection) cable(cut bool, now time.Time) (Connection, error) {
	if c.CrossConnected.IsZero() || !c.Working() {
		return c, Clientf("Connection %s has no cable plugged in.", c.ID)
	}
	c.Cut = cut
	return c.wake(now), nil
}

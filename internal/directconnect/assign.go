package directconnect

import (
	"slices"
	"time"
)

// Assign moves the reservation to a port that the operator has chosen, before the cable is in place. A LOA-CFA that was
// issued is void from then on, and another one is issued with the given verification code.
func (c Connection) Assign(p Port, code string, now time.Time) (Connection, error) {
	if err := c.mayAssign(p); err != nil {
		return c, err
	}
	c = c.WithPort(p)
	if c.State == ConnectionPending {
		c.VoidLOA = append(c.VoidLOA[:len(c.VoidLOA):len(c.VoidLOA)], c.LOACode)
		c.LOACode, c.Approved, c.LOARead = code, now, time.Time{}
	}
	return c.wake(now), nil
}

func (c Connection) mayAssign(p Port) error {
	switch {
	case c.Kind == Hosted:
		return Clientf("Connection %s is hosted: it has no port of its own.", c.ID)
	case c.State != ConnectionRequested && c.State != ConnectionPending:
		return Clientf("Connection %s is in state %s: its port cannot be changed.", c.ID, c.State)
	case !c.CrossConnected.IsZero():
		return Clientf("Connection %s has its cable in place: its port cannot be changed.", c.ID)
	case p.ID == c.PortID:
		return Clientf("Connection %s has port %s already.", c.ID, p.ID)
	case p.Location != c.Location:
		return Clientf("Port %s is at location %s, and connection %s at %s.", p.ID, p.Location, c.ID, c.Location)
	case p.Bandwidth != c.Bandwidth:
		return Clientf("Port %s has %s, and connection %s was ordered with %s.", p.ID, p.Bandwidth, c.ID, c.Bandwidth)
	case c.MACsec && !p.MACsec:
		return Clientf("Port %s cannot encrypt, and connection %s was ordered with MACsec.", p.ID, c.ID)
	case p.ConnectionID != "":
		return Clientf("Port %s is held by connection %s.", p.ID, p.ConnectionID)
	case p.Blocked != nil:
		return Clientf("Port %s is blocked.", p.ID)
	case c.LagID != "" && p.Router != c.Router:
		return Clientf("Connection %s is in Lag %s: its port must be on router %s.", c.ID, c.LagID, c.Router)
	}
	return nil
}

// HasLOA reports whether a verification code is on a letter of the connection's, be it void by now.
func (c Connection) HasLOA(code string) bool {
	return c.LOACode == code || slices.Contains(c.VoidLOA, code)
}

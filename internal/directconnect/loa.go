package directconnect

import "time"

// LOAContentType is the only one there is (API reference, LoaContentType).
const LOAContentType = "application/pdf"

// CheckLOAContentType refuses any other.
func CheckLOAContentType(s string) error {
	if s != "" && s != LOAContentType {
		return Clientf("LOA content type %s is not valid. The only valid value is %s.", s, LOAContentType)
	}
	return nil
}

// CheckLOAProvider refuses a name of a provider that no letter has room for; empty is none. Which providers may fetch a
// letter is not checked: the one who has the letter orders the cross connect.
func CheckLOAProvider(name string) error {
	if name == "" {
		return nil
	}
	return checkName("providerName", name)
}

// ReadLOA records that the letter was fetched: the demarcation is known from now on, and the letter's authority runs
// anew (user guide, "Requesting cross connects": download again to renew).
func (c Connection) ReadLOA(now time.Time) (Connection, error) {
	switch {
	case c.Kind == Hosted:
		return c, Clientf("Connection %s is a hosted connection: its partner holds the LOA-CFA.", c.ID)
	case c.State == ConnectionRequested:
		return c, Clientf("The LOA-CFA for connection %s is not yet available.", c.ID)
	case !c.Working() || c.Approved.IsZero():
		return c, Clientf("The LOA-CFA for connection %s is not available in state %s.", c.ID, c.State)
	}
	c.LOARead = now
	if c.State == ConnectionPending {
		return c.wake(now), nil // the day it lapses has moved
	}
	return c, nil
}

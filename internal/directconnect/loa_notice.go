package directconnect

import "time"

// LOANotice is how long before a letter's authority ends its customer is told.
const LOANotice = 14 * 24 * time.Hour

// NoticeLOA is when to tell that the letter's authority is about to end; zero of a connection for which that is of no
// matter: there is no letter, or the cross connect is in place.
func (c Connection) NoticeLOA() time.Time {
	if c.State != ConnectionPending || c.Kind == Hosted || !c.CrossConnected.IsZero() || c.Approved.IsZero() {
		return time.Time{}
	}
	return c.LOAExpires().Add(-LOANotice)
}

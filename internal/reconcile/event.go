package reconcile

import (
	"errors"
	"fmt"
	"time"

	"onramp/internal/directconnect"
	"onramp/internal/event"
	"onramp/internal/store"
)

// remind tells of what was to be told by now, if it still is so. No router has anything of it, so it is done in the
// transaction that claims it. Changes of state need nothing here: the store tells of them as they are saved.
func (r *Reconciler) remind(tx *store.Tx, now, until time.Time) (Report, error) {
	due, err := tx.ClaimDueReminders(now, until, batch)
	if err != nil {
		return Report{}, err
	}
	rep := Report{Due: len(due)}
	for _, m := range due {
		if m.OfLetter() {
			if err := remindOfLetter(tx, m.Resource, now); err != nil {
				return rep, fmt.Errorf("letter of %s: %w", m.Resource, err)
			}
		}
		if err := tx.DropReminder(m.ID); err != nil {
			return rep, err
		}
		rep.Purged++
	}
	return rep, nil
}

func remindOfLetter(tx *store.Tx, id string, now time.Time) error {
	c, err := tx.Connection(id)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if at := c.NoticeLOA(); err != nil || at.IsZero() || at.After(now) {
		return err
	}
	arn := directconnect.ARN{Partition: directconnect.PartitionOf(c.Region), Region: c.Region, Account: c.Account, Type: "dxcon", ID: c.ID}
	return tx.Tell(event.Event{
		Kind: event.LOA, Time: now, Account: c.Account, Region: c.Region, Resource: c.ID, ARNs: []string{arn.String()},
		Detail: event.Detail("connectionId", c.ID, "connectionName", c.Name, "location", c.Location,
			"loaExpires", c.LOAExpires().Format(time.RFC3339)),
	})
}

// nearLimit tells of an interface whose customer has come near the number of prefixes that closes the session: when that is
// reached, and again only when they had been fewer meanwhile.
func (s *saving) nearLimit(v directconnect.VirtualInterface, before, now []directconnect.Route) error {
	for _, family := range []directconnect.Family{directconnect.IPv4, directconnect.IPv6} {
		limit := v.PrefixLimit(family)
		n := countFamily(now, family)
		if !nearly(n, limit) || nearly(countFamily(before, family), limit) {
			continue
		}
		arn := directconnect.ARN{Partition: directconnect.PartitionOf(v.Region), Region: v.Region, Account: v.Account, Type: "dxvif", ID: v.ID}
		err := s.tx.Tell(event.Event{
			Kind: event.PrefixLimit, Time: s.now, Account: v.Account, Region: v.Region, Resource: v.ID, ARNs: []string{arn.String()},
			Detail: event.Detail("virtualInterfaceId", v.ID, "addressFamily", string(family), "prefixes", n, "limit", limit),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// nearly is true of nine tenths of the limit or more.
func nearly(n, limit int) bool { return 10*n >= 9*limit }

func countFamily(routes []directconnect.Route, family directconnect.Family) int {
	n := 0
	for _, r := range routes {
		if r.CIDR.Addr().Is4() == (family == directconnect.IPv4) {
			n++
		}
	}
	return n
}

package controlplane

import (
	"context"
	"time"

	"onramp/internal/store"
)

// What metrics tell of a connection and of a virtual interface.
type (
	MeteredConnection = store.MeteredConnection
	MeteredInterface  = store.MeteredInterface
)

// Meter calls the functions for every live connection and virtual interface, all of one snapshot, as they are read. They must
// be quick: the database holds the snapshot meanwhile.
func (s *Service) Meter(ctx context.Context, connection func(MeteredConnection), vif func(*MeteredInterface)) error {
	return s.Store.View(ctx, func(tx *store.Tx) error {
		if err := tx.EachConnection(connection); err != nil {
			return err
		}
		return tx.EachInterface(vif)
	})
}

// Queues are what waits to be done.
type Queues struct {
	Due             int           // rows that a reconciler is to look at now
	Overdue         time.Duration // of the one that is due the longest
	Deliveries      int           // events that webhooks are still to be told
	GivenUp         int           // events that they were told in vain
	OldestDelivery  time.Duration // since the oldest of them has happened
	Records         int           // of the audit trail that this server has still to write
	CheckpointAge   time.Duration // of the audit trail; 0: there is none
	Agents, Tracked int           // agents connected, and those enrolled
}

// agentSeen is how long after it was heard of an agent counts as connected.
const agentSeen = 2 * time.Minute

// Queues answers what waits to be done.
func (s *Service) Queues(ctx context.Context) (q Queues, err error) {
	err = s.Store.View(ctx, func(tx *store.Tx) error {
		now := s.Now()
		q = Queues{}
		due, err := tx.NextDue()
		if err != nil {
			return err
		}
		if !due.IsZero() {
			q.Overdue = max(0, now.Sub(due))
		}
		if q.Due, err = tx.DueCount(now); err != nil {
			return err
		}
		webhooks, err := tx.WebhookQueues()
		if err != nil {
			return err
		}
		for _, w := range webhooks {
			q.Deliveries, q.GivenUp = q.Deliveries+w.Waiting, q.GivenUp+w.Dead
			if !w.Oldest.IsZero() {
				q.OldestDelivery = max(q.OldestDelivery, now.Sub(w.Oldest))
			}
		}
		sealed, err := tx.AuditCheckpoints(1)
		if err != nil {
			return err
		}
		if len(sealed) > 0 {
			q.CheckpointAge = max(0, now.Sub(time.UnixMicro(sealed[0].Time)))
		}
		agents, err := tx.Agents("", 0)
		for _, a := range agents {
			if a.Enrolment == "" || !a.Revoked.IsZero() {
				continue
			}
			q.Tracked++
			if !a.Connected.IsZero() && time.Since(a.Seen) < agentSeen { // agents live by the real clock
				q.Agents++
			}
		}
		return err
	})
	q.Records = s.Trail.Waiting()
	return q, err
}

package storetest

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"onramp/internal/audit"
	dc "onramp/internal/directconnect"
	"onramp/internal/store"
)

// trailed are the changes of state of a resource that the trail holds, as "name from>to".
func trailed(t testing.TB, s *store.Store, resource string) (all []string) {
	t.Helper()
	for _, l := range get(t, s, func(tx *store.Tx) ([]audit.Link, error) { return tx.AuditRecords(store.AuditQuery{Resource: resource}) }) {
		var body struct {
			Details struct {
				From string `json:"previousState"`
				To   string `json:"state"`
			} `json:"serviceEventDetails"`
			Account string `json:"recipientAccountId"`
		}
		if err := json.Unmarshal([]byte(l.Body), &body); err != nil {
			t.Fatalf("%s: %v", l.Body, err)
		}
		if body.Account != account || l.Account != account {
			t.Errorf("not in the trail of %s: %s", account, l.Body)
		}
		all = append(all, fmt.Sprintf("%s %s>%s", l.Name, body.Details.From, body.Details.To))
	}
	return all
}

// altered saves a noun that is new, saves it as it is, and saves it with another state.
func altered[T any](t testing.TB, s *store.Store, noun T, put func(tx *store.Tx, n *T) error, change func(n *T)) {
	t.Helper()
	for _, step := range []func(n *T){func(*T) {}, func(*T) {}, change} {
		update(t, s, func(tx *store.Tx) error {
			next := noun
			step(&next)
			if err := put(tx, &next); err != nil {
				return err
			}
			noun = next
			return nil
		})
	}
}

// trailOfNouns: what is new is no change, what stays as it is is none, and each noun has its own kind of record.
func trailOfNouns(t *testing.T, s *store.Store) {
	g, a, p, f, r := gateway(1), association(1, "vgw-00000001"), proposal(1), failover(1), resiliencyGroup(1)
	altered(t, s, g, putGateway, func(g *dc.Gateway) { g.State = dc.GatewayAvailable })
	same(t, trailed(t, s, g.ID), []string{fmt.Sprintf("DirectConnectGatewayStateChange %s>available", g.State)})
	altered(t, s, a, putAssociation, func(a *dc.Association) { a.State = dc.Disassociating })
	same(t, trailed(t, s, a.ID), []string{fmt.Sprintf("DirectConnectGatewayAssociationStateChange %s>disassociating", a.State)})
	altered(t, s, p, putProposal, func(p *dc.Proposal) { p.State = dc.ProposalDeleted })
	same(t, trailed(t, s, p.ID), []string{fmt.Sprintf("DirectConnectGatewayAssociationProposalStateChange %s>deleted", p.State)})
	altered(t, s, f, putFailover, func(f *dc.FailoverTest) { f.Status = dc.TestCancelled })
	same(t, trailed(t, s, f.InterfaceID), []string{fmt.Sprintf("FailoverTestStateChange %s>CANCELLED", f.Status)})
	altered(t, s, r, putResiliencyGroup, func(r *dc.ResiliencyGroup) { r.State = dc.ResiliencyDeleting })
	same(t, trailed(t, s, r.ID), []string{fmt.Sprintf("ResiliencyGroupStateChange %s>deleting", r.State)})
}

// trailLeft: where there is to be no trail, changes of state leave none.
func trailLeft(t *testing.T, s *store.Store) {
	s.LeaveTrail()
	c := put(t, s, dedicated(1))[0]
	move(t, s, c.ID, func(c *dc.Connection) { c.State = dc.ConnectionPending })
	same(t, trailed(t, s, c.ID), []string(nil))
}

// trailBehind: a change stands behind the record of the request that made it, by time as well, though that was written later.
func trailBehind(t *testing.T, s *store.Store) {
	c := put(t, s, dedicated(1))[0]
	request := auditEntry(1, account, "approve", c.ID)
	request.Time = time.Now().Add(time.Hour).UnixMicro()
	update(t, s, func(tx *store.Tx) error {
		next := c
		next.State = dc.ConnectionPending
		return errors.Join(tx.PutConnection(&next), tx.Record(request))
	})
	trail := get(t, s, func(tx *store.Tx) ([]audit.Link, error) { return tx.AuditRecords(store.AuditQuery{Resource: c.ID}) })
	if len(trail) != 2 || trail[0].Name != "approve" || trail[1].Time != request.Time {
		t.Errorf("the trail is %v, want the request first and the change no earlier", trail)
	}
}

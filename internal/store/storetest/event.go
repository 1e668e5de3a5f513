package storetest

import (
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	dc "onramp/internal/directconnect"
	"onramp/internal/event"
	"onramp/internal/store"
)

var eventTests = map[string]test{
	"EventAtomic":       eventAtomic,
	"EventOfEachState":  eventOfEachState,
	"EventOfLAG":        eventOfLAG,
	"EventOfPeers":      eventOfPeers,
	"EventQueries":      eventQueries,
	"EventPurge":        eventPurge,
	"LetterReminder":    letterReminder,
	"WebhookChooses":    webhookChooses,
	"DeliveryOrder":     deliveryOrder,
	"DeliveryAgain":     deliveryAgain,
	"WebhookPut":        webhookPut,
	"EventNotByReading": eventNotByReading,
}

// happened is an event of a resource, told apart by its number.
func happened(n int, resource string) event.Event {
	return event.Event{
		Kind: event.Gateway, Time: noon.Add(time.Duration(n) * time.Second), Account: account, Resource: resource,
		Detail: event.Detail("n", n),
	}
}

func tell(t testing.TB, s *store.Store, all ...event.Event) {
	t.Helper()
	update(t, s, func(tx *store.Tx) error {
		for _, e := range all {
			if err := tx.Tell(e); err != nil {
				return err
			}
		}
		return nil
	})
}

func events(t testing.TB, s *store.Store, q store.EventQuery) []store.KeptEvent {
	t.Helper()
	return get(t, s, func(tx *store.Tx) ([]store.KeptEvent, error) { return tx.Events(q) })
}

// changes are the events of a resource as "kind from>to".
func changes(t testing.TB, s *store.Store, resource string) (all []string) {
	t.Helper()
	for _, e := range events(t, s, store.EventQuery{Resource: resource}) {
		var body struct {
			Detail struct {
				From string `json:"previousState"`
				To   string `json:"state"`
			} `json:"detail"`
		}
		if err := json.Unmarshal([]byte(e.Body), &body); err != nil {
			t.Fatalf("%s: %v", e.Body, err)
		}
		all = append(all, fmt.Sprintf("%s %s>%s", e.Kind, body.Detail.From, body.Detail.To))
	}
	return all
}

// What fails tells nothing, and what reads cannot tell.
func eventAtomic(t *testing.T, s *store.Store) {
	stop := errors.New("stop")
	fails(t, s, stop, func(tx *store.Tx) error { return errors.Join(tx.Tell(happened(1, "a")), stop) })
	if err := s.View(t.Context(), func(tx *store.Tx) error { return tx.Tell(happened(1, "a")) }); err == nil {
		t.Error("a View has told an event")
	}
	refused(t, s, "an event of no kind", func(tx *store.Tx) error { return tx.Tell(event.Event{Kind: "no.such", Resource: "a"}) })
	same(t, events(t, s, store.EventQuery{}), []store.KeptEvent(nil))
	c := dedicated(1)
	fails(t, s, stop, func(tx *store.Tx) error { return errors.Join(tx.PutConnection(&c), stop) })
	same(t, events(t, s, store.EventQuery{}), []store.KeptEvent(nil))
}

// move reads a connection in one transaction and saves it with another state.
func move(t testing.TB, s *store.Store, id string, change func(c *dc.Connection)) {
	t.Helper()
	update(t, s, func(tx *store.Tx) error {
		c, err := tx.Connection(id)
		if err != nil {
			return err
		}
		change(&c)
		return tx.PutConnection(&c)
	})
}

func eventOfEachState(t *testing.T, s *store.Store) {
	c := put(t, s, dedicated(1))[0]
	move(t, s, c.ID, func(c *dc.Connection) { c.Name = "another" }) // no change of state
	move(t, s, c.ID, func(c *dc.Connection) { c.State = dc.ConnectionPending })
	blind := get(t, s, readConnection(c.ID)) // saved by a transaction that has not read it
	blind.State = dc.ConnectionAvailable
	update(t, s, func(tx *store.Tx) error { return tx.PutConnection(&blind) })
	stale := get(t, s, readConnection(c.ID))
	stale.Version--
	stale.State = dc.ConnectionDown
	fails(t, s, store.ErrConflict, func(tx *store.Tx) error { one := stale; return tx.PutConnection(&one) })
	update(t, s, func(tx *store.Tx) error { // there and back in one transaction: both are told
		c, err := tx.Connection(c.ID)
		if err != nil {
			return err
		}
		c.State = dc.ConnectionDown
		if err := tx.PutConnection(&c); err != nil {
			return err
		}
		c.State = dc.ConnectionAvailable
		return tx.PutConnection(&c)
	})
	same(t, changes(t, s, c.ID), []string{
		"connection.state >requested", "connection.state requested>pending", "connection.state pending>available",
		"connection.state available>down", "connection.state down>available",
	})
	same(t, trailed(t, s, c.ID), []string{
		"ConnectionStateChange requested>pending", "ConnectionStateChange pending>available",
		"ConnectionStateChange available>down", "ConnectionStateChange down>available",
	})
	found := events(t, s, store.EventQuery{Resource: c.ID})
	for i := 1; i < len(found); i++ {
		if found[i].Position <= found[i-1].Position || found[i].ID == found[i-1].ID {
			t.Errorf("event %d is not behind the one before: %+v", i, found)
		}
	}
}

// A LAG's state follows from its members, and is told when one of them changes it.
func eventOfLAG(t *testing.T, s *store.Store) {
	g := lagNumber(1)
	g.MinimumLinks = 1
	member := func(n int) dc.Connection { return with(dedicated(n), func(c *dc.Connection) { c.LagID = g.ID }) }
	one, two := member(1), member(2)
	update(t, s, func(tx *store.Tx) error {
		g.Version, one.Version, two.Version = 0, 0, 0
		return errors.Join(tx.PutLAG(&g), tx.PutConnection(&one), tx.PutConnection(&two))
	})
	up := func(c *dc.Connection) { c.State, c.FirstLight = dc.ConnectionAvailable, noon }
	move(t, s, one.ID, up)
	move(t, s, two.ID, up) // changes nothing for the LAG
	move(t, s, one.ID, func(c *dc.Connection) { c.State = dc.ConnectionDown })
	move(t, s, two.ID, func(c *dc.Connection) { c.LagID = "" }) // leaves, and takes the light with it
	update(t, s, func(tx *store.Tx) error {
		g, err := tx.LAG(g.ID)
		if err != nil {
			return err
		}
		g.Deleted = noon
		return tx.PutLAG(&g)
	})
	same(t, changes(t, s, g.ID), []string{
		"lag.state >pending", "lag.state pending>available", "lag.state available>down", "lag.state down>deleted",
	})
	same(t, trailed(t, s, g.ID), []string{
		"LagStateChange pending>available", "LagStateChange available>down", "LagStateChange down>deleted",
	})
}

func eventOfPeers(t *testing.T, s *store.Store) {
	parent := put(t, s, dedicated(1))[0]
	v := dc.VirtualInterface{
		ID: "dxvif-00000001", Account: account, ParentID: parent.ID, ConnectionOwner: account, Region: region, Location: location, Router: router1,
		Type: dc.Private, State: dc.InterfacePending, VLAN: 7, Created: noon, Name: "v",
		Peers: []dc.BGPPeer{{ID: "dxpeer-1", Family: dc.IPv4, ASN: 65001, State: dc.PeerPending}},
	}
	update(t, s, func(tx *store.Tx) error { v.Version = 0; return tx.PutInterface(&v) })
	planned := get(t, s, func(tx *store.Tx) (dc.VirtualInterface, error) { return tx.Interface(v.ID) })
	next := planned
	next.State = dc.InterfaceAvailable
	next.Peers = []dc.BGPPeer{planned.Peers[0]}
	next.Peers[0].State, next.Peers[0].Up, next.Peers[0].Readable = dc.PeerAvailable, true, true
	update(t, s, func(tx *store.Tx) error {
		one := next
		tx.Known(planned)
		return tx.PutInterface(&one)
	})
	same(t, changes(t, s, v.ID), []string{
		"interface.state >pending", "bgp-peer.state >pending",
		"interface.state pending>available", "bgp-peer.state pending>available", "bgp-peer.status down>up",
	})
	same(t, trailed(t, s, v.ID), []string{"VirtualInterfaceStateChange pending>available"})
	same(t, trailed(t, s, "dxpeer-1"), []string{"BgpPeerStateChange pending>available", "BgpPeerStatusChange down>up"})
}

// Events go when they are old, but not those that a webhook waits for, nor the newest.
func eventPurge(t *testing.T, s *store.Store) {
	hook(t, s, "dxhook-1", "")
	tell(t, s, happened(1, "a"), happened(2, "b"))
	finish(t, s, claimDeliveries(t, s, "dxhook-1", 1)...)
	purged := func(before time.Time) int {
		n := 0
		update(t, s, func(tx *store.Tx) (err error) { n, err = tx.PurgeEvents(before, 10); return err })
		return n
	}
	same(t, purged(noon), 0)
	same(t, purged(noon.Add(time.Hour)), 1)
	finish(t, s, claimDeliveries(t, s, "dxhook-1", 1)...)
	same(t, purged(noon.Add(time.Hour)), 0) // the newest
	before := events(t, s, store.EventQuery{})[0].Position
	tell(t, s, happened(3, "c"))
	same(t, purged(noon.Add(time.Hour)), 1)
	if now := events(t, s, store.EventQuery{}); len(now) != 1 || now[0].Position <= before {
		t.Errorf("after purging: %+v, want one behind %d", now, before)
	}
}

// A letter's reminder follows the letter.
func letterReminder(t *testing.T, s *store.Store) {
	next := func() time.Time { return get(t, s, func(tx *store.Tx) (time.Time, error) { return tx.NextDue() }) }
	c := put(t, s, dedicated(1))[0]
	move(t, s, c.ID, func(c *dc.Connection) { c.State, c.Approved = dc.ConnectionPending, noon })
	want := noon.Add(dc.LOAAuthority - dc.LOANotice)
	same(t, next(), want)
	move(t, s, c.ID, func(c *dc.Connection) { c.LOARead = noon.Add(time.Hour) })
	same(t, next(), want.Add(time.Hour))
	claimed := 0
	update(t, s, func(tx *store.Tx) error {
		all, err := tx.ClaimDueReminders(want.Add(time.Hour), want.Add(2*time.Hour), 10)
		if claimed = len(all); claimed == 1 && (!all[0].OfLetter() || all[0].Resource != c.ID) {
			return fmt.Errorf("claimed %+v", all)
		}
		return err
	})
	same(t, claimed, 1)
	move(t, s, c.ID, func(c *dc.Connection) { c.CrossConnected = noon })
	same(t, next(), time.Time{})
}

func hook(t testing.TB, s *store.Store, id, whose string, patterns ...string) {
	t.Helper()
	update(t, s, func(tx *store.Tx) error {
		return tx.PutWebhook(&store.Webhook{ID: id, Account: whose, Patterns: patterns, Created: noon, Address: "sealed", Shown: "https://example.com/", Secret: "sealed"})
	})
}

// claimDeliveries claims at a time that is later than all events, real and turned.
func claimDeliveries(t testing.TB, s *store.Store, id string, most int) (all []store.Delivery) {
	t.Helper()
	update(t, s, func(tx *store.Tx) (err error) {
		all, err = tx.ClaimDeliveries(id, noon.Add(time.Hour), noon, noon.Add(time.Minute), most)
		return err
	})
	return all
}

func finish(t testing.TB, s *store.Store, all ...store.Delivery) {
	t.Helper()
	update(t, s, func(tx *store.Tx) error {
		for _, d := range all {
			d.State, d.Due, d.Attempts = store.DeliveryDelivered, time.Time{}, 1
			if err := tx.PutDelivery(d, noon.Add(time.Hour)); err != nil {
				return err
			}
		}
		return nil
	})
}

func resources(all []store.Delivery) (list string) {
	for _, d := range all {
		var body struct {
			Detail struct {
				N int `json:"n"`
			} `json:"detail"`
		}
		_ = json.Unmarshal([]byte(d.Event.Body), &body)
		list += fmt.Sprintf("%s%d ", d.Resource, body.Detail.N)
	}
	return list
}

func webhookChooses(t *testing.T, s *store.Store) {
	hook(t, s, "all", "")
	hook(t, s, "other", other)
	hook(t, s, "kinds", account, "proposal.*", "lag.state")
	foreign := happened(2, "b")
	foreign.Account = other
	proposal := happened(3, "c")
	proposal.Kind = event.Proposal
	tell(t, s, happened(1, "a"), foreign, proposal)
	update(t, s, func(tx *store.Tx) error {
		return tx.TellWebhook("kinds", event.Event{Kind: event.Test, Time: noon, Resource: "kinds", Detail: event.Detail("n", 0)})
	})
	for id, want := range map[string]string{"all": "a1 b2 c3 ", "other": "b2 ", "kinds": "kinds0 c3 "} {
		same(t, resources(claimDeliveries(t, s, id, 10)), want)
	}
}

// The first of each resource is delivered; the next when that is done, and not before a retry of it.
func deliveryOrder(t *testing.T, s *store.Store) {
	hook(t, s, "h", "")
	tell(t, s, happened(1, "a"), happened(2, "a"), happened(3, "b"), happened(4, "a"))
	first := claimDeliveries(t, s, "h", 10)
	same(t, resources(first), "a1 b3 ")
	same(t, resources(claimDeliveries(t, s, "h", 10)), "") // somebody is at them
	retry := first[0]
	retry.Attempts, retry.Problem, retry.Due = 1, "down", noon.Add(2*time.Hour)
	update(t, s, func(tx *store.Tx) error { return tx.PutDelivery(retry, noon) })
	finish(t, s, first[1])
	same(t, resources(claimDeliveries(t, s, "h", 10)), "") // a2 waits for a1
	serve := get(t, s, func(tx *store.Tx) ([]store.Webhook, error) {
		return tx.WebhooksToServe(noon.Add(time.Hour), noon.Add(time.Hour))
	})
	later := func(now, real time.Time) (all []store.Delivery) {
		update(t, s, func(tx *store.Tx) (err error) {
			all, err = tx.ClaimDeliveries("h", now, real, real.Add(time.Minute), 10)
			return err
		})
		return all
	}
	for n, want := range []string{"a1 ", "a2 ", "a4 ", ""} {
		got := later(noon.Add(3*time.Hour), noon.Add(time.Duration(n+2)*time.Hour))
		same(t, resources(got), want)
		if n == 0 {
			same(t, got[0].Problem, "down")
		}
		update(t, s, func(tx *store.Tx) error {
			for _, d := range got {
				d.State, d.Due = store.DeliveryDelivered, time.Time{}
				if err := tx.PutDelivery(d, noon.Add(3*time.Hour)); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if len(serve) > 1 {
		t.Errorf("webhooks to serve: %+v", serve)
	}
	same(t, get(t, s, func(tx *store.Tx) ([]store.WebhookQueue, error) { return tx.WebhookQueues() }), []store.WebhookQueue{{Webhook: "h"}})
}

// What was given up stays, is counted and can be delivered again; a claim that is over is anybody's.
func deliveryAgain(t *testing.T, s *store.Store) {
	hook(t, s, "h", "")
	tell(t, s, happened(1, "a"), happened(2, "a"))
	dead := claimDeliveries(t, s, "h", 10)[0]
	dead.State, dead.Due, dead.Attempts = store.DeliveryDead, time.Time{}, 7
	update(t, s, func(tx *store.Tx) error { return tx.PutDelivery(dead, noon) })
	queues := func() []store.WebhookQueue {
		return get(t, s, func(tx *store.Tx) ([]store.WebhookQueue, error) { return tx.WebhookQueues() })
	}
	same(t, queues(), []store.WebhookQueue{{Webhook: "h", Waiting: 1, Dead: 1, Oldest: noon.Add(2 * time.Second)}})
	again := func(id string) (n int) {
		update(t, s, func(tx *store.Tx) (err error) { n, err = tx.Redeliver("h", id, noon); return err })
		return n
	}
	same(t, again("no such event"), 0)
	same(t, again(""), 1)
	same(t, again(dead.Event.ID), 0) // it is waiting already
	got := claimDeliveries(t, s, "h", 10)
	same(t, resources(got), "a1 ") // and a2 behind it
	same(t, got[0].Attempts, 0)
	same(t, got[0].Event.ID, dead.Event.ID)
	lost := []store.Delivery(nil)
	update(t, s, func(tx *store.Tx) (err error) {
		lost, err = tx.ClaimDeliveries("h", noon.Add(time.Hour), noon.Add(2*time.Minute), noon.Add(3*time.Minute), 10)
		return err
	})
	same(t, resources(lost), "a1 ")
	finish(t, s, lost...)
	finish(t, s, got...) // too late, and no matter
	same(t, again(dead.Event.ID), 1)
	all := get(t, s, func(tx *store.Tx) ([]store.Delivery, error) { return tx.Deliveries(store.DeliveryQuery{Webhook: "h"}) })
	same(t, resources(all), "a2 a1 ")
	update(t, s, func(tx *store.Tx) error { return tx.RemoveWebhook("h") })
	fails(t, s, store.ErrNotFound, func(tx *store.Tx) error { return tx.RemoveWebhook("h") })
	same(t, len(events(t, s, store.EventQuery{})), 2)
}

func webhookPut(t *testing.T, s *store.Store) {
	want := store.Webhook{ID: "h", Account: account, Patterns: []string{"a.*", "b"}, Paused: true, Created: noon, Address: "a", Shown: "https://a/", Secret: "s"}
	update(t, s, func(tx *store.Tx) error { want.Version = 0; return tx.PutWebhook(&want) })
	read := func() store.Webhook {
		return get(t, s, func(tx *store.Tx) (store.Webhook, error) { return tx.Webhook("h") })
	}
	same(t, read(), want)
	stale := want
	want.Paused, want.URL = false, "https://b/"
	update(t, s, func(tx *store.Tx) error { one := want; return tx.PutWebhook(&one) })
	want.Version++
	same(t, read(), want)
	fails(t, s, store.ErrConflict, func(tx *store.Tx) error { one := stale; return tx.PutWebhook(&one) })
	same(t, len(get(t, s, func(tx *store.Tx) ([]store.Webhook, error) { return tx.Webhooks(other) })), 0)
}

// A claim, a lease and a wake are no changes.
func eventNotByReading(t *testing.T, s *store.Store) {
	c := put(t, s, dueAt(1, noon))[0]
	claimConnections(t, s, noon, noon.Add(time.Hour), 10)
	update(t, s, func(tx *store.Tx) error { _, err := tx.WakeConnections(router1, noon); return err })
	same(t, changes(t, s, c.ID), []string{"connection.state >requested"})
}

// Servers share deliveries between them: none is made twice, and none before the one that it follows.
func deliveriesShared(t *testing.T, a, b *store.Store) {
	const chains, each = 12, 6
	hook(t, a, "h", "")
	var writers sync.WaitGroup
	for n := range chains {
		s := []*store.Store{a, b}[n%2]
		writers.Go(func() {
			for i := range each {
				if err := s.Update(t.Context(), func(tx *store.Tx) error { return tx.Tell(happened(i, fmt.Sprintf("r%02d-", n))) }); err != nil {
					t.Error(err)
				}
			}
		})
	}
	writers.Wait()
	var mu sync.Mutex
	got := map[string]int{}
	var claimers sync.WaitGroup
	total := 0
	for n := range 4 {
		s := []*store.Store{a, b}[n%2]
		claimers.Go(func() {
			for t.Context().Err() == nil {
				var all []store.Delivery
				err := s.Update(t.Context(), func(tx *store.Tx) (err error) {
					all, err = tx.ClaimDeliveries("h", noon.Add(time.Hour), noon, noon.Add(time.Minute), 3)
					return err
				})
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				for _, d := range all {
					want := fmt.Sprintf("%s%d ", d.Resource, got[d.Resource])
					if r := resources([]store.Delivery{d}); r != want {
						t.Errorf("%swas claimed, want %s", r, want)
					}
					got[d.Resource]++
					total++
				}
				over := total >= chains*each || t.Failed()
				mu.Unlock()
				err = s.Update(t.Context(), func(tx *store.Tx) error {
					for _, d := range all {
						d.State, d.Due = store.DeliveryDelivered, time.Time{}
						if err := tx.PutDelivery(d, noon.Add(time.Hour)); err != nil {
							return err
						}
					}
					return nil
				})
				if err != nil {
					t.Error(err)
				}
				if over {
					return
				}
			}
		})
	}
	claimers.Wait()
	same(t, total, chains*each)
}

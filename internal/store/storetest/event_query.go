package storetest

import (
	"testing"
	"time"

	"onramp/internal/event"
	"onramp/internal/store"
)

func eventQueries(t *testing.T, s *store.Store) {
	foreign := happened(3, "c")
	foreign.Account, foreign.Kind = other, event.Proposal
	tell(t, s, happened(1, "a"), happened(2, "b"), foreign, happened(4, "a"))
	for want, q := range map[string]store.EventQuery{
		"a b c a": {}, "a b a": {Account: account}, "a a": {Resource: "a"}, "c": {Kind: event.Proposal},
		"c a": {Since: noon.Add(3 * time.Second)}, "a c b a": {Newest: true}, "a c": {Newest: true, Limit: 2}, "a b": {Limit: 2},
	} {
		got := ""
		for _, e := range events(t, s, q) {
			got += " " + e.Resource
		}
		if got != " "+want {
			t.Errorf("%+v:%s, want %s", q, got, want)
		}
	}
	eventsOfWork(t, s)
	first := events(t, s, store.EventQuery{Limit: 1})[0]
	if rest := events(t, s, store.EventQuery{After: first.Position}); len(rest) != 6 {
		t.Errorf("behind the first: %d, want 6", len(rest))
	}
	last := get(t, s, func(tx *store.Tx) (int64, error) { return tx.LastEvent() })
	same(t, last, events(t, s, store.EventQuery{Newest: true, Limit: 1})[0].Position)
}

// Who asks for the events of a resource has those of planned work that hits it as well; whole names only, and no wildcards.
func eventsOfWork(t *testing.T, s *store.Store) {
	work := func(n int, id string, hits ...string) event.Event {
		e := happened(n, id)
		e.Kind, e.Detail = event.Maintenance, event.Detail("reason", "z", "resources", hits)
		return e
	}
	tell(t, s, work(5, "mnt-1", "b", "a"), work(6, "mnt-2", "ab", "a_"), happened(7, "nnt-3"))
	for resource, want := range map[string]string{"a": "a a mnt-1 ", "b": "b mnt-1 ", "ab": "mnt-2 ", "a_": "mnt-2 ", "_": "", "%": "", "z": "", "mnt-1": "mnt-1 "} {
		got := ""
		for _, e := range events(t, s, store.EventQuery{Resource: resource}) {
			got += e.Resource + " "
		}
		if got != want {
			t.Errorf("of %s: %s, want %s", resource, got, want)
		}
	}
	if got := events(t, s, store.EventQuery{Resource: "a", Newest: true, Limit: 1}); len(got) != 1 || got[0].Resource != "mnt-1" {
		t.Errorf("the newest of a: %+v, want that of mnt-1", got)
	}
}

package storetest

import (
	"testing"
	"time"

	"onramp/internal/store"
)

var agentTests = map[string]test{
	"AgentRoundTrip": agentRoundTrip,
	"AgentPages":     agentPages,
}

func putAgent(tx *store.Tx, a *store.Agent) error { return tx.PutAgent(a) }

func agentRoundTrip(t *testing.T, s *store.Store) {
	read := func(router string) func(tx *store.Tx) (store.Agent, error) {
		return func(tx *store.Tx) (store.Agent, error) { return tx.Agent(router) }
	}
	full := store.Agent{
		Router: "r2", TokenHash: "hash", TokenExpires: noon, Enrolment: "ABC", SealingKey: []byte{0, 255}, Enrolled: noon.Add(time.Hour),
		Expires: noon.Add(2 * time.Hour), Revoked: noon.Add(3 * time.Hour), Server: "host/1", Connected: noon.Add(4 * time.Hour),
		Seen: noon.Add(5 * time.Hour), Waiting: true, Drift: []string{"et-0"}, Repairs: 1<<64 - 1, Repaired: []string{"<&>", "x"},
	}
	for _, a := range save(t, s, putAgent, full, store.Agent{Router: "r1"}) {
		same(t, get(t, s, read(a.Router)), a)
		same(t, a.Version, int64(1))
	}
	stale := get(t, s, read("r2"))
	next := store.Agent{Router: "r2", Version: 1, Server: "host/2"}
	update(t, s, func(tx *store.Tx) error { next.Version = 1; return tx.PutAgent(&next) })
	same(t, next.Version, int64(2))
	same(t, get(t, s, read("r2")), next)
	fails(t, s, store.ErrConflict, func(tx *store.Tx) error { a := stale; return tx.PutAgent(&a) })
	fails(t, s, store.ErrNotFound, func(tx *store.Tx) error { _, err := tx.Agent("x"); return err })
	taken(t, s, "id", func(tx *store.Tx) error { return tx.PutAgent(&store.Agent{Router: "r1"}) })
	update(t, s, func(tx *store.Tx) error { return tx.DeleteAgent("r2") })
	fails(t, s, store.ErrNotFound, dropping(read("r2")))
	fails(t, s, store.ErrNotFound, func(tx *store.Tx) error { return tx.DeleteAgent("r2") })
}

// dropping drops what was read.
func dropping[T any](read func(tx *store.Tx) (T, error)) func(tx *store.Tx) error {
	return func(tx *store.Tx) error { _, err := read(tx); return err }
}

func agentPages(t *testing.T, s *store.Store) {
	save(t, s, putAgent, store.Agent{Router: "r3"}, store.Agent{Router: "r1"}, store.Agent{Router: "R4"}, store.Agent{Router: "r2"})
	for _, c := range []struct {
		after string
		most  int
		want  string
	}{{"", 0, "4123"}, {"", 2, "41"}, {"r1", 2, "23"}, {"r2", 2, "3"}, {"r3", 0, ""}} {
		all := get(t, s, func(tx *store.Tx) ([]store.Agent, error) { return tx.Agents(c.after, c.most) })
		same(t, ends(all, func(a store.Agent) string { return a.Router }), c.want)
	}
}

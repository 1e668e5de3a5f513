package storetest

import (
	"testing"
	"time"

	"onramp/internal/directconnect"
	"onramp/internal/store"
)

var consoleTests = map[string]test{
	"ConsoleLogin":    consoleLogin,
	"ConsoleSessions": consoleSessions,
	"ConsolePrune":    consolePrune,
	"ConsoleChanges":  consoleChanges,
}

func consoleLogin(t *testing.T, s *store.Store) {
	read := func(tx *store.Tx) (store.ConsoleLogin, error) { return tx.ConsoleLogin(account, "bob") }
	fails(t, s, store.ErrNotFound, func(tx *store.Tx) error { _, err := read(tx); return err })
	l := store.ConsoleLogin{Account: account, User: "Bob", Password: "$argon2id$", Changed: noon, TOTP: "sealed", Step: 7}
	update(t, s, func(tx *store.Tx) error { l.Version = 0; return tx.PutConsoleLogin(&l) })
	l.User = "bob"
	same(t, get(t, s, read), l)
	taken(t, s, "id", func(tx *store.Tx) error {
		return tx.PutConsoleLogin(&store.ConsoleLogin{Account: account, User: "BOB"})
	})
	next := l
	update(t, s, func(tx *store.Tx) error { next.Version, next.Step = l.Version, 8; return tx.PutConsoleLogin(&next) })
	same(t, get(t, s, read), next)
	fails(t, s, store.ErrConflict, func(tx *store.Tx) error { stale := l; return tx.PutConsoleLogin(&stale) })
	update(t, s, func(tx *store.Tx) error { return tx.DeleteConsoleLogin(account, "BOB") })
	fails(t, s, store.ErrNotFound, func(tx *store.Tx) error { _, err := read(tx); return err })
	update(t, s, func(tx *store.Tx) error { return tx.DeleteConsoleLogin(account, "bob") }) // there is none
}

// sessionsOf are the hashes among those given of which there are sessions.
func sessionsOf(t *testing.T, s *store.Store, hashes ...string) (there []string) {
	t.Helper()
	for _, hash := range hashes {
		err := s.View(t.Context(), func(tx *store.Tx) error { _, err := tx.ConsoleSession(hash); return err })
		if err == nil {
			there = append(there, hash)
		}
	}
	return there
}

func consoleSessions(t *testing.T, s *store.Store) {
	bob := func(hash string) store.ConsoleSession {
		return store.ConsoleSession{Hash: hash, Account: account, User: "bob", Seen: noon, Expires: noon.Add(time.Hour), Created: noon}
	}
	carol, operator := bob("c"), store.ConsoleSession{Hash: "o", Seen: noon, Expires: noon.Add(time.Hour), Created: noon, Operator: true, Acting: other}
	carol.User = "carol"
	update(t, s, func(tx *store.Tx) error {
		for _, one := range []store.ConsoleSession{bob("1"), bob("2"), bob("3"), carol, operator} {
			if err := tx.PutConsoleSession(one); err != nil {
				return err
			}
		}
		return nil
	})
	read := func(hash string) func(tx *store.Tx) (store.ConsoleSession, error) {
		return func(tx *store.Tx) (store.ConsoleSession, error) { return tx.ConsoleSession(hash) }
	}
	same(t, get(t, s, read("1")), bob("1"))
	same(t, get(t, s, read("o")), operator)
	update(t, s, func(tx *store.Tx) error { return tx.SeenConsoleSession("1", noon.Add(time.Minute)) })
	same(t, get(t, s, read("1")).Seen, noon.Add(time.Minute))
	operator.Acting = ""
	update(t, s, func(tx *store.Tx) error { return tx.PutConsoleSession(operator) })
	same(t, get(t, s, read("o")), operator)
	update(t, s, func(tx *store.Tx) error { return tx.DeleteConsoleSessions(account, "BOB", "2") })
	same(t, sessionsOf(t, s, "1", "2", "3", "c", "o"), []string{"2", "c", "o"})
	update(t, s, func(tx *store.Tx) error { return tx.DeleteConsoleSession("2") })
	same(t, sessionsOf(t, s, "1", "2", "3", "c", "o"), []string{"c", "o"})
}

func consolePrune(t *testing.T, s *store.Store) {
	update(t, s, func(tx *store.Tx) error {
		for hash, times := range map[string][2]time.Duration{"fresh": {0, time.Hour}, "idle": {-time.Hour, time.Hour}, "over": {0, -time.Minute}} {
			err := tx.PutConsoleSession(store.ConsoleSession{Hash: hash, Account: account, User: "bob", Seen: noon.Add(times[0]), Expires: noon.Add(times[1])})
			if err != nil {
				return err
			}
		}
		return tx.PruneConsoleSessions(noon.Add(-30*time.Minute), noon)
	})
	same(t, sessionsOf(t, s, "fresh", "idle", "over"), []string{"fresh"})
}

// What changes shows for those whose it is, and for those who look at all.
func consoleChanges(t *testing.T, s *store.Store) {
	look := func(of string) string {
		t.Helper()
		return get(t, s, func(tx *store.Tx) (string, error) { return tx.Changes(of) })
	}
	g := directconnect.Gateway{ID: "11111111-2222-3333-4444-555555555555", Account: account, Partition: "aws", Created: noon, Name: "one"}
	mine, theirs, all := look(account), look(other), look("")
	same(t, mine == look(account), true)
	update(t, s, func(tx *store.Tx) error { g.Version = 0; return tx.PutGateway(&g) })
	same(t, []bool{mine == look(account), theirs == look(other), all == look("")}, []bool{false, true, false})
	mine, all = look(account), look("")
	update(t, s, func(tx *store.Tx) error { g.Version, g.Name = 1, "two"; return tx.PutGateway(&g) })
	same(t, []bool{mine == look(account), theirs == look(other), all == look("")}, []bool{false, true, false})
}

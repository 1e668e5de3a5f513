package store

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"onramp/internal/directconnect"
)

// everyQuery calls what servers call while they run; the answers do not matter.
func everyQuery(tx *Tx) error {
	now := time.Now()
	page := func(q ConnectionQuery) error {
		q.After, q.Limit = Cursor{Created: now, ID: "x"}, 100
		_, err := tx.Connections(q)
		return err
	}
	do := func(_ any, err error) error { return err }
	carrying := func(_, _ any, err error) error { return err }
	list := errors.Join(
		do(tx.Connection("x")), carrying(tx.ConnectionAndInterfaces("x")), do(tx.LAG("x")), do(tx.Port("x")), do(tx.Router("x")), do(tx.Location("x")), do(tx.Account("x")),
		do(tx.AccessKey("x")), do(tx.Secret("x")), do(tx.Setting("x")), do(tx.NextDue()), do(tx.HasAccounts()),
		do(tx.Principal("x", User, "x")), do(tx.Principals("x", Role, "x", 10)), do(tx.EveryPrincipal(Principal{Account: "x"}, 10)), do(tx.Policy("x", "x")), do(tx.Policies("x", "x", 10)),
		do(tx.Permissions("x")), tx.DeletePrincipal("x", User, "x"), tx.DeletePolicy("x", "x"),
		do(tx.Locations("x")), do(tx.Routers("x")), do(tx.AccessKeys("x")), do(tx.Secrets("x", "x", "x")), do(tx.Accounts("x", 10)),
		do(tx.RouterUse("x", "x", "x")), do(tx.Site("x", "x", 10)), do(tx.FreePort("x", "x", "x", false, 1)),
		do(tx.CountFreePorts("x", "x", false, 9)),
		do(tx.Ports(PortQuery{Router: "x"})), do(tx.Ports(PortQuery{Location: "x", After: "x", Limit: 10})), do(tx.Ports(PortQuery{ConnectionID: "x"})),
		page(ConnectionQuery{Account: "x", Region: "x"}),
		page(ConnectionQuery{Account: "x", Region: "x", LiveOnly: true}),
		page(ConnectionQuery{Account: "x", Region: "x", EndedAfter: now, Kinds: []directconnect.ConnectionKind{directconnect.Dedicated}}),
		page(ConnectionQuery{Account: "x", Region: "x", LagID: "x", LiveOnly: true}),
		page(ConnectionQuery{LagID: "x", LiveOnly: true}), page(ConnectionQuery{ParentID: "x", LiveOnly: true}),
		page(ConnectionQuery{Router: "x", LiveOnly: true}), page(ConnectionQuery{Location: "x"}),
		page(ConnectionQuery{Partner: "x", Region: "x", EndedAfter: now}), page(ConnectionQuery{Partner: "x", ParentID: "x"}),
		do(tx.CountConnections(ConnectionQuery{ParentID: "x", LiveOnly: true})),
		do(tx.LAGs(LAGQuery{Account: "x", Region: "x", EndedAfter: now})), do(tx.LAGs(LAGQuery{Router: "x", LiveOnly: true})),
		do(tx.CountLAGs(LAGQuery{Account: "x", Region: "x", LiveOnly: true})),
		do(tx.ClaimDueConnections(now, now, 10)), do(tx.ClaimDueLAGs(now, now, 10)), do(tx.WakeConnections("x", now)), do(tx.PurgeDeleted(now, 10)),
		do(tx.TakePort("x", "x", false, 1, "x")), tx.ReleasePort("x", "x"), tx.lease("connection", []string{"x"}, now),
		everyTrafficQuery(tx),
	)
	for _, err := range list.(interface{ Unwrap() []error }).Unwrap() {
		if !errors.Is(err, ErrNotFound) {
			return err
		}
	}
	return nil
}

// No statement reads a table from end to end, nor sorts what could be many rows: with a million connections stored each
// costs what it answers.
func TestStatementsUseIndexes(t *testing.T) {
	t.Parallel()
	s, err := Open(t.Context(), Options{URL: "sqlite://" + t.TempDir() + "/onramp.db"})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Update(t.Context(), everyQuery); err != nil {
		t.Fatal(err)
	}
	sess, err := s.writer.sessions.get(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer s.writer.sessions.put(sess, true)
	explained := 0
	for query := range sess.stmts {
		if !strings.Contains(query, "FROM") && !strings.HasPrefix(query, "UPDATE") {
			continue
		}
		explained++
		for _, step := range plan(t.Context(), t, sess, query) {
			// Reading an index in its order until LIMIT is how the earliest is found, and what nobody has is counted.
			ordered := strings.HasPrefix(step, "SCAN") && strings.Contains(step, "USING") && strings.Contains(query, "LIMIT 1")
			if strings.Contains(step, "TEMP B-TREE") && (strings.Contains(query, "WHERE router = ?") || strings.Contains(query, "GROUP BY router")) {
				continue // what is on one router, or what one account has at a location, is few
			}
			if strings.HasSuffix(step, "VALUES CLAUSE") {
				continue // what is asked for, not what is stored
			}
			if strings.HasPrefix(step, "SCAN") && !ordered && step != "SCAN u" && step != "SCAN free" && step != "SCAN CONSTANT ROW" || strings.Contains(step, "TEMP B-TREE") {
				t.Errorf("%s\n%s", query, step)
			}
		}
	}
	if explained < 40 {
		t.Errorf("only %d statements were looked at", explained)
	}
}

func plan(ctx context.Context, t *testing.T, s *session, query string) []string {
	t.Helper()
	rows, err := s.conn.QueryContext(ctx, "EXPLAIN QUERY PLAN "+query, make([]any, strings.Count(query, "?"))...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var steps []string
	for rows.Next() {
		var id, parent, unused int
		var step string
		if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
			t.Fatal(err)
		}
		steps = append(steps, step)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return steps
}

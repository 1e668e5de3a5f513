package backup

import (
	"context"
	"database/sql"
	"encoding/json"
	"maps"
	"net/url"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	_ "modernc.org/sqlite" // driver "sqlite"

	"onramp/internal/daemon"
	"onramp/internal/operator"
)

// restored is what is found in a database that was restored, without a server that would change it.
type restored struct {
	recorded map[string]bool // "create ID" and "delete ID", by the audit trail
	states   map[string]string
}

func look(t *testing.T, p place) restored {
	t.Helper()
	o, err := daemon.OpenOffline(t.Context(), p.config)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := o.Close(); err != nil {
			t.Error(err)
		}
	}()
	r := restored{recorded: map[string]bool{}, states: map[string]string{}}
	report, err := o.Client().VerifyAudit(t.Context())
	if err != nil || len(report.Findings) > 0 {
		t.Errorf("the audit trail: %+v, %v", report, err)
	}
	readTrail(t, o.Client(), r.recorded)
	db := open(t, p)
	for rows := range each(t, db, "SELECT id, state FROM connection", 2) {
		r.states[rows[0]] = rows[1]
	}
	for what, query := range map[string]string{
		"a port is held by a connection that is not there, or has ended": `SELECT p.id FROM port p LEFT JOIN connection c ON c.id = p.connection_id
			WHERE p.connection_id IS NOT NULL AND (c.id IS NULL OR c.state = 'deleted' OR c.port_id <> p.id)`,
		"a connection has a port that is not its own": `SELECT c.id FROM connection c LEFT JOIN port p ON p.id = c.port_id
			WHERE c.port_id IS NOT NULL AND c.state <> 'deleted' AND (p.connection_id IS NULL OR p.connection_id <> c.id)`,
	} {
		for row := range each(t, db, query, 1) {
			t.Errorf("%s: %s", what, row[0])
		}
	}
	return r
}

func open(t *testing.T, p place) *sql.DB {
	t.Helper()
	driver, dsn := "pgx", p.config.Database
	if p.engine == "sqlite" {
		driver, dsn = "sqlite", filepath.Join(p.config.Data, "onramp.db")
	}
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// each answers rows of so many texts.
func each(t *testing.T, db *sql.DB, query string, width int) func(func([]string) bool) {
	return func(yield func([]string) bool) {
		t.Helper()
		rows, err := db.QueryContext(t.Context(), query)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			row := make([]string, width)
			into := make([]any, width)
			for i := range row {
				into[i] = &row[i]
			}
			if err := rows.Scan(into...); err != nil {
				t.Fatal(err)
			}
			if !yield(row) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
	}
}

// readTrail notes which connections were ordered and deleted.
func readTrail(t *testing.T, c *operator.Client, into map[string]bool) {
	t.Helper()
	query := url.Values{"limit": {"1000"}}
	for {
		page, err := c.Audit(context.WithoutCancel(t.Context()), query)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range page.Records {
			var record struct {
				EventName         string
				RequestParameters struct{ ConnectionID string }
				ResponseElements  struct{ ConnectionID string }
			}
			if err := json.Unmarshal(text, &record); err != nil {
				t.Fatal(err)
			}
			switch record.EventName {
			case "CreateConnection":
				into["create "+record.ResponseElements.ConnectionID] = true
			case "DeleteConnection":
				into["delete "+record.RequestParameters.ConnectionID] = true
			}
		}
		if page.After == "" {
			return
		}
		query.Set("after", page.After)
	}
}

// check holds what was restored against what was done: before is when the backup was asked for, moment a time after that of
// which it is.
func check(t *testing.T, p place, deeds []deed, before, moment int64) {
	t.Helper()
	r := look(t, p)
	known := map[string]bool{}
	within, latest := 0, int64(0) // of what is in it, the one that began last
	for _, d := range deeds {
		name := d.name()
		known[name] = true
		in := r.recorded[name]
		switch {
		case d.ended < before && !in:
			t.Errorf("%s was answered before the backup began, and is not in it", name)
		case d.began > moment && in:
			t.Errorf("%s was asked for after the moment, and is in it", name)
		}
		if in {
			within++
			latest = max(latest, d.began)
		}
	}
	for _, d := range deeds {
		if d.ended < latest && !r.recorded[d.name()] {
			t.Errorf("%s is not in it, but something that happened after it is", d.name())
		}
	}
	for name := range r.recorded {
		if !known[name] {
			t.Errorf("%s is in it, and nobody was answered that", name)
		}
	}
	if within < 60 || within > len(deeds)-80 {
		t.Errorf("%d of %d deeds are in it: it was not made in the middle of them", within, len(deeds))
	}
	checkStates(t, r)
}

func (d deed) name() string {
	if d.created != "" {
		return "create " + d.created
	}
	return "delete " + d.deleted
}

// checkStates holds the connections against the trail of the same database: what is done and the record of it are one
// transaction, so that they are one in a backup, too.
func checkStates(t *testing.T, r restored) {
	t.Helper()
	var ordered []string
	for name := range r.recorded {
		if id, ok := cutName(name, "create "); ok {
			ordered = append(ordered, id)
		}
	}
	slices.Sort(ordered)
	if diff := cmp.Diff(ordered, slices.Sorted(maps.Keys(r.states))); diff != "" {
		t.Errorf("connections by the trail and by the table: %s", diff)
	}
	for id, state := range r.states {
		ending := state == "deleting" || state == "deleted"
		if ending != r.recorded["delete "+id] {
			t.Errorf("connection %s is %s, and by the trail its deletion was asked for: %v", id, state, r.recorded["delete "+id])
		}
	}
}

func cutName(name, prefix string) (string, bool) {
	if len(name) > len(prefix) && name[:len(prefix)] == prefix {
		return name[len(prefix):], true
	}
	return "", false
}

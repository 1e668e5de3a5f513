package controlplane

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"

	"onramp/internal/api"
	"onramp/internal/audit"
	"onramp/internal/seal"
	"onramp/internal/store"
	"onramp/test/postgres"
)

// tamperer is an intruder: it has the database, and not the keyset.
type tamperer struct {
	*Service
	t        *testing.T
	db       *sql.DB
	expected []audit.Mark // that somebody wrote down
}

// onTamperedEngines runs f on a trail of 12 records, with a checkpoint over it, on each engine.
func onTamperedEngines(t *testing.T, f func(x *tamperer)) {
	for name, urls := range map[string]func(t *testing.T) (url, driver, dsn string){
		"sqlite": func(t *testing.T) (string, string, string) {
			path := filepath.Join(t.TempDir(), "onramp.db")
			return "sqlite://" + path, "sqlite", "file:" + path + "?_pragma=busy_timeout(5000)"
		},
		"postgres": func(t *testing.T) (string, string, string) {
			url := postgres.Shared(t, postgres.WithoutFsync()).Database(t)
			return url, "pgx", url
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url, driver, dsn := urls(t)
			kept, err := store.Open(t.Context(), store.Options{URL: url})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = kept.Close() })
			sealer, err := seal.Open(filepath.Join(t.TempDir(), "keyset.json"))
			if err != nil {
				t.Fatal(err)
			}
			db, err := sql.Open(driver, dsn)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = db.Close() })
			now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
			s := &Service{Store: kept, Now: func() time.Time { now = now.Add(time.Minute); return now }, Wake: func() {}, Seal: sealer}
			f(&tamperer{Service: s, t: t, db: db})
		})
	}
}

// record puts calls into the trail that have changed something.
func (x *tamperer) record(n int) {
	x.t.Helper()
	for i := range n {
		call := &Call{RequestID: fmt.Sprint(i), operation: "UpdateConnection", in: &api.UpdateConnectionRequest{ConnectionID: text(fmt.Sprintf("dxcon-ff%06d", i))}}
		ctx := WithCaller(WithCall(x.t.Context(), call), Caller{Account: "123456789012", Region: "us-east-1"})
		out := &api.Connection{ConnectionID: text(fmt.Sprintf("dxcon-ff%06d", i)), OwnerAccount: text("123456789012")}
		if err := answer(ctx, x.Service, &out, func(*store.Tx) error { return nil }); err != nil {
			x.t.Fatal(err)
		}
		if !call.kept {
			x.t.Fatal("the call was not recorded")
		}
	}
}

func (x *tamperer) exec(statement string) {
	x.t.Helper()
	if _, err := x.db.ExecContext(x.t.Context(), statement); err != nil {
		x.t.Fatalf("%s: %v", statement, err)
	}
}

func (x *tamperer) verify() (found []string) {
	x.t.Helper()
	report, err := x.VerifyAudit(x.t.Context(), x.expected...)
	if err != nil {
		x.t.Fatal(err)
	}
	for _, f := range report.Findings {
		found = append(found, f.String())
	}
	return found
}

// while has the database tampered with, verifies, and has it as it was again.
func (x *tamperer) while(statements ...string) (found []string) {
	x.t.Helper()
	tables := []string{"audit_record", "audit_chain", "audit_resource", "audit_checkpoint"}
	for _, table := range tables {
		x.exec("CREATE TABLE kept_" + table + " AS SELECT * FROM " + table)
	}
	for _, s := range statements {
		x.exec(s)
	}
	found = x.verify()
	for _, table := range tables {
		x.exec("DELETE FROM " + table)
		x.exec("INSERT INTO " + table + " SELECT * FROM kept_" + table)
		x.exec("DROP TABLE kept_" + table)
	}
	return found
}

const tamperedRecords = 12

// One byte of any column of any record, and verify names the record.
func TestAuditNamesTheTampered(t *testing.T) {
	t.Parallel()
	onTamperedEngines(t, func(x *tamperer) {
		x.record(tamperedRecords)
		if _, err := x.CheckpointAudit(x.t.Context(), 0); err != nil {
			x.t.Fatal(err)
		}
		x.record(1) // behind the checkpoint
		last := tamperedRecords + 1
		if found := x.verify(); found != nil {
			x.t.Fatalf("nobody has tampered yet: %v", found)
		}
		text := func(column string) string {
			return column + " = substr(" + column + ", 1, 5) || CASE substr(" + column + ", 6, 1) WHEN '0' THEN '1' ELSE '0' END || substr(" + column + ", 7)"
		}
		for _, at := range []int{1, 2, tamperedRecords / 2, tamperedRecords, last} {
			where := fmt.Sprintf(" WHERE position = %d", at)
			named := "record " + audit.At(0, int64(at)).String() + ":"
			for _, change := range []string{
				text("body"), text("account"), text("name"), text("resources"), text("hash"), "previous = previous || '0'",
				"time = time + 1", "account = upper(account) || ' '",
				"body = replace(body, 'UpdateConnection', 'DeleteConnection')",
			} {
				if found := x.while("UPDATE audit_record SET " + change + where); !telling(found, named) {
					x.t.Errorf("%s%s: found %q, want %s", change, where, found, named)
				}
			}
			for _, statement := range []string{
				"DELETE FROM audit_record" + where,
				"UPDATE audit_record SET position = position + 100" + where,
				"UPDATE audit_record SET position = 1099511627776 * 5 + position" + where,
			} {
				if found := x.while(statement); !telling(found, named) {
					x.t.Errorf("%s: found %q, want %s", statement, found, named)
				}
			}
			for _, statement := range []string{
				"DELETE FROM audit_resource" + where, "UPDATE audit_resource SET time = time + 1" + where,
				"UPDATE audit_resource SET resource = upper(resource)" + where,
			} {
				if found := x.while(statement); !telling(found, named) {
					x.t.Errorf("%s: found %q, want %s", statement, found, named)
				}
			}
		}
		x.moved(last)
		x.headsAndSeals(last)
		if found := x.verify(); found != nil {
			x.t.Errorf("all is as it was again: %v", found)
		}
	})
}

// telling reports whether a finding names the record.
func telling(found []string, name string) bool {
	return slices.ContainsFunc(found, func(f string) bool { return strings.HasPrefix(f, name) })
}

// moved has records change places.
func (x *tamperer) moved(last int) {
	x.t.Helper()
	for _, pair := range [][2]int{{1, 2}, {4, 9}, {last - 1, last}} {
		found := x.while(
			fmt.Sprintf("UPDATE audit_record SET position = 1000 WHERE position = %d", pair[0]),
			fmt.Sprintf("UPDATE audit_record SET position = %d WHERE position = %d", pair[0], pair[1]),
			fmt.Sprintf("UPDATE audit_record SET position = %d WHERE position = 1000", pair[1]),
		)
		for _, at := range pair {
			if !telling(found, fmt.Sprintf("record 0/%d:", at)) {
				x.t.Errorf("%v changed places: found %q", pair, found)
			}
		}
	}
}

// headsAndSeals tampers with what says how long the chain is.
func (x *tamperer) headsAndSeals(last int) {
	x.t.Helper()
	sealed := tamperedRecords
	for _, c := range []struct {
		want       string
		statements []string
	}{
		{fmt.Sprintf("record 0/%d:", last), []string{fmt.Sprintf("DELETE FROM audit_record WHERE position = %d", last)}},
		// The end cut off before the checkpoint, and the chain told so.
		{fmt.Sprintf("record 0/%d:", sealed), []string{
			"DELETE FROM audit_record WHERE position > 5", "DELETE FROM audit_resource WHERE position > 5",
			"UPDATE audit_chain SET last = 5, hash = (SELECT hash FROM audit_record WHERE position = 5)",
		}},
		// The beginning cut off, and the chain told so.
		{"record 0/1:", []string{
			"UPDATE audit_chain SET first = 4, base = (SELECT hash FROM audit_record WHERE position = 3)",
			"DELETE FROM audit_record WHERE position < 4", "DELETE FROM audit_resource WHERE position < 4",
		}},
		{fmt.Sprintf("record 0/%d:", sealed), []string{"DELETE FROM audit_record", "DELETE FROM audit_chain", "DELETE FROM audit_resource"}},
		{fmt.Sprintf("record 0/%d:", last+1), []string{"UPDATE audit_chain SET last = last + 1"}},
		{fmt.Sprintf("record 0/%d:", last), []string{"UPDATE audit_chain SET hash = upper(hash)"}},
		{"record 0/2:", []string{"UPDATE audit_chain SET first = 2"}},
		{"record 0/1:", []string{"UPDATE audit_chain SET base = 'x'"}},
		{"checkpoint 1 was changed", []string{"UPDATE audit_checkpoint SET time = time + 1"}},
		{"checkpoint 1 was changed", []string{"UPDATE audit_checkpoint SET heads = replace(heads, '12', '11')"}},
		{"checkpoint 1 was changed", []string{"UPDATE audit_checkpoint SET sealed = 'A' || substr(sealed, 2)", "UPDATE audit_checkpoint SET sealed = 'B' || substr(sealed, 2)"}},
		{"checkpoint 7 was changed", []string{"UPDATE audit_checkpoint SET number = 7"}},
	} {
		if found := x.while(c.statements...); !telling(found, c.want) {
			x.t.Errorf("%q: found %q, want %s", c.statements, found, c.want)
		}
	}
}

// What is left of a trail is verified when its oldest records have been removed, and still shows what is missing.
func TestAuditPrune(t *testing.T) {
	t.Parallel()
	onTamperedEngines(t, func(x *tamperer) {
		x.record(tamperedRecords)
		keep := x.Now().Sub(time.Date(2026, 3, 2, 9, 10, 0, 0, time.UTC))
		if _, err := x.PruneAudit(x.t.Context(), keep); err != nil {
			x.t.Fatal(err)
		}
		report, err := x.VerifyAudit(x.t.Context())
		if err != nil || len(report.Findings) > 0 || report.Records == 0 || report.Records >= tamperedRecords || report.Checkpoint != 1 {
			x.t.Fatalf("after removing: %+v, %v", report, err)
		}
		first := tamperedRecords - report.Records + 1
		x.record(3)
		if found := x.verify(); found != nil {
			x.t.Errorf("going on: %v", found)
		}
		where := fmt.Sprintf(" WHERE position = %d", first)
		found := x.while("UPDATE audit_chain SET base = (SELECT hash FROM audit_record"+where+"), first = first + 1",
			"DELETE FROM audit_record"+where, "DELETE FROM audit_resource"+where)
		if want := fmt.Sprintf("record 0/%d:", first); !telling(found, want) {
			x.t.Errorf("one more removed, by another: found %q, want %s", found, want)
		}
	})
}

package weather

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"

	"onramp/internal/controlplane"
)

// ours lists the tables that hold something of ours: all but the migrations' own.
func ours(ctx context.Context, db *sql.DB, engine string) ([]string, error) {
	query := "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'goose_%'"
	if engine == "postgres" {
		query = "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema() AND table_name NOT LIKE 'goose_%'"
	}
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var tables []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		tables = append(tables, name)
	}
	slices.Sort(tables)
	return tables, rows.Err()
}

// dump is everything that is stored, a line for each row. Equal dumps are equal databases.
func dump(ctx context.Context, db *sql.DB, tables []string) ([]string, error) {
	tx, err := db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, err
	}
	defer func() { _ = tx.Rollback() }()
	var lines []string
	for _, table := range tables {
		rows, err := tx.QueryContext(ctx, "SELECT * FROM "+table)
		if err != nil {
			return nil, err
		}
		columns, err := rows.Columns()
		if err != nil {
			return nil, err
		}
		values, dest := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			dest[i] = &values[i]
		}
		for rows.Next() {
			if err := rows.Scan(dest...); err != nil {
				return nil, err
			}
			lines = append(lines, line(table, columns, values))
		}
		if err := rows.Err(); err != nil {
			return nil, err
		}
	}
	slices.Sort(lines)
	return lines, nil
}

func line(table string, columns []string, values []any) string {
	var b strings.Builder
	b.WriteString(table)
	for i, v := range values {
		if text, ok := v.([]byte); ok {
			v = string(text)
		}
		if columns[i] == "cak" || columns[i] == "sealed" {
			v = "[hidden]"
		}
		fmt.Fprintf(&b, " %s=%v", columns[i], v)
	}
	return b.String()
}

// changes are the rows that differ, a minus before what is gone and a plus before what has come.
func changes(before, after []string) string {
	var b strings.Builder
	for _, l := range before {
		if _, still := slices.BinarySearch(after, l); !still {
			b.WriteString("- " + l + "\n")
		}
	}
	for _, l := range after {
		if _, was := slices.BinarySearch(before, l); !was {
			b.WriteString("+ " + l + "\n")
		}
	}
	return b.String()
}

func TestDumpTellsChanges(t *testing.T) {
	t.Parallel()
	p, err := newSite(t, nil).open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := p.close(); err != nil {
			t.Error(err)
		}
	}()
	tables, err := ours(t.Context(), p.raw, p.store.Engine())
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"account", "connection", "lag", "port", "secret", "setting"} {
		if !slices.Contains(tables, want) {
			t.Errorf("table %s is not dumped: %v", want, tables)
		}
	}
	before, err := dump(t.Context(), p.raw, tables)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.furnish(); err == nil {
		t.Error("the accounts were added twice")
	}
	name := "Renamed"
	if _, err := p.service.SetAccount(t.Context(), alice, controlplane.AccountChange{Name: &name}); err != nil {
		t.Fatal(err)
	}
	after, err := dump(t.Context(), p.raw, tables)
	if err != nil {
		t.Fatal(err)
	}
	if got := changes(before, after); strings.Count(got, "\n") != 2 || !strings.Contains(got, "Renamed") {
		t.Errorf("one renamed account shows as\n%s", got)
	}
}

package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// A table is what a backup has to know of a table.
type table struct {
	name    string
	columns []string // in the order in which the schema's steps made them
	key     []string // the primary key
	parents []string // tables whose rows its rows refer to
}

// versionTable is where goose keeps which steps a database has had.
const versionTable = "goose_db_version"

// tablesAt answers the tables of a version of the schema, each behind those it refers to: what its steps make of an empty
// database in memory. So a new step is known as soon as it is there, and what else an operator keeps in a database of
// PostgreSQL is none of ours.
func tablesAt(ctx context.Context, version int64) (tables []table, err error) {
	known, err := scripts(sqliteDialect)
	if err != nil {
		return nil, err
	}
	if newest := known[len(known)-1].version; version > newest {
		return nil, &SchemaError{Have: version, Newest: newest}
	}
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1) // each connection has a memory of its own
	for _, s := range known {
		if s.version > version {
			break
		}
		if _, err := db.ExecContext(ctx, s.script); err != nil {
			return nil, fmt.Errorf("store: schema version %d: %w", s.version, err)
		}
	}
	names, err := texts(ctx, db, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		t := table{name: name}
		for query, into := range map[string]*[]string{
			"SELECT name FROM pragma_table_info(?) ORDER BY cid":                 &t.columns,
			"SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk":     &t.key,
			`SELECT DISTINCT "table" FROM pragma_foreign_key_list(?) ORDER BY 1`: &t.parents,
		} {
			if *into, err = texts(ctx, db, query, name); err != nil {
				return nil, err
			}
		}
		if len(t.key) == 0 {
			return nil, fmt.Errorf("store: table %s has no primary key, so its rows have no order to be backed up in", name)
		}
		tables = append(tables, t)
	}
	return parentsFirst(tables)
}

// parentsFirst orders tables so that each stands behind those it refers to, and by name otherwise.
func parentsFirst(tables []table) (ordered []table, err error) {
	placed := map[string]bool{}
	for len(ordered) < len(tables) {
		before := len(ordered)
		for _, t := range tables {
			if placed[t.name] || slices.ContainsFunc(t.parents, func(p string) bool { return !placed[p] }) {
				continue
			}
			placed[t.name] = true
			ordered = append(ordered, t)
		}
		if len(ordered) == before {
			return nil, errors.New("store: tables refer to each other in a circle, so none can be restored first")
		}
	}
	return ordered, nil
}

func texts(ctx context.Context, db *sql.DB, query string, args ...any) (all []string, err error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		all = append(all, text)
	}
	return all, rows.Err()
}

// list writes names into a statement: some are words of SQL.
func list(names []string) string { return `"` + strings.Join(names, `", "`) + `"` }

package store

import (
	"database/sql"
	"strings"
	"time"
)

// rows answers what scan makes of each row.
func rows[T any](tx *Tx, query string, args []any, scan func(r *sql.Rows) (T, error)) ([]T, error) {
	var all []T
	err := tx.each(query, args, func(r *sql.Rows) error {
		one, err := scan(r)
		all = append(all, one)
		if tx.write && err == nil {
			tx.Known(one)
		}
		return err
	})
	return all, err
}

// row is rows for a key, or ErrNotFound.
func row[T any](tx *Tx, query string, key any, scan func(r *sql.Rows) (T, error)) (T, error) {
	all, err := rows(tx, query, []any{key}, scan)
	if err == nil && len(all) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		var none T
		return none, err
	}
	return all[0], nil
}

// claimDue is ClaimDueConnections for any table of those that have a due time.
func claimDue[T any](tx *Tx, table, columns string, now, lease time.Time, most int, scan func(r *sql.Rows) (T, error), id func(T) string) ([]T, error) {
	all, err := rows(tx, "SELECT "+columns+" FROM "+table+" WHERE due <= ? ORDER BY due, id LIMIT ?"+tx.session.dialect.claim,
		[]any{micros(now), most}, scan)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(all))
	for i, one := range all {
		ids[i] = id(one)
	}
	return all, tx.lease(table, ids, lease)
}

// A choice is one or several filters of a table that have no row in common. There are two where an account may stand in
// either of two columns: each has its index, an OR has none.
type choice []*filter

// party makes two filters of one: the account is in the column owner, or only in the column other. The index on other has
// the condition in its own WHERE.
func (f *filter) party(owner, other, account string) choice {
	if account == "" {
		return choice{f}
	}
	second := &filter{terms: append([]string(nil), f.terms...), args: append([]any(nil), f.args...)}
	f.equal(owner, account)
	second.equal(other, account)
	second.add(other + " <> " + owner)
	return choice{f, second}
}

// page is the query of what is chosen behind a cursor, ordered by (created, id), which are among the columns when there
// are several filters. The database merges them as it reads.
func (c choice) page(d *dialect, columns, table string, after Cursor, most int) (query string, args []any) {
	order := " ORDER BY created, id" + limit(most)
	var parts []string
	for _, f := range c {
		f.after(after)
		part := "SELECT " + columns + " FROM " + table + f.String()
		if d.limitParts && most > 0 && len(c) > 1 {
			part = "SELECT * FROM (" + part + order + ") AS u"
		}
		parts = append(parts, part)
		args = append(args, f.args...)
	}
	return strings.Join(parts, " UNION ALL ") + order, args
}

// count counts what is chosen.
func (c choice) count(tx *Tx, table string) (int, error) {
	total := 0
	for _, f := range c {
		n := 0
		if err := tx.one("SELECT count(*) FROM "+table+f.String(), f.args, &n); err != nil {
			return 0, err
		}
		total += n
	}
	return total, nil
}

// idSizes are the numbers of rows that one statement leases or reads by their IDs: few texts, so that each is prepared once.
var idSizes = []int{1, 8, 64}

// byIDs calls f with identifiers, some at a time, in few different numbers, so that each statement is prepared once. The last
// identifier is repeated to fill a statement up.
func byIDs(ids []string, f func(args []any) error) error {
	for len(ids) > 0 {
		size := idSizes[len(idSizes)-1]
		for _, s := range idSizes {
			if s >= len(ids) {
				size = s
				break
			}
		}
		n := min(size, len(ids))
		args := make([]any, size)
		for i := range args {
			args[i] = ids[min(i, n-1)]
		}
		if err := f(args); err != nil {
			return err
		}
		ids = ids[n:]
	}
	return nil
}

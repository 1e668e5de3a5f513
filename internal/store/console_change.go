package store

import (
	"database/sql"
	"fmt"
	"strings"
)

// changing are the tables whose rows have a version, and the columns in which the account of one may stand.
var changing = []struct {
	table    string
	accounts []string
}{
	{"connection", []string{"account", "partner"}},
	{"lag", []string{"account"}},
	{"virtual_interface", []string{"account", "connection_owner"}},
	{"gateway", []string{"account"}},
	{"association", []string{"gateway_owner", "far_owner"}},
	{"proposal", []string{"gateway_owner"}},
	{"failover_test", []string{"account"}},
	{"resiliency_group", []string{"account"}},
}

// Changes answers a text that differs from an earlier one if something of an account has changed in between, or of anybody if
// account is empty. It is for those who look at it again and again: that it differs is all that it says.
//
// It reads all rows of the account, which for ten thousand connections takes some milliseconds.
func (tx *Tx) Changes(account string) (string, error) {
	var of strings.Builder
	for _, c := range changing {
		columns := c.accounts
		if account == "" {
			columns = columns[:1]
		}
		for _, column := range columns {
			where, args := "", []any(nil)
			if account != "" {
				where, args = " WHERE "+column+" = ?", []any{account}
			}
			err := tx.each("SELECT COUNT(*), COALESCE(SUM(version), 0) FROM "+c.table+where, args, func(r *sql.Rows) error {
				var count, versions int64
				err := r.Scan(&count, &versions)
				fmt.Fprintf(&of, "%d.%d ", count, versions)
				return err
			})
			if err != nil {
				return "", err
			}
		}
	}
	if err := tx.workChanges(account, &of); err != nil {
		return "", err
	}
	return of.String(), nil
}

// workChanges is the part of Changes about planned and running work.
func (tx *Tx) workChanges(account string, of *strings.Builder) error {
	query, args := "SELECT COUNT(*), COALESCE(SUM(version), 0) FROM maintenance WHERE ended = 0", []any(nil)
	if account != "" {
		query, args = query+" AND id IN (SELECT maintenance_id FROM maintenance_resource WHERE account = ?)", []any{account}
	}
	return tx.each(query, args, func(r *sql.Rows) error {
		var count, versions int64
		err := r.Scan(&count, &versions)
		fmt.Fprintf(of, "%d.%d ", count, versions)
		return err
	})
}

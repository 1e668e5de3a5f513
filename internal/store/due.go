package store

import (
	"strings"
	"time"
)

// lease sets the due time of rows.
func (tx *Tx) lease(table string, ids []string, until time.Time) error {
	return byIDs(ids, func(args []any) error {
		_, err := tx.exec("UPDATE "+table+" SET due = ? WHERE id IN ("+marks(len(args))+")", append([]any{microsOrNull(until)}, args...)...)
		return err
	})
}

// dueTables are those whose rows the reconciler looks at.
var dueTables = []string{"connection", "lag", "virtual_interface", "gateway", "association", "proposal", "resiliency_group",
	"resiliency_member", "reminder"}

// earliest is one row of the earliest due time in each table, 0 for none: one round trip.
var earliest = func() string {
	var columns []string
	for _, table := range dueTables {
		columns = append(columns, "COALESCE((SELECT due FROM "+table+" WHERE due IS NOT NULL ORDER BY due, id LIMIT 1), 0)")
	}
	return "SELECT " + strings.Join(columns, ", ")
}()

// NextDue is the earliest due time of all nouns; zero when nothing is due ever.
func (tx *Tx) NextDue() (time.Time, error) {
	due := make([]int64, len(dueTables))
	dest := make([]any, len(due))
	for i := range due {
		dest[i] = &due[i]
	}
	if err := tx.one(earliest, nil, dest...); err != nil {
		return time.Time{}, err
	}
	next := int64(0)
	for _, d := range due {
		if d != 0 && (next == 0 || d < next) {
			next = d
		}
	}
	return fromMicros(next), nil
}

// purgedTables are those whose rows stay for a while after they have ended. Virtual interfaces have a time of their own.
var purgedTables = []string{"connection", "lag", "gateway", "association", "resiliency_group"}

// PurgeDeleted removes connections, LAGs, gateways, associations and resiliency groups with their members that ended
// before a time, at most limit of each, and answers how many, members not counted.
func (tx *Tx) PurgeDeleted(before time.Time, limit int) (int, error) {
	if _, err := tx.exec("DELETE FROM resiliency_member WHERE group_id IN ("+endedRows("resiliency_group")+")", micros(before), limit); err != nil {
		return 0, err
	}
	purged := 0
	for _, table := range purgedTables {
		n, err := tx.purge(table, before, limit)
		if err != nil {
			return purged, err
		}
		purged += n
	}
	return purged, nil
}

func (tx *Tx) purge(table string, before time.Time, limit int) (int, error) {
	return tx.exec("DELETE FROM "+table+" WHERE id IN ("+endedRows(table)+")", micros(before), limit)
}

func endedRows(table string) string {
	return "SELECT id FROM " + table + " WHERE deleted > 0 AND deleted < ? ORDER BY deleted, id LIMIT ?"
}

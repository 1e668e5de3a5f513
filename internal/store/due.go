package store

import (
	"errors"
	"time"
)

// leaseSizes are the numbers of rows that one statement leases: few texts, so that each is prepared once.
var leaseSizes = []int{1, 8, 64}

// lease sets the due time of rows. The last identifier is repeated to fill a statement up.
func (tx *Tx) lease(table string, ids []string, until time.Time) error {
	for len(ids) > 0 {
		size := leaseSizes[len(leaseSizes)-1]
		for _, s := range leaseSizes {
			if s >= len(ids) {
				size = s
				break
			}
		}
		n := min(size, len(ids))
		args := []any{microsOrNull(until)}
		for i := range size {
			args = append(args, ids[min(i, n-1)])
		}
		if _, err := tx.exec("UPDATE "+table+" SET due = ? WHERE id IN ("+marks(size)+")", args...); err != nil {
			return err
		}
		ids = ids[n:]
	}
	return nil
}

// dueTables are those whose rows the reconciler looks at.
var dueTables = []string{"connection", "lag"}

// NextDue is the earliest due time of all nouns; zero when nothing is due ever.
func (tx *Tx) NextDue() (time.Time, error) {
	next := int64(0)
	for _, table := range dueTables {
		due := int64(0)
		err := tx.one("SELECT due FROM "+table+" WHERE due IS NOT NULL ORDER BY due, id LIMIT 1", nil, &due)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return time.Time{}, err
		}
		if due != 0 && (next == 0 || due < next) {
			next = due
		}
	}
	return fromMicros(next), nil
}

// PurgeDeleted removes connections and LAGs that ended before a time, at most limit of each, and answers how many.
func (tx *Tx) PurgeDeleted(before time.Time, limit int) (int, error) {
	purged := 0
	for _, table := range dueTables {
		n, err := tx.exec("DELETE FROM "+table+" WHERE id IN (SELECT id FROM "+table+" WHERE deleted > 0 AND deleted < ? "+
			"ORDER BY deleted, id LIMIT ?)", micros(before), limit)
		if err != nil {
			return purged, err
		}
		purged += n
	}
	return purged, nil
}

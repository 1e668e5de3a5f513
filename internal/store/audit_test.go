package store

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"onramp/internal/audit"
)

// What would hide damage is not done: a part of the trail that is damaged is not removed, however old.
func TestPurgeDamagedAudit(t *testing.T) {
	t.Parallel()
	for name, damage := range map[string]string{
		"changed": "UPDATE audit_record SET account = '2' WHERE time = 3",
		"missing": "DELETE FROM audit_record WHERE time = 3",
	} {
		onEngines(t, func(t *testing.T, url string) {
			s := mustOpen(t, url)
			update := func(f func(tx *Tx) error) error { return s.Update(t.Context(), f) }
			err := update(func(tx *Tx) error {
				for n := range int64(5) {
					if err := tx.Record(audit.Entry{Time: n, Account: "1", Name: "A", Body: fmt.Sprint(n)}); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if err := update(func(tx *Tx) error { _, err := tx.exec(damage); return err }); err != nil {
				t.Fatal(err)
			}
			before, after := countRecords(t, s), 0
			err = update(func(tx *Tx) error {
				heads, err := tx.AuditHeads()
				if err != nil {
					return err
				}
				_, err = tx.PurgeAudit(heads[0].Chain, time.UnixMicro(10), 100)
				return err
			})
			if after = countRecords(t, s); !errors.Is(err, ErrAuditDamaged) || after != before {
				t.Errorf("%s: removing answers %v and leaves %d of %d records", name, err, after, before)
			}
		})
	}
}

func countRecords(t *testing.T, s *Store) (n int) {
	t.Helper()
	if err := s.View(t.Context(), func(tx *Tx) error { return tx.one("SELECT count(*) FROM audit_record", nil, &n) }); err != nil {
		t.Fatal(err)
	}
	return n
}

package store

import (
	"database/sql"
	"time"

	"onramp/internal/directconnect"
)

const failoverColumns = "id, vif_id, account, region, status, started, version, body"

func scanFailover(r *sql.Rows) (t directconnect.FailoverTest, err error) {
	var started int64
	var body string
	if err := r.Scan(&t.ID, &t.InterfaceID, &t.Account, &t.Region, (*string)(&t.Status), &started, &t.Version, &body); err != nil {
		return t, err
	}
	t.Started = fromMicros(started)
	return t, decodeBody(body, &t)
}

// FailoverTest answers a failover test by its ID.
func (tx *Tx) FailoverTest(id string) (directconnect.FailoverTest, error) {
	return row(tx, "SELECT "+failoverColumns+" FROM failover_test WHERE id = ?", id, scanFailover)
}

// PutFailoverTest inserts t when its Version is 0, and otherwise replaces the row if it still has that version
// (ErrConflict). It moves t.Version on.
func (tx *Tx) PutFailoverTest(t *directconnect.FailoverTest) error {
	return put(tx, t.ID, t.Version, t, tx.FailoverTest, func() error { return tx.writeFailoverTest(t) }, tellTest)
}

func (tx *Tx) writeFailoverTest(t *directconnect.FailoverTest) error {
	body, err := encodeBody(t)
	if err != nil {
		return err
	}
	columns := []any{t.InterfaceID, t.Account, t.Region, string(t.Status), micros(t.Started), body, t.ID}
	if t.Version == 0 {
		_, err := tx.exec("INSERT INTO failover_test (vif_id, account, region, status, started, version, body, id) "+
			"VALUES (?, ?, ?, ?, ?, 1, ?, ?)", columns...)
		if err == nil {
			t.Version = 1
		}
		return err
	}
	return tx.swap(&t.Version, "UPDATE failover_test SET vif_id = ?, account = ?, region = ?, status = ?, started = ?, "+
		"version = version + 1, body = ? WHERE id = ? AND version = ?", append(columns, t.Version)...)
}

// FailoverQuery chooses failover tests. What is empty does not restrict.
type FailoverQuery struct {
	// At least one of these is set.
	Account, InterfaceID, ID string

	Region       string
	Status       directconnect.TestStatus
	StartedAfter time.Time // then or later
	After        Cursor    // behind this one; its Created is the test's Started
	Limit        int       // 0: all
}

// FailoverTests answers what q chooses, ordered by (Started, ID).
func (tx *Tx) FailoverTests(q FailoverQuery) ([]directconnect.FailoverTest, error) {
	f := &filter{}
	f.equal("id", q.ID)
	f.equal("vif_id", q.InterfaceID)
	if len(f.terms) > 0 {
		f.amid(q.Account, "account") // an account may have many, these are few
	} else {
		f.equal("account", q.Account)
	}
	if len(f.terms) == 0 {
		return nil, errWideQuery
	}
	f.equal("region", q.Region)
	f.equal("status", string(q.Status))
	if !q.StartedAfter.IsZero() {
		f.add("started >= ?", micros(q.StartedAfter))
	}
	if q.After != (Cursor{}) {
		f.add("(started, id) > (?, ?)", micros(q.After.Created), q.After.ID)
	}
	return rows(tx, "SELECT "+failoverColumns+" FROM failover_test"+f.String()+" ORDER BY started, id"+limit(q.Limit), f.args, scanFailover)
}

// PurgeFailoverTests removes tests that began before a time, at most limit, and answers how many.
func (tx *Tx) PurgeFailoverTests(before time.Time, limit int) (int, error) {
	return tx.exec("DELETE FROM failover_test WHERE id IN (SELECT id FROM failover_test WHERE started < ? ORDER BY started, id LIMIT ?)",
		micros(before), limit)
}

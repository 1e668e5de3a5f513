package store

import (
	"database/sql"
	"fmt"
	"time"

	"onramp/internal/directconnect"
)

const maintenanceColumns = "id, status, starts, ends, created, ended, version, body"

func scanMaintenance(r *sql.Rows) (m directconnect.Maintenance, err error) {
	var starts, ends, created, ended int64
	var body string
	if err := r.Scan(&m.ID, (*string)(&m.Status), &starts, &ends, &created, &ended, &m.Version, &body); err != nil {
		return m, err
	}
	m.From, m.To, m.Created, m.Ended = fromMicros(starts), fromMicros(ends), fromMicros(created), fromMicros(ended)
	return m, decodeBody(body, &m)
}

// Maintenance answers planned work by its ID.
func (tx *Tx) Maintenance(id string) (directconnect.Maintenance, error) {
	return row(tx, "SELECT "+maintenanceColumns+" FROM maintenance WHERE id = ?", id, scanMaintenance)
}

// PutMaintenance inserts m when its Version is 0, and otherwise replaces the row if it still has that version (ErrConflict).
// It moves m.Version on, and marks what the work hits as being worked on, or not.
func (tx *Tx) PutMaintenance(m *directconnect.Maintenance) error {
	over := m.Status == directconnect.MaintenanceCompleted || m.Status == directconnect.MaintenanceCancelled
	if over == m.Open() {
		return fmt.Errorf("store: maintenance %s is %s and ended at %v", m.ID, m.Status, m.Ended)
	}
	body, err := encodeBody(m)
	if err != nil {
		return err
	}
	columns := []any{string(m.Status), micros(m.From), micros(m.To), micros(m.Created), micros(m.Ended), body, m.ID}
	if m.Version == 0 {
		_, err := tx.exec("INSERT INTO maintenance (status, starts, ends, created, ended, version, body, id) "+
			"VALUES (?, ?, ?, ?, ?, 1, ?, ?)", columns...)
		if err == nil {
			m.Version = 1
		}
		return err
	}
	if err := tx.swap(&m.Version, "UPDATE maintenance SET status = ?, starts = ?, ends = ?, created = ?, ended = ?, "+
		"version = version + 1, body = ? WHERE id = ? AND version = ?", append(columns, m.Version)...); err != nil {
		return err
	}
	active := bit(m.Status == directconnect.MaintenanceInProgress)
	_, err = tx.exec("UPDATE maintenance_resource SET active = ? WHERE maintenance_id = ? AND active <> ?", active, m.ID, active)
	return err
}

// MaintenanceQuery chooses planned work. What is empty does not restrict.
type MaintenanceQuery struct {
	Account  string // that has something it hits
	Resource string // that it hits
	Status   directconnect.MaintenanceStatus
	OpenOnly bool   // still to come or in progress
	After    Cursor // behind this one; its Created is when the work begins
	Limit    int    // 0: all
}

// Maintenances answers what q chooses, ordered by (From, ID).
func (tx *Tx) Maintenances(q MaintenanceQuery) ([]directconnect.Maintenance, error) {
	f := &filter{}
	if q.Account != "" {
		f.add("id IN (SELECT maintenance_id FROM maintenance_resource WHERE account = ?)", q.Account)
	}
	if q.Resource != "" {
		f.add("id IN (SELECT maintenance_id FROM maintenance_resource WHERE resource = ?)", q.Resource)
	}
	f.equal("status", string(q.Status))
	if q.OpenOnly {
		f.add("ended = 0")
	}
	if q.After != (Cursor{}) {
		f.add("(starts, id) > (?, ?)", micros(q.After.Created), q.After.ID)
	}
	return rows(tx, "SELECT "+maintenanceColumns+" FROM maintenance"+f.String()+" ORDER BY starts, id"+limit(q.Limit), f.args, scanMaintenance)
}

// hitBatches are the numbers of rows that one statement inserts: few texts, so that each is prepared once.
var hitBatches = []int{64, 8, 1}

// PutWorkHits makes hits all that the work hits, none of it being worked on.
func (tx *Tx) PutWorkHits(id string, hits []directconnect.WorkHit) error {
	if _, err := tx.exec("DELETE FROM maintenance_resource WHERE maintenance_id = ?", id); err != nil {
		return err
	}
	for _, size := range hitBatches {
		for len(hits) >= size {
			args := make([]any, 0, 7*size)
			for _, h := range hits[:size] {
				args = append(args, id, h.Account, h.ID, h.Kind, h.Region, string(h.Impact), int64(0))
			}
			if _, err := tx.exec("INSERT INTO maintenance_resource (maintenance_id, account, resource, kind, region, impact, active) VALUES "+
				tuples(7, size), args...); err != nil {
				return err
			}
			hits = hits[size:]
		}
	}
	return nil
}

// WorkHits answers what planned work hits of an account's (empty: of all, the operator's own first), ordered by account and ID.
func (tx *Tx) WorkHits(id, account string) ([]directconnect.WorkHit, error) {
	f := &filter{}
	f.equal("maintenance_id", id)
	f.equal("account", account)
	return rows(tx, "SELECT account, resource, kind, region, impact FROM maintenance_resource"+f.String()+" ORDER BY account, resource", f.args,
		func(r *sql.Rows) (h directconnect.WorkHit, err error) {
			return h, r.Scan(&h.Account, &h.ID, &h.Kind, &h.Region, (*string)(&h.Impact))
		})
}

// WorkInProgress answers the work in progress that hits one of the resources, ordered by ID.
func (tx *Tx) WorkInProgress(resources ...string) ([]directconnect.Maintenance, error) {
	if len(resources) == 0 {
		return nil, nil
	}
	args := make([]any, len(resources))
	for i, r := range resources {
		args[i] = r
	}
	return rows(tx, "SELECT "+maintenanceColumns+" FROM maintenance WHERE id IN (SELECT maintenance_id FROM maintenance_resource "+
		"WHERE active = 1 AND resource IN ("+marks(len(args))+")) ORDER BY id", args, scanMaintenance)
}

// PurgeMaintenances removes work that ended before a time, at most limit, and answers how much.
func (tx *Tx) PurgeMaintenances(before time.Time, limit int) (int, error) {
	const over = "SELECT id FROM maintenance WHERE ended > 0 AND ended < ? ORDER BY ended, id LIMIT ?"
	if _, err := tx.exec("DELETE FROM maintenance_resource WHERE maintenance_id IN ("+over+")", micros(before), limit); err != nil {
		return 0, err
	}
	return tx.exec("DELETE FROM maintenance WHERE id IN ("+over+")", micros(before), limit)
}

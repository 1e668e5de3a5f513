package store

import (
	"cmp"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"onramp/internal/audit"
)

// AuditQuery chooses records of the audit trail. Empty members choose all.
type AuditQuery struct {
	// Account is whose the record is, or who is among its resources: whom else it concerns.
	Account, Name, Resource string
	Since, Until            time.Time // from Since on, before Until
	Newest                  bool      // the newest first, instead of the oldest
	After                   AuditCursor
	Limit                   int
}

// AuditCursor is a place in the order by time: where a page ends and the next begins.
type AuditCursor struct {
	Time     int64 // microseconds since 1970
	Position audit.Position
}

// AuditRecords answers records in the order of their time.
func (tx *Tx) AuditRecords(q AuditQuery) ([]audit.Link, error) {
	own, err := tx.auditRecords(q, false)
	if err != nil || q.Account == "" {
		return own, err
	}
	others, err := tx.auditRecords(q, true)
	if err != nil || len(others) == 0 {
		return own, err
	}
	all := append(own, others...)
	slices.SortFunc(all, func(a, b audit.Link) int {
		if q.Newest {
			a, b = b, a
		}
		return cmp.Or(cmp.Compare(a.Time, b.Time), cmp.Compare(a.Position, b.Position))
	})
	if q.Limit > 0 {
		all = all[:min(q.Limit, len(all))]
	}
	return all, nil
}

// auditRecords is AuditRecords for the account's own records, or for those of others that concern it. An index serves the one
// and the other, and none would both.
func (tx *Tx) auditRecords(q AuditQuery, others bool) ([]audit.Link, error) {
	var f filter
	from, at, resource := "audit_record a", "a", q.Resource
	if others {
		f.add("a.account <> ?", q.Account)
		if resource == "" {
			resource = q.Account
		} else {
			f.add("EXISTS (SELECT 1 FROM audit_resource o WHERE o.resource = ? AND o.time = r.time AND o.position = r.position)", q.Account)
		}
	} else {
		f.equal("a.account", q.Account)
	}
	if resource != "" {
		from, at = "audit_resource r JOIN audit_record a ON a.position = r.position", "r"
		f.add("r.resource = ?", resource)
	}
	f.equal("a.name", q.Name)
	if !q.Since.IsZero() {
		f.add(at+".time >= ?", micros(q.Since))
	}
	if !q.Until.IsZero() {
		f.add(at+".time < ?", micros(q.Until))
	}
	order, than := "", ">"
	if q.Newest {
		order, than = " DESC", "<"
	}
	if q.After != (AuditCursor{}) {
		f.add("("+at+".time, "+at+".position) "+than+" (?, ?)", q.After.Time, int64(q.After.Position))
	}
	columns := "a." + strings.ReplaceAll(linkColumns, ", ", ", a.")
	return rows(tx, "SELECT "+columns+" FROM "+from+f.String()+" ORDER BY "+at+".time"+order+", "+at+".position"+order+limit(q.Limit),
		f.args, scanLink)
}

// AuditHeads answers all chains as they stand.
func (tx *Tx) AuditHeads() ([]audit.Head, error) {
	return rows(tx, "SELECT "+headColumns+" FROM audit_chain ORDER BY chain", nil, scanHead)
}

// AuditChain answers records of a chain behind a position, in their order.
func (tx *Tx) AuditChain(chain int, after audit.Position, most int) ([]audit.Link, error) {
	return rows(tx, "SELECT "+linkColumns+" FROM audit_record WHERE position > ? AND position < ? ORDER BY position"+limit(most),
		[]any{int64(after), int64(audit.At(chain+1, 0))}, scanLink)
}

// AuditStrays answers positions of which there is a record in no chain, or an entry of the lists by which records are found
// that its record does not have, or the other way round: at most so many.
func (tx *Tx) AuditStrays(most int) ([]audit.Finding, error) {
	var all []audit.Finding
	for _, look := range []struct{ problem, query string }{
		{"belongs to no chain", `SELECT a.position FROM audit_record a WHERE NOT EXISTS
			(SELECT 1 FROM audit_chain c WHERE a.position > c.chain * 1099511627776 AND a.position < (c.chain + 1) * 1099511627776)`},
		{"is listed under a resource or time that is not its own", `SELECT r.position FROM audit_resource r
			LEFT JOIN audit_record a ON a.position = r.position WHERE a.position IS NULL OR a.time <> r.time
			OR replace(' ' || a.resources || ' ', ' ' || r.resource || ' ', '') = ' ' || a.resources || ' ' `},
		{"is not listed under all of its resources", `SELECT a.position FROM audit_record a
			LEFT JOIN audit_resource r ON r.position = a.position WHERE a.resources <> '' GROUP BY a.position, a.resources
			HAVING count(r.resource) <> 1 + length(a.resources) - length(replace(a.resources, ' ', ''))`},
	} {
		found, err := rows(tx, look.query+" ORDER BY 1"+limit(most), nil, func(r *sql.Rows) (f audit.Finding, err error) {
			f.Problem = look.problem
			err = r.Scan(&f.Position)
			return f, err
		})
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

// SealedCheckpoint is a checkpoint with the seal over its text.
type SealedCheckpoint struct {
	audit.Checkpoint
	Text, Sealed string
}

// AuditCheckpoints answers checkpoints, the newest first.
func (tx *Tx) AuditCheckpoints(most int) ([]SealedCheckpoint, error) {
	return rows(tx, "SELECT number, time, heads, sealed FROM audit_checkpoint ORDER BY number DESC"+limit(most), nil, scanCheckpoint)
}

func scanCheckpoint(r *sql.Rows) (c SealedCheckpoint, err error) {
	err = r.Scan(&c.Number, &c.Time, &c.Text, &c.Sealed)
	return c, err
}

// AuditCheckpoint answers the checkpoint of a number, or ErrNotFound.
func (tx *Tx) AuditCheckpoint(number int64) (SealedCheckpoint, error) {
	return row(tx, "SELECT number, time, heads, sealed FROM audit_checkpoint WHERE number = ?", number, scanCheckpoint)
}

// PutAuditCheckpoint keeps a new checkpoint.
func (tx *Tx) PutAuditCheckpoint(c SealedCheckpoint) error {
	_, err := tx.exec("INSERT INTO audit_checkpoint (number, time, heads, sealed) VALUES (?, ?, ?, ?)", c.Number, c.Time, c.Text, c.Sealed)
	return err
}

// ErrAuditDamaged is the answer to the removal of records that do not follow one another: it would remove the evidence.
var ErrAuditDamaged = errors.New("store: the audit trail is damaged")

// PurgeAudit removes a chain's first records, those before a time and none behind the first that is not, at most so many,
// and answers the chain as it stands then.
func (tx *Tx) PurgeAudit(chain int, before time.Time, most int) (audit.Head, error) {
	h, err := row(tx, "SELECT "+headColumns+" FROM audit_chain WHERE chain = ?", chain, scanHead)
	if err != nil {
		return h, err
	}
	old, err := tx.AuditChain(chain, audit.At(chain, h.First)-1, most)
	if err != nil {
		return h, err
	}
	n, hash := 0, h.Base
	for n < len(old) && old[n].Time < micros(before) {
		if l := old[n]; l.Position != audit.At(chain, h.First+int64(n)) || l.Previous != hash || l.Sum() != l.Hash {
			return h, fmt.Errorf("%w: record %s", ErrAuditDamaged, l.Position)
		}
		hash = old[n].Hash
		n++
	}
	if n == 0 {
		return h, nil
	}
	for _, l := range old[:n] {
		for resource := range strings.FieldsSeq(l.Resources) {
			if _, err := tx.exec("DELETE FROM audit_resource WHERE resource = ? AND time = ? AND position = ?", resource, l.Time, int64(l.Position)); err != nil {
				return h, err
			}
		}
	}
	last := old[n-1]
	if _, err := tx.exec("DELETE FROM audit_record WHERE position >= ? AND position <= ?", int64(audit.At(h.Chain, 0)), int64(last.Position)); err != nil {
		return h, err
	}
	h.First, h.Base = last.Position.Sequence()+1, last.Hash
	_, err = tx.exec("UPDATE audit_chain SET first = ?, base = ? WHERE chain = ?", h.First, h.Base, h.Chain)
	return h, err
}

// PurgeAuditCheckpoints removes checkpoints before a time, but for the newest.
func (tx *Tx) PurgeAuditCheckpoints(before time.Time) error {
	_, err := tx.exec("DELETE FROM audit_checkpoint WHERE time < ? AND number < (SELECT max(number) FROM audit_checkpoint)", micros(before))
	return err
}

package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"onramp/internal/audit"
)

// Record puts an entry into the audit trail, with all else that the transaction writes or not at all. It is linked when
// the transaction is committed, so that transactions that share a commit share most of what that costs.
func (tx *Tx) Record(e audit.Entry) error {
	if err := tx.ready(); err != nil {
		return err
	}
	if !tx.write {
		return errReadOnly
	}
	for i, r := range e.Resources {
		if slices.Contains(e.Resources[:i], r) { // rare
			sorted := slices.Sorted(slices.Values(e.Resources))
			e.Resources = slices.Compact(sorted)
			break
		}
	}
	tx.entries = append(tx.entries, e)
	return nil
}

// chain is the one that a session writes to, and what is known of it between transactions. Who else writes to it is found
// when the head is saved.
type chain struct {
	owned  bool
	number int
	known  bool
	head   audit.Head // as it is committed, if it is known
	next   audit.Head // as it is in the transaction
}

// settle is told whether the transaction that moved the head on was committed.
func (c *chain) settle(committed bool) {
	c.head, c.known = c.next, c.known && committed
}

// trailBatches are the numbers of rows that one statement writes: few texts, so that each is prepared once.
var trailBatches = []int{32, 16, 8, 4, 2, 1}

// appendTrail links entries to the end of the session's chain.
func (s *session) appendTrail(ctx context.Context, entries []audit.Entry) error {
	if len(entries) == 0 {
		s.chain.next = s.chain.head
		return nil
	}
	err := s.link(ctx, entries)
	if err != nil {
		s.chain.known = false
	}
	return err
}

func (s *session) link(ctx context.Context, entries []audit.Entry) error {
	if err := s.ownChain(ctx); err != nil {
		return err
	}
	links, err := s.advance(ctx, entries)
	if err != nil {
		return err
	}
	records := make([]any, 0, linkWidth*len(links))
	var resources []any
	for i, l := range links {
		records = append(records, int64(l.Position), l.Time, l.Account, l.Name, l.Resources, l.Previous, l.Hash, l.Body)
		for _, r := range entries[i].Resources {
			resources = append(resources, r, l.Time, int64(l.Position))
		}
	}
	if err := s.insert(ctx, "INSERT INTO audit_record ("+linkColumns+") VALUES ", linkWidth, records); err != nil {
		return err
	}
	return s.insert(ctx, "INSERT INTO audit_resource (resource, time, position) VALUES ", 3, resources)
}

// advance links the entries and moves the chain's end on, which keeps everybody else from it until the transaction ends.
func (s *session) advance(ctx context.Context, entries []audit.Entry) ([]audit.Link, error) {
	c := &s.chain
	for {
		if !c.known {
			head, err := s.readHead(ctx)
			if err != nil {
				return nil, err
			}
			c.head, c.known = head, true
		}
		c.next = c.head
		links := make([]audit.Link, len(entries))
		for i, e := range entries {
			links[i] = c.next.Append(e)
		}
		res, err := s.exec(ctx, "UPDATE audit_chain SET last = ?, hash = ? WHERE chain = ? AND last = ? AND hash = ?",
			[]any{c.next.Last, c.next.Hash, c.number, c.head.Last, c.head.Hash})
		if err != nil {
			return nil, err
		}
		if touched, err := res.RowsAffected(); err != nil || touched == 1 {
			return links, err
		}
		c.known = false // another process has written to it; what it wrote can be read
	}
}

// readHead answers the end of the session's chain, which it makes if there is none yet.
func (s *session) readHead(ctx context.Context) (head audit.Head, err error) {
	_, err = s.exec(ctx, "INSERT INTO audit_chain ("+headColumns+") VALUES (?, 1, '', 0, '') ON CONFLICT (chain) DO NOTHING", []any{s.chain.number})
	if err != nil {
		return head, err
	}
	rows, err := s.query(ctx, "SELECT "+headColumns+" FROM audit_chain WHERE chain = ?", []any{s.chain.number})
	if err != nil {
		return head, err
	}
	for rows.Next() {
		if head, err = scanHead(rows); err != nil {
			return head, errors.Join(err, rows.Close())
		}
	}
	return head, rows.Err()
}

// ownChain chooses the session's chain at its first record.
func (s *session) ownChain(ctx context.Context) error {
	if s.chain.owned || s.dialect.ownChain == "" {
		return nil
	}
	rows, err := s.query(ctx, s.dialect.ownChain, nil)
	if err != nil {
		return err
	}
	number := sharedChain
	for rows.Next() {
		if err := rows.Scan(&number); err != nil {
			return errors.Join(err, rows.Close())
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	s.chain.owned, s.chain.number = true, number
	return nil
}

// sharedChain is what sessions write to that find no chain of their own: they get into each other's way, and no worse.
const sharedChain = 256

// insert writes rows of so many columns in few statements.
func (s *session) insert(ctx context.Context, statement string, width int, values []any) error {
	for _, size := range trailBatches {
		for len(values) >= size*width {
			if _, err := s.exec(ctx, statement+tuples(width, size), values[:size*width]); err != nil {
				return err
			}
			values = values[size*width:]
		}
	}
	return nil
}

const (
	headColumns = "chain, first, base, last, hash"
	linkColumns = "position, time, account, name, resources, previous, hash, body"
)

// linkWidth is the number of linkColumns.
const linkWidth = 8

func scanHead(r *sql.Rows) (h audit.Head, err error) {
	err = r.Scan(&h.Chain, &h.First, &h.Base, &h.Last, &h.Hash)
	return h, err
}

func scanLink(r *sql.Rows) (l audit.Link, err error) {
	err = r.Scan(&l.Position, &l.Time, &l.Account, &l.Name, &l.Resources, &l.Previous, &l.Hash, &l.Body)
	return l, err
}

package controlplane

import (
	"context"
	"errors"
	"fmt"
	"time"

	"onramp/internal/audit"
	"onramp/internal/store"
)

// What records are asked for by.
type (
	AuditQuery  = store.AuditQuery
	AuditCursor = store.AuditCursor
)

// AuditRecords answers records of the audit trail, at most q.Limit.
func (s *Service) AuditRecords(ctx context.Context, q store.AuditQuery) (found []audit.Link, err error) {
	q.Account, q.Resource = recordedUnder(q.Account, q.Resource)
	s.Trail.Flush(ctx)
	err = s.Store.View(ctx, func(tx *store.Tx) (err error) {
		found, err = tx.AuditRecords(q)
		return err
	})
	return found, err
}

// AuditRecord answers one record of the audit trail, by its chain and its number in there.
func (s *Service) AuditRecord(ctx context.Context, chain int, number int64) (l audit.Link, err error) {
	at := audit.At(chain, number)
	if chain < 0 || number < 1 || at.Chain() != chain || at.Sequence() != number {
		return l, refuse(Missing, "There is no record %d/%d.", chain, number)
	}
	err = s.Store.View(ctx, func(tx *store.Tx) error {
		found, err := tx.AuditChain(chain, at-1, 1)
		if err == nil && (len(found) == 0 || found[0].Position != at) {
			err = refuse(Missing, "There is no record %s: it is not written yet, or no longer kept.", at)
		}
		if err == nil {
			l = found[0]
		}
		return err
	})
	return l, err
}

// recordedUnder is what to ask the trail for where an identifier or ARN was asked for. Names of users and roles are an
// account's: in the trail of that they are what they are called, and in others' they have the account before them.
func recordedUnder(account, resource string) (of, id string) {
	owner, named, ok := principalOfARN(resource)
	switch {
	case !ok:
		return account, audit.ID(resource)
	case account == "" || account == owner:
		return owner, audit.ID(resource)
	}
	return account, named
}

// checkpointContext is what the seal of a checkpoint is bound to.
func checkpointContext(number int64) string { return fmt.Sprintf("audit-checkpoint/%d", number) }

// CheckpointAudit seals all chains as they stand, if the last checkpoint is at least as old as that and something has been
// recorded since. Without need it answers a zero checkpoint.
func (s *Service) CheckpointAudit(ctx context.Context, older time.Duration) (c audit.Checkpoint, err error) {
	var heads []audit.Head
	var last []store.SealedCheckpoint
	err = s.Store.View(ctx, func(tx *store.Tx) (err error) {
		if last, err = tx.AuditCheckpoints(1); err != nil {
			return err
		}
		heads, err = tx.AuditHeads()
		return err
	})
	now := s.Now()
	if err != nil || len(heads) == 0 {
		return c, err
	}
	if len(last) > 0 {
		known, err := audit.ParseCheckpoint(last[0].Text)
		if err == nil && (known.Same(heads) || now.UnixMicro()-last[0].Time < older.Microseconds()) {
			return c, nil
		}
	}
	err = s.Store.Update(ctx, func(tx *store.Tx) (err error) {
		c, err = s.seal(tx, heads)
		return err
	})
	if errors.Is(err, store.ErrTaken) { // another server was faster
		return audit.Checkpoint{}, nil
	}
	return c, err
}

// seal keeps a checkpoint.
func (s *Service) seal(tx *store.Tx, heads []audit.Head) (audit.Checkpoint, error) {
	last, err := tx.AuditCheckpoints(1)
	if err != nil {
		return audit.Checkpoint{}, err
	}
	c := audit.Checkpoint{Number: 1, Time: s.Now().UnixMicro(), Heads: heads}
	if len(last) > 0 {
		c.Number = last[0].Number + 1
	}
	text := c.Text()
	sealed, err := s.Seal.Seal([]byte(text), checkpointContext(c.Number))
	if err != nil {
		return c, err
	}
	return c, tx.PutAuditCheckpoint(store.SealedCheckpoint{Checkpoint: c, Text: text, Sealed: sealed})
}

// pruneBatch is how many records one transaction removes.
const pruneBatch = 500

// PruneAudit removes what is older than keep; 0 keeps everything. With each step a checkpoint is sealed that says where the
// chain begins from then on, so that what is left can be verified. It answers the last; a zero one: nothing was removed.
func (s *Service) PruneAudit(ctx context.Context, keep time.Duration) (last audit.Checkpoint, err error) {
	if keep <= 0 {
		return last, nil
	}
	before := s.Now().Add(-keep)
	var heads []audit.Head
	err = s.Store.View(ctx, func(tx *store.Tx) (err error) {
		heads, err = tx.AuditHeads()
		return err
	})
	for i := 0; err == nil && i < len(heads); {
		var begins audit.Head
		var sealed audit.Checkpoint
		err = s.Store.Update(ctx, func(tx *store.Tx) (err error) {
			if begins, err = tx.PurgeAudit(heads[i].Chain, before, pruneBatch); err != nil || begins.First == heads[i].First {
				return err
			}
			all := append([]audit.Head(nil), heads...)
			all[i] = begins
			if sealed, err = s.seal(tx, all); err != nil {
				return err
			}
			return tx.PurgeAuditCheckpoints(before)
		})
		if err == nil && begins.First == heads[i].First {
			i++ // nothing more to remove
		} else if err == nil {
			heads[i], last = begins, sealed
		}
	}
	return last, err
}

// AuditReport is what verifying the audit trail has shown.
type AuditReport struct {
	Records    int
	Chains     int
	Checkpoint int64  // number of the newest; 0: none was sealed yet
	Digest     string // of the newest; empty: there is none whose seal fits
	Findings   []audit.Finding
}

// VerifyAudit reads the whole audit trail, in one snapshot, and finds what is missing, changed or not where it was. The trail
// must have the checkpoint that the memory holds, and those that are expected, exactly.
func (s *Service) VerifyAudit(ctx context.Context, expected ...audit.Mark) (r AuditReport, err error) {
	s.Trail.Flush(ctx)
	kept, unread := s.remembered()
	err = s.Store.View(ctx, func(tx *store.Tx) error {
		r = AuditReport{}
		heads, err := tx.AuditHeads()
		if err != nil {
			return err
		}
		seals, err := s.readSeals(tx, &r)
		if err != nil {
			return err
		}
		if unread != nil {
			r.Findings = append(r.Findings, audit.Finding{Problem: s.unreadable(unread)})
		}
		r.Findings = append(r.Findings, s.hold(seals, kept, expected)...)
		r.Findings = append(r.Findings, seals.Missing(heads)...)
		r.Chains = len(heads)
		for _, h := range heads {
			if err := verifyChain(tx, seals.Check(h), h, &r); err != nil {
				return err
			}
		}
		strays, err := tx.AuditStrays(maxStrays)
		r.Findings = append(r.Findings, strays...)
		return err
	})
	return r, err
}

const (
	maxStrays   = 100
	verifyBatch = 1000
	maxSeals    = 100_000 // checkpoints looked at, the newest: two years of one every ten minutes
)

// readSeals opens all checkpoints.
func (s *Service) readSeals(tx *store.Tx, r *AuditReport) (audit.Seals, error) {
	var seals audit.Seals
	kept, err := tx.AuditCheckpoints(maxSeals)
	for i, k := range kept {
		if i == 0 {
			r.Checkpoint = k.Number
		}
		if i > 0 && k.Number != kept[i-1].Number-1 {
			r.Findings = append(r.Findings, audit.Finding{Problem: fmt.Sprintf("checkpoint %d is missing", kept[i-1].Number-1)})
		}
		c, ok := s.openSeal(k)
		if !ok {
			r.Findings = append(r.Findings, audit.Finding{Problem: fmt.Sprintf("checkpoint %d was changed: its seal does not fit", k.Number)})
			continue
		}
		if i == 0 {
			r.Digest = c.Digest()
		}
		seals = append(seals, c)
	}
	return seals, err
}

func verifyChain(tx *store.Tx, check *audit.Check, h audit.Head, r *AuditReport) error {
	after := audit.At(h.Chain, 0) - 1
	for {
		links, err := tx.AuditChain(h.Chain, after, verifyBatch)
		if err != nil {
			return err
		}
		for _, l := range links {
			check.Take(l)
			after = l.Position
		}
		r.Records += len(links)
		if len(links) < verifyBatch {
			r.Findings = append(r.Findings, check.End()...)
			return nil
		}
	}
}

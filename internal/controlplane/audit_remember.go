package controlplane

import (
	"context"
	"errors"
	"fmt"

	"onramp/internal/audit"
	"onramp/internal/store"
)

// CheckpointMemory holds the newest checkpoint of the audit trail where who has only the database does not reach: the trail
// cannot tell of itself that its end was cut off with the checkpoints over it.
type CheckpointMemory interface {
	Read() (audit.Mark, error) // a zero Mark: it holds none yet
	Keep(m audit.Mark) error
	String() string // where it is, for messages
}

// remembered is what the memory holds, if there is one. It is to be read before the snapshot of the trail that it is held
// against, which then has all that it had.
func (s *Service) remembered() (audit.Mark, error) {
	if s.Checkpoints == nil {
		return audit.Mark{}, nil
	}
	return s.Checkpoints.Read()
}

// behind says what is wrong with a trail that is to have the checkpoint that the memory holds; empty: nothing. has is the
// checkpoint of its number, nil if there is none.
func (s *Service) behind(kept audit.Mark, has *audit.Checkpoint, newest int64) string {
	if kept.Number == 0 {
		return ""
	}
	problem := kept.Differs(has, newest)
	expired := s.KeepAudit > 0 && kept.Time < s.Now().Add(-s.KeepAudit).UnixMicro()
	if problem == "" || has == nil && expired && newest > kept.Number { // it was removed with the records of its time
		return ""
	}
	return fmt.Sprintf("checkpoint %d, which %s holds, %s", kept.Number, s.Checkpoints, problem)
}

// unreadable is what is wrong when the memory cannot be read.
func (s *Service) unreadable(err error) string {
	return fmt.Sprintf("the newest checkpoint cannot be read from %s: %v", s.Checkpoints, err)
}

// RememberAudit holds the trail against the checkpoint that the memory holds, and has it hold the newest one instead. A trail
// that is behind is told of, and the memory stays as it is: what it holds is the evidence.
func (s *Service) RememberAudit(ctx context.Context) (behind string, err error) {
	kept, unread := s.remembered()
	if unread != nil {
		return s.unreadable(unread), nil
	}
	var newest audit.Mark
	err = s.Store.View(ctx, func(tx *store.Tx) error {
		all, err := tx.AuditCheckpoints(1)
		if err != nil {
			return err
		}
		if len(all) > 0 {
			if c, ok := s.openSeal(all[0]); ok {
				newest = c.Mark()
			}
		}
		has, err := s.checkpoint(tx, kept.Number)
		behind = s.behind(kept, has, newest.Number)
		return err
	})
	if err != nil || behind != "" || newest.Number <= kept.Number || s.Checkpoints == nil {
		return behind, err
	}
	return "", s.Checkpoints.Keep(newest)
}

// checkpoint answers a checkpoint whose seal fits; nil: there is none.
func (s *Service) checkpoint(tx *store.Tx, number int64) (*audit.Checkpoint, error) {
	kept, err := tx.AuditCheckpoint(number)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if c, ok := s.openSeal(kept); ok {
		return &c, nil
	}
	return nil, nil
}

// openSeal answers a checkpoint as it was sealed; ok is false if its seal does not fit.
func (s *Service) openSeal(k store.SealedCheckpoint) (c audit.Checkpoint, ok bool) {
	text, err := s.Seal.Open(k.Sealed, checkpointContext(k.Number))
	c, malformed := audit.ParseCheckpoint(k.Text)
	return c, err == nil && malformed == nil && string(text) == k.Text && c.Number == k.Number && c.Time == k.Time
}

// hold holds the checkpoints of a trail against what is known of them elsewhere.
func (s *Service) hold(seals audit.Seals, kept audit.Mark, expected []audit.Mark) (found []audit.Finding) {
	newest := int64(0)
	if len(seals) > 0 {
		newest = seals[0].Number
	}
	if problem := s.behind(kept, seals.Of(kept.Number), newest); problem != "" {
		found = append(found, audit.Finding{Problem: problem})
	}
	for _, m := range expected {
		if problem := m.Differs(seals.Of(m.Number), newest); problem != "" {
			found = append(found, audit.Finding{Problem: fmt.Sprintf("checkpoint %d %s", m.Number, problem)})
		}
	}
	return found
}

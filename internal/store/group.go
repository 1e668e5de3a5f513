package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"onramp/internal/audit"
)

// group is the updates that share a commit. It serves them until each has its answer.
type group struct {
	writer  *writer
	members []*update // taken and not answered
	grown   bool      // takes no more members
	careful bool      // sets savepoints
}

// serve tries the members together. When another transaction was in the way the same ones are tried again, at last each
// for itself, so that one that can never succeed does not hold up the others.
func (g *group) serve() {
	for attempt := 0; len(g.members) > 0; attempt++ {
		cause := g.try()
		if cause == nil {
			return
		}
		g.grown = true
		if errors.Is(cause, errUndo) {
			g.careful = true
			continue
		}
		g.writer.width.collided()
		g.writer.log.Debug("transaction repeated", "updates", len(g.members), "attempt", attempt+1, "cause", cause)
		g.dismiss(cause)
		if attempt >= togetherAttempts && len(g.members) > 1 {
			g.separate()
			return
		}
		pause(attempt)
	}
}

const togetherAttempts = 3

func (g *group) separate() {
	for len(g.members) > 0 {
		one := &group{writer: g.writer, members: g.members[:1:1], grown: true}
		g.members = g.members[1:]
		one.serve()
	}
}

// dismiss answers the members that have no time left for another attempt.
func (g *group) dismiss(cause error) {
	var keep []*update
	for _, u := range g.members {
		switch {
		case u.ctx.Err() != nil:
			u.done <- u.ctx.Err()
		case u.expired():
			u.done <- fmt.Errorf("store: gave up: %w", cause)
		default:
			keep = append(keep, u)
		}
	}
	g.members = keep
}

// try runs the members in one transaction and answers them, unless it returns why they are to be tried again.
func (g *group) try() (cause error) {
	sess, err := g.session()
	if errors.Is(err, ErrClosed) {
		g.answer(make([]error, len(g.members)), err)
		return nil
	}
	if err != nil {
		return err
	}
	t := &transaction{session: sess, run: context.Background(), careful: g.careful, clock: g.writer.clock, untrailed: g.writer.untrailed} // no single caller's; see session
	ended := false
	defer func() {
		if !ended { // f ended this goroutine
			t.end(errEnded)
			g.putBack(t)
			g.answer(make([]error, len(g.members)), errEnded)
		}
	}()
	results, cause := g.run(t)
	var commit error
	if cause == nil {
		commit, cause = t.commit()
	}
	ended = true
	g.putBack(t)
	if cause != nil {
		return cause
	}
	if t.deliveries > 0 {
		g.writer.deliveries.Ring()
	}
	g.answer(results, commit)
	return nil
}

// session waits for a session, all of whose statements must be answered within updateCap.
func (g *group) session() (*session, error) {
	ctx, cancel := context.WithTimeout(context.Background(), updateCap)
	defer cancel()
	sess, err := g.writer.sessions.get(ctx)
	if err != nil {
		return nil, err
	}
	if err := sess.deadline(time.Now().Add(updateCap)); err != nil {
		g.writer.sessions.put(sess, false)
		return nil, err
	}
	return sess, nil
}

func (g *group) putBack(t *transaction) {
	good := !t.broken && t.session.deadline(time.Time{}) == nil
	g.writer.sessions.put(t.session, good)
}

var errEnded = errors.New("store: a function in a transaction ended its goroutine")

// run runs every member, and those that arrive meanwhile. The results stand only once the transaction is committed, those
// that are errors, too: what a function refused may depend on what the ones before it wrote.
func (g *group) run(t *transaction) (results []error, cause error) {
	began := time.Now()
	for i := 0; ; i++ {
		if i == len(g.members) {
			if g.grown || i >= groupSize || time.Since(began) > groupTime {
				return results, nil
			}
			u := g.writer.next()
			if u == nil {
				return results, nil
			}
			if !u.take() {
				i--
				continue
			}
			g.members = append(g.members, u)
		}
		err, cause := t.member(g.members[i])
		if cause != nil {
			return nil, cause
		}
		results = append(results, err)
	}
}

// answer gives every member its result, or the commit's if that failed.
func (g *group) answer(results []error, commit error) {
	for i, u := range g.members {
		if results[i] == nil {
			results[i] = commit
		}
		u.done <- results[i]
	}
	g.members = nil
	if commit == nil {
		g.writer.width.committed()
	}
}

// transaction is one attempt at a group: a transaction of the database. Most members succeed, or fail before they write
// anything. Should one fail later, what it wrote can only be undone together with what the members before it wrote: then
// all run again, carefully, with a savepoint before each but the first.
type transaction struct {
	session   *session
	run       context.Context
	careful   bool
	clock     func() time.Time
	untrailed bool // changes of state stay out of the trail
	begun     bool
	kept      int           // members whose writes are in it
	saved     bool          // the savepoint exists
	dirty     bool          // and a member has written after it
	broken    bool          // the connection cannot serve again
	entries   []audit.Entry // of the kept members, for the trail
	told      []told        // likewise, events

	deliveries int // that it has committed
}

// member runs one update. cause is set when the transaction is gone and all its members are to be tried again.
func (t *transaction) member(u *update) (err, cause error) {
	for n := 1; ; n++ {
		if cause := t.mark(); cause != nil {
			return nil, cause
		}
		tx := &Tx{ctx: u.ctx, run: t.run, session: t.session, write: true, clock: t.clock, untrailed: t.untrailed}
		err := u.call(tx)
		if tx.failed != nil && t.repeatable(tx.failed) {
			t.end(tx.failed)
			return nil, tx.failed
		}
		if err == nil {
			t.kept++
			t.dirty = true
			t.entries = append(t.entries, tx.entries...)
			t.told = append(t.told, tx.told...)
			return nil, nil
		}
		if tx.wrote || tx.failed != nil {
			if cause := t.undo(); cause != nil {
				return nil, cause
			}
		}
		if !errors.Is(err, ErrConflict) || n == conflictRuns {
			return err, nil
		}
	}
}

func (t *transaction) repeatable(err error) bool {
	return t.session.dialect.retryable(err) || t.session.dialect.lost(err)
}

// mark begins the transaction, or sets the savepoint that a failing member goes back to.
func (t *transaction) mark() error {
	statement := t.session.dialect.savepoint
	switch {
	case !t.begun:
		statement = t.session.dialect.beginUpdate
	case t.kept == 0, !t.careful, t.saved && !t.dirty:
		return nil // there is nothing before the member, or it is already marked
	case t.saved:
		statement = t.session.dialect.nextSavepoint
	}
	if err := t.session.runAll(t.run, statement); err != nil {
		t.end(err)
		return err
	}
	t.saved = t.begun
	t.begun, t.dirty = true, false
	return nil
}

// errUndo asks for the members to be run again, with savepoints.
var errUndo = errors.New("store: a function failed after it had written")

// undo takes the latest member's writes back.
func (t *transaction) undo() error {
	if t.kept > 0 && !t.careful {
		t.end(errUndo)
		return errUndo
	}
	statement := "ROLLBACK TO SAVEPOINT s"
	if t.kept == 0 {
		statement = "ROLLBACK"
	}
	if err := t.session.run(t.run, statement); err != nil {
		t.broken = true
		return err
	}
	if t.kept == 0 {
		t.begun = false
	}
	t.dirty = false
	return nil
}

// end gives the whole transaction up after an error, and the connection, too, if it does not even do that.
func (t *transaction) end(err error) {
	t.broken = t.session.dialect.lost(err) || t.session.run(t.run, "ROLLBACK") != nil
}

// commit makes the members' writes durable. err is for all of them; cause says that nothing was committed and all can be
// tried again.
func (t *transaction) commit() (err, cause error) {
	if !t.begun {
		return nil, nil
	}
	if err := t.session.appendTrail(t.run, t.entries); err != nil {
		t.end(err)
		if t.repeatable(err) {
			return nil, err
		}
		return fmt.Errorf("store: the audit trail: %w", err), nil
	}
	deliveries, err := t.session.appendEvents(t.run, t.told)
	if err != nil {
		t.session.chain.known = false // the trail is not written either
		t.end(err)
		if t.repeatable(err) {
			return nil, err
		}
		return fmt.Errorf("store: events: %w", err), nil
	}
	err = t.session.run(t.run, "COMMIT")
	t.session.chain.settle(err == nil)
	if err == nil {
		t.deliveries = deliveries
		return nil, nil
	}
	t.end(err)
	if t.session.dialect.retryable(err) {
		return nil, err
	}
	// Also when the connection was lost: whether the database committed is not known, so it must not be tried again.
	return fmt.Errorf("store: commit: %w", err), nil
}

package console

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"
)

// world is what a live asks, turned by a test.
type world struct {
	mu     sync.Mutex
	state  map[string]string
	looked map[string]chan struct{} // gets something for each look at an account
	broken bool
}

func newWorld() *world {
	return &world{state: map[string]string{"a": "1", "b": "1"}, looked: map[string]chan struct{}{"a": make(chan struct{}), "b": make(chan struct{})}}
}

func (w *world) changes(ctx context.Context, account string) (string, error) {
	select {
	case w.looked[account] <- struct{}{}:
	case <-ctx.Done():
		return "", ctx.Err()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.broken {
		return "", errors.New("the database is away")
	}
	return w.state[account], nil
}

func (w *world) set(account, to string, broken bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.state[account], w.broken = to, broken
}

// look lets the account be looked at twice: what the first saw has been told when the second begins.
func (w *world) look(account string) {
	<-w.looked[account]
	<-w.looked[account]
}

func has(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

func TestLive(t *testing.T) {
	t.Parallel()
	w := newWorld()
	l := newLive(w.changes)
	l.every = time.Millisecond
	a, endA := l.listen("a", mark("1"))
	late, endLate := l.listen("a", mark("0")) // its page was made before the last change
	b, endB := l.listen("b", mark("1"))
	w.look("a")
	w.look("b")
	if has(a) || !has(late) || has(b) {
		t.Error("at first only who is late is told")
	}
	w.set("a", "2", false)
	w.look("a")
	w.look("b")
	if !has(a) || !has(late) || has(b) {
		t.Error("what changes is told to those whose it is, and to nobody else")
	}
	w.look("a")
	if has(a) {
		t.Error("it is told once")
	}
	w.set("a", "2", true)
	w.look("a")
	w.set("a", "3", true)
	w.look("a")
	if has(a) {
		t.Error("what cannot be read is no change")
	}
	w.set("a", "3", false)
	w.look("a")
	if !has(a) {
		t.Error("a change while it could not be read is told afterwards")
	}
	endA()
	endLate()
	endB()
	l.close()
	if len(l.watched) != 0 || l.streams != 0 {
		t.Errorf("%d accounts are watched for %d streams when nobody listens", len(l.watched), l.streams)
	}
	if c, _ := l.listen("a", ""); c != nil {
		t.Error("one can listen after the end")
	}
}

func TestLiveIsBounded(t *testing.T) {
	t.Parallel()
	l := newLive(func(ctx context.Context, _ string) (string, error) { return "", ctx.Err() })
	defer l.close()
	for range maxEach {
		if c, _ := l.listen("a", ""); c == nil {
			t.Fatal("too few pages of one account")
		}
	}
	if c, _ := l.listen("a", ""); c != nil {
		t.Error("one account has more pages than it may")
	}
	if c, _ := l.listen("b", ""); c == nil {
		t.Error("another account has none")
	}
}

package store

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"
)

// writer runs Updates in group commits: a lane takes what is waiting, runs the functions one after another so that each
// fails for itself (see transaction), and commits once for all of them. While a commit waits for the disk the next group gathers, so that the more callers there
// are, the fewer commits each of them costs.
//
// SQLite has one lane. PostgreSQL has several, and narrows them when transactions get into each other's way: functions
// in one transaction cannot.
type writer struct {
	dialect  *dialect
	log      *slog.Logger
	sessions *pool
	queue    chan *update
	stop     chan struct{} // closed: take no more
	stopping sync.Once
	lanes    sync.WaitGroup
	width    width

	clock      func() time.Time // nil: the real one
	untrailed  bool             // changes of state stay out of the audit trail
	deliveries Bell
}

const (
	groupSize = 64                    // PostgreSQL keeps 64 subtransactions at hand; more are slow
	groupTime = 20 * time.Millisecond // after which a group takes no more
)

func newWriter(sessions *pool, d *dialect, lanes int, log *slog.Logger) *writer {
	w := &writer{dialect: d, log: log, sessions: sessions, queue: make(chan *update), stop: make(chan struct{}), deliveries: make(Bell, 1)}
	w.width.init(lanes)
	for i := range lanes {
		w.lanes.Add(1)
		go w.lane(i)
	}
	return w
}

func (w *writer) close() {
	w.stopping.Do(func() { close(w.stop) })
	w.width.open()
	w.lanes.Wait()
}

func (w *writer) do(ctx context.Context, f func(tx *Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	u := newUpdate(ctx, f)
	select {
	case <-w.stop:
		return ErrClosed
	default:
	}
	select {
	case w.queue <- u:
		return u.wait()
	case <-ctx.Done():
		return ctx.Err()
	case <-w.stop:
		return ErrClosed
	}
}

// lane serves the queue. A function that ends its goroutine (testing.T.FailNow does) ends the lane; another follows.
func (w *writer) lane(i int) {
	finished := false
	defer func() {
		if finished {
			w.lanes.Done()
			return
		}
		go w.lane(i)
	}()
	for {
		w.width.wait(i)
		select {
		case u := <-w.queue:
			if u.take() {
				g := &group{writer: w, members: []*update{u}}
				g.serve()
			}
		case <-w.stop:
			finished = true
			return
		}
	}
}

// next is another waiting update, or nil.
func (w *writer) next() *update {
	select {
	case u := <-w.queue:
		return u
	default:
		return nil
	}
}

// pause waits before attempt n+1, longer each time and not in step with others: 1 ms and less to 100 ms.
func pause(attempt int) {
	longest := min(time.Millisecond<<min(attempt, 10), 100*time.Millisecond)
	timer := time.NewTimer(rand.N(longest))
	<-timer.C
}

// width is how many lanes serve. It begins with one, which shares commits best and collides with nothing in this process,
// and grows by one after a run of commits without a collision, which is what helps when the database is far away. A
// collision halves it and doubles the run that is asked for.
type width struct {
	mu     sync.Mutex
	cond   *sync.Cond
	now    int
	most   int
	clean  int // commits in a row without a collision
	asked  int // for the next lane
	opened bool
}

const (
	shortRun = 64
	longRun  = 1 << 14
)

func (d *width) init(most int) {
	d.cond, d.now, d.most, d.asked = sync.NewCond(&d.mu), 1, most, shortRun
}

func (d *width) wait(lane int) {
	if lane == 0 {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for lane >= d.now && !d.opened {
		d.cond.Wait()
	}
}

func (d *width) collided() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.now, d.clean, d.asked = max(1, d.now/2), 0, min(2*d.asked, longRun)
}

func (d *width) committed() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.now == d.most {
		return
	}
	if d.clean++; d.clean >= d.asked {
		d.clean = 0
		d.now++
		d.cond.Broadcast()
	}
}

// open lets every lane pass, to end.
func (d *width) open() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.opened = true
	d.cond.Broadcast()
}

package webhook_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"onramp/internal/event"
	"onramp/internal/store"
)

// faulty is a receiver that is down until it is mended, and then keeps what it took.
type faulty struct {
	*httptest.Server
	down atomic.Bool
	mu   sync.Mutex
	ids  []string
}

func newFaulty(t *testing.T) *faulty {
	f := &faulty{}
	f.down.Store(true)
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if f.down.Load() {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		f.mu.Lock()
		defer f.mu.Unlock()
		f.ids = append(f.ids, r.Header.Get(event.HeaderID))
	}))
	t.Cleanup(f.Close)
	return f
}

// took answers the IDs that came, in their order.
func (f *faulty) took() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.ids)
}

// turn sets the clock to a time, stopping whenever something is due, and answers the deliveries, all of one resource, the
// latest event first.
func (b *bed) turn(to time.Time) []store.Delivery {
	b.t.Helper()
	for {
		b.store.Deliveries().Ring() // it looks every second anyway
		next := to
		all := b.until("trying all that is due", func(all []store.Delivery) bool {
			next = to
			waiting := waitingOf(all)
			if len(waiting) == 0 {
				return true
			}
			if waiting[0].Due.Before(next) { // the others have their turn after it
				next = waiting[0].Due
			}
			return waiting[0].Due.After(b.time())
		})
		if !b.time().Before(to) {
			return all
		}
		b.now.Store(next.UnixMicro())
	}
}

// waitingOf answers the deliveries that wait, the first event first.
func waitingOf(all []store.Delivery) (waiting []store.Delivery) {
	for _, d := range slices.Backward(all) {
		if d.State == store.DeliveryWaiting {
			waiting = append(waiting, d)
		}
	}
	return waiting
}

// happen tells the webhook of an event, the nth of the resource.
func (b *bed) happen(n int) {
	b.t.Helper()
	b.update(func(tx *store.Tx) error {
		return tx.Tell(event.Event{Kind: event.Gateway, Time: b.time(), Resource: "r", Detail: event.Detail("n", n)})
	})
}

// TestGivenUp: three days of the turned clock after it happened an event is given up; the next one has its turn, and the first
// can be delivered again with its ID.
func TestGivenUp(t *testing.T) {
	t.Parallel()
	receiver := newFaulty(t)
	b := newBed(t, nil)
	begun := b.time()
	b.tell(receiver.URL, 1)
	b.turn(begun.Add(time.Hour))
	b.happen(2)
	all := b.turn(begun.Add(72*time.Hour - time.Second))
	if n := all[1].Attempts; all[1].State != store.DeliveryWaiting || n < 10 || n > 30 || all[0].Attempts != 0 {
		t.Fatalf("at the end of three days the first is %s, tried %d times, and the second tried %d times", all[1].State, n, all[0].Attempts)
	}
	all = b.turn(begun.Add(72 * time.Hour))
	if all[1].State != store.DeliveryDead || all[0].State != store.DeliveryWaiting || all[0].Attempts != 1 {
		t.Fatalf("after three days the first is %s, and the second %s, tried %d times", all[1].State, all[0].State, all[0].Attempts)
	}
	receiver.down.Store(false)
	all = b.turn(begun.Add(73 * time.Hour))
	b.update(func(tx *store.Tx) error {
		_, err := tx.Redeliver("h", "", b.time())
		return err
	})
	b.turn(b.time())
	if got := receiver.took(); !slices.Equal(got, []string{all[0].Event.ID, all[1].Event.ID}) {
		t.Errorf("delivered %v, want %s and then %s", got, all[0].Event.ID, all[1].Event.ID)
	}
}

// TestDeadReceiver: a resource that changes twice a day, told to a receiver that is down for ten days, never has more waiting
// than what has happened in the last three; and that arrives, in its order, when the receiver is back.
func TestDeadReceiver(t *testing.T) {
	t.Parallel()
	receiver := newFaulty(t)
	b := newBed(t, nil)
	begun := b.time()
	b.tell(receiver.URL, 0)
	var all []store.Delivery
	for n := range 20 {
		b.turn(begun.Add(time.Duration(n) * 12 * time.Hour))
		b.happen(n + 1)
		all = b.turn(b.time().Add(time.Hour))
		for _, d := range all {
			age := b.time().Sub(d.Event.Time)
			switch {
			case d.State == store.DeliveryWaiting && age >= 72*time.Hour:
				t.Fatalf("after %d events one that is %s old still waits, tried %d times", n+1, age, d.Attempts)
			case d.State == store.DeliveryDead && (age < 72*time.Hour || d.Attempts < 1):
				t.Fatalf("an event was given up when it was %s old and tried %d times", age, d.Attempts)
			}
		}
	}
	left := waitingOf(all)
	if len(left) != 6 {
		t.Fatalf("%d events wait after ten days, want the six of the last three", len(left))
	}
	receiver.down.Store(false)
	b.turn(b.time().Add(7 * time.Hour))
	var want []string
	for _, d := range left {
		want = append(want, d.Event.ID)
	}
	if got := receiver.took(); !slices.Equal(got, want) {
		t.Errorf("the receiver took %v, want %v", got, want)
	}
}

// TestGiveUpAnew: what was asked for again, and what a paused webhook was not sent, has its three days from then on.
func TestGiveUpAnew(t *testing.T) {
	t.Parallel()
	receiver := newFaulty(t)
	b := newBed(t, nil)
	b.tell(receiver.URL, 1)
	if all := b.turn(b.time().Add(100 * time.Hour)); all[0].State != store.DeliveryDead {
		t.Fatalf("after 100 hours the event is %s", all[0].State)
	}
	b.update(func(tx *store.Tx) error {
		_, err := tx.Redeliver("h", "", b.time())
		return err
	})
	if all := b.turn(b.time().Add(71 * time.Hour)); all[0].State != store.DeliveryWaiting || all[0].Attempts < 10 {
		t.Errorf("71 hours after it was asked for again the event is %s, tried %d times", all[0].State, all[0].Attempts)
	}
	if all := b.turn(b.time().Add(time.Hour)); all[0].State != store.DeliveryDead {
		t.Errorf("72 hours after it was asked for again the event is %s", all[0].State)
	}

	pause := func(paused bool) {
		b.update(func(tx *store.Tx) error {
			w, err := tx.Webhook("h")
			if err != nil {
				return err
			}
			w.Pause(paused, b.time())
			return tx.PutWebhook(&w)
		})
	}
	pause(true)
	b.happen(2)
	b.now.Add((200 * time.Hour).Microseconds())
	pause(false)
	if all := b.turn(b.time().Add(71 * time.Hour)); all[0].State != store.DeliveryWaiting || all[0].Attempts < 10 {
		t.Errorf("71 hours after the webhook went on the event is %s, tried %d times", all[0].State, all[0].Attempts)
	}
}

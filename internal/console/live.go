package console

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"sync"
	"time"
)

const (
	lookEvery  = time.Second      // how often it is looked whether something has changed
	quietFor   = 20 * time.Second // until a stream says that it is still there
	streamLast = 5 * time.Minute  // until a browser has to begin a new stream
	maxStreams = 2000             // at once
	maxEach    = 30               // of one account, or of operators
)

// live tells pages that something of an account has changed. However many pages of an account are open, the store is asked
// once a second for all of them; with none open it is not asked.
type live struct {
	changes func(ctx context.Context, account string) (string, error)
	every   time.Duration

	mu      sync.Mutex
	watched map[string]*watch // by account; "" is everybody
	streams int
	stop    context.CancelFunc
	ctx     context.Context
	work    sync.WaitGroup
}

// watch is what is known of one account.
type watch struct {
	listeners map[chan struct{}]string // what each has seen; empty: not known yet
	end       context.CancelFunc
}

func newLive(changes func(ctx context.Context, account string) (string, error)) *live {
	l := &live{changes: changes, every: lookEvery, watched: map[string]*watch{}}
	l.ctx, l.stop = context.WithCancel(context.Background())
	return l
}

func (l *live) close() {
	l.stop()
	l.work.Wait()
}

// mark tells states of an account apart; of a page it says which one it shows.
func mark(changes string) string {
	sum := sha256.Sum256([]byte(changes))
	return hex.EncodeToString(sum[:8])
}

// listen answers a channel that gets something when the account is no longer as seen, a mark, and what to call in the end; nil
// if there are too many streams.
func (l *live) listen(account, seen string) (<-chan struct{}, func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	w := l.watched[account]
	if l.ctx.Err() != nil || l.streams >= maxStreams || w != nil && len(w.listeners) >= maxEach {
		return nil, nil
	}
	if w == nil {
		ctx, end := context.WithCancel(l.ctx)
		w = &watch{listeners: map[chan struct{}]string{}, end: end}
		l.watched[account] = w
		l.work.Go(func() { l.look(ctx, account, w) })
	}
	c := make(chan struct{}, 1)
	w.listeners[c] = seen
	l.streams++
	return c, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(w.listeners, c)
		l.streams--
		if len(w.listeners) == 0 {
			w.end()
			delete(l.watched, account)
		}
	}
}

// look asks the store for as long as somebody listens. What cannot be read is asked again.
func (l *live) look(ctx context.Context, account string, w *watch) {
	ticker := time.NewTicker(l.every)
	defer ticker.Stop()
	for {
		now, err := l.changes(ctx, account)
		if err == nil {
			l.tell(w, mark(now))
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// tell lets those know who have seen something else.
func (l *live) tell(w *watch, now string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for c, seen := range w.listeners {
		w.listeners[c] = now
		if seen == now || seen == "" {
			continue
		}
		select {
		case c <- struct{}{}:
		default: // it has not read the last one yet
		}
	}
}

// eventsPath is where the stream of changes is.
const eventsPath = "/console/events"

// events is a stream of server-sent events (HTML Living Standard, "Server-sent events"): one named change whenever a page
// should be read again.
func (s *Console) events(v *visit) (answer, error) {
	account := v.Who.Account
	if v.URL.Query().Get("of") == "all" {
		if !v.Who.Operator {
			return nil, forbidden("This is for operators.")
		}
		account = ""
	}
	changed, end := s.live.listen(account, v.URL.Query().Get("seen"))
	if changed == nil {
		return nil, &problem{http.StatusServiceUnavailable, "There are too many pages open that follow changes. This one stays as it is until it is loaded again."}
	}
	defer end()
	control := http.NewResponseController(v.w)
	if err := control.SetReadDeadline(time.Time{}); err != nil { // that of the request would end the stream
		return nil, err
	}
	v.w.Header().Set("Content-Type", "text/event-stream")
	v.w.Header().Set("X-Accel-Buffering", "no")
	say := func(text string) bool {
		if err := control.SetWriteDeadline(time.Now().Add(quietFor)); err != nil {
			return false
		}
		_, err := fmt.Fprint(v.w, text)
		return err == nil && control.Flush() == nil
	}
	if !say("retry: 2000\n\n") {
		return nil, nil
	}
	quiet := time.NewTicker(quietFor / 2)
	defer quiet.Stop()
	over := time.NewTimer(streamLast)
	defer over.Stop()
	for {
		text := ""
		select {
		case <-v.Context().Done():
			return nil, nil
		case <-s.live.ctx.Done():
			return nil, nil
		case <-over.C:
			return nil, nil
		case <-quiet.C:
			text = ": still here\n\n"
		case <-changed:
			text = "event: change\ndata: 1\n\n"
		}
		if !say(text) {
			return nil, nil
		}
	}
}

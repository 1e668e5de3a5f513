package router

import (
	"io"
	"net"
	"sync"
	"testing"
)

// cable is what lies between the routers and one server: it can be cut, and what passes is kept.
type cable struct {
	listener net.Listener
	target   string

	mu     sync.Mutex
	down   bool
	conns  map[net.Conn]bool
	passed []byte
	thaw   chan struct{} // closed when what is frozen flows again; nil: it flows
	work   sync.WaitGroup
}

func newCable(t testing.TB, target string) *cable {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &cable{listener: l, target: target, conns: map[net.Conn]bool{}}
	w.work.Go(w.accept)
	t.Cleanup(func() {
		_ = l.Close()
		w.cut(true)
		w.work.Wait()
	})
	return w
}

func (w *cable) address() string { return w.listener.Addr().String() }

func (w *cable) accept() {
	for {
		c, err := w.listener.Accept()
		if err != nil {
			return
		}
		w.work.Go(func() { w.pass(c) })
	}
}

func (w *cable) pass(c net.Conn) {
	far, err := net.Dial("tcp", w.target)
	if err != nil {
		_ = c.Close()
		return
	}
	w.mu.Lock()
	if w.down {
		w.mu.Unlock()
		_, _ = c.Close(), far.Close()
		return
	}
	w.conns[c], w.conns[far] = true, true
	w.mu.Unlock()
	var both sync.WaitGroup
	for from, to := range map[net.Conn]net.Conn{c: far, far: c} {
		both.Go(func() {
			_, _ = io.Copy(io.MultiWriter(w, to), from)
			_, _ = to.Close(), from.Close()
		})
	}
	both.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.conns, c)
	delete(w.conns, far)
}

// Write keeps what passes, and holds it up while the wire is frozen.
func (w *cable) Write(p []byte) (int, error) {
	w.mu.Lock()
	thaw := w.thaw
	w.mu.Unlock()
	if thaw != nil {
		<-thaw
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.passed = append(w.passed, p...)
	return len(p), nil
}

// cut takes the wire away, or gives it back.
func (w *cable) cut(down bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.down = down
	if down {
		for c := range w.conns {
			_ = c.Close()
		}
	}
}

// freeze has nothing pass any more, without an end of any connection.
func (w *cable) freeze(frozen bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if frozen {
		w.thaw = make(chan struct{})
		return
	}
	close(w.thaw)
	w.thaw = nil
}

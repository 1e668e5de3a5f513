package lab

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"sync"
	"time"

	"golang.org/x/net/icmp"
	"golang.org/x/net/ipv4"
	"golang.org/x/net/ipv6"
)

// Pings are echo requests sent at an even rate while something happens.
type Pings struct {
	conn   *icmp.PacketConn
	target netip.Addr
	id     int
	every  time.Duration

	stop context.CancelFunc
	work sync.WaitGroup

	mu       sync.Mutex
	sent     []time.Time
	answered []time.Time // by sequence number; zero: not
	last     error       // of sending
}

// Answers say what became of pings.
type Answers struct {
	Sent, Lost int
	// Silence is the longest time without an answer: from the sending of the first ping that was lost to the sending of
	// the next that was answered. 0: none was lost.
	Silence time.Duration
}

func (a Answers) String() string {
	return fmt.Sprintf("%d of %d pings lost, %v without an answer", a.Lost, a.Sent, a.Silence.Round(time.Millisecond))
}

// Ping sends a ping from source (invalid: the host chooses) every interval until Stop.
func (h *Host) Ping(source, target netip.Addr, every time.Duration) *Pings {
	h.t.Helper()
	network, local := "ip4:icmp", "0.0.0.0"
	if target.Is6() {
		network, local = "ip6:ipv6-icmp", "::"
	}
	if source.IsValid() {
		local = source.String()
	}
	p := &Pings{target: target, id: os.Getpid() & 0xffff, every: every}
	err := h.Do(func() (err error) {
		p.conn, err = icmp.ListenPacket(network, local)
		return err
	})
	if err != nil {
		h.t.Fatalf("ping from %s: %v", h.Name, err)
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(h.t.Context()))
	p.stop = stop
	p.work.Go(p.receive)
	p.work.Go(func() { p.send(ctx) })
	h.t.Cleanup(func() { p.Stop() })
	return p
}

func (p *Pings) send(ctx context.Context) {
	tick := time.NewTicker(p.every)
	defer tick.Stop()
	for n := 0; ; n++ {
		var kind icmp.Type = ipv4.ICMPTypeEcho
		if p.target.Is6() {
			kind = ipv6.ICMPTypeEchoRequest
		}
		m := icmp.Message{Type: kind, Body: &icmp.Echo{ID: p.id, Seq: n & 0xffff, Data: []byte("lab")}}
		bytes, err := m.Marshal(nil)
		p.mu.Lock()
		p.sent, p.answered = append(p.sent, time.Now()), append(p.answered, time.Time{})
		p.mu.Unlock()
		if err == nil {
			_, err = p.conn.WriteTo(bytes, &net.IPAddr{IP: p.target.AsSlice()})
		}
		p.mu.Lock()
		p.last = err // no route, say: that ping is lost
		p.mu.Unlock()
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (p *Pings) receive() {
	protocol := 1
	if p.target.Is6() {
		protocol = 58
	}
	for buffer := make([]byte, 1500); ; {
		n, from, err := p.conn.ReadFrom(buffer)
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			continue
		}
		m, err := icmp.ParseMessage(protocol, buffer[:n])
		if err != nil || m.Type != ipv4.ICMPTypeEchoReply && m.Type != ipv6.ICMPTypeEchoReply {
			continue
		}
		echo, ok := m.Body.(*icmp.Echo)
		if !ok || echo.ID != p.id || from.(*net.IPAddr).IP.String() != p.target.String() {
			continue
		}
		p.mu.Lock()
		if echo.Seq < len(p.answered) && p.answered[echo.Seq].IsZero() {
			p.answered[echo.Seq] = time.Now()
		}
		p.mu.Unlock()
	}
}

// Answered is how many answers have come so far.
func (p *Pings) Answered() (n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, at := range p.answered {
		if !at.IsZero() {
			n++
		}
	}
	return n
}

// Error is why the last ping could not even be sent.
func (p *Pings) Error() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.last
}

// Stop ends them and says what became of them. The last few, which may still be on their way, do not count.
func (p *Pings) Stop() Answers {
	stopped := time.Now() // what comes after is not heard, however long it takes
	p.stop()
	_ = p.conn.Close()
	p.work.Wait()
	var a Answers
	end := len(p.sent)
	for end > 0 && p.answered[end-1].IsZero() && stopped.Sub(p.sent[end-1]) < 200*time.Millisecond {
		end--
	}
	var since time.Time
	for i := range end {
		a.Sent++
		switch lost := p.answered[i].IsZero(); {
		case lost && since.IsZero():
			since = p.sent[i]
			fallthrough
		case lost:
			a.Lost++
			a.Silence = max(a.Silence, p.sent[i].Sub(since)+p.every)
		case !since.IsZero():
			a.Silence = max(a.Silence, p.sent[i].Sub(since))
			since = time.Time{}
		}
	}
	return a
}

package router

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"onramp/internal/fabric"
	"onramp/internal/fabric/remote"
	"onramp/internal/fabric/remote/remotetest"
	"onramp/internal/fabric/sim"
)

// patiently bounds what a test waits for; it is never reached when all is well.
const patiently = 20 * time.Second

// await waits until something is so, by asking again and again.
func await(t testing.TB, what string, so func() bool) {
	t.Helper()
	ask := time.NewTicker(time.Millisecond)
	defer ask.Stop()
	late := time.After(patiently)
	for !so() {
		select {
		case <-ask.C:
		case <-late:
			t.Fatalf("in vain: %s", what)
		}
	}
}

// world is where the cables and customers of the simulated routers are.
type world struct {
	mu        sync.Mutex
	cables    map[string]map[string]sim.Cable
	customers map[string]map[string]sim.Script
}

func (w *world) Cables(_ context.Context, router string) (map[string]sim.Cable, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return maps.Clone(w.cables[router]), nil
}

func (w *world) Customers(_ context.Context, router string) (sim.Customers, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return sim.Customers{Scripts: maps.Clone(w.customers[router])}, nil
}

func (w *world) plug(router, port string, plugged bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.cables[router] == nil {
		w.cables[router] = map[string]sim.Cable{}
	}
	w.cables[router][port] = sim.Cable{Plugged: plugged}
}

func (w *world) script(router, iface string, s sim.Script) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.customers[router] == nil {
		w.customers[router] = map[string]sim.Script{}
	}
	w.customers[router][iface] = s
}

// machine is the driver of a router: a simulated one, which lives on when the agent ends.
type machine struct {
	*sim.Fabric
	changed func()

	mu      sync.Mutex
	applied []fabric.Intent
	refuse  error         // of Apply; nil: it works
	steps   []string      // of Plan, if planned
	planned bool          // Plan answers steps
	missing error         // of Plan, with the steps
	hold    chan struct{} // Apply waits for it
	removed bool
}

func (m *machine) Apply(ctx context.Context, router string, in fabric.Intent) error {
	m.mu.Lock()
	refuse, hold := m.refuse, m.hold
	m.applied = append(m.applied, in)
	m.mu.Unlock()
	if hold != nil {
		select {
		case <-hold:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if refuse != nil {
		return refuse
	}
	return m.Fabric.Apply(ctx, router, in)
}

func (m *machine) set(change func(*machine)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	change(m)
}

func (m *machine) applies() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.applied)
}

func (m *machine) Close() error { return nil }

// lab is a control plane, and routers that it reaches through a wire that can be cut.
type lab struct {
	t       testing.TB
	world   *world
	ledger  *remotetest.Memory
	servers []*control
	log     *journal
}

// control is one server of the control plane.
type control struct {
	*remote.Server
	wire *cable

	mu      sync.Mutex
	noticed map[string]int
	strayed map[string]int
}

func newLab(t testing.TB, servers int, options ...func(*remote.Config)) *lab {
	b := &lab{
		t: t, ledger: &remotetest.Memory{}, log: &journal{},
		world: &world{cables: map[string]map[string]sim.Cable{}, customers: map[string]map[string]sim.Script{}},
	}
	var listeners []net.Listener
	var addresses []string
	for range servers {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		w := newCable(t, l.Addr().String())
		listeners, addresses = append(listeners, l), append(addresses, w.address())
		b.servers = append(b.servers, &control{wire: w, noticed: map[string]int{}, strayed: map[string]int{}})
	}
	for i, c := range b.servers {
		c.start(b, listeners[i], addresses, options)
	}
	return b
}

// listenerLimit is for a request, as listeners have it; a stream outlives it.
const listenerLimit = time.Second

func (c *control) start(b *lab, l net.Listener, addresses []string, options []func(*remote.Config)) {
	config := remote.Config{
		Ledger: b.ledger, Addresses: addresses, Name: l.Addr().String(), Log: b.log.logger(),
		Noticed: func(router string) { c.count(c.noticed, router) }, Strayed: func(router string) { c.count(c.strayed, router) },
	}
	for _, o := range options {
		o(&config)
	}
	var err error
	if c.Server, err = remote.NewServer(b.t.Context(), config); err != nil {
		b.t.Fatal(err)
	}
	// With limits of an ordinary listener: a stream must outlive them.
	server := &http.Server{Handler: c.Server, TLSConfig: c.TLS(), ReadTimeout: listenerLimit, WriteTimeout: listenerLimit,
		ErrorLog: slog.NewLogLogger(b.log.logger().Handler(), slog.LevelDebug)}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.ServeTLS(l, "", "")
	}()
	b.t.Cleanup(func() {
		if err := errors.Join(c.Close(), server.Close()); err != nil {
			b.t.Error(err)
		}
		<-done
	})
}

func (c *control) count(in map[string]int, router string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	in[router]++
}

func (c *control) counted(in map[string]int, router string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return in[router]
}

// station is a router with its agent.
type station struct {
	lab    *lab
	name   string
	path   string
	driver *machine
	agent  *Agent
	folder *Folder
}

// router enrols a router and starts its agent.
func (b *lab) router(name string) *station {
	b.t.Helper()
	s := &station{lab: b, name: name, path: folderPath(b.t), driver: &machine{Fabric: sim.New(b.world)}}
	s.enroll()
	s.start(Config{Accepted: true})
	return s
}

// folderPath is short: a socket's path may not be long.
func folderPath(t testing.TB) string {
	top, err := os.MkdirTemp("", "r")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(top) })
	return filepath.Join(top, "state")
}

func (s *station) enroll() {
	s.lab.t.Helper()
	issued, err := s.lab.servers[0].NewToken(s.lab.t.Context(), s.name, 0)
	if err != nil {
		s.lab.t.Fatal(err)
	}
	if name, err := Enroll(s.lab.t.Context(), s.path, issued.Token.Text()); err != nil || name != s.name {
		s.lab.t.Fatalf("enrolled as %q; error %v", name, err)
	}
}

func (s *station) open(site Site) (fabric.Driver, error) {
	s.driver.set(func(m *machine) { m.changed = site.Changed })
	m := s.driver
	if m.planned {
		return planner{m}, nil
	}
	return m, nil
}

// planner is a machine that plans and removes.
type planner struct{ *machine }

func (p planner) Plan(context.Context, fabric.Intent) ([]string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.steps, p.missing
}

func (p planner) Remove(context.Context) error {
	p.set(func(m *machine) { m.removed = true })
	return nil
}

// start starts the agent and waits until all servers have it.
func (s *station) start(c Config) {
	t := s.lab.t
	t.Helper()
	s.begin(c)
	for _, server := range s.lab.servers {
		await(t, "the agent connects", func() bool { return server.Connected(s.name) })
	}
}

// halt ends the agent, and waits until the servers know.
func (s *station) halt() {
	s.lab.t.Helper()
	s.stop()
	for _, server := range s.lab.servers {
		await(s.lab.t, "the server notices", func() bool { return !server.Connected(s.name) })
	}
}

func (s *station) restart(c Config) {
	s.lab.t.Helper()
	s.halt()
	s.start(c)
}

func (s *station) begin(c Config) {
	t := s.lab.t
	t.Helper()
	var err error
	if s.folder, err = OpenFolder(s.path); err != nil {
		t.Fatal(err)
	}
	c.Folder, c.Open, c.Log = s.folder, s.open, s.lab.log.logger()
	if s.agent, err = Start(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.stop)
}

func (s *station) stop() {
	if s.agent == nil {
		return
	}
	if err := errors.Join(s.agent.Close(), s.folder.Close()); err != nil {
		s.lab.t.Error(err)
	}
	s.agent = nil
}

// journal is all that anybody logs.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

func (j *journal) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(j, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// Package speaker is BGP on a Linux router: a GoBGP server for each VRF, the sessions with the neighbours of its interfaces
// (RFC 4271, with TCP MD5, BFD and graceful restart), what is taken of what they announce, what they are told, the internal
// sessions with the other routers that have the VRF, and the kernel routes that follow from all of it.
//
// BFD is package bfd's. GoBGP is the wire: it holds sessions and what arrives over them. Which routes are taken, which of them are best and who is
// told what is decided here, by fabric's policies.
//
// It makes no device, address or VRF, and writes no kernel route by itself: package linux does (Kernel).
package speaker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/netip"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"onramp/internal/fabric"
)

// Config is what a Speaker needs.
type Config struct {
	RouterID netip.Addr   // IPv4
	Log      *slog.Logger // nil: nowhere
	// Changed is called when something that Observe answers has changed: without locks held, never twice at once, many
	// changes close together as one.
	Changed func()
	Routes  Kernel // where best routes go
}

// Kernel keeps the routes of a VRF's table. A Speaker calls it from one goroutine for each VRF.
type Kernel interface {
	Set(vrf string, r Route) error          // adds or replaces the route to r.Prefix
	Unset(vrf string, p netip.Prefix) error // no error when it is not there
	List(vrf string) ([]Route, error)       // what is there of ours
}

// Route is a prefix and the ways to it, sorted: several are equally good and share the load.
type Route struct {
	Prefix netip.Prefix
	Hops   []Hop
}

// Hop is one way. Via not valid: straight out of Device, a tunnel.
type Hop struct {
	Via    netip.Addr
	Device string
}

// VRF is a routing table with its sessions.
type VRF struct {
	fabric.VRF
	Device     string // the kernel's VRF device; empty: none, and sockets are bound to no device
	Interfaces []Interface
	Tunnels    []Tunnel // internal BGP over the backbone, one for each of fabric.VRF.Peers
}

// Interface is a subinterface of the VRF.
type Interface struct {
	fabric.Interface
	Device string // of the kernel
}

// Tunnel leads to another router that has the VRF.
type Tunnel struct {
	Device        string
	Local, Remote netip.Addr // inside the tunnel device, point to point
}

// RestartTime is how long a neighbour may keep our routes while we restart, and how long we keep those of the kernel that
// no neighbour has announced again (RFC 4724, section 4; facts: graceful restart 120 s).
const RestartTime = 120 * time.Second

// Speaker is safe for concurrent use.
type Speaker struct {
	cfg     Config
	set     settings
	digests *digests
	changed notice
	links   notice
	strays  *strays
	stop    context.CancelFunc
	done    sync.WaitGroup

	applying sync.Mutex // one Apply or Close at a time
	mu       sync.Mutex // guards what follows
	closed   bool
	vrfs     map[string]*instance
}

const (
	gather       = 20 * time.Millisecond  // changes for an observer: short against what it does with them
	carrierDelay = 100 * time.Millisecond // how long a device may be down without its sessions being so
)

// settings are what tests on loopback have otherwise.
type settings struct {
	port        int                             // TCP port of BGP
	listen      func(v VRF) ([]netip.Addr, int) // addresses and port to listen at
	bfd         bool
	restartTime time.Duration
	audit       time.Duration // how often the kernel's tables are read again
	retry       time.Duration // after a kernel route could not be written
	dial        time.Duration // between attempts to reach a neighbour; whole seconds, 2 at least
}

// Open starts a speaker without sessions.
func Open(cfg Config) (*Speaker, error) {
	return open(cfg, settings{port: 179, listen: everywhere, bfd: true, restartTime: RestartTime, audit: 30 * time.Second,
		retry: time.Second, dial: 5 * time.Second})
}

func open(cfg Config, set settings) (*Speaker, error) {
	if !cfg.RouterID.Is4() || cfg.RouterID.IsUnspecified() {
		return nil, fmt.Errorf("router ID %s is not an IPv4 address", cfg.RouterID)
	}
	if cfg.Routes == nil {
		return nil, errors.New("a speaker without a kernel")
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	ctx, stop := context.WithCancel(context.Background())
	s := &Speaker{cfg: cfg, set: set, stop: stop, vrfs: make(map[string]*instance), changed: newNotice(gather), links: newNotice(carrierDelay), strays: newStrays()}
	s.digests = newDigests(s.changed.give)
	s.done.Go(func() { s.digests.run(ctx, s.anyDown) })
	s.done.Go(func() { s.changed.run(ctx, cfg.Changed) })
	s.done.Go(func() { s.links.run(ctx, s.look) })
	s.done.Go(func() {
		if err := watchLinks(ctx, s.links.give); err != nil {
			cfg.Log.Warn("links are not watched: a cable that is pulled is found out by BFD or the hold timer", "error", err)
		}
	})
	s.done.Go(func() { s.strays.run(ctx) })
	return s, nil
}

// Apply makes vrfs the whole of what the speaker does. It works out the difference: another key or address is another
// session, while what a session takes or announces changes without a reset. A VRF that cannot be served, or not in full, is
// named by a *VRFError among the errors joined, and the others are served all the same; applying again tries it again.
func (s *Speaker) Apply(ctx context.Context, vrfs []VRF) error {
	s.applying.Lock()
	defer s.applying.Unlock()
	s.mu.Lock()
	closed, have := s.closed, maps.Clone(s.vrfs)
	s.mu.Unlock()
	if closed {
		return errors.New("the speaker is closed")
	}
	defer s.changed.give()
	wanted := make(map[string]bool, len(vrfs))
	for _, v := range vrfs {
		wanted[v.Name] = true
	}
	for _, name := range slices.Sorted(maps.Keys(have)) {
		if !wanted[name] {
			s.drop(have[name], true)
		}
	}
	errs := make([]error, len(vrfs))
	var next atomic.Int64
	var working sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		working.Go(func() {
			for n := int(next.Add(1)) - 1; n < len(vrfs); n = int(next.Add(1)) - 1 {
				if errs[n] = ctx.Err(); errs[n] != nil {
					continue
				}
				if err := s.applyVRF(have[vrfs[n].Name], vrfs[n]); err != nil {
					errs[n] = failure(vrfs[n].Name, err)
				}
			}
		})
	}
	working.Wait()
	return errors.Join(errs...)
}

func (s *Speaker) applyVRF(i *instance, v VRF) error {
	if i != nil && i.serves(v) {
		return i.apply(v)
	}
	if i != nil {
		s.drop(i, false) // the new one takes over its kernel routes
	}
	i, err := start(s, v)
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.vrfs[v.Name] = i
	s.mu.Unlock()
	return i.apply(v)
}

// drop ends a VRF; withRoutes takes its routes out of the kernel too.
func (s *Speaker) drop(i *instance, withRoutes bool) {
	s.mu.Lock()
	delete(s.vrfs, i.name)
	s.mu.Unlock()
	i.end(withRoutes, false)
}

func (s *Speaker) instances() []*instance {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Collect(maps.Values(s.vrfs))
}

// Observe answers the sessions by interface name and neighbour name. The maps and the lists of routes are the caller's;
// what a route holds is shared and not to be changed.
func (s *Speaker) Observe() map[string]map[string]fabric.NeighborStatus {
	seen := make(map[string]map[string]fabric.NeighborStatus)
	for _, i := range s.instances() {
		i.observe(seen)
	}
	return seen
}

// Repair reads the kernel's tables and puts back what is missing of ours: for when a device has lost its routes, as it does
// whenever it goes down. The same happens by itself every half a minute, and when a session comes up.
func (s *Speaker) Repair() {
	for _, i := range s.instances() {
		i.repair()
	}
}

// look ends the sessions on devices that are down, and still are a moment later: there is nobody to wait for.
func (s *Speaker) look() {
	down := make(map[*instance]map[*session]string)
	for _, i := range s.instances() {
		if without := i.withoutLink(); len(without) > 0 {
			down[i] = without
		}
	}
	if len(down) == 0 {
		return
	}
	time.Sleep(carrierDelay) // the kernel tells that a link went down, and nothing tells that it stays so
	for i, before := range down {
		for c, why := range i.withoutLink() {
			if before[c] != "" {
				i.cut(c, why)
			}
		}
	}
}

func (s *Speaker) anyDown() bool {
	return slices.ContainsFunc(s.instances(), (*instance).anyDown)
}

// Close ends the sessions and keeps the kernel's routes. Neighbours that agreed on graceful restart see a restart, and
// keep ours. No call may follow it.
func (s *Speaker) Close() error {
	s.applying.Lock()
	defer s.applying.Unlock()
	s.mu.Lock()
	closed := s.closed
	s.closed = true
	s.mu.Unlock()
	if closed {
		return nil
	}
	s.stop()
	var ended sync.WaitGroup
	for _, i := range s.instances() {
		ended.Go(func() { i.end(false, true) })
	}
	ended.Wait()
	s.done.Wait()
	return nil
}

package speaker

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/osrg/gobgp/v4/api"
	"github.com/osrg/gobgp/v4/pkg/apiutil"
	"github.com/osrg/gobgp/v4/pkg/packet/bgp"
	gobgp "github.com/osrg/gobgp/v4/pkg/server"

	"onramp/internal/fabric"
)

const (
	ownASN  = 64512
	keyText = "a-key-of-the-test"
	patient = 40 * time.Second
)

func addr(s string) netip.Addr   { return netip.MustParseAddr(s) }
func pfx(s string) netip.Prefix  { return netip.MustParsePrefix(s) }
func hop(s, device string) []Hop { return []Hop{{Via: addr(s), Device: device}} }

// kernel is a Kernel in memory.
type kernel struct {
	mu     sync.Mutex
	tables map[string]map[netip.Prefix][]Hop
	broken bool
	writes int
}

func newKernel() *kernel { return &kernel{tables: make(map[string]map[netip.Prefix][]Hop)} }

func (k *kernel) change(vrf string, f func(map[netip.Prefix][]Hop)) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.writes++; k.broken {
		return errors.New("the kernel is broken")
	}
	if k.tables[vrf] == nil {
		k.tables[vrf] = make(map[netip.Prefix][]Hop)
	}
	f(k.tables[vrf])
	return nil
}

func (k *kernel) Set(vrf string, r Route) error {
	return k.change(vrf, func(t map[netip.Prefix][]Hop) { t[r.Prefix] = r.Hops })
}

func (k *kernel) Unset(vrf string, p netip.Prefix) error {
	return k.change(vrf, func(t map[netip.Prefix][]Hop) { delete(t, p) })
}

func (k *kernel) List(vrf string) (routes []Route, _ error) {
	for p, hops := range k.table(vrf) {
		routes = append(routes, Route{Prefix: p, Hops: hops})
	}
	return routes, nil
}

func (k *kernel) table(vrf string) map[netip.Prefix][]Hop {
	k.mu.Lock()
	defer k.mu.Unlock()
	return maps.Clone(k.tables[vrf])
}

func (k *kernel) breakDown(broken bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.broken = broken
}

// lab is a speaker on loopback addresses: it listens at one port and finds its neighbours at another.
type lab struct {
	*Speaker
	kernel     *kernel
	home, away int
	at         netip.Addr // where it listens
	changed    chan struct{}
}

var networks atomic.Uint32

// network is 127.x.y for a test of its own.
func network() string {
	n := networks.Add(1)
	return fmt.Sprintf("127.%d.%d", 1+n/250, n%250)
}

func freePort(t testing.TB, at netip.Addr) int {
	t.Helper()
	l, err := net.Listen("tcp", netip.AddrPortFrom(at, 0).String())
	if err != nil {
		t.Skipf("this machine cannot listen at %s: %v", at, err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr).Port
}

func newLab(t testing.TB, at netip.Addr, k *kernel) *lab {
	t.Helper()
	l := &lab{kernel: k, at: at, home: freePort(t, at), away: freePort(t, at), changed: make(chan struct{}, 1)}
	l.open(t)
	return l
}

func (l *lab) open(t testing.TB) {
	t.Helper()
	var err error
	l.Speaker, err = open(Config{RouterID: addr(routerID(l.at)), Routes: l.kernel, Changed: func() {
		select {
		case l.changed <- struct{}{}:
		default:
		}
	}}, settings{port: l.away, listen: func(VRF) ([]netip.Addr, int) { return []netip.Addr{l.at}, l.home },
		restartTime: 3 * time.Second, audit: time.Hour, retry: 100 * time.Millisecond, dial: 2 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
}

func (l *lab) apply(t testing.TB, v ...VRF) {
	t.Helper()
	if err := l.Apply(t.Context(), v); err != nil {
		t.Fatal(err)
	}
}

func (l *lab) status(name string) fabric.NeighborStatus { return l.Observe()["vif-"+name][name] }

// await waits until ok, which the lab may announce and a customer does not.
func (l *lab) await(t testing.TB, what string, ok func() bool) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), patient)
	defer stop()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-ctx.Done():
			t.Fatalf("not so in %v: %s\nstatus %+v\nkernel %v", patient, what, l.Observe(), l.kernel.table("gw"))
		case <-tick.C:
		case <-l.changed:
		}
	}
}

func (l *lab) awaitUp(t testing.TB, names ...string) {
	t.Helper()
	l.await(t, fmt.Sprintf("%v up", names), func() bool {
		return !slices.ContainsFunc(names, func(n string) bool { return !l.status(n).Up })
	})
}

// gateway is a VRF with an interface for each neighbour.
func gateway(neighbors ...fabric.Neighbor) VRF {
	v := VRF{VRF: fabric.VRF{Name: "gw", LocalASN: ownASN}}
	for _, n := range neighbors {
		v.Interfaces = append(v.Interfaces, Interface{Interface: fabric.Interface{Name: "vif-" + n.Name, VRF: "gw", Neighbors: []fabric.Neighbor{n}}})
	}
	slices.SortFunc(v.Interfaces, func(a, b Interface) int { return cmp.Compare(a.Name, b.Name) })
	return v
}

func (l *lab) neighbor(name, remote string, asn int64) fabric.Neighbor {
	bits := 24
	if l.at.Is6() {
		bits = 128
	}
	return fabric.Neighbor{Name: name, Local: netip.PrefixFrom(l.at, bits), Remote: addr(remote), LocalASN: ownASN, RemoteASN: asn, Key: keyText}
}

// customer is a neighbour's router: GoBGP in the same process.
type customer struct {
	*gobgp.BgpServer
	provider, at netip.Addr
	home, away   int
	asn          int64
	key          string
	unwatch      context.CancelFunc

	mu     sync.Mutex
	ended  []string // why sessions went down
	starts int      // sessions that came up
}

type habits struct {
	key     string
	hold    uint64
	restart bool // does graceful restart
	back    bool // comes back from one
}

func (l *lab) customer(t testing.TB, n fabric.Neighbor, h habits, announce ...announcement) *customer {
	t.Helper()
	c := &customer{provider: l.at, at: n.Remote, home: l.away, away: l.home, asn: n.RemoteASN, key: string(n.Key)}
	c.start(t, h, announce...)
	t.Cleanup(c.halt)
	return c
}

func (c *customer) start(t testing.TB, h habits, announce ...announcement) {
	t.Helper()
	ctx, unwatch := context.WithCancel(context.Background())
	c.unwatch = unwatch
	c.BgpServer = gobgp.NewBgpServer()
	go c.Serve()
	if err := c.StartBgp(ctx, &api.StartBgpRequest{Global: &api.Global{
		Asn: uint32(c.asn), RouterId: routerID(c.at), ListenPort: int32(c.home), ListenAddresses: []string{c.at.String()}, Families: []uint32{0, 1},
	}}); err != nil {
		t.Fatal(err)
	}
	c.announce(t, announce...)
	if err := c.WatchEvent(ctx, gobgp.WatchEventMessageCallbacks{OnPeerUpdate: func(e *apiutil.WatchEventMessage_PeerEvent, _ time.Time) {
		c.mu.Lock()
		defer c.mu.Unlock()
		switch state := e.Peer.State; {
		case e.Type != apiutil.PEER_EVENT_STATE:
		case state.SessionState == bgp.BGP_FSM_ESTABLISHED:
			c.starts++
		case state.SessionState == bgp.BGP_FSM_IDLE:
			c.ended = append(c.ended, state.DisconnectMessage)
		}
	}}, gobgp.WatchPeer()); err != nil {
		t.Fatal(err)
	}
	family := &api.Family{Afi: api.Family_AFI_IP, Safi: api.Family_SAFI_UNICAST}
	if c.at.Is6() {
		family.Afi = api.Family_AFI_IP6
	}
	if err := c.AddPeer(ctx, &api.AddPeerRequest{Peer: &api.Peer{
		Conf: &api.PeerConf{NeighborAddress: c.provider.String(), PeerAsn: ownASN, AuthPassword: cmp.Or(h.key, c.key)},
		// Passive: two GoBGP that dial each other at once may wait for minutes. Customers that dial are in package inside.
		Transport:       &api.Transport{LocalAddress: c.at.String(), RemotePort: uint32(c.away), PassiveMode: true},
		Timers:          &api.Timers{Config: &api.TimersConfig{ConnectRetry: 2, HoldTime: cmp.Or(h.hold, 90), IdleHoldTimeAfterReset: 1}},
		GracefulRestart: &api.GracefulRestart{Enabled: h.restart, RestartTime: 30, LocalRestarting: h.back, DeferralTime: 1},
		AfiSafis: []*api.AfiSafi{{Config: &api.AfiSafiConfig{Family: family, Enabled: true},
			MpGracefulRestart: &api.MpGracefulRestart{Config: &api.MpGracefulRestartConfig{Enabled: h.restart}}}},
	}}); err != nil {
		t.Fatal(err)
	}
}

// halt stops the router; its sessions end with Cease 6/3.
func (c *customer) halt() {
	c.unwatch()
	c.Stop()
}

// crash stops it as a router that restarts gracefully does: nothing is said.
func (c *customer) crash(t testing.TB) {
	t.Helper()
	if err := c.StopBgp(context.Background(), &api.StopBgpRequest{AllowGracefulRestart: true}); err != nil {
		t.Fatal(err)
	}
	c.halt()
}

func routerID(a netip.Addr) string {
	if a.Is4() {
		return a.String()
	}
	b := a.As16()
	return netip.AddrFrom4([4]byte{10, 255, b[14], b[15]}).String()
}

func (c *customer) announce(t testing.TB, list ...announcement) {
	t.Helper()
	if err := tell(c.BgpServer, list...); err != nil {
		t.Fatal(err)
	}
}

func tell(s *gobgp.BgpServer, list ...announcement) error {
	for _, a := range list {
		p, err := a.encode(false)
		if err != nil {
			return err
		}
		if _, err := s.AddPath(apiutil.AddPathRequest{Paths: []*apiutil.Path{p}}); err != nil {
			return err
		}
	}
	return nil
}

func (c *customer) withdraw(t testing.TB, list ...announcement) {
	t.Helper()
	for _, a := range list {
		p, err := a.encode(true)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.DeletePath(apiutil.DeletePathRequest{Paths: []*apiutil.Path{p}}); err != nil {
			t.Fatal(err)
		}
	}
}

// heard is what the provider has told the customer, a line for each prefix.
func (c *customer) heard(t testing.TB) []string {
	t.Helper()
	var lines []string
	family := bgp.RF_IPv4_UC
	if c.at.Is6() {
		family = bgp.RF_IPv6_UC
	}
	if err := c.ListPath(apiutil.ListPathRequest{TableType: api.TableType_TABLE_TYPE_ADJ_IN, Name: c.provider.String(), Family: family},
		func(p bgp.NLRI, paths []*apiutil.Path) {
			for _, path := range paths {
				a := new(decoder).decode(path.Attrs)
				var asns []int64
				for _, s := range a.path {
					asns = append(asns, s.ASNs...)
				}
				lines = append(lines, fmt.Sprint(p, " ", asns, " ", a.communities, " ", a.via))
			}
		}); err != nil {
		t.Fatal(err)
	}
	slices.Sort(lines)
	return lines
}

// history is how often the session came up, and why it went down.
func (c *customer) history() (int, []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.starts, slices.Clone(c.ended)
}

func plain(prefixes ...string) (list []announcement) {
	for _, p := range prefixes {
		list = append(list, announcement{prefix: pfx(p)})
	}
	return list
}

func seenPrefixes(s fabric.NeighborStatus) (list []string) {
	for _, r := range s.Accepted {
		list = append(list, r.Prefix.String())
	}
	return list
}

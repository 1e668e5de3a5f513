package speaker

import (
	"net/netip"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"onramp/internal/fabric"
)

// A neighbour that restarts gracefully keeps its routes in the kernel, and loses those that it does not announce again.
func TestHelper(t *testing.T) {
	t.Parallel()
	net := network()
	l := newLab(t, addr(net+".1"), newKernel())
	n := l.neighbor("a", net+".2", 65001)
	l.apply(t, gateway(n))
	c := l.customer(t, n, habits{restart: true}, plain("10.1.0.0/16", "10.2.0.0/16")...)
	l.await(t, "two routes", func() bool { return len(l.kernel.table("gw")) == 2 && l.status("a").Up })
	c.crash(t)
	l.await(t, "down", func() bool { return !l.status("a").Up })
	if s := l.status("a"); len(l.kernel.table("gw")) != 2 || len(s.Accepted) > 0 || !strings.Contains(s.Reason, "routes are kept") {
		t.Errorf("while it restarts: %+v, %v", s, l.kernel.table("gw"))
	}
	c.start(t, habits{restart: true, back: true}, plain("10.1.0.0/16")...)
	l.awaitUp(t, "a")
	l.await(t, "one route", func() bool { return len(l.kernel.table("gw")) == 1 && len(l.status("a").Accepted) == 1 })

	// Once more, and it does not come back.
	c.crash(t)
	l.await(t, "down again", func() bool { return !l.status("a").Up })
	l.await(t, "its time is over", func() bool { return len(l.kernel.table("gw")) == 0 })
}

// A speaker that starts again leaves the kernel as it was until the neighbours have announced everything again, and they
// leave what it had announced to them.
func TestRestart(t *testing.T) {
	t.Parallel()
	net := network()
	k := newKernel()
	l := newLab(t, addr(net+".1"), k)
	n := l.neighbor("a", net+".2", 65001)
	n.Export = []fabric.Announcement{{Prefix: pfx("10.0.0.0/16")}}
	l.apply(t, gateway(n))
	c := l.customer(t, n, habits{restart: true}, plain("10.1.0.0/16", "10.2.0.0/16")...)
	told := []string{"10.0.0.0/16 [64512] [] " + net + ".1"}
	l.await(t, "two routes", func() bool { return len(k.table("gw")) == 2 && slices.Equal(c.heard(t), told) })
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if len(k.table("gw")) != 2 {
		t.Errorf("closed, and the kernel has %v", k.table("gw"))
	}
	l.await(t, "the customer sees it end", func() bool { _, ended := c.history(); return len(ended) == 1 })
	if _, ended := c.history(); ended[0] != "graceful-restart" || !slices.Equal(c.heard(t), told) {
		t.Errorf("the customer saw %q and has %v", ended, c.heard(t))
	}
	c.withdraw(t, plain("10.2.0.0/16")...)
	l.open(t)
	l.apply(t, gateway(n))
	if len(k.table("gw")) != 2 {
		t.Errorf("opened again, and the kernel has %v", k.table("gw"))
	}
	l.awaitUp(t, "a")
	l.await(t, "one route", func() bool { return len(k.table("gw")) == 1 && len(l.status("a").Accepted) == 1 })
	l.await(t, "the customer has heard it again", func() bool { return slices.Equal(c.heard(t), told) })

	// A third one, that no neighbour comes back to.
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	c.halt()
	l.open(t)
	l.apply(t, gateway(n))
	l.await(t, "its time is over", func() bool { return len(k.table("gw")) == 0 })
}

// What the kernel refuses is tried again; what it loses is put back.
func TestKernelTrouble(t *testing.T) {
	t.Parallel()
	net := network()
	k := newKernel()
	l := newLab(t, addr(net+".1"), k)
	n := l.neighbor("a", net+".2", 65001)
	k.breakDown(true)
	l.apply(t, gateway(n))
	c := l.customer(t, n, habits{}, plain("10.1.0.0/16")...)
	l.await(t, "a refused route", func() bool { k.mu.Lock(); defer k.mu.Unlock(); return k.writes > 1 })
	k.breakDown(false)
	l.await(t, "a route", func() bool { return len(k.table("gw")) == 1 })
	if err := k.Unset("gw", pfx("10.1.0.0/16")); err != nil {
		t.Fatal(err)
	}
	if err := k.Set("gw", Route{Prefix: pfx("10.8.0.0/16")}); err != nil {
		t.Fatal(err)
	}
	l.Repair()
	l.await(t, "repaired", func() bool { _, there := k.table("gw")[pfx("10.1.0.0/16")]; return there && len(k.table("gw")) == 1 })
	k.breakDown(true)
	c.withdraw(t, plain("10.1.0.0/16")...)
	l.await(t, "nothing accepted", func() bool { return len(l.status("a").Accepted) == 0 })
	k.breakDown(false)
	l.await(t, "no route", func() bool { return len(k.table("gw")) == 0 })
}

// Everything that is started ends. It runs alone, for the count.
func TestNothingLeaks(t *testing.T) {
	before := runtime.NumGoroutine()
	func() {
		net := network()
		l := newLab(t, addr(net+".1"), newKernel())
		a, b := l.neighbor("a", net+".2", 65001), l.neighbor("b", net+".3", 65002)
		l.apply(t, gateway(a, b))
		c := l.customer(t, a, habits{restart: true}, plain("10.1.0.0/16")...)
		l.await(t, "a route", func() bool { return len(l.kernel.table("gw")) == 1 })
		for range 3 {
			l.apply(t, gateway(b))
			l.apply(t, gateway(a, b))
			l.apply(t)
			l.apply(t, gateway(a))
		}
		l.awaitUp(t, "a")
		_ = l.Close()
		c.halt()
	}()
	deadline, tick := time.After(patient), time.NewTicker(50*time.Millisecond)
	defer tick.Stop()
	for left := running(); left != ""; left = running() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("still running:\n%s", left)
		}
	}
	if now := runtime.NumGoroutine(); now > before+2 {
		t.Errorf("%d goroutines, and there were %d", now, before)
	}
}

// running are the goroutines of the speaker and of GoBGP. Not among them is the queue of a session that ended with something in
// it, which GoBGP does not always empty (cleanInfiniteChannel).
func running() string {
	stacks := make([]byte, 1<<20)
	stacks = stacks[:runtime.Stack(stacks, true)]
	var left []string
	for one := range strings.SplitSeq(string(stacks), "\n\n") {
		ours := strings.Contains(one, "linux/speaker.") && !strings.Contains(one, "testing.tRunner")
		if ours || strings.Contains(one, "gobgp/v4/pkg/server.") {
			left = append(left, one)
		}
	}
	return strings.Join(left, "\n\n")
}

// Two routers with one VRF, and a tunnel between them.
func TestTunnel(t *testing.T) {
	t.Parallel()
	one, two := newTwin(t, network()), newTwin(t, network())
	two.away, one.away = one.home, two.home // they find each other
	pair := []*lab{one, two}
	for i, l := range pair {
		_ = l.Close()
		l.open(t)
		other := pair[1-i]
		v := VRF{VRF: fabric.VRF{Name: "gw", LocalASN: ownASN}, Tunnels: []Tunnel{{Local: l.at, Remote: other.at}}}
		l.apply(t, v)
	}
	inject := func(l *lab, p string, pref uint32, path ...int64) {
		i := l.instances()[0]
		i.mu.Lock()
		defer i.mu.Unlock()
		s := &session{want: wish{neighbor: fabric.Neighbor{Remote: addr("192.0.2.9"), Import: fabric.ImportPolicy{DefaultPreference: pref}}}, routes: make(map[netip.Prefix]*route), remote: addr("192.0.2.9")}
		i.put(s, pfx(p), &attributes{path: []fabric.PathSegment{{ASNs: path}}, length: len(path), communities: []string{"1:2"}})
		i.kick()
	}
	table := func(l *lab, p string) []Hop { return l.kernel.table("gw")[pfx(p)] }
	inject(one, "10.1.0.0/16", 0, 65001)
	inject(one, "2001:db8:1::/48", 100, 65001)
	inject(one, "10.2.0.0/16", 100, 65001)
	inject(two, "10.2.0.0/16", 200, 65002, 65002)
	inject(one, "10.3.0.0/16", 100, 65001)
	inject(two, "10.3.0.0/16", 100, 65002)
	tunnel, direct := []Hop{{}}, hop("192.0.2.9", "")
	one.await(t, "routes over the tunnel", func() bool {
		return slices.Equal(table(two, "10.1.0.0/16"), tunnel) && slices.Equal(table(two, "2001:db8:1::/48"), tunnel) &&
			slices.Equal(table(one, "10.2.0.0/16"), tunnel) && slices.Equal(table(two, "10.2.0.0/16"), direct) &&
			slices.Equal(table(one, "10.3.0.0/16"), direct) && slices.Equal(table(two, "10.3.0.0/16"), direct)
	})
	i := two.instances()[0]
	i.mu.Lock()
	r := i.table[pfx("10.1.0.0/16")][0]
	if r.pref != 0 || len(r.path) != 1 || !slices.Equal(r.communities, []string{"1:2"}) {
		t.Errorf("the other router has %+v of it", r.attributes)
	}
	i.mu.Unlock()
	if err := one.Apply(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	one.await(t, "one router has gone", func() bool { return len(two.kernel.table("gw")) == 2 })
}

func newTwin(t *testing.T, net string) *lab { return newLab(t, addr(net+".1"), newKernel()) }

// Package linuxtest proves package linux in a kernel that has all it needs: what it makes, that it makes it once, and that
// packets pass as they should. It holds tests only.
package linuxtest

import (
	"context"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onramp/internal/fabric"
	"onramp/internal/fabric/linux"
	"onramp/test/guest"
	"onramp/test/guest/lab"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(agentVariable); dir != "" {
		os.Exit(agent(dir))
	}
	if dir := os.Getenv(otherVariable); dir != "" {
		os.Exit(serve(dir))
	}
	guest.Main(m, guest.Options{MemoryMB: 768})
}

func pfx(s string) netip.Prefix { return netip.MustParsePrefix(s) }

func addr(s string) netip.Addr { return netip.MustParseAddr(s) }

// bench is the driver on this machine, with cables to a customer.
type bench struct {
	t        *testing.T
	driver   *linux.Driver
	changed  chan struct{}
	here     *lab.Host
	customer *lab.Host
	cables   []*lab.Cable
	before   string // what the machine was
}

// newBench lays cables from our et0, et1, ... to c0, c1, ... of a customer.
func newBench(t *testing.T, cables int) *bench {
	t.Helper()
	b := &bench{t: t, here: lab.Here(t), customer: lab.NewHost(t, "customer"), changed: make(chan struct{}, 1)}
	for i := range cables {
		far := fmt.Sprint("c", i)
		b.cables = append(b.cables, lab.NewCable(t, lab.End{Host: b.here, Device: fmt.Sprint("et", i)}, lab.End{Host: b.customer, Device: far}))
		b.customer.IP("link set " + far + " up")
	}
	b.before = b.machine()
	b.driver = b.open()
	t.Cleanup(func() {
		if err := b.driver.Remove(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
		if err := b.driver.Close(); err != nil {
			t.Error(err)
		}
	})
	return b
}

func (b *bench) open() *linux.Driver {
	b.t.Helper()
	d, err := linux.Open(linux.Config{Router: "r1", StateDir: filepath.Join(b.here.Dir, "state"), RunDir: filepath.Join(b.here.Dir, "run"),
		Changed: func() {
			select {
			case b.changed <- struct{}{}:
			default:
			}
		}})
	if err != nil {
		b.t.Fatal(err)
	}
	return d
}

// lend gives this machine's loopback an address for the time of the test.
func (b *bench) lend(address string) {
	b.t.Helper()
	b.here.IP("addr add " + address + " dev lo")
	b.t.Cleanup(func() {
		if out, err := exec.Command("ip", "addr", "del", address, "dev", "lo").CombinedOutput(); err != nil {
			b.t.Errorf("%v: %s", err, out)
		}
	})
}

// kernels are the devices that the kernel makes by itself when it loads a module. They come while a driver makes the first of
// ours, with indexes that it might have wanted, and are nobody's business.
var kernels = map[string]bool{"bond0": true, "dummy0": true, "ifb0": true, "ifb1": true, "gre0@NONE": true, "gretap0@NONE": true, "erspan0@NONE": true}

// machine is all of the kernel's state that a driver could leave something in. The rule of VRFs is not: the kernel adds it
// once, with the first VRF, and never again, so that nobody may remove it. Nor is noqueue, which devices get when they are
// first switched on.
func (b *bench) machine() string {
	var all []string
	for _, line := range strings.Split(b.here.IP("-o link show"), "\n") {
		if fields := strings.Fields(line); len(fields) > 1 && !kernels[strings.Trim(fields[1], ":")] {
			all = append(all, fields[1])
		}
	}
	for _, what := range []string{"rule show", "-6 rule show", "route show table all proto 114", "-6 route show table all proto 114"} {
		all = append(all, b.here.IP(what))
	}
	all = append(all, b.here.Run("cat", "/proc/sys/net/ipv6/conf/all/forwarding"), b.here.Run("tc", "qdisc", "show"))
	all = slices.DeleteFunc(strings.Split(strings.Join(all, "\n"), "\n"), func(line string) bool {
		return strings.Contains(line, "l3mdev-table") || strings.Contains(line, "noqueue")
	})
	return strings.Join(all, "\n")
}

func (b *bench) apply(in fabric.Intent) {
	b.t.Helper()
	if err := b.driver.Apply(b.t.Context(), "r1", in); err != nil {
		b.t.Fatalf("Apply: %v", err)
	}
}

// settled fails if another Apply would do anything.
func (b *bench) settled(in fabric.Intent) {
	b.t.Helper()
	steps, err := b.driver.Plan(b.t.Context(), in)
	if err != nil {
		b.t.Fatal(err)
	}
	if len(steps) > 0 {
		b.t.Errorf("not done, or read otherwise than written:\n%s", strings.Join(steps, "\n"))
	}
	for _, line := range strings.Split(b.here.IP("-o link show"), "\n") {
		if name := strings.Trim(strings.Fields(line + " x x")[1], ":"); kernels[name] && strings.Contains(line, "onramp:") {
			b.t.Errorf("a device of the kernel's is marked: %s", line)
		}
	}
}

func (b *bench) observe() fabric.Observed {
	b.t.Helper()
	o, err := b.driver.Observe(b.t.Context(), "r1")
	if err != nil {
		b.t.Fatal(err)
	}
	return o
}

// gone removes everything and fails unless the machine is as it was.
func (b *bench) gone() {
	b.t.Helper()
	if err := b.driver.Remove(b.t.Context()); err != nil {
		b.t.Fatal(err)
	}
	if diff := cmp.Diff(b.before, b.machine()); diff != "" {
		b.t.Errorf("the machine is not as it was (-before +after):\n%s", diff)
	}
}

// neighbor is a session that nobody answers: these tests are about the rest.
func neighbor(local, remote string, export ...string) fabric.Neighbor {
	n := fabric.Neighbor{Name: "peer-" + remote, Local: pfx(local), Remote: addr(remote), LocalASN: 64512, RemoteASN: 65001, Key: "secret-of-both"}
	for _, e := range export {
		n.Export = append(n.Export, fabric.Announcement{Prefix: pfx(e)})
	}
	return n
}

// port is an enabled port.
func port(i int, bundle string) fabric.Port {
	return fabric.Port{Name: fmt.Sprint("et", i), Enabled: true, SpeedMbps: 10_000, Bundle: bundle}
}

// pings reports whether a host gets an answer within a few seconds.
func pings(h *lab.Host, to string, limit time.Duration) bool {
	_, err := h.Try("ping", "-c", "1", "-W", "1", "-w", fmt.Sprint(int(limit.Seconds())), to)
	return err == nil
}

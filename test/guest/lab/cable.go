package lab

import (
	"fmt"
	"strings"
	"sync"
	"testing"
)

// End is one end of a cable: a port of a host, a device that is made for it.
type End struct {
	Host   *Host
	Device string
}

func (e End) where() string {
	if e.Host.Name == "" {
		return "1" // the namespace of the first process
	}
	return e.Host.Name
}

// Cable joins two ports through a patch panel in a namespace of its own, which passes every frame as it is and through
// which it can be pulled: then both ends lose carrier, and neither is touched.
type Cable struct {
	// Panel is the host in the middle: what is captured on its devices is what the wire carries.
	Panel *Host
	// A and B are the panel's devices towards the first and second end.
	A, B string
}

// panels are the hosts in the middle: one for all cables of a test.
var panels struct {
	sync.Mutex
	of    map[testing.TB]*Host
	made  int
	cable int
}

func panel(t testing.TB) (h *Host, number int) {
	t.Helper()
	panels.Lock()
	defer panels.Unlock()
	panels.cable++
	if h, ok := panels.of[t]; ok {
		return h, panels.cable
	}
	panels.made++
	h = NewHost(t, fmt.Sprintf("panel%d", panels.made))
	h.Sysctl("net.ipv6.conf.all.disable_ipv6", "1") // it says nothing of its own
	h.Sysctl("net.ipv6.conf.default.disable_ipv6", "1")
	if panels.of == nil {
		panels.of = map[testing.TB]*Host{}
	}
	panels.of[t] = h
	t.Cleanup(func() {
		panels.Lock()
		defer panels.Unlock()
		delete(panels.of, t)
	})
	return h, panels.cable
}

// NewCable makes a cable. It is plugged in; the ports at its ends are down.
func NewCable(t testing.TB, a, b End) *Cable {
	t.Helper()
	h, n := panel(t)
	c := &Cable{Panel: h, A: fmt.Sprintf("%d.a", n), B: fmt.Sprintf("%d.b", n)}
	var links, filters strings.Builder
	for _, side := range []struct {
		device, other string
		end           End
	}{{c.A, c.B, a}, {c.B, c.A, b}} {
		fmt.Fprintf(&links, "link add name %s type veth peer name %s netns %s\nlink set dev %s mtu 9500 promisc on up\n",
			side.device, side.end.Device, side.end.where(), side.device)
		fmt.Fprintf(&filters, "qdisc add dev %s clsact\nfilter add dev %s ingress matchall action mirred egress redirect dev %s\n",
			side.device, side.device, side.other)
	}
	h.Batch("ip", links.String())
	h.Batch("tc", filters.String())
	return c
}

// Unplug pulls the cable: both ends lose carrier.
func (c *Cable) Unplug() { c.set("down") }

// Plug puts it back.
func (c *Cable) Plug() { c.set("up") }

func (c *Cable) set(state string) {
	c.Panel.t.Helper()
	c.Panel.Batch("ip", fmt.Sprintf("link set dev %s %s\nlink set dev %s %s\n", c.A, state, c.B, state))
}

// Break leaves the light on and loses every frame from the first end to the second, or the other way, or both.
func (c *Cable) Break(aToB, bToA bool) {
	c.Panel.t.Helper()
	for side, broken := range map[string]bool{c.B: aToB, c.A: bToA} {
		_, _ = c.Panel.Try("tc", "qdisc", "del", "dev", side, "root")
		if broken {
			c.Panel.Run("tc", "qdisc", "add", "dev", side, "root", "netem", "loss", "100%")
		}
	}
}

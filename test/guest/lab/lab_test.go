package lab

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"onramp/test/guest"
)

func TestMain(m *testing.M) { guest.Main(m, guest.Options{}) }

// two are hosts with a cable between them, addressed 192.0.2.1 and .2, 2001:db8::1 and ::2.
func two(t *testing.T) (a, b *Host, c *Cable) {
	t.Helper()
	a, b = NewHost(t, "left"), NewHost(t, "right")
	c = NewCable(t, End{a, "port0"}, End{b, "port0"})
	for i, h := range []*Host{a, b} {
		h.IP("link set port0 up")
		h.IP(fmt.Sprintf("addr add 192.0.2.%d/24 dev port0", i+1))
		h.IP(fmt.Sprintf("addr add 2001:db8::%d/64 dev port0", i+1))
	}
	return a, b, c
}

var far4, far6 = netip.MustParseAddr("192.0.2.2"), netip.MustParseAddr("2001:db8::2")

func carrier(h *Host, device string) func() string {
	return func() string {
		if out := h.IP("-br link show " + device); !strings.Contains(out, "LOWER_UP") {
			return out
		}
		return ""
	}
}

// answers waits for n more answers.
func answers(t *testing.T, p *Pings, n int) {
	t.Helper()
	begun := p.Answered()
	Eventually(t, func() string {
		if got := p.Answered(); got < begun+n {
			return fmt.Sprintf("%d answers, last error %v", got-begun, p.Error())
		}
		return ""
	})
}

// silent waits until nothing has been answered for a while: what was on its way has come.
func silent(t *testing.T, p *Pings) {
	t.Helper()
	Eventually(t, func() string {
		before := p.Answered()
		if missing := Wait(t.Context(), 200*time.Millisecond, func() string {
			if p.Answered() == before {
				return "silent"
			}
			return ""
		}); missing == "" {
			return "still answered"
		}
		return ""
	})
}

func TestCable(t *testing.T) {
	a, b, c := two(t)
	Eventually(t, carrier(a, "port0"))
	for _, target := range []netip.Addr{far4, far6} {
		p := a.Ping(netip.Addr{}, target, 20*time.Millisecond)
		answers(t, p, 20)
		c.Unplug()
		for _, h := range []*Host{a, b} {
			Eventually(t, func() string {
				if carrier(h, "port0")() == "" {
					return "carrier without a cable"
				}
				return ""
			})
		}
		silent(t, p)
		at := time.Now()
		c.Plug()
		answers(t, p, 20)
		back := time.Since(at)
		t.Logf("%v: %v (answered again %v after plugging)", target, p.Stop(), back) // none may be lost: the kernel keeps them while it asks for the neighbour
		if back > 20*time.Second {
			t.Errorf("%v: answered again %v after plugging", target, back)
		}
	}
	p := a.Ping(netip.Addr{}, far4, 10*time.Millisecond)
	answers(t, p, 100)
	if got := p.Stop(); got.Lost > 0 {
		t.Errorf("with nothing done: %v", got)
	}
	p = a.Ping(netip.Addr{}, far4, 10*time.Millisecond)
	answers(t, p, 5)
	c.Break(true, false)
	if err := carrier(a, "port0")(); err != "" {
		t.Error("the light is off")
	}
	silent(t, p)
	c.Break(false, false)
	answers(t, p, 5)
	if got := p.Stop(); got.Silence < 150*time.Millisecond {
		t.Errorf("frames were lost one way, and: %v", got)
	}
}

func TestTraffic(t *testing.T) {
	a, b, c := two(t)
	Eventually(t, carrier(b, "port0"))
	arp := c.Panel.Capture(c.A, "arp")
	control := c.Panel.Capture(c.B, "tcp portrange 5201-5300 and less 100")
	free := a.Rate(b, netip.Addr{}, far4, 2*time.Second, false)
	a.Run("tc", "qdisc", "add", "dev", "port0", "root", "tbf", "rate", "20mbit", "burst", "64k", "latency", "50ms")
	slow := a.Rate(b, netip.Addr{}, far4, 2*time.Second, false)
	back := a.Rate(b, netip.Addr{}, far4, 2*time.Second, true)
	t.Logf("%.0f Mbit/s, %.1f with a limit of 20, %.0f the other way", free, slow, back)
	if slow < 15 || slow > 22 || free < 2*slow || back < 2*slow {
		t.Errorf("%.0f Mbit/s, %.1f with a limit of 20, %.0f the other way", free, slow, back)
	}
	if frames := control.Stop(); len(frames) == 0 || !strings.Contains(frames[0], "ethertype IPv4") {
		t.Errorf("%d frames captured", len(frames))
	}
	for _, line := range arp.Stop() {
		if !strings.Contains(line, "ethertype ARP") {
			t.Errorf("not ARP: %s", line)
		}
	}
}

const (
	frrConf = `frr defaults traditional
router bgp 65001
 no bgp ebgp-requires-policy
 neighbor 192.0.2.2 remote-as 65002
 neighbor 192.0.2.2 password secret
 neighbor 192.0.2.2 timers connect 1
 neighbor 192.0.2.2 bfd
 address-family ipv4 unicast
  network 198.51.100.0/24
`
	birdConf = `router id 192.0.2.2;
protocol device {}
protocol bfd { interface "*" { interval 300 ms; multiplier 3; }; }
protocol static { ipv4; route 203.0.113.0/24 blackhole; }
protocol bgp peer { local as 65002; neighbor 192.0.2.1 as 65001; password "secret"; bfd on; connect delay time 1; error wait time 1, 2; ipv4 { import all; export all; }; }
`
)

func TestRouters(t *testing.T) {
	a, b, c := two(t)
	a.IP("route add blackhole 198.51.100.0/24")
	frr, bird := a.FRR(frrConf), b.BIRD(birdConf)
	up := func() string {
		if state := frr.Session("192.0.2.2"); state != "Established" {
			return state + bird.Show("protocols")
		}
		if out := bird.Show("route where source = RTS_BGP"); !strings.Contains(out, "198.51.100.0/24") {
			return out
		}
		if out := frr.Show("show bgp ipv4 unicast"); !strings.Contains(out, "203.0.113.0/24") {
			return out
		}
		if out := bird.Show("bfd sessions"); !strings.Contains(out, " Up ") {
			return out
		}
		return ""
	}
	Eventually(t, up)
	c.Break(true, true)
	at := time.Now()
	Eventually(t, func() string {
		if out := bird.Show("protocols"); strings.Contains(out, "Established") {
			return out
		}
		return ""
	})
	if took := time.Since(at); took > 10*time.Second {
		t.Errorf("the session ended %v after its frames were lost: BFD takes 0.9 s", took)
	}
	c.Break(false, false)
	Eventually(t, up)
	frr.Daemons["bgpd"].Kill()
	Eventually(t, func() string {
		if out := bird.Show("protocols"); strings.Contains(out, "Established") {
			return out
		}
		return ""
	})
	frr.Start("bgpd")
	frr.Load(frrConf)
	Eventually(t, up)
	bird.Load(strings.Replace(birdConf, `"secret"`, `"another"`, 1))
	Eventually(t, func() string {
		if state := frr.Session("192.0.2.2"); state == "Established" {
			return state
		}
		return ""
	})
}

func TestMACsec(t *testing.T) {
	a, b, c := two(t)
	ckn, cak := strings.Repeat("cd", 32), strings.Repeat("ab", 32)
	ours, theirs := a.Agree("port0", ckn, cak, 16), b.Agree("port0", ckn, cak, 17)
	Eventually(t, func() string {
		if !ours.Secured() || !theirs.Secured() {
			return ours.Status() + theirs.Status()
		}
		return ""
	})
	for i, h := range []*Host{a, b} {
		h.IP("addr flush dev port0")
		h.IP(fmt.Sprintf("addr add 192.0.2.%d/24 dev macsec0", i+1))
		h.IP("link set macsec0 up")
	}
	wire := c.Panel.Capture(c.A, "not ether proto 0x888e and not ether proto 0x88e5")
	sealed := c.Panel.Capture(c.A, "ether proto 0x88e5")
	p := a.Ping(netip.Addr{}, far4, 20*time.Millisecond)
	answers(t, p, 20)
	if len(sealed.Stop()) < 20 {
		t.Error("no encrypted frames")
	}
	for _, frame := range wire.Stop() {
		if strings.Contains(frame, "192.0.2") {
			t.Errorf("in the clear: %s", frame)
		}
	}
}

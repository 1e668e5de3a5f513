package inside

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"onramp/internal/fabric"
	"onramp/internal/fabric/linux/speaker"
	"onramp/test/guest/lab"
)

// heard waits until the customer has a prefix by a path, with communities.
func (s site) heard(t *testing.T, family, prefix, path, communities string) {
	t.Helper()
	lab.Eventually(t, func() string {
		text := s.frr.Show("show bgp " + family + " unicast " + prefix)
		if !strings.Contains(text, "  "+path+"\n") || !strings.Contains(text, communities) {
			return text
		}
		return ""
	})
}

// Two sites with the same addresses in two VRFs of one process: sessions in both families, with MD5 keys, BFD and numbers of
// four bytes, and each hears what is its own.
func TestEqualAddresses(t *testing.T) {
	one, two := newSite(t, 1), newSite(t, 2)
	one.route(quirks{}, "172.16.1.0/24")
	two.route(quirks{}, "172.16.2.0/24")
	r := newRouter(t, &memory{tables: map[string]map[netip.Prefix][]speaker.Hop{}})
	r.apply(t, one.vrf(nil), two.vrf(nil))
	r.awaitUp(t, one, two)
	for _, s := range []site{one, two} {
		s.heard(t, "ipv4", "10.0.0.0/16", "64512 64999", fmt.Sprintf("Community: 7224:%d no-export", s.number))
		s.heard(t, "ipv6", "2001:db8:ffff::/48", "64512", "Community: 7224:66")
		want := fmt.Sprintf("172.16.%d.0/24:[{169.254.0.2 p%d.%d}]", s.number, s.number, 100+s.number)
		v6 := fmt.Sprintf("2001:db8:%d::/48:[{fd00::6 p%d.%d}]", s.number, s.number, 100+s.number)
		lab.Eventually(t, func() string {
			if text := r.kernel.text(s.name()); !strings.Contains(text, want) || !strings.Contains(text, v6) || strings.Count(text, "/") != 2 {
				return "kernel " + text
			}
			return ""
		})
		if n := r.status(s, "v4"); len(n.Accepted) != 1 || fmt.Sprint(n.Accepted[0].Communities) != "[65010:55]" || n.Accepted[0].ASPath[0].ASNs[0] != s.asn() {
			t.Errorf("%s: accepted %+v", s.name(), n.Accepted)
		}
		lab.Eventually(t, func() string {
			if text := s.frr.Show("show bfd peers brief"); strings.Count(text, " up ") != 2 {
				return text
			}
			return ""
		})
	}

	// A cable that is pulled is found out by BFD, and concerns nobody else.
	pulled := time.Now()
	one.cable.Unplug()
	lab.Eventually(t, func() string {
		if n := r.status(one, "v4"); n.Up || strings.Contains(r.kernel.text(one.name()), "172.16") {
			return "still up"
		}
		return ""
	})
	if took := time.Since(pulled); took > 20*time.Second { // far from the hold timer; how fast exactly test/fabric measures
		t.Errorf("the session was lost %v after the cable", took)
	}
	if n := r.status(one, "v4"); n.Reason != "interface is down: no carrier" {
		t.Errorf("reason %q", n.Reason)
	}
	if !r.status(two, "v4").Up || !r.status(two, "v6").Up {
		t.Error("the other site's sessions are down")
	}
	one.cable.Plug()
	r.awaitUp(t, one, two)
	one.cable.Break(true, true)
	r.says(t, one, "v4", "BFD has lost the neighbour")
	one.cable.Break(false, false)
	r.awaitUp(t, one)
}

func TestTroubles(t *testing.T) {
	one, two := newSite(t, 1), newSite(t, 2)
	one.route(quirks{key: "some-other-key"})
	two.route(quirks{}, "172.16.1.0/24", "172.16.2.0/24", "172.16.3.0/24", "172.16.4.0/24")
	r := newRouter(t, &memory{tables: map[string]map[netip.Prefix][]speaker.Hop{}})
	r.apply(t, one.vrf(nil), two.vrf(nil))
	r.says(t, one, "v4", "no answer from 169.254.0.2, and TCP segments with a wrong MD5 digest arrive")
	r.says(t, two, "v4", "notification sent: cease, maximum number of prefixes reached (4 announced, 3 allowed)")
	lab.Eventually(t, func() string {
		if text := two.frr.Show("show bgp neighbors 169.254.0.1"); !strings.Contains(text, "Cease/Maximum Number of Prefixes Reached") {
			return text
		}
		return ""
	})
	if n := r.status(two, "v4"); !n.OverLimit {
		t.Errorf("over its limit: %+v", n)
	}
	shut := func(n *fabric.Neighbor) { n.Shutdown = true }
	r.apply(t, one.vrf(nil), two.vrf(shut))
	two.frr.Load(fmt.Sprintf("router bgp %d\naddress-family ipv4 unicast\nno network 172.16.4.0/24\n", two.asn()))
	r.apply(t, one.vrf(nil), two.vrf(nil))
	r.awaitUp(t, two)
	r.apply(t, one.vrf(nil), two.vrf(shut))
	lab.Eventually(t, func() string {
		if text := two.frr.Show("show bgp neighbors 169.254.0.1"); !strings.Contains(text, "Cease/Administrative Shutdown") {
			return text
		}
		return ""
	})
	if n := r.status(two, "v6"); !n.Up {
		t.Errorf("the other family's session: %+v", n)
	}
}

// A speaker that starts again: a customer with graceful restart keeps what it was told, and the kernel what the customer
// has said.
func TestRestart(t *testing.T) {
	one := newSite(t, 1)
	one.route(quirks{noBFD: true, more: "bgp graceful-restart"}, "172.16.1.0/24")
	kernel := &memory{tables: map[string]map[netip.Prefix][]speaker.Hop{}}
	r := newRouter(t, kernel)
	r.apply(t, one.vrf(nil))
	r.awaitUp(t, one)
	one.heard(t, "ipv4", "10.0.0.0/16", "64512 64999", "7224:1")
	lab.Eventually(t, func() string {
		if text := kernel.text(one.name()); strings.Count(text, "/") != 2 {
			return "kernel " + text
		}
		return ""
	})
	before := kernel.text(one.name())
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	lab.Eventually(t, func() string {
		if text := one.frr.Show("show bgp ipv4 unicast 10.0.0.0/16"); !strings.Contains(text, "(stale)") && !strings.Contains(text, "stale") {
			return text
		}
		return ""
	})
	if now := kernel.text(one.name()); now != before {
		t.Errorf("closed: kernel %s, and it was %s", now, before)
	}
	r = newRouter(t, kernel)
	r.apply(t, one.vrf(nil))
	if now := kernel.text(one.name()); now != before {
		t.Errorf("opened: kernel %s, and it was %s", now, before)
	}
	lab.Eventually(t, func() string {
		text := one.frr.Show("show bgp ipv4 unicast 10.0.0.0/16")
		if !strings.Contains(text, "64512 64999") {
			t.Fatalf("the customer has lost the route: %s", text)
		}
		if strings.Contains(text, "stale") || !r.status(one, "v4").Up {
			return text
		}
		return ""
	})
	if now := kernel.text(one.name()); now != before {
		t.Errorf("up again: kernel %s, and it was %s", now, before)
	}
}

// A customer without BFD whose cable is pulled: its session is over at once, not when the hold timer runs out.
func TestCarrier(t *testing.T) {
	one := newSite(t, 1)
	one.route(quirks{noBFD: true}, "172.16.1.0/24")
	r := newRouter(t, &memory{tables: map[string]map[netip.Prefix][]speaker.Hop{}})
	r.apply(t, one.vrf(nil))
	r.awaitUp(t, one)
	lab.Eventually(t, func() string {
		if text := r.kernel.text(one.name()); !strings.Contains(text, "172.16.1.0/24") {
			return "kernel " + text
		}
		return ""
	})
	one.cable.Unplug()
	lab.Within(t, 10*time.Second, func() string {
		if n, text := r.status(one, "v4"), r.kernel.text(one.name()); n.Up || n.Reason != "interface is down: no carrier" || strings.Contains(text, "172.16") {
			return fmt.Sprintf("%+v, kernel %s", n, text)
		}
		return ""
	})
	one.cable.Plug()
	r.awaitUp(t, one)
}

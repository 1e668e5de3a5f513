package linuxtest

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"onramp/internal/fabric"
	"onramp/test/guest/lab"
)

var (
	ckn = strings.Repeat("1a", 32)
	cak = strings.Repeat("2b", 32)
)

// secure is a port that encrypts.
func secure(i int, bundle, mode string) fabric.Port {
	p := port(i, bundle)
	p.MACsec = &fabric.MACsec{Mode: mode, Keys: []fabric.Key{{CKN: ckn, CAK: fabric.Secret(cak)}}}
	return p
}

// TestRequire shows that a port which must encrypt carries nothing until keys are agreed, and nothing in the clear after.
func TestRequire(t *testing.T) {
	b := newBench(t, 1)
	in := fabric.Intent{Ports: []fabric.Port{secure(0, "", fabric.MACsecRequire)},
		VRFs: []fabric.VRF{{Name: "a", LocalASN: 64512, Networks: []netip.Prefix{pfx("10.0.0.0/16")}}},
		Interfaces: []fabric.Interface{{Name: "dxvif-1", Link: "et0", VLAN: 100, MTU: 1500, VRF: "a",
			Neighbors: []fabric.Neighbor{neighbor("169.254.0.1/30", "169.254.0.2", "10.0.0.0/16")}}}}
	wire := b.cables[0].Panel.Capture(b.cables[0].A, "not ether proto 0x88e5 and not ether proto 0x888e and ether src "+b.mac("et0"))
	b.apply(in)
	b.settled(in)
	vlan(b.customer, "c0", 0, 100, "169.254.0.2/30")
	if pings(b.customer, "169.254.0.1", 3*time.Second) {
		t.Error("an answer in the clear")
	}
	if o := b.observe(); o.Ports["et0"].Encrypted || o.Interfaces["dxvif-1"].Up {
		t.Errorf("not agreed, and seen as %+v", o)
	}
	b.customer.IP("link del v100")
	agreed := b.customer.Agree("c0", ckn, cak, 20)
	lab.Eventually(t, func() string {
		if o := b.observe(); !agreed.Secured() || !o.Ports["et0"].Encrypted || !o.Interfaces["dxvif-1"].Up {
			return agreed.Status()
		}
		return ""
	})
	b.customer.IP("link set macsec0 up")
	vlan(b.customer, "macsec0", 0, 100, "169.254.0.2/30")
	b.customer.IP("route add 10.0.0.0/16 via 169.254.0.1")
	if !pings(b.customer, "10.0.0.1", 10*time.Second) {
		t.Error("no answer through the encrypted link")
	}
	b.settled(in)
	if leaked := wire.Stop(); len(leaked) > 0 {
		t.Errorf("in the clear on the wire:\n%s", strings.Join(leaked, "\n"))
	}
}

func (b *bench) mac(device string) string {
	return strings.TrimSpace(b.here.Run("cat", "/sys/class/net/"+device+"/address"))
}

// TestPrefer shows that a port which prefers to encrypt carries traffic in the clear, then encrypted once keys are agreed,
// and in the clear again when the far end stops; on the same devices all along.
func TestPrefer(t *testing.T) {
	b := newBench(t, 1)
	in := fabric.Intent{Ports: []fabric.Port{secure(0, "", fabric.MACsecPrefer)}, VRFs: []fabric.VRF{{Name: "a", LocalASN: 64512}},
		Interfaces: []fabric.Interface{{Name: "dxvif-1", Link: "et0", VLAN: 100, MTU: 1500, VRF: "a",
			Neighbors: []fabric.Neighbor{neighbor("169.254.0.1/30", "169.254.0.2")}}}}
	b.apply(in)
	before := b.here.Run("cat", "/sys/class/net/dxvif-1/ifindex")
	vlan(b.customer, "c0", 0, 100, "169.254.0.2/30")
	answers := func(what string) {
		t.Helper()
		if !pings(b.customer, "169.254.0.1", 30*time.Second) {
			t.Errorf("no answer %s", what)
		}
	}
	answers("before there are keys at the far end")
	b.customer.IP("link del v100")
	agreed := b.customer.Agree("c0", ckn, cak, 20)
	lab.Eventually(t, func() string {
		if o := b.observe(); !agreed.Secured() || !o.Ports["et0"].Encrypted {
			return agreed.Status()
		}
		return ""
	})
	b.customer.IP("link set macsec0 up")
	vlan(b.customer, "macsec0", 0, 100, "169.254.0.2/30")
	answers("encrypted")
	agreed.Daemon.Stop()
	if b.customer.IP("-o link show type macsec") != "" {
		b.customer.IP("link del macsec0")
	} else {
		t.Log("the far end's MACsec device went with its daemon")
	}
	vlan(b.customer, "c0", 0, 100, "169.254.0.2/30")
	lab.Eventually(t, func() string {
		if o := b.observe(); o.Ports["et0"].Encrypted {
			return "still seen as encrypted"
		}
		return ""
	})
	answers("in the clear again")
	if after := b.here.Run("cat", "/sys/class/net/dxvif-1/ifindex"); after != before {
		t.Errorf("the interface was made anew: index %s, then %s", before, after)
	}
}

// TestEncryptedBundle bundles two encrypted ports. The customer's kernel does not bundle MACsec devices any more than ours,
// so the same driver is the customer: it decrypts, and bundles what comes out. Nothing is bundled before keys are agreed.
func TestEncryptedBundle(t *testing.T) {
	b := newBench(t, 2)
	in := fabric.Intent{Ports: []fabric.Port{secure(0, "dxlag-1", fabric.MACsecRequire), secure(1, "dxlag-1", fabric.MACsecRequire)},
		Bundles: []fabric.Bundle{{Name: "dxlag-1"}}, VRFs: []fabric.VRF{{Name: "a", LocalASN: 64512}},
		Interfaces: []fabric.Interface{{Name: "dxvif-1", Link: "dxlag-1", VLAN: 100, MTU: 1500, VRF: "a",
			Neighbors: []fabric.Neighbor{neighbor("169.254.0.1/30", "169.254.0.2")}}}}
	wire := b.cables[0].Panel.Capture(b.cables[0].A, "not ether proto 0x88e5 and not ether proto 0x888e and ether src "+b.mac("et0"))
	b.apply(in)
	b.settled(in)
	if o := b.observe(); o.Bundles["dxlag-1"].ActiveMembers != 0 || o.Ports["et0"].Bundle != "dxlag-1" || o.Interfaces["dxvif-1"].Up {
		t.Errorf("without keys at the far end: %+v", o)
	}
	far := in.Clone()
	far.Interfaces[0].Neighbors[0] = neighbor("169.254.0.2/30", "169.254.0.1")
	b.other(far, map[string]string{"et0": "c0", "et1": "c1"})
	is := func(members int) {
		t.Helper()
		lab.Eventually(t, func() string {
			o := b.observe()
			if s := o.Bundles["dxlag-1"]; s.Up != (members > 0) || s.ActiveMembers != members || o.Interfaces["dxvif-1"].Up != (members > 0) {
				return fmt.Sprintf("%+v\n%s", o.Ports, b.here.Run("cat", "/proc/net/bonding/dxlag-1"))
			}
			return ""
		})
	}
	is(2)
	answers := func() {
		t.Helper()
		vrf := strings.TrimSpace(b.customer.Run("sh", "-c", "grep -o 'dxr-[^:]*' /proc/net/dev"))
		if out, err := b.customer.Try("ping", "-I", vrf, "-c", "1", "-w", "10", "169.254.0.1"); err != nil {
			t.Errorf("no answer over the encrypted bundle: %s", out)
		}
	}
	answers()
	b.cables[0].Unplug()
	is(1)
	answers()
	b.cables[0].Plug()
	is(2)
	answers()
	if leaked := wire.Stop(); len(leaked) > 0 {
		t.Errorf("in the clear on the wire:\n%s", strings.Join(leaked, "\n"))
	}
}

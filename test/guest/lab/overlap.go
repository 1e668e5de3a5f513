package lab

import (
	"fmt"
	"strings"
)

// Overlap is an end of a MACsec key agreement that changes keys without a gap: it agrees on the next key while the one
// before it is in use. There are two of wpa_supplicant on the port, each with a secure channel of its own (port identifiers 1
// and 2), and what is sent is led to one of them by tc. What both take comes out of the encrypted device.
type Overlap struct {
	host   *Host
	port   string
	secure string
	ends   [2]*Agreement
	next   int // the end that Begin uses
}

// Overlap makes an encrypted device on a port of the host that changes keys without a gap; it has none as yet.
func (h *Host) Overlap(device, secure string) *Overlap {
	h.t.Helper()
	o := &Overlap{host: h, port: device, secure: secure}
	const like = "encrypt on protect on validate strict\n"
	links := fmt.Sprintf("link set dev %s mtu %d up\nlink add link %s name %s type macsec port 9 "+like+"link set dev %s up\n",
		device, sealed, device, secure, secure)
	filters := fmt.Sprintf("qdisc add dev %s clsact\n", secure)
	for i := range o.ends {
		links += fmt.Sprintf("link add link %s name %s type macsec port %d "+like, device, o.device(i), i+1)
		filters += fmt.Sprintf("qdisc add dev %s clsact\nfilter add dev %s ingress matchall action mirred ingress redirect dev %s\n",
			o.device(i), o.device(i), secure)
	}
	h.Batch("ip", links)
	h.Batch("tc", filters)
	for i := range o.ends {
		o.ends[i] = h.agree(device, i+1)
	}
	return o
}

func (o *Overlap) device(end int) string { return fmt.Sprintf("%s.%d", o.secure, end+1) }

// Begin begins to agree on a key pair beside the one in use.
func (o *Overlap) Begin(ckn, cak string) {
	o.host.t.Helper()
	o.ends[o.next].Use(ckn, cak)
}

// Agreed waits until the far end agrees.
func (o *Overlap) Agreed() {
	o.host.t.Helper()
	Eventually(o.host.t, func() string {
		if !o.ends[o.next].Secured() {
			return o.ends[o.next].Status()
		}
		return ""
	})
}

// Change sends with the new key from now on.
func (o *Overlap) Change() {
	o.host.t.Helper()
	const first = 41
	filters := fmt.Sprintf("filter add dev %s egress pref %d matchall action mirred egress redirect dev %s\n", o.secure, first+o.next, o.device(o.next))
	if old := 1 - o.next; strings.Contains(o.host.Run("tc", "filter", "show", "dev", o.secure, "egress"), fmt.Sprintf("pref %d ", first+old)) {
		filters += fmt.Sprintf("filter del dev %s egress pref %d\n", o.secure, first+old)
	}
	o.host.Batch("tc", filters)
	o.next = 1 - o.next
}

// Drop ends the agreement on the key before this one, once the far end sends with this one too.
func (o *Overlap) Drop() {
	o.host.t.Helper()
	device := o.device(1 - o.next)
	received := func() string { // frames, the second number of the device's line
		for line := range strings.Lines(o.host.Run("cat", "/proc/net/dev")) {
			if words := strings.Fields(line); words[0] == device+":" {
				return words[2]
			}
		}
		o.host.t.Fatalf("no device %s", device)
		return ""
	}
	before := received()
	Eventually(o.host.t, func() string {
		if now := received(); now == before {
			return "the far end sends nothing with the new key"
		}
		return ""
	})
	o.ends[o.next].Daemon.Stop() // while it runs it says hello, whatever networks it has
	o.ends[o.next] = o.host.agree(o.port, o.next+1)
}

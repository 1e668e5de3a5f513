package inside

import (
	"fmt"
	"net/netip"
	"testing"

	"onramp/internal/fabric"
	"onramp/internal/fabric/linux/speaker"
	"onramp/test/guest/lab"
)

// The reasons that an operator reads, each as it comes about: nobody at the address, a neighbour that falls silent, one that
// closes the session and says why, and a device that is switched off.
func TestReasons(t *testing.T) {
	one := newSite(t, 1)
	const at = "169.254.0.2/30 dev wan.101"
	one.host.IP("addr del " + at)
	r := newRouter(t, &memory{tables: map[string]map[netip.Prefix][]speaker.Hop{}})
	r.apply(t, one.vrf(func(n *fabric.Neighbor) { n.HoldSeconds = 3 }))
	r.says(t, one, "v4", "no route to neighbour 169.254.0.2: it does not answer on the link")
	one.host.IP("addr add " + at)
	// Nobody listens, and the refusal counts for nothing: it does not carry the key.
	r.says(t, one, "v4", "no answer from 169.254.0.2")
	one.route(quirks{noBFD: true})
	r.awaitUp(t, one)
	one.cable.Break(true, true)
	r.says(t, one, "v4", "hold timer expired")
	one.cable.Break(false, false)
	r.awaitUp(t, one)
	closed := fmt.Sprintf("router bgp %d\n%%sneighbor 169.254.0.1 shutdown%%s\n", one.asn())
	one.frr.Load(fmt.Sprintf(closed, "", " message see you"))
	r.says(t, one, "v4", `notification received: cease, administrative shutdown ("see you")`)
	one.frr.Load(fmt.Sprintf(closed, "no ", ""))
	r.awaitUp(t, one)
	lab.Here(t).IP("link set p1.101 down")
	r.says(t, one, "v4", "interface is down")
}

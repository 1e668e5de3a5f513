package routerconfig

import "net/netip"

// Networks that no router should learn from the far side, whatever the type of the interface: the default route (it would
// draw all traffic; a comment tells how to take it), loopback, link local and multicast (RFC 6890).
var (
	neverV4 = []filter{only("0.0.0.0/0"), within("127.0.0.0/8"), within("169.254.0.0/16"), within("224.0.0.0/3")}
	neverV6 = []filter{only("::/0"), within("::/8"), within("fe80::/10"), within("ff00::/8")}
	// Networks that are not public (RFC 1918, RFC 6598); they come only over private and transit interfaces. The blocks for
	// benchmarks (RFC 2544, RFC 5180) are not among them: an installation without addresses of its own uses those.
	privateV4 = []filter{within("0.0.0.0/8"), within("10.0.0.0/8"), within("100.64.0.0/10"), within("172.16.0.0/12"),
		within("192.168.0.0/16")}
)

func only(prefix string) filter   { return filter{Prefix: netip.MustParsePrefix(prefix)} }
func within(prefix string) filter { return filter{Prefix: netip.MustParsePrefix(prefix), Longer: true} }

// policy fills in what is taken from the far side. On a public interface the customer's own networks are refused as
// well, as from there they could only come by mistake or by malice.
func (f *family) policy(public bool) {
	f.All, f.Most, f.Example = netip.MustParsePrefix("::/0"), 128, netip.MustParsePrefix("2001:db8:100::/48")
	f.Refused, f.Accepted = append(f.Refused, neverV6...), within("::/0")
	if f.V4 {
		f.All, f.Most, f.Example = netip.MustParsePrefix("0.0.0.0/0"), 32, netip.MustParsePrefix("192.0.2.0/24")
		f.Refused, f.Accepted = append([]filter(nil), neverV4...), within("0.0.0.0/0")
	}
	if !public {
		return
	}
	if f.V4 {
		f.Refused = append(f.Refused, privateV4...)
	} else {
		f.Accepted = within("2000::/3") // global unicast, RFC 4291
	}
	for _, p := range f.Networks {
		f.Refused = append(f.Refused, filter{p, true})
	}
}

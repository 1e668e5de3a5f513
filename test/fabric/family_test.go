package fabric

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/directconnect/types"

	"onramp/test/guest/lab"
)

// TestIPv6 is a private interface over IPv6, with BIRD configured only by what was printed for it.
func TestIPv6(t *testing.T) {
	const behind, own = "2001:db8:20::/48", "2001:db8:9::/64"
	c := socket{lab.NewHost(t, "c1"), "port0"}
	w := newWorld(t, []socket{c})
	gateway := w.gateway("vgw-0123456789abcdef0", behind)
	id := w.private(w.plugged("r1", 0), types.NewPrivateVirtualInterface{
		Vlan: 102, Asn: 65001, VirtualGatewayId: &gateway, AddressFamily: types.AddressFamilyIPv6,
	})
	bird := w.bird(c, id, own)
	w.vifIs(id, types.VirtualInterfaceStateAvailable, types.BGPStatusUp)
	reaches(t, c.customer, firstHost(own), firstHost(behind))
	if out := bird.Show("route for " + firstHost(behind).String() + " all"); !strings.Contains(out, "BGP.as_path: 64512") {
		t.Errorf("BIRD's route to the far side:\n%s", out)
	}
	if _, ok := w.routes(id)["accepted "+own]; !ok {
		t.Errorf("the customer's route is not among %v", w.routes(id))
	}
}

// TestFourOctetASN is a private interface of a customer whose number needs four octets (RFC 6793).
func TestFourOctetASN(t *testing.T) {
	const behind, own, asn = "10.20.0.0/16", "172.16.1.0/24", 4_200_000_123
	c := socket{lab.NewHost(t, "c1"), "port0"}
	w := newWorld(t, []socket{c})
	gateway := w.gateway("vgw-0123456789abcdef0", behind)
	long := int64(asn)
	id := w.private(w.plugged("r1", 0), types.NewPrivateVirtualInterface{Vlan: 103, AsnLong: &long, VirtualGatewayId: &gateway})
	w.bird(c, id, own)
	w.vifIs(id, types.VirtualInterfaceStateAvailable, types.BGPStatusUp)
	reaches(t, c.customer, firstHost(own), firstHost(behind))
	lab.Eventually(t, func() string {
		r, ok := w.routes(id)["accepted "+own]
		if !ok || len(r.AsPath) != 1 || !slices.Equal(r.AsPath[0].Path, []int64{asn}) {
			return "the customer's route is not there with its AS path"
		}
		return ""
	})
}

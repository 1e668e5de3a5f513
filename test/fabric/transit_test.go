package fabric

import (
	"fmt"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
	"github.com/aws/aws-sdk-go-v2/service/directconnect/types"

	"onramp/test/guest/lab"
)

// TestTransitInterface is a transit gateway behind a Direct Connect gateway: FRR has the allowed prefixes as they are, and
// not what lies behind the transit gateway; a ping crosses, and with the interface's MTU of 8500 a packet of that size whole.
func TestTransitInterface(t *testing.T) {
	const behind, own, jumbo = "10.20.0.0/16", "172.16.1.0/24", 8500
	allowed := []string{"10.20.0.0/14", "10.99.0.0/24"}
	c := socket{lab.NewHost(t, "c1"), "port0"}
	w := newWorld(t, []socket{c})
	far := w.gateway("tgw-0123456789abcdef0", behind)
	gateway := w.associated(far, allowed...)
	connection := w.plugged("r1", 0)
	id := *got(w.api.CreateTransitVirtualInterface(t.Context(), &dc.CreateTransitVirtualInterfaceInput{
		ConnectionId: &connection, NewTransitVirtualInterface: &types.NewTransitVirtualInterface{
			VirtualInterfaceName: aws.String("lab"), Vlan: 101, Asn: 65001, DirectConnectGatewayId: &gateway, Mtu: aws.Int32(jumbo),
		},
	}))(t).VirtualInterface.VirtualInterfaceId
	frr := w.frr(c, id, own)
	w.vifIs(id, types.VirtualInterfaceStateAvailable, types.BGPStatusUp)
	reaches(t, c.customer, firstHost(own), firstHost(behind))

	for _, prefix := range allowed {
		has(t, frr, prefix, "64600")
		if r, ok := w.routes(id)["advertised "+prefix]; !ok || len(r.Communities) != 0 {
			t.Errorf("the API tells of %s: %t, %+v", prefix, ok, r)
		}
	}
	var path frrPath
	if err := frr.Read("show bgp ipv4 unicast "+behind+" json", &path); err != nil || len(path.Paths) != 0 {
		t.Errorf("FRR has the network behind the transit gateway: %+v, %v", path, err)
	}
	if r, ok := w.routes(id)["accepted "+own]; !ok || len(r.AsPath) != 1 || !slices.Equal(r.AsPath[0].Path, []int64{65001}) {
		t.Errorf("the customer's route is %+v", r)
	}
	const headers = 28 // of IP and ICMP
	c.customer.Run("ping", "-c", "5", "-i", "0.2", "-W", "5", "-M", "do", "-s", fmt.Sprint(jumbo-headers), "-I", firstHost(own).String(), firstHost(behind).String())
}

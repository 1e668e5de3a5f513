package fabric

import (
	"fmt"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/directconnect/types"

	"onramp/test/guest/lab"
)

// frrPath is a prefix in FRR's table, as far as it is looked at.
type frrPath struct {
	Paths []struct {
		Valid     bool                    `json:"valid"`
		ASPath    struct{ String string } `json:"aspath"`
		Community struct {
			List []string `json:"list"`
		} `json:"community"`
	} `json:"paths"`
}

// TestPrivateInterface: order, plug, create a private interface. FRR, configured only by what DescribeRouterConfiguration
// printed for it, comes up; a ping crosses the customer's router, VLAN, VRF and far side; the far side's route is in FRR's
// table with its communities and AS path, and the customer's in ListVirtualInterfaceRoutes.
func TestPrivateInterface(t *testing.T) {
	const behind, own = "10.20.0.0/16", "172.16.1.0/24"
	c := socket{lab.NewHost(t, "c1"), "port0"}
	w := newWorld(t, []socket{c})
	gateway := w.gateway("vgw-0123456789abcdef0", behind)
	connection := w.plugged("r1", 0)
	id := w.private(connection, types.NewPrivateVirtualInterface{Vlan: 101, Asn: 65001, VirtualGatewayId: &gateway})
	frr := w.frr(c, id, own)
	w.vifIs(id, types.VirtualInterfaceStateAvailable, types.BGPStatusUp)
	neighbor := address(w.vif(id).AmazonAddress).String()
	lab.Eventually(t, func() string {
		if state := frr.Session(neighbor); state != "Established" {
			return fmt.Sprintf("session with %s: %s", neighbor, state)
		}
		return ""
	})
	reaches(t, c.customer, firstHost(own), firstHost(behind))

	var path frrPath
	if err := frr.Read("show bgp ipv4 unicast "+behind+" json", &path); err != nil {
		t.Fatal(err)
	}
	told, ok := w.routes(id)["advertised "+behind]
	if len(path.Paths) != 1 || path.Paths[0].ASPath.String != "64512" || !ok {
		t.Fatalf("FRR has %+v, the API tells of %+v", path, w.routes(id))
	}
	if list := path.Paths[0].Community.List; len(list)+len(told.Communities) != 0 { // only public interfaces tag what they announce
		t.Errorf("FRR has communities %v, the API tells of %v, want none", list, told.Communities)
	}
	accepted, ok := w.routes(id)["accepted "+own]
	if !ok || len(accepted.AsPath) != 1 || !slices.Equal(accepted.AsPath[0].Path, []int64{65001}) {
		t.Errorf("the customer's route is %+v", accepted)
	}
	w.routers["r1"].cables[0].Unplug()
	w.connectionIs(connection, types.ConnectionStateDown)
	w.vifIs(id, types.VirtualInterfaceStateDown, types.BGPStatusDown)
	w.routers["r1"].cables[0].Plug()
	w.connectionIs(connection, types.ConnectionStateAvailable)
	w.vifIs(id, types.VirtualInterfaceStateAvailable, types.BGPStatusUp)
	reaches(t, c.customer, firstHost(own), firstHost(behind))
}

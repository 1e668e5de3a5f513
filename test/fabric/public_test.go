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

// has waits until FRR has a prefix by one path, with this AS path and these communities as it writes them.
func has(t *testing.T, frr *lab.FRR, prefix, asPath string, communities ...string) {
	t.Helper()
	lab.Eventually(t, func() string {
		var path frrPath
		if err := frr.Read("show bgp ipv4 unicast "+prefix+" json", &path); err != nil {
			return err.Error()
		}
		if len(path.Paths) != 1 || path.Paths[0].ASPath.String != asPath || !slices.Equal(path.Paths[0].Community.List, communities) {
			return fmt.Sprintf("FRR has %s as %+v, want the path %s with %v", prefix, path, asPath, communities)
		}
		return ""
	})
}

// TestPublicInterface is a public interface: the provider's ranges are in FRR's table
// with a path of three, NO_EXPORT, and the community that says where each is from; of what the customer announces only what
// its filter names is taken; and a ping crosses.
func TestPublicInterface(t *testing.T) {
	const own, other, near, anywhere = "203.0.113.0/24", "192.0.2.0/24", "198.18.0.0/18", "198.19.0.0/16"
	const path, noExport = "7224 7224 7224", "noExport"
	c := socket{lab.NewHost(t, "c1"), "port0"}
	w := newWorld(t, []socket{c})
	connection := w.plugged("r1", 0)
	id := *got(w.api.CreatePublicVirtualInterface(t.Context(), &dc.CreatePublicVirtualInterfaceInput{
		ConnectionId: &connection, NewPublicVirtualInterface: &types.NewPublicVirtualInterface{
			VirtualInterfaceName: aws.String("lab"), Vlan: 101, Asn: 65001, AmazonAddress: aws.String("198.51.100.1/30"),
			CustomerAddress: aws.String("198.51.100.2/30"), RouteFilterPrefixes: []types.RouteFilterPrefix{{Cidr: aws.String(own)}},
		},
	}))(t).VirtualInterfaceId
	frr := w.frr(c, id, own, other)
	w.vifIs(id, types.VirtualInterfaceStateAvailable, types.BGPStatusUp)
	reaches(t, c.customer, firstHost(own), firstHost(near))
	reaches(t, c.customer, firstHost(own), firstHost(anywhere))

	for prefix, communities := range map[string][]string{
		near:              {"7224:8100", noExport}, // of the Region
		"198.18.64.0/18":  {"7224:8200", noExport}, // of the continent
		"198.18.128.0/18": {noExport},
		anywhere:          {noExport},
	} {
		has(t, frr, prefix, path, communities...)
		told := w.routes(id)["advertised "+prefix]
		want := slices.Sorted(slices.Values(append(slices.DeleteFunc(communities, func(c string) bool { return c == noExport }), "65535:65281")))
		if !slices.Equal(told.Communities, want) {
			t.Errorf("the API tells of %s with communities %v, want %v", prefix, told.Communities, want)
		}
	}
	routes := w.routes(id)
	if r, ok := routes["accepted "+own]; !ok || len(r.AsPath) != 1 || !slices.Equal(r.AsPath[0].Path, []int64{65001}) {
		t.Errorf("the customer's route is %+v", r)
	}
	if r, ok := routes["accepted "+other]; ok {
		t.Errorf("taken though the filter does not name it: %+v", r)
	}
}

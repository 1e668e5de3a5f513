package reconcile

import (
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"onramp/internal/directconnect"
	"onramp/internal/fabric"
)

var pfx = netip.MustParsePrefix

// planned is the traffic that TestPlanInterfaces plans: one interface of every kind, and every reason to leave one out.
func planned() traffic {
	at := func(id, parent string, vlan int32, state directconnect.InterfaceState) directconnect.VirtualInterface {
		return directconnect.VirtualInterface{
			ID: id, Account: account, ParentID: parent, Type: directconnect.Private, State: state, VLAN: vlan, GatewayID: "gw",
			AmazonASN: 64512, MTU: 1500, RateLimit: "50Mbps", Peers: []directconnect.BGPPeer{{ID: id + "/p", Family: directconnect.IPv4,
				ASN: 65001, Amazon: pfx("169.254.0.1/30"), Customer: pfx("169.254.0.2/30"), State: directconnect.PeerAvailable}},
		}
	}
	up, down, testing := directconnect.InterfaceAvailable, directconnect.InterfaceDown, directconnect.InterfaceTesting
	public := at("v2", "c-member", 200, down)
	public.Type, public.GatewayID, public.AmazonASN, public.RateLimit = directconnect.Public, "", 7224, ""
	public.RouteFilter = []string{"203.0.113.0/24", "198.51.100.0/24"}
	direct := at("v3", "c-hosted", 100, testing)
	direct.GatewayID, direct.VirtualGatewayID = "", "vgw-1"
	direct.Peers = append(direct.Peers, direct.Peers[0], direct.Peers[0], direct.Peers[0], direct.Peers[0])
	for i, state := range []directconnect.PeerState{directconnect.PeerAvailable, directconnect.PeerPending, directconnect.PeerDeleting, directconnect.PeerVerifying, directconnect.PeerAvailable} {
		direct.Peers[i].ID, direct.Peers[i].State = string(rune('a'+i)), state
	}
	direct.Peers[1].Held = time.Unix(1, 0)
	keys := map[string]fabric.Secret{"a": "k", "b": "k", "c": "k", "d": "k"} // e's cannot be had
	for _, id := range []string{"v1", "v2", "v4", "v5", "v6", "v7", "v8"} {
		keys[id+"/p"] = fabric.Secret("key of " + id)
	}
	return traffic{
		interfaces: []directconnect.VirtualInterface{
			direct, public, at("v1", "c-plain", 100, up), at("v4", "c-plain", 100, up), at("v5", "c-gone", 300, up),
			at("v6", "c-plain", 301, directconnect.InterfaceDeleting), at("v7", "c-plain", 302, directconnect.InterfaceVerifying),
			at("v8", "c-leaving", 303, up),
		},
		hosted: map[string]directconnect.Connection{
			"c-hosted":  {ID: "c-hosted", Kind: directconnect.Hosted, State: directconnect.ConnectionAvailable, ParentID: "dxlag-fg000001", VLAN: 700, Bandwidth: "500Mbps"},
			"c-leaving": {ID: "c-leaving", Kind: directconnect.Hosted, State: directconnect.ConnectionDeleting, ParentID: "c-plain", VLAN: 701, Bandwidth: "500Mbps"},
		},
		announced: map[string][]directconnect.Announcement{
			"v1": {{CIDR: pfx("10.0.0.0/8"), Communities: []string{"1:2"}, Prepend: []int64{65003}}, {CIDR: pfx("2001:db8::/32")}},
			"v2": {{CIDR: pfx("198.18.0.0/15"), NoExport: true}},
		},
		tests: map[string]directconnect.FailoverTest{"v3": {Peers: []string{"a"}}, "v1": {Peers: []string{"v1/p"}}},
		keys:  keys,

		networks: map[string][]netip.Prefix{"gw": {pfx("10.0.0.0/16")}},
		peers:    map[string][]netip.Addr{"gw": {netip.MustParseAddr("192.0.2.2")}},
	}
}

func TestPlanInterfaces(t *testing.T) {
	t.Parallel()
	in := fabric.Intent{
		Backbone: netip.MustParseAddr("192.0.2.1"),
		Ports:    []fabric.Port{{Name: "et-0", Enabled: true, SpeedMbps: 1000}, {Name: "et-1", Enabled: true, SpeedMbps: 1000, Bundle: "dxlag-fg000001"}},
		Bundles:  []fabric.Bundle{{Name: "dxlag-fg000001"}},
	}
	planInterfaces(&in, planned(), map[string]string{"c-plain": "et-0", "c-member": "et-1"})
	neighbor := func(name string, asn int64, key fabric.Secret) fabric.Neighbor {
		return fabric.Neighbor{Name: name, Local: pfx("169.254.0.1/30"), Remote: netip.MustParseAddr("169.254.0.2"), LocalASN: asn,
			RemoteASN: 65001, Key: key, MaxPrefixes: 100, Import: fabric.ImportPolicy{DefaultPreference: 200, Prefer: []fabric.Preference{
				{Community: "7224:7100", LocalPref: 100}, {Community: "7224:7200", LocalPref: 200}, {Community: "7224:7300", LocalPref: 300}}}}
	}
	one, two := neighbor("v1/p", 64512, "key of v1"), neighbor("v2/p", 7224, "key of v2")
	one.Export = []fabric.Announcement{{Prefix: pfx("10.0.0.0/8"), Communities: []string{"1:2"}, ASPathPrepend: []int64{65003}}}
	two.MaxPrefixes, two.Export = 1000, []fabric.Announcement{{Prefix: pfx("198.18.0.0/15"), NoExport: true}}
	two.Import = fabric.ImportPolicy{DefaultPreference: 200, Filtered: true, OrLonger: true, Allow: []netip.Prefix{pfx("198.51.100.0/24"), pfx("203.0.113.0/24")}}
	tested, held := neighbor("a", 64512, "k"), neighbor("b", 64512, "k")
	tested.Shutdown, held.Shutdown = true, true
	want := []fabric.Interface{
		{Name: "v1", Link: "et-0", VLAN: 100, MTU: 1500, VRF: "gw", RateMbps: 50, Neighbors: []fabric.Neighbor{one}},
		{Name: "v2", Link: "dxlag-fg000001", VLAN: 200, MTU: 1500, VRF: publicVRF, Neighbors: []fabric.Neighbor{two}},
		{Name: "v3", Link: "dxlag-fg000001", OuterVLAN: 700, VLAN: 100, MTU: 1500, VRF: account + "/vgw-1", RateMbps: 50, PoliceMbps: 500,
			Neighbors: []fabric.Neighbor{tested, held}},
	}
	compare := cmpopts.EquateComparable(netip.Prefix{}, netip.Addr{})
	if diff := cmp.Diff(want, in.Interfaces, compare); diff != "" {
		t.Errorf("interfaces (-want +got):\n%s", diff)
	}
	vrfs := []fabric.VRF{{Name: account + "/vgw-1", LocalASN: 64512}, {Name: "gw", LocalASN: 64512, Networks: []netip.Prefix{pfx("10.0.0.0/16")},
		Segment: in.VRFs[1].Segment, Peers: []netip.Addr{netip.MustParseAddr("192.0.2.2")}}, {Name: publicVRF, LocalASN: 7224}}
	if diff := cmp.Diff(vrfs, in.VRFs, compare); diff != "" {
		t.Errorf("VRFs (-want +got):\n%s", diff)
	}
	if err := in.Check(); err != nil {
		t.Error(err)
	}
}

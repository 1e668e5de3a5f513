package conformance

import (
	"strings"
	"testing"
	"time"
)

// TestBadInterfaceRequests: as TestBadRequests, in a world with interfaces.
func TestBadInterfaceRequests(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	if len(badVIFs) < 180 {
		t.Errorf("only %d bad requests", len(badVIFs))
	}
	refuseAll(t, w, a, badVIFs, append(badVIFWords(t, w, a), badWords(t, w, a)...))
}

// badVIFWords makes what badVIFs refers to: interfaces in many states, of two accounts.
func badVIFWords(t testing.TB, w *world, a *caller) []string {
	t.Helper()
	b := w.as(t, bob)
	port, spare, bobs := a.port(t, "100Gbps"), a.port(t, "1Gbps"), b.port(t, "1Gbps")
	gateway, foreign, ending := a.dxgw(t), b.dxgw(t), a.private(t, port, 100)
	vif, public, transit := a.private(t, port, 101), a.public(t, port, 102), a.transit(t, port, gateway, 103)
	mine, theirs, foreignVIF := b.allocate(t, "private", bobs, alice, 104), a.allocate(t, "private", port, bob, 105), b.private(t, bobs, 106)
	mineTransit, minePublic := b.allocate(t, "transit", bobs, alice, 107), b.allocate(t, "public", bobs, alice, 108)
	tested := a.private(t, port, 109)
	clash := a.private(t, spare, 101)
	w.turn(time.Hour)
	a.startTest(t, tested, 60)
	a.deleteVIF(t, ending)
	return []string{
		"{port}", port, "{spare}", spare, "{dxgw}", gateway, "{foreigndxgw}", foreign, "{vif}", vif, "{public}", public, "{transit}", transit,
		"{mine}", mine, "{theirs}", theirs, "{foreignvif}", foreignVIF, "{ending}", ending, "{tested}", tested, "{clash}", clash,
		"{minetransit}", mineTransit, "{minepublic}", minePublic, "{novif}", noVIF, "{101}", strings.Repeat("n", 101), "{81}", strings.Repeat("k", 81), "{nodxgw}", noDXGW, "{vgw}", anyVGW,
		"{peer}", a.peers(t, vif)[0]["bgpPeerId"].(string), "{otherpeer}", a.peers(t, tested)[0]["bgpPeerId"].(string),
	}
}

// The requests of the table, with members laid over.
func badPrivate(members string) string {
	return `{"connectionId":"{port}","newPrivateVirtualInterface":{"virtualInterfaceName":"x","vlan":1,"asn":65000,"virtualGatewayId":"{vgw}",` + members + `}}`
}

func badPublic(members string) string {
	return `{"connectionId":"{port}","newPublicVirtualInterface":{"virtualInterfaceName":"x","vlan":1,"asn":65000,"amazonAddress":"192.0.2.1/30",` +
		`"customerAddress":"192.0.2.2/30","routeFilterPrefixes":[{"cidr":"203.0.113.0/24"}],` + members + `}}`
}

func badTransit(members string) string {
	return `{"connectionId":"{port}","newTransitVirtualInterface":{"virtualInterfaceName":"x","vlan":1,"asn":65000,"directConnectGatewayId":"{dxgw}",` + members + `}}`
}

func badAllocation(kind, members string) string {
	return `{"connectionId":"{port}","ownerAccount":"` + bob + `","new` + kind + `VirtualInterfaceAllocation":{"virtualInterfaceName":"x","vlan":1,"asn":65000,` + members + `}}`
}

func badPeer(members string) string {
	return `{"virtualInterfaceId":"{vif}","newBGPPeer":{"asn":65000,` + members + `}}`
}

func badUpdate(members string) string { return `{"virtualInterfaceId":"{vif}",` + members + `}` }

const (
	createPrivate   = "CreatePrivateVirtualInterface"
	createPublic    = "CreatePublicVirtualInterface"
	createTransit   = "CreateTransitVirtualInterface"
	allocatePrivate = "AllocatePrivateVirtualInterface"
	allocatePublic  = "AllocatePublicVirtualInterface"
	allocateTransit = "AllocateTransitVirtualInterface"
	confirmPrivate  = "ConfirmPrivateVirtualInterface"
	confirmPublic   = "ConfirmPublicVirtualInterface"
	confirmTransit  = "ConfirmTransitVirtualInterface"
	updateVIF       = "UpdateVirtualInterfaceAttributes"
	associateVIF    = "AssociateVirtualInterface"

	badASN     = " is not valid. Valid values of asn are 1 to 2147483646; use asnLong for larger ones."
	badASNLong = " is not valid. Valid values of asnLong are 1 to 4294967294."
	badKeySize = "authKey is not valid: it must be 6 to 80 characters long."
	badKeyText = "authKey is not valid: it contains invalid characters."
)

var badVIFs = []bad{
	{createPrivate, `{}`, "newPrivateVirtualInterface is required."},
	{createPrivate, `{"connectionId":"{port}"}`, "newPrivateVirtualInterface is required."},
	{createPrivate, `{"newPrivateVirtualInterface":{"virtualInterfaceName":"x","vlan":1,"asn":1}}`, "connectionId is required."},
	{createPrivate, badPrivate(`"virtualInterfaceName":null`), "virtualInterfaceName is required."},
	{createPrivate, badPrivate(`"virtualInterfaceName":""`), "virtualInterfaceName is required."},
	{createPrivate, badPrivate(`"virtualInterfaceName":"{101}"`), "virtualInterfaceName must be at most 100 characters long."},
	{createPrivate, badPrivate(`"virtualInterfaceName":"a\u0000b"`), "virtualInterfaceName contains invalid characters."},
	{createPrivate, badPrivate(`"virtualInterfaceName":"a\nb"`), "virtualInterfaceName contains invalid characters."},
	{createPrivate, badPrivate(`"virtualInterfaceName":1`), serialization + ": NUMBER_VALUE can not be converted to a String, at newPrivateVirtualInterface.virtualInterfaceName"},
	{createPrivate, badPrivate(`"vlan":null`), "vlan is required."},
	{createPrivate, badPrivate(`"vlan":0`), "VLAN 0 is not valid. Valid values are 1 to 4094."},
	{createPrivate, badPrivate(`"vlan":4095`), "VLAN 4095 is not valid. Valid values are 1 to 4094."},
	{createPrivate, badPrivate(`"vlan":-1`), "VLAN -1 is not valid. Valid values are 1 to 4094."},
	{createPrivate, badPrivate(`"vlan":"1"`), serialization + ": STRING_VALUE can not be converted to an Integer, at newPrivateVirtualInterface.vlan"},
	{createPrivate, badPrivate(`"vlan":101`), "VLAN 101 is already in use on {port}"},
	{createPrivate, badPrivate(`"vlan":100`), "VLAN 100 is already in use on {port}"},
	{createPrivate, badPrivate(`"asn":null`), "Specify asn or asnLong."},
	{createPrivate, badPrivate(`"asn":0`), "ASN 0" + badASN},
	{createPrivate, badPrivate(`"asn":-1`), "ASN -1" + badASN},
	{createPrivate, badPrivate(`"asn":2147483647`), "ASN 2147483647" + badASN},
	{createPrivate, badPrivate(`"asnLong":0`), "ASN 0" + badASNLong},
	{createPrivate, badPrivate(`"asnLong":4294967295`), "ASN 4294967295" + badASNLong},
	{createPrivate, badPrivate(`"authKey":""`), badKeySize},
	{createPrivate, badPrivate(`"authKey":"12345"`), badKeySize},
	{createPrivate, badPrivate(`"authKey":"{81}"`), badKeySize},
	{createPrivate, badPrivate(`"authKey":"with blank"`), badKeyText},
	{createPrivate, badPrivate(`"authKey":"quote\"d"`), badKeyText},
	{createPrivate, badPrivate(`"authKey":"schlüssel"`), badKeyText},
	{createPrivate, badPrivate(`"addressFamily":"ipv5"`), "Address family ipv5 is not valid. Valid values are ipv4 and ipv6."},
	{createPrivate, badPrivate(`"addressFamily":"IPv4"`), "Address family IPv4 is not valid. Valid values are ipv4 and ipv6."},
	{createPrivate, badPrivate(`"addressFamily":"ipv6","amazonAddress":"2001:db8::1/125"`), "IPv6 addresses are assigned automatically and cannot be specified."},
	{createPrivate, badPrivate(`"amazonAddress":"10.0.0.1/30"`), "amazonAddress and customerAddress must be specified together."},
	{createPrivate, badPrivate(`"amazonAddress":"10.0.0.1","customerAddress":"10.0.0.2"`), "Amazon Address 10.0.0.1 is not a valid IPv4 address in CIDR notation."},
	{createPrivate, badPrivate(`"amazonAddress":"10.0.0.0/30","customerAddress":"10.0.0.2/30"`), "Amazon Address is address 0 on its subnet."},
	{createPrivate, badPrivate(`"amazonAddress":"127.0.0.1/30","customerAddress":"127.0.0.2/30"`), "Amazon Address 127.0.0.1/30 is not a unicast address."},
	{createPrivate, badPrivate(`"mtu":9000`), "MTU 9000 is not valid for a private virtual interface."},
	{createPrivate, badPrivate(`"mtu":-1`), "MTU -1 is not valid for a private virtual interface."},
	{createPrivate, badPrivate(`"virtualGatewayId":null`), "Specify exactly one of virtualGatewayId and directConnectGatewayId."},
	{createPrivate, badPrivate(`"directConnectGatewayId":"{dxgw}"`), "Specify exactly one of virtualGatewayId and directConnectGatewayId."},
	{createPrivate, badPrivate(`"virtualGatewayId":"vgw-1"`), "The VirtualGateway vgw-1 does not exist."},
	{createPrivate, badPrivate(`"virtualGatewayId":"VGW-0123456789abcdef0"`), "The VirtualGateway VGW-0123456789abcdef0 does not exist."},
	{createPrivate, badPrivate(`"virtualGatewayId":null,"directConnectGatewayId":"{nodxgw}"`), "Direct Connect Gateway {nodxgw} does not exist."},
	{createPrivate, badPrivate(`"virtualGatewayId":null,"directConnectGatewayId":"{foreigndxgw}"`), "Direct Connect Gateway {foreigndxgw} does not exist."},
	{createPrivate, badPrivate(`"virtualGatewayId":null,"directConnectGatewayId":"{dxgw}"`), "Direct Connect Gateway {dxgw} has transit virtual interfaces attached: a private one cannot be attached."},
	{createPrivate, badPrivate(`"enableSiteLink":true`), "SiteLink is not supported on a virtual interface that is attached to a virtual private gateway."},
	{createPrivate, badPrivate(`"enableSiteLink":"true"`), serialization + ": STRING_VALUE can not be converted to a Boolean, at newPrivateVirtualInterface.enableSiteLink"},
	{createPrivate, badPrivate(`"rateLimit":"55Mbps"`), "Rate limit 55Mbps is not valid."},
	{createPrivate, badPrivate(`"rateLimit":"400Gbps"`), "Rate limit 400Gbps is more than the bandwidth of {port}."},
	{createPrivate, badPrivate(`"prefixPoolAllocatedCountIpv4":-5`), "prefixPoolAllocatedCountIpv4 -5 is not valid. Valid values are 1 to 1000."},
	{createPrivate, badPrivate(`"prefixPoolAllocatedCountIpv6":1001`), "prefixPoolAllocatedCountIpv6 1001 is not valid. Valid values are 1 to 1000."},
	{createPrivate, badPrivate(`"tags":[{"key":"k"},{"key":"k"}]`), duplicate + ": A tag key was specified more than once: k"},
	{createPrivate, badPrivate(`"tags":[{"value":"v"}]`), "key is required."},
	{createPrivate, `{"connectionId":"x","newPrivateVirtualInterface":{"virtualInterfaceName":"x","vlan":1,"asn":1}}`, "Connection ID x has an invalid format."},
	{createPrivate, `{"connectionId":"{no}","newPrivateVirtualInterface":{"virtualInterfaceName":"x","vlan":1,"asn":1}}`, "Could not find Connection with ID {no}"},
	{createPrivate, `{"connectionId":"{nolag}","newPrivateVirtualInterface":{"virtualInterfaceName":"x","vlan":1,"asn":1}}`, "Could not find Lag with ID {nolag}"},
	{createPrivate, `{"connectionId":"{foreign}","newPrivateVirtualInterface":{"virtualInterfaceName":"x","vlan":1,"asn":1}}`, "Could not find Connection with ID {foreign}"},
	{createPrivate, `{"connectionId":"{inter}","newPrivateVirtualInterface":{"virtualInterfaceName":"x","vlan":1,"asn":1}}`, "Could not find Connection with ID {inter}"},
	{createPrivate, `{"connectionId":"{fresh}","newPrivateVirtualInterface":{"virtualInterfaceName":"x","vlan":1,"asn":1}}`, "The specified Connection ID is not available: {fresh} is in state requested."},
	{createPrivate, `{"connectionId":"{gone}","newPrivateVirtualInterface":{"virtualInterfaceName":"x","vlan":1,"asn":1}}`, "The specified Connection ID is not available: {gone} is in state deleted."},
	{createPrivate, `{"connectionId":"{member}","newPrivateVirtualInterface":{"virtualInterfaceName":"x","vlan":1,"asn":1}}`, "Connection {member} is a member of Lag {lag}: use the Lag."},

	{createPublic, `{"connectionId":"{port}"}`, "newPublicVirtualInterface is required."},
	{createPublic, badPublic(`"vlan":null`), "vlan is required."},
	{createPublic, badPublic(`"vlan":102`), "VLAN 102 is already in use on {port}"},
	{createPublic, badPublic(`"asn":null`), "Specify asn or asnLong."},
	{createPublic, badPublic(`"amazonAddress":null,"customerAddress":null`), "amazonAddress and customerAddress are required for an IPv4 public virtual interface."},
	{createPublic, badPublic(`"amazonAddress":"172.16.0.1/30"`), "Amazon Address is not allowed to contain a private IP"},
	{createPublic, badPublic(`"customerAddress":"192.0.2.6/30"`), "Amazon Address and Customer Address must be in the same CIDR"},
	{createPublic, badPublic(`"amazonAddress":"192.0.2.0/30"`), "Amazon Address is address 0 on its subnet."},
	{createPublic, badPublic(`"amazonAddress":"192.0.2.3/30"`), "Amazon Address is the broadcast address on its subnet."},
	{createPublic, badPublic(`"routeFilterPrefixes":null`), "routeFilterPrefixes must name at least one prefix for an IPv4 public virtual interface."},
	{createPublic, badPublic(`"routeFilterPrefixes":[]`), "routeFilterPrefixes must name at least one prefix for an IPv4 public virtual interface."},
	{createPublic, badPublic(`"routeFilterPrefixes":[{}]`), "cidr is required."},
	{createPublic, badPublic(`"routeFilterPrefixes":[{"cidr":"203.0.113.0"}]`), "CIDR 203.0.113.0 is not valid."},
	{createPublic, badPublic(`"routeFilterPrefixes":[{"cidr":"203.0.113.1/24"}]`), "CIDR 203.0.113.1/24 is not valid: it has host bits set."},
	{createPublic, badPublic(`"routeFilterPrefixes":[{"cidr":"2001:db8::/65"}]`), "CIDR 2001:db8::/65 is not valid: IPv6 prefixes must be /64 or shorter."},
	{createPublic, badPublic(`"routeFilterPrefixes":[{"cidr":"10.0.0.0/8"}]`), "Prefix 10.0.0.0/8 is not public."},
	{createPublic, badPublic(`"routeFilterPrefixes":[{"cidr":"169.254.0.0/16"}]`), "Prefix 169.254.0.0/16 is not public."},
	{createPublic, badPublic(`"routeFilterPrefixes":["203.0.113.0/24"]`), serialization + ": STRING_VALUE can not be converted to a Structure, at newPublicVirtualInterface.routeFilterPrefixes[0]"},
	{createPublic, badPublic(`"rateLimit":"1.7Tbps"`), "Rate limit 1.7Tbps is not valid."},

	{createTransit, `{"connectionId":"{port}"}`, "newTransitVirtualInterface is required."},
	{createTransit, badTransit(`"virtualInterfaceName":null`), "virtualInterfaceName is required."},
	{createTransit, badTransit(`"vlan":null`), "vlan is required."},
	{createTransit, badTransit(`"directConnectGatewayId":null`), "directConnectGatewayId is required."},
	{createTransit, badTransit(`"directConnectGatewayId":"{nodxgw}"`), "Direct Connect Gateway {nodxgw} does not exist."},
	{createTransit, badTransit(`"mtu":9001`), "MTU 9001 is not valid for a transit virtual interface."},

	{allocatePrivate, `{"connectionId":"{port}","ownerAccount":"` + bob + `"}`, "newPrivateVirtualInterfaceAllocation is required."},
	{allocatePrivate, badAllocation("Private", `"vlan":101`), "VLAN 101 is already in use on {port}"},
	{allocatePrivate, badAllocation("Private", `"mtu":1400`), "MTU 1400 is not valid for a private virtual interface."},
	{allocatePrivate, `{"connectionId":"{port}","newPrivateVirtualInterfaceAllocation":{"virtualInterfaceName":"x","vlan":1,"asn":1}}`, "ownerAccount is required."},
	{allocatePrivate, `{"connectionId":"{port}","ownerAccount":"1234","newPrivateVirtualInterfaceAllocation":{"virtualInterfaceName":"x","vlan":1,"asn":1}}`, "ownerAccount 1234 is not a valid account ID."},
	{allocatePrivate, `{"connectionId":"{port}","ownerAccount":"` + alice + `","newPrivateVirtualInterfaceAllocation":{"virtualInterfaceName":"x","vlan":1,"asn":1}}`, "Cannot allocate VirtualInterface for the connection owner."},
	{allocatePrivate, `{"connectionId":"{foreign}","ownerAccount":"` + bob + `","newPrivateVirtualInterfaceAllocation":{"virtualInterfaceName":"x","vlan":1,"asn":1}}`, "Could not find Connection with ID {foreign}"},
	{allocatePublic, `{"connectionId":"{port}","ownerAccount":"` + bob + `"}`, "newPublicVirtualInterfaceAllocation is required."},
	{allocatePublic, badAllocation("Public", `"routeFilterPrefixes":[]`), "routeFilterPrefixes must name at least one prefix for an IPv4 public virtual interface."},
	{allocateTransit, `{"connectionId":"{port}","ownerAccount":"` + bob + `"}`, "newTransitVirtualInterfaceAllocation is required."},
	{allocateTransit, badAllocation("Transit", `"asn":null`), "Specify asn or asnLong."},
	{allocateTransit, badAllocation("Transit", `"authKey":"short"`), badKeySize},

	{confirmPrivate, `{}`, "virtualInterfaceId is required."},
	{confirmPrivate, `{"virtualInterfaceId":"dxvif-x","virtualGatewayId":"{vgw}"}`, "Virtual Interface ID dxvif-x has an invalid format."},
	{confirmPrivate, `{"virtualInterfaceId":"{novif}","virtualGatewayId":"{vgw}"}`, "Virtual Interface {novif} does not exist."},
	{confirmPrivate, `{"virtualInterfaceId":"{mine}"}`, "Specify exactly one of virtualGatewayId and directConnectGatewayId."},
	{confirmPrivate, `{"virtualInterfaceId":"{mine}","directConnectGatewayId":"{foreigndxgw}"}`, "Direct Connect Gateway {foreigndxgw} does not exist."},
	{confirmPrivate, `{"virtualInterfaceId":"{mine}","directConnectGatewayId":"{dxgw}"}`, "Direct Connect Gateway {dxgw} has transit virtual interfaces attached: a private one cannot be attached."},
	{confirmPrivate, `{"virtualInterfaceId":"{theirs}","virtualGatewayId":"{vgw}"}`, "Virtual Interface {theirs} does not exist."},
	{confirmPrivate, `{"virtualInterfaceId":"{vif}","virtualGatewayId":"{vgw}"}`, "Virtual Interface {vif} is in state available: there is nothing to confirm."},
	{confirmPublic, `{}`, "virtualInterfaceId is required."},
	{confirmPublic, `{"virtualInterfaceId":"{mine}"}`, "Virtual Interface {mine} is a private virtual interface."},
	{confirmPublic, `{"virtualInterfaceId":"{public}"}`, "Virtual Interface {public} is in state verifying: there is nothing to confirm."},
	{confirmTransit, `{"virtualInterfaceId":"{minetransit}"}`, "directConnectGatewayId is required."},
	{confirmTransit, `{"virtualInterfaceId":"{minetransit}","directConnectGatewayId":"{nodxgw}"}`, "Direct Connect Gateway {nodxgw} does not exist."},
	{confirmTransit, `{"virtualInterfaceId":"{minepublic}","directConnectGatewayId":"{dxgw}"}`, "Virtual Interface {minepublic} is a public virtual interface."},

	{"DescribeVirtualInterfaces", `{"virtualInterfaceId":""}`, "Virtual Interface ID  has an invalid format."},
	{"DescribeVirtualInterfaces", `{"virtualInterfaceId":"{port}"}`, "Virtual Interface ID {port} has an invalid format."},
	{"DescribeVirtualInterfaces", `{"connectionId":"{vif}"}`, "Connection ID {vif} has an invalid format."},
	{"DescribeVirtualInterfaces", `{"maxResults":0}`, "maxResults 0 is not valid. It must be at least 1."},
	{"DescribeVirtualInterfaces", `{"nextToken":"x"}`, "nextToken is not valid."},

	{updateVIF, `{}`, "virtualInterfaceId is required."},
	{updateVIF, `{"virtualInterfaceId":"{novif}","mtu":1500}`, "Virtual Interface {novif} does not exist."},
	{updateVIF, `{"virtualInterfaceId":"{foreignvif}","mtu":1500}`, "Virtual Interface {foreignvif} does not exist."},
	{updateVIF, `{"virtualInterfaceId":"{ending}","virtualInterfaceName":"y"}`, "Virtual Interface {ending} is in state deleting and cannot be changed."},
	{updateVIF, `{"virtualInterfaceId":"{public}","mtu":8500}`, "MTU 8500 is not valid for a public virtual interface."},
	{updateVIF, `{"virtualInterfaceId":"{public}","prefixPoolAllocatedCountIpv4":5}`, "A prefix pool is not supported on Virtual Interface {public}."},
	{updateVIF, `{"virtualInterfaceId":"{transit}","mtu":9001}`, "MTU 9001 is not valid for a transit virtual interface."},
	{updateVIF, `{"virtualInterfaceId":"{tested}","mtu":8500}`, "Virtual Interface {tested} is being tested: MTU and SiteLink cannot be changed."},
	{updateVIF, badUpdate(`"virtualInterfaceName":""`), "virtualInterfaceName is required."},
	{updateVIF, badUpdate(`"virtualInterfaceName":"{101}"`), "virtualInterfaceName must be at most 100 characters long."},
	{updateVIF, badUpdate(`"mtu":0`), "MTU 0 is not valid for a private virtual interface."},
	{updateVIF, badUpdate(`"virtualInterfaceName":"y","mtu":1`), "MTU 1 is not valid for a private virtual interface."},
	{updateVIF, badUpdate(`"enableSiteLink":true`), "SiteLink is not supported on Virtual Interface {vif}: it is not attached to a Direct Connect gateway."},
	{updateVIF, badUpdate(`"rateLimit":"1Mbps"`), "Rate limit 1Mbps is not valid."},
	{updateVIF, badUpdate(`"rateLimit":"1Tbps"`), "Rate limit 1Tbps is more than the bandwidth of {port}."},
	{updateVIF, badUpdate(`"prefixPoolAllocatedCountIpv4":0`), "prefixPoolAllocatedCountIpv4 0 is not valid. Valid values are 1 to 1000."},

	{associateVIF, `{"connectionId":"{spare}"}`, "virtualInterfaceId is required."},
	{associateVIF, `{"virtualInterfaceId":"{vif}"}`, "connectionId is required."},
	{associateVIF, `{"virtualInterfaceId":"{vif}","connectionId":"{port}"}`, "Virtual Interface {vif} is already associated with {port}."},
	{associateVIF, `{"virtualInterfaceId":"{vif}","connectionId":"{spare}"}`, "VLAN 101 is already in use on {spare}"},
	{associateVIF, `{"virtualInterfaceId":"{vif}","connectionId":"{foreign}"}`, "Could not find Connection with ID {foreign}"},
	{associateVIF, `{"virtualInterfaceId":"{vif}","connectionId":"{fresh}"}`, "The specified Connection ID is not available: {fresh} is in state requested."},
	{associateVIF, `{"virtualInterfaceId":"{vif}","connectionId":"{deadlag}"}`, "The specified Connection ID is not available: {deadlag} is in state deleted."},
	{associateVIF, `{"virtualInterfaceId":"{foreignvif}","connectionId":"{spare}"}`, "Virtual Interface {foreignvif} does not exist."},
	{associateVIF, `{"virtualInterfaceId":"{ending}","connectionId":"{spare}"}`, "Virtual Interface {ending} is in state deleting and cannot be changed."},
	{associateVIF, `{"virtualInterfaceId":"{tested}","connectionId":"{spare}"}`, "Virtual Interface {tested} is being tested and cannot be moved."},

	{"DeleteVirtualInterface", `{}`, "virtualInterfaceId is required."},
	{"DeleteVirtualInterface", `{"virtualInterfaceId":"{novif}"}`, "Virtual Interface {novif} does not exist."},
	{"DeleteVirtualInterface", `{"virtualInterfaceId":"{foreignvif}"}`, "Virtual Interface {foreignvif} does not exist."},

	{"CreateBGPPeer", `{}`, "virtualInterfaceId is required."},
	{"CreateBGPPeer", `{"virtualInterfaceId":"{vif}"}`, "newBGPPeer is required."},
	{"CreateBGPPeer", `{"virtualInterfaceId":"{novif}","newBGPPeer":{"asn":1}}`, "Virtual Interface {novif} does not exist."},
	{"CreateBGPPeer", `{"virtualInterfaceId":"{ending}","newBGPPeer":{"asn":1}}`, "Virtual Interface {ending} is in state deleting and cannot be changed."},
	{"CreateBGPPeer", `{"virtualInterfaceId":"{public}","newBGPPeer":{"asn":1}}`, "amazonAddress and customerAddress are required for an IPv4 public virtual interface."},
	{"CreateBGPPeer", badPeer(`"asn":null`), "Specify asn or asnLong."},
	{"CreateBGPPeer", badPeer(`"addressFamily":"ipx"`), "Address family ipx is not valid. Valid values are ipv4 and ipv6."},
	{"CreateBGPPeer", badPeer(`"authKey":"12345"`), badKeySize},
	{"CreateBGPPeer", badPeer(`"addressFamily":"ipv6","customerAddress":"2001:db8::6/125"`), "IPv6 addresses are assigned automatically and cannot be specified."},
	{"CreateBGPPeer", badPeer(`"customerAddress":"10.0.0.2/30"`), "amazonAddress and customerAddress must be specified together."},
	{"DeleteBGPPeer", `{}`, "virtualInterfaceId is required."},
	{"DeleteBGPPeer", `{"virtualInterfaceId":"{vif}"}`, "Specify asn or asnLong."},
	{"DeleteBGPPeer", `{"virtualInterfaceId":"{vif}","asn":65000}`, "customerAddress is required."},
	{"DeleteBGPPeer", `{"virtualInterfaceId":"{vif}","bgpPeerId":"{peer}"}`, "The last BGP Peer on a Virtual Interface cannot be deleted"},
	{"DeleteBGPPeer", `{"virtualInterfaceId":"{vif}","bgpPeerId":"{otherpeer}"}`, "The BGP Peer does not exist on Virtual Interface {vif}."},
	{"DeleteBGPPeer", `{"virtualInterfaceId":"{vif}","bgpPeerId":""}`, "The BGP Peer does not exist on Virtual Interface {vif}."},
	{"DeleteBGPPeer", `{"virtualInterfaceId":"{foreignvif}","bgpPeerId":"{peer}"}`, "Virtual Interface {foreignvif} does not exist."},

	{"StartBgpFailoverTest", `{}`, "virtualInterfaceId is required."},
	{"StartBgpFailoverTest", `{"virtualInterfaceId":"{novif}"}`, "Virtual Interface {novif} does not exist."},
	{"StartBgpFailoverTest", `{"virtualInterfaceId":"{theirs}"}`, "Virtual Interface {theirs} does not exist."},
	{"StartBgpFailoverTest", `{"virtualInterfaceId":"{tested}"}`, "A failover test is already in progress on Virtual Interface {tested}."},
	{"StartBgpFailoverTest", `{"virtualInterfaceId":"{vif}","testDurationInMinutes":0}`, "testDurationInMinutes 0 is not valid. Valid values are 1 to 4320."},
	{"StartBgpFailoverTest", `{"virtualInterfaceId":"{vif}","testDurationInMinutes":4321}`, "testDurationInMinutes 4321 is not valid. Valid values are 1 to 4320."},
	{"StartBgpFailoverTest", `{"virtualInterfaceId":"{vif}","bgpPeers":["{otherpeer}"]}`, "The BGP Peer {otherpeer} does not exist on Virtual Interface {vif}."},
	{"StartBgpFailoverTest", `{"virtualInterfaceId":"{public}"}`, "Virtual Interface {public} is in state verifying: StartTest is not possible."},
	{"StartBgpFailoverTest", `{"virtualInterfaceId":"{mine}"}`, "Virtual Interface {mine} is in state confirming: StartTest is not possible."},
	{"StopBgpFailoverTest", `{}`, "virtualInterfaceId is required."},
	{"StopBgpFailoverTest", `{"virtualInterfaceId":"{vif}"}`, "No failover test is in progress on Virtual Interface {vif}."},
	{"StopBgpFailoverTest", `{"virtualInterfaceId":"{foreignvif}"}`, "Virtual Interface {foreignvif} does not exist."},
	{"ListVirtualInterfaceTestHistory", `{"virtualInterfaceId":"x"}`, "Virtual Interface ID x has an invalid format."},
	{"ListVirtualInterfaceTestHistory", `{"testId":"a\u0000"}`, "testId contains invalid characters."},
	{"ListVirtualInterfaceTestHistory", `{"maxResults":-1}`, "maxResults -1 is not valid. It must be at least 1."},
	{"ListVirtualInterfaceTestHistory", `{"nextToken":""}`, "nextToken is not valid."},

	{"ListVirtualInterfaceRoutes", `{}`, "virtualInterfaceId is required."},
	{"ListVirtualInterfaceRoutes", `{"virtualInterfaceId":"{novif}"}`, "Virtual Interface {novif} does not exist."},
	{"ListVirtualInterfaceRoutes", `{"virtualInterfaceId":"{foreignvif}"}`, "Virtual Interface {foreignvif} does not exist."},
	{"ListVirtualInterfaceRoutes", `{"virtualInterfaceId":"{vif}","filters":{"routeDirection":"both"}}`, "Route direction both is not valid. Valid values are accepted and advertised."},
	{"ListVirtualInterfaceRoutes", `{"virtualInterfaceId":"{vif}","filters":{"addressFamily":"x"}}`, "Address family x is not valid. Valid values are ipv4 and ipv6."},
	{"ListVirtualInterfaceRoutes", `{"virtualInterfaceId":"{vif}","filters":{"cidrs":["10.0.0.0"]}}`, "CIDR 10.0.0.0 is not valid."},
	{"ListVirtualInterfaceRoutes", `{"virtualInterfaceId":"{vif}","filters":{"cidrs":["1.0.0.0/8","2.0.0.0/8","3.0.0.0/8","4.0.0.0/8","5.0.0.0/8","6.0.0.0/8","7.0.0.0/8","8.0.0.0/8","9.0.0.0/8","10.0.0.0/8","11.0.0.0/8"]}}`, "cidrs must name at most 10 prefixes."},
	{"ListVirtualInterfaceRoutes", `{"virtualInterfaceId":"{vif}","filters":{"asPath":"65000"}}`, serialization + ": STRING_VALUE can not be converted to a List, at filters.asPath"},
	{"ListVirtualInterfaceRoutes", `{"virtualInterfaceId":"{vif}","maxResults":0}`, "maxResults 0 is not valid. It must be at least 1."},

	{"DescribeRouterConfiguration", `{}`, "virtualInterfaceId is required."},
	{"DescribeRouterConfiguration", `{"virtualInterfaceId":"{novif}"}`, "Virtual Interface {novif} does not exist."},
	{"DescribeRouterConfiguration", `{"virtualInterfaceId":"{vif}","routerTypeIdentifier":"CiscoSystemsInc"}`, "Router type CiscoSystemsInc is not valid."},
	{"DescribeRouterConfiguration", `{"virtualInterfaceId":"{mine}"}`, "The router configuration of hosted Virtual Interface {mine} is for the owner of its connection."},
}

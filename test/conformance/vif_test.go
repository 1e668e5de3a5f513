package conformance

import (
	"fmt"
	"regexp"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
	"github.com/aws/aws-sdk-go-v2/service/directconnect/types"
)

// session is a BGP peer as it is to be shown.
func session(id, state, status, family, amazon, customer, key, router string, asn int) members {
	short := asn
	if asn > 65535 {
		short = 0 // the two-byte member cannot say it
	}
	return members{
		"bgpPeerId": id, "asn": short, "asnLong": asn, "authKey": key, "addressFamily": family, "amazonAddress": amazon,
		"customerAddress": customer, "bgpPeerState": state, "bgpStatus": status, "awsDeviceV2": router, "awsLogicalDeviceId": router,
	}
}

// onPort is an interface in Ashburn with one session: every member of fact sheet 8.4.
func onPort(id, parent, kind, name, state, router string, vlan, amazonASN int, peer members) members {
	m := members{
		"ownerAccount": alice, "virtualInterfaceId": id, "location": ashburn, "connectionId": parent, "virtualInterfaceType": kind,
		"virtualInterfaceName": name, "vlan": vlan, "region": eastern, "virtualInterfaceState": state, "amazonSideAsn": amazonASN,
		"mtu": 1500, "jumboFrameCapable": true, "virtualGatewayId": "", "directConnectGatewayId": "", "routeFilterPrefixes": list{},
		"bgpPeers": list{peer}, "awsDeviceV2": router, "awsLogicalDeviceId": router, "tags": list{}, "siteLinkEnabled": false,
		"customerRouterConfig": fmt.Sprintf("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<logical_connection id=\"%s\">\n"+
			"  <vlan>%d</vlan>\n  <customer_address>%s</customer_address>\n  <amazon_address>%s</amazon_address>\n"+
			"  <bgp_asn>%d</bgp_asn>\n  <bgp_auth_key>%s</bgp_auth_key>\n  <amazon_bgp_asn>%d</amazon_bgp_asn>\n"+
			"  <connection_type>%s</connection_type>\n</logical_connection>\n",
			id, vlan, peer["customerAddress"], peer["amazonAddress"], peer["asnLong"], peer["authKey"], amazonASN, kind),
	}
	for _, name := range []string{"asn", "asnLong", "authKey", "addressFamily", "amazonAddress", "customerAddress"} {
		m[name] = peer[name]
	}
	if kind != "public" {
		m["prefixPoolAllocatedCountIpv4"], m["prefixPoolAllocatedCountIpv6"] = 100, 100
	}
	return m
}

// TestPrivateInterface: every member, with everything given, from the order until it is gone.
func TestPrivateInterface(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	port := a.port(t, "10Gbps")
	router := w.noun(port).Router
	out := got(a.CreatePrivateVirtualInterface(t.Context(), &dc.CreatePrivateVirtualInterfaceInput{
		ConnectionId: &port, NewPrivateVirtualInterface: &private{
			VirtualInterfaceName: str("PrivateVirtualInterface of ours"), Vlan: 101, Asn: 65000, AuthKey: str("secret<&>key"),
			AddressFamily: types.AddressFamilyIPv4, AmazonAddress: str("192.168.1.1/30"), CustomerAddress: str("192.168.1.2/30"),
			Mtu: num(9001), VirtualGatewayId: str(anyVGW), RateLimit: str("1.2Gbps"), EnableSiteLink: aws.Bool(false),
			PrefixPoolAllocatedCountIpv4: num(1000), PrefixPoolAllocatedCountIpv6: num(1),
			Tags: []types.Tag{{Key: str("k"), Value: str("v")}},
		}}))(t)
	id := vifID(t, out.VirtualInterfaceId)
	peer := session(*out.BgpPeers[0].BgpPeerId, "pending", "down", "ipv4", "192.168.1.1/30", "192.168.1.2/30", "secret<&>key", router, 65000)
	want := onPort(id, port, "private", "PrivateVirtualInterface of ours", "pending", router, 101, 64512, peer).with(members{
		"mtu": 9001, "virtualGatewayId": anyVGW, "rateLimit": "1.2Gbps", "tags": tagged("k", "v"),
		"prefixPoolAllocatedCountIpv4": 1000, "prefixPoolAllocatedCountIpv6": 1,
	})
	want["customerRouterConfig"] = regexp.MustCompile("secret<&>key").ReplaceAllString(want["customerRouterConfig"].(string), "secret&lt;&amp;&gt;key")
	holds(t, a.object(), want) // flat
	holds(t, a.vifs(t, "", id), list{want})
	holds(t, a.vifs(t, port, ""), list{want})
	holds(t, a.vifs(t, "", ""), list{want})

	w.turn(time.Hour)
	up := want.with(members{
		"virtualInterfaceState": "available", "bgpPeers": list{peer.with(members{"bgpPeerState": "available", "bgpStatus": "up"})},
	})
	holds(t, a.vif(t, id), up)
	w.cut(port)
	holds(t, a.vif(t, id), up.with(members{
		"virtualInterfaceState": "down", "bgpPeers": list{peer.with(members{"bgpPeerState": "available", "bgpStatus": "down"})},
	}))
	w.restore(port)
	holds(t, a.vif(t, id), up)
	if state := a.deleteVIF(t, id); state != "deleting" || a.last.body != `{"virtualInterfaceState":"deleting"}` {
		t.Errorf("DeleteVirtualInterface answers %s", a.last.body)
	}
	a.vifState(t, id, "deleting")
	w.turn(time.Minute)
	a.vifState(t, id, "deleted")
}

// TestPublicInterface: it waits for approval; its provider's side is 7224.
func TestPublicInterface(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	port := a.port(t, "10Gbps")
	router := w.noun(port).Router
	out := got(a.CreatePublicVirtualInterface(t.Context(), &dc.CreatePublicVirtualInterfaceInput{
		ConnectionId: &port, NewPublicVirtualInterface: &public{
			VirtualInterfaceName: str("public"), Vlan: 4094, AsnLong: aws.Int64(4294967294), Asn: 65000,
			AmazonAddress: str("198.51.100.1/31"), CustomerAddress: str("198.51.100.0/31"), AuthKey: str("asdf34example"),
			RouteFilterPrefixes: []types.RouteFilterPrefix{{Cidr: str("203.0.113.0/30")}, {Cidr: str("203.0.113.4/30")}},
			RateLimit:           str("50Mbps"), Tags: []types.Tag{{Key: str("k"), Value: str("")}},
		}}))(t)
	id := vifID(t, out.VirtualInterfaceId)
	peer := session(*out.BgpPeers[0].BgpPeerId, "verifying", "down", "ipv4", "198.51.100.1/31", "198.51.100.0/31", "asdf34example", router, 4294967294)
	want := onPort(id, port, "public", "public", "verifying", router, 4094, 7224, peer).with(members{
		"routeFilterPrefixes": list{members{"cidr": "203.0.113.0/30"}, members{"cidr": "203.0.113.4/30"}},
		"rateLimit":           "50Mbps", "tags": tagged("k", ""),
	})
	holds(t, a.object(), want) // flat
	w.turn(100 * time.Hour)
	holds(t, a.vif(t, id), want)
	w.verify(id)
	holds(t, a.vif(t, id), want.with(members{
		"virtualInterfaceState": "pending", "bgpPeers": list{peer.with(members{"bgpPeerState": "pending"})},
	}))
	w.turn(time.Hour)
	holds(t, a.vif(t, id), want.with(members{
		"virtualInterfaceState": "available", "bgpPeers": list{peer.with(members{"bgpPeerState": "available", "bgpStatus": "up"})},
	}))
}

var generatedKey = regexp.MustCompile(`^0x[A-Za-z0-9_.]{22}$`)

// TestTransitInterface: its answer is wrapped; addresses and key are assigned in the recorded shapes.
func TestTransitInterface(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	gateway := a.dxgw(t)
	lag := a.orderLAG(t, ashburn, "10Gbps", "x", 1)
	w.light(a.memberIDs(t, lag)...)
	router := w.lag(lag).Router
	out := got(a.askTransit(t, lag, gateway, 1, func(n *transit) { n.Mtu, n.EnableSiteLink = num(8500), aws.Bool(true) }))(t)
	v := out.VirtualInterface
	if !generatedKey.MatchString(*v.AuthKey) {
		t.Errorf("the key is %s", *v.AuthKey)
	}
	if !regexp.MustCompile(`^169\.254\.\d+\.\d+/30$`).MatchString(*v.AmazonAddress) {
		t.Errorf("the addresses are %s and %s", *v.AmazonAddress, *v.CustomerAddress)
	}
	peer := session(*v.BgpPeers[0].BgpPeerId, "pending", "down", "ipv4", *v.AmazonAddress, *v.CustomerAddress, *v.AuthKey, router, 65000)
	want := onPort(*v.VirtualInterfaceId, lag, "transit", "transit", "pending", router, 1, 64600, peer).with(members{
		"mtu": 8500, "siteLinkEnabled": true, "directConnectGatewayId": gateway,
	})
	holds(t, a.object(), members{"virtualInterface": want})
	holds(t, a.vifs(t, lag, ""), list{want})
	w.turn(time.Hour)
	a.vifState(t, *v.VirtualInterfaceId, "available")
}

// TestInterfaceOverIPv6: both ends are assigned from one /125 and printed in full without padding.
func TestInterfaceOverIPv6(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	port := a.port(t, "10Gbps")
	id := a.private(t, port, 1, func(n *private) { n.AddressFamily = types.AddressFamilyIPv6 })
	v := a.vif(t, id)
	address := regexp.MustCompile(`^[1-9a-f][0-9a-f]*(:(0|[1-9a-f][0-9a-f]*)){7}/125$`)
	for _, end := range []string{"amazonAddress", "customerAddress"} {
		if !address.MatchString(v[end].(string)) {
			t.Errorf("%s is %s", end, v[end])
		}
	}
	holds(t, v["addressFamily"], "ipv6")
	xml := v["customerRouterConfig"].(string)
	if !regexp.MustCompile(`(?s)</vlan>\n  <ipv6_customer_address>.*</ipv6_bgp_auth_key>\n  <amazon_bgp_asn>`).MatchString(xml) {
		t.Errorf("the XML is %s", xml)
	}
	w.turn(time.Hour)
	a.vifState(t, id, "available")
	// A public one needs no prefixes over IPv6.
	got(a.askPublic(t, port, 2, func(n *public) {
		n.AddressFamily, n.AmazonAddress, n.CustomerAddress, n.RouteFilterPrefixes = types.AddressFamilyIPv6, nil, nil, nil
	}))(t)
}

// TestInterfaceNumbers: which of asn and asnLong counts, and how numbers of four bytes come back.
func TestInterfaceNumbers(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	port := a.port(t, "10Gbps")
	for i, c := range []struct {
		asn   int32
		long  *int64
		short int
		real  int
	}{
		{1, nil, 1, 1}, {65535, nil, 65535, 65535}, {65536, nil, 0, 65536}, {2147483646, nil, 0, 2147483646},
		{0, aws.Int64(65001), 65001, 65001}, {65000, aws.Int64(4200000000), 0, 4200000000}, {0, aws.Int64(4294967294), 0, 4294967294},
	} {
		id := a.private(t, port, int32(i+1), func(n *private) { n.Asn, n.AsnLong = c.asn, c.long })
		v := a.vif(t, id)
		holds(t, list{v["asn"], v["asnLong"]}, list{c.short, c.real})
		holds(t, list{a.peers(t, id)[0]["asn"], a.peers(t, id)[0]["asnLong"]}, list{c.short, c.real})
	}
}

// TestInterfaceFrames: the sizes that each kind takes.
func TestInterfaceFrames(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	port, gateway := a.port(t, "10Gbps"), a.dxgw(t)
	vlan := int32(0)
	for _, mtu := range []int32{1500, 8500, 9001} {
		vlan++
		id := a.private(t, port, vlan, func(n *private) { n.Mtu = &mtu })
		holds(t, a.vif(t, id)["mtu"], mtu)
	}
	for _, mtu := range []int32{1500, 8500} {
		vlan++
		id := a.transit(t, port, gateway, vlan, func(n *transit) { n.Mtu = &mtu })
		holds(t, a.vif(t, id)["mtu"], mtu)
	}
	refused(a.askPrivate(t, port, 9, func(n *private) { n.Mtu = num(1501) }))(t, client, "MTU 1501 is not valid for a private virtual interface.")
	refused(a.askTransit(t, port, gateway, 9, func(n *transit) { n.Mtu = num(9001) }))(t, client, "MTU 9001 is not valid for a transit virtual interface.")
}

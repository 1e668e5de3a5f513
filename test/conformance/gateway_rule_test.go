package conformance

import (
	"fmt"
	"testing"
	"time"

	"onramp/internal/directconnect"
)

// TestGatewayKindsAreNotMixed: a Direct Connect gateway has virtual private gateways and private interfaces, or transit
// gateways and transit interfaces, whatever came first: fact sheet 11.2.
func TestGatewayKindsAreNotMixed(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	port := a.port(t, "10Gbps")
	byVGW, byTGW, byPrivate, byTransit := a.gateway(t, "1"), a.gateway(t, "2"), a.gateway(t, "3"), a.gateway(t, "4")
	a.joined(t, byVGW, vgw)
	a.joined(t, byTGW, tgw, "10.0.0.0/8")
	a.private(t, port, 1, toDXGW(byPrivate))
	a.transit(t, port, byTransit, 2)
	const otherTGW, otherVGW = "tgw-ffffffffffffffff0", "vgw-ffffffff"
	w.unchanged(t, func() {
		refused(a.join(t, byVGW, otherTGW, "10.0.0.0/8"))(t, client,
			"Direct Connect Gateway "+byVGW+" is associated with a virtual private gateway: a transit gateway cannot be associated.")
		refused(a.join(t, byTGW, otherVGW))(t, client,
			"Direct Connect Gateway "+byTGW+" is associated with a transit gateway: a virtual private gateway cannot be associated.")
		refused(a.join(t, byPrivate, otherTGW, "10.0.0.0/8"))(t, client,
			"Direct Connect Gateway "+byPrivate+" has private virtual interfaces attached: a transit gateway cannot be associated.")
		refused(a.join(t, byTransit, otherVGW))(t, client,
			"Direct Connect Gateway "+byTransit+" has transit virtual interfaces attached: a virtual private gateway cannot be associated.")
		refused(a.askTransit(t, port, byVGW, 3))(t, client,
			"Direct Connect Gateway "+byVGW+" is associated with a virtual private gateway: a transit virtual interface cannot be attached.")
		refused(a.askPrivate(t, port, 3, toDXGW(byTGW)))(t, client,
			"Direct Connect Gateway "+byTGW+" is associated with a transit gateway: a private virtual interface cannot be attached.")
		refused(a.askTransit(t, port, byPrivate, 3))(t, client,
			"Direct Connect Gateway "+byPrivate+" has private virtual interfaces attached: a transit one cannot be attached.")
		refused(a.askPrivate(t, port, 3, toDXGW(byTransit)))(t, client,
			"Direct Connect Gateway "+byTransit+" has transit virtual interfaces attached: a private one cannot be attached.")
	})
	a.private(t, port, 3, toDXGW(byVGW))
	a.transit(t, port, byTGW, 4)
	a.joined(t, byPrivate, otherVGW)
	a.joined(t, byTransit, otherTGW, "10.0.0.0/8")
}

// TestAssociationClashes: ASNs of transit gateways differ from the gateway's and from each other; networks of virtual
// private gateways and allowed prefixes of transit gateways do not overlap; a virtual private gateway has one association.
func TestAssociationClashes(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	w.register("vgw-00000001", alice, eastern, 64512, "10.1.0.0/16", "10.2.0.0/16")
	w.register("vgw-00000002", alice, eastern, 64512, "10.3.0.0/16", "10.2.128.0/20")
	w.register("tgw-00000000000000001", alice, eastern, 64601)
	w.register("tgw-00000000000000002", alice, eastern, 64601)
	w.register("tgw-00000000000000003", alice, eastern, 64603)
	w.register("tgw-00000000000000004", alice, eastern, 0)
	virtual, other, transit := a.gateway(t, "virtual"), a.gateway(t, "other"), a.gateway(t, "transit")
	first := a.joined(t, virtual, "vgw-00000001", "0.0.0.0/0")
	big := a.joined(t, transit, "tgw-00000000000000001", "10.0.0.0/9", "2001:db8::/32")
	w.unchanged(t, func() {
		refused(a.join(t, virtual, "vgw-00000001"))(t, client,
			"The VirtualGateway vgw-00000001 is already associated with a Direct Connect gateway.")
		refused(a.join(t, other, "vgw-00000001"))(t, client,
			"The VirtualGateway vgw-00000001 is already associated with a Direct Connect gateway.")
		refused(a.join(t, virtual, "vgw-00000002"))(t, client,
			"The CIDR 10.2.128.0/20 of VirtualGateway vgw-00000002 overlaps one that is associated with Direct Connect Gateway "+virtual+".")
		refused(a.join(t, transit, "tgw-00000000000000001", "172.16.0.0/12"))(t, client,
			"tgw-00000000000000001 is already associated with Direct Connect Gateway "+transit+".")
		refused(a.join(t, transit, "tgw-00000000000000002", "172.16.0.0/12"))(t, client,
			"The ASN 64601 of TransitGateway tgw-00000000000000002 is in use by another transit gateway of Direct Connect Gateway "+transit+".")
		refused(a.join(t, other, "tgw-00000000000000004", "172.16.0.0/12"))(t, client,
			"The ASN 64512 of TransitGateway tgw-00000000000000004 must differ from the ASN of Direct Connect Gateway "+other+".")
		for cidr, shown := range map[string]string{
			"10.1.2.0/24": "10.1.2.0/24", "10.0.0.0/8": "10.0.0.0/8", "0.0.0.0/0": "0.0.0.0/0", "10.0.0.0/9": "10.0.0.0/9",
			"2001:db8:1::/48": "2001:0db8:0001:0000:0000:0000:0000:0000/48",
		} {
			refused(a.join(t, transit, "tgw-00000000000000003", "172.16.0.0/12", cidr))(t, client,
				"The allowed route "+shown+" overlaps one or more existing allowed routes on Direct Connect Gateway "+transit+".")
		}
	})
	small := a.joined(t, transit, "tgw-00000000000000003", "172.16.0.0/12")
	w.unchanged(t, func() {
		refused(a.updateAllowed(t, small, []string{"10.64.0.0/16"}, nil))(t, client,
			"The allowed route 10.64.0.0/16 overlaps one or more existing allowed routes on Direct Connect Gateway "+transit+".")
	})
	// Within one association, and between the prefixes of virtual private gateways, overlaps are nobody's business.
	got(a.updateAllowed(t, big, []string{"10.64.0.0/16"}, nil))(t)
	got(a.updateAllowed(t, first, []string{"10.0.0.0/8"}, nil))(t)
	a.joined(t, other, "vgw-00000002", "0.0.0.0/0")

	got(a.separate(t, big))(t)
	w.turn(time.Hour)
	got(a.updateAllowed(t, small, []string{"0.0.0.0/0"}, nil))(t)
}

// TestAssociationQuotas: 20 virtual private gateways or 6 transit gateways on a gateway, 20 gateways on a transit gateway,
// 200 prefixes: fact sheet 22.
func TestAssociationQuotas(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	const rare = "tgw-ffffffffffffffff0"
	virtual, transit := a.gateway(t, "virtual"), a.gateway(t, "transit")
	for n := range 21 {
		w.register(fmt.Sprintf("vgw-%08x", n), alice, eastern, 0, fmt.Sprintf("10.%d.0.0/16", n))
		w.register(fmt.Sprintf("tgw-%017x", n), alice, eastern, 64600+int64(n))
	}
	for n := range 20 {
		a.joined(t, virtual, fmt.Sprintf("vgw-%08x", n))
	}
	for n := range 6 {
		a.joined(t, transit, fmt.Sprintf("tgw-%017x", n), fmt.Sprintf("10.%d.0.0/16", n))
	}
	var last string
	for n := range 20 {
		last = a.joined(t, a.gateway(t, fmt.Sprint(n)), rare, "10.0.0.0/8")
	}
	many := make([]string, 201)
	for n := range many {
		many[n] = fmt.Sprintf("172.16.%d.0/24", n)
	}
	more := a.gateway(t, "one more")
	w.unchanged(t, func() {
		refused(a.join(t, virtual, "vgw-00000014"))(t, client,
			"You have reached the limit of 20 virtual private gateways on Direct Connect Gateway "+virtual+".")
		refused(a.join(t, transit, "tgw-00000000000000014", "10.20.0.0/16"))(t, client,
			"You have reached the limit of 6 transit gateways on Direct Connect Gateway "+transit+".")
		refused(a.join(t, more, rare, "10.0.0.0/8"))(t, client,
			"You have reached the limit of 20 Direct Connect gateways on TransitGateway "+rare+".")
		refused(a.updateAllowed(t, last, many, []string{"10.0.0.0/8"}))(t, client, "You have reached the limit of 200 allowed prefixes on an association.")
	})
	got(a.updateAllowed(t, last, many[:200], []string{"10.0.0.0/8"}))(t)
	a.joined(t, more, "vgw-00000014", many...) // the quota is on transit gateways'
}

// TestLiftedAssociationQuotas: an installation without limits has none here.
func TestLiftedAssociationQuotas(t *testing.T) {
	t.Parallel()
	w := open(t, directconnect.Quotas{})
	a := w.as(t, alice)
	transit := a.gateway(t, "transit")
	for n := range 7 {
		w.register(fmt.Sprintf("tgw-%017x", n), alice, eastern, 64600+int64(n))
		a.joined(t, transit, fmt.Sprintf("tgw-%017x", n), fmt.Sprintf("10.%d.0.0/16", n))
	}
}

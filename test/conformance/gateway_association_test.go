package conformance

import (
	"testing"
	"time"

	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
)

// associationMembers is an association in us-east-1 of alice's, as it is made.
func associationMembers(id, gateway, far, kind string, allowed ...string) members {
	m := members{
		"associationId": id, "associationState": "associating", "directConnectGatewayId": gateway,
		"directConnectGatewayOwnerAccount": alice, "allowedPrefixesToDirectConnectGateway": wireCIDRs(allowed...),
		"associatedGateway": members{"id": far, "type": kind, "ownerAccount": alice, "region": eastern},
	}
	if kind == "virtualPrivateGateway" { // the members of old
		m["virtualGatewayId"], m["virtualGatewayOwnerAccount"], m["virtualGatewayRegion"] = far, alice, eastern
	}
	return m
}

// TestAssociationLife: associating, associated, updating and associated again, disassociating, and gone: fact sheet 11.2.
func TestAssociationLife(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	w.register(vgw, alice, eastern, 64600, "10.255.255.0/28", "2600:1f26:74::/56")
	gateway := a.gateway(t, "x")
	id := a.joined(t, gateway, vgw)
	// Without prefixes a virtual private gateway gets its VPC's own.
	want := associationMembers(id, gateway, vgw, "virtualPrivateGateway",
		"10.255.255.0/28", "2600:1f26:0074:0000:0000:0000:0000:0000/56")
	holds(t, a.object(), members{"directConnectGatewayAssociation": want})
	w.turn(59 * time.Minute)
	holds(t, a.association(t, id), want)
	w.turn(time.Minute)
	want = want.with(members{"associationState": "associated"})
	holds(t, a.association(t, id), want)

	got(a.updateAllowed(t, id, []string{"10.255.0.0/16", "10.255.255.0/28"}, []string{"2600:1f26:74::/56", "192.0.2.0/24"}))(t)
	updated := want.with(members{
		"associationState": "updating", "allowedPrefixesToDirectConnectGateway": wireCIDRs("10.255.255.0/28", "10.255.0.0/16"),
	})
	holds(t, a.object(), members{"directConnectGatewayAssociation": updated})
	holds(t, a.association(t, id), updated)
	w.turn(time.Hour)
	want = updated.with(members{"associationState": "associated"})
	holds(t, a.association(t, id), want)

	for range 2 { // the second changes nothing
		got(a.separate(t, id))(t)
		holds(t, a.object(), members{"directConnectGatewayAssociation": want.with(members{"associationState": "disassociating"})})
		w.turn(20 * time.Minute)
	}
	none := "Direct Connect Gateway Association " + id + " does not exist."
	refused(a.updateAllowed(t, id, []string{"10.0.0.0/8"}, nil))(t, client, none)
	w.turn(20 * time.Minute)
	holds(t, a.associations(t, &dc.DescribeDirectConnectGatewayAssociationsInput{AssociationId: &id}), list{})
	holds(t, a.associations(t, &dc.DescribeDirectConnectGatewayAssociationsInput{DirectConnectGatewayId: &gateway}), list{})
	refused(a.separate(t, id))(t, client, none)
	refused(a.updateAllowed(t, id, nil, nil))(t, client, none)
	a.joined(t, gateway, vgw)
}

// TestTransitGatewayAssociation has no members of old, and needs prefixes.
func TestTransitGatewayAssociation(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	w.register(tgw, alice, eastern, 64600, "10.0.0.0/16")
	gateway := a.gateway(t, "x")
	w.unchanged(t, func() {
		refused(a.join(t, gateway, tgw))(t, client, "Allowed prefixes are required to associate TransitGateway "+tgw+".")
	})
	id := a.joined(t, gateway, tgw, "10.0.0.0/8", "2600:1f26:74::/48")
	want := associationMembers(id, gateway, tgw, "transitGateway", "10.0.0.0/8", "2600:1f26:0074:0000:0000:0000:0000:0000/48")
	holds(t, a.object(), members{"directConnectGatewayAssociation": want})
	holds(t, a.association(t, id), want)
	w.unchanged(t, func() {
		refused(a.updateAllowed(t, id, nil, []string{"10.0.0.0/8", "2600:1f26:74::/48"}))(t, client,
			"Allowed prefixes are required to associate TransitGateway "+tgw+".")
	})
}

// TestMembersOfOld: virtualGatewayId creates, finds and deletes what has a virtual private gateway.
func TestMembersOfOld(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	gateway := a.gateway(t, "x")
	old := str(vgw)
	got(a.CreateDirectConnectGatewayAssociation(t.Context(), &dc.CreateDirectConnectGatewayAssociationInput{
		DirectConnectGatewayId: &gateway, VirtualGatewayId: old, GatewayId: old, AddAllowedPrefixesToDirectConnectGateway: cidrs("10.0.0.0/8"),
	}))(t)
	id := a.object()["directConnectGatewayAssociation"].(map[string]any)["associationId"].(string)
	want := associationMembers(id, gateway, vgw, "virtualPrivateGateway", "10.0.0.0/8")
	holds(t, a.object(), members{"directConnectGatewayAssociation": want})
	holds(t, a.associations(t, &dc.DescribeDirectConnectGatewayAssociationsInput{VirtualGatewayId: old}), list{want})
	got(a.DeleteDirectConnectGatewayAssociation(t.Context(), &dc.DeleteDirectConnectGatewayAssociationInput{
		DirectConnectGatewayId: &gateway, VirtualGatewayId: old,
	}))(t)
	holds(t, a.object(), members{"directConnectGatewayAssociation": want.with(members{"associationState": "disassociating"})})
	w.turn(time.Hour)
	_, err := a.DeleteDirectConnectGatewayAssociation(t.Context(), &dc.DeleteDirectConnectGatewayAssociationInput{
		DirectConnectGatewayId: &gateway, VirtualGatewayId: old,
	})
	refused(id, err)(t, client, "An association of Direct Connect Gateway "+gateway+" and "+vgw+" does not exist.")
	got(a.CreateDirectConnectGatewayAssociation(t.Context(), &dc.CreateDirectConnectGatewayAssociationInput{
		DirectConnectGatewayId: &gateway, VirtualGatewayId: old,
	}))(t)
}

// TestAssociationFilters: each alone and together; what fits none gives an empty list, and no filter is refused.
func TestAssociationFilters(t *testing.T) {
	t.Parallel()
	w := open(t)
	a, west := w.as(t, alice), w.in(t, alice, western)
	one, two := a.gateway(t, "one"), a.gateway(t, "two")
	const other = "vgw-ffffffff"
	first, second := a.joined(t, one, vgw), west.joined(t, two, other)
	type filter = dc.DescribeDirectConnectGatewayAssociationsInput
	nobody := "00000000-0000-4000-8000-000000000000"
	for name, c := range map[string]struct {
		in   filter
		want []string
	}{
		"by ID":                        {filter{AssociationId: &first}, []string{first}},
		"by gateway":                   {filter{DirectConnectGatewayId: &two}, []string{second}},
		"by far side":                  {filter{AssociatedGatewayId: str(vgw)}, []string{first}},
		"by virtual gateway":           {filter{VirtualGatewayId: str(other)}, []string{second}},
		"by all":                       {filter{AssociationId: &first, DirectConnectGatewayId: &one, AssociatedGatewayId: str(vgw), VirtualGatewayId: str(vgw)}, []string{first}},
		"by ID and another gateway":    {filter{AssociationId: &first, DirectConnectGatewayId: &two}, nil},
		"by ID and another far side":   {filter{AssociationId: &first, AssociatedGatewayId: str(other)}, nil},
		"by gateway and another one's": {filter{DirectConnectGatewayId: &one, AssociatedGatewayId: str(other)}, nil},
		"by an unknown ID":             {filter{AssociationId: &nobody}, nil},
		"by an unknown gateway":        {filter{DirectConnectGatewayId: &nobody}, nil},
		"by an unknown far side":       {filter{AssociatedGatewayId: str("tgw-ffffffffffffffff0")}, nil},
	} {
		for _, caller := range []*caller{a, west} { // they are global
			var ids []string
			for _, one := range caller.associations(t, &c.in) {
				ids = append(ids, one.(map[string]any)["associationId"].(string))
			}
			t.Run(name, func(t *testing.T) { holds(t, ids, c.want) })
		}
		if left := w.as(t, bob).associations(t, &c.in); len(left) > 0 {
			t.Errorf("%s: another account sees %v", name, left)
		}
	}
	_, err := a.DescribeDirectConnectGatewayAssociations(t.Context(), &filter{})
	refused(0, err)(t, client, "Specify at least one of associationId, associatedGatewayId, directConnectGatewayId and virtualGatewayId.")
}

// TestAllowedPrefixFormat: as the wire spells them, each once; what is no prefix is refused: fact sheet 11.4.
func TestAllowedPrefixFormat(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	gateway := a.gateway(t, "x")
	w.unchanged(t, func() {
		for cidr, text := range map[string]string{
			"":                   "CIDR  is not valid.",
			"10.0.0.0":           "CIDR 10.0.0.0 is not valid.",
			"10.0.0.0/33":        "CIDR 10.0.0.0/33 is not valid.",
			"10.0.0.1/24":        "CIDR 10.0.0.1/24 is not valid: it has host bits set.",
			"2600:1f26::1/48":    "CIDR 2600:1f26::1/48 is not valid: it has host bits set.",
			"2600:1f26::/65":     "CIDR 2600:1f26::/65 is not valid: IPv6 prefixes must be /64 or shorter.",
			"::ffff:10.0.0.0/96": "CIDR ::ffff:10.0.0.0/96 is not valid.",
			"fe80::%eth0/64":     "CIDR fe80::%eth0/64 is not valid.",
			"everything":         "CIDR everything is not valid.",
		} {
			refused(a.join(t, gateway, vgw, cidr))(t, client, text)
		}
	})
	id := a.joined(t, gateway, vgw, "2600:1F26:74::/48", "0.0.0.0/0", "2600:1f26:0074::/48", "198.51.100.7/32", "0.0.0.0/0", "2001:db8::/64")
	holds(t, a.association(t, id)["allowedPrefixesToDirectConnectGateway"], wireCIDRs(
		"2600:1f26:0074:0000:0000:0000:0000:0000/48", "0.0.0.0/0", "198.51.100.7/32", "2001:0db8:0000:0000:0000:0000:0000:0000/64"))
	// Clients send back what they got.
	got(a.updateAllowed(t, id, nil, []string{"2600:1f26:0074:0000:0000:0000:0000:0000/48"}))(t)
	holds(t, a.association(t, id)["allowedPrefixesToDirectConnectGateway"], wireCIDRs(
		"0.0.0.0/0", "198.51.100.7/32", "2001:0db8:0000:0000:0000:0000:0000:0000/64"))
}

package clients

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// Gateways of the far side, which open mode takes as their caller's.
const (
	endVGW      = "vgw-0123456789abcdef0" // an interface ends on it
	firstVGW    = "vgw-0123456789abcdef1" // associated with a gateway
	proposedVGW = "vgw-0123456789abcdef2" // the partner's
	someTGW     = "tgw-0123456789abcdef0"
)

// importable is of every type that runs over ports and can be imported one.
var importable = []string{
	"aws_dx_gateway.transit", "aws_dx_gateway_association.vgw", "aws_dx_gateway_association_proposal.proposed",
	"aws_dx_private_virtual_interface.gateway", "aws_dx_public_virtual_interface.public", "aws_dx_transit_virtual_interface.transit",
	"aws_dx_hosted_private_virtual_interface.sold", "aws_dx_hosted_private_virtual_interface_accepter.bought",
	"aws_dx_hosted_public_virtual_interface.sold", "aws_dx_hosted_public_virtual_interface_accepter.bought",
	"aws_dx_hosted_transit_virtual_interface.sold", "aws_dx_hosted_transit_virtual_interface_accepter.bought",
}

// trafficWithTerraform orders all that runs over ports, in two accounts, changes it in place, imports it, and ends it.
func trafficWithTerraform(t *testing.T) {
	s := start(t)
	buyer, seller := newObserver(t, s, customer), newObserver(t, s, partner)
	tf := newTerraform(t, "testdata/terraform/traffic", map[string]string{
		"endpoint": s.URL, "secret_key": openSecret, "customer": customer, "partner": partner,
		"port": buyer.port(), "shared": seller.port(),
		"vgw": endVGW, "first_vgw": firstVGW, "tgw": someTGW, "proposed_vgw": proposedVGW,
		"team": "network", "jumbo": "false", "sitelink": "false", "allowed": `["10.1.0.0/16","10.2.0.0/16"]`,
	})
	tf.apply()
	s.Settle()
	first := buyer.traffic()
	checkTraffic(t, first, running{team: "network", private: "1500", transit: "1500", allowed: "10.1.0.0/16 10.2.0.0/16"})
	tf.mustBeEmpty()

	tf.set(map[string]string{"team": "core", "jumbo": "true", "sitelink": "true", "allowed": `["10.2.0.0/16","10.3.0.0/16"]`})
	if out := tf.apply(); !strings.Contains(out, "0 added, 8 changed, 0 destroyed") {
		t.Errorf("the change was not made in place:\n%s", out)
	}
	s.Settle()
	second := buyer.traffic()
	checkTraffic(t, second, running{team: "core", private: "9001", transit: "8500", siteLink: " SiteLink", allowed: "10.2.0.0/16 10.3.0.0/16"})
	tf.reimport(importable...)
	if third := buyer.traffic(); !maps.Equal(first.ids, third.ids) {
		t.Errorf("the change replaced something: %q became %q", first.ids, third.ids)
	}
	tf.mustBeEmpty()

	tf.destroy()
	s.Settle()
	for _, o := range []*observer{buyer, seller} {
		if left := slices.Sorted(maps.Keys(o.traffic().ids)); len(left) > 0 {
			t.Errorf("destroy left %q", left)
		}
	}
}

// running is what changes between the two applies.
type running struct{ team, private, transit, siteLink, allowed string }

func checkTraffic(t *testing.T, got traffic, want running) {
	t.Helper()
	for _, part := range []struct {
		name      string
		got, want map[string]string
	}{
		{"interfaces", got.interfaces, map[string]string{
			"on a virtual private gateway": "private VLAN 101 available MTU " + want.private + " 2 of 2 up team=" + want.team,
			"on a gateway":                 "private VLAN 102 available MTU " + want.private + want.siteLink + " 1 of 1 up",
			"transit":                      "transit VLAN 103 available MTU " + want.transit + want.siteLink + " 1 of 1 up",
			"public":                       "public VLAN 104 available MTU 1500 1 of 1 up team=" + want.team,
			"private for another":          "private VLAN 201 available MTU 9001 1 of 1 up team=" + want.team,
			"transit for another":          "transit VLAN 202 available MTU 1500 1 of 1 up team=" + want.team,
			"public for another":           "public VLAN 203 available MTU 1500 1 of 1 up team=" + want.team,
		}},
		{"gateways", got.gateways, map[string]string{"private": "available 64601", "transit": "available 64602"}},
	} {
		if !maps.Equal(part.got, part.want) {
			t.Errorf("the server has the %s\n%s\nwant\n%s", part.name, lines(part.got), lines(part.want))
		}
	}
	wantAssociations := map[string]string{
		"private to " + firstVGW:    got.associations["private to "+firstVGW], // the networks behind it
		"private to " + proposedVGW: "associated 172.16.0.0/13", "transit to " + someTGW: "associated " + want.allowed,
	}
	if !maps.Equal(got.associations, wantAssociations) || !strings.HasPrefix(got.associations["private to "+firstVGW], "associated 10.") {
		t.Errorf("the server has the associations\n%s\nwant\n%s", lines(got.associations), lines(wantAssociations))
	}
}

package conformance

import (
	"slices"
	"strings"
	"testing"
	"time"

	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
	"github.com/aws/aws-sdk-go-v2/service/directconnect/types"

	"onramp/internal/directconnect"
)

// TestGatewayLife: pending in the answer, available at once, deleting when deleted, and then not returned at all: fact
// sheet 11.1.
func TestGatewayLife(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	got(a.CreateDirectConnectGateway(t.Context(), &dc.CreateDirectConnectGatewayInput{
		DirectConnectGatewayName: str("head office"), Tags: []types.Tag{{Key: str("k"), Value: str("v")}},
	}))(t)
	made := a.object()["directConnectGateway"].(map[string]any)
	id := made["directConnectGatewayId"].(string)
	want := gatewayMembers(id, "head office", "pending").with(members{"tags": list{members{"key": "k", "value": "v"}}})
	holds(t, a.object(), members{"directConnectGateway": want})
	w.settle()
	holds(t, a.gateways(t, id), list{want.with(members{"directConnectGatewayState": "available"})})

	got(a.UpdateDirectConnectGateway(t.Context(), &dc.UpdateDirectConnectGatewayInput{
		DirectConnectGatewayId: &id, NewDirectConnectGatewayName: str("branch"),
	}))(t)
	want = want.with(members{"directConnectGatewayName": "branch", "directConnectGatewayState": "available"})
	holds(t, a.object(), members{"directConnectGateway": want})
	holds(t, a.gateways(t), list{want})

	for range 2 { // the second changes nothing
		got(a.deleteGateway(t, id))(t)
		holds(t, a.object(), members{"directConnectGateway": want.with(members{"directConnectGatewayState": "deleting"})})
		w.turn(20 * time.Second)
	}
	holds(t, a.gateways(t, id), list{want.with(members{"directConnectGatewayState": "deleting"})})
	_, err := a.UpdateDirectConnectGateway(t.Context(), &dc.UpdateDirectConnectGatewayInput{
		DirectConnectGatewayId: &id, NewDirectConnectGatewayName: str("too late"),
	})
	refused(id, err)(t, client, "Direct Connect Gateway "+id+" does not exist.")
	w.turn(time.Minute)
	holds(t, a.gateways(t, id), list{})
	holds(t, a.gateways(t), list{})
	refused(a.deleteGateway(t, id))(t, client, "Direct Connect Gateway "+id+" does not exist.")
}

// TestGatewayASN: the private ranges, of two bytes and of four, and nothing beside them.
func TestGatewayASN(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	create := func(asn int64) (*dc.CreateDirectConnectGatewayOutput, error) {
		return a.CreateDirectConnectGateway(t.Context(), &dc.CreateDirectConnectGatewayInput{DirectConnectGatewayName: str("x"), AmazonSideAsn: &asn})
	}
	for _, asn := range []int64{64512, 65000, 65534, 4200000000, 4294967294} {
		id := a.gateway(t, "x", asn)
		holds(t, a.gateways(t, id)[0].(map[string]any)["amazonSideAsn"], asn)
	}
	w.unchanged(t, func() {
		for text, asn := range map[string]int64{
			"64511": 64511, "65535": 65535, "4199999999": 4199999999, "4294967295": 4294967295, "7224": 7224, "0": 0, "-1": -1,
		} {
			refused(create(asn))(t, client, "Amazon ASN "+text+" is not valid. Valid values are 64512 to 65534 and 4200000000 to 4294967294.")
		}
	})
}

// TestGatewaysAreGlobal: every Region of a partition shows and changes the same gateways, another partition none of them.
func TestGatewaysAreGlobal(t *testing.T) {
	t.Parallel()
	w := open(t)
	a, west, china := w.as(t, alice), w.in(t, alice, western), w.in(t, alice, northern)
	one, two := a.gateway(t, "one"), west.gateway(t, "two")
	theirs := china.gateway(t, "three")
	both := []string{one, two}
	slices.Sort(both)
	for _, c := range []*caller{a, west, w.in(t, alice, "eu-central-1")} {
		var seen []string
		for _, g := range c.gateways(t) {
			seen = append(seen, g.(map[string]any)["directConnectGatewayId"].(string))
		}
		slices.Sort(seen)
		holds(t, seen, both)
		holds(t, c.gateways(t, theirs), list{})
	}
	holds(t, china.gateways(t), list{gatewayMembers(theirs, "three", "available")})
	got(west.UpdateDirectConnectGateway(t.Context(), &dc.UpdateDirectConnectGatewayInput{
		DirectConnectGatewayId: &one, NewDirectConnectGatewayName: str("renamed"),
	}))(t)
	holds(t, a.gateways(t, one), list{gatewayMembers(one, "renamed", "available")})
	w.unchanged(t, func() {
		refused(china.deleteGateway(t, one))(t, client, "Direct Connect Gateway "+one+" does not exist.")
		refused(w.as(t, bob).deleteGateway(t, one))(t, client, "Direct Connect Gateway "+one+" does not exist.")
		holds(t, w.as(t, bob).gateways(t, one), list{})
		holds(t, w.as(t, bob).gateways(t), list{})
	})
	got(west.deleteGateway(t, one))(t)
}

// TestGatewayThatIsUsed: nothing is deleted that something hangs on: an interface, or an association, wherever it is.
func TestGatewayThatIsUsed(t *testing.T) {
	t.Parallel()
	w := open(t)
	a, west := w.as(t, alice), w.in(t, alice, western)
	joined, attached := a.gateway(t, "joined"), a.gateway(t, "attached")
	association := west.joined(t, joined, vgw)
	id := a.private(t, a.port(t, "10Gbps"), 7, toDXGW(attached))
	w.unchanged(t, func() {
		for _, g := range []string{joined, attached} {
			refused(a.deleteGateway(t, g))(t, client, "Direct Connect Gateway "+g+" has attached virtual interfaces or gateway associations.")
		}
	})
	got(a.separate(t, association))(t)
	a.deleteVIF(t, id)
	refused(a.deleteGateway(t, joined))(t, client, "Direct Connect Gateway "+joined+" has attached virtual interfaces or gateway associations.")
	w.turn(2 * time.Hour)
	got(a.deleteGateway(t, joined))(t)
	got(a.deleteGateway(t, attached))(t)
}

// TestGatewayTags: the ARN has no Region, and any Region of the partition takes it.
func TestGatewayTags(t *testing.T) {
	t.Parallel()
	w := open(t)
	a, west := w.as(t, alice), w.in(t, alice, western)
	id := a.gateway(t, "x")
	name := "arn:aws:directconnect::" + alice + ":dx-gateway/" + id
	got(west.tag(t, name, "k", "v"))(t)
	want := list{members{"key": "k", "value": "v"}}
	holds(t, a.tagsOf(t, name), want)
	holds(t, a.gateways(t, id)[0].(map[string]any)["tags"], want)
	w.unchanged(t, func() {
		regional := strings.Replace(name, "::", ":"+eastern+":", 1)
		refused(a.tag(t, regional, "k", "w"))(t, client, "Resource ARN "+regional+" is not valid.")
		china := w.in(t, alice, northern)
		refused(china.tag(t, name, "k", "w"))(t, client, "Resource ARN "+name+" is not valid.")
		refused(w.as(t, bob).tag(t, name, "k", "w"))(t, client, "Resource "+name+" does not exist.")
		refused(a.tag(t, name, "aws:k", "w"))(t, client, "Tag key aws:k is not valid: keys that begin with aws: are reserved.")
	})
	got(a.untag(t, name, "k"))(t)
	holds(t, west.tagsOf(t, name), list{})
	got(a.deleteGateway(t, id))(t)
	w.turn(time.Minute)
	refused(a.tag(t, name, "k", "w"))(t, client, "Resource "+name+" does not exist.")
}

// TestGatewayQuota: deleted gateways do not count, deleting ones do, and every partition has its own count.
func TestGatewayQuota(t *testing.T) {
	t.Parallel()
	q := directconnect.DocumentedQuotas
	q.Gateways = 2
	w := open(t, q)
	a := w.as(t, alice)
	one := a.gateway(t, "one")
	a.gateway(t, "two")
	create := func() (*dc.CreateDirectConnectGatewayOutput, error) {
		return a.CreateDirectConnectGateway(t.Context(), &dc.CreateDirectConnectGatewayInput{DirectConnectGatewayName: str("three")})
	}
	const full = "You have reached the limit of 2 Direct Connect gateways."
	refused(create())(t, client, full)
	w.as(t, bob).gateway(t, "bob's own")
	w.in(t, alice, northern).gateway(t, "of another partition")
	got(a.deleteGateway(t, one))(t)
	refused(create())(t, client, full)
	w.turn(time.Minute)
	got(create())(t)
}

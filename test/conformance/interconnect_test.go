package conformance

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
	"github.com/aws/aws-sdk-go-v2/service/directconnect/types"

	"onramp/internal/directconnect"
)

// newInterconnect is an interconnect as ordered: no owner, no billing, no prefix pool in its shape (fact sheet 6.1).
func newInterconnect(id, name, bandwidth string) members {
	return members{
		"interconnectId": id, "interconnectName": name, "interconnectState": "requested", "region": eastern,
		"location": ashburn, "bandwidth": bandwidth, "jumboFrameCapable": false, "hasLogicalRedundancy": "unknown",
		"tags": list{}, "macSecCapable": false,
	}
}

// TestCreateInterconnect: every parameter, and the members of the answer.
func TestCreateInterconnect(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	for _, bandwidth := range []string{"1Gbps", "10Gbps", "100Gbps"} {
		id := a.interconnect(t, bandwidth)
		holds(t, a.object(), newInterconnect(id, "interconnect", bandwidth))
		holds(t, a.interconnectShown(t, id), newInterconnect(id, "interconnect", bandwidth))
	}
	lag := a.orderLAG(t, ashburn, "10Gbps", "bundle", 1, secure)
	id := a.interconnect(t, "10Gbps", func(in *dc.CreateInterconnectInput) {
		in.LagId, in.ProviderName, in.RequestMACSec = &lag, str("Zayo Group"), aws.Bool(true)
		in.Tags = []types.Tag{{Key: str("k"), Value: str("v")}}
	})
	want := newInterconnect(id, "interconnect", "10Gbps").with(encrypted("should_encrypt", "Encryption Down")).with(members{
		"lagId": lag, "providerName": "Zayo Group", "tags": list{members{"key": "k", "value": "v"}},
	})
	holds(t, a.object(), want)
	holds(t, a.interconnectShown(t, id), want)
	w.unchanged(t, func() {
		order := func(location, bandwidth string, set func(*dc.CreateInterconnectInput)) (*dc.CreateInterconnectOutput, error) {
			in := &dc.CreateInterconnectInput{Location: &location, Bandwidth: &bandwidth, InterconnectName: str("x")}
			set(in)
			return a.CreateInterconnect(t.Context(), in)
		}
		plain := func(*dc.CreateInterconnectInput) {}
		refused(order(seattle, "1Gbps", plain))(t, client, "Location EqSe2 is not valid.")
		refused(order(ashburn, "500Mbps", plain))(t, client, "Bandwidth 500Mbps is not valid. Valid values are 1Gbps, 10Gbps, 100Gbps and 400Gbps.")
		refused(order(ashburn, "400Gbps", plain))(t, client, "Bandwidth 400Gbps is not available at location EqDC2.")
		refused(order(ashburn, "1Gbps", func(in *dc.CreateInterconnectInput) { in.LagId = &lag }))(
			t, client, "The connection and Lag "+lag+" do not have the same bandwidth.")
		refused(order(ashburn, "1Gbps", func(in *dc.CreateInterconnectInput) { in.ProviderName = str("Nobody") }))(
			t, client, "Provider Nobody is not available at location EqDC2.")
		refused(order(ashburn, "1Gbps", func(in *dc.CreateInterconnectInput) { in.RequestMACSec = aws.Bool(true) }))(
			t, client, "MACsec is not supported on 1Gbps connections.")
	})
}

// TestInterconnectLife: the same moves as a connection's, and none of a connection's operations knows it.
func TestInterconnectLife(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	id := a.interconnect(t, "10Gbps")
	want := newInterconnect(id, "interconnect", "10Gbps")
	w.approve(id)
	device := w.noun(id).Router
	want = want.with(onDevice("", device)).with(members{"connectionState": absent, "interconnectState": "pending"})
	holds(t, a.interconnectShown(t, id), want)
	for _, step := range []struct {
		state string
		move  func(...string)
	}{{"available", w.plug}, {"down", w.cut}, {"available", w.restore}} {
		step.move(id)
		holds(t, a.interconnectShown(t, id), want.with(members{"interconnectState": step.state}))
	}
	missing := "Could not find Connection with ID " + id
	refused(a.DescribeConnections(t.Context(), &dc.DescribeConnectionsInput{ConnectionId: &id}))(t, client, missing)
	refused(a.UpdateConnection(t.Context(), &dc.UpdateConnectionInput{ConnectionId: &id, ConnectionName: str("x")}))(t, client, missing)
	refused(a.DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: &id}))(t, client, missing)
	got(a.DeleteInterconnect(t.Context(), &dc.DeleteInterconnectInput{InterconnectId: &id}))(t)
	if a.last.body != `{"interconnectState":"deleting"}` {
		t.Errorf("DeleteInterconnect answers %s", a.last.body)
	}
	w.turn(time.Minute)
	got(a.DeleteInterconnect(t.Context(), &dc.DeleteInterconnectInput{InterconnectId: &id}))(t)
	if a.last.body != `{"interconnectState":"deleted"}` {
		t.Errorf("a second DeleteInterconnect answers %s", a.last.body)
	}
}

func TestDescribeAndDeleteInterconnects(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	got(a.DescribeInterconnects(t.Context(), &dc.DescribeInterconnectsInput{}))(t)
	if a.last.body != `{"interconnects":[]}` {
		t.Errorf("no interconnects are answered %s", a.last.body)
	}
	a.order(t, ashburn, "1Gbps", "a connection")
	first := a.interconnect(t, "1Gbps")
	w.turn(time.Second)
	second := a.interconnect(t, "1Gbps")
	got(a.DeleteInterconnect(t.Context(), &dc.DeleteInterconnectInput{InterconnectId: &first}))(t)
	if a.last.body != `{"interconnectState":"deleted"}` {
		t.Errorf("deleting a requested interconnect answers %s", a.last.body)
	}
	var ids []string
	for _, c := range got(a.DescribeInterconnects(t.Context(), &dc.DescribeInterconnectsInput{}))(t).Interconnects {
		ids = append(ids, *c.InterconnectId)
	}
	holds(t, ids, list{first, second})
	const nobody = "dxcon-fg31dyv6"
	for _, id := range []string{nobody, a.order(t, ashburn, "1Gbps", "no interconnect")} {
		text := "Could not find Interconnect with ID " + id
		refused(a.DescribeInterconnects(t.Context(), &dc.DescribeInterconnectsInput{InterconnectId: &id}))(t, client, text)
		refused(a.DeleteInterconnect(t.Context(), &dc.DeleteInterconnectInput{InterconnectId: &id}))(t, client, text)
	}
	refused(w.as(t, bob).DeleteInterconnect(t.Context(), &dc.DeleteInterconnectInput{InterconnectId: &second}))(
		t, client, "Could not find Interconnect with ID "+second)

	hosted := a.host(t, second, bob, "50Mbps", 7)
	w.unchanged(t, func() {
		refused(a.DeleteInterconnect(t.Context(), &dc.DeleteInterconnectInput{InterconnectId: &second}))(
			t, client, "Interconnect "+second+" cannot be deleted until its hosted connections are deleted.")
	})
	got(a.DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: &hosted}))(t)
	got(a.DeleteInterconnect(t.Context(), &dc.DeleteInterconnectInput{InterconnectId: &second}))(t)
}

// TestPartnerAccounts: who may host, and what the LAGs and connections of a declared partner are.
func TestPartnerAccounts(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.configure(alice, "Alice", directconnect.NonPartner)
	w.configure(bob, "Bob Networks", directconnect.PartnerV1)
	const carol = "777788889999"
	w.configure(carol, "Carol Carrier", directconnect.PartnerV2)
	a, b, c := w.as(t, alice), w.as(t, bob), w.as(t, carol)

	const none = "Account 111122223333 is not an AWS Direct Connect Partner."
	id := c.interconnect(t, "10Gbps")
	w.unchanged(t, func() {
		refused(a.CreateInterconnect(t.Context(), &dc.CreateInterconnectInput{
			Location: str(ashburn), Bandwidth: str("1Gbps"), InterconnectName: str("x"),
		}))(t, client, none)
		refused(a.AllocateHostedConnection(t.Context(), &dc.AllocateHostedConnectionInput{
			ConnectionId: &id, OwnerAccount: str(bob), Bandwidth: str("50Mbps"), ConnectionName: str("x"), Vlan: 1,
		}))(t, client, none)
	})
	holds(t, a.lagShown(t, a.orderLAG(t, ashburn, "1Gbps", "x", 1))["allowsHostedConnections"], false)

	thin := b.interconnect(t, "1Gbps")
	b.host(t, thin, alice, "500Mbps", 1)
	refused(b.AllocateHostedConnection(t.Context(), &dc.AllocateHostedConnectionInput{
		ConnectionId: &thin, OwnerAccount: str(alice), Bandwidth: str("1Gbps"), ConnectionName: str("x"), Vlan: 2,
	}))(t, client, "Account 444455556666 is not allowed to allocate hosted connections of 1Gbps.")
	hosted := c.host(t, id, alice, "5Gbps", 2)
	holds(t, a.connection(t, hosted)["partnerName"], "Carol Carrier")

	lag := c.orderLAG(t, ashburn, "10Gbps", "bundle", 1) // of interconnects
	holds(t, c.lagShown(t, lag)["allowsHostedConnections"], true)
	member := c.memberIDs(t, lag)[0]
	holds(t, c.interconnectShown(t, member)["lagId"], lag)
	joined := c.order(t, ashburn, "10Gbps", "a connection of a partner's")
	c.state(t, joined, "requested")
	got(c.associate(t, joined, lag))(t)
	got(c.disassociate(t, joined, lag))(t)
	holds(t, c.interconnectShown(t, joined)["interconnectState"], "requested") // what leaves a partner's LAG
}

package conformance

import (
	"testing"
	"time"

	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
	"github.com/aws/aws-sdk-go-v2/service/directconnect/types"
)

// TestDescribeConnections: in the order they were made, hosted ones owned included, interconnects not; one by its ID.
func TestDescribeConnections(t *testing.T) {
	t.Parallel()
	w := open(t)
	a, partner := w.as(t, alice), w.as(t, bob)
	got(a.DescribeConnections(t.Context(), &dc.DescribeConnectionsInput{}))(t)
	if a.last.body != `{"connections":[]}` {
		t.Errorf("an account without connections is answered %s", a.last.body)
	}
	first := a.order(t, ashburn, "1Gbps", "first")
	w.turn(time.Second)
	got(a.CreateInterconnect(t.Context(), &dc.CreateInterconnectInput{
		Location: str(ashburn), Bandwidth: str("1Gbps"), InterconnectName: str("not here"),
	}))(t)
	hosted := partner.host(t, partner.interconnect(t, "10Gbps"), alice, "50Mbps", 5)
	w.turn(time.Second)
	last := a.order(t, vienna, "1Gbps", "last")
	out := got(a.DescribeConnections(t.Context(), &dc.DescribeConnectionsInput{}))(t)
	var ids []string
	for _, c := range out.Connections {
		ids = append(ids, *c.ConnectionId)
	}
	holds(t, ids, list{first, hosted, last})
	if out.NextToken != nil {
		t.Errorf("a whole list has a nextToken %q", *out.NextToken)
	}
	holds(t, a.connection(t, last), requested(last, "last", vienna, "1Gbps"))
	refused(a.DescribeConnections(t.Context(), &dc.DescribeConnectionsInput{ConnectionId: str("dxcon-fg31dyv6")}))(
		t, client, "Could not find Connection with ID dxcon-fg31dyv6")
	refused(partner.DescribeConnections(t.Context(), &dc.DescribeConnectionsInput{ConnectionId: &first}))(
		t, client, "Could not find Connection with ID "+first)
}

// TestUpdateConnection: the name, the encryption mode, both, none; the answer is the whole connection.
func TestUpdateConnection(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	id := a.orderSecure(t, ashburn, "10Gbps", "before")
	want := requested(id, "before", ashburn, "10Gbps").with(encrypted("should_encrypt", "Encryption Down"))
	update := func(name, mode *string) {
		t.Helper()
		got(a.UpdateConnection(t.Context(), &dc.UpdateConnectionInput{ConnectionId: &id, ConnectionName: name, EncryptionMode: mode}))(t)
		holds(t, a.object(), want)
		holds(t, a.connection(t, id), want)
	}
	update(nil, nil)
	want = want.with(members{"connectionName": "after"})
	update(str("after"), nil)
	for _, mode := range []string{"no_encrypt", "must_encrypt", "should_encrypt"} {
		want = want.with(members{"encryptionMode": mode})
		update(nil, &mode)
	}
	want = want.with(members{"connectionName": "both", "encryptionMode": "no_encrypt"})
	update(str("both"), str("no_encrypt"))

	plain := a.order(t, ashburn, "10Gbps", "plain")
	w.unchanged(t, func() {
		refused(a.UpdateConnection(t.Context(), &dc.UpdateConnectionInput{
			ConnectionId: &plain, ConnectionName: str("not this either"), EncryptionMode: str("must_encrypt"),
		}))(t, client, "Connection "+plain+" does not support MACsec.")
		refused(w.as(t, bob).UpdateConnection(t.Context(), &dc.UpdateConnectionInput{ConnectionId: &id, ConnectionName: str("mine")}))(
			t, client, "Could not find Connection with ID "+id)
	})
	got(a.DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: &plain}))(t)
	refused(a.UpdateConnection(t.Context(), &dc.UpdateConnectionInput{ConnectionId: &plain, ConnectionName: str("late")}))(
		t, client, "Connection "+plain+" is in state deleted and cannot be changed.")
}

// TestUpdateConnectionOfLAGMember: the name is its own, the mode is the LAG's.
func TestUpdateConnectionOfLAGMember(t *testing.T) {
	t.Parallel()
	a := open(t).as(t, alice)
	lag := a.orderLAG(t, ashburn, "10Gbps", "bundle", 1, secure)
	id := a.memberIDs(t, lag)[0]
	got(a.UpdateConnection(t.Context(), &dc.UpdateConnectionInput{ConnectionId: &id, ConnectionName: str("renamed")}))(t)
	holds(t, a.connection(t, id)["connectionName"], "renamed")
	refused(a.UpdateConnection(t.Context(), &dc.UpdateConnectionInput{ConnectionId: &id, EncryptionMode: str("must_encrypt")}))(
		t, client, "Connection "+id+" is a member of Lag "+lag+": MACsec is set on the Lag.")
}

// TestDeleteConnection: a requested one is deleted in the answer, any other is deleting until its router lets go; the port
// is free then. A second delete changes nothing.
func TestDeleteConnection(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	young, lit := a.order(t, ashburn, "1Gbps", "young"), a.order(t, ashburn, "1Gbps", "lit")
	w.light(lit)
	port, router := w.noun(lit).PortID, w.noun(lit).Router

	remove := func(id, state string) map[string]any {
		t.Helper()
		out := got(a.DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: &id}))(t)
		if string(out.ConnectionState) != state {
			t.Errorf("DeleteConnection answers %s, want %s", out.ConnectionState, state)
		}
		return a.object()
	}
	gone := requested(young, "young", ashburn, "1Gbps").with(members{"connectionState": "deleted"})
	holds(t, remove(young, "deleted"), gone)
	if held := w.noun(young).PortID; held != "" {
		t.Errorf("deleted, and yet holds %s", held)
	}
	going := requested(lit, "lit", ashburn, "1Gbps").with(onDevice("deleting", router))
	holds(t, remove(lit, "deleting"), going)
	holds(t, remove(lit, "deleting"), going)
	if w.noun(lit).PortID != port {
		t.Error("a port was given back while its router has it")
	}
	w.turn(time.Minute)
	gone2 := going.with(members{"connectionState": "deleted"})
	holds(t, a.connection(t, lit), gone2)
	holds(t, remove(lit, "deleted"), gone2)
	holds(t, remove(young, "deleted"), gone)
	if w.noun(lit).PortID != "" {
		t.Error("deleted, and yet it holds its port")
	}
	refused(a.DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: str("dxcon-fg31dyv6")}))(
		t, client, "Could not find Connection with ID dxcon-fg31dyv6")
	other := a.order(t, ashburn, "1Gbps", "other")
	w.unchanged(t, func() {
		refused(w.as(t, bob).DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: &other}))(
			t, client, "Could not find Connection with ID "+other)
	})
}

// TestUpdateConnectionsBillingMode: all of them or none, wherever they are.
func TestUpdateConnectionsBillingMode(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	one, two := a.order(t, ashburn, "1Gbps", "one"), a.order(t, ashburn, "10Gbps", "two")
	elsewhere := a.order(t, vienna, "1Gbps", "elsewhere")
	change := func(mode types.RequestBillingMode, ids ...string) (*dc.UpdateConnectionsBillingModeOutput, error) {
		return a.UpdateConnectionsBillingMode(t.Context(), &dc.UpdateConnectionsBillingModeInput{BillingMode: mode, ConnectionIds: ids})
	}
	got(change("FlatRateTier1", one, two))(t)
	flat := members{"billingMode": "FlatRateTier1"}
	holds(t, a.object(), members{"billingMode": "FlatRateTier1", "connections": list{
		requested(one, "one", ashburn, "1Gbps").with(flat), requested(two, "two", ashburn, "10Gbps").with(flat),
	}})
	holds(t, a.connection(t, two)["billingMode"], "FlatRateTier1")
	w.unchanged(t, func() {
		refused(change("FlatRateTier2", one, elsewhere))(t, client, "Billing mode FlatRateTier2 is not available at location CSVA1.")
		refused(change("PortPairFlatRateTier1", one))(t, client, "Billing mode PortPairFlatRateTier1 is not valid.")
		refused(change("PayAsYouGo", one, "dxcon-fg31dyv6"))(t, client, "Could not find Connection with ID dxcon-fg31dyv6")
		refused(change("PayAsYouGo", make([]string, 201)...))(t, client, "connectionIds must name 1 to 200 connections.")
	})
	got(change("PayAsYouGo", one, elsewhere))(t)
	holds(t, a.connection(t, one)["billingMode"], "PayAsYouGo")

	partner := w.as(t, bob)
	hosted := partner.host(t, partner.interconnect(t, "10Gbps"), alice, "50Mbps", 5)
	refused(change("FlatRateTier1", hosted))(t, client, "Billing mode of connection "+hosted+" cannot be changed: it is not a dedicated connection.")
	got(a.DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: &one}))(t)
	refused(change("FlatRateTier1", one))(t, client, "Connection "+one+" is in state deleted and cannot be changed.")
}

package conformance

import (
	"testing"
	"time"

	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
)

// TestAssociateHostedConnection: to another interconnect, to a LAG and back; the state stays, a LAG shows as lagId.
func TestAssociateHostedConnection(t *testing.T) {
	t.Parallel()
	w := open(t)
	customer, a := w.as(t, alice), w.as(t, bob)
	from, to := a.interconnect(t, "10Gbps"), a.interconnect(t, "1Gbps")
	lag := a.orderLAG(t, ashburn, "1Gbps", "bundle", 2)
	id := a.host(t, from, alice, "500Mbps", 7)
	customer.confirm(t, id)
	move := func(parent string) (*dc.AssociateHostedConnectionOutput, error) {
		return a.AssociateHostedConnection(t.Context(), &dc.AssociateHostedConnectionInput{ConnectionId: &id, ParentConnectionId: &parent})
	}
	want := newHosted(id, alice, "hosted", "500Mbps", 7).with(onDevice("pending", w.noun(from).Router))
	for _, step := range []struct{ parent, lagID, router string }{
		{to, absent, w.noun(to).Router}, {lag, lag, w.lag(lag).Router}, {from, absent, w.noun(from).Router},
	} {
		got(move(step.parent))(t)
		want = want.with(onDevice("pending", step.router)).with(members{"lagId": step.lagID})
		holds(t, a.object(), want)
		holds(t, customer.connection(t, id), want)
		holds(t, a.hostedShown(t, step.parent), list{want})
	}
	holds(t, a.hostedShown(t, lag), list{})
	dedicated := a.order(t, ashburn, "1Gbps", "x")
	full := a.host(t, to, alice, "1Gbps", 8)
	a.host(t, lag, alice, "50Mbps", 7)
	w.unchanged(t, func() {
		refused(move(from))(t, client, "Connection "+id+" is already associated with "+from+".")
		refused(move(to))(t, client, to+" has 0 Mbps of 1000 Mbps left: 500Mbps does not fit.")
		refused(move(lag))(t, client, "VLAN 7 is already in use on "+lag)
		refused(move(dedicated))(t, client, "Connection "+dedicated+" is not an interconnect.")
		refused(customer.AssociateHostedConnection(t.Context(), &dc.AssociateHostedConnectionInput{
			ConnectionId: &id, ParentConnectionId: &from,
		}))(t, client, "Could not find Connection with ID "+id)
	})
	got(a.DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: &full}))(t)
	got(customer.DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: &id}))(t)
	refused(move(to))(t, client, "Connection "+id+" is in state deleting and cannot be changed.")
}

// TestInterconnectTakesItsHostedConnectionsIntoALAG: they run over the LAG from then on, and stay when it leaves.
func TestInterconnectTakesItsHostedConnectionsIntoALAG(t *testing.T) {
	t.Parallel()
	w := open(t)
	customer, a := w.as(t, alice), w.as(t, bob)
	parent := a.interconnect(t, "10Gbps")
	id := a.host(t, parent, alice, "5Gbps", 7)
	customer.confirm(t, id)
	lag := a.orderLAG(t, ashburn, "10Gbps", "bundle", 2, func(in *dc.CreateLagInput) { in.ConnectionId = &parent })
	holds(t, customer.connection(t, id)["lagId"], lag)
	if n := len(a.hostedShown(t, lag)); n != 1 {
		t.Errorf("%d hosted connections run over the LAG, want 1", n)
	}
	if n := len(a.hostedShown(t, parent)); n != 0 {
		t.Errorf("%d hosted connections run over the member, want 0", n)
	}
	w.light(a.memberIDs(t, lag)...)
	w.turn(time.Hour)
	customer.state(t, id, "available")
	got(a.disassociate(t, parent, lag))(t)
	holds(t, customer.connection(t, id)["lagId"], lag)
	w.unchanged(t, func() {
		refused(a.DeleteLag(t.Context(), &dc.DeleteLagInput{LagId: &lag}))(
			t, client, "Lag "+lag+" cannot be deleted until its Virtual Interfaces are deleted: hosted connections run over it.")
	})
	second := a.interconnect(t, "10Gbps")
	a.host(t, second, alice, "50Mbps", 7)
	w.unchanged(t, func() { refused(a.associate(t, second, lag))(t, client, "VLAN 7 is already in use on "+lag) })
}

// TestHostedConnectionsFollowTheirLAG: available while the LAG is.
func TestHostedConnectionsFollowTheirLAG(t *testing.T) {
	t.Parallel()
	w := open(t)
	customer, a := w.as(t, alice), w.as(t, bob)
	lag := a.orderLAG(t, ashburn, "10Gbps", "bundle", 2)
	m := a.memberIDs(t, lag)
	id := a.host(t, lag, alice, "1Gbps", 7)
	customer.confirm(t, id)
	w.turn(time.Hour)
	customer.state(t, id, "pending")
	w.light(m...)
	customer.state(t, id, "available")
	w.cut(m[0])
	customer.state(t, id, "available")
	w.cut(m[1])
	customer.state(t, id, "down")
	w.restore(m[0])
	customer.state(t, id, "available")
}

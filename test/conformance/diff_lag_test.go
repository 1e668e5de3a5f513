package conformance

import (
	"testing"
	"time"

	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
)

// TestDeleteLagDetaches: members stay, as connections of their own; only hosted connections hold a LAG.
func TestDeleteLagDetaches(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	lag := a.orderLAG(t, ashburn, "10Gbps", "x", 2)
	m := a.memberIDs(t, lag)
	w.light(m[0])
	hosted := a.host(t, lag, bob, "50Mbps", 5)
	refused(a.DeleteLag(t.Context(), &dc.DeleteLagInput{LagId: &lag}))(
		t, client, "Lag "+lag+" cannot be deleted until its Virtual Interfaces are deleted: hosted connections run over it.")
	got(a.DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: &hosted}))(t)
	if out := got(a.DeleteLag(t.Context(), &dc.DeleteLagInput{LagId: &lag}))(t); out.NumberOfConnections != 0 {
		t.Errorf("%d connections are left", out.NumberOfConnections)
	}
	w.settle()
	for i, state := range []string{"available", "requested"} {
		c := a.connection(t, m[i])
		if c["connectionState"] != state || c["lagId"] != nil {
			t.Errorf("after its LAG: %v", c)
		}
	}
}

// TestMembershipEndsWithDeletion: what is deleting is no member any more, and minimumLinks counts without it.
func TestMembershipEndsWithDeletion(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	lag := a.orderLAG(t, ashburn, "10Gbps", "x", 2)
	m := a.memberIDs(t, lag)
	w.light(m...)
	got(a.DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: &m[0]}))(t)
	if c := a.connection(t, m[0]); c["connectionState"] != "deleting" || c["lagId"] != nil {
		t.Errorf("it is %v", c)
	}
	holds(t, a.memberIDs(t, lag), list{m[1]})
	refused(a.UpdateLag(t.Context(), &dc.UpdateLagInput{LagId: &lag, MinimumLinks: 2}))(
		t, client, "MinimumLinks cannot be set higher than the number of connections (1) in Lag "+lag)
}

// TestLagNeverRequestedNorDeleting: two states of the model that no recording shows, and ours never has.
func TestLagNeverRequestedNorDeleting(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	lag := a.orderLAG(t, ashburn, "10Gbps", "x", 1)
	holds(t, a.object()["lagState"], "pending")
	m := a.memberIDs(t, lag)
	got(a.disassociate(t, m[0], lag))(t)
	a.lagState(t, lag, "pending") // empty, and has never seen light
	got(a.associate(t, m[0], lag))(t)
	w.light(m...)
	a.lagState(t, lag, "available")
	got(a.DeleteLag(t.Context(), &dc.DeleteLagInput{LagId: &lag}))(t)
	holds(t, a.object()["lagState"], "deleted")
}

// TestLagMembersInTheirOrder: as they were ordered, so that a connection that was there before comes first; the recorded
// answer of CreateLag has it last.
func TestLagMembersInTheirOrder(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	old := a.order(t, ashburn, "10Gbps", "old")
	w.turn(time.Second)
	lag := a.orderLAG(t, ashburn, "10Gbps", "x", 2, func(in *dc.CreateLagInput) { in.ConnectionId = &old })
	holds(t, a.object()["connections"].(list)[0].(map[string]any)["connectionId"], old)
	holds(t, a.memberIDs(t, lag)[0], old)
}

// TestLagOfNothing: none at all cannot be ordered.
func TestLagOfNothing(t *testing.T) {
	t.Parallel()
	a := open(t).as(t, alice)
	a.send("CreateLag", `{"location":"EqDC2","connectionsBandwidth":"10Gbps","lagName":"x","numberOfConnections":0}`).
		is(t, 400, client, "numberOfConnections must be at least 1.")
}

// TestReservationMoves: joining a LAG on another device takes a port there, until somebody knows the demarcation.
func TestReservationMoves(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	lag := a.orderLAG(t, ashburn, "10Gbps", "x", 1)
	id := a.order(t, ashburn, "10Gbps", "x") // diversity puts it elsewhere
	home := w.lag(lag).Router
	if w.noun(id).Router == home {
		t.Fatal("both are on one device")
	}
	w.approve(id)
	got(a.associate(t, id, lag))(t)
	if on := w.noun(id).Router; on != home {
		t.Errorf("it is on %s", on)
	}
	other := a.order(t, ashburn, "10Gbps", "x")
	if w.noun(other).Router == home {
		t.Fatal("both are on one device")
	}
	w.approve(other)
	got(a.DescribeLoa(t.Context(), &dc.DescribeLoaInput{ConnectionId: &other}))(t)
	refused(a.associate(t, other, lag))(t, client, "Connection "+other+" and Lag "+lag+" are not on the same AWS Direct Connect endpoint.")
}

// TestTransitioningText: the words that clients retry on are ours for a connection that is being deleted.
func TestTransitioningText(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	lag := a.orderLAG(t, ashburn, "10Gbps", "x", 1)
	id := a.memberIDs(t, lag)[0]
	w.approve(id)
	got(a.DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: &id}))(t)
	refused(a.disassociate(t, id, lag))(t, client, "Connection "+id+" is in a transitioning state.")
}

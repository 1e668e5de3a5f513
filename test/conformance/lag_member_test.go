package conformance

import (
	"testing"
	"time"

	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"

	"onramp/internal/directconnect"
)

func (c *caller) associate(t testing.TB, id, lag string) (*dc.AssociateConnectionWithLagOutput, error) {
	return c.AssociateConnectionWithLag(t.Context(), &dc.AssociateConnectionWithLagInput{ConnectionId: &id, LagId: &lag})
}

func (c *caller) disassociate(t testing.TB, id, lag string) (*dc.DisassociateConnectionFromLagOutput, error) {
	return c.DisassociateConnectionFromLag(t.Context(), &dc.DisassociateConnectionFromLagInput{ConnectionId: &id, LagId: &lag})
}

// TestAssociateAndDisassociate: the answer is the connection with, and then without, lagId; its state is what it was.
func TestAssociateAndDisassociate(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	lag := a.orderLAG(t, ashburn, "10Gbps", "bundle", 1)
	id := a.order(t, ashburn, "10Gbps", "joins")
	alone := requested(id, "joins", ashburn, "10Gbps")
	got(a.associate(t, id, lag))(t)
	holds(t, a.object(), alone.with(members{"lagId": lag}))
	holds(t, a.connection(t, id), alone.with(members{"lagId": lag}))
	holds(t, a.lagShown(t, lag)["numberOfConnections"], 2)
	refused(a.associate(t, id, lag))(t, client, "Connection "+id+" is already associated with Lag "+lag+".")
	got(a.disassociate(t, id, lag))(t)
	holds(t, a.object(), alone)
	holds(t, a.connection(t, id), alone)
	holds(t, a.lagShown(t, lag)["numberOfConnections"], 1)
}

// TestAssociateMovesTheReservation: as long as nobody has read the demarcation; then the endpoints must match.
func TestAssociateMovesTheReservation(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	lag := a.orderLAG(t, ashburn, "10Gbps", "bundle", 1)
	home := w.lag(lag).Router
	away := func() string { // the device on which the account has least is the other one
		t.Helper()
		for {
			if id := a.order(t, ashburn, "10Gbps", "away"); w.noun(id).Router != home {
				return id
			}
		}
	}
	fresh, approved, read, plugged := away(), away(), away(), away()
	w.approve(approved, read, plugged)
	got(a.DescribeLoa(t.Context(), &dc.DescribeLoaInput{ConnectionId: &read}))(t)
	w.plug(plugged)
	for _, id := range []string{fresh, approved} {
		before := w.noun(id).PortID
		got(a.associate(t, id, lag))(t)
		if after := w.noun(id); after.Router != home || after.PortID == before {
			t.Errorf("%s is on %s, its LAG on %s", id, after.PortID, home)
		}
	}
	w.unchanged(t, func() {
		for _, id := range []string{read, plugged} {
			refused(a.associate(t, id, lag))(t, client,
				"Connection "+id+" and Lag "+lag+" are not on the same AWS Direct Connect endpoint.")
		}
	})
}

// TestAssociateWithoutRoom: nothing free on the LAG's device, or no room in the LAG, and all stays as it was.
func TestAssociateWithoutRoom(t *testing.T) {
	t.Parallel()
	w := open(t, directconnect.Quotas{})
	a := w.as(t, alice)
	lag := a.orderLAG(t, ashburn, "10Gbps", "bundle", 1)
	var away string
	for range 18 {
		if id := a.order(t, ashburn, "10Gbps", "filler"); w.noun(id).Router != w.lag(lag).Router {
			away = id
		}
	}
	w.unchanged(t, func() {
		refused(a.associate(t, away, lag))(t, client, "No 10Gbps port is available on the endpoint of Lag "+lag+".")
	})
	full := a.orderLAG(t, ashburn, "100Gbps", "full", 2)
	third := a.order(t, ashburn, "100Gbps", "third")
	w.unchanged(t, func() {
		refused(a.associate(t, third, full))(t, client, "A Lag of 100Gbps connections can have at most 2 connections.")
	})
}

// TestAssociateFromAnotherLAG: it may, unless its old LAG cannot spare it.
func TestAssociateFromAnotherLAG(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	from, to := a.orderLAG(t, ashburn, "10Gbps", "from", 2), a.orderLAG(t, ashburn, "10Gbps", "to", 1)
	id := a.memberIDs(t, from)[0]
	got(a.UpdateLag(t.Context(), &dc.UpdateLagInput{LagId: &from, MinimumLinks: 2}))(t)
	w.unchanged(t, func() {
		refused(a.associate(t, id, to))(t, client, "Lag "+from+" cannot have fewer than 2 connections, its MinimumLinks.")
	})
	got(a.UpdateLag(t.Context(), &dc.UpdateLagInput{LagId: &from, MinimumLinks: 1}))(t)
	got(a.associate(t, id, to))(t)
	holds(t, a.connection(t, id)["lagId"], to)
	holds(t, a.lagShown(t, from)["numberOfConnections"], 1)
	holds(t, a.lagShown(t, to)["numberOfConnections"], 2)
}

// TestAssociateRules: what cannot join which LAG.
func TestAssociateRules(t *testing.T) {
	t.Parallel()
	w := open(t)
	a, b := w.as(t, alice), w.as(t, bob)
	lag := a.orderLAG(t, ashburn, "10Gbps", "bundle", 1)
	small, far, secured := a.order(t, ashburn, "1Gbps", "x"), a.order(t, vienna, "10Gbps", "x"), a.orderSecure(t, ashburn, "10Gbps", "x")
	gone, going := a.order(t, ashburn, "10Gbps", "x"), a.order(t, ashburn, "10Gbps", "x")
	hosted := b.host(t, b.interconnect(t, "10Gbps"), alice, "50Mbps", 9)
	foreign, theirs := b.order(t, ashburn, "10Gbps", "x"), b.orderLAG(t, ashburn, "10Gbps", "theirs", 1)
	w.approve(going)
	for _, id := range []string{gone, going} {
		got(a.DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: &id}))(t)
	}
	w.unchanged(t, func() {
		refused(a.associate(t, small, lag))(t, client, "Connection "+small+" and Lag "+lag+" do not have the same bandwidth.")
		refused(a.associate(t, far, lag))(t, client, "Connection "+far+" and Lag "+lag+" are not at the same location.")
		refused(a.associate(t, secured, lag))(t, client, "Connection "+secured+" and lag should be requested MacSec at the same time")
		refused(a.associate(t, gone, lag))(t, client, "Connection "+gone+" is in state deleted and cannot be associated with a Lag.")
		refused(a.associate(t, going, lag))(t, client, "Connection "+going+" is in state deleting and cannot be associated with a Lag.")
		refused(a.associate(t, hosted, lag))(t, client, "Connection "+hosted+" is a hosted connection and cannot be associated with a Lag.")
		refused(a.associate(t, foreign, lag))(t, client, "Could not find Connection with ID "+foreign)
		refused(a.associate(t, small, theirs))(t, client, "Could not find Lag with ID "+theirs)
	})
	got(a.DeleteLag(t.Context(), &dc.DeleteLagInput{LagId: &lag}))(t)
	refused(a.associate(t, small, lag))(t, client, "Could not find Lag with ID "+lag)
}

// TestDisassociateRules: minimumLinks holds members, but never the last one.
func TestDisassociateRules(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	lag, other := a.orderLAG(t, ashburn, "10Gbps", "bundle", 2), a.orderLAG(t, ashburn, "10Gbps", "other", 1)
	m := a.memberIDs(t, lag)
	got(a.UpdateLag(t.Context(), &dc.UpdateLagInput{LagId: &lag, MinimumLinks: 2}))(t)
	w.unchanged(t, func() {
		refused(a.disassociate(t, m[0], lag))(t, client, "Lag "+lag+" cannot have fewer than 2 connections, its MinimumLinks.")
		refused(a.DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: &m[0]}))(
			t, client, "Lag "+lag+" cannot have fewer than 2 connections, its MinimumLinks.")
		refused(a.disassociate(t, m[0], other))(t, client, "Connection "+m[0]+" is not associated with Lag "+other+".")
		refused(w.as(t, bob).disassociate(t, m[0], lag))(t, client, "Connection does not exist: "+m[0])
	})
	got(a.UpdateLag(t.Context(), &dc.UpdateLagInput{LagId: &lag, MinimumLinks: 1}))(t)
	got(a.disassociate(t, m[0], lag))(t)
	got(a.disassociate(t, m[1], lag))(t) // the last one may go
	holds(t, a.lagShown(t, lag)["numberOfConnections"], 0)
	a.lagState(t, lag, "pending")
}

// TestDeletingMemberLeavesItsLAG: at once, in the answer; the LAG counts without it and can be deleted.
func TestDeletingMemberLeavesItsLAG(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	lag := a.orderLAG(t, ashburn, "10Gbps", "bundle", 2)
	m := a.memberIDs(t, lag)
	w.light(m[0])
	for i, state := range []string{"deleting", "deleted"} {
		got(a.DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: &m[i]}))(t)
		if o := a.object(); o["connectionState"] != state || o["lagId"] != nil {
			t.Errorf("a deleted member is answered %v", o)
		}
		holds(t, a.lagShown(t, lag)["numberOfConnections"], 1-i)
	}
	holds(t, a.lagShown(t, lag)["connections"], list{})
	w.turn(time.Minute)
	a.state(t, m[0], "deleted")
}

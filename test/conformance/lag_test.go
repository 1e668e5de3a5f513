package conformance

import (
	"testing"
	"time"

	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
)

func TestDescribeLags(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	got(a.DescribeLags(t.Context(), &dc.DescribeLagsInput{}))(t)
	if a.last.body != `{"lags":[]}` {
		t.Errorf("an account without LAGs is answered %s", a.last.body)
	}
	first := a.orderLAG(t, ashburn, "1Gbps", "first", 1)
	w.turn(time.Second)
	second := a.orderLAG(t, vienna, "1Gbps", "second", 1)
	got(a.DeleteLag(t.Context(), &dc.DeleteLagInput{LagId: &first}))(t)
	var ids []string
	for _, g := range got(a.DescribeLags(t.Context(), &dc.DescribeLagsInput{}))(t).Lags {
		ids = append(ids, *g.LagId)
	}
	holds(t, ids, list{first, second})
	a.lagState(t, first, "deleted")
	w.turn(keep + time.Second)
	for _, id := range []string{first, "dxlag-ffjhj9lx"} {
		refused(a.DescribeLags(t.Context(), &dc.DescribeLagsInput{LagId: &id}))(t, client, "Could not find Lag with ID "+id)
	}
	refused(w.as(t, bob).DescribeLags(t.Context(), &dc.DescribeLagsInput{LagId: &second}))(t, client, "Could not find Lag with ID "+second)
}

// TestLagStates: pending before any light, available while as many members are up as minimumLinks asks, down after.
func TestLagStates(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	id := a.orderLAG(t, ashburn, "10Gbps", "bundle", 2)
	m := a.memberIDs(t, id)
	minimum := func(n int32) {
		t.Helper()
		got(a.UpdateLag(t.Context(), &dc.UpdateLagInput{LagId: &id, MinimumLinks: n}))(t)
	}
	a.lagState(t, id, "pending")
	w.approve(m...)
	a.lagState(t, id, "pending")
	minimum(2)
	w.plug(m[0])
	a.state(t, m[0], "available")
	a.lagState(t, id, "down") // one of two: it has seen light
	w.plug(m[1])
	a.lagState(t, id, "available")
	w.cut(m[0])
	a.state(t, m[0], "down")
	a.lagState(t, id, "down")
	minimum(1)
	a.lagState(t, id, "available")
	w.cut(m[1])
	a.lagState(t, id, "down")
	a.send("UpdateLag", `{"lagId":"`+id+`","minimumLinks":0}`) // the SDK does not send a zero
	holds(t, a.object()["minimumLinks"], 0)                    // none up is down, whatever is asked
	a.lagState(t, id, "down")
	w.restore(m[0])
	a.lagState(t, id, "available")
	w.fabric.Unreachable(w.lag(id).Router, true)
	w.wake(w.lag(id).Router)
	a.state(t, m[0], "unknown")
	a.lagState(t, id, "unknown")
	w.fabric.Unreachable(w.lag(id).Router, false)
	w.turn(time.Minute)
	a.lagState(t, id, "available")
}

// TestUpdateLag: name, minimumLinks and mode; the answer is the whole LAG.
func TestUpdateLag(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	id := a.orderLAG(t, ashburn, "10Gbps", "before", 2, secure)
	want := members(a.lagShown(t, id))
	update := func(in dc.UpdateLagInput, change members) {
		t.Helper()
		in.LagId = &id
		got(a.UpdateLag(t.Context(), &in))(t)
		want = want.with(change)
		holds(t, a.object(), want)
		holds(t, a.lagShown(t, id), want)
	}
	update(dc.UpdateLagInput{}, nil)
	update(dc.UpdateLagInput{LagName: str("after")}, members{"lagName": "after"})
	update(dc.UpdateLagInput{MinimumLinks: 2}, members{"minimumLinks": 2})
	update(dc.UpdateLagInput{MinimumLinks: 1}, members{"minimumLinks": 1})
	var must list // the mode is the LAG's, and so its members'
	for _, m := range want["connections"].(list) {
		must = append(must, members(m.(map[string]any)).with(members{"encryptionMode": "must_encrypt"}))
	}
	update(dc.UpdateLagInput{EncryptionMode: str("must_encrypt")}, members{"encryptionMode": "must_encrypt", "connections": must})
	update(dc.UpdateLagInput{LagName: str("both"), MinimumLinks: 2}, members{"lagName": "both", "minimumLinks": 2})

	plain := a.orderLAG(t, ashburn, "10Gbps", "plain", 1)
	w.unchanged(t, func() {
		refused(a.UpdateLag(t.Context(), &dc.UpdateLagInput{LagId: &id, LagName: str("not this either"), MinimumLinks: 3}))(
			t, client, "MinimumLinks cannot be set higher than the number of connections (2) in Lag "+id)
		refused(a.UpdateLag(t.Context(), &dc.UpdateLagInput{LagId: &id, MinimumLinks: -1}))(t, client, "MinimumLinks cannot be negative.")
		refused(a.UpdateLag(t.Context(), &dc.UpdateLagInput{LagId: &plain, EncryptionMode: str("must_encrypt")}))(
			t, client, "Lag "+plain+" does not support MACsec.")
		refused(w.as(t, bob).UpdateLag(t.Context(), &dc.UpdateLagInput{LagId: &id, LagName: str("mine")}))(
			t, client, "Could not find Lag with ID "+id)
	})
	got(a.DeleteLag(t.Context(), &dc.DeleteLagInput{LagId: &plain}))(t)
	refused(a.UpdateLag(t.Context(), &dc.UpdateLagInput{LagId: &plain, LagName: str("late")}))(t, client, "Could not find Lag with ID "+plain)
}

// TestUpdateLagZeroMinimum: zero is sent by no SDK call that leaves it out, but the wire tells it from absent.
func TestUpdateLagZeroMinimum(t *testing.T) {
	t.Parallel()
	a := open(t).as(t, alice)
	id := a.orderLAG(t, ashburn, "10Gbps", "bundle", 1)
	a.send("UpdateLag", `{"lagId":"`+id+`","minimumLinks":1}`)
	a.send("UpdateLag", `{"lagId":"`+id+`","lagName":"renamed"}`)
	holds(t, a.object()["minimumLinks"], 1)
	a.send("UpdateLag", `{"lagId":"`+id+`","minimumLinks":0}`)
	holds(t, a.object()["minimumLinks"], 0)
}

// TestDeleteLag: deleted in the answer, empty, its device kept, listed for a while; twice is once.
func TestDeleteLag(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	id := a.orderLAG(t, ashburn, "10Gbps", "bundle", 1)
	member := a.memberIDs(t, id)[0]
	got(a.DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: &member}))(t)
	holds(t, a.lagShown(t, id), pendingLAG(id, "bundle", "10Gbps", w.lag(id).Router, list{}))
	want := pendingLAG(id, "bundle", "10Gbps", w.lag(id).Router, list{}).with(members{"lagState": "deleted"})
	for range 2 {
		got(a.DeleteLag(t.Context(), &dc.DeleteLagInput{LagId: &id}))(t)
		holds(t, a.object(), want)
		holds(t, a.lagShown(t, id), want)
	}
	refused(a.DeleteLag(t.Context(), &dc.DeleteLagInput{LagId: str("dxlag-ffjhj9lx")}))(t, client, "Could not find Lag with ID dxlag-ffjhj9lx")
	live := a.orderLAG(t, ashburn, "10Gbps", "live", 1)
	w.unchanged(t, func() {
		refused(w.as(t, bob).DeleteLag(t.Context(), &dc.DeleteLagInput{LagId: &live}))(t, client, "Could not find Lag with ID "+live)
	})
}

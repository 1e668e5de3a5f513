package conformance

import (
	"testing"
	"time"

	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
	"github.com/aws/aws-sdk-go-v2/service/directconnect/types"
)

// TestConnectionLife: every member in every state that a dedicated connection goes through (fact sheet 4.2, 4.3).
func TestConnectionLife(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	out := got(a.CreateConnection(t.Context(), &dc.CreateConnectionInput{
		Location: str(ashburn), Bandwidth: str("10Gbps"), ConnectionName: str("life"), ProviderName: str("Zayo Group"),
		Tags: []types.Tag{{Key: str("k"), Value: str("v")}},
	}))(t)
	id := *out.ConnectionId
	want := requested(id, "life", ashburn, "10Gbps").with(members{
		"providerName": "Zayo Group", "tags": list{members{"key": "k", "value": "v"}},
	})
	holds(t, a.object(), want)
	w.turn(72 * time.Hour)
	holds(t, a.connection(t, id), want)

	w.approve(id)
	router := w.noun(id).Router
	want = want.with(onDevice("pending", router))
	holds(t, a.connection(t, id), want)

	got(a.DescribeLoa(t.Context(), &dc.DescribeLoaInput{ConnectionId: &id}))(t)
	want = want.with(members{"loaIssueTime": w.now().Unix()})
	holds(t, a.connection(t, id), want)

	for _, step := range []struct {
		state string
		move  func(...string)
	}{{"available", w.plug}, {"down", w.cut}, {"available", w.restore}} {
		step.move(id)
		want = want.with(members{"connectionState": step.state})
		holds(t, a.connection(t, id), want)
	}
	w.fabric.Unreachable(router, true)
	w.wake(router)
	want = want.with(members{"connectionState": "unknown"})
	holds(t, a.connection(t, id), want)
	w.fabric.Unreachable(router, false)
	w.turn(time.Minute)
	want = want.with(members{"connectionState": "available"})
	holds(t, a.connection(t, id), want)

	got(a.DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: &id}))(t)
	want = want.with(members{"connectionState": "deleting"})
	holds(t, a.object(), want)
	w.turn(time.Minute)
	want = want.with(members{"connectionState": "deleted"})
	holds(t, a.connection(t, id), want)
}

// TestOrderRefusedByOperator: the customer sees it deleted, without a device.
func TestOrderRefusedByOperator(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	id := a.order(t, ashburn, "1Gbps", "refused")
	if _, err := w.service.RefuseOrder(t.Context(), id, "no such company"); err != nil {
		t.Fatal(err)
	}
	holds(t, a.connection(t, id), requested(id, "refused", ashburn, "1Gbps").with(members{"connectionState": "deleted"}))
}

// TestLOALapses: the letter entitles for 90 days since it was last fetched, and ten days later the order is gone.
func TestLOALapses(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	forgotten, renewed, used := a.order(t, ashburn, "1Gbps", "f"), a.order(t, ashburn, "1Gbps", "r"), a.order(t, ashburn, "1Gbps", "u")
	w.approve(forgotten, renewed, used)
	w.plug(used)
	const day = 24 * time.Hour
	w.turn(89 * day)
	got(a.DescribeLoa(t.Context(), &dc.DescribeLoaInput{ConnectionId: &renewed}))(t)
	w.turn(11*day - time.Second)
	a.state(t, forgotten, "pending")
	w.turn(time.Second)
	if s := a.connection(t, forgotten)["connectionState"]; s != "deleting" && s != "deleted" {
		t.Errorf("100 days after the LOA-CFA the order is %s", s)
	}
	w.turn(time.Hour)
	a.state(t, forgotten, "deleted")
	a.state(t, renewed, "pending")
	a.state(t, used, "available")
	w.turn(89 * day)
	w.turn(time.Hour)
	a.state(t, renewed, "deleted")
}

// TestDeletedStaysListed: for a day, then it is as if it had never been.
func TestDeletedStaysListed(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	id := a.order(t, ashburn, "1Gbps", "x")
	got(a.DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: &id}))(t)
	w.turn(keep)
	a.state(t, id, "deleted")
	w.turn(time.Microsecond)
	refused(a.DescribeConnections(t.Context(), &dc.DescribeConnectionsInput{ConnectionId: &id}))(
		t, client, "Could not find Connection with ID "+id)
	if out := got(a.DescribeConnections(t.Context(), &dc.DescribeConnectionsInput{}))(t); len(out.Connections) > 0 {
		t.Errorf("%d connections are listed after their time", len(out.Connections))
	}
}

package conformance

import (
	"testing"
	"time"

	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
)

// TestInterfaceStates: every state of the model is reached, by name (fact sheet 8.7).
func TestInterfaceStates(t *testing.T) {
	t.Parallel()
	w := open(t)
	a, b := w.as(t, alice), w.as(t, bob)
	port := a.port(t, "10Gbps")
	router := w.noun(port).Router
	rejected, confirming := a.allocate(t, "private", port, bob, 1), a.allocate(t, "public", port, bob, 2)
	a.vifState(t, confirming, "confirming")
	w.turn(1000 * time.Hour) // for ever
	b.vifState(t, confirming, "confirming")
	if state := b.deleteVIF(t, rejected); state != "rejected" {
		t.Errorf("declined, it is %s", state)
	}
	a.vifState(t, rejected, "rejected")
	if state := b.confirmVIF(t, "public", confirming, ""); state != "verifying" {
		t.Errorf("confirmed, it is %s", state)
	}
	b.vifState(t, confirming, "verifying")
	w.verify(confirming)
	b.vifState(t, confirming, "pending")

	id := a.private(t, port, 3)
	a.vifState(t, id, "pending")
	w.turn(time.Hour - time.Second)
	a.vifState(t, id, "pending")
	w.turn(time.Second)
	a.vifState(t, id, "available")
	w.script(id, `{"silent":true,"announce":null}`)
	a.vifState(t, id, "down")
	w.script(id, ``)
	a.vifState(t, id, "available")
	w.fabric.Unreachable(router, true)
	w.wake(router)
	a.vifState(t, id, "unknown")
	if status := a.peers(t, id)[0]["bgpStatus"]; status != "unknown" {
		t.Errorf("out of sight, the session is %s", status)
	}
	w.fabric.Unreachable(router, false)
	w.turn(time.Minute)
	a.vifState(t, id, "available")
	a.startTest(t, id, 1)
	a.vifState(t, id, "testing")
	w.turn(time.Minute)
	a.vifState(t, id, "available")
	a.deleteVIF(t, id)
	a.vifState(t, id, "deleting")
	w.turn(time.Minute)
	a.vifState(t, id, "deleted")
}

// TestInterfaceWithoutSession: provisioned and nobody answers, it is down; the first session brings it up.
func TestInterfaceWithoutSession(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	port := a.port(t, "10Gbps")
	for script, vlan := range map[string]int32{`{"silent":true}`: 1, `{"wrongKey":true}`: 2, `{"asn":65009}`: 3} {
		id := a.private(t, port, vlan)
		w.script(id, script)
		w.turn(time.Hour)
		a.vifState(t, id, "down")
		if ups := a.ups(t, id); ups != "available down" {
			t.Errorf("%s: the session is %s", script, ups)
		}
		w.script(id, ``)
		a.vifState(t, id, "available")
	}
	dark := a.order(t, ashburn, "10Gbps", "never lit")
	w.approve(dark)
	id := a.private(t, dark, 1) // a connection that is pending takes interfaces
	w.turn(time.Hour)
	a.vifState(t, id, "down")
	w.plug(dark)
	a.vifState(t, id, "available")
}

// TestInterfaceFlaps: a session that comes and goes takes the interface with it; a second one would keep it up.
func TestInterfaceFlaps(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	id := a.private(t, a.port(t, "10Gbps"), 1)
	w.turn(time.Hour)
	w.script(id, `{"flap":{"from":"`+w.now().Add(time.Minute).Format(time.RFC3339)+`","seconds":60,"times":2},"announce":null}`)
	for _, want := range []string{"available", "down", "available", "down", "available", "available"} {
		a.vifState(t, id, want)
		w.turn(time.Minute)
	}
	peer := got(a.createPeer(t, id, "ipv6", 65000))(t).VirtualInterface.BgpPeers[1]
	w.settle()
	if ups := a.ups(t, id); ups != "available up, available up" {
		t.Fatalf("the sessions are %s", ups)
	}
	w.script(id, `{"peers":["`+*peer.BgpPeerId+`"],"silent":true,"announce":null}`)
	a.vifState(t, id, "available")
	if ups := a.ups(t, id); ups != "available up, available down" {
		t.Errorf("the sessions are %s", ups)
	}
}

// TestInterfaceStaysListed: fewer than 15 minutes after it has ended; then its ID gives an empty list.
func TestInterfaceStaysListed(t *testing.T) {
	t.Parallel()
	w := open(t)
	a, b := w.as(t, alice), w.as(t, bob)
	port := a.port(t, "10Gbps")
	deleted, rejected := a.private(t, port, 1), a.allocate(t, "private", port, bob, 2)
	a.deleteVIF(t, deleted)
	w.turn(time.Minute)
	b.deleteVIF(t, rejected)
	ended := w.now()
	for _, left := range []time.Duration{15*time.Minute - time.Second, time.Second, 0} {
		w.turn(ended.Add(15*time.Minute - left).Sub(w.now()))
		shown := 1
		if left == 0 {
			shown = 0
		}
		for _, c := range []struct {
			*caller
			id    string
			state string
		}{{a, deleted, "deleted"}, {a, rejected, "rejected"}, {b, rejected, "rejected"}} {
			all := c.vifs(t, "", c.id)
			if len(all) != shown {
				t.Fatalf("%v before its time %s is listed %d times", left, c.id, len(all))
			}
			if shown == 1 {
				holds(t, all[0].(map[string]any)["virtualInterfaceState"], c.state)
				holds(t, len(c.vifs(t, port, "")) > 0, true)
			}
		}
	}
	holds(t, a.vifs(t, "", ""), list{})
	refused(a.DeleteVirtualInterface(t.Context(), &dc.DeleteVirtualInterfaceInput{VirtualInterfaceId: &deleted}))(
		t, client, "Virtual Interface "+deleted+" does not exist.")
}

// TestSecondDeleteOfAnInterface: while it is listed it is answered as it is.
func TestSecondDeleteOfAnInterface(t *testing.T) {
	t.Parallel()
	w := open(t)
	a, b := w.as(t, alice), w.as(t, bob)
	port := a.port(t, "10Gbps")
	id, declined := a.private(t, port, 1), a.allocate(t, "transit", port, bob, 2)
	again := func(c *caller, id, want string) {
		t.Helper()
		w.unchanged(t, func() {
			if state := c.deleteVIF(t, id); state != want {
				t.Errorf("the second time it is %s, want %s", state, want)
			}
		})
	}
	a.deleteVIF(t, id)
	again(a, id, "deleting")
	w.turn(time.Minute)
	again(a, id, "deleted")
	b.deleteVIF(t, declined)
	again(b, declined, "rejected")
	again(a, declined, "rejected")
	withdrawn := a.allocate(t, "private", port, bob, 2)
	if state := a.deleteVIF(t, withdrawn); state != "deleting" { // by the connection's owner, in confirming
		t.Errorf("withdrawn, it is %s", state)
	}
	w.turn(time.Minute)
	b.vifState(t, withdrawn, "deleted")
}

// TestNothingUnderInterfaces: what carries interfaces cannot be deleted, and the number on it becomes free.
func TestNothingUnderInterfaces(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	port, lag := a.port(t, "10Gbps"), a.orderLAG(t, ashburn, "10Gbps", "x", 1)
	w.light(a.memberIDs(t, lag)...)
	one, other := a.private(t, port, 1), a.private(t, lag, 1)
	w.unchanged(t, func() {
		refused(a.DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: &port}))(
			t, client, "Connection "+port+" has virtual interfaces and cannot be deleted.")
		refused(a.DeleteLag(t.Context(), &dc.DeleteLagInput{LagId: &lag}))(
			t, client, "Lag "+lag+" cannot be deleted until its Virtual Interfaces are deleted.")
		refused(a.askPrivate(t, port, 1))(t, client, "VLAN 1 is already in use on "+port)
		refused(a.askPublic(t, lag, 1))(t, client, "VLAN 1 is already in use on "+lag)
	})
	for _, id := range []string{one, other} {
		a.deleteVIF(t, id)
	}
	refused(a.askPrivate(t, port, 1))(t, client, "VLAN 1 is already in use on "+port) // until it is gone from the router
	w.turn(time.Minute)
	one = a.private(t, port, 1)
	a.deleteVIF(t, one)
	w.turn(time.Minute)
	got(a.DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: &port}))(t)
	got(a.DeleteLag(t.Context(), &dc.DeleteLagInput{LagId: &lag}))(t)
}

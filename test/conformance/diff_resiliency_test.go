package conformance

import (
	"context"
	"strings"
	"testing"
	"time"

	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
)

// TestResiliencyGroupsAreRegional: a group is one Region's for every call, although its ARN has no Region.
func TestResiliencyGroupsAreRegional(t *testing.T) {
	t.Parallel()
	w := open(t)
	a, west := w.as(t, alice), w.in(t, alice, western)
	id := a.gather(t, "x")
	w.unchanged(t, func() {
		none := "Resiliency Group " + id + " does not exist."
		refused(west.getGroup(t, id))(t, client, none)
		refused(west.deleteGroup(t, id))(t, client, none)
		refused(west.tag(t, groupARN(id), "k", "v"))(t, client, "Resource "+groupARN(id)+" does not exist.")
		got(west.ListResiliencyGroups(t.Context(), &dc.ListResiliencyGroupsInput{}))(t)
		holds(t, west.object(), members{"items": list{}})
	})
}

// TestResiliencyMembersByName: an ID is of the called Region, an ARN of any Region of the partition. Interconnects are no
// members, hosted connections of the caller's are; a connection may be in several groups; names need not differ.
func TestResiliencyMembersByName(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	far := w.in(t, alice, western).order(t, seattle, "1Gbps", "x")
	id, other := a.gather(t, "x"), a.gather(t, "x")
	refused(a.putInto(t, id, far))(t, client, "Could not find Connection with ID "+far)
	farARN := strings.Replace(arn(far), eastern, western, 1)
	got(a.putInto(t, id, farARN))(t)
	refused(a.takeOut(t, id, far))(t, client, "Connection "+far+" is not associated with Resiliency Group "+id+".")
	got(a.takeOut(t, id, farARN))(t)
	chinese := "arn:aws-cn:directconnect:cn-north-1:" + alice + ":dxcon/" + far
	refused(a.putInto(t, id, chinese))(t, client, "Resource ARN "+chinese+" is not valid.")

	parent := w.as(t, bob).interconnect(t, "1Gbps")
	hosted := w.as(t, bob).host(t, parent, alice, "50Mbps", 3)
	theirs := w.as(t, bob).gather(t, "x")
	refused(w.as(t, bob).putInto(t, theirs, parent))(t, client, "Could not find Connection with ID "+parent)
	refused(w.as(t, bob).putInto(t, theirs, hosted))(t, client, "Could not find Connection with ID "+hosted)
	got(a.putInto(t, id, hosted))(t)
	got(a.putInto(t, other, hosted))(t)
}

// TestRepeatsWithoutTokens: a connection that is in the group is refused; one that has left it, or is leaving, answers so.
func TestRepeatsWithoutTokens(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	one, id := a.order(t, ashburn, "1Gbps", "x"), a.gather(t, "x")
	got(a.putInto(t, id, one))(t)
	refused(a.putInto(t, id, one))(t, client, "Connection "+one+" is already associated with Resiliency Group "+id+".")
	for range 2 {
		got(a.takeOut(t, id, one))(t)
		a.memberStates(t, id, members{one: "disassociating"})
	}
	refused(a.putInto(t, id, one))(t, client, "Connection "+one+" is being disassociated from Resiliency Group "+id+".")
	w.turn(time.Minute)
	got(a.takeOut(t, id, one))(t)
	a.memberStates(t, id, members{one: "disassociated"})
	w.turn(keep)
	a.memberStates(t, id, members{})
	refused(a.takeOut(t, id, one))(t, client, "Connection "+one+" is not associated with Resiliency Group "+id+".")
}

// TestResiliencyGroupTakesItsMembers: a group goes with connections in it, and they leave it; it is listed for a while.
func TestResiliencyGroupTakesItsMembers(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	one, id := a.order(t, ashburn, "1Gbps", "x"), a.gather(t, "x")
	got(a.putInto(t, id, one))(t)
	w.turn(time.Hour)
	for range 2 {
		got(a.deleteGroup(t, id))(t)
		a.groupState(t, id, "deleting")
		a.memberStates(t, id, members{one: "disassociating"})
	}
	w.turn(time.Minute)
	a.groupState(t, id, "deleted")
	a.memberStates(t, id, members{one: "disassociated"})
	a.state(t, one, "requested")
	w.turn(keep - time.Second)
	got(a.ListResiliencyGroups(t.Context(), &dc.ListResiliencyGroupsInput{}))(t)
	if items := a.object()["items"].(list); len(items) != 1 || items[0].(map[string]any)["state"] != "deleted" {
		t.Errorf("listed are %v", items)
	}
	w.turn(2 * time.Second)
	got(a.ListResiliencyGroups(t.Context(), &dc.ListResiliencyGroupsInput{}))(t)
	holds(t, a.object(), members{"items": list{}})
	refused(a.deleteGroup(t, id))(t, client, "Resiliency Group "+id+" does not exist.")
}

// TestDeletedConnectionsLeaveTheirGroups: from the beginning of their end, whoever ends them.
func TestDeletedConnectionsLeaveTheirGroups(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	lit, requested, turnedDown := a.order(t, ashburn, "1Gbps", "x"), a.order(t, ashburn, "1Gbps", "x"), a.order(t, ashburn, "1Gbps", "x")
	id := a.gather(t, "x")
	got(a.putInto(t, id, lit, requested, turnedDown))(t)
	w.light(lit)
	w.turn(time.Hour)
	got(a.DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: &lit}))(t)
	got(a.DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: &requested}))(t)
	if _, err := w.service.RefuseOrder(context.Background(), turnedDown, "full"); err != nil {
		t.Fatal(err)
	}
	a.state(t, lit, "deleting")
	a.memberStates(t, id, members{lit: "disassociating", requested: "disassociating", turnedDown: "disassociating"})
	w.turn(time.Minute)
	a.memberStates(t, id, members{lit: "disassociated", requested: "disassociated", turnedDown: "disassociated"})
}

// TestClientTokens: a token is bound to account, operation, Region and request, for a day.
func TestClientTokens(t *testing.T) {
	t.Parallel()
	w := open(t)
	create := func(c *caller, name string) (*dc.CreateResiliencyGroupOutput, error) {
		return c.CreateResiliencyGroup(t.Context(), &dc.CreateResiliencyGroupInput{
			ResiliencyGroupName: &name, IntendedResiliencyModel: "high-resiliency", ClientToken: str("a token"),
		})
	}
	a := w.as(t, alice)
	first := *got(create(a, "x"))(t).ResiliencyGroup.ResiliencyGroupId
	refused(create(a, "y"))(t, client, "clientToken a token was used for a request with other parameters.")
	seen := map[string]bool{first: true}
	for _, c := range []*caller{w.as(t, bob), w.in(t, alice, western)} {
		id := *got(create(c, "y"))(t).ResiliencyGroup.ResiliencyGroupId
		if seen[id] {
			t.Errorf("%s in %s was answered with another's group", c.account, c.region)
		}
		seen[id] = true
	}
	got(a.UpdateResiliencyGroup(t.Context(), &dc.UpdateResiliencyGroupInput{
		ResiliencyGroupId: &first, ResiliencyGroupName: str("z"), ClientToken: str("a token"), // of another operation
	}))(t)
	w.turn(24 * time.Hour)
	if again := got(create(a, "x"))(t).ResiliencyGroup; *again.ResiliencyGroupId != first || *again.ResiliencyGroupName != "z" {
		t.Errorf("a day later: %+v", again)
	}
	w.turn(time.Second)
	if again := *got(create(a, "y"))(t).ResiliencyGroup.ResiliencyGroupId; seen[again] {
		t.Error("the token is good for longer than a day")
	}
	w.turn(2 * time.Second)
	got(a.deleteGroup(t, first))(t)
}

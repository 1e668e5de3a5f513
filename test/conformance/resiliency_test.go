package conformance

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
	"github.com/aws/aws-sdk-go-v2/service/directconnect/types"

	"onramp/internal/store"
)

// gather makes a resiliency group without further wishes.
func (c *caller) gather(t testing.TB, name string) string {
	t.Helper()
	out := got(c.CreateResiliencyGroup(t.Context(), &dc.CreateResiliencyGroupInput{
		ResiliencyGroupName: &name, IntendedResiliencyModel: "high-resiliency",
	}))(t)
	return *out.ResiliencyGroup.ResiliencyGroupId
}

func (c *caller) putInto(t testing.TB, group string, connections ...string) (*dc.AssociateConnectionsToResiliencyGroupOutput, error) {
	return c.AssociateConnectionsToResiliencyGroup(t.Context(), &dc.AssociateConnectionsToResiliencyGroupInput{
		ResiliencyGroupId: &group, ConnectionIdentifiers: connections,
	})
}

func (c *caller) takeOut(t testing.TB, group string, connections ...string) (*dc.DisassociateConnectionsFromResiliencyGroupOutput, error) {
	return c.DisassociateConnectionsFromResiliencyGroup(t.Context(), &dc.DisassociateConnectionsFromResiliencyGroupInput{
		ResiliencyGroupId: &group, ConnectionIdentifiers: connections,
	})
}

func (c *caller) getGroup(t testing.TB, group string) (*dc.GetResiliencyGroupOutput, error) {
	return c.GetResiliencyGroup(t.Context(), &dc.GetResiliencyGroupInput{ResiliencyGroupId: &group})
}

func (c *caller) deleteGroup(t testing.TB, group string) (*dc.DeleteResiliencyGroupOutput, error) {
	return c.DeleteResiliencyGroup(t.Context(), &dc.DeleteResiliencyGroupInput{ResiliencyGroupId: &group})
}

// groupState checks the state of one group.
func (c *caller) groupState(t testing.TB, group, want string) {
	t.Helper()
	if out := got(c.getGroup(t, group))(t); string(out.ResiliencyGroup.State) != want {
		t.Errorf("%s is %s, want %s", group, out.ResiliencyGroup.State, want)
	}
}

// memberStates checks who is in a group, by connection ID, and how.
func (c *caller) memberStates(t testing.TB, group string, want members) {
	t.Helper()
	got(c.ListResiliencyGroupAssociations(t.Context(), &dc.ListResiliencyGroupAssociationsInput{ResiliencyGroupId: &group}))(t)
	states := members{}
	for _, item := range c.object()["items"].(list) {
		m := item.(map[string]any)
		_, id, _ := strings.Cut(m["connectionArn"].(string), "/")
		states[id] = m["state"]
		if m["resiliencyGroupId"] != group {
			t.Errorf("listed for %s: %v", group, m)
		}
	}
	holds(t, states, want)
}

func groupARN(id string) string {
	return "arn:aws:directconnect::" + alice + ":dx-resiliency-group/" + id
}

// TestResiliencyGroupLife: every state of a group, every member of every answer.
func TestResiliencyGroupLife(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	key, value := "env", "prod"
	id := *got(a.CreateResiliencyGroup(t.Context(), &dc.CreateResiliencyGroupInput{
		ResiliencyGroupName: str("main_site-1"), IntendedResiliencyModel: "maximum-resiliency",
		Tags: []types.Tag{{Key: &key, Value: &value}},
	}))(t).ResiliencyGroup.ResiliencyGroupId
	if !regexp.MustCompile(`^dxrg-[0-9a-z]{17}$`).MatchString(id) {
		t.Errorf("the ID is %s", id)
	}
	summary := members{
		"ownerAccount": alice, "resiliencyGroupArn": groupARN(id), "resiliencyGroupId": id, "resiliencyGroupName": "main_site-1",
		"resiliencyGroupType": "Managed", "state": "pending",
	}
	whole := summary.with(members{"tags": tagged(key, value)})
	holds(t, a.object(), members{"resiliencyGroup": whole})
	w.settle()
	available := members{"state": "available"}
	got(a.getGroup(t, id))(t)
	holds(t, a.object(), members{"resiliencyGroup": whole.with(available)})
	got(a.ListResiliencyGroups(t.Context(), &dc.ListResiliencyGroupsInput{}))(t)
	holds(t, a.object(), members{"items": list{summary.with(available)}})
	got(a.UpdateResiliencyGroup(t.Context(), &dc.UpdateResiliencyGroupInput{ResiliencyGroupId: &id, ResiliencyGroupName: str("other")}))(t)
	renamed := members{"state": "available", "resiliencyGroupName": "other"}
	holds(t, a.object(), members{"resiliencyGroup": whole.with(renamed)})
	got(a.ListResiliencyGroupAssociations(t.Context(), &dc.ListResiliencyGroupAssociationsInput{ResiliencyGroupId: &id}))(t)
	holds(t, a.object(), members{"items": list{}})

	got(a.deleteGroup(t, id))(t)
	renamed["state"] = "deleting"
	holds(t, a.object(), members{"resiliencyGroup": whole.with(renamed)})
	refused(a.UpdateResiliencyGroup(t.Context(), &dc.UpdateResiliencyGroupInput{ResiliencyGroupId: &id, ResiliencyGroupName: str("late")}))(
		t, client, "Resiliency Group "+id+" is in state deleting and cannot be changed.")
	w.turn(time.Minute - time.Second)
	a.groupState(t, id, "deleting")
	w.turn(time.Second)
	a.groupState(t, id, "deleted")
	refused(a.putInto(t, id, a.order(t, ashburn, "1Gbps", "x")))(t, client, "Resiliency Group "+id+" is in state deleted and cannot be changed.")

	plain := a.gather(t, "plain")
	if _, there := a.object()["resiliencyGroup"].(map[string]any)["tags"]; there {
		t.Errorf("a group without tags is shown with them: %s", a.last.body)
	}
	refused(w.as(t, bob).getGroup(t, plain))(t, client, "Resiliency Group "+plain+" does not exist.")
	refused(w.as(t, bob).deleteGroup(t, plain))(t, client, "Resiliency Group "+plain+" does not exist.")
}

// TestResiliencyAssociations: every state of an association, by ID and ARN, in the order asked; the list is by ID.
func TestResiliencyAssociations(t *testing.T) {
	t.Parallel()
	w := open(t)
	a, west := w.as(t, alice), w.in(t, alice, western)
	one, two, far := a.order(t, ashburn, "1Gbps", "x"), a.order(t, vienna, "1Gbps", "x"), west.order(t, seattle, "1Gbps", "x")
	farARN := strings.Replace(arn(far), eastern, western, 1)
	id := a.gather(t, "x")
	got(a.putInto(t, id, arn(two), one, farARN))(t)
	item := func(arn, state string) members {
		return members{"connectionArn": arn, "resiliencyGroupId": id, "state": state}
	}
	holds(t, a.object(), members{"resiliencyGroupAssociations": list{
		item(arn(two), "associating"), item(arn(one), "associating"), item(farARN, "associating"),
	}})
	w.turn(time.Hour - time.Second)
	a.memberStates(t, id, members{one: "associating", two: "associating", far: "associating"})
	w.turn(time.Second)
	a.memberStates(t, id, members{one: "associated", two: "associated", far: "associated"})

	got(a.takeOut(t, id, farARN, one))(t)
	holds(t, a.object(), members{"resiliencyGroupAssociations": list{item(farARN, "disassociating"), item(arn(one), "disassociating")}})
	a.memberStates(t, id, members{one: "disassociating", two: "associated", far: "disassociating"})
	w.turn(time.Minute)
	a.memberStates(t, id, members{one: "disassociated", two: "associated", far: "disassociated"})
	got(a.putInto(t, id, one))(t)
	w.turn(time.Hour)
	a.memberStates(t, id, members{one: "associated", two: "associated", far: "disassociated"})
	w.turn(keep)
	a.memberStates(t, id, members{one: "associated", two: "associated"})
	a.state(t, one, "requested") // a connection is what it was
}

// TestAssociationIsAtomic: one connection that cannot be changed keeps the others from being.
func TestAssociationIsAtomic(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	one, two, gone := a.order(t, ashburn, "1Gbps", "x"), a.order(t, ashburn, "1Gbps", "x"), a.order(t, ashburn, "1Gbps", "x")
	got(a.DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: &gone}))(t)
	foreign, inter := w.as(t, bob).order(t, ashburn, "1Gbps", "x"), a.interconnect(t, "1Gbps")
	id := a.gather(t, "x")
	got(a.putInto(t, id, two))(t)
	var many []string
	for n := range 51 {
		many = append(many, fmt.Sprintf("dxcon-ffabc1%02d", n))
	}
	token := strings.Repeat("t", 128)
	w.unchanged(t, func() {
		refused(a.putInto(t, id, one, gone))(t, client, "Connection "+gone+" is in state deleted and cannot be associated with a resiliency group.")
		refused(a.putInto(t, id, one, two))(t, client, "Connection "+two+" is already associated with Resiliency Group "+id+".")
		refused(a.putInto(t, id, one, foreign))(t, client, "Could not find Connection with ID "+foreign)
		refused(a.putInto(t, id, one, inter))(t, client, "Could not find Connection with ID "+inter)
		refused(a.putInto(t, id, one, strings.Replace(arn(foreign), alice, bob, 1)))(t, client, "Could not find Connection with ID "+foreign)
		refused(a.putInto(t, id, one, arn(one)))(t, client, "Connection "+one+" is named more than once in connectionIdentifiers.")
		refused(a.putInto(t, id, many...))(t, client, "connectionIdentifiers must name 1 to 50 connections.")
		refused(a.takeOut(t, id, two, one))(t, client, "Connection "+one+" is not associated with Resiliency Group "+id+".")
		refused(a.AssociateConnectionsToResiliencyGroup(t.Context(), &dc.AssociateConnectionsToResiliencyGroupInput{
			ResiliencyGroupId: &id, ConnectionIdentifiers: []string{one, gone}, ClientToken: &token,
		}))(t, client, "Connection "+gone+" is in state deleted and cannot be associated with a resiliency group.")
	})
	got(a.AssociateConnectionsToResiliencyGroup(t.Context(), &dc.AssociateConnectionsToResiliencyGroupInput{
		ResiliencyGroupId: &id, ConnectionIdentifiers: []string{one}, ClientToken: &token, // what was refused has not used it up
	}))(t)
	w.turn(time.Hour)
	a.memberStates(t, id, members{one: "associated", two: "associated"})
	refused(w.as(t, bob).putInto(t, id, foreign))(t, client, "Resiliency Group "+id+" does not exist.")
	refused(w.as(t, bob).takeOut(t, id, foreign))(t, client, "Resiliency Group "+id+" does not exist.")
	refused(w.as(t, bob).ListResiliencyGroupAssociations(t.Context(), &dc.ListResiliencyGroupAssociationsInput{ResiliencyGroupId: &id}))(
		t, client, "Resiliency Group "+id+" does not exist.")
}

// TestRepeatsAreHarmless: a request with its token, repeated, answers the same and does nothing.
func TestRepeatsAreHarmless(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	token := str("once")
	create := func() string {
		return *got(a.CreateResiliencyGroup(t.Context(), &dc.CreateResiliencyGroupInput{
			ResiliencyGroupName: str("x"), IntendedResiliencyModel: "basic-resiliency", ClientToken: token,
		}))(t).ResiliencyGroup.ResiliencyGroupId
	}
	id := create()
	one, two := a.order(t, ashburn, "1Gbps", "x"), a.order(t, ashburn, "1Gbps", "x")
	update := func() {
		got(a.UpdateResiliencyGroup(t.Context(), &dc.UpdateResiliencyGroupInput{ResiliencyGroupId: &id, ResiliencyGroupName: str("y"), ClientToken: token}))(t)
	}
	associate := func() {
		got(a.AssociateConnectionsToResiliencyGroup(t.Context(), &dc.AssociateConnectionsToResiliencyGroupInput{
			ResiliencyGroupId: &id, ConnectionIdentifiers: []string{two, one}, ClientToken: token,
		}))(t)
	}
	disassociate := func() {
		got(a.DisassociateConnectionsFromResiliencyGroup(t.Context(), &dc.DisassociateConnectionsFromResiliencyGroupInput{
			ResiliencyGroupId: &id, ConnectionIdentifiers: []string{two}, ClientToken: token,
		}))(t)
	}
	update()
	associate()
	first := a.last.body
	w.unchanged(t, func() {
		if again := create(); again != id {
			t.Errorf("made %s, then %s", id, again)
		}
		if name := a.object()["resiliencyGroup"].(map[string]any)["resiliencyGroupName"]; name != "y" {
			t.Errorf("the group is now y, and answered as %s", name)
		}
		update()
		if associate(); a.last.body != first {
			t.Errorf("answered %s, then %s", first, a.last.body)
		}
	})
	disassociate()
	first = a.last.body
	w.unchanged(t, func() {
		if disassociate(); a.last.body != first {
			t.Errorf("answered %s, then %s", first, a.last.body)
		}
		associate() // says what became of it, and does not do it again
		holds(t, a.object()["resiliencyGroupAssociations"].(list)[0].(map[string]any)["state"], "disassociating")
	})
	w.turn(time.Hour)
	a.memberStates(t, id, members{one: "associated", two: "disassociated"})
}

// TestResiliencyTags: of groups, by their ARN; no key twice.
func TestResiliencyTags(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	id := a.gather(t, "x")
	got(a.tag(t, groupARN(id), "k", "v", "l", ""))(t)
	got(a.untag(t, groupARN(id), "l"))(t)
	holds(t, a.tagsOf(t, groupARN(id)), tagged("k", "v"))
	got(a.getGroup(t, id))(t)
	holds(t, a.object()["resiliencyGroup"].(map[string]any)["tags"], tagged("k", "v"))
	w.unchanged(t, func() {
		theirs := strings.Replace(groupARN(id), alice, bob, 1)
		refused(w.as(t, bob).tag(t, groupARN(id), "k", "w"))(t, client, "Resource "+groupARN(id)+" does not exist.")
		refused(w.as(t, bob).tag(t, theirs, "k", "w"))(t, client, "Resource "+theirs+" does not exist.")
		none := groupARN("dxrg-0123456789abcdefg")
		refused(a.tag(t, none, "k", "w"))(t, client, "Resource "+none+" does not exist.")
		withRegion := strings.Replace(groupARN(id), "::", ":us-east-1:", 1)
		refused(a.tag(t, withRegion, "k", "w"))(t, client, "Resource ARN "+withRegion+" is not valid.")
		refused(a.CreateResiliencyGroup(t.Context(), &dc.CreateResiliencyGroupInput{
			ResiliencyGroupName: str("x"), IntendedResiliencyModel: "high-resiliency", Tags: []types.Tag{{Key: str("k")}, {Key: str("k")}},
		}))(t, duplicate, "A tag key was specified more than once: k")
	})
}

// TestResiliencyPages: both lists by pages of every size, each item once and in the same order; tokens are bound.
func TestResiliencyPages(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	var groups []string
	for n := range 5 {
		if n%2 == 0 { // some were made at the same moment
			w.turn(time.Second)
		}
		groups = append(groups, a.gather(t, "x"))
		got(a.putInto(t, groups[0], a.order(t, ashburn, "1Gbps", "x")))(t)
	}
	listGroups := pager{"ListResiliencyGroups", func(n *int32, token *string) (ids []string, next *string, err error) {
		out, err := a.ListResiliencyGroups(t.Context(), &dc.ListResiliencyGroupsInput{MaxResults: n, NextToken: token})
		if err != nil {
			return nil, nil, err
		}
		for _, g := range out.Items {
			ids = append(ids, *g.ResiliencyGroupId)
		}
		return ids, out.NextToken, nil
	}}
	members := func(group string) pager {
		return pager{"ListResiliencyGroupAssociations", func(n *int32, token *string) (ids []string, next *string, err error) {
			out, err := a.ListResiliencyGroupAssociations(t.Context(), &dc.ListResiliencyGroupAssociationsInput{
				ResiliencyGroupId: &group, MaxResults: n, NextToken: token,
			})
			if err != nil {
				return nil, nil, err
			}
			for _, m := range out.Items {
				ids = append(ids, *m.ConnectionArn)
			}
			return ids, out.NextToken, nil
		}}
	}
	tokens := map[string]string{}
	for _, p := range []pager{listGroups, members(groups[0])} {
		whole, next, err := p.ask(nil, nil)
		if err != nil || next != nil || len(whole) != 5 {
			t.Fatalf("%s: %v, nextToken %v, %v", p.name, whole, next, err)
		}
		for size := int32(1); size < 7; size++ {
			var ids []string
			var token *string
			for pages := 0; pages == 0 || token != nil; pages++ {
				page, next, err := p.ask(&size, token)
				if err != nil || len(page) == 0 || len(page) > int(size) {
					t.Fatalf("%s by %d: %v, %v", p.name, size, page, err)
				}
				if ids, token = append(ids, page...), next; next != nil {
					tokens[p.name] = *next
				}
			}
			if !slices.Equal(ids, whole) {
				t.Errorf("%s by %d lists %v, want %v", p.name, size, ids, whole)
			}
		}
	}
	groupsToken, membersToken := tokens[listGroups.name], tokens["ListResiliencyGroupAssociations"]
	for name, ask := range map[string]func() ([]string, *string, error){
		"groups by members' token": func() ([]string, *string, error) { return listGroups.ask(nil, &membersToken) },
		"members by groups' token": func() ([]string, *string, error) { return members(groups[0]).ask(nil, &groupsToken) },
		"another group's members":  func() ([]string, *string, error) { return members(groups[1]).ask(nil, &membersToken) },
	} {
		ids, _, err := ask()
		t.Run(name, func(t *testing.T) { refused(ids, err)(t, client, "nextToken is not valid.") })
	}
}

// dumpResiliency writes down the groups of the tests' accounts and who is in them.
func dumpResiliency(tx *store.Tx, b *strings.Builder) error {
	for _, account := range []string{alice, bob} {
		groups, err := tx.ResiliencyGroups(store.ResiliencyGroupQuery{Account: account})
		if err != nil {
			return err
		}
		for _, g := range groups {
			all, err := tx.Members(store.MemberQuery{GroupID: g.ID})
			if err != nil {
				return err
			}
			fmt.Fprintf(b, "%+v %+v\n", g, all)
		}
	}
	return nil
}

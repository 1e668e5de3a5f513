package directconnect

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const groupID = "dxrg-0123456789abcdefg"

func resiliencyGroup() ResiliencyGroup {
	g, err := NewResiliencyGroup(groupID, customer, "us-east-1", "main_site-1", "high-resiliency", nil, noon)
	if err != nil {
		panic(err)
	}
	return g
}

func TestResiliencyGroupIDs(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for n := range uint64(1000) {
		id := ResiliencyGroupID(n*0x9e3779b97f4a7c15, ^n)
		if err := CheckResiliencyGroupID(id); err != nil || len(id) != 22 || id != strings.ToLower(id) || seen[id] {
			t.Errorf("%s: %v", id, err)
		}
		seen[id] = true
	}
	if a, b := ResiliencyGroupID(1, 0), ResiliencyGroupID(0, 1); a == b || a == ResiliencyGroupID(0, 0) {
		t.Errorf("%s and %s", a, b)
	}
	for id, ok := range map[string]bool{
		groupID: true, strings.ToUpper(groupID): false, "dxrg-0123456789ABCDEFG": true, "": false, "dxrg-": false,
		groupID[:21]: false, groupID + "h": false, "dxrg-0123456789abcde_g": false, "dxcon-123456789abcdefg": false,
	} {
		if err := CheckResiliencyGroupID(id); (err == nil) != ok {
			t.Errorf("%q: %v", id, err)
		}
	}
}

func TestResiliencyGroupRules(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("n", 255)
	for _, c := range []struct{ name, model, text string }{
		{"a", "basic-resiliency", ""}, {long, "maximum-resiliency", ""}, {"A-z_09", "high-resiliency", ""},
		{"", "high-resiliency", "resiliencyGroupName is required."},
		{long + "n", "high-resiliency", "resiliencyGroupName must be at most 255 characters long."},
		{"a b", "high-resiliency", "resiliencyGroupName a b is not valid. Valid characters are letters, digits, hyphens and underscores."},
		{"é", "high-resiliency", "resiliencyGroupName é is not valid. Valid characters are letters, digits, hyphens and underscores."},
		{"a", "", "intendedResiliencyModel  is not valid. Valid values are maximum-resiliency, high-resiliency and basic-resiliency."},
		{"a", "none", "intendedResiliencyModel none is not valid. Valid values are maximum-resiliency, high-resiliency and basic-resiliency."},
		{"a", "High-Resiliency", "intendedResiliencyModel High-Resiliency is not valid. Valid values are maximum-resiliency, high-resiliency and basic-resiliency."},
	} {
		g, err := NewResiliencyGroup(groupID, customer, "us-east-1", c.name, c.model, nil, noon)
		wantText(t, err, c.text)
		if c.text == "" && (g.Name != c.name || g.State != ResiliencyPending || string(g.Model) != c.model || !g.Due.Equal(noon)) {
			t.Errorf("made %+v", g)
		}
	}
	_, err := NewResiliencyGroup(groupID, customer, "us-east-1", "a", "high-resiliency", []Tag{{Key: "aws:x"}}, noon)
	wantText(t, err, "Tag key aws:x is not valid: keys that begin with aws: are reserved.")
	if got, want := resiliencyGroup().ARN().String(), "arn:aws:directconnect::"+customer+":dx-resiliency-group/"+groupID; got != want {
		t.Errorf("ARN %s, want %s", got, want)
	}
}

func wantText(t *testing.T, err error, want string) {
	t.Helper()
	if got := fmt.Sprint(err); want == "" && err != nil || want != "" && got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestResiliencyGroupMoves: every state against everything that can happen.
func TestResiliencyGroupMoves(t *testing.T) {
	t.Parallel()
	pace := Pace{Provision: time.Hour, Release: time.Minute}
	for _, state := range ResiliencyGroupStates {
		g := resiliencyGroup()
		g.State, g.Due = state, noon
		usable := state == ResiliencyPending || state == ResiliencyAvailable
		renamed, err := g.Rename("other")
		if text := "Resiliency Group " + groupID + " is in state " + string(state) + " and cannot be changed."; usable {
			wantText(t, err, "")
		} else {
			wantText(t, err, text)
			wantText(t, g.Usable(), text)
		}
		if (renamed.Name == "other") != usable {
			t.Errorf("%s: renamed to %s", state, renamed.Name)
		}
		deleted := g.Delete(noon.Add(time.Second))
		if want := g; !usable && cmp.Diff(want, deleted) != "" || usable && (deleted.State != ResiliencyDeleting || !deleted.Since.Equal(noon.Add(time.Second))) {
			t.Errorf("%s: deleted is %+v", state, deleted)
		}
		_, err = g.Rename("")
		wantText(t, err, "resiliencyGroupName is required.")
		early, late := g.Advance(0, pace, noon), g.Advance(0, pace, noon.Add(time.Minute))
		held := g.Advance(1, pace, noon.Add(time.Minute))
		want := map[ResiliencyGroupState][3]ResiliencyGroupState{
			ResiliencyPending:   {ResiliencyAvailable, ResiliencyAvailable, ResiliencyAvailable},
			ResiliencyAvailable: {ResiliencyAvailable, ResiliencyAvailable, ResiliencyAvailable},
			ResiliencyDeleting:  {ResiliencyDeleting, ResiliencyDeleted, ResiliencyDeleting},
			ResiliencyDeleted:   {ResiliencyDeleted, ResiliencyDeleted, ResiliencyDeleted},
		}[state]
		if got := [3]ResiliencyGroupState{early.State, late.State, held.State}; got != want {
			t.Errorf("%s advances to %v, want %v", state, got, want)
		}
		if state == ResiliencyDeleting && (!early.Due.Equal(noon.Add(time.Minute)) || held.Due.IsZero() || !late.Due.IsZero() || late.Deleted.IsZero()) {
			t.Errorf("deleting: due %v, held until %v, in the end %+v", early.Due, held.Due, late)
		}
	}
}

// TestResiliencyMemberMoves: every state against everything that can happen.
func TestResiliencyMemberMoves(t *testing.T) {
	t.Parallel()
	g, c := resiliencyGroup(), ordered()
	pace, keep := Pace{Provision: time.Hour, Release: time.Minute}, 24*time.Hour
	fresh, err := g.Admit(c, ResiliencyMember{}, noon)
	wantText(t, err, "")
	want := ResiliencyMember{GroupID: groupID, ConnectionID: c.ID, Region: c.Region, Account: c.Account, State: MemberAssociating, Due: noon, Since: noon}
	if diff := cmp.Diff(want, fresh); diff != "" {
		t.Errorf("admitted (-want +got):\n%s", diff)
	}
	for _, x := range []struct {
		state, soon, late, left ResiliencyMemberState
		text                    string
		due                     time.Duration // of what is soon; -1: never
	}{
		{MemberAssociating, MemberAssociating, MemberAssociated, MemberDisassociating, "Connection " + c.ID + " is already associated with Resiliency Group " + groupID + ".", time.Hour},
		{MemberAssociated, MemberAssociated, MemberAssociated, MemberDisassociating, "Connection " + c.ID + " is already associated with Resiliency Group " + groupID + ".", -1},
		{MemberDisassociating, MemberDisassociating, MemberDisassociated, MemberDisassociating, "Connection " + c.ID + " is being disassociated from Resiliency Group " + groupID + ".", time.Minute},
		{MemberDisassociated, MemberDisassociated, MemberDisassociated, MemberDisassociated, "", keep},
	} {
		m := fresh
		m.State, m.Version = x.state, 7
		soon, late := m.Advance(pace, keep, noon.Add(time.Second)), m.Advance(pace, keep, noon.Add(time.Hour))
		if soon.State != x.soon || late.State != x.late {
			t.Errorf("%s advances to %s, then %s", x.state, soon.State, late.State)
		}
		if due := noon.Add(x.due); x.due >= 0 && !soon.Due.Equal(due) || x.due < 0 && !soon.Due.IsZero() {
			t.Errorf("%s is due %v, want %v", x.state, soon.Due, due)
		}
		if left := m.Leave(noon.Add(time.Second)); left.State != x.left || (left.Since != m.Since) != m.Counts() {
			t.Errorf("%s left is %+v", x.state, left)
		}
		again, err := g.Admit(c, m, noon)
		wantText(t, err, x.text)
		if x.text == "" && (again.State != MemberAssociating || again.Version != 7) {
			t.Errorf("admitted again: %+v", again)
		}
	}
	m := fresh
	m.State = MemberDisassociated
	if due := m.Advance(pace, -1, noon).Due; !due.IsZero() {
		t.Errorf("kept for ever, and due %v", due)
	}
	for _, s := range []ConnectionState{ConnectionDeleting, ConnectionDeleted, ConnectionRejected} {
		c.State = s
		_, err := g.Admit(c, ResiliencyMember{}, noon)
		wantText(t, err, "Connection "+c.ID+" is in state "+string(s)+" and cannot be associated with a resiliency group.")
	}
}

func TestClientTokenLength(t *testing.T) {
	t.Parallel()
	for token, ok := range map[string]bool{"": false, "x": true, strings.Repeat("ß", 128): true, strings.Repeat("x", 129): false} {
		want := ""
		if !ok {
			want = "clientToken must be 1 to 128 characters long."
		}
		wantText(t, CheckClientToken(token), want)
	}
}

func TestParseConnectionNames(t *testing.T) {
	t.Parallel()
	const id, east, west = "dxcon-ffabc123", "us-east-1", "us-west-2"
	arn := func(region, account, rest string) string {
		return "arn:aws:directconnect:" + region + ":" + account + ":" + rest
	}
	many := make([]string, 51)
	for i := range many {
		many[i] = fmt.Sprintf("dxcon-ffabc1%02d", i)
	}
	for _, c := range []struct {
		in   []string
		text string
		want []ConnectionName
	}{
		{[]string{id}, "", []ConnectionName{{id, east}}},
		{[]string{arn(east, customer, "dxcon/"+id)}, "", []ConnectionName{{id, east}}},
		{[]string{arn(west, customer, "dxcon/"+id), "dxcon-ffabc124"}, "", []ConnectionName{{id, west}, {"dxcon-ffabc124", east}}},
		{[]string{arn(west, "", "dxcon/"+id)}, "", []ConnectionName{{id, west}}},
		{many[:50], "", nil},
		{many, "connectionIdentifiers must name 1 to 50 connections.", nil},
		{nil, "connectionIdentifiers must name 1 to 50 connections.", nil},
		{[]string{""}, "Each of connectionIdentifiers must be 1 to 1024 characters long.", nil},
		{[]string{strings.Repeat("x", 1025)}, "Each of connectionIdentifiers must be 1 to 1024 characters long.", nil},
		{[]string{"dxlag-ffabc123"}, "Connection ID dxlag-ffabc123 has an invalid format.", nil},
		{[]string{id, arn(east, customer, "dxcon/"+id)}, "Connection " + id + " is named more than once in connectionIdentifiers.", nil},
		{[]string{arn("", customer, "dxcon/"+id)}, "Resource ARN " + arn("", customer, "dxcon/"+id) + " is not valid.", nil},
		{[]string{arn(east, customer, "dxlag/dxlag-ffabc123")}, "Resource ARN " + arn(east, customer, "dxlag/dxlag-ffabc123") + " is not valid.", nil},
		{[]string{arn("", customer, "dx-resiliency-group/"+groupID)}, "Resource ARN " + arn("", customer, "dx-resiliency-group/"+groupID) + " is not valid.", nil},
		{[]string{arn(east, partner, "dxcon/"+id)}, "Could not find Connection with ID " + id, nil},
		{[]string{arn(east, customer, "dxcon/x")}, "Connection ID x has an invalid format.", nil},
		{[]string{"arn:aws-cn:directconnect:cn-north-1:" + customer + ":dxcon/" + id}, "Resource ARN arn:aws-cn:directconnect:cn-north-1:" + customer + ":dxcon/" + id + " is not valid.", nil},
		{[]string{"arn:aws"}, "Resource ARN arn:aws is not valid.", nil},
	} {
		got, err := ParseConnectionNames(c.in, customer, east)
		wantText(t, err, c.text)
		if diff := cmp.Diff(c.want, got); c.want != nil && diff != "" {
			t.Errorf("%v (-want +got):\n%s", c.in, diff)
		}
	}
}

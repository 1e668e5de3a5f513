package conformance

import (
	"strings"
	"testing"

	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
)

// TestTagChoices: what is not there is passed over, what has no tags has an empty list, answers without members are {}.
func TestTagChoices(t *testing.T) {
	t.Parallel()
	a := open(t).as(t, alice)
	name := arn(a.order(t, ashburn, "1Gbps", "x"))
	got(a.untag(t, name, "not there"))(t)
	if a.last.body != `{}` {
		t.Errorf("answered %s", a.last.body)
	}
	holds(t, a.tagsOf(t, name), list{})
}

// TestTagARNs: twenty at most, all of the caller's or none is answered, of the called Region.
func TestTagARNs(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	name := arn(a.order(t, ashburn, "1Gbps", "x"))
	describe := func(c *caller, arns ...string) (*dc.DescribeTagsOutput, error) {
		return c.DescribeTags(t.Context(), &dc.DescribeTagsInput{ResourceArns: arns})
	}
	many := strings.Fields(strings.Repeat(name+" ", 21))
	got(describe(a, many[:20]...))(t)
	refused(describe(a, many...))(t, client, "resourceArns must name at most 20 resources.")
	missing := arn("dxcon-fg31dyv6")
	refused(describe(a, name, missing))(t, client, "Resource "+missing+" does not exist.")
	refused(describe(w.in(t, alice, western), name))(t, client, "Resource ARN "+name+" is not in Region us-west-2.")
}

// TestTagsOfWhatEnded: a connection that was deleted is tagged like a live one while it is listed, and an absent value is an
// empty one.
func TestTagsOfWhatEnded(t *testing.T) {
	t.Parallel()
	a := open(t).as(t, alice)
	id := a.order(t, ashburn, "1Gbps", "x")
	if out := got(a.DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: &id}))(t); out.ConnectionState != "deleted" {
		t.Fatalf("it is %s", out.ConnectionState)
	}
	if x := a.send("TagResource", `{"resourceArn":"`+arn(id)+`","tags":[{"key":"late"}]}`); x.status != 200 {
		t.Fatalf("HTTP %d %s", x.status, x.body)
	}
	holds(t, a.tagsOf(t, arn(id)), list{members{"key": "late", "value": ""}})
}

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

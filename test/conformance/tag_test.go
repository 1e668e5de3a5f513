package conformance

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
	"github.com/aws/aws-sdk-go-v2/service/directconnect/types"

	"onramp/internal/directconnect"
)

// arn names a resource of alice's in us-east-1.
func arn(id string) string {
	kind, _, _ := strings.Cut(id, "-")
	return "arn:aws:directconnect:us-east-1:" + alice + ":" + kind + "/" + id
}

func (c *caller) tag(t testing.TB, arn string, pairs ...string) (*dc.TagResourceOutput, error) {
	in := &dc.TagResourceInput{ResourceArn: &arn, Tags: []types.Tag{}}
	for i := 0; i < len(pairs); i += 2 {
		in.Tags = append(in.Tags, types.Tag{Key: &pairs[i], Value: &pairs[i+1]})
	}
	return c.TagResource(t.Context(), in)
}

func (c *caller) untag(t testing.TB, arn string, keys ...string) (*dc.UntagResourceOutput, error) {
	return c.UntagResource(t.Context(), &dc.UntagResourceInput{ResourceArn: &arn, TagKeys: append([]string{}, keys...)})
}

// tagsOf are an ARN's tags as DescribeTags answers them.
func (c *caller) tagsOf(t testing.TB, arn string) list {
	t.Helper()
	got(c.DescribeTags(t.Context(), &dc.DescribeTagsInput{ResourceArns: []string{arn}}))(t)
	resources := c.object()["resourceTags"].(list)
	if len(resources) != 1 {
		t.Fatalf("%d resources for one ARN", len(resources))
	}
	r := resources[0].(map[string]any)
	holds(t, r["resourceArn"], arn)
	return r["tags"].(list)
}

func tagged(pairs ...string) list {
	out := list{}
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, members{"key": pairs[i], "value": pairs[i+1]})
	}
	return out
}

// TestTags: on everything that has an ARN; set, overwritten, removed; shown by DescribeTags and by the resource alike.
func TestTags(t *testing.T) {
	t.Parallel()
	w := open(t)
	a, partner := w.as(t, alice), w.as(t, bob)
	connection, interconnect := a.order(t, ashburn, "1Gbps", "x"), a.interconnect(t, "1Gbps")
	lag, hosted := a.orderLAG(t, ashburn, "1Gbps", "x", 1), partner.host(t, partner.interconnect(t, "1Gbps"), alice, "50Mbps", 3)
	shown := map[string]func() map[string]any{
		connection:   func() map[string]any { return a.connection(t, connection) },
		hosted:       func() map[string]any { return a.connection(t, hosted) },
		interconnect: func() map[string]any { return a.interconnectShown(t, interconnect) },
		lag:          func() map[string]any { return a.lagShown(t, lag) },
	}
	for id, show := range shown {
		is := func(want list) {
			t.Helper()
			holds(t, a.tagsOf(t, arn(id)), want)
			holds(t, show()["tags"], want)
		}
		is(list{})
		got(a.tag(t, arn(id), "b", "1", "a", "2"))(t)
		if a.last.body != `{}` {
			t.Errorf("TagResource answers %s", a.last.body)
		}
		is(tagged("b", "1", "a", "2"))
		got(a.tag(t, arn(id), "a", "3", "B", ""))(t) // keys differ by case
		is(tagged("b", "1", "a", "3", "B", ""))
		got(a.tag(t, arn(id)))(t)
		got(a.untag(t, arn(id), "b", "not there"))(t)
		if a.last.body != `{}` {
			t.Errorf("UntagResource answers %s", a.last.body)
		}
		is(tagged("a", "3", "B", ""))
		got(a.untag(t, arn(id)))(t)
		got(a.untag(t, arn(id), "a", "B", "a"))(t)
		is(list{})
	}
}

// TestDescribeTagsOfMany: an entry for each ARN, in the order asked, twenty at most.
func TestDescribeTagsOfMany(t *testing.T) {
	t.Parallel()
	a := open(t).as(t, alice)
	one, two := a.order(t, ashburn, "1Gbps", "x"), a.order(t, ashburn, "1Gbps", "x")
	got(a.tag(t, arn(two), "k", "v"))(t)
	arns := []string{arn(two), arn(one), arn(two)}
	got(a.DescribeTags(t.Context(), &dc.DescribeTagsInput{ResourceArns: arns}))(t)
	holds(t, a.object(), members{"resourceTags": list{
		members{"resourceArn": arn(two), "tags": tagged("k", "v")}, members{"resourceArn": arn(one), "tags": list{}},
		members{"resourceArn": arn(two), "tags": tagged("k", "v")},
	}})
	got(a.DescribeTags(t.Context(), &dc.DescribeTagsInput{ResourceArns: []string{}}))(t)
	if a.last.body != `{"resourceTags":[]}` {
		t.Errorf("nothing asked is answered %s", a.last.body)
	}
	twenty := strings.Split(strings.Repeat(arn(one)+" ", 20), " ")[:20]
	got(a.DescribeTags(t.Context(), &dc.DescribeTagsInput{ResourceArns: twenty}))(t)
	refused(a.DescribeTags(t.Context(), &dc.DescribeTagsInput{ResourceArns: append(twenty, arn(one))}))(
		t, client, "resourceArns must name at most 20 resources.")
	refused(a.DescribeTags(t.Context(), &dc.DescribeTagsInput{ResourceArns: []string{arn(one), arn("dxcon-fg31dyv6")}}))(
		t, client, "Resource "+arn("dxcon-fg31dyv6")+" does not exist.")
}

// TestTagLimits: fifty on a resource, over all requests; no key twice in one request.
func TestTagLimits(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	id := arn(a.order(t, ashburn, "1Gbps", "x"))
	var pairs []string
	for n := range 50 {
		pairs = append(pairs, fmt.Sprint("k", n), strings.Repeat("ß", 256))
	}
	got(a.tag(t, id, pairs...))(t)
	got(a.tag(t, id, "k0", "another value"))(t)
	const most = "You have reached the limit on the number of tags that can be assigned. The limit is 50 tags for each resource."
	w.unchanged(t, func() {
		refused(a.tag(t, id, "one", "more"))(t, tooMany, most)
		refused(a.tag(t, id, append(pairs, "k50", "")...))(t, tooMany, most)
		refused(a.tag(t, id, "k1", "x", "k2", "y", "k1", "z"))(t, duplicate, "A tag key was specified more than once: k1")
		order := func(tags ...types.Tag) (*dc.CreateConnectionOutput, error) {
			return a.CreateConnection(t.Context(), &dc.CreateConnectionInput{
				Location: str(ashburn), Bandwidth: str("1Gbps"), ConnectionName: str("x"), Tags: tags,
			})
		}
		refused(order(types.Tag{Key: str("k")}, types.Tag{Key: str("k")}))(t, duplicate, "A tag key was specified more than once: k")
		refused(order(slices.Repeat([]types.Tag{{Key: str("k")}}, 51)...))(t, tooMany, most)
	})
	longest := strings.Repeat("k", 128)
	got(a.untag(t, id, "k0"))(t)
	got(a.tag(t, id, longest, ""))(t)
	got(a.untag(t, id, longest))(t)
	got(a.tag(t, id, "Ünïcode 1_.:/=+-@", "Ünïcode 1_.:/=+-@"))(t)
}

// TestTagsOfOthers: an ARN of another account, Region, partition or kind names nothing of the caller's.
func TestTagsOfOthers(t *testing.T) {
	t.Parallel()
	w := open(t, directconnect.Quotas{})
	a := w.as(t, alice)
	id := a.order(t, ashburn, "1Gbps", "x")
	b, west := w.as(t, bob), w.in(t, alice, western)
	try := func(c *caller, arn, text string) {
		t.Helper()
		refused(c.tag(t, arn, "k", "v"))(t, client, text)
		refused(c.untag(t, arn, "k"))(t, client, text)
		refused(c.DescribeTags(t.Context(), &dc.DescribeTagsInput{ResourceArns: []string{arn}}))(t, client, text)
	}
	w.unchanged(t, func() {
		try(b, arn(id), "Resource "+arn(id)+" does not exist.")
		theirs := strings.Replace(arn(id), alice, bob, 1)
		try(b, theirs, "Resource "+theirs+" does not exist.")
		try(a, theirs, "Resource "+theirs+" does not exist.") // the ID is alice's, the ARN is not
		try(west, arn(id), "Resource ARN "+arn(id)+" is not in Region us-west-2.")
		moved := strings.Replace(arn(id), eastern, western, 1)
		try(west, moved, "Resource "+moved+" does not exist.")
		for _, s := range []string{
			"", "x", strings.Replace(arn(id), "arn:aws:", "arn:aws-cn:", 1), strings.Replace(arn(id), "directconnect", "ec2", 1),
			strings.Replace(arn(id), "dxcon/", "dxpeer/", 1), strings.TrimSuffix(arn(id), "/"+id), arn("dxcon-")[:len(arn("dxcon-"))-6],
		} {
			try(a, s, "Resource ARN "+s+" is not valid.")
		}
		wrongKind := strings.Replace(arn(id), "dxcon/", "dxlag/", 1)
		try(a, wrongKind, "Resource "+wrongKind+" does not exist.")
		gateway := "arn:aws:directconnect::" + alice + ":dx-gateway/cf68415c-f4ae-48f2-87a7-3b52cffb8a34"
		try(a, gateway, "Resource "+gateway+" does not exist.")
	})
	chinese := w.in(t, alice, northern)
	at := chinese.order(t, beijing, "1Gbps", "x")
	name := "arn:aws-cn:directconnect:cn-north-1:" + alice + ":dxcon/" + at
	got(chinese.tag(t, name, "k", "v"))(t)
	holds(t, chinese.tagsOf(t, name), tagged("k", "v"))
}

// TestHostedTagsAreTheOwners: the partner that hosts sees and sets none.
func TestHostedTagsAreTheOwners(t *testing.T) {
	t.Parallel()
	w := open(t)
	customer, partner := w.as(t, alice), w.as(t, bob)
	parent := partner.interconnect(t, "1Gbps")
	id := partner.host(t, parent, alice, "50Mbps", 3)
	got(customer.tag(t, arn(id), "k", "v"))(t)
	holds(t, partner.hostedShown(t, parent)[0].(map[string]any)["tags"], list{})
	theirs := strings.Replace(arn(id), alice, bob, 1)
	refused(partner.tag(t, theirs, "k", "w"))(t, client, "Resource "+theirs+" does not exist.")
	holds(t, customer.tagsOf(t, arn(id)), tagged("k", "v"))
}

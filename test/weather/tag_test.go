package weather

import (
	"maps"

	"pgregory.net/rapid"

	"onramp/internal/api"
	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
)

func (m *machine) tagActions() map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){
		"TagResource":   m.step(m.tag),
		"UntagResource": m.step(m.untag),
		"DescribeTags":  m.step(m.describeTags),
	}
}

// taggable draws a connection of any kind or a LAG.
func (m *machine) taggable() (arn, account, region string, tags *map[string]string) {
	if once(m.rt, 2, "traffic's tags") {
		return m.trafficTags()
	}
	if once(m.rt, 3, "LAG's tags") {
		b := m.oneBundle(func(*bundle) bool { return true })
		return arnOf("dxlag", b.account, b.region, b.id), b.account, b.region, &b.tags
	}
	x := m.one(func(*thing) bool { return true })
	return arnOf("dxcon", x.account, x.region, x.id), x.account, x.region, &x.tags
}

func arnOf(kind, account, region, id string) string {
	if region == "" {
		region = home
	}
	return directconnect.ARN{Partition: "aws", Region: region, Account: account, Type: kind, ID: id}.String()
}

func (m *machine) tag() {
	arn, account, region, tags := m.taggable()
	in := &api.TagResourceRequest{ResourceARN: &arn, Tags: m.tagList()}
	if _, ok := call[api.TagResourceResponse](m, "TagResource", m.caller(account, region), in); ok {
		maps.Copy(*tags, wireTags(in.Tags))
	}
}

func (m *machine) untag() {
	arn, account, region, tags := m.taggable()
	in := &api.UntagResourceRequest{ResourceARN: &arn, TagKeys: []string{pick(m.rt, "key", []string{"a", "b", "c", "none"})}}
	if _, ok := call[api.UntagResourceResponse](m, "UntagResource", m.caller(account, region), in); ok {
		delete(*tags, in.TagKeys[0])
	}
}

func (m *machine) describeTags() {
	arn, account, region, tags := m.taggable()
	if account == "" {
		call[api.DescribeTagsResponse](m, "DescribeTags", m.caller(account, region), &api.DescribeTagsRequest{ResourceARNs: []string{arn}})
		return
	}
	m.tagsAre(arn, controlplane.Caller{Account: account, Region: region}, *tags)
}

// tagsAre holds DescribeTags against the model. What is no longer listed has no tags to tell.
func (m *machine) tagsAre(arn string, who controlplane.Caller, want map[string]string) {
	m.rt.Helper()
	out, ok := call[api.DescribeTagsResponse](m, "DescribeTags", who, &api.DescribeTagsRequest{ResourceARNs: []string{arn}})
	if !ok {
		parsed, err := directconnect.ParseARN(arn, who.Account, who.Region)
		x, l := m.model.thing(parsed.ID), m.model.lane(parsed.ID)
		if err == nil && (x != nil && listedAt(x.ended, m.clock.now()) || l != nil && m.shownTo(who, l) || usable(m.seen.gateways[parsed.ID])) {
			m.fatalf("the tags of %s are not told", arn)
		}
		return
	}
	if len(out.ResourceTags) != 1 || !maps.Equal(wireTags(out.ResourceTags[0].Tags), want) {
		m.fatalf("DescribeTags answers %s, want %v", wire(out), want)
	}
}

func (m *machine) describeAllTags() {
	m.rt.Helper()
	for _, x := range m.model.things {
		m.tagsAre(arnOf("dxcon", x.account, x.region, x.id), controlplane.Caller{Account: x.account, Region: x.region}, x.tags)
	}
	for _, l := range m.model.lanes {
		m.tagsAre(arnOf("dxvif", l.account, l.region, l.id), controlplane.Caller{Account: l.account, Region: l.region}, l.tags)
	}
	for _, h := range m.model.hubs {
		m.tagsAre(gatewayARN(h.account, h.id), controlplane.Caller{Account: h.account, Region: away}, h.tags)
	}
	for _, b := range m.model.bundles {
		m.tagsAre(arnOf("dxlag", b.account, b.region, b.id), controlplane.Caller{Account: b.account, Region: b.region}, b.tags)
	}
}

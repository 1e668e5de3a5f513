package weather

import (
	"fmt"
	"regexp"
	"slices"

	"pgregory.net/rapid"

	"onramp/internal/api"
	"onramp/internal/awsjson"
	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
	"onramp/internal/inventory"
)

// evenly draws 0 to n-1, each as often. (The library's own ranges prefer small values and bounds, with which few sequences
// get far.) What a failed sequence is shrunk to draws 0.
func evenly(rt *rapid.T, n int, label string) int {
	return rapid.Custom(func(rt *rapid.T) int {
		v := 0
		for range 12 {
			v *= 2
			if rapid.Bool().Draw(rt, "bit") {
				v++
			}
		}
		return v % n
	}).Draw(rt, label)
}

// pick draws one of the items by its index, so that a shrunk sequence means the same with other identifiers.
func pick[T any](rt *rapid.T, label string, items []T) T {
	return items[evenly(rt, len(items), label)]
}

// once draws true in one of n cases.
func once(rt *rapid.T, n int, label string) bool {
	return evenly(rt, n, label) == n-1
}

func sprintf(format string, args ...any) string { return fmt.Sprintf(format, args...) }

func ptr[T any](v T) *T { return &v }

// Identifiers of the right shape that name nothing.
const (
	noConnection = "dxcon-fzzzzzzz"
	noLAG        = "dxlag-fzzzzzzz"
)

// caller is the owner in its Region, as a rule; now and then it is somebody else or asks elsewhere.
func (m *machine) caller(account, region string) controlplane.Caller {
	if account == "" || once(m.rt, 12, "stranger") {
		account = pick(m.rt, "account", accounts)
	}
	if region == "" || once(m.rt, 25, "elsewhere") {
		region = pick(m.rt, "region", regions)
	}
	return controlplane.Caller{Account: account, Region: region}
}

// nothingFits is thrown by an action for which there is nothing yet: another one is drawn. (Skipping would count as a
// useless step, and the library ends a sequence with too many of them.)
type nothingFits struct{}

// one draws one of the things that fit, and sometimes any other: or nothing, an identifier that is nobody's.
func (m *machine) one(want func(*thing) bool) *thing {
	var fit []*thing
	for _, x := range m.model.things {
		if want(x) {
			fit = append(fit, x)
		}
	}
	if odd := once(m.rt, 15, "odd one"); !odd && len(fit) == 0 {
		panic(nothingFits{})
	} else if odd {
		fit = append([]*thing{{id: noConnection}}, m.model.things...)
	}
	return pick(m.rt, "thing", fit)
}

func (m *machine) oneBundle(want func(*bundle) bool) *bundle {
	var fit []*bundle
	for _, b := range m.model.bundles {
		if want(b) {
			fit = append(fit, b)
		}
	}
	if odd := once(m.rt, 15, "odd LAG"); !odd && len(fit) == 0 {
		panic(nothingFits{})
	} else if odd {
		fit = append([]*bundle{{id: noLAG}}, m.model.bundles...)
	}
	return pick(m.rt, "LAG", fit)
}

func workingPort(x *thing) bool     { return x.working() && x.kind != directconnect.Hosted }
func workingHosted(x *thing) bool   { return x.working() && x.kind == directconnect.Hosted }
func anyHosted(x *thing) bool       { return x.kind == directconnect.Hosted }
func anyDedicated(x *thing) bool    { return x.kind == directconnect.Dedicated }
func anyInterconnect(x *thing) bool { return x.kind == directconnect.Interconnect }
func liveBundle(b *bundle) bool     { return b.live() }

// parentOf draws an interconnect or a LAG by its ID, with its owner and Region.
func (m *machine) parentOf() (id, account, region string) {
	if once(m.rt, 2, "LAG parent") {
		b := m.oneBundle(func(b *bundle) bool { return b.live() && len(m.model.members(b.id)) > 0 })
		return b.id, b.account, b.region
	}
	x := m.one(func(x *thing) bool { return x.working() && x.kind == directconnect.Interconnect && x.lag == "" })
	return x.id, x.account, x.region
}

func (m *machine) name() *string {
	return ptr(pick(m.rt, "name", []string{"uplink", "backup", "Ünïcode ☂", "x"}))
}

func (m *machine) location(region string) string {
	var codes []string
	for _, l := range smallInventory().Locations {
		if l.Region == region {
			codes = append(codes, l.Code)
		}
	}
	if once(m.rt, 20, "wrong place") {
		codes = []string{"WxZ9", "WxC1", "WxA1"}
	}
	return pick(m.rt, "location", codes)
}

// The draws of an order are weighted: most are for 10 Gbps, which the plant has most of.
var (
	speeds = append(slices.Repeat([]string{"10Gbps"}, 14), "1Gbps", "1Gbps", "100Gbps", "100Gbps", "100Gbps", "3Gbps")
	shares = append(slices.Repeat([]string{"50Mbps", "500Mbps", "1Gbps", "5Gbps"}, 3), "10Gbps", "25Gbps", "7Mbps")
)

func (m *machine) tagList() []api.Tag {
	tags := []api.Tag{}
	chosen := evenly(m.rt, 16, "tags")
	for i, key := range []string{"a", "b", "Ünïcode", "d"} {
		if chosen&(1<<i) != 0 {
			tags = append(tags, api.Tag{Key: &key, Value: ptr(pick(m.rt, "value", []string{"", "1", "2"}))})
		}
	}
	if once(m.rt, 25, "bad tag") {
		tags = append(tags, api.Tag{Key: ptr(pick(m.rt, "key", []string{"a", "aws:x", "?", ""})), Value: ptr("")})
	}
	return tags
}

func wireTags(tags []api.Tag) map[string]string {
	m := map[string]string{}
	for _, t := range tags {
		m[*t.Key] = *t.Value
	}
	return m
}

// wire is a request or an answer as JSON, for the story of a failed sequence; of a request with a key, only its name.
func wire(v any) string {
	if in, ok := v.(*api.AssociateMacSecKeyRequest); ok && in.Cak != nil {
		copied := *in
		copied.Cak = ptr("[hidden]")
		v = &copied
	}
	text, err := awsjson.Append(nil, v)
	if err != nil {
		return err.Error()
	}
	return secret.ReplaceAllString(string(text), `"$1":"[hidden]"`)
}

// secret is what no story tells: BGP keys, and the configurations that hold them.
var secret = regexp.MustCompile(`"(authKey|customerRouterConfig)":"(\\.|[^"\\])*"`)

func outcome(answer any, err error) string {
	if err != nil {
		return "refused: " + err.Error()
	}
	text := wire(answer)
	if len(text) > 300 {
		text = text[:300] + "..."
	}
	return text
}

// regionOf is the Region of a location of the inventory.
func regionOf(inv inventory.Inventory, code string) string {
	for _, l := range inv.Locations {
		if l.Code == code {
			return l.Region
		}
	}
	return ""
}

package weather

import (
	"slices"

	"onramp/internal/api"
	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
)

// The lists are read page by page and held against the model: nothing missing, nothing twice, nothing of others, in the
// order in which it was made.

// pages reads all pages of a list of connections.
func (m *machine) pages(read func(token *string) ([]api.Connection, *string)) []api.Connection {
	m.rt.Helper()
	var all []api.Connection
	var token *string
	for range 1000 {
		some, next := read(token)
		all = append(all, some...)
		if next == nil {
			return all
		}
		if len(some) == 0 {
			m.rt.Fatal("an empty page with a nextToken")
		}
		token = next
	}
	m.rt.Fatal("a list without end")
	return nil
}

func (m *machine) listConnections(account, region string, size *int32) {
	m.rt.Helper()
	who := controlplane.Caller{Account: account, Region: region}
	got := m.pages(func(token *string) ([]api.Connection, *string) {
		out, ok := call[api.Connections](m, "DescribeConnections", who, &api.DescribeConnectionsRequest{MaxResults: size, NextToken: token})
		if !ok {
			m.rt.Fatal("a list was refused")
		}
		return out.Connections, out.NextToken
	})
	m.listed("DescribeConnections", who, got, func(x *thing) bool {
		return x.account == account && x.region == region && x.kind != directconnect.Interconnect
	})
}

func (m *machine) listInterconnects(account, region string, size *int32) {
	m.rt.Helper()
	who := controlplane.Caller{Account: account, Region: region}
	got := m.pages(func(token *string) ([]api.Connection, *string) {
		out, ok := call[api.Interconnects](m, "DescribeInterconnects", who, &api.DescribeInterconnectsRequest{MaxResults: size, NextToken: token})
		if !ok {
			m.rt.Fatal("a list was refused")
		}
		var some []api.Connection
		for _, i := range out.Interconnects {
			some = append(some, api.Connection{
				ConnectionID: i.InterconnectID, ConnectionName: i.InterconnectName, ConnectionState: i.InterconnectState, LagID: i.LagID, Tags: i.Tags, OwnerAccount: &who.Account,
				MacSecKeys: i.MacSecKeys, MacSecCapable: i.MacSecCapable,
			})
		}
		return some, out.NextToken
	})
	m.listed("DescribeInterconnects", who, got, func(x *thing) bool {
		return x.account == account && x.region == region && x.kind == directconnect.Interconnect
	})
}

// listed compares a list with the model: who is in it, and what is said of each.
func (m *machine) listed(list string, who controlplane.Caller, got []api.Connection, want func(*thing) bool) {
	m.rt.Helper()
	var ids []string
	var order []string
	for _, c := range got {
		ids = append(ids, *c.ConnectionID)
		order = append(order, m.seen.connections[*c.ConnectionID].Created.Format("2006-01-02T15:04:05.000000")+*c.ConnectionID)
	}
	if !slices.IsSorted(order) {
		m.fatalf("%s of %s/%s is not in order: %v", list, who.Account, who.Region, order)
	}
	slices.Sort(ids)
	if expected := m.expected(want); !slices.Equal(ids, expected) {
		m.fatalf("%s of %s/%s lists %v, want %v", list, who.Account, who.Region, ids, expected)
	}
	for _, c := range got {
		m.shown(who, c)
		carrier := *c.ConnectionID
		if c.LagID != nil {
			carrier = *c.LagID
		}
		m.shownShares(*c.ConnectionID, carrier, c.PrefixPoolUnallocatedCountIpv4, c.PrefixPoolUnallocatedCountIpv6, c.RateLimiterStatus)
	}
}

// shown compares one connection as answered with the model: tags are shown to the owner only, a hosted one shows the LAG
// that it runs over, and a member the keys of its LAG.
func (m *machine) shown(who controlplane.Caller, c api.Connection) {
	m.rt.Helper()
	x := m.model.thing(*c.ConnectionID)
	lag := x.lag
	if directconnect.IsLAGID(x.parent) {
		lag = x.parent
	}
	got := ""
	if c.LagID != nil {
		got = *c.LagID
	}
	if *c.ConnectionName != x.name || got != lag {
		m.fatalf("%s is shown as %q in LAG %q, want %q in LAG %q", x.id, *c.ConnectionName, got, x.name, lag)
	}
	want := x.tags
	if who.Account != x.account {
		want = map[string]string{}
	}
	say := func(format string, args ...any) { m.fatalf("as shown, "+format, args...) }
	same(x.id, want, wireTags(c.Tags), "tags", say)
	if x.working() && c.MacSecCapable != nil && *c.MacSecCapable {
		keys := x.keys
		if b := m.model.bundle(x.lag); b != nil {
			keys = b.keys
		}
		same(x.id, keys, keysInUse(c.MacSecKeys), "keys", say)
	}
}

func keysInUse(keys []api.MacSecKey) map[string]bool {
	in := map[string]bool{}
	for _, k := range keys {
		if *k.State == "associating" || *k.State == "associated" {
			in[*k.SecretARN] = true
		}
	}
	return in
}

func (m *machine) listLAGs(account, region string, size *int32) {
	m.rt.Helper()
	who := controlplane.Caller{Account: account, Region: region}
	var got []string
	var token *string
	for {
		out, ok := call[api.Lags](m, "DescribeLags", who, &api.DescribeLagsRequest{MaxResults: size, NextToken: token})
		if !ok {
			m.rt.Fatal("a list was refused")
		}
		for _, g := range out.Lags {
			got = append(got, *g.LagID)
			m.shownLAG(who, g)
			if *g.LagState != "deleted" {
				m.shownShares(*g.LagID, *g.LagID, g.PrefixPoolUnallocatedCountIpv4, g.PrefixPoolUnallocatedCountIpv6, g.RateLimiterStatus)
			}
		}
		if token = out.NextToken; token == nil {
			break
		}
	}
	slices.Sort(got)
	var want []string
	for _, b := range m.model.bundles {
		if b.account == account && b.region == region && listedAt(b.ended, m.clock.now()) {
			want = append(want, b.id)
		}
	}
	slices.Sort(want)
	if !slices.Equal(got, want) {
		m.fatalf("DescribeLags of %s/%s lists %v, want %v", account, region, got, want)
	}
}

func (m *machine) shownLAG(who controlplane.Caller, g api.Lag) {
	m.rt.Helper()
	b := m.model.bundle(*g.LagID)
	say := func(format string, args ...any) { m.fatalf("as shown, "+format, args...) }
	if b == nil {
		m.fatalf("%s is shown and was never made", *g.LagID)
	}
	var members, want []string
	for _, c := range g.Connections {
		members = append(members, *c.ConnectionID)
		m.shown(who, c)
	}
	if b.live() {
		for _, x := range m.model.members(b.id) {
			want = append(want, x.id)
		}
	}
	slices.Sort(members)
	slices.Sort(want)
	if !slices.Equal(members, want) || int(*g.NumberOfConnections) != len(want) {
		m.fatalf("%s shows %d members %v, want %v", b.id, *g.NumberOfConnections, members, want)
	}
	if *g.LagName != b.name || int(*g.MinimumLinks) != b.minimum || (*g.LagState == "deleted") == b.live() {
		m.fatalf("%s is shown as %s, want name %q and minimumLinks %d", b.id, wire(&g), b.name, b.minimum)
	}
	same(b.id, b.tags, wireTags(g.Tags), "tags", say)
	if *g.MacSecCapable {
		same(b.id, b.keys, keysInUse(g.MacSecKeys), "keys", say)
	}
}

// listEverything reads every list of every account, and each resource's tags in both ways.
func (m *machine) listEverything() {
	m.rt.Helper()
	for _, account := range accounts {
		for _, region := range regions {
			m.listConnections(account, region, nil)
			m.listInterconnects(account, region, nil)
			m.listLAGs(account, region, nil)
			m.listInterfaces(controlplane.Caller{Account: account, Region: region}, nil, nil)
		}
	}
	m.listGatewayNouns()
	for _, x := range m.model.things {
		if x.kind != directconnect.Hosted {
			m.listHosted(x.id, x.account, x.region)
		}
	}
	for _, b := range m.model.bundles {
		m.listHosted(b.id, b.account, b.region)
	}
	m.describeAllTags()
}

// listGatewayNouns reads what is global.
func (m *machine) listGatewayNouns() {
	m.rt.Helper()
	for _, account := range accounts {
		m.listGateways(account, away, nil)
		m.listProposals(controlplane.Caller{Account: account, Region: home}, nil)
	}
	for _, h := range m.model.hubs {
		who := controlplane.Caller{Account: h.account, Region: home}
		m.listAttachments(who, h, nil)
		m.listAssociations(who, h, nil)
	}
}

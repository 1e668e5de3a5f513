package weather

import (
	"slices"

	"pgregory.net/rapid"

	"onramp/internal/api"
	"onramp/internal/directconnect"
)

// adopt records what an answer says was made.
func (m *machine) adopt(c api.Connection, kind directconnect.ConnectionKind, tags []api.Tag) *thing {
	m.rt.Helper()
	if m.model.thing(*c.ConnectionID) != nil {
		m.fatalf("%s was made twice", *c.ConnectionID)
	}
	x := &thing{
		id: *c.ConnectionID, account: *c.OwnerAccount, region: *c.Region, location: *c.Location, kind: kind, name: *c.ConnectionName,
		tags: wireTags(tags), keys: map[string]bool{},
	}
	if kind != directconnect.Hosted && c.LagID != nil {
		x.lag = *c.LagID
	}
	m.model.things = append(m.model.things, x)
	return x
}

func (m *machine) connectionActions() map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){
		"CreateConnection":             m.step(m.createConnection),
		"DescribeConnections":          m.step(m.describeConnections),
		"UpdateConnection":             m.step(m.updateConnection),
		"UpdateConnectionsBillingMode": m.step(m.updateBilling),
		"DeleteConnection":             m.step(m.deleteConnection),
		"CreateInterconnect":           m.step(m.createInterconnect),
		"DescribeInterconnects":        m.step(m.describeInterconnects),
		"DeleteInterconnect":           m.step(m.deleteInterconnect),
	}
}

func (m *machine) createConnection() {
	who := m.caller("", home)
	in := &api.CreateConnectionRequest{
		Bandwidth: ptr(pick(m.rt, "bandwidth", speeds)), ConnectionName: m.name(), Location: ptr(m.location(who.Region)), Tags: m.tagList(),
		RequestMACSec: ptr(once(m.rt, 3, "MACsec")),
	}
	if once(m.rt, 4, "in a LAG") {
		b := m.oneBundle(liveBundle)
		in.LagID = &b.id
		if b.account != "" {
			who, in.Location = m.caller(b.account, b.region), &b.location
		}
	}
	if once(m.rt, 10, "provider") {
		in.ProviderName = ptr(pick(m.rt, "provider name", []string{"Fibre Ltd", "Nobody"}))
	}
	if out, ok := call[api.Connection](m, "CreateConnection", who, in); ok {
		x := m.adopt(*out, directconnect.Dedicated, in.Tags)
		if x.account != who.Account || *out.ConnectionState != "requested" || in.LagID != nil && x.lag != *in.LagID {
			m.fatalf("CreateConnection answered %s", wire(out))
		}
	}
}

func (m *machine) createInterconnect() {
	who := m.caller(pick(m.rt, "partner", []string{carrier, carrier, open1}), home)
	in := &api.CreateInterconnectRequest{
		Bandwidth: ptr(pick(m.rt, "bandwidth", speeds)), InterconnectName: m.name(), Location: ptr(m.location(who.Region)),
		Tags: m.tagList(), RequestMACSec: ptr(once(m.rt, 3, "MACsec")),
	}
	if once(m.rt, 4, "in a LAG") {
		b := m.oneBundle(liveBundle)
		in.LagID = &b.id
		if b.account != "" {
			who, in.Location = m.caller(b.account, b.region), &b.location
		}
	}
	out, ok := call[api.Interconnect](m, "CreateInterconnect", who, in)
	if !ok {
		return
	}
	if who.Account == alice || who.Account == bob {
		m.fatalf("account %s is no partner and was given an interconnect", who.Account)
	}
	m.adopt(api.Connection{
		ConnectionID: out.InterconnectID, OwnerAccount: &who.Account, Region: out.Region, Location: out.Location, ConnectionName: out.InterconnectName, LagID: out.LagID,
	}, directconnect.Interconnect, in.Tags)
}

var modes = append(slices.Repeat([]string{"no_encrypt", "should_encrypt", "must_encrypt"}, 3), "some")

func (m *machine) updateConnection() {
	x := m.one(func(x *thing) bool { return x.working() && x.kind != directconnect.Interconnect })
	in := &api.UpdateConnectionRequest{ConnectionID: &x.id}
	if once(m.rt, 2, "rename") {
		in.ConnectionName = ptr(pick(m.rt, "new name", []string{"renamed", "renamed", "other", "other", ""}))
	}
	if once(m.rt, 2, "encrypt") {
		in.EncryptionMode = ptr(pick(m.rt, "mode", modes))
	}
	if _, ok := call[api.Connection](m, "UpdateConnection", m.caller(x.account, x.region), in); ok && in.ConnectionName != nil {
		x.name = *in.ConnectionName
	}
}

func (m *machine) updateBilling() {
	first, second := m.one(anyDedicated), m.one(anyDedicated)
	mode := pick(m.rt, "mode", []string{"PayAsYouGo", "FlatRateTier1", "FlatRateTier2"})
	in := &api.UpdateConnectionsBillingModeRequest{BillingMode: &mode, ConnectionIDs: []string{first.id}}
	if once(m.rt, 2, "two") {
		in.ConnectionIDs = append(in.ConnectionIDs, second.id)
	}
	out, ok := call[api.UpdateConnectionsBillingModeResponse](m, "UpdateConnectionsBillingMode", m.caller(first.account, first.region), in)
	if !ok {
		return
	}
	now := m.look()
	for _, id := range in.ConnectionIDs {
		if got := string(now.connections[id].BillingMode); got != mode {
			m.fatalf("%s is billed %s, want %s", id, got, mode)
		}
	}
	if len(out.Connections) != len(in.ConnectionIDs) {
		m.fatalf("UpdateConnectionsBillingMode answered %s", wire(out))
	}
}

func (m *machine) deleteConnection() {
	x := m.one(func(x *thing) bool { return x.live() && x.kind != directconnect.Interconnect })
	account := x.account
	if x.partner != "" && once(m.rt, 2, "by its partner") {
		account = x.partner
	}
	if out, ok := call[api.Connection](m, "DeleteConnection", m.caller(account, x.region), &api.DeleteConnectionRequest{ConnectionID: &x.id}); ok {
		x.end(*out.ConnectionState, m.clock.now())
	}
}

func (m *machine) deleteInterconnect() {
	x := m.one(func(x *thing) bool { return x.live() && x.kind == directconnect.Interconnect })
	if out, ok := call[api.DeleteInterconnectResponse](m, "DeleteInterconnect", m.caller(x.account, x.region), &api.DeleteInterconnectRequest{InterconnectID: &x.id}); ok {
		x.end(*out.InterconnectState, m.clock.now())
	}
}

func (m *machine) describeConnections() {
	if once(m.rt, 3, "by ID") {
		x := m.one(func(x *thing) bool { return true })
		who := m.caller(x.account, x.region)
		out, ok := call[api.Connections](m, "DescribeConnections", who, &api.DescribeConnectionsRequest{ConnectionID: &x.id})
		if want := x.account == who.Account && x.region == who.Region && x.kind != directconnect.Interconnect && listedAt(x.ended, m.clock.now()); ok != want {
			m.fatalf("%s answered to account %s: %t, want %t", x.id, who.Account, ok, want)
		}
		if ok && (len(out.Connections) != 1 || *out.Connections[0].ConnectionID != x.id) {
			m.fatalf("DescribeConnections answered %s", wire(out))
		}
		return
	}
	m.listConnections(pick(m.rt, "account", accounts), pick(m.rt, "region", regions), m.pageSize())
}

func (m *machine) describeInterconnects() {
	if once(m.rt, 3, "by ID") {
		x := m.one(anyInterconnect)
		who := m.caller(x.account, x.region)
		_, ok := call[api.Interconnects](m, "DescribeInterconnects", who, &api.DescribeInterconnectsRequest{InterconnectID: &x.id})
		if want := x.account == who.Account && x.region == who.Region && x.kind == directconnect.Interconnect && listedAt(x.ended, m.clock.now()); ok != want {
			m.fatalf("%s answered to account %s: %t, want %t", x.id, who.Account, ok, want)
		}
		return
	}
	m.listInterconnects(pick(m.rt, "account", accounts), pick(m.rt, "region", regions), m.pageSize())
}

// pageSize draws none or a small one.
func (m *machine) pageSize() *int32 {
	return pick(m.rt, "page", []*int32{nil, ptr(int32(1)), ptr(int32(2)), ptr(int32(3))})
}

// expected are the things that a list has, as IDs in order.
func (m *machine) expected(want func(*thing) bool) []string {
	var ids []string
	for _, x := range m.model.things {
		if want(x) && listedAt(x.ended, m.clock.now()) {
			ids = append(ids, x.id)
		}
	}
	slices.Sort(ids)
	return ids
}

package weather

import (
	"slices"

	"pgregory.net/rapid"

	"onramp/internal/api"
	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
)

func (m *machine) hostedActions() map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){
		"AllocateHostedConnection":          m.step(m.allocate),
		"AllocateConnectionOnInterconnect":  m.step(m.allocateOnInterconnect),
		"ConfirmConnection":                 m.step(m.confirm),
		"AssociateHostedConnection":         m.step(m.associateHosted),
		"DescribeHostedConnections":         m.step(m.describeHosted),
		"DescribeConnectionsOnInterconnect": m.step(m.describeOnInterconnect),
	}
}

func (m *machine) host(c *api.Connection, parent, partner string, tags []api.Tag) {
	x := m.adopt(*c, directconnect.Hosted, tags)
	x.parent, x.partner, x.vlan = parent, partner, *c.Vlan
	if *c.ConnectionState != "ordering" {
		m.fatalf("a hosted connection begins as %s", wire(c))
	}
}

// vlan is one of few, so that they meet.
func (m *machine) vlan() *int32 { return ptr(pick(m.rt, "VLAN", []int32{100, 101, 102, 103, 4094, 0})) }

func (m *machine) allocate() {
	parent, account, region := m.parentOf()
	in := &api.AllocateHostedConnectionRequest{
		Bandwidth: ptr(pick(m.rt, "capacity", shares)), ConnectionID: &parent, ConnectionName: m.name(), OwnerAccount: ptr(pick(m.rt, "owner", accounts)),
		Vlan: m.vlan(), Tags: m.tagList(),
	}
	who := m.caller(account, region)
	if out, ok := call[api.Connection](m, "AllocateHostedConnection", who, in); ok {
		m.host(out, parent, who.Account, in.Tags)
	}
}

func (m *machine) allocateOnInterconnect() {
	x := m.one(func(x *thing) bool { return x.working() && x.kind == directconnect.Interconnect })
	in := &api.AllocateConnectionOnInterconnectRequest{
		Bandwidth: ptr(pick(m.rt, "capacity", shares)), InterconnectID: &x.id, ConnectionName: m.name(), OwnerAccount: ptr(pick(m.rt, "owner", accounts)), Vlan: m.vlan(),
	}
	who := m.caller(x.account, x.region)
	if out, ok := call[api.Connection](m, "AllocateConnectionOnInterconnect", who, in); ok {
		m.host(out, x.id, who.Account, nil)
	}
}

func (m *machine) confirm() {
	x := m.one(func(x *thing) bool { return m.seen.connections[x.id].State == directconnect.ConnectionOrdering })
	if out, ok := call[api.ConfirmConnectionResponse](m, "ConfirmConnection", m.caller(x.account, x.region), &api.ConfirmConnectionRequest{ConnectionID: &x.id}); ok {
		if *out.ConnectionState != "pending" || m.seen.connections[x.id].State != directconnect.ConnectionOrdering {
			m.fatalf("%s was %s and is confirmed as %s", x.id, m.seen.connections[x.id].State, *out.ConnectionState)
		}
	}
}

func (m *machine) associateHosted() {
	x := m.one(workingHosted)
	parent, _, _ := m.parentOf()
	in := &api.AssociateHostedConnectionRequest{ConnectionID: &x.id, ParentConnectionID: &parent}
	if _, ok := call[api.Connection](m, "AssociateHostedConnection", m.caller(x.partner, x.region), in); ok {
		x.parent, x.location = parent, m.look().connections[x.id].Location
	}
}

func (m *machine) describeHosted() {
	if once(m.rt, 4, "itself") {
		x := m.one(anyHosted)
		account := x.account
		if once(m.rt, 2, "by its partner") {
			account = x.partner
		}
		who := m.caller(account, x.region)
		out, ok := call[api.Connections](m, "DescribeHostedConnections", who, &api.DescribeHostedConnectionsRequest{ConnectionID: &x.id})
		mine := x.kind == directconnect.Hosted && who.Region == x.region && (who.Account == x.account || who.Account == x.partner) && listedAt(x.ended, m.clock.now())
		if mine && (!ok || len(out.Connections) != 1 || *out.Connections[0].ConnectionID != x.id) {
			m.fatalf("%s is not shown to %s", x.id, who.Account)
		}
		return
	}
	parent, account, region := m.parentOf()
	if x := m.model.thing(parent); account != "" && (x == nil || x.kind != directconnect.Hosted) {
		m.listHosted(parent, account, region)
	}
}

func (m *machine) describeOnInterconnect() {
	x := m.one(anyInterconnect)
	who := m.caller(x.account, x.region)
	out, ok := call[api.Connections](m, "DescribeConnectionsOnInterconnect", who, &api.DescribeConnectionsOnInterconnectRequest{InterconnectID: &x.id})
	if want := x.account == who.Account && x.region == who.Region && x.kind == directconnect.Interconnect && listedAt(x.ended, m.clock.now()); ok != want {
		m.fatalf("%s answered to account %s: %t, want %t", x.id, who.Account, ok, want)
	}
	if ok {
		m.over(x.id, who, out.Connections)
	}
}

// listHosted reads what runs over a parent, in pages of two.
func (m *machine) listHosted(parent, account, region string) {
	m.rt.Helper()
	who := controlplane.Caller{Account: account, Region: region}
	if b, x := m.model.bundle(parent), m.model.thing(parent); b != nil && !listedAt(b.ended, m.clock.now()) || x != nil && !listedAt(x.ended, m.clock.now()) {
		return // it is answered for no longer
	}
	m.over(parent, who, m.pages(func(token *string) ([]api.Connection, *string) {
		out, ok := call[api.Connections](m, "DescribeHostedConnections", who, &api.DescribeHostedConnectionsRequest{ConnectionID: &parent, MaxResults: ptr(int32(2)), NextToken: token})
		if !ok {
			m.fatalf("what runs over %s is not told to its owner", parent)
		}
		return out.Connections, out.NextToken
	}))
}

func (m *machine) over(parent string, who controlplane.Caller, got []api.Connection) {
	m.rt.Helper()
	var ids []string
	for _, c := range got {
		ids = append(ids, *c.ConnectionID)
		m.shown(who, c)
	}
	slices.Sort(ids)
	if want := m.expected(func(x *thing) bool { return x.parent == parent }); !slices.Equal(ids, want) {
		m.fatalf("over %s run %v, want %v", parent, ids, want)
	}
}

package weather

import (
	"pgregory.net/rapid"

	"onramp/internal/api"
	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
)

func (m *machine) lagActions() map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){
		"CreateLag":                     m.step(m.createLAG),
		"DescribeLags":                  m.step(m.describeLAGs),
		"UpdateLag":                     m.step(m.updateLAG),
		"DeleteLag":                     m.step(m.deleteLAG),
		"AssociateConnectionWithLag":    m.step(m.associateWithLAG),
		"DisassociateConnectionFromLag": m.step(m.disassociateFromLAG),
	}
}

func (m *machine) createLAG() {
	who := m.caller("", home)
	in := &api.CreateLagRequest{
		ConnectionsBandwidth: ptr(pick(m.rt, "bandwidth", speeds)), LagName: m.name(), Location: ptr(m.location(who.Region)),
		NumberOfConnections: ptr(int32(1 + evenly(m.rt, 3, "members"))), Tags: m.tagList(), ChildConnectionTags: m.tagList(),
		RequestMACSec: ptr(once(m.rt, 3, "MACsec")),
	}
	if once(m.rt, 25, "none or many") {
		in.NumberOfConnections = ptr(pick(m.rt, "members", []int32{0, 5, -1}))
	}
	var existing *thing
	if once(m.rt, 3, "with an existing one") {
		existing = m.one(workingPort)
		in.ConnectionID = &existing.id
		if c, ok := m.seen.connections[existing.id]; ok {
			who, in.Location = m.caller(c.Account, c.Region), &c.Location
			in.ConnectionsBandwidth, in.RequestMACSec = ptr(string(c.Bandwidth)), &c.MACsec
		}
	}
	m.makeLAG(who, in, existing)
}

// makeLAG calls CreateLag; existing is the connection that becomes a member, if one is named.
func (m *machine) makeLAG(who controlplane.Caller, in *api.CreateLagRequest, existing *thing) {
	m.rt.Helper()
	out, ok := call[api.Lag](m, "CreateLag", who, in)
	if !ok {
		return
	}
	b := &bundle{
		id: *out.LagID, account: who.Account, region: who.Region, location: *out.Location, name: *in.LagName,
		tags: wireTags(in.Tags), keys: map[string]bool{},
	}
	m.model.bundles = append(m.model.bundles, b)
	if existing != nil {
		m.model.join(existing, b.id)
	}
	kind := directconnect.Dedicated
	if who.Account == carrier {
		kind = directconnect.Interconnect
	}
	for _, c := range out.Connections {
		if m.model.thing(*c.ConnectionID) == nil {
			m.adopt(c, kind, in.ChildConnectionTags)
		}
	}
	if n := len(m.model.members(b.id)); n != int(*in.NumberOfConnections) || *out.LagState == "deleted" {
		m.fatalf("CreateLag answered %s, want %d members", wire(out), *in.NumberOfConnections)
	}
	m.shownLAG(who, *out)
}

func (m *machine) describeLAGs() {
	if once(m.rt, 3, "by ID") {
		b := m.oneBundle(func(*bundle) bool { return true })
		who := m.caller(b.account, b.region)
		out, ok := call[api.Lags](m, "DescribeLags", who, &api.DescribeLagsRequest{LagID: &b.id})
		if want := b.account == who.Account && b.region == who.Region && listedAt(b.ended, m.clock.now()); ok != want {
			m.fatalf("%s answered to account %s: %t, want %t", b.id, who.Account, ok, want)
		}
		if ok {
			m.shownLAG(who, out.Lags[0])
		}
		return
	}
	m.listLAGs(pick(m.rt, "account", accounts), pick(m.rt, "region", regions), m.pageSize())
}

func (m *machine) updateLAG() {
	b := m.oneBundle(liveBundle)
	in := &api.UpdateLagRequest{LagID: &b.id}
	if once(m.rt, 3, "rename") {
		in.LagName = ptr(pick(m.rt, "new name", []string{"renamed", "renamed", "other", "other", ""}))
	}
	if once(m.rt, 2, "minimum") {
		in.MinimumLinks = ptr(int32(evenly(m.rt, 6, "minimumLinks") - 1))
	}
	if once(m.rt, 3, "encrypt") {
		in.EncryptionMode = ptr(pick(m.rt, "mode", modes))
	}
	if _, ok := call[api.Lag](m, "UpdateLag", m.caller(b.account, b.region), in); ok {
		if in.LagName != nil {
			b.name = *in.LagName
		}
		if in.MinimumLinks != nil {
			b.minimum = int(*in.MinimumLinks)
		}
	}
}

func (m *machine) deleteLAG() {
	b := m.oneBundle(liveBundle)
	if _, ok := call[api.Lag](m, "DeleteLag", m.caller(b.account, b.region), &api.DeleteLagRequest{LagID: &b.id}); ok && b.live() {
		for _, x := range m.model.members(b.id) {
			m.model.leave(x)
		}
		b.ended, b.minimum, b.keys = m.clock.now(), 0, map[string]bool{}
	}
}

func (m *machine) associateWithLAG() {
	b := m.oneBundle(liveBundle)
	g := m.seen.lags[b.id]
	x := m.one(func(x *thing) bool {
		c := m.seen.connections[x.id]
		return workingPort(x) && x.lag != b.id && x.account == b.account && c.Location == g.Location && c.Bandwidth == g.Bandwidth
	})
	in := &api.AssociateConnectionWithLagRequest{ConnectionID: &x.id, LagID: &b.id}
	if out, ok := call[api.Connection](m, "AssociateConnectionWithLag", m.caller(b.account, b.region), in); ok {
		m.model.join(x, b.id)
		if out.LagID == nil || *out.LagID != b.id {
			m.fatalf("AssociateConnectionWithLag answered %s", wire(out))
		}
	}
}

func (m *machine) disassociateFromLAG() {
	x := m.one(func(x *thing) bool { return x.working() && x.lag != "" })
	lag := x.lag
	if lag == "" || once(m.rt, 15, "other LAG") {
		lag = m.oneBundle(liveBundle).id
	}
	in := &api.DisassociateConnectionFromLagRequest{ConnectionID: &x.id, LagID: &lag}
	if out, ok := call[api.Connection](m, "DisassociateConnectionFromLag", m.caller(x.account, x.region), in); ok {
		m.model.leave(x)
		if out.LagID != nil {
			m.fatalf("DisassociateConnectionFromLag answered %s", wire(out))
		}
	}
}

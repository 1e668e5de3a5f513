package weather

import (
	"maps"
	"slices"
	"strings"
	"time"

	"onramp/internal/api"
	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// trafficAtRest says where interfaces, gateways and associations are in the end.
func (m *machine) trafficAtRest(say breach) {
	m.rt.Helper()
	scripts := m.scripts()
	for _, v := range m.seen.interfaces {
		m.interfaceAtRest(v, scripts[v.ID], say)
	}
	for _, g := range m.seen.gateways {
		if g.State != directconnect.GatewayAvailable && g.State != directconnect.GatewayDeleted {
			say("gateway %s has come to rest as %s", g.ID, g.State)
		}
	}
	for _, a := range m.seen.associations {
		if a.State != directconnect.Associated && a.State != directconnect.Disassociated {
			say("association %s has come to rest as %s", a.ID, a.State)
		}
	}
	for _, p := range m.seen.proposals {
		say("proposal %s has come to rest as %s of %v", p.ID, p.State, p.Since)
	}
	for _, t := range m.seen.tests {
		if t.Status == directconnect.TestInProgress {
			say("test %s of %s never ends", t.ID, t.InterfaceID)
		}
	}
}

// interfaceAtRest: it is as its link and its customer are.
func (m *machine) interfaceAtRest(v directconnect.VirtualInterface, s directconnect.CustomerScript, say breach) {
	m.rt.Helper()
	if !v.Live() {
		return
	}
	up := false
	for _, p := range v.Peers {
		shouldBe := m.sessionUp(v, p, s)
		up = up || shouldBe
		if p.Up != shouldBe {
			say("session %s of %s (%s) has come to rest up: %t (%s), want %t", p.ID, v.ID, v.Type, p.Up, p.Reason, shouldBe)
		}
		if p.State == directconnect.PeerDeleting && m.linkConfigured(v.ParentID) || p.State == directconnect.PeerPending && m.linkConfigured(v.ParentID) && v.OnRouter() {
			say("session %s of %s has come to rest as %s", p.ID, v.ID, p.State)
		}
		if p.State == directconnect.PeerVerifying && m.pace.Approve != directconnect.Never && v.State != directconnect.InterfaceConfirming {
			say("session %s of %s has come to rest as %s", p.ID, v.ID, p.State)
		}
	}
	want := directconnect.InterfaceDown
	switch {
	case v.State == directconnect.InterfaceConfirming:
		want = v.State // until its owner says something
	case v.State == directconnect.InterfaceVerifying && m.pace.Approve == directconnect.Never:
		want = v.State
	case up:
		want = directconnect.InterfaceAvailable
	case v.State == directconnect.InterfacePending && !m.linkConfigured(v.ParentID):
		want = v.State
	}
	if v.State != want {
		say("%s (%s) on %s has come to rest as %s (%s), want %s", v.ID, v.Type, v.ParentID, v.State, v.Reason, want)
	}
	if len(v.Left) > 0 {
		say("%s has come to rest and is on router %v still", v.ID, v.Left)
	}
	m.routesAtRest(v, s, say)
}

// routesAtRest: what crosses an interface is told of one that is up only.
func (m *machine) routesAtRest(v directconnect.VirtualInterface, s directconnect.CustomerScript, say breach) {
	m.rt.Helper()
	accepted, all := 0, 0
	err := m.store.View(m.ctx, func(tx *store.Tx) (err error) {
		if accepted, err = tx.CountRoutes(store.RouteQuery{InterfaceID: v.ID, Direction: directconnect.RouteAccepted}); err == nil {
			all, err = tx.CountRoutes(store.RouteQuery{InterfaceID: v.ID})
		}
		return err
	})
	if err != nil {
		m.rt.Fatal(err)
	}
	if v.State != directconnect.InterfaceAvailable && all > 0 {
		say("%s has come to rest as %s with %d routes", v.ID, v.State, all)
	}
	// A path with the provider's own number in it is not taken.
	heard := slices.ContainsFunc(v.Peers, func(p directconnect.BGPPeer) bool { return p.Up && p.ASN != v.AmazonASN }) && s.Announce == nil
	if v.Type != directconnect.Public && (accepted > 0) != heard {
		say("%s has come to rest as %s with %d accepted routes, want some: %t", v.ID, v.State, accepted, heard)
	}
}

// sessionUp says whether a session should be established.
func (m *machine) sessionUp(v directconnect.VirtualInterface, p directconnect.BGPPeer, s directconnect.CustomerScript) bool {
	switch {
	case !v.OnRouter() || p.State != directconnect.PeerAvailable && p.State != directconnect.PeerPending:
		return false
	case s.Silent || s.WrongKey || s.ASN != 0 && s.ASN != p.ASN:
		return false
	}
	return m.linkConfigured(v.ParentID) && m.linkUp(v.ParentID)
}

// linkConfigured says whether the router has a link for what is on a connection or LAG.
func (m *machine) linkConfigured(id string) bool {
	if c, ok := m.seen.connections[id]; ok {
		if c.Kind == directconnect.Hosted {
			return c.Working() && m.linkConfigured(c.ParentID)
		}
		return m.isConfigured(c)
	}
	return m.seen.lags[id].ID != "" && slices.ContainsFunc(m.seen.members(id), m.isConfigured)
}

func (m *machine) linkUp(id string) bool {
	if c, ok := m.seen.connections[id]; ok && c.Kind == directconnect.Hosted {
		return m.parentUp(c.ParentID)
	}
	return m.parentUp(id)
}

// interfacesOn are those that a router should have.
func (m *machine) interfacesOn(router string) []string {
	var ids []string
	for _, v := range m.seen.interfaces {
		if v.Router == router && v.OnRouter() && m.linkConfigured(v.ParentID) {
			ids = append(ids, v.ID)
		}
	}
	slices.Sort(ids)
	return ids
}

// clearTraffic deletes all interfaces, associations and gateways. Afterwards nothing of them is left.
func (m *machine) clearTraffic() {
	m.rt.Helper()
	for _, l := range slices.Clone(m.model.lanes) {
		if v := m.seen.interfaces[l.id]; v.Working() {
			if _, ok := call[api.DeleteVirtualInterfaceResponse](m, "DeleteVirtualInterface", controlplane.Caller{Account: l.account, Region: l.region}, &api.DeleteVirtualInterfaceRequest{VirtualInterfaceID: &l.id}); !ok {
				m.fatalf("%s cannot be deleted", l.id)
			}
			m.settled(false)
		}
	}
	for _, id := range slices.Clone(m.model.joins) {
		if a := m.seen.associations[id]; a.Live() {
			if _, ok := call[api.DeleteDirectConnectGatewayAssociationResult](m, "DeleteDirectConnectGatewayAssociation", controlplane.Caller{Account: a.GatewayOwner, Region: home}, &api.DeleteDirectConnectGatewayAssociationRequest{AssociationID: &id}); !ok {
				m.fatalf("association %s cannot be deleted", id)
			}
			m.settled(false)
		}
	}
	for _, g := range m.model.circles {
		if !g.going {
			if _, ok := call[api.DeleteResiliencyGroupResult](m, "DeleteResiliencyGroup", controlplane.Caller{Account: g.account, Region: g.region}, &api.DeleteResiliencyGroupRequest{ResiliencyGroupID: &g.id}); !ok {
				m.fatalf("%s cannot be deleted", g.id)
			}
			g.going, g.members = true, map[string]bool{}
			m.settled(false)
		}
	}
	m.quiet()
	for _, h := range slices.Clone(m.model.hubs) {
		if usable(m.seen.gateways[h.id]) {
			if _, ok := call[api.DeleteDirectConnectGatewayResult](m, "DeleteDirectConnectGateway", controlplane.Caller{Account: h.account, Region: away}, &api.DeleteDirectConnectGatewayRequest{DirectConnectGatewayID: &h.id}); !ok {
				m.fatalf("gateway %s cannot be deleted", h.id)
			}
			m.settled(false)
		}
	}
	m.quiet()
	m.clock.turn(interfaceListing + time.Minute)
	m.settle()
	m.settled(true)
	for _, v := range m.seen.interfaces {
		m.fatalf("%s ended at %v and is still stored at %v", v.ID, v.Deleted, m.clock.now())
	}
}

// lasting are the tables that have something when everything was deleted long ago. The audit trail is kept for as long as an
// operator says, here for ever, and what has happened to a port for as long as there is the installation.
var lasting = []string{"account", "audit_chain", "audit_checkpoint", "audit_record", "audit_resource", "event", "far_gateway", "location", "port", "port_event", "router", "schema", "secret", "setting"}

// nothingLeft: a year later nothing is stored of all that was ordered.
func (m *machine) nothingLeft() {
	m.rt.Helper()
	m.clock.turn(directconnect.TestHistory + time.Hour)
	m.settle()
	left := map[string]string{}
	for _, line := range m.dump() {
		if table, _, _ := strings.Cut(line, " "); !slices.Contains(lasting, table) {
			left[table] = line
		}
	}
	if len(left) > 0 {
		m.fatalf("a year after everything was deleted there is something left in %v: %v", slices.Sorted(maps.Keys(left)), left)
	}
}

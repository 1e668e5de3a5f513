package weather

import (
	"maps"
	"slices"
	"time"

	"onramp/internal/api"
	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
)

// quiet lets everything happen that is still to come: routers answer again, nobody orders, and time goes on from one due
// time to the next until nothing is due any more. Then everything must be where orders and cables say.
func (m *machine) quiet() {
	m.rt.Helper()
	for _, router := range m.routers {
		m.fabric.Unreachable(router, false)
	}
	m.reasonable()
	for range 500 {
		m.settle()
		m.settled(true)
		due := m.seen.nextDue
		if due == 0 {
			m.toldOfAll()
			m.atRest()
			return
		}
		if at := time.UnixMicro(due).UTC(); at.After(m.clock.now()) {
			m.clock.turn(at.Sub(m.clock.now()))
		}
	}
	m.rt.Fatal("there is no end to what is due")
}

// atRest says where everything is in the end.
func (m *machine) atRest() {
	m.rt.Helper()
	var broken []string
	say := func(format string, args ...any) { broken = append(broken, sprintf(format, args...)) }
	for _, c := range m.seen.connections {
		if !c.Live() {
			continue
		}
		if want := m.restOf(c); c.State != want {
			say("%s (%s) has come to rest as %s (%s), want %s", c.ID, c.Kind, c.State, c.Reason, want)
		}
		for _, k := range c.MACsecKeys {
			keyAtRest(c.ID, k, m.isConfigured(c), say)
		}
	}
	for _, g := range m.seen.lags {
		configured := slices.ContainsFunc(m.seen.members(g.ID), m.isConfigured)
		for _, k := range g.MACsecKeys {
			keyAtRest(g.ID, k, configured, say)
		}
	}
	for _, router := range m.routers {
		m.routerAtRest(router, say)
	}
	m.groupsAtRest(say)
	m.trafficAtRest(say)
	m.judge(broken)
}

// restOf is the state in which a live connection comes to rest.
func (m *machine) restOf(c directconnect.Connection) directconnect.ConnectionState {
	dark := directconnect.ConnectionDown
	if c.FirstLight.IsZero() {
		dark = directconnect.ConnectionPending
	}
	switch {
	case c.State == directconnect.ConnectionOrdering:
		return c.State // until its customer says something
	case c.Kind == directconnect.Hosted:
		if m.parentUp(c.ParentID) {
			return directconnect.ConnectionAvailable
		}
		return dark
	case c.Approved.IsZero():
		return directconnect.ConnectionRequested // with a pace that has operators approve
	case m.isUp(c):
		return directconnect.ConnectionAvailable
	}
	return dark
}

// isUp says whether a port has light, and encryption where that is demanded.
func (m *machine) isUp(c directconnect.Connection) bool {
	mode, keys := m.encryption(c)
	return m.isConfigured(c) && !c.CrossConnected.IsZero() && !c.Cut &&
		(!c.MACsec || mode != directconnect.MustEncrypt || len(keys) > 0)
}

func (m *machine) encryption(c directconnect.Connection) (directconnect.EncryptionMode, []directconnect.MACsecKey) {
	if g, member := m.seen.lags[c.LagID]; member {
		return g.EncryptionMode, g.KeysToInstall()
	}
	return c.EncryptionMode, c.KeysToInstall()
}

// isConfigured says whether the router should have the port switched on.
func (m *machine) isConfigured(c directconnect.Connection) bool {
	return c.Kind != directconnect.Hosted && c.Working() && !c.Approved.IsZero()
}

func (m *machine) parentUp(id string) bool {
	if c, ok := m.seen.connections[id]; ok {
		return c.Live() && m.isUp(c)
	}
	up := 0
	for _, c := range m.seen.members(id) {
		if m.isUp(c) {
			up++
		}
	}
	g := m.seen.lags[id]
	return g.Live() && up >= max(1, g.MinimumLinks)
}

// keyAtRest: a key is on the routers as soon as one of its ports is, and one that was taken away is gone. Where no port
// is configured (any more) it stays as it is.
func keyAtRest(holder string, k directconnect.MACsecKey, configured bool, say breach) {
	if configured && k.State != directconnect.KeyAssociated || k.State == directconnect.KeyDisassociating {
		say("key %s of %s has come to rest as %s; on a router: %t", k.SecretARN, holder, k.State, configured)
	}
}

// routerAtRest: a router has the ports, bundles and keys of what is on its feet there, and nothing else.
func (m *machine) routerAtRest(router string, say breach) {
	o, err := m.fabric.Observe(m.ctx, router)
	if err != nil {
		m.rt.Fatal(err)
	}
	want, bundles := map[string]string{}, map[string]int{}
	for _, c := range m.seen.connections {
		if c.Router != router || !m.isConfigured(c) {
			continue
		}
		port := m.seen.ports[c.PortID]
		want[port.Name] = c.LagID
		if c.LagID != "" {
			bundles[c.LagID]++
		}
		var ckns []string
		if _, keys := m.encryption(c); c.MACsec {
			for _, k := range keys {
				ckns = append(ckns, k.CKN)
			}
		}
		slices.Sort(ckns)
		got := slices.Sorted(slices.Values(o.Ports[port.Name].CKNs))
		if !slices.Equal(got, ckns) {
			say("port %s of %s has keys %v, want %v", port.ID, c.ID, got, ckns)
		}
	}
	got := map[string]string{}
	for name, p := range o.Ports {
		got[name] = p.Bundle
	}
	if !maps.Equal(got, want) {
		say("router %s has ports (and their bundles) %v, want %v", router, got, want)
	}
	if got, want := slices.Sorted(maps.Keys(o.Interfaces)), m.interfacesOn(router); !slices.Equal(got, want) {
		say("router %s has interfaces %v, want %v", router, got, want)
	}
	if len(o.Bundles) != len(bundles) {
		say("router %s has bundles %v, want those of %v", router, o.Bundles, bundles)
	}
}

// clear has every customer delete everything, and nothing may be left: no port held, no router configured.
func (m *machine) clear() {
	m.rt.Helper()
	m.clearTraffic()
	for _, x := range m.model.things {
		if x.working() && x.kind == directconnect.Hosted {
			m.remove(x)
		}
	}
	m.quiet() // hosted connections must be gone before what they run over
	for _, b := range m.model.bundles {
		if _, ok := call[api.Lag](m, "DeleteLag", controlplane.Caller{Account: b.account, Region: b.region}, &api.DeleteLagRequest{LagID: &b.id}); b.live() {
			if !ok {
				m.fatalf("%s cannot be deleted", b.id)
			}
			for _, x := range m.model.members(b.id) {
				m.model.leave(x)
			}
			b.ended, b.minimum, b.keys = m.clock.now(), 0, map[string]bool{}
		}
		m.settled(false)
	}
	for _, x := range m.model.things {
		if x.working() {
			m.remove(x)
		}
	}
	m.quiet()
	var broken []string
	say := func(format string, args ...any) { broken = append(broken, sprintf(format, args...)) }
	for _, p := range m.seen.ports {
		if p.ConnectionID != "" {
			say("after everything was deleted, port %s is held by %s", p.ID, p.ConnectionID)
		}
	}
	for _, c := range m.seen.connections {
		if c.Live() {
			say("after everything was deleted, %s is %s", c.ID, c.State)
		}
	}
	m.judge(broken)
	m.nothingLeft()
}

func (m *machine) remove(x *thing) {
	m.rt.Helper()
	who := controlplane.Caller{Account: x.account, Region: x.region}
	if x.kind == directconnect.Interconnect {
		out, ok := call[api.DeleteInterconnectResponse](m, "DeleteInterconnect", who, &api.DeleteInterconnectRequest{InterconnectID: &x.id})
		if !ok {
			m.fatalf("%s cannot be deleted", x.id)
		}
		x.end(*out.InterconnectState, m.clock.now())
	} else {
		out, ok := call[api.Connection](m, "DeleteConnection", who, &api.DeleteConnectionRequest{ConnectionID: &x.id})
		if !ok {
			m.fatalf("%s cannot be deleted", x.id)
		}
		x.end(*out.ConnectionState, m.clock.now())
	}
	m.settled(false)
}

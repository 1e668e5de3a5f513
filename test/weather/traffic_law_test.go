package weather

import (
	"fmt"
	"net/netip"

	"onramp/internal/api"
	"onramp/internal/directconnect"
)

// trafficLaws says what holds of interfaces, gateways and associations after every step.
func trafficLaws(before, now snapshot, forced bool, say breach) {
	parents := map[string]bool{}
	for _, v := range now.interfaces {
		lawOfInterface(before, now, v, forced, say)
		if v.Live() {
			parents[v.ParentID] = true
		}
	}
	for id := range parents {
		lawOfParent(now, id, now.on(id), say)
	}
	for _, t := range now.tests {
		if v := now.interfaces[t.InterfaceID]; t.Status == directconnect.TestInProgress && (v.State != directconnect.InterfaceTesting || v.TestID != t.ID) {
			say("test %s of %s is in progress, and that is %s with test %q", t.ID, t.InterfaceID, v.State, v.TestID)
		}
	}
	for _, g := range now.gateways {
		lawOfGateway(now, g, say)
	}
	lawOfAssociations(now, say)
}

// lawOfInterface: it is where its connection or LAG is, whose owner knows it; a customer cannot take that away from under
// it; and it is being tested exactly when a test of it is in progress.
func lawOfInterface(before, now snapshot, v directconnect.VirtualInterface, forced bool, say breach) {
	if v.Live() != v.Deleted.IsZero() || !v.Live() && !v.Due.IsZero() {
		say("%s is %s, ended at %v and is due at %v", v.ID, v.State, v.Deleted, v.Due)
	}
	lawOfTags(v.ID, v.Tags, say)
	if test := now.tests[v.TestID]; (v.State == directconnect.InterfaceTesting) != (test.Status == directconnect.TestInProgress && test.InterfaceID == v.ID) {
		say("%s is %s and its test %q is %q", v.ID, v.State, v.TestID, test.Status)
	}
	if !v.Live() {
		return
	}
	if v.State == directconnect.InterfaceDeleting && v.Due.IsZero() {
		say("%s is deleting and nobody will ever look at it", v.ID)
	}
	region, router, location, account, stands := "", "", "", "", false
	if c, ok := now.connections[v.ParentID]; ok {
		region, router, location, account = c.Region, c.Router, c.Location, c.Account
		stands = c.Working() && c.LagID == "" && c.Kind != directconnect.Interconnect
	} else if g, ok := now.lags[v.ParentID]; ok {
		region, router, location, account, stands = g.Region, g.Router, g.Location, g.Account, g.Live()
	}
	if !stands {
		if !forced && carriedBefore(before, v.ParentID) {
			say("%s is %s on %s, which a customer took away from under it", v.ID, v.State, v.ParentID)
		}
		return
	}
	if v.Region != region || v.Router != router || v.Location != location || v.ConnectionOwner != account {
		say("%s at %s %s of %s is not where %s is: %s %s %s", v.ID, v.Location, v.Router, v.ConnectionOwner, v.ParentID, location, router, account)
	}
	if g, ok := now.gateways[v.GatewayID]; v.GatewayID != "" && (!ok || !usable(g) || g.Account != v.Account) {
		say("%s of %s is attached to %s, which is %s of %q", v.ID, v.Account, v.GatewayID, g.State, g.Account)
	}
}

func carriedBefore(before snapshot, id string) bool {
	if c, ok := before.connections[id]; ok {
		return c.Working() && c.Kind != directconnect.Interconnect
	}
	g, ok := before.lags[id]
	return ok && g.Live()
}

// lawOfParent: VLANs and subnets are each taken once, and no more is given away than there is.
func lawOfParent(now snapshot, id string, on []directconnect.VirtualInterface, say breach) {
	vlans := map[int32]string{}
	var subnets []netip.Prefix
	var pool4, pool6 int32
	limited := 0
	for _, v := range on {
		if other := vlans[v.VLAN]; other != "" {
			say("%s and %s have both VLAN %d on %s", v.ID, other, v.VLAN, id)
		}
		vlans[v.VLAN] = v.ID
		for _, p := range v.Peers {
			if p.State == directconnect.PeerDeleting || p.State == directconnect.PeerDeleted {
				continue
			}
			for _, taken := range subnets {
				if taken.Overlaps(p.Amazon.Masked()) {
					say("a session of %s overlaps another one's addresses on %s: %s and %s", v.ID, id, p.Amazon, taken)
				}
			}
			subnets = append(subnets, p.Amazon.Masked())
		}
		pool4, pool6 = pool4+v.PoolIPv4, pool6+v.PoolIPv6
		if v.RateLimit != "" {
			limited++
		}
	}
	hosted, bandwidth := now.bandwidth(id)
	switch {
	case hosted && (len(on) > 1 || limited > 0 || pool4+pool6 > 0):
		say("hosted connection %s has %d interfaces, %d rate limits and a pool of %d", id, len(on), limited, pool4+pool6)
	case !hosted && bandwidth != "" && (pool4 > bandwidth.PrefixPool() || pool6 > bandwidth.PrefixPool()):
		say("%s gave away %d and %d prefixes and has %d", id, pool4, pool6, bandwidth.PrefixPool())
	case limited > directconnect.MaxRateLimiters:
		say("%s has %d rate limiters", id, limited)
	}
}

// bandwidth is of a connection or LAG; empty when it has gone.
func (snap *snapshot) bandwidth(id string) (hosted bool, b directconnect.Bandwidth) {
	if c, ok := snap.connections[id]; ok {
		return c.Kind == directconnect.Hosted, c.Bandwidth
	}
	return false, snap.lags[id].Bandwidth
}

// lawOfGateway: kinds are never mixed on a gateway.
func lawOfGateway(now snapshot, g directconnect.Gateway, say breach) {
	if g.Live() != g.Deleted.IsZero() {
		say("gateway %s is %s and ended at %v", g.ID, g.State, g.Deleted)
	}
	lawOfTags(g.ID, g.Tags, say)
	kinds := map[directconnect.InterfaceType]string{}
	for _, v := range now.interfaces {
		if v.GatewayID == g.ID && v.Live() {
			kinds[v.Type] = v.ID
		}
	}
	for _, a := range now.associations {
		if a.GatewayID == g.ID && a.Live() {
			kind := directconnect.Private
			if a.Far.Kind == directconnect.TransitGateway {
				kind = directconnect.Transit
			}
			kinds[kind] = a.ID
		}
	}
	if len(kinds) > 1 || len(kinds) > 0 && !usable(g) {
		say("gateway %s is %s and has %v", g.ID, g.State, kinds)
	}
}

// lawOfAssociations: two gateways are joined once, and a virtual private gateway to one other only.
func lawOfAssociations(now snapshot, say breach) {
	taken := map[string]string{}
	for _, a := range now.associations {
		if a.Live() != a.Deleted.IsZero() {
			say("association %s is %s and ended at %v", a.ID, a.State, a.Deleted)
		}
		if !a.Live() {
			continue
		}
		key := a.FarID
		if a.Far.Kind == directconnect.TransitGateway {
			key = fmt.Sprint(a.GatewayID, " and ", a.FarID)
		}
		if other := taken[key]; other != "" {
			say("associations %s and %s are both of %s", a.ID, other, key)
		}
		taken[key] = a.ID
		if g := now.gateways[a.GatewayID]; g.Account != a.GatewayOwner {
			say("association %s of %s is on gateway %s of %q", a.ID, a.GatewayOwner, a.GatewayID, g.Account)
		}
	}
}

// shownShares holds what Describe says of a connection's or LAG's pools and limiters against its interfaces.
func (m *machine) shownShares(id, carrier string, left4, left6 *int32, limiters *api.RateLimiterStatus) {
	m.rt.Helper()
	if left4 == nil || left6 == nil || limiters == nil {
		return
	}
	_, b := m.seen.bandwidth(carrier)
	want4, want6, limited := b.PrefixPool(), b.PrefixPool(), int32(0)
	for _, v := range m.seen.on(carrier) {
		want4, want6 = want4-v.PoolIPv4, want6-v.PoolIPv6
		if v.RateLimit != "" {
			limited++
		}
	}
	if *left4 != want4 || *left6 != want6 || *limiters.InUse != limited || *limiters.Remaining != directconnect.MaxRateLimiters-limited {
		m.fatalf("%s shows %d and %d prefixes left and limiters %s, want %d, %d and %d in use", id, *left4, *left6, wire(limiters), want4, want6, limited)
	}
}

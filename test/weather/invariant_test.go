package weather

import (
	"fmt"
	"time"

	"onramp/internal/directconnect"
)

// A breach is a law that what is stored does not keep.
type breach func(format string, args ...any)

// laws says what holds after every step, whatever the step was. before is the snapshot of the step before. forced tells
// that the step was not a customer's: an operator may refuse a member of a LAG, and an order may lapse, whatever a LAG's
// minimumLinks or an interconnect's hosted connections are.
func laws(before, now snapshot, forced bool, say breach) {
	for _, p := range now.ports {
		lawOfPort(now, p, say)
	}
	vlans := map[string]string{}
	for _, c := range now.connections {
		lawOfConnection(now, c, say)
		if c.Kind == directconnect.Hosted {
			lawOfHosted(before, now, c, forced, vlans, say)
		} else {
			lawOfHolder(now, c, say)
		}
	}
	for _, g := range now.lags {
		lawOfLAG(before, now, g, forced, say)
	}
}

// lawOfPort: who holds a port is live, has a port at all, and names this one.
func lawOfPort(now snapshot, p directconnect.Port, say breach) {
	if p.ConnectionID == "" {
		return
	}
	switch c, ok := now.connections[p.ConnectionID]; {
	case !ok:
		say("port %s is held by %s, which is not there", p.ID, p.ConnectionID)
	case !c.Live():
		say("port %s is held by %s, which is %s", p.ID, c.ID, c.State)
	case c.PortID != p.ID:
		say("port %s is held by %s, which names port %q", p.ID, c.ID, c.PortID)
	case c.Bandwidth != p.Bandwidth || c.MACsec && !p.MACsec || c.Location != p.Location:
		say("port %+v is not what %s ordered: %s at %s, MACsec %t", p, c.ID, c.Bandwidth, c.Location, c.MACsec)
	}
}

// lawOfHolder: a live connection holds exactly the port that it names, on the router that it names.
func lawOfHolder(now snapshot, c directconnect.Connection, say breach) {
	if !c.Live() {
		if c.PortID != "" {
			say("%s is %s and names port %s", c.ID, c.State, c.PortID)
		}
		return
	}
	switch p, ok := now.ports[c.PortID]; {
	case !ok:
		say("%s is %s and names port %q, which is not there", c.ID, c.State, c.PortID)
	case p.ConnectionID != c.ID:
		say("%s is %s and names port %s, which %q holds", c.ID, c.State, p.ID, p.ConnectionID)
	case p.Router != c.Router:
		say("%s is on router %s and its port on %s", c.ID, c.Router, p.Router)
	}
	if g, ok := now.lags[c.LagID]; c.LagID != "" && (!ok || !g.Live()) {
		say("%s is a member of %s, which is not there", c.ID, c.LagID)
	}
}

// lawOfConnection: what holds for all three kinds.
func lawOfConnection(now snapshot, c directconnect.Connection, say breach) {
	if c.Live() != c.Deleted.IsZero() {
		say("%s is %s and ended at %v", c.ID, c.State, c.Deleted)
	}
	if !c.Working() && c.LagID != "" {
		say("%s is %s and still a member of %s", c.ID, c.State, c.LagID)
	}
	if !c.Live() && !c.Due.IsZero() {
		say("%s is %s and due at %v", c.ID, c.State, c.Due)
	}
	if c.State == directconnect.ConnectionDeleting && c.Due.IsZero() {
		say("%s is deleting and nobody will ever look at it", c.ID)
	}
	if len(c.MACsecKeys) > 0 && c.LagID != "" {
		say("%s is a member of %s and has keys of its own: %v", c.ID, c.LagID, c.MACsecKeys)
	}
	lawOfKeys(now, c.ID, c.Account, c.MACsec, c.MACsecKeys, say)
	lawOfTags(c.ID, c.Tags, say)
}

// lawOfHosted: it runs over an interconnect or LAG of its partner, on a VLAN of its own, and what is sold never grows
// beyond what the parent carries. (It may be more already: a LAG's member may leave.)
func lawOfHosted(before, now snapshot, c directconnect.Connection, forced bool, vlans map[string]string, say breach) {
	if !c.Live() {
		return
	}
	key := fmt.Sprintf("%s/%d", c.ParentID, c.VLAN)
	if other := vlans[key]; other != "" {
		say("%s and %s have both VLAN %d on %s", c.ID, other, c.VLAN, c.ParentID)
	}
	vlans[key] = c.ID
	if c.PortID != "" || c.LagID != "" {
		say("hosted connection %s names port %q and LAG %q", c.ID, c.PortID, c.LagID)
	}
	if sold, carried := now.sold(c.ParentID), now.capacity(c.ParentID); sold > carried && sold > before.sold(c.ParentID) {
		say("%s carries %d Mbps and was sold up to %d Mbps", c.ParentID, carried, sold)
	}
	account, region, location, router, live := "", "", "", "", false
	if p, ok := now.connections[c.ParentID]; ok {
		account, region, location, router = p.Account, p.Region, p.Location, p.Router
		live = p.Kind == directconnect.Interconnect && p.LagID == "" && p.Working()
	} else if g, ok := now.lags[c.ParentID]; ok {
		account, region, location, router = g.Account, g.Region, g.Location, g.Router
		live = g.Live() && g.AllowsHosted
	}
	if !live {
		if !forced && hadParent(before, c.ParentID) {
			say("%s runs over %s, which a customer took away from under it", c.ID, c.ParentID)
		}
		return
	}
	if account != c.Partner || region != c.Region || location != c.Location || router != c.Router {
		say("%s of partner %s at %s %s is not where its parent is: %s %s %s %s", c.ID, c.Partner, c.Location, c.Router, account, region, location, router)
	}
}

func hadParent(before snapshot, id string) bool {
	if c, ok := before.connections[id]; ok {
		return c.Working()
	}
	g, ok := before.lags[id]
	return ok && g.Live()
}

// lawOfLAG: members are alike and on one router, no more than allowed, and no customer's step leaves fewer than
// minimumLinks but none.
func lawOfLAG(before, now snapshot, g directconnect.LAG, forced bool, say breach) {
	lawOfTags(g.ID, g.Tags, say)
	members := now.members(g.ID)
	if !g.Live() {
		if len(members) > 0 || len(now.hosted(g.ID)) > 0 {
			say("%s is deleted and has %d members and %d hosted connections", g.ID, len(members), len(now.hosted(g.ID)))
		}
		return
	}
	for _, c := range members {
		if c.Router != g.Router || c.Bandwidth != g.Bandwidth || c.Location != g.Location || c.Account != g.Account || c.Region != g.Region || c.MACsec != g.MACsec {
			say("%s is not like its LAG %s: %s %s %s, MACsec %t, want %s %s %s, MACsec %t", c.ID, g.ID, c.Router, c.Bandwidth, c.Location, c.MACsec, g.Router, g.Bandwidth, g.Location, g.MACsec)
		}
	}
	if len(members) > g.Bandwidth.MaxLagMembers() {
		say("%s of %s has %d members", g.ID, g.Bandwidth, len(members))
	}
	if n := len(members); n > 0 && n < g.MinimumLinks && !forced && n < len(before.members(g.ID)) {
		say("%s has %d members and minimumLinks %d", g.ID, n, g.MinimumLinks)
	}
	if g.MinimumLinks > before.lags[g.ID].MinimumLinks && g.MinimumLinks > len(members) {
		say("%s was given minimumLinks %d with %d members", g.ID, g.MinimumLinks, len(members))
	}
	lawOfKeys(now, g.ID, g.Account, g.MACsec, g.MACsecKeys, say)
}

// lawOfKeys: keys are where MACsec is, each once, and no more of them than the account may have.
func lawOfKeys(now snapshot, id, account string, macsec bool, keys []directconnect.MACsecKey, say breach) {
	if len(keys) > 0 && !macsec {
		say("%s has keys and no MACsec: %v", id, keys)
	}
	quota := directconnect.DocumentedQuotas.MACsecKeys
	if a, ok := now.accounts[account]; ok && !a.Open {
		quota = a.Quotas.MACsecKeys
	}
	if quota > 0 && len(keys) > quota {
		say("%s has %d keys and account %s may have %d", id, len(keys), account, quota)
	}
	seen := map[string]bool{}
	for _, k := range keys {
		if seen[k.CKN] || seen[k.SecretARN] {
			say("%s has key %s twice", id, k.SecretARN)
		}
		seen[k.CKN], seen[k.SecretARN] = true, true
	}
}

func lawOfTags(id string, tags []directconnect.Tag, say breach) {
	if err := directconnect.CheckTags(tags); err != nil {
		say("%s has tags %v: %v", id, tags, err)
	}
}

// lawOfQuotas: no account has more than its quotas say.
func lawOfQuotas(now snapshot, say breach) {
	ports, lags := map[[2]string]int{}, map[[2]string]int{}
	for _, c := range now.connections {
		if c.Live() && c.Kind != directconnect.Hosted {
			ports[[2]string{c.Account, c.Location}]++
		}
	}
	for _, g := range now.lags {
		if g.Live() {
			lags[[2]string{g.Account, g.Region}]++
		}
	}
	for _, id := range accounts {
		quotas := directconnect.DocumentedQuotas
		if a, ok := now.accounts[id]; ok && !a.Open {
			quotas = a.Quotas
		}
		for where, n := range ports {
			if where[0] == id && quotas.ConnectionsPerLocation > 0 && n > quotas.ConnectionsPerLocation {
				say("account %s has %d connections at %s", id, n, where[1])
			}
		}
		for where, n := range lags {
			if where[0] == id && quotas.LAGsPerRegion > 0 && n > quotas.LAGsPerRegion {
				say("account %s has %d LAGs in %s", id, n, where[1])
			}
		}
	}
}

// listedAt reports whether what ended then is still listed now.
func listedAt(ended, now time.Time) bool { return ended.IsZero() || !ended.Before(now.Add(-keep)) }

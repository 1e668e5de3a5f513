package weather

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"onramp/internal/directconnect"
)

// thing is what the model knows of a connection, an interconnect or a hosted connection: what its customers were
// answered, and nothing of how it is kept.
type thing struct {
	id, account, region, location string
	kind                          directconnect.ConnectionKind
	name                          string
	lag                           string
	parent, partner               string // hosted
	vlan                          int32
	tags                          map[string]string
	keys                          map[string]bool // secret ARNs in use
	going                         bool            // its deletion has begun
	ended                         time.Time
}

func (x *thing) live() bool    { return x.ended.IsZero() }
func (x *thing) working() bool { return x.live() && !x.going }

// bundle is what the model knows of a LAG.
type bundle struct {
	id, account, region, location string
	name                          string
	minimum                       int
	tags                          map[string]string
	keys                          map[string]bool
	ended                         time.Time
}

func (b *bundle) live() bool { return b.ended.IsZero() }

// model is what should be there. Things and bundles are in the order in which they were made, which a draw's index means.
type model struct {
	things  []*thing
	bundles []*bundle
	signed  map[string]bool
	circles []*circle

	lanes            []*lane
	hubs             []*hub
	joins, proposals []string          // IDs of associations and proposals
	tokens           map[string]madeBy // by account, Region and token of CreateResiliencyGroup
}

func (m *model) thing(id string) *thing {
	for _, x := range m.things {
		if x.id == id {
			return x
		}
	}
	return nil
}

func (m *model) bundle(id string) *bundle {
	for _, b := range m.bundles {
		if b.id == id {
			return b
		}
	}
	return nil
}

func (m *model) members(lag string) []*thing {
	var found []*thing
	for _, x := range m.things {
		if x.lag == lag && x.working() {
			found = append(found, x)
		}
	}
	return found
}

// join follows AssociateConnectionWithLag and CreateLag with a connectionId: a member has no keys of its own, and what
// runs over an interconnect runs over the LAG from then on.
func (m *model) join(x *thing, lag string) {
	alone := x.lag == ""
	x.lag, x.keys = lag, map[string]bool{}
	if x.kind != directconnect.Interconnect || !alone {
		return
	}
	for _, h := range m.things {
		if h.parent == x.id && h.live() {
			h.parent = lag
		}
	}
}

// leave follows DisassociateConnectionFromLag and DeleteLag: a declared partner's port becomes an interconnect.
func (m *model) leave(x *thing) {
	x.lag, x.keys = "", map[string]bool{}
	if x.account == carrier {
		x.kind = directconnect.Interconnect
	}
}

// end follows a deletion that was answered with that state.
func (x *thing) end(state string, now time.Time) {
	switch directconnect.ConnectionState(state) {
	case directconnect.ConnectionDeleting:
		x.going = true
	case directconnect.ConnectionDeleted, directconnect.ConnectionRejected:
		if x.live() {
			x.ended = now
		}
	}
	x.lag = ""
}

// time takes over what time alone may do to what is stored: deletions end, orders that nobody plugged in lapse, and what
// ended long enough ago is forgotten.
func (m *model) time(now snapshot, at time.Time) {
	m.things = slices.DeleteFunc(m.things, func(x *thing) bool {
		c, there := now.connections[x.id]
		if !there {
			return !listedAt(x.ended, at)
		}
		if x.working() && !c.Working() && c.Reason == "LOA-CFA lapsed without a cross connect" {
			x.going, x.lag = true, ""
		}
		if x.going && x.live() {
			x.ended = c.Deleted
		}
		return false
	})
	m.bundles = slices.DeleteFunc(m.bundles, func(b *bundle) bool {
		_, there := now.lags[b.id]
		return !there && !listedAt(b.ended, at)
	})
}

// compare says where what is stored is not what the model expects.
func (m *model) compare(now snapshot, say breach) {
	if len(now.connections) != len(m.things) || len(now.lags) != len(m.bundles) {
		say("%d connections and %d LAGs are stored, want %d and %d", len(now.connections), len(now.lags), len(m.things), len(m.bundles))
	}
	for _, x := range m.things {
		c, there := now.connections[x.id]
		if !there {
			say("%s is gone", x.id)
			continue
		}
		want := fmt.Sprintf("%s %s %s %s %q lag=%s parent=%s partner=%s vlan=%d working=%t ended=%v", x.account, x.region, x.location, x.kind, x.name, x.lag, x.parent, x.partner, x.vlan, x.working(), x.ended)
		got := fmt.Sprintf("%s %s %s %s %q lag=%s parent=%s partner=%s vlan=%d working=%t ended=%v", c.Account, c.Region, c.Location, c.Kind, c.Name, c.LagID, c.ParentID, c.Partner, c.VLAN, c.Working(), c.Deleted)
		if got != want {
			say("%s is stored as\n%s, want\n%s", x.id, got, want)
		}
		same(x.id, x.tags, tagMap(c.Tags), "tags", say)
		if x.working() {
			same(x.id, x.keys, keyMap(c.KeysToInstall()), "keys", say)
		}
	}
	for _, b := range m.bundles {
		g, there := now.lags[b.id]
		if !there {
			say("%s is gone", b.id)
			continue
		}
		want := fmt.Sprintf("%s %s %s %q minimum=%d ended=%v", b.account, b.region, b.location, b.name, b.minimum, b.ended)
		got := fmt.Sprintf("%s %s %s %q minimum=%d ended=%v", g.Account, g.Region, g.Location, g.Name, g.MinimumLinks, g.Deleted)
		if got != want {
			say("%s is stored as\n%s, want\n%s", b.id, got, want)
		}
		same(b.id, b.tags, tagMap(g.Tags), "tags", say)
		same(b.id, b.keys, keyMap(g.KeysToInstall()), "keys", say)
	}
	for id, signed := range m.signed {
		if now.accounts[id].HasSigned(directconnect.Agreement) != signed {
			say("account %s has signed: %t, want %t", id, !signed, signed)
		}
	}
}

func same[V comparable](id string, want, got map[string]V, what string, say breach) {
	if !maps.Equal(want, got) {
		say("%s has %s %v, want %v", id, what, got, want)
	}
}

func tagMap(tags []directconnect.Tag) map[string]string {
	m := map[string]string{}
	for _, t := range tags {
		m[t.Key] = t.Value
	}
	return m
}

func keyMap(keys []directconnect.MACsecKey) map[string]bool {
	m := map[string]bool{}
	for _, k := range keys {
		m[k.SecretARN] = true
	}
	return m
}

package directconnect

import (
	"cmp"
	"slices"
)

// WorkScene is what planned work may touch, as its rules see it. All of it is live.
type WorkScene struct {
	// Connections are those that are hit, the other members of their LAGs, and the hosted ones over any of these.
	Connections []Connection
	LAGs        []LAG // of which one of them is a member
	// Interfaces are those over Connections and LAGs, and the others that lead to one of their gateways.
	Interfaces []VirtualInterface
	Groups     []GroupLayout // that have one of Connections
	// Present has only count what is up now; otherwise all counts that is ordered, as things may be by then.
	Present bool
}

// GroupLayout is a resiliency group with what it consists of.
type GroupLayout struct {
	Group  ResiliencyGroup
	Layout Layout
}

// HitLAG and HitInterface are kinds of a WorkHit; a connection has its own, and the operator's things have a WorkKind.
const (
	HitLAG       = "lag"
	HitInterface = "interface"
)

// WorkHit is what planned work does to a resource. Its account and those who read its notices know it by ID.
type WorkHit struct {
	Account string `json:"account,omitempty"` // empty: the operator's own, such as a router
	Region  string `json:"region,omitempty"`
	Kind    string `json:"kind"` // dedicated, interconnect, hosted, lag, interface; location, router, port
	ID      string `json:"id"`
	Impact  Impact `json:"impact"`
}

// effect is what goes down with hit connections, by ID, and what is left with less redundancy.
type effect struct{ down, thin map[string]bool }

// effect works out what connections that are hit take with them: LAGs that fall below their minimum, hosted connections,
// interfaces.
func (s WorkScene) effect(hit map[string]bool) effect {
	e := effect{map[string]bool{}, map[string]bool{}}
	memberOf := map[string]string{}
	for _, c := range s.Connections {
		if c.LagID != "" {
			memberOf[c.ID] = c.LagID
		}
		if hit[c.ID] {
			e.down[c.ID] = true
		}
	}
	members := s.tallies(hit)
	for _, g := range s.LAGs {
		if t := members[g.ID]; t.left < t.total && t.left < max(1, g.MinimumLinks) {
			e.down[g.ID] = true
		} else if t.left < t.total {
			e.thin[g.ID] = true
		}
	}
	follow := func(id, carrier string) {
		carrier = cmp.Or(memberOf[carrier], carrier)
		if e.down[carrier] {
			e.down[id] = true
		} else if e.thin[carrier] {
			e.thin[id] = true
		}
	}
	for _, c := range s.Connections {
		if c.Kind == Hosted {
			follow(c.ID, c.ParentID)
		}
	}
	for _, v := range s.Interfaces {
		follow(v.ID, v.ParentID)
	}
	return e
}

// tally is how many members of a LAG count, and how many of them are not hit.
type tally struct{ total, left int }

// tallies count the members of all LAGs, by ID.
func (s WorkScene) tallies(hit map[string]bool) map[string]tally {
	all := make(map[string]tally, len(s.LAGs))
	for _, c := range s.Connections {
		if c.LagID == "" || !s.counts(c) {
			continue
		}
		t := all[c.LagID]
		if t.total++; !hit[c.ID] {
			t.left++
		}
		all[c.LagID] = t
	}
	return all
}

func (s WorkScene) counts(c Connection) bool {
	if s.Present {
		return c.State == ConnectionAvailable
	}
	return c.Working()
}

func (s WorkScene) carries(v VirtualInterface) bool {
	if s.Present {
		return v.State == InterfaceAvailable
	}
	return v.Working()
}

// Hits are the resources that work on the hit connections touches, with what it does to each, by account, kind and ID. Work
// without impact has none on any of them.
func (s WorkScene) Hits(impact Impact, hit []string) []WorkHit {
	e := s.effect(setOf(hit))
	var all []WorkHit
	add := func(account, region, kind, id string) {
		h := WorkHit{Account: account, Region: region, Kind: kind, ID: id, Impact: impact}
		switch {
		case e.down[id]:
		case !e.thin[id]:
			return
		case impact != NoImpact:
			h.Impact = ReducedRedundancy
		}
		all = append(all, h)
	}
	for _, c := range s.Connections {
		add(c.Account, c.Region, string(c.Kind), c.ID)
	}
	for _, g := range s.LAGs {
		add(g.Account, g.Region, HitLAG, g.ID)
	}
	for _, v := range s.Interfaces {
		add(v.Account, v.Region, HitInterface, v.ID)
		if v.Account != v.ConnectionOwner { // whose connection it is may have sold it, and wants to know
			add(v.ConnectionOwner, v.Region, HitInterface, v.ID)
		}
	}
	slices.SortFunc(all, func(a, b WorkHit) int {
		return cmp.Or(cmp.Compare(a.Account, b.Account), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID))
	})
	return slices.Compact(all)
}

func setOf(ids []string) map[string]bool {
	set := make(map[string]bool, len(ids))
	for _, id := range ids {
		set[id] = true
	}
	return set
}

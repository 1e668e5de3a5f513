package directconnect

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// WorkConflict is a redundant pair, or a set of more, that planned work takes down altogether.
type WorkConflict struct {
	Kind     string   `json:"kind"` // resiliency group, LAG, gateway
	ID       string   `json:"id"`
	Accounts []string `json:"accounts"`       // whose it is
	Lost     []string `json:"lost"`           // connections, LAGs or interfaces that stand in for each other, and are all down
	With     []string `json:"with,omitempty"` // other planned work that has its part in it
}

func (c WorkConflict) String() string {
	text := fmt.Sprintf("%s %s of account %s loses %s", c.Kind, c.ID, strings.Join(c.Accounts, " and "), strings.Join(c.Lost, ", "))
	if len(c.With) > 0 {
		text += " together with " + strings.Join(c.With, ", ")
	}
	return text
}

// Work is planned work as far as conflicts are concerned.
type Work struct {
	ID   string
	Hit  []string // connections that it takes down
	Fine bool     // it is on ports or connections, and not on whole routers or locations
}

// Conflicts are the redundant pairs that work takes down by itself, or together with other work at the same time. What the
// others do without it is theirs. A LAG is a pair against work on its ports: against work on its router, on which all of it is,
// it never was one.
func (s WorkScene) Conflicts(own Work, others []Work) []WorkConflict {
	before := map[string]bool{}
	for _, c := range s.lost(others) {
		before[c.key()] = true
	}
	var found []WorkConflict
	alone := map[string]bool{}
	for _, c := range s.lost([]Work{own}) {
		alone[c.key()] = true
		found = append(found, c)
	}
	for _, c := range s.lost(append(slices.Clone(others), own)) {
		if before[c.key()] || alone[c.key()] {
			continue
		}
		for _, o := range others { // those without which it would not be
			rest := slices.DeleteFunc(slices.Clone(others), func(w Work) bool { return w.ID == o.ID })
			if !slices.ContainsFunc(s.lost(append(rest, own)), func(d WorkConflict) bool { return d.key() == c.key() }) {
				c.With = append(c.With, o.ID)
			}
		}
		if len(c.With) == 0 { // several of them would do each
			for _, o := range others {
				c.With = append(c.With, o.ID)
			}
		}
		found = append(found, c)
	}
	slices.SortFunc(found, func(a, b WorkConflict) int { return cmp.Compare(a.key(), b.key()) })
	return found
}

// key tells conflicts apart. What several accounts may have under one ID is told apart by whose it is.
func (c WorkConflict) key() string {
	if c.ID == PublicGateway || strings.HasPrefix(c.ID, "vgw-") {
		return c.Kind + " " + c.ID + " " + c.Accounts[0]
	}
	return c.Kind + " " + c.ID
}

// lost are the pairs that all of the works take down together.
func (s WorkScene) lost(works []Work) []WorkConflict {
	hit, fine := map[string]bool{}, map[string]bool{}
	for _, w := range works {
		for _, id := range w.Hit {
			hit[id] = true
			if w.Fine {
				fine[id] = true
			}
		}
	}
	down := s.effect(hit).down
	return slices.Concat(s.lostGroups(down), s.lostLAGs(hit, fine), s.lostGateways(down))
}

// lostGroups are the groups of several links of which none is left.
func (s WorkScene) lostGroups(down map[string]bool) []WorkConflict {
	var found []WorkConflict
	for _, g := range s.Groups {
		before, after, lost := 0, 0, []string{}
		for _, k := range g.Layout.Links {
			if s.Present && !k.Up {
				continue
			}
			if before++; down[k.ID] {
				lost = append(lost, k.ID)
			} else {
				after++
			}
		}
		if len(g.Layout.Links) > 1 && before > 0 && after == 0 {
			found = append(found, WorkConflict{Kind: "resiliency group", ID: g.Group.ID, Accounts: []string{g.Group.Account}, Lost: lost})
		}
	}
	return found
}

// lostLAGs are the LAGs of several members of which too few are left. A member whose router or location is worked on does not
// count as hit: see Conflicts.
func (s WorkScene) lostLAGs(hit, fine map[string]bool) []WorkConflict {
	type bundle struct {
		lost    []string
		coarse  bool // a member's whole router is worked on
		members int
	}
	bundles := map[string]*bundle{}
	for _, c := range s.Connections {
		if c.LagID == "" {
			continue
		}
		b := bundles[c.LagID]
		if b == nil {
			b = &bundle{}
			bundles[c.LagID] = b
		}
		if c.Working() {
			b.members++
		}
		if s.counts(c) && hit[c.ID] {
			b.lost = append(b.lost, c.ID)
			b.coarse = b.coarse || !fine[c.ID]
		}
	}
	members := s.tallies(hit)
	var found []WorkConflict
	for _, g := range s.LAGs {
		b, t, least := bundles[g.ID], members[g.ID], max(1, g.MinimumLinks)
		if b != nil && b.members > 1 && !b.coarse && t.total >= least && t.left < least {
			found = append(found, WorkConflict{Kind: "LAG", ID: g.ID, Accounts: []string{g.Account}, Lost: b.lost})
		}
	}
	return found
}

// pairedGateway tells gateways apart that interfaces lead to: a virtual private gateway by its account as well, which in open
// mode may share its ID, and the public network by the account alone.
type pairedGateway struct{ id, account string }

func (v VirtualInterface) pairedGateway() (g pairedGateway, ok bool) {
	g.id = v.LeadsTo()
	if v.GatewayID == "" {
		g.account = v.Account
	}
	return g, g.id != ""
}

// lostGateways are the gateways with interfaces over several links of which none is left.
func (s WorkScene) lostGateways(down map[string]bool) []WorkConflict {
	attached := map[pairedGateway][]VirtualInterface{}
	for _, v := range s.Interfaces {
		if g, ok := v.pairedGateway(); ok && v.Working() {
			attached[g] = append(attached[g], v)
		}
	}
	var found []WorkConflict
	for g, all := range attached {
		links, after, lost, accounts := map[string]bool{}, 0, []string{}, []string{}
		for _, v := range all {
			links[v.ParentID] = true
			if !s.carries(v) {
				continue
			}
			if !down[v.ID] {
				after++
				continue
			}
			lost, accounts = append(lost, v.ID), append(accounts, v.Account)
		}
		if len(links) > 1 && len(lost) > 0 && after == 0 {
			slices.Sort(accounts)
			slices.Sort(lost)
			found = append(found, WorkConflict{Kind: "gateway", ID: g.id, Accounts: slices.Compact(accounts), Lost: lost})
		}
	}
	slices.SortFunc(found, func(a, b WorkConflict) int { return cmp.Compare(a.key(), b.key()) })
	return found
}

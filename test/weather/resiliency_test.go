package weather

import (
	"maps"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	"onramp/internal/api"
	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// circle is what the model knows of a resiliency group.
type circle struct {
	id, account, region, name string
	tags                      map[string]string
	members                   map[string]bool // connections that were put in and not taken out
	going                     bool            // its deletion has begun
}

// madeBy is the first answer to a client token.
type madeBy struct {
	id string
	at time.Time
}

const noGroup = "dxrg-0123456789abcdefg"

func (m *machine) resiliencyActions() map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){
		"CreateResiliencyGroup":                      m.step(m.createGroup),
		"GetResiliencyGroup":                         m.step(m.getGroup),
		"UpdateResiliencyGroup":                      m.step(m.updateGroup),
		"DeleteResiliencyGroup":                      m.step(m.deleteGroup),
		"ListResiliencyGroups":                       m.step(m.listGroups),
		"ListResiliencyGroupAssociations":            m.step(m.listMembers),
		"AssociateConnectionsToResiliencyGroup":      m.step(m.putIntoGroup),
		"DisassociateConnectionsFromResiliencyGroup": m.step(m.takeOutOfGroup),
	}
}

// oneCircle draws one of the groups that fit, and sometimes any other or an identifier that is nobody's.
func (m *machine) oneCircle(want func(*circle) bool) *circle {
	var fit []*circle
	for _, g := range m.model.circles {
		if want(g) {
			fit = append(fit, g)
		}
	}
	if odd := once(m.rt, 15, "odd group"); !odd && len(fit) == 0 {
		panic(nothingFits{})
	} else if odd {
		fit = append([]*circle{{id: noGroup}}, m.model.circles...)
	}
	return pick(m.rt, "group", fit)
}

func staying(g *circle) bool { return !g.going }

// createGroup makes a group, often with one of a few tokens: then the same request makes no second one.
func (m *machine) createGroup() {
	who := m.caller("", home)
	in := &api.CreateResiliencyGroupRequest{
		ResiliencyGroupName: ptr(pick(m.rt, "group name", []string{"site", "site", "site", "Site_2-b", "Site_2-b", "not valid"})), Tags: m.tagList(),
		IntendedResiliencyModel: ptr(pick(m.rt, "model", []string{"high-resiliency", "maximum-resiliency", "maximum-resiliency", "basic-resiliency", "none"})),
	}
	key := ""
	if once(m.rt, 2, "with a token") {
		in.ClientToken = ptr(pick(m.rt, "token", []string{"one", "two"}))
		key = who.Account + "/" + who.Region + "/" + *in.ClientToken
	}
	first, used := m.model.tokens[key]
	used = used && !m.clock.now().After(first.at.Add(directconnect.ClientTokenLife))
	out, ok := call[api.CreateResiliencyGroupResult](m, "CreateResiliencyGroup", who, in)
	if !ok {
		return
	}
	id := *out.ResiliencyGroup.ResiliencyGroupID
	if used {
		if id != first.id {
			m.fatalf("token %s made %s and then %s", key, first.id, id)
		}
		return
	}
	m.model.circles = append(m.model.circles, &circle{
		id: id, account: who.Account, region: who.Region, name: *in.ResiliencyGroupName, tags: wireTags(in.Tags), members: map[string]bool{},
	})
	if key != "" {
		if m.model.tokens == nil {
			m.model.tokens = map[string]madeBy{}
		}
		m.model.tokens[key] = madeBy{id, m.clock.now()}
	}
	m.shownGroup(m.model.circles[len(m.model.circles)-1], *out.ResiliencyGroup)
}

// shownGroup compares a group as answered with the model.
func (m *machine) shownGroup(g *circle, shown api.ResiliencyGroup) {
	m.rt.Helper()
	going := *shown.State == "deleting" || *shown.State == "deleted"
	if *shown.ResiliencyGroupName != g.name || *shown.OwnerAccount != g.account || going != g.going || !maps.Equal(wireTags(shown.Tags), g.tags) {
		m.fatalf("%s is shown as %s, want %+v", g.id, wire(&shown), *g)
	}
}

func (m *machine) getGroup() {
	g := m.oneCircle(func(*circle) bool { return true })
	who := m.caller(g.account, g.region)
	out, ok := call[api.GetResiliencyGroupResult](m, "GetResiliencyGroup", who, &api.GetResiliencyGroupRequest{ResiliencyGroupID: &g.id})
	own := g.account == who.Account && g.region == who.Region
	if ok && !own || !ok && own && !g.going {
		m.fatalf("%s answered to account %s: %t", g.id, who.Account, ok)
	}
	if ok {
		m.shownGroup(g, *out.ResiliencyGroup)
	}
}

func (m *machine) updateGroup() {
	g := m.oneCircle(staying)
	in := &api.UpdateResiliencyGroupRequest{ResiliencyGroupID: &g.id, ResiliencyGroupName: ptr(pick(m.rt, "new name", []string{"renamed", "other", ""}))}
	if out, ok := call[api.UpdateResiliencyGroupResult](m, "UpdateResiliencyGroup", m.caller(g.account, g.region), in); ok {
		g.name = *in.ResiliencyGroupName
		m.shownGroup(g, *out.ResiliencyGroup)
	}
}

func (m *machine) deleteGroup() {
	g := m.oneCircle(func(*circle) bool { return true })
	in := &api.DeleteResiliencyGroupRequest{ResiliencyGroupID: &g.id}
	if out, ok := call[api.DeleteResiliencyGroupResult](m, "DeleteResiliencyGroup", m.caller(g.account, g.region), in); ok {
		g.going, g.members = true, map[string]bool{}
		m.shownGroup(g, *out.ResiliencyGroup)
	}
}

// listGroups: what is there is listed, each once; what is on its way out may be.
func (m *machine) listGroups() {
	who := controlplane.Caller{Account: pick(m.rt, "account", accounts), Region: pick(m.rt, "region", regions)}
	in := &api.ListResiliencyGroupsRequest{MaxResults: m.pageSize()}
	var got []string
	for {
		out, ok := call[api.ListResiliencyGroupsResult](m, "ListResiliencyGroups", who, in)
		if !ok {
			m.rt.Fatal("a list was refused")
		}
		for _, g := range out.Items {
			if *g.OwnerAccount != who.Account {
				m.fatalf("%s of %s is listed for %s", *g.ResiliencyGroupID, *g.OwnerAccount, who.Account)
			}
			if *g.State != "deleting" && *g.State != "deleted" {
				got = append(got, *g.ResiliencyGroupID)
			}
		}
		if in.NextToken = out.NextToken; in.NextToken == nil {
			break
		}
	}
	var want []string
	for _, g := range m.model.circles {
		if g.account == who.Account && g.region == who.Region && !g.going {
			want = append(want, g.id)
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		m.fatalf("ListResiliencyGroups of %s/%s lists %v, want %v", who.Account, who.Region, got, want)
	}
}

// expectedMembers are the connections of a group that are not on their way out.
func (m *machine) expectedMembers(g *circle) []string {
	var ids []string
	for id := range g.members {
		if x := m.model.thing(id); x != nil && x.working() {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

func (m *machine) listMembers() {
	g := m.oneCircle(staying)
	in := &api.ListResiliencyGroupAssociationsRequest{ResiliencyGroupID: &g.id, MaxResults: m.pageSize()}
	var got []string
	for {
		out, ok := call[api.ListResiliencyGroupAssociationsResult](m, "ListResiliencyGroupAssociations", controlplane.Caller{Account: g.account, Region: g.region}, in)
		if !ok {
			return
		}
		for _, item := range out.Items {
			if strings.HasPrefix(*item.State, "associat") {
				got = append(got, connectionOf(*item.ConnectionARN))
			}
		}
		if in.NextToken = out.NextToken; in.NextToken == nil {
			break
		}
	}
	if want := m.expectedMembers(g); !slices.Equal(got, want) {
		m.fatalf("%s has members %v, want %v", g.id, got, want)
	}
}

func connectionOf(arn string) string {
	_, id, _ := strings.Cut(arn, "/")
	return id
}

// putIntoGroup names one to three connections, by their ARNs if they are elsewhere; all of them become members or none.
func (m *machine) putIntoGroup() {
	may := func(g *circle, x *thing) bool {
		return x.working() && x.account == g.account && x.kind != directconnect.Interconnect && !g.members[x.id]
	}
	g := m.oneCircle(func(g *circle) bool {
		return !g.going && slices.ContainsFunc(m.model.things, func(x *thing) bool { return may(g, x) })
	})
	in := &api.AssociateConnectionsToResiliencyGroupRequest{ResiliencyGroupID: &g.id}
	for range 1 + evenly(m.rt, 3, "connections") {
		x := m.one(func(x *thing) bool { return may(g, x) })
		name := x.id
		if x.region != g.region || once(m.rt, 4, "by ARN") {
			name = arnOf("dxcon", x.account, x.region, x.id)
		}
		if !slices.Contains(in.ConnectionIdentifiers, name) {
			in.ConnectionIdentifiers = append(in.ConnectionIdentifiers, name)
		}
	}
	out, ok := call[api.AssociateConnectionsToResiliencyGroupResult](m, "AssociateConnectionsToResiliencyGroup", m.caller(g.account, g.region), in)
	if !ok {
		return
	}
	if len(out.ResiliencyGroupAssociations) != len(in.ConnectionIdentifiers) {
		m.fatalf("%d connections asked, answered %s", len(in.ConnectionIdentifiers), wire(out))
	}
	for _, a := range out.ResiliencyGroupAssociations {
		if *a.State != "associating" {
			m.fatalf("AssociateConnectionsToResiliencyGroup answered %s", wire(out))
		}
		g.members[connectionOf(*a.ConnectionARN)] = true
	}
}

func (m *machine) takeOutOfGroup() {
	g := m.oneCircle(func(g *circle) bool { return !g.going && len(m.expectedMembers(g)) > 0 })
	ids := m.expectedMembers(g)
	if len(ids) == 0 {
		ids = []string{noConnection}
	}
	id := pick(m.rt, "member", ids)
	name, account, region := id, "", ""
	if x := m.model.thing(id); x != nil {
		account, region = x.account, x.region
	}
	if region != g.region || once(m.rt, 4, "by ARN") {
		name = arnOf("dxcon", account, region, id)
	}
	in := &api.DisassociateConnectionsFromResiliencyGroupRequest{ResiliencyGroupID: &g.id, ConnectionIdentifiers: []string{name}}
	if out, ok := call[api.DisassociateConnectionsFromResiliencyGroupResult](m, "DisassociateConnectionsFromResiliencyGroup", m.caller(g.account, g.region), in); ok {
		delete(g.members, id)
		if state := *out.ResiliencyGroupAssociations[0].State; state != "disassociating" && state != "disassociated" {
			m.fatalf("DisassociateConnectionsFromResiliencyGroup answered %s", wire(out))
		}
	}
}

// groupsAtRest: a group stands or is gone, and its members are the connections that were put in and not taken out.
func (m *machine) groupsAtRest(say breach) {
	m.rt.Helper()
	err := m.store.View(m.ctx, func(tx *store.Tx) error {
		for _, c := range m.model.circles {
			g, err := tx.ResiliencyGroup(c.id)
			if !c.going && (err != nil || g.State != directconnect.ResiliencyAvailable) || c.going && err == nil && g.State != directconnect.ResiliencyDeleted {
				say("%s has come to rest as %q (%v)", c.id, g.State, err)
			}
			members, err := tx.Members(store.MemberQuery{GroupID: c.id})
			if err != nil {
				return err
			}
			var got []string
			for _, x := range members {
				if x.State == directconnect.MemberAssociated {
					got = append(got, x.ConnectionID)
				} else if !x.Ended() {
					say("%s in %s has come to rest as %s", x.ConnectionID, c.id, x.State)
				}
			}
			if want := m.expectedMembers(c); !slices.Equal(got, want) {
				say("%s has come to rest with members %v, want %v", c.id, got, want)
			}
		}
		return nil
	})
	if err != nil {
		m.rt.Fatal(err)
	}
}

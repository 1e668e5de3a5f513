package weather

import (
	"cmp"
	"slices"

	"pgregory.net/rapid"

	"onramp/internal/api"
	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
)

func (m *machine) associationActions() map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){
		"CreateDirectConnectGatewayAssociation":            m.step(m.associateGateways),
		"UpdateDirectConnectGatewayAssociation":            m.step(m.updateAssociation),
		"DeleteDirectConnectGatewayAssociation":            m.step(m.deleteAssociation),
		"DescribeDirectConnectGatewayAssociations":         m.step(m.describeAssociations),
		"CreateDirectConnectGatewayAssociationProposal":    m.step(m.propose),
		"AcceptDirectConnectGatewayAssociationProposal":    m.step(m.acceptProposal),
		"DeleteDirectConnectGatewayAssociationProposal":    m.step(m.withdraw),
		"DescribeDirectConnectGatewayAssociationProposals": m.step(m.describeProposals),
	}
}

// oneOf draws one of the identifiers whose stored noun fits, and sometimes another.
func oneOf[T any](m *machine, ids []string, stored map[string]T, want func(T) bool) (string, T) {
	var fit []string
	for _, id := range ids {
		if x, there := stored[id]; there && want(x) {
			fit = append(fit, id)
		}
	}
	if odd := once(m.rt, 20, "odd one"); !odd && len(fit) == 0 {
		panic(nothingFits{})
	} else if odd {
		fit = append([]string{noUUID}, ids...)
	}
	id := pick(m.rt, "which", fit)
	return id, stored[id]
}

func liveAssociation(a directconnect.Association) bool { return a.Live() }

// allowed draws prefixes, of which some overlap.
func (m *machine) allowed() []api.RouteFilterPrefix {
	return prefixList(pick(m.rt, "prefixes", [][]string{{}, {"172.16.0.0/16"}, {"172.17.0.0/16"}, {"172.16.8.0/24"}, {"172.18.0.0/16", "2001:db8:1::/48"}, {"172.18.0.0/15", "x"}}))
}

// farFor draws a gateway of the account's far side that fits to what is on a gateway already, as a rule.
func (m *machine) farFor(account, gateway string) string {
	var fit []string
	for _, f := range registry {
		kind, _ := directconnect.FarKindOf(f.id)
		have := m.seen.kindOf(gateway)
		if f.account == account && f.region == home && (have == "" || (have == directconnect.Transit) == (kind == directconnect.TransitGateway)) {
			fit = append(fit, f.id)
		}
	}
	if len(fit) == 0 || once(m.rt, 12, "any far side") {
		fit = []string{"vgw-ffffffff", registry[0].id, registry[2].id, registry[6].id}
	}
	return pick(m.rt, "far side", fit)
}

func (m *machine) associateGateways() {
	h := m.oneHub(func(g directconnect.Gateway) bool { return usable(g) && len(farOf(g.Account, "")) > 0 })
	in := &api.CreateDirectConnectGatewayAssociationRequest{
		DirectConnectGatewayID: &h.id, GatewayID: ptr(m.farFor(h.account, h.id)), AddAllowedPrefixesToDirectConnectGateway: m.allowed(),
	}
	who := m.caller(h.account, home)
	if out, ok := call[api.CreateDirectConnectGatewayAssociationResult](m, "CreateDirectConnectGatewayAssociation", who, in); ok {
		m.joined(out.DirectConnectGatewayAssociation, who.Account)
	}
}

// joined records an association that was answered as new.
func (m *machine) joined(a *api.DirectConnectGatewayAssociation, owner string) {
	m.rt.Helper()
	if *a.AssociationState != "associating" || *a.DirectConnectGatewayOwnerAccount != owner || slices.Contains(m.model.joins, *a.AssociationID) {
		m.fatalf("an association of %s begins as %s", owner, wire(a))
	}
	m.model.joins = append(m.model.joins, *a.AssociationID)
}

func (m *machine) updateAssociation() {
	id, a := oneOf(m, m.model.joins, m.seen.associations, liveAssociation)
	in := &api.UpdateDirectConnectGatewayAssociationRequest{AssociationID: &id, AddAllowedPrefixesToDirectConnectGateway: m.allowed()}
	if once(m.rt, 2, "take some away") {
		in.RemoveAllowedPrefixesToDirectConnectGateway = m.allowed()
	}
	call[api.UpdateDirectConnectGatewayAssociationResult](m, "UpdateDirectConnectGatewayAssociation", m.caller(a.GatewayOwner, ""), in)
}

func (m *machine) deleteAssociation() {
	id, a := oneOf(m, m.model.joins, m.seen.associations, liveAssociation)
	account := a.GatewayOwner
	if once(m.rt, 3, "by the far side") {
		account = a.Far.Account
	}
	in := &api.DeleteDirectConnectGatewayAssociationRequest{AssociationID: &id}
	if a.Far.Kind == directconnect.VirtualPrivateGateway && once(m.rt, 3, "by its gateways") {
		in = &api.DeleteDirectConnectGatewayAssociationRequest{DirectConnectGatewayID: &a.GatewayID, VirtualGatewayID: &a.FarID}
	}
	out, ok := call[api.DeleteDirectConnectGatewayAssociationResult](m, "DeleteDirectConnectGatewayAssociation", m.caller(account, ""), in)
	if ok && *out.DirectConnectGatewayAssociation.AssociationState != "disassociating" {
		m.fatalf("DeleteDirectConnectGatewayAssociation answered %s", wire(out))
	}
}

func (m *machine) describeAssociations() {
	h := m.oneHub(func(directconnect.Gateway) bool { return true })
	m.listAssociations(m.caller(pick(m.rt, "account", accounts), home), h, m.pageSize())
}

// listAssociations: those of a gateway that the account has a part in, live ones only.
func (m *machine) listAssociations(who controlplane.Caller, h *hub, size *int32) {
	m.rt.Helper()
	in := &api.DescribeDirectConnectGatewayAssociationsRequest{DirectConnectGatewayID: &h.id, MaxResults: size}
	var got, want []string
	for {
		out, ok := call[api.DescribeDirectConnectGatewayAssociationsResult](m, "DescribeDirectConnectGatewayAssociations", who, in)
		if !ok {
			m.rt.Fatal("a list was refused")
		}
		for _, a := range out.DirectConnectGatewayAssociations {
			got = append(got, *a.AssociationID+" "+*a.AssociationState)
		}
		if in.NextToken = out.NextToken; in.NextToken == nil {
			break
		}
	}
	for _, a := range m.seen.associations {
		if a.Live() && a.GatewayID == h.id && (a.GatewayOwner == who.Account || a.Far.Account == who.Account) {
			want = append(want, a.ID+" "+string(a.State))
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		m.fatalf("%s has associations %v for %s, want %v", h.id, got, who.Account, want)
	}
}

// propose asks the owner of a gateway to associate a gateway of another account's.
func (m *machine) propose() {
	h := m.oneHub(usable)
	proposer := pick(m.rt, "proposer", []string{alice, bob, carrier})
	in := &api.CreateDirectConnectGatewayAssociationProposalRequest{
		DirectConnectGatewayID: &h.id, DirectConnectGatewayOwnerAccount: &h.account, GatewayID: ptr(m.farFor(proposer, h.id)),
		AddAllowedPrefixesToDirectConnectGateway: m.allowed(),
	}
	out, ok := call[api.CreateDirectConnectGatewayAssociationProposalResult](m, "CreateDirectConnectGatewayAssociationProposal", m.caller(proposer, home), in)
	if !ok {
		return
	}
	p := out.DirectConnectGatewayAssociationProposal
	if *p.ProposalState != "requested" || *p.DirectConnectGatewayOwnerAccount != h.account {
		m.fatalf("CreateDirectConnectGatewayAssociationProposal answered %s", wire(out))
	}
	m.model.proposals = append(m.model.proposals, *p.ProposalID)
}

func open(p directconnect.Proposal) bool { return p.State == directconnect.ProposalRequested }

func (m *machine) acceptProposal() {
	id, p := oneOf(m, m.model.proposals, m.seen.proposals, open)
	in := &api.AcceptDirectConnectGatewayAssociationProposalRequest{
		ProposalID: &id, DirectConnectGatewayID: ptr(cmp.Or(p.GatewayID, noUUID)), AssociatedGatewayOwnerAccount: ptr(cmp.Or(p.Proposer, alice)),
	}
	if once(m.rt, 3, "other prefixes") {
		in.OverrideAllowedPrefixesToDirectConnectGateway = m.allowed()
	}
	who := m.caller(p.GatewayOwner, home)
	out, ok := call[api.AcceptDirectConnectGatewayAssociationProposalResult](m, "AcceptDirectConnectGatewayAssociationProposal", who, in)
	if !ok {
		return
	}
	if !open(p.Lapse(m.clock.now())) || who.Account != p.GatewayOwner {
		m.fatalf("proposal %s of %s was %s and accepted by %s", id, p.Proposer, p.State, who.Account)
	}
	if a := out.DirectConnectGatewayAssociation; !slices.Contains(m.model.joins, *a.AssociationID) {
		m.joined(a, who.Account)
	}
}

func (m *machine) withdraw() {
	id, p := oneOf(m, m.model.proposals, m.seen.proposals, open)
	who := m.caller(p.Proposer, home)
	out, ok := call[api.DeleteDirectConnectGatewayAssociationProposalResult](m, "DeleteDirectConnectGatewayAssociationProposal", who, &api.DeleteDirectConnectGatewayAssociationProposalRequest{ProposalID: &id})
	if ok && (who.Account != p.Proposer || *out.DirectConnectGatewayAssociationProposal.ProposalState != "deleted") {
		m.fatalf("DeleteDirectConnectGatewayAssociationProposal answered %s to %s", wire(out), who.Account)
	}
}

func (m *machine) describeProposals() {
	m.listProposals(controlplane.Caller{Account: pick(m.rt, "account", accounts), Region: pick(m.rt, "region", regions)}, m.pageSize())
}

// listProposals: open ones and, for three days, others; as they stand at the time, whether that was saved or not. A page
// may have fewer, or none, where some are no longer shown.
func (m *machine) listProposals(who controlplane.Caller, size *int32) {
	m.rt.Helper()
	in := &api.DescribeDirectConnectGatewayAssociationProposalsRequest{MaxResults: size}
	var got, want []string
	for {
		out, ok := call[api.DescribeDirectConnectGatewayAssociationProposalsResult](m, "DescribeDirectConnectGatewayAssociationProposals", who, in)
		if !ok {
			m.rt.Fatal("a list was refused")
		}
		for _, p := range out.DirectConnectGatewayAssociationProposals {
			got = append(got, *p.ProposalID+" "+*p.ProposalState)
		}
		if in.NextToken = out.NextToken; in.NextToken == nil {
			break
		}
	}
	for _, p := range m.seen.proposals {
		if p = p.Lapse(m.clock.now()); p.Shown(m.clock.now()) && (p.GatewayOwner == who.Account || p.Proposer == who.Account) {
			want = append(want, p.ID+" "+string(p.State))
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		m.fatalf("DescribeDirectConnectGatewayAssociationProposals of %s lists %v, want %v", who.Account, got, want)
	}
}

package weather

import (
	"slices"
	"strings"

	"pgregory.net/rapid"

	"onramp/internal/api"
	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
)

// hub is what the model knows of a Direct Connect gateway.
type hub struct {
	id, account, name string
	tags              map[string]string
}

const noUUID = "00000000-0000-4000-8000-000000000000"

// farEntry is a line of the operator's registry.
type farEntry struct {
	id, account, region string
	asn                 int64
	cidrs               []string
}

// registry is what is on the far side: bob's first network overlaps one of alice's.
var registry = []farEntry{
	{"vgw-0000000a", alice, home, 64512, []string{"10.10.0.0/16"}},
	{"vgw-0000000b", alice, home, 65100, []string{"10.11.0.0/16", "10.12.0.0/16"}},
	{"tgw-0000000000000000a", alice, home, 64600, nil},
	{"vgw-0000000c", bob, home, 64512, []string{"10.10.128.0/17"}},
	{"vgw-0000000d", bob, home, 64512, []string{"10.20.0.0/16"}},
	{"tgw-0000000000000000b", bob, home, 64601, nil},
	{"tgw-0000000000000000c", bob, away, 64601, nil},
	{"vgw-0000000e", carrier, home, 64512, []string{"10.30.0.0/16"}},
	{"tgw-0000000000000000d", carrier, home, 64602, nil},
}

// farOf are the IDs of an account's gateways of a kind.
func farOf(account, kind string) []string {
	var ids []string
	for _, f := range registry {
		if f.account == account && strings.HasPrefix(f.id, kind) {
			ids = append(ids, f.id)
		}
	}
	return ids
}

func (m *machine) gatewayActions() map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){
		"CreateDirectConnectGateway":              m.step(m.createGateway),
		"UpdateDirectConnectGateway":              m.step(m.updateGateway),
		"DeleteDirectConnectGateway":              m.step(m.deleteGateway),
		"DescribeDirectConnectGateways":           m.step(m.describeGateways),
		"DescribeDirectConnectGatewayAttachments": m.step(m.describeAttachments),
		"DescribeVirtualGateways":                 m.step(m.describeVirtualGateways),
	}
}

// usable says whether a gateway takes attachments and associations.
func usable(g directconnect.Gateway) bool { return g.Usable() == nil && g.ID != "" }

func (m *machine) oneHub(want func(directconnect.Gateway) bool) *hub {
	var fit []*hub
	for _, h := range m.model.hubs {
		if g, stored := m.seen.gateways[h.id]; stored && want(g) {
			fit = append(fit, h)
		}
	}
	if odd := once(m.rt, 20, "odd gateway"); !odd && len(fit) == 0 {
		panic(nothingFits{})
	} else if odd {
		fit = append([]*hub{{id: noUUID}}, m.model.hubs...)
	}
	return pick(m.rt, "gateway", fit)
}

// gatewayOf draws a gateway of the account's that takes such an interface, as a rule.
func (m *machine) gatewayOf(account string, t directconnect.InterfaceType) string {
	return m.oneHub(func(g directconnect.Gateway) bool {
		kind := m.seen.kindOf(g.ID)
		return usable(g) && g.Account == account && (kind == "" || kind == t)
	}).id
}

func (m *machine) createGateway() {
	who := m.caller(pick(m.rt, "owner", []string{alice, bob, bob, carrier, carrier, open1}), home)
	in := &api.CreateDirectConnectGatewayRequest{DirectConnectGatewayName: m.name(), Tags: m.tagList()}
	in.AmazonSideASN = pick(m.rt, "ASN", []*int64{nil, nil, ptr(int64(65200)), ptr(int64(64601)), ptr(int64(7))})
	if out, ok := call[api.CreateDirectConnectGatewayResult](m, "CreateDirectConnectGateway", who, in); ok {
		g := out.DirectConnectGateway
		if *g.DirectConnectGatewayState != "pending" || *g.OwnerAccount != who.Account {
			m.fatalf("CreateDirectConnectGateway answered %s", wire(out))
		}
		m.model.hubs = append(m.model.hubs, &hub{*g.DirectConnectGatewayID, who.Account, *g.DirectConnectGatewayName, wireTags(in.Tags)})
	}
}

func (m *machine) updateGateway() {
	h := m.oneHub(usable)
	in := &api.UpdateDirectConnectGatewayRequest{DirectConnectGatewayID: &h.id, NewDirectConnectGatewayName: ptr(pick(m.rt, "new name", []string{"renamed", "other", ""}))}
	if _, ok := call[api.UpdateDirectConnectGatewayResponse](m, "UpdateDirectConnectGateway", m.caller(h.account, ""), in); ok {
		h.name = *in.NewDirectConnectGatewayName
	}
}

func (m *machine) deleteGateway() {
	h := m.oneHub(directconnect.Gateway.Live)
	out, ok := call[api.DeleteDirectConnectGatewayResult](m, "DeleteDirectConnectGateway", m.caller(h.account, ""), &api.DeleteDirectConnectGatewayRequest{DirectConnectGatewayID: &h.id})
	if ok && (*out.DirectConnectGateway.DirectConnectGatewayState != "deleting" || m.seen.holds(h.id)) {
		m.fatalf("%s was deleted with something on it: %s", h.id, wire(out))
	}
}

func (m *machine) describeGateways() {
	m.listGateways(pick(m.rt, "account", accounts), pick(m.rt, "region", regions), m.pageSize())
}

// listGateways: every live gateway of the account is listed, from every Region, with the sum of its interfaces' pools.
func (m *machine) listGateways(account, region string, size *int32) {
	m.rt.Helper()
	in := &api.DescribeDirectConnectGatewaysRequest{MaxResults: size}
	var got, want []string
	for {
		out, ok := call[api.DescribeDirectConnectGatewaysResult](m, "DescribeDirectConnectGateways", controlplane.Caller{Account: account, Region: region}, in)
		if !ok {
			m.rt.Fatal("a list was refused")
		}
		for _, g := range out.DirectConnectGateways {
			got = append(got, *g.DirectConnectGatewayID)
			h, sum := m.model.hub(*g.DirectConnectGatewayID), m.seen.poolsOn(*g.DirectConnectGatewayID)
			if h == nil || *g.DirectConnectGatewayName != h.name || *g.TotalPrefixPoolAllocations != sum {
				m.fatalf("a gateway is shown as %s, want %+v with %d prefixes", wire(&g), h, sum)
			}
			same(h.id, h.tags, wireTags(g.Tags), "tags", func(format string, args ...any) { m.fatalf("as shown, "+format, args...) })
		}
		if in.NextToken = out.NextToken; in.NextToken == nil {
			break
		}
	}
	for _, h := range m.model.hubs {
		if g, stored := m.seen.gateways[h.id]; stored && g.Live() && h.account == account {
			want = append(want, h.id)
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		m.fatalf("DescribeDirectConnectGateways of %s lists %v, want %v", account, got, want)
	}
}

// describeAttachments: what hangs on a gateway is what the interfaces say.
func (m *machine) describeAttachments() {
	h := m.oneHub(func(directconnect.Gateway) bool { return true })
	m.listAttachments(m.caller(h.account, ""), h, m.pageSize())
}

func (m *machine) listAttachments(who controlplane.Caller, h *hub, size *int32) {
	m.rt.Helper()
	in := &api.DescribeDirectConnectGatewayAttachmentsRequest{DirectConnectGatewayID: &h.id, MaxResults: size}
	var got, want []string
	for {
		out, ok := call[api.DescribeDirectConnectGatewayAttachmentsResult](m, "DescribeDirectConnectGatewayAttachments", who, in)
		if !ok {
			m.rt.Fatal("a list was refused")
		}
		for _, a := range out.DirectConnectGatewayAttachments {
			got = append(got, *a.VirtualInterfaceID+" "+*a.AttachmentState)
		}
		if in.NextToken = out.NextToken; in.NextToken == nil {
			break
		}
	}
	for _, v := range m.seen.interfaces {
		if state, on := v.AttachmentState(); on && v.GatewayID == h.id && v.Account == who.Account && (v.Live() || !v.Deleted.Before(m.clock.now().Add(-listedInterface))) {
			want = append(want, v.ID+" "+string(state))
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		m.fatalf("%s has attachments %v, want %v", h.id, got, want)
	}
}

func (m *machine) describeVirtualGateways() {
	who := m.caller("", home)
	out, ok := call[api.VirtualGateways](m, "DescribeVirtualGateways", who, &api.DescribeVirtualGatewaysRequest{})
	if !ok {
		m.rt.Fatal("DescribeVirtualGateways was refused")
	}
	n := 0
	for _, f := range registry {
		if f.account == who.Account && f.region == who.Region && strings.HasPrefix(f.id, "vgw") {
			n++
		}
	}
	if len(out.VirtualGateways) != n {
		m.fatalf("%s/%s has virtual gateways %s, want %d", who.Account, who.Region, wire(out), n)
	}
}

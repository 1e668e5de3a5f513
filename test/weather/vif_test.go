package weather

import (
	"pgregory.net/rapid"

	"onramp/internal/api"
	"onramp/internal/directconnect"
)

// lane is what the model knows of a virtual interface. Where it runs and how it stands is read from the store: laws say
// what must hold there.
type lane struct {
	id, account, region string
	kind                directconnect.InterfaceType
	name                string
	tags                map[string]string
}

// noInterface has the right shape and names nothing.
const noInterface = "dxvif-fzzzzzzz"

func (m *machine) interfaceActions() map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){
		"CreatePrivateVirtualInterface":   m.step(m.createPrivate),
		"CreatePublicVirtualInterface":    m.step(m.createPublic),
		"CreateTransitVirtualInterface":   m.step(m.createTransit),
		"AllocatePrivateVirtualInterface": m.step(func() { m.allocateInterface(directconnect.Private) }),
		"AllocatePublicVirtualInterface":  m.step(func() { m.allocateInterface(directconnect.Public) }),
		"AllocateTransitVirtualInterface": m.step(func() { m.allocateInterface(directconnect.Transit) }),
		"ConfirmPrivateVirtualInterface":  m.step(func() { m.confirmInterface(directconnect.Private) }),
		"ConfirmPublicVirtualInterface":   m.step(func() { m.confirmInterface(directconnect.Public) }),
		"ConfirmTransitVirtualInterface":  m.step(func() { m.confirmInterface(directconnect.Transit) }),
	}
}

// link is a connection or LAG that an interface may be put on.
type link struct{ id, account, region string }

// oneLink draws one that carries interfaces, and sometimes any other.
func (m *machine) oneLink() link {
	var fit, odd []link
	for _, x := range m.model.things {
		c := m.seen.connections[x.id]
		l := link{x.id, x.account, x.region}
		if odd = append(odd, l); x.kind != directconnect.Interconnect && x.lag == "" && c.CarriesInterfaces() {
			fit = append(fit, l)
		}
	}
	for _, b := range m.model.bundles {
		l := link{b.id, b.account, b.region}
		if odd = append(odd, l); b.live() {
			fit = append(fit, l)
		}
	}
	if strange := once(m.rt, 20, "odd link"); !strange && len(fit) == 0 {
		panic(nothingFits{})
	} else if strange {
		fit = append(odd, link{id: noConnection})
	}
	return pick(m.rt, "link", fit)
}

// oneLane draws an interface that fits, and sometimes any other or an identifier that is nobody's.
func (m *machine) oneLane(want func(directconnect.VirtualInterface) bool) (*lane, directconnect.VirtualInterface) {
	var fit []*lane
	for _, l := range m.model.lanes {
		if v, stored := m.seen.interfaces[l.id]; stored && want(v) {
			fit = append(fit, l)
		}
	}
	if odd := once(m.rt, 20, "odd interface"); !odd && len(fit) == 0 {
		panic(nothingFits{})
	} else if odd {
		fit = append([]*lane{{id: noInterface}}, m.model.lanes...)
	}
	l := pick(m.rt, "interface", fit)
	return l, m.seen.interfaces[l.id]
}

func workingLane(v directconnect.VirtualInterface) bool { return v.Working() }

// peer is a session as the six shapes of a new interface and CreateBGPPeer ask for it.
type peer struct {
	asn                           *int32
	long                          *int64
	key, family, amazon, customer *string
}

// Subnets are few, and some overlap.
var (
	privateEnds = [][2]string{{"10.1.1.1/30", "10.1.1.2/30"}, {"10.1.1.5/30", "10.1.1.6/30"}, {"10.1.1.1/28", "10.1.1.2/28"}, {"10.1.2.0/31", "10.1.2.1/31"}, {"10.1.1.0/30", "10.1.1.2/30"}}
	publicEnds  = [][2]string{{"198.51.100.1/30", "198.51.100.2/30"}, {"198.51.100.5/30", "198.51.100.6/30"}, {"198.51.100.9/30", "198.51.100.10/30"}, {"198.51.100.1/28", "198.51.100.2/28"}, {"10.1.1.1/30", "10.1.1.2/30"}}
)

func (m *machine) peer(t directconnect.InterfaceType) peer {
	p := peer{asn: ptr(pick(m.rt, "ASN", []int32{65000, 65000, 65001, 64512}))}
	if once(m.rt, 4, "long ASN") {
		p.asn, p.long = nil, ptr(int64(4200000001))
	}
	if once(m.rt, 4, "own key") {
		p.key = ptr(pick(m.rt, "key", []string{"weather-key", "weather-key", "short"}))
	}
	if once(m.rt, 3, "IPv6") {
		p.family = ptr("ipv6")
		return p
	}
	ends := privateEnds
	if t == directconnect.Public {
		ends = publicEnds
	}
	if t == directconnect.Public || once(m.rt, 3, "own addresses") {
		e := pick(m.rt, "addresses", ends)
		p.amazon, p.customer = &e[0], &e[1]
	}
	return p
}

// interfaceVLAN is one of few, so that they meet.
func (m *machine) interfaceVLAN() *int32 {
	return ptr(pick(m.rt, "VLAN", []int32{100, 101, 102, 103, 104, 105, 106, 4094, 4095}))
}

func (m *machine) rateLimit() *string {
	return pick(m.rt, "rate", []*string{nil, nil, nil, ptr("50Mbps"), ptr("1Gbps"), ptr("9Gbps"), ptr("7Mbps")})
}

func (m *machine) pool() *int32 {
	return pick(m.rt, "pool", []*int32{nil, nil, nil, ptr(int32(1)), ptr(int32(1000)), ptr(int32(1000)), ptr(int32(1001))})
}

func (m *machine) filter() []api.RouteFilterPrefix {
	return prefixList(pick(m.rt, "filter", [][]string{{"203.0.113.0/24"}, {"203.0.113.0/24", "198.51.100.0/24"}, {"2001:db8::/32"}, {}}))
}

func prefixList(cidrs []string) []api.RouteFilterPrefix {
	list := []api.RouteFilterPrefix{}
	for _, c := range cidrs {
		list = append(list, api.RouteFilterPrefix{Cidr: &c})
	}
	return list
}

// adoptLane records what an answer says was made.
func (m *machine) adoptLane(v *api.VirtualInterface, state directconnect.InterfaceState, owner, region string, tags []api.Tag) {
	m.rt.Helper()
	l := &lane{
		id: *v.VirtualInterfaceID, account: owner, region: region, kind: directconnect.InterfaceType(*v.VirtualInterfaceType),
		name: *v.VirtualInterfaceName, tags: wireTags(tags),
	}
	if *v.OwnerAccount != owner || *v.VirtualInterfaceState != string(state) || len(v.BgpPeers) != 1 {
		m.fatalf("an interface of %s begins as %s, want %s", owner, wire(v), state)
	}
	m.model.lanes = append(m.model.lanes, l)
}

// farEnd draws what a private interface leads to: a virtual private gateway or a Direct Connect gateway of the account's.
func (m *machine) farEnd(account string) (vgw, dxgw *string) {
	if direct := farOf(account, "vgw"); len(direct) > 0 && once(m.rt, 2, "directly") {
		return ptr(pick(m.rt, "vgw", direct)), nil
	}
	return nil, ptr(m.gatewayOf(account, directconnect.Private))
}

func (m *machine) createPrivate() {
	on, p := m.oneLink(), m.peer(directconnect.Private)
	vgw, dxgw := m.farEnd(on.account)
	n := &api.NewPrivateVirtualInterface{
		VirtualInterfaceName: m.name(), Vlan: m.interfaceVLAN(), ASN: p.asn, ASNLong: p.long, AuthKey: p.key, AddressFamily: p.family,
		AmazonAddress: p.amazon, CustomerAddress: p.customer, VirtualGatewayID: vgw, DirectConnectGatewayID: dxgw, RateLimit: m.rateLimit(),
		PrefixPoolAllocatedCountIpv4: m.pool(), PrefixPoolAllocatedCountIpv6: m.pool(), Tags: m.tagList(),
		Mtu: pick(m.rt, "MTU", []*int32{nil, ptr(int32(1500)), ptr(int32(9001)), ptr(int32(9000))}),
	}
	if dxgw != nil {
		n.EnableSiteLink = ptr(once(m.rt, 2, "SiteLink"))
	}
	who := m.caller(on.account, on.region)
	in := &api.CreatePrivateVirtualInterfaceRequest{ConnectionID: &on.id, NewPrivateVirtualInterface: n}
	if out, ok := call[api.VirtualInterface](m, "CreatePrivateVirtualInterface", who, in); ok {
		m.adoptLane(out, directconnect.InterfacePending, who.Account, who.Region, n.Tags)
	}
}

func (m *machine) createPublic() {
	on, p := m.oneLink(), m.peer(directconnect.Public)
	n := &api.NewPublicVirtualInterface{
		VirtualInterfaceName: m.name(), Vlan: m.interfaceVLAN(), ASN: p.asn, ASNLong: p.long, AuthKey: p.key, AddressFamily: p.family,
		AmazonAddress: p.amazon, CustomerAddress: p.customer, RouteFilterPrefixes: m.filter(), RateLimit: m.rateLimit(), Tags: m.tagList(),
	}
	who := m.caller(on.account, on.region)
	in := &api.CreatePublicVirtualInterfaceRequest{ConnectionID: &on.id, NewPublicVirtualInterface: n}
	if out, ok := call[api.VirtualInterface](m, "CreatePublicVirtualInterface", who, in); ok {
		m.adoptLane(out, directconnect.InterfaceVerifying, who.Account, who.Region, n.Tags)
	}
}

func (m *machine) createTransit() {
	on, p := m.oneLink(), m.peer(directconnect.Transit)
	n := &api.NewTransitVirtualInterface{
		VirtualInterfaceName: m.name(), Vlan: m.interfaceVLAN(), ASN: p.asn, ASNLong: p.long, AuthKey: p.key, AddressFamily: p.family,
		AmazonAddress: p.amazon, CustomerAddress: p.customer, DirectConnectGatewayID: ptr(m.gatewayOf(on.account, directconnect.Transit)),
		RateLimit: m.rateLimit(), PrefixPoolAllocatedCountIpv4: m.pool(), EnableSiteLink: ptr(once(m.rt, 2, "SiteLink")), Tags: m.tagList(),
		Mtu: pick(m.rt, "MTU", []*int32{nil, ptr(int32(8500)), ptr(int32(9001))}),
	}
	who := m.caller(on.account, on.region)
	in := &api.CreateTransitVirtualInterfaceRequest{ConnectionID: &on.id, NewTransitVirtualInterface: n}
	if out, ok := call[api.CreateTransitVirtualInterfaceResult](m, "CreateTransitVirtualInterface", who, in); ok {
		m.adoptLane(out.VirtualInterface, directconnect.InterfacePending, who.Account, who.Region, n.Tags)
	}
}

// allocateInterface makes one for another account.
func (m *machine) allocateInterface(t directconnect.InterfaceType) {
	on, p, name, vlan, rate, tags := m.oneLink(), m.peer(t), m.name(), m.interfaceVLAN(), m.rateLimit(), m.tagList()
	who, owner := m.caller(on.account, on.region), pick(m.rt, "owner", accounts)
	var made *api.VirtualInterface
	ok := false
	switch t {
	case directconnect.Private:
		made, ok = call[api.VirtualInterface](m, "AllocatePrivateVirtualInterface", who, &api.AllocatePrivateVirtualInterfaceRequest{
			ConnectionID: &on.id, OwnerAccount: &owner, NewPrivateVirtualInterfaceAllocation: &api.NewPrivateVirtualInterfaceAllocation{
				VirtualInterfaceName: name, Vlan: vlan, ASN: p.asn, ASNLong: p.long, AuthKey: p.key, AddressFamily: p.family,
				AmazonAddress: p.amazon, CustomerAddress: p.customer, RateLimit: rate, Tags: tags,
			}})
	case directconnect.Public:
		made, ok = call[api.VirtualInterface](m, "AllocatePublicVirtualInterface", who, &api.AllocatePublicVirtualInterfaceRequest{
			ConnectionID: &on.id, OwnerAccount: &owner, NewPublicVirtualInterfaceAllocation: &api.NewPublicVirtualInterfaceAllocation{
				VirtualInterfaceName: name, Vlan: vlan, ASN: p.asn, ASNLong: p.long, AuthKey: p.key, AddressFamily: p.family,
				AmazonAddress: p.amazon, CustomerAddress: p.customer, RateLimit: rate, Tags: tags, RouteFilterPrefixes: m.filter(),
			}})
	case directconnect.Transit:
		var out *api.AllocateTransitVirtualInterfaceResult
		if out, ok = call[api.AllocateTransitVirtualInterfaceResult](m, "AllocateTransitVirtualInterface", who, &api.AllocateTransitVirtualInterfaceRequest{
			ConnectionID: &on.id, OwnerAccount: &owner, NewTransitVirtualInterfaceAllocation: &api.NewTransitVirtualInterfaceAllocation{
				VirtualInterfaceName: name, Vlan: vlan, ASN: p.asn, ASNLong: p.long, AuthKey: p.key, AddressFamily: p.family,
				AmazonAddress: p.amazon, CustomerAddress: p.customer, RateLimit: rate, Tags: tags,
			}}); ok {
			made = out.VirtualInterface
		}
	}
	if ok {
		m.adoptLane(made, directconnect.InterfaceConfirming, owner, who.Region, tags)
	}
}

func (m *machine) confirmInterface(t directconnect.InterfaceType) {
	l, _ := m.oneLane(func(v directconnect.VirtualInterface) bool {
		return v.State == directconnect.InterfaceConfirming && v.Type == t
	})
	who := m.caller(l.account, l.region)
	var state *string
	switch t {
	case directconnect.Private:
		vgw, dxgw := m.farEnd(l.account)
		if out, ok := call[api.ConfirmPrivateVirtualInterfaceResponse](m, "ConfirmPrivateVirtualInterface", who, &api.ConfirmPrivateVirtualInterfaceRequest{
			VirtualInterfaceID: &l.id, VirtualGatewayID: vgw, DirectConnectGatewayID: dxgw}); ok {
			state = out.VirtualInterfaceState
		}
	case directconnect.Public:
		if out, ok := call[api.ConfirmPublicVirtualInterfaceResponse](m, "ConfirmPublicVirtualInterface", who, &api.ConfirmPublicVirtualInterfaceRequest{VirtualInterfaceID: &l.id}); ok {
			state = out.VirtualInterfaceState
		}
	case directconnect.Transit:
		if out, ok := call[api.ConfirmTransitVirtualInterfaceResponse](m, "ConfirmTransitVirtualInterface", who, &api.ConfirmTransitVirtualInterfaceRequest{
			VirtualInterfaceID: &l.id, DirectConnectGatewayID: ptr(m.gatewayOf(l.account, directconnect.Transit))}); ok {
			state = out.VirtualInterfaceState
		}
	}
	if state != nil && (m.seen.interfaces[l.id].State != directconnect.InterfaceConfirming || who.Account != l.account) {
		m.fatalf("%s was %s and is confirmed by %s as %s", l.id, m.seen.interfaces[l.id].State, who.Account, *state)
	}
}

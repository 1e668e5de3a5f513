package weather

import (
	"slices"
	"time"

	"pgregory.net/rapid"

	"onramp/internal/api"
	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
)

// listedInterface is how long an ended interface is listed: fewer than 15 minutes.
const listedInterface = 15*time.Minute - time.Microsecond

func (m *machine) interfaceChangeActions() map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){
		"UpdateVirtualInterfaceAttributes": m.step(m.updateInterface),
		"AssociateVirtualInterface":        m.step(m.moveInterface),
		"DeleteVirtualInterface":           m.step(m.deleteInterface),
		"DescribeVirtualInterfaces":        m.step(m.describeInterfaces),
		"CreateBGPPeer":                    m.step(m.createPeer),
		"DeleteBGPPeer":                    m.step(m.deletePeer),
	}
}

// either is the interface's owner or its connection's.
func (m *machine) either(l *lane, v directconnect.VirtualInterface) controlplane.Caller {
	if v.ConnectionOwner != "" && v.ConnectionOwner != l.account && once(m.rt, 2, "by the connection's owner") {
		return m.caller(v.ConnectionOwner, l.region)
	}
	return m.caller(l.account, l.region)
}

func (m *machine) updateInterface() {
	l, v := m.oneLane(workingLane)
	in := &api.UpdateVirtualInterfaceAttributesRequest{VirtualInterfaceID: &l.id}
	switch evenly(m.rt, 5, "change") {
	case 0:
		in.VirtualInterfaceName = ptr(pick(m.rt, "new name", []string{"renamed", "other", ""}))
	case 1:
		in.Mtu = ptr(pick(m.rt, "MTU", []int32{1500, 8500, 8500, 9000}))
	case 2:
		in.EnableSiteLink = ptr(once(m.rt, 2, "SiteLink"))
	case 3:
		in.RateLimit = ptr(pick(m.rt, "rate", []string{"none", "100Mbps", "2Gbps", "fast"}))
	case 4:
		in.PrefixPoolAllocatedCountIpv4, in.PrefixPoolAllocatedCountIpv6 = m.pool(), m.pool()
	}
	if out, ok := call[api.VirtualInterface](m, "UpdateVirtualInterfaceAttributes", m.either(l, v), in); ok {
		if in.VirtualInterfaceName != nil {
			l.name = *in.VirtualInterfaceName
		}
		if *out.VirtualInterfaceName != l.name || in.Mtu != nil && *out.Mtu != *in.Mtu {
			m.fatalf("UpdateVirtualInterfaceAttributes answered %s", wire(out))
		}
	}
}

func (m *machine) moveInterface() {
	l, v := m.oneLane(workingLane)
	to := m.oneLink()
	account := v.ConnectionOwner
	if to.account == l.account {
		account = l.account
	}
	in := &api.AssociateVirtualInterfaceRequest{ConnectionID: &to.id, VirtualInterfaceID: &l.id}
	if out, ok := call[api.VirtualInterface](m, "AssociateVirtualInterface", m.caller(account, l.region), in); ok && *out.ConnectionID != to.id {
		m.fatalf("AssociateVirtualInterface answered %s", wire(out))
	}
}

func (m *machine) deleteInterface() {
	l, v := m.oneLane(directconnect.VirtualInterface.Live)
	who := m.either(l, v)
	out, ok := call[api.DeleteVirtualInterfaceResponse](m, "DeleteVirtualInterface", who, &api.DeleteVirtualInterfaceRequest{VirtualInterfaceID: &l.id})
	if !ok {
		return
	}
	want := "deleting"
	switch {
	case !v.Live():
		want = string(v.State)
	case v.State == directconnect.InterfaceConfirming && who.Account == l.account && l.account != v.ConnectionOwner:
		want = "rejected"
	}
	if *out.VirtualInterfaceState != want {
		m.fatalf("%s was %s and is deleted by %s as %s, want %s", l.id, v.State, who.Account, *out.VirtualInterfaceState, want)
	}
}

// shownTo says whether an account sees an interface.
func (m *machine) shownTo(who controlplane.Caller, l *lane) bool {
	v, stored := m.seen.interfaces[l.id]
	return stored && l.region == who.Region && (l.account == who.Account || v.ConnectionOwner == who.Account) &&
		(v.Live() || !v.Deleted.Before(m.clock.now().Add(-listedInterface)))
}

func (m *machine) describeInterfaces() {
	switch evenly(m.rt, 3, "which") {
	case 0:
		l, v := m.oneLane(func(directconnect.VirtualInterface) bool { return true })
		who := m.either(l, v)
		out, ok := call[api.VirtualInterfaces](m, "DescribeVirtualInterfaces", who, &api.DescribeVirtualInterfacesRequest{VirtualInterfaceID: &l.id})
		if !ok || (len(out.VirtualInterfaces) == 1) != m.shownTo(who, l) {
			m.fatalf("%s is shown to %s: %s", l.id, who.Account, wire(out))
		}
	case 1:
		on := m.oneLink()
		m.listInterfaces(controlplane.Caller{Account: pick(m.rt, "account", accounts), Region: on.region}, &on.id, m.pageSize())
	case 2:
		m.listInterfaces(controlplane.Caller{Account: pick(m.rt, "account", accounts), Region: pick(m.rt, "region", regions)}, nil, m.pageSize())
	}
}

// listInterfaces holds a list against the model and what is stored.
func (m *machine) listInterfaces(who controlplane.Caller, parent *string, size *int32) {
	m.rt.Helper()
	if who.Region == "" {
		who.Region = home
	}
	in := &api.DescribeVirtualInterfacesRequest{ConnectionID: parent, MaxResults: size}
	var got, want []string
	for {
		out, ok := call[api.VirtualInterfaces](m, "DescribeVirtualInterfaces", who, in)
		if !ok {
			m.rt.Fatal("a list was refused")
		}
		for _, v := range out.VirtualInterfaces {
			got = append(got, *v.VirtualInterfaceID)
			m.shownInterface(who, v)
		}
		if in.NextToken = out.NextToken; in.NextToken == nil {
			break
		}
	}
	for _, l := range m.model.lanes {
		if m.shownTo(who, l) && (parent == nil || m.seen.interfaces[l.id].ParentID == *parent) {
			want = append(want, l.id)
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		m.fatalf("DescribeVirtualInterfaces of %s/%s lists %v, want %v", who.Account, who.Region, got, want)
	}
}

func (m *machine) shownInterface(who controlplane.Caller, shown api.VirtualInterface) {
	m.rt.Helper()
	l := m.model.lane(*shown.VirtualInterfaceID)
	if l == nil {
		m.fatalf("%s is shown and was never made", *shown.VirtualInterfaceID)
	}
	v := m.seen.interfaces[l.id]
	tags := l.tags
	if who.Account != l.account {
		tags = map[string]string{}
	}
	same(l.id, tags, wireTags(shown.Tags), "tags", func(format string, args ...any) { m.fatalf("as shown, "+format, args...) })
	if *shown.VirtualInterfaceName != l.name || *shown.Vlan != v.VLAN || *shown.ConnectionID != v.ParentID || *shown.VirtualInterfaceState != string(v.State) || len(shown.BgpPeers) != len(v.Peers) {
		m.fatalf("%s is shown as %s, and stored as %s %d on %s with %d peers", l.id, wire(&shown), v.State, v.VLAN, v.ParentID, len(v.Peers))
	}
}

func (m *machine) createPeer() {
	l, v := m.oneLane(workingLane)
	p := m.peer(v.Type)
	in := &api.CreateBGPPeerRequest{VirtualInterfaceID: &l.id, NewBGPPeer: &api.NewBGPPeer{
		ASN: p.asn, ASNLong: p.long, AuthKey: p.key, AddressFamily: p.family, AmazonAddress: p.amazon, CustomerAddress: p.customer,
	}}
	if out, ok := call[api.CreateBGPPeerResponse](m, "CreateBGPPeer", m.either(l, v), in); ok && len(out.VirtualInterface.BgpPeers) != len(v.Peers)+1 {
		m.fatalf("CreateBGPPeer answered %s", wire(out))
	}
}

func (m *machine) deletePeer() {
	l, v := m.oneLane(func(v directconnect.VirtualInterface) bool { return v.Working() && len(v.Peers) > 1 })
	in := &api.DeleteBGPPeerRequest{VirtualInterfaceID: &l.id, BgpPeerID: ptr("dxpeer-fzzzzzzz")}
	if len(v.Peers) > 0 {
		p := pick(m.rt, "peer", v.Peers)
		in.BgpPeerID = &p.ID
		if once(m.rt, 3, "by address") {
			in.BgpPeerID, in.ASNLong, in.CustomerAddress = nil, &p.ASN, ptr(directconnect.FormatAddress(p.Customer))
		}
	}
	call[api.DeleteBGPPeerResponse](m, "DeleteBGPPeer", m.either(l, v), in)
}

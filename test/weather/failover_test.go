package weather

import (
	"cmp"
	"slices"

	"pgregory.net/rapid"

	"onramp/internal/api"
	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
)

func (m *machine) failoverActions() map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){
		"StartBgpFailoverTest":            m.step(m.startTest),
		"StopBgpFailoverTest":             m.step(m.stopTest),
		"ListVirtualInterfaceTestHistory": m.step(m.testHistory),
		"ListVirtualInterfaceRoutes":      m.step(m.listRoutes),
		"DescribeRouterConfiguration":     m.step(m.routerConfiguration),
	}
}

func testable(v directconnect.VirtualInterface) bool {
	return v.State == directconnect.InterfaceAvailable || v.State == directconnect.InterfaceDown
}

func (m *machine) startTest() {
	l, v := m.oneLane(testable)
	in := &api.StartBgpFailoverTestRequest{VirtualInterfaceID: &l.id, TestDurationInMinutes: pick(m.rt, "minutes", []*int32{nil, ptr(int32(1)), ptr(int32(30)), ptr(int32(4320)), ptr(int32(0))})}
	if len(v.Peers) > 0 && once(m.rt, 2, "one peer") {
		in.BgpPeers = []string{pick(m.rt, "peer", v.Peers).ID}
	}
	out, ok := call[api.StartBgpFailoverTestResponse](m, "StartBgpFailoverTest", m.caller(l.account, l.region), in)
	if ok && (*out.VirtualInterfaceTest.Status != "IN_PROGRESS" || !testable(v)) {
		m.fatalf("%s was %s and StartBgpFailoverTest answered %s", l.id, v.State, wire(out))
	}
}

func (m *machine) stopTest() {
	l, v := m.oneLane(func(v directconnect.VirtualInterface) bool { return v.State == directconnect.InterfaceTesting })
	out, ok := call[api.StopBgpFailoverTestResponse](m, "StopBgpFailoverTest", m.caller(l.account, l.region), &api.StopBgpFailoverTestRequest{VirtualInterfaceID: &l.id})
	if ok && (*out.VirtualInterfaceTest.Status != "CANCELLED" || v.State != directconnect.InterfaceTesting) {
		m.fatalf("%s was %s and StopBgpFailoverTest answered %s", l.id, v.State, wire(out))
	}
}

func (m *machine) testHistory() {
	who := controlplane.Caller{Account: pick(m.rt, "account", accounts), Region: pick(m.rt, "region", regions)}
	in := &api.ListVirtualInterfaceTestHistoryRequest{MaxResults: m.pageSize(), Status: pick(m.rt, "status", []*string{nil, nil, ptr("IN_PROGRESS"), ptr("COMPLETED")})}
	var got, want []string
	for {
		out, ok := call[api.ListVirtualInterfaceTestHistoryResponse](m, "ListVirtualInterfaceTestHistory", who, in)
		if !ok {
			m.rt.Fatal("a list was refused")
		}
		for _, t := range out.VirtualInterfaceTestHistory {
			got = append(got, *t.TestID+" "+*t.Status)
		}
		if in.NextToken = out.NextToken; in.NextToken == nil {
			break
		}
	}
	for _, t := range m.seen.tests {
		if t.Account == who.Account && t.Region == who.Region && (in.Status == nil || string(t.Status) == *in.Status) && !t.Started.Before(m.clock.now().Add(-directconnect.TestHistory)) {
			want = append(want, t.ID+" "+string(t.Status))
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		m.fatalf("ListVirtualInterfaceTestHistory of %s/%s lists %v, want %v", who.Account, who.Region, got, want)
	}
}

// listRoutes: whoever sees an interface sees its routes, page by page each once; and there are none of one that is on no
// router.
func (m *machine) listRoutes() {
	l, v := m.oneLane(func(directconnect.VirtualInterface) bool { return true })
	who := m.either(l, v)
	in := &api.ListVirtualInterfaceRoutesRequest{VirtualInterfaceID: &l.id, MaxResults: m.pageSize()}
	if once(m.rt, 3, "filtered") {
		in.Filters = &api.RouteFilters{RouteDirection: ptr(pick(m.rt, "direction", []string{"accepted", "advertised"}))}
	}
	seen := map[string]bool{}
	for {
		out, ok := call[api.ListVirtualInterfaceRoutesResponse](m, "ListVirtualInterfaceRoutes", who, in)
		if ok != m.shownTo(who, l) {
			m.fatalf("the routes of %s are told to %s: %t", l.id, who.Account, ok)
		}
		if !ok {
			return
		}
		for _, r := range out.Routes {
			key := *r.RouteDirection + " " + *r.Cidr + " " + *r.AwsLogicalDeviceID
			if seen[key] || in.Filters != nil && *r.RouteDirection != *in.Filters.RouteDirection {
				m.fatalf("route %s of %s is listed twice or not asked for", key, l.id)
			}
			seen[key] = true
		}
		if in.NextToken = out.NextToken; in.NextToken == nil {
			break
		}
	}
	// One that is changed or deleted keeps them until its router is told.
	if has := v.OnRouter() || v.State == directconnect.InterfaceDeleting; len(seen) > 0 && !has {
		m.fatalf("%s is %s and has routes %v", l.id, v.State, seen)
	}
}

func (m *machine) routerConfiguration() {
	l, v := m.oneLane(workingLane)
	in := &api.DescribeRouterConfigurationRequest{VirtualInterfaceID: &l.id}
	in.RouterTypeIdentifier = pick(m.rt, "router type", []*string{nil, ptr("CiscoSystemsInc-2900SeriesRouters-IOS124"), ptr("JuniperNetworksInc-SRXSeriesRouters-JunOS95"), ptr("none")})
	who := m.caller(cmp.Or(v.ConnectionOwner, l.account), l.region)
	out, ok := call[api.DescribeRouterConfigurationResponse](m, "DescribeRouterConfiguration", who, in)
	if ok && (*out.VirtualInterfaceID != l.id || *out.CustomerRouterConfig == "" || who.Account != v.ConnectionOwner) {
		m.fatalf("the configuration of %s is told to %s", l.id, who.Account)
	}
}

package storetest

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"time"

	dc "onramp/internal/directconnect"
	"onramp/internal/store"
)

var routeTests = map[string]test{
	"RouteRoundTrip":  routeRoundTrip,
	"RouteReplace":    routeReplace,
	"RouteOrder":      routeOrder,
	"RouteFilters":    routeFilters,
	"RoutePages":      routePages,
	"RouteRefused":    routeRefused,
	"RouteOfEnded":    routeOfEnded,
	"RouteManyAtOnce": routeManyAtOnce,
}

const (
	vif1 = "dxvif-00000001"
	vif2 = "dxvif-00000002"
)

func route(cidr, device string) dc.Route {
	return dc.Route{InterfaceID: vif1, Direction: dc.RouteAccepted, CIDR: netip.MustParsePrefix(cidr), Device: device,
		ASPath: dc.Sequence(65000), Installed: noon}
}

// replace changes the routes of an interface in one direction.
func replace(t testing.TB, s *store.Store, vif string, direction dc.RouteDirection, add []dc.Route, remove []store.RouteKey) {
	t.Helper()
	update(t, s, func(tx *store.Tx) error { return tx.ReplaceRoutes(vif, direction, add, remove) })
}

// of are routes of another interface and direction.
func of(vif string, direction dc.RouteDirection, routes ...dc.Route) []dc.Route {
	routes = slices.Clone(routes)
	for i := range routes {
		routes[i].InterfaceID, routes[i].Direction = vif, direction
	}
	return routes
}

func routes(t testing.TB, s *store.Store, q store.RouteQuery) []dc.Route {
	t.Helper()
	return get(t, s, func(tx *store.Tx) ([]dc.Route, error) { return tx.Routes(q) })
}

func routeRoundTrip(t *testing.T, s *store.Store) {
	want := []dc.Route{
		{InterfaceID: vif1, Direction: dc.RouteAccepted, CIDR: netip.MustParsePrefix("0.0.0.0/0"), Device: "a"},
		{InterfaceID: vif1, Direction: dc.RouteAccepted, CIDR: netip.MustParsePrefix("255.255.255.255/32"), Device: `a "device" é`,
			ASPath:      []dc.ASPathSegment{{Path: []int64{65000, 4294967294}}, {Path: []int64{1, 2}, Set: true}},
			Communities: []string{"7224:7100", "7224:9300"}, Installed: noon, LocalPref: 300},
		{InterfaceID: vif1, Direction: dc.RouteAccepted, CIDR: netip.MustParsePrefix("::/0")},
		{InterfaceID: vif1, Direction: dc.RouteAccepted, CIDR: netip.MustParsePrefix("2001:db8::/64"), Device: "a", Installed: noon},
	}
	replace(t, s, vif1, dc.RouteAccepted, want, nil)
	same(t, routes(t, s, store.RouteQuery{InterfaceID: vif1}), want)
	// Routes may leave out what the call says, and are kept masked.
	replace(t, s, vif2, dc.RouteAdvertised, []dc.Route{{CIDR: netip.MustParsePrefix("10.1.2.3/8"), Device: "a"}}, nil)
	same(t, routes(t, s, store.RouteQuery{InterfaceID: vif2}), of(vif2, dc.RouteAdvertised, dc.Route{CIDR: netip.MustParsePrefix("10.0.0.0/8"), Device: "a"}))
}

func routeReplace(t *testing.T, s *store.Store) {
	a, b, c := route("10.0.0.0/8", "x"), route("10.0.0.0/8", "y"), route("10.0.0.0/9", "x")
	replace(t, s, vif1, dc.RouteAccepted, []dc.Route{a, b, c}, nil)
	replace(t, s, vif1, dc.RouteAdvertised, of(vif1, dc.RouteAdvertised, a), nil)
	replace(t, s, vif2, dc.RouteAccepted, of(vif2, dc.RouteAccepted, a), nil)
	better := a
	better.LocalPref, better.Communities = 300, []string{"7224:7300"}
	d := route("2001:db8::/32", "x")
	replace(t, s, vif1, dc.RouteAccepted, []dc.Route{better, d}, store.KeysOf([]dc.Route{b, route("192.0.2.0/24", "x")}))
	same(t, routes(t, s, store.RouteQuery{InterfaceID: vif1, Direction: dc.RouteAccepted}), []dc.Route{better, c, d})
	// A route both removed and added is there; of several the last counts.
	replace(t, s, vif1, dc.RouteAccepted, []dc.Route{better, d, a}, store.KeysOf([]dc.Route{a, c}))
	same(t, routes(t, s, store.RouteQuery{InterfaceID: vif1, Direction: dc.RouteAccepted}), []dc.Route{a, d})
	same(t, routes(t, s, store.RouteQuery{InterfaceID: vif1, Direction: dc.RouteAdvertised}), of(vif1, dc.RouteAdvertised, a))
	update(t, s, func(tx *store.Tx) error { return tx.DeleteRoutes(vif1) })
	same(t, routes(t, s, store.RouteQuery{InterfaceID: vif1}), []dc.Route(nil))
	same(t, routes(t, s, store.RouteQuery{InterfaceID: vif2}), of(vif2, dc.RouteAccepted, a))
}

// Routes are in the order of directconnect.ComparePrefixes, then of the device.
func routeOrder(t *testing.T, s *store.Store) {
	want := []dc.Route{
		route("0.0.0.0/0", "a"), route("9.255.0.0/16", "a"), route("10.0.0.0/8", "a"), route("10.0.0.0/8", "b"), route("10.0.0.0/16", "a"),
		route("10.0.0.0/24", "a"), route("10.0.1.0/24", "a"), route("10.1.0.0/16", "a"), route("100.0.0.0/8", "a"), route("200.0.0.0/8", "a"),
		route("::/0", "a"), route("2001:db8::/9", "a"), route("2001:db8::/32", "a"), route("2001:db8::/64", "a"), route("fd00::/8", "a"),
	}
	for i := range want {
		want[i].CIDR = want[i].CIDR.Masked()
	}
	slices.SortStableFunc(want, func(a, b dc.Route) int { return dc.ComparePrefixes(a.CIDR, b.CIDR) })
	shuffled := slices.Clone(want)
	slices.Reverse(shuffled)
	replace(t, s, vif1, dc.RouteAccepted, shuffled, nil)
	same(t, routes(t, s, store.RouteQuery{InterfaceID: vif1}), want)
}

func routeFilters(t *testing.T, s *store.Store) {
	in := []dc.Route{route("10.0.0.0/8", "a"), route("10.0.0.0/8", "b"), route("192.0.2.0/24", "a"), route("2001:db8::/32", "a")}
	out := of(vif1, dc.RouteAdvertised, route("10.0.0.0/8", "a"), route("2001:db8::/32", "a"))
	replace(t, s, vif1, dc.RouteAccepted, in, nil)
	replace(t, s, vif1, dc.RouteAdvertised, out, nil)
	replace(t, s, vif2, dc.RouteAccepted, of(vif2, dc.RouteAccepted, in...), nil)
	list := func(parts ...[]dc.Route) []dc.Route { return slices.Concat(parts...) }
	for name, test := range map[string]struct {
		query store.RouteQuery
		want  []dc.Route
	}{
		"all":               {store.RouteQuery{}, list(in, out)},
		"accepted":          {store.RouteQuery{Direction: dc.RouteAccepted}, in},
		"advertised":        {store.RouteQuery{Direction: dc.RouteAdvertised}, out},
		"IPv4":              {store.RouteQuery{Family: dc.IPv4}, list(in[:3], out[:1])},
		"accepted IPv6":     {store.RouteQuery{Direction: dc.RouteAccepted, Family: dc.IPv6}, in[3:]},
		"CIDRs":             {store.RouteQuery{CIDRs: []string{"2001:db8::/32", "10.0.0.0/8", "10.0.0.0/8"}}, list(in[:2], in[3:], out)},
		"CIDR as padded":    {store.RouteQuery{CIDRs: []string{"2001:0db8:0000:0000:0000:0000:0000:0000/32"}}, list(in[3:], out[1:])},
		"advertised CIDR":   {store.RouteQuery{CIDRs: []string{"10.0.0.0/8"}, Direction: dc.RouteAdvertised}, out[:1]},
		"CIDR and family":   {store.RouteQuery{CIDRs: []string{"10.0.0.0/8", "2001:db8::/32"}, Family: dc.IPv6}, list(in[3:], out[1:])},
		"neither":           {store.RouteQuery{CIDRs: []string{"10.0.0.0/8"}, Family: dc.IPv6}, nil},
		"shorter and not":   {store.RouteQuery{CIDRs: []string{"10.0.0.0/7", "10.0.0.0/9", "0.0.0.0/0"}}, nil},
		"with host bits":    {store.RouteQuery{CIDRs: []string{"10.0.0.1/8"}}, nil},
		"limit":             {store.RouteQuery{Limit: 5}, list(in, out[:1])},
		"limit, IPv4":       {store.RouteQuery{Family: dc.IPv4, Limit: 4}, list(in[:3], out[:1])},
		"limit, CIDR":       {store.RouteQuery{CIDRs: []string{"10.0.0.0/8"}, Limit: 2}, in[:2]},
		"after":             {store.RouteQuery{After: store.CursorOf(in[0])}, list(in[1:], out)},
		"after, IPv4":       {store.RouteQuery{After: store.CursorOf(in[1]), Family: dc.IPv4}, list(in[2:3], out[:1])},
		"after, IPv6":       {store.RouteQuery{After: store.CursorOf(in[1]), Family: dc.IPv6}, list(in[3:], out[1:])},
		"after all IPv4":    {store.RouteQuery{After: store.CursorOf(in[3]), Family: dc.IPv4}, out[:1]},
		"after, CIDR":       {store.RouteQuery{After: store.CursorOf(in[0]), CIDRs: []string{"10.0.0.0/8"}}, list(in[1:2], out[:1])},
		"after, accepted":   {store.RouteQuery{After: store.CursorOf(in[2]), Direction: dc.RouteAccepted}, in[3:]},
		"after accepted":    {store.RouteQuery{After: store.CursorOf(in[3]), Direction: dc.RouteAdvertised}, out},
		"before advertised": {store.RouteQuery{After: store.CursorOf(out[0]), Direction: dc.RouteAccepted}, nil},
		"the last":          {store.RouteQuery{After: store.CursorOf(out[1])}, nil},
		"of nobody":         {store.RouteQuery{InterfaceID: "dxvif-zzzzzzzz"}, nil},
	} {
		q := test.query
		if q.InterfaceID == "" {
			q.InterfaceID = vif1
		}
		t.Run(name, func(t *testing.T) { same(t, routes(t, s, q), test.want) })
		if q.Limit > 0 || q.After != (store.RouteCursor{}) {
			continue
		}
		if n := get(t, s, func(tx *store.Tx) (int, error) { return tx.CountRoutes(q) }); n != len(test.want) {
			t.Errorf("%s: counted %d, want %d", name, n, len(test.want))
		}
	}
}

// Pages join to the whole list.
func routePages(t *testing.T, s *store.Store) {
	var in []dc.Route
	for n := range 40 {
		in = append(in, route(fmt.Sprintf("10.%d.0.0/16", n/3), fmt.Sprint(n%3)), route(fmt.Sprintf("2001:db8:%x::/48", n), "a"))
	}
	replace(t, s, vif1, dc.RouteAccepted, in, nil)
	replace(t, s, vif1, dc.RouteAdvertised, of(vif1, dc.RouteAdvertised, in...), nil)
	for _, q := range []store.RouteQuery{{}, {Direction: dc.RouteAdvertised}, {Family: dc.IPv4}, {Direction: dc.RouteAccepted, Family: dc.IPv6}} {
		q.InterfaceID = vif1
		want := routes(t, s, q)
		for _, q.Limit = range []int{1, 7, 1000} {
			var got []dc.Route
			for q.After = (store.RouteCursor{}); ; q.After = store.CursorOf(got[len(got)-1]) {
				page := routes(t, s, q)
				if len(page) == 0 {
					break
				}
				got = append(got, page...)
			}
			same(t, got, want)
		}
	}
}

func routeRefused(t *testing.T, s *store.Store) {
	good := route("10.0.0.0/8", "a")
	adding := func(routes ...dc.Route) func(tx *store.Tx) error {
		return func(tx *store.Tx) error { return tx.ReplaceRoutes(vif1, dc.RouteAccepted, routes, nil) }
	}
	refused(t, s, "another direction", func(tx *store.Tx) error {
		return tx.ReplaceRoutes(vif1, "sideways", []dc.Route{{CIDR: good.CIDR}}, nil)
	})
	refused(t, s, "no prefix", adding(good, dc.Route{Device: "a"}))
	refused(t, s, "an IPv4 prefix in IPv6", adding(good, dc.Route{CIDR: netip.PrefixFrom(netip.MustParseAddr("::ffff:10.0.0.0"), 104)}))
	refused(t, s, "another interface's", adding(good, of(vif2, dc.RouteAccepted, good)[0]))
	refused(t, s, "another direction's", adding(good, of(vif1, dc.RouteAdvertised, good)[0]))
	refused(t, s, "a removal of nothing", func(tx *store.Tx) error { return tx.ReplaceRoutes(vif1, dc.RouteAccepted, nil, []store.RouteKey{{}}) })
	refused(t, s, "a query that reads everything", func(tx *store.Tx) error {
		_, err := tx.Routes(store.RouteQuery{Direction: dc.RouteAccepted})
		return err
	})
	refused(t, s, "a query for no prefix", func(tx *store.Tx) error {
		_, err := tx.Routes(store.RouteQuery{InterfaceID: vif1, CIDRs: []string{"10.0.0.0"}})
		return err
	})
	same(t, routes(t, s, store.RouteQuery{InterfaceID: vif1}), []dc.Route(nil))
}

// The routes of an interface go when it ends.
func routeOfEnded(t *testing.T, s *store.Store) {
	save(t, s, putInterface, private(1), private(2))
	for _, vif := range []string{vif1, vif2} {
		replace(t, s, vif, dc.RouteAccepted, of(vif, dc.RouteAccepted, route("10.0.0.0/8", "a")), nil)
	}
	update(t, s, edit(vif1, func(v *dc.VirtualInterface) { v.State = dc.InterfaceDeleting }))
	same(t, len(routes(t, s, store.RouteQuery{InterfaceID: vif1})), 1)
	update(t, s, edit(vif1, func(v *dc.VirtualInterface) { *v = gone(*v, noon) }))
	same(t, len(routes(t, s, store.RouteQuery{InterfaceID: vif1})), 0)
	same(t, len(routes(t, s, store.RouteQuery{InterfaceID: vif2})), 1)
}

// Lists of any length are written whole.
func routeManyAtOnce(t *testing.T, s *store.Store) {
	var all []dc.Route
	for n := range 1000 {
		r := route(fmt.Sprintf("10.%d.%d.0/24", n/250, n%250), "a")
		r.Installed = noon.Add(time.Duration(n) * time.Second)
		all = append(all, r)
	}
	replace(t, s, vif1, dc.RouteAccepted, all, nil)
	same(t, routes(t, s, store.RouteQuery{InterfaceID: vif1}), all)
	replace(t, s, vif1, dc.RouteAccepted, nil, store.KeysOf(all[10:987]))
	same(t, routes(t, s, store.RouteQuery{InterfaceID: vif1}), slices.Concat(all[:10], all[987:]))
}

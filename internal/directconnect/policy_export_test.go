package directconnect

import (
	"net/netip"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

var comparePrefix = cmpopts.EquateComparable(netip.Prefix{}, netip.Addr{})

func pfx(s string) netip.Prefix { return netip.MustParsePrefix(s) }

// onGateway is a private interface of a Direct Connect gateway.
func onGateway() VirtualInterface {
	return VirtualInterface{ID: "dxvif-fa", Type: Private, GatewayID: "gw", Region: "us-east-1", Router: router, AmazonASN: 64512}
}

func association(kind FarKind, state AssociationState, cidrs, allowed []string) Association {
	return Association{ID: "a", GatewayID: "gw", State: state, Far: Far{Kind: kind, CIDRs: cidrs}, Allowed: allowed}
}

// texts are the announced prefixes, with their communities and what is prepended to them.
func texts(announced []Announcement) []string {
	out := []string{}
	for _, a := range announced {
		s := a.CIDR.String()
		for _, c := range a.Communities {
			s += " " + c
		}
		if a.NoExport {
			s += " no-export"
		}
		out = append(out, s)
	}
	return out
}

func TestAnnouncements(t *testing.T) {
	t.Parallel()
	vpc := []string{"10.0.0.0/16"}
	direct := VirtualInterface{ID: "dxvif-fd", Type: Private, VirtualGatewayID: "vgw-1", AmazonASN: 64600}
	public := VirtualInterface{ID: "dxvif-fp", Type: Public, Region: "us-east-1", AmazonASN: PublicASN}
	for name, c := range map[string]struct {
		v    VirtualInterface
		s    Surroundings
		want []string
	}{
		// The three cases of the user guide's page on allowed prefixes.
		"shorter filter passes":  {onGateway(), Surroundings{Associations: []Association{association(VirtualPrivateGateway, Associated, vpc, []string{"10.0.0.0/15"})}}, vpc},
		"equal filter passes":    {onGateway(), Surroundings{Associations: []Association{association(VirtualPrivateGateway, Associated, vpc, vpc)}}, vpc},
		"longer filter does not": {onGateway(), Surroundings{Associations: []Association{association(VirtualPrivateGateway, Associated, vpc, []string{"10.0.0.0/24"})}}, []string{}},
		"other filter does not":  {onGateway(), Surroundings{Associations: []Association{association(VirtualPrivateGateway, Associated, vpc, []string{"22.0.0.0/24"})}}, []string{}},
		"one of many": {onGateway(), Surroundings{Associations: []Association{association(VirtualPrivateGateway, Associated,
			[]string{"10.2.0.0/16", "10.1.0.0/16", "2600:1f26:74::/56"}, []string{"10.0.0.0/15", "2600:1f26:0074:0000:0000:0000:0000:0000/48"})}},
			[]string{"10.1.0.0/16", "2600:1f26:74::/56"}},
		"literal on a transit gateway": {onGateway(), Surroundings{Associations: []Association{association(TransitGateway, Associated, vpc, []string{"172.16.0.0/12", "10.0.0.0/24"})}},
			[]string{"10.0.0.0/24", "172.16.0.0/12"}},
		"while it is updated":    {onGateway(), Surroundings{Associations: []Association{association(TransitGateway, Updating, nil, vpc)}}, vpc},
		"not before it is there": {onGateway(), Surroundings{Associations: []Association{association(TransitGateway, Associating, nil, vpc)}}, []string{}},
		"not when it is going":   {onGateway(), Surroundings{Associations: []Association{association(TransitGateway, Disassociating, nil, vpc)}}, []string{}},
		"two associations, no twins": {onGateway(), Surroundings{Associations: []Association{
			association(VirtualPrivateGateway, Associated, []string{"10.1.0.0/16"}, []string{"0.0.0.0/0"}),
			association(VirtualPrivateGateway, Associated, []string{"10.0.0.0/16", "10.1.0.0/16"}, []string{"0.0.0.0/0"})}},
			[]string{"10.0.0.0/16", "10.1.0.0/16"}},
		"direct":     {direct, Surroundings{Far: FarGateway{CIDRs: []string{"10.9.0.0/16", "10.8.0.0/16"}}}, []string{"10.8.0.0/16", "10.9.0.0/16"}},
		"unattached": {VirtualInterface{Type: Private}, Surroundings{Far: FarGateway{CIDRs: vpc}, Associations: []Association{association(TransitGateway, Associated, nil, vpc)}}, []string{}},
		"public": {public, Surroundings{Public: []PublicRange{
			{pfx("198.18.0.0/18"), "us-east-1"}, {pfx("198.18.64.0/18"), "us-west-2"}, {pfx("198.18.128.0/18"), "eu-west-1"},
			{pfx("198.19.0.0/16"), ""}, {pfx("198.18.192.0/18"), "cn-north-1"}, {pfx("2001:2::/52"), "us-east-1"}}},
			[]string{"198.18.0.0/18 7224:8100 no-export", "198.18.64.0/18 7224:8200 no-export", "198.18.128.0/18 no-export",
				"198.19.0.0/16 no-export", "2001:2::/52 7224:8100 no-export"}},
		"public knows no gateway": {public, Surroundings{Associations: []Association{association(TransitGateway, Associated, nil, vpc)}}, []string{}},
	} {
		if diff := cmp.Diff(c.want, texts(c.v.Announcements(c.s))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestSiteLink(t *testing.T) {
	t.Parallel()
	heard := func(id, cidr string, pref int, path ...int64) Route {
		return Route{InterfaceID: id, CIDR: pfx(cidr), LocalPref: pref, ASPath: Sequence(path...), Communities: []string{"65001:7", CommunityHigh}}
	}
	s := Surroundings{
		Associations: []Association{association(VirtualPrivateGateway, Associated, []string{"10.0.0.0/16"}, []string{"0.0.0.0/0"})},
		SiteLink: []Route{
			heard("dxvif-fb", "192.168.1.0/24", PreferMedium, 65001),               // from the other side only
			heard("dxvif-fa", "192.168.2.0/24", PreferMedium, 65002),               // its own only
			heard("dxvif-fa", "192.168.3.0/24", PreferMedium, 65002),               // its own is as good
			heard("dxvif-fb", "192.168.3.0/24", PreferMedium, 65001),               //
			heard("dxvif-fa", "192.168.4.0/24", PreferLow, 65002),                  // the other's is preferred
			heard("dxvif-fb", "192.168.4.0/24", PreferMedium, 65001, 65009),        //
			heard("dxvif-fb", "192.168.5.0/24", PreferMedium, 65001, 65009, 65010), // the shorter of two others
			heard("dxvif-fc", "192.168.5.0/24", PreferMedium, 65003),
			heard("dxvif-fb", "10.0.0.0/16", PreferHigh, 65001), // the gateway's own comes first
		},
	}
	v := onGateway()
	if got := texts(v.Announcements(s)); !slices.Equal(got, []string{"10.0.0.0/16"}) {
		t.Errorf("without SiteLink it announces %v", got)
	}
	v.SiteLink = true
	want := []Announcement{
		{CIDR: pfx("10.0.0.0/16")},
		{CIDR: pfx("192.168.1.0/24"), Communities: []string{"65001:7"}, Prepend: []int64{65001}},
		{CIDR: pfx("192.168.4.0/24"), Communities: []string{"65001:7"}, Prepend: []int64{65001, 65009}},
		{CIDR: pfx("192.168.5.0/24"), Communities: []string{"65001:7"}, Prepend: []int64{65003}},
	}
	if diff := cmp.Diff(want, v.Announcements(s), comparePrefix); diff != "" {
		t.Errorf("announced (-want +got):\n%s", diff)
	}
}

func TestAdvertisedRoutes(t *testing.T) {
	t.Parallel()
	v := VirtualInterface{ID: "dxvif-fp", Type: Public, Region: "eu-west-1", Router: router, AmazonASN: PublicASN}
	announced := v.Announcements(Surroundings{Public: DefaultPublicRanges})
	routes := v.AdvertisedRoutes(announced, func(f Family) bool { return f == IPv6 })
	want := Route{InterfaceID: v.ID, Direction: RouteAdvertised, CIDR: pfx("2001:2::/52"), Device: router,
		ASPath: Sequence(7224, 7224, 7224), Communities: []string{CommunityNoExport}}
	if len(routes) != 5 || !routes[0].Same(want) {
		t.Errorf("over IPv6 alone %d routes are advertised, the first is %+v", len(routes), routes[0])
	}
	for _, r := range v.AdvertisedRoutes(announced, func(Family) bool { return true }) {
		if PathLength(r.ASPath) < 3 || !slices.Contains(r.Communities, CommunityNoExport) {
			t.Errorf("%s is advertised with path %v and communities %v", r.CIDR, r.ASPath, r.Communities)
		}
	}
	if routes := v.AdvertisedRoutes(announced, func(Family) bool { return false }); len(routes) != 0 {
		t.Errorf("%d routes are advertised over no session", len(routes))
	}
}

func TestPublicRanges(t *testing.T) {
	t.Parallel()
	text, err := FormatPublicRanges(DefaultPublicRanges)
	if err != nil {
		t.Fatal(err)
	}
	got, err := ParsePublicRanges(text)
	if diff := cmp.Diff(DefaultPublicRanges, got, comparePrefix); err != nil || diff != "" {
		t.Errorf("the default comes back otherwise: %v\n%s", err, diff)
	}
	for _, bad := range []string{`x`, `{}`, `[{"cidr":"10.0.0.1/8"}]`, `[{"cidr":"10.0.0.0"}]`, `[{"region":"us-east-1"}]`,
		`[{"cidr":"1.0.0.0/8"},{"cidr":"1.0.0.0/8","region":"us-east-1"}]`} {
		if r, err := ParsePublicRanges(bad); err == nil {
			t.Errorf("%s gives %v", bad, r)
		}
	}
}

func drawPrefix(t *rapid.T) netip.Prefix {
	bits := rapid.IntRange(0, 8).Draw(t, "bits")
	if rapid.Bool().Draw(t, "v6") {
		return netip.PrefixFrom(netip.AddrFrom16([16]byte{0: rapid.Byte().Draw(t, "top")}), bits).Masked()
	}
	return netip.PrefixFrom(netip.AddrFrom4([4]byte{0: rapid.Byte().Draw(t, "top")}), bits).Masked()
}

// TestCover: a cover covers what one of its prefixes covers, and nothing else.
func TestCover(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		prefixes := rapid.SliceOfN(rapid.Custom(drawPrefix), 0, 12).Draw(t, "prefixes")
		cover := coverOf(slices.Clone(prefixes))
		p := drawPrefix(t)
		want := slices.ContainsFunc(prefixes, func(o netip.Prefix) bool { return covers(o, p) })
		if got := cover.covers(p); got != want {
			t.Fatalf("%v covers %s: %t, want %t (kept as %v)", prefixes, p, got, want, cover)
		}
	})
}

// TestFilterNeverAdds: over virtual private gateways nothing is announced but their networks, each inside an allowed prefix,
// and one more allowed prefix takes nothing away.
func TestFilterNeverAdds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) (out []string) {
			for _, p := range rapid.SliceOfN(rapid.Custom(drawPrefix), 0, 6).Draw(t, name) {
				out = append(out, FormatPrefix(p))
			}
			return out
		}
		a := association(VirtualPrivateGateway, Associated, draw("networks"), draw("allowed"))
		announced := onGateway().Announcements(Surroundings{Associations: []Association{a}})
		for i, p := range announced {
			inside := slices.ContainsFunc(parsedPrefixes(a.Allowed), func(o netip.Prefix) bool { return covers(o, p.CIDR) })
			if !inside || !slices.Contains(parsedPrefixes(a.Far.CIDRs), p.CIDR) {
				t.Fatalf("%s is announced of %v under %v", p.CIDR, a.Far.CIDRs, a.Allowed)
			}
			if i > 0 && ComparePrefixes(announced[i-1].CIDR, p.CIDR) >= 0 {
				t.Fatalf("out of order or twice: %v", announced)
			}
		}
		a.Allowed = append(a.Allowed, draw("more")...)
		if more := onGateway().Announcements(Surroundings{Associations: []Association{a}}); len(more) < len(announced) {
			t.Fatalf("more is allowed and less announced: %v, %v", announced, more)
		}
	})
}

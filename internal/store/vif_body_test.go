package store

import (
	"math"
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"onramp/internal/directconnect"
)

var (
	drawText   = rapid.OneOf(rapid.String(), rapid.StringMatching(`[a-z "\\<>&é\x{2028}]{0,9}`), rapid.Just(""))
	drawTime   = rapid.Custom(func(t *rapid.T) time.Time { return fromMicros(max(0, rapid.Int64Range(-1<<50, 1<<51).Draw(t, "us"))) })
	drawPrefix = rapid.Custom(func(t *rapid.T) netip.Prefix {
		b := rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "address")
		switch rapid.IntRange(0, 2).Draw(t, "family") {
		case 0:
			return netip.Prefix{}
		case 1:
			return netip.PrefixFrom(netip.AddrFrom4([4]byte(b)), int(b[4])%33)
		}
		return netip.PrefixFrom(netip.AddrFrom16([16]byte(b)), int(b[0])%129)
	})
)

func drawPeer(t *rapid.T) directconnect.BGPPeer {
	return directconnect.BGPPeer{
		ID: drawText.Draw(t, "peer"), Family: directconnect.Family(drawText.Draw(t, "family")), ASN: rapid.Int64().Draw(t, "asn"),
		Key: drawText.Draw(t, "key"), Amazon: drawPrefix.Draw(t, "amazon"), Customer: drawPrefix.Draw(t, "customer"),
		State: directconnect.PeerState(drawText.Draw(t, "state")), Up: rapid.Bool().Draw(t, "up"), Since: drawTime.Draw(t, "turned"),
		Reason: drawText.Draw(t, "reason"), Readable: rapid.Bool().Draw(t, "readable"), Held: drawTime.Draw(t, "held"),
		Router: drawText.Draw(t, "router"),
	}
}

func drawInterface(t *rapid.T) directconnect.VirtualInterface {
	v := directconnect.VirtualInterface{
		Name: drawText.Draw(t, "name"), VirtualGatewayID: drawText.Draw(t, "vgw"), AmazonASN: rapid.Int64().Draw(t, "aasn"),
		MTU: rapid.Int32().Draw(t, "mtu"), SiteLink: rapid.Bool().Draw(t, "sitelink"),
		RouteFilter: rapid.SliceOfN(drawText, 0, 3).Draw(t, "filter"), RateLimit: directconnect.RateLimit(drawText.Draw(t, "rate")),
		PoolIPv4: rapid.Int32().Draw(t, "pool4"), PoolIPv6: rapid.Int32().Draw(t, "pool6"), Hosted: rapid.Bool().Draw(t, "hosted"),
		Since: drawTime.Draw(t, "since"), Verified: drawTime.Draw(t, "verified"), TestID: drawText.Draw(t, "test"), Drained: drawText.Draw(t, "drained"),
		Accepted: rapid.Uint64().Draw(t, "in"), Offered: rapid.Uint64().Draw(t, "out"), Reason: drawText.Draw(t, "reason"),
	}
	for range rapid.IntRange(0, 2).Draw(t, "tags") {
		v.Tags = append(v.Tags, directconnect.Tag{Key: drawText.Draw(t, "key"), Value: drawText.Draw(t, "value")})
	}
	if rapid.Bool().Draw(t, "no peers") {
		v.Peers = []directconnect.BGPPeer{}
	}
	for range rapid.IntRange(0, 3).Draw(t, "peers") {
		v.Peers = append(v.Peers, drawPeer(t))
	}
	return v
}

var comparePrefix = cmp.Comparer(func(a, b netip.Prefix) bool { return a == b })

// What is read by hand must be what encoding/json reads, for every interface and every route.
func TestInterfaceBodyAsEncodingJSON(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		sameBody(t, drawInterface(t), decodeInterfaceBody)
	})
}

func TestRouteBodyAsEncodingJSON(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := directconnect.Route{Communities: rapid.SliceOfN(drawText, 0, 3).Draw(t, "communities"), Installed: drawTime.Draw(t, "installed"),
			LocalPref: rapid.Int().Draw(t, "pref")}
		for range rapid.IntRange(0, 3).Draw(t, "segments") {
			r.ASPath = append(r.ASPath, directconnect.ASPathSegment{
				Path: rapid.SliceOfN(rapid.Int64(), 0, 3).Draw(t, "path"), Set: rapid.Bool().Draw(t, "set")})
		}
		sameBody(t, r, decodeRouteBody)
	})
}

func sameBody[T any](t *rapid.T, noun T, decode func(string, *T) error) {
	body, err := encodeBody(noun)
	if err != nil {
		t.Fatal(err)
	}
	var got, want T
	if err := decode(body, &got); err != nil {
		t.Fatal(err)
	}
	if err := decodeBody(body, &want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, comparePrefix); diff != "" {
		t.Fatalf("%s reads otherwise (-encoding/json +ours):\n%s", body, diff)
	}
}

// Ordinary ones, with every member set, must not need encoding/json: the cost of a page depends on it.
func TestTrafficBodiesAreReadByHand(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 123000, time.UTC)
	v := directconnect.VirtualInterface{
		Name: "Büro <A> & B", VirtualGatewayID: "vgw", AmazonASN: 4294967294, MTU: 9001, SiteLink: true, RouteFilter: []string{"a", "b"},
		RateLimit: "50Mbps", PoolIPv4: 100, PoolIPv6: 200, Tags: []directconnect.Tag{{Key: "k"}, {Key: "l", Value: "v"}}, Hosted: true,
		Since: now, Verified: now, TestID: "t", Drained: "m", Accepted: math.MaxUint64, Offered: 1, Reason: "r",
		Peers: []directconnect.BGPPeer{{ID: "p", Family: directconnect.IPv4, ASN: 65000, Key: "k",
			Amazon: netip.MustParsePrefix("169.254.0.1/30"), Customer: netip.MustParsePrefix("fd00::6/125"),
			State: directconnect.PeerAvailable, Up: true, Reason: "r", Readable: true, Held: now}},
	}
	body, err := encodeBody(v)
	if err != nil {
		t.Fatal(err)
	}
	var got directconnect.VirtualInterface
	s := scanner{text: body}
	if s.object(func(name string) { s.interfaceMember(name, &got) }); !s.whole() {
		t.Fatalf("stopped at %q of %s", s.text, body)
	}
	if diff := cmp.Diff(v, got, comparePrefix); diff != "" {
		t.Error(diff)
	}
	r := directconnect.Route{ASPath: []directconnect.ASPathSegment{{Path: []int64{1, 4294967294}, Set: true}, {Path: []int64{2}}},
		Communities: []string{"7224:7100", "1:2"}, Installed: now, LocalPref: 300}
	if body, err = encodeBody(r); err != nil {
		t.Fatal(err)
	}
	var route directconnect.Route
	s = scanner{text: body}
	if s.object(func(name string) { s.routeMember(name, &route) }); !s.whole() {
		t.Fatalf("stopped at %q of %s", s.text, body)
	}
	if diff := cmp.Diff(r, route, comparePrefix); diff != "" {
		t.Error(diff)
	}
}

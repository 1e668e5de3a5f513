package directconnect

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// noon is when every story begins.
var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

const (
	customer = "111111111111"
	partner  = "222222222222"
	stranger = "333333333333"

	connectionID = "dxcon-fg31dyv6"
	otherID      = "dxcon-ffabc123"
	hostedID     = "dxcon-fh6ljcvo"
	lagID        = "dxlag-ffjhj9lx"
	otherLAG     = "dxlag-fgsu9erb"

	router      = "EqDC2-1bwfvazist2k0"
	otherRouter = "EqDC2-9uinh2jjnuu9"

	code = "7QK2-M4TD"
)

var site = Location{
	Code: "EqDC2", Region: "us-east-1", Name: "Equinix DC2/DC11, Ashburn, VA",
	PortSpeeds: []string{"1G", "10G", "100G"}, MACsecSpeeds: []string{"10G"},
	Providers: []string{"Zayo Group"}, BillingModes: []BillingMode{"FlatRateTier1"},
}

var (
	portOne = Port{ID: PortID(router, "et-0/0/1"), Router: router, Location: "EqDC2", Bandwidth: Gbps10, MACsec: true}
	dark    = Seen{Readable: true, Configured: true}
	light   = Seen{Readable: true, Configured: true, Carrier: true}
	gone    = Seen{Readable: true}
	silent  = Seen{}
)

var reseller = Account{ID: partner, Name: "Example Networks", Partner: PartnerV2}

func order() Order {
	return Order{
		Kind: Dedicated, Account: customer, Region: "us-east-1", Name: "first", Bandwidth: Gbps10, BillingMode: PayAsYouGo,
		ProviderName: "Zayo Group", MACsec: true, Tags: []Tag{{Key: "env", Value: "prod"}},
	}
}

// must is for steps that a story takes for granted.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// ordered is a MACsec capable 10 Gbps port order, state requested.
func ordered() Connection { return must(NewConnection(connectionID, order(), site, portOne, noon)) }

func approved() Connection { return must(ordered().IssueLOA(code, noon)) }

func plugged() Connection { return must(approved().Plug(noon)) }

func lit() Connection { return must(plugged().LinkUp(noon)) }

// interconnect is a partner's port, available.
func interconnect() Connection {
	o := order()
	o.Kind, o.Account, o.MACsec = Interconnect, partner, false
	c := must(NewConnection(otherID, o, site, portOne, noon))
	return must(must(must(c.IssueLOA(code, noon)).Plug(noon)).LinkUp(noon))
}

func hostedOrder() HostedOrder {
	return HostedOrder{Owner: customer, Name: "slice", Bandwidth: "500Mbps", VLAN: 100, Tags: []Tag{{Key: "env"}}}
}

// allocated is a hosted connection in ordering.
func allocated() Connection {
	return must(NewHosted(hostedID, hostedOrder(), must(interconnect().Parent()), reseller, nil, noon))
}

func confirmed() Connection { return must(allocated().Confirm(noon)) }

// bundle is a LAG of 10 Gbps MACsec capable ports on the fixture's router.
func bundle() LAG {
	return must(NewLAG(lagID, LAGOrder{
		Account: customer, Region: "us-east-1", Name: "pair", Bandwidth: Gbps10, Connections: 2, MACsec: true,
		BillingMode: PayAsYouGo,
	}, site, router, noon))
}

// refused holds err to be a client exception of exactly these words.
func refused(t *testing.T, err error, want string) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("got error %v, want %q", err, want)
	}
	if e.Kind != Client || e.Error() != want {
		t.Errorf("got kind %d %q, want a client exception %q", e.Kind, e.Message, want)
	}
}

func same[T any](t *testing.T, want, got T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("differs (-want +got):\n%s", diff)
	}
}

package conformance

import (
	"maps"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
	"github.com/aws/aws-sdk-go-v2/service/directconnect/types"

	"onramp/internal/directconnect"
)

// TestSecondConnectionOnAnotherRouter: every other connection of an account lands on the other device, whatever the speed,
// and a deletion makes room where it was.
func TestSecondConnectionOnAnotherRouter(t *testing.T) {
	t.Parallel()
	w := open(t)
	for _, account := range []string{alice, bob, "777788889999"} {
		a := w.as(t, account)
		first, second := a.order(t, ashburn, "1Gbps", "first"), a.order(t, ashburn, "10Gbps", "second")
		home, away := w.noun(first).Router, w.noun(second).Router
		if home == away {
			t.Errorf("account %s has both connections on %s", account, home)
		}
		third, fourth := a.order(t, ashburn, "1Gbps", "third"), a.order(t, ashburn, "1Gbps", "fourth")
		if r3, r4 := w.noun(third).Router, w.noun(fourth).Router; r3 == r4 {
			t.Errorf("account %s has its third and fourth connection on %s", account, r3)
		}
		got(a.DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: &second}))(t)
		if fifth := a.order(t, ashburn, "1Gbps", "fifth"); w.noun(fifth).Router != away {
			t.Errorf("account %s: the connection after a deletion on %s is on %s", account, away, w.noun(fifth).Router)
		}
		w.approve(first)
		holds(t, a.connection(t, first)["awsDevice"], home)
	}
}

// TestOtherRouterWhenOneIsFull: diversity is a wish, a free port is a must.
func TestOtherRouterWhenOneIsFull(t *testing.T) {
	t.Parallel()
	w := open(t, directconnect.Quotas{})
	a := w.as(t, alice)
	used := map[string]int{}
	for range 10 { // two routers of 5 ports, of which 3 can encrypt
		used[w.noun(a.order(t, ashburn, "100Gbps", "x")).Router]++
	}
	if want := map[string]int{routerA: 5, routerB: 5}; !maps.Equal(used, want) {
		t.Errorf("ports used are %v, want %v", used, want)
	}
	w.unchanged(t, func() {
		refused(a.CreateConnection(t.Context(), &dc.CreateConnectionInput{
			Location: str(ashburn), Bandwidth: str("100Gbps"), ConnectionName: str("one too many"),
		}))(t, client, "No 100Gbps port is available at location EqDC2.")
	})
}

// TestPlainOrdersSparePortsThatEncrypt: while there are other ports, an order without MACsec takes one of those.
func TestPlainOrdersSparePortsThatEncrypt(t *testing.T) {
	t.Parallel()
	w := open(t, directconnect.Quotas{})
	a := w.as(t, alice)
	for range 4 {
		a.order(t, ashburn, "100Gbps", "plain")
	}
	for range 6 {
		a.orderSecure(t, ashburn, "100Gbps", "secure")
	}
	w.unchanged(t, func() {
		refused(a.CreateConnection(t.Context(), &dc.CreateConnectionInput{
			Location: str(ashburn), Bandwidth: str("100Gbps"), ConnectionName: str("x"), RequestMACSec: aws.Bool(true),
		}))(t, client, "No 100Gbps port is available at location EqDC2.")
	})
}

// TestFullLocation: the last port can be ordered, the next order fails for everybody and leaves nothing, and what is
// deleted can be ordered again.
func TestFullLocation(t *testing.T) {
	t.Parallel()
	w := open(t)
	a, b := w.as(t, alice), w.as(t, bob)
	first := a.order(t, newark, "400Gbps", "first")
	second := b.order(t, newark, "400Gbps", "second")
	if w.noun(first).PortID == w.noun(second).PortID {
		t.Fatal("one port was sold twice")
	}
	for _, c := range []*caller{a, b} {
		w.unchanged(t, func() {
			refused(c.CreateConnection(t.Context(), &dc.CreateConnectionInput{
				Location: str(newark), Bandwidth: str("400Gbps"), ConnectionName: str("third"),
				Tags: []types.Tag{{Key: str("k"), Value: str("v")}},
			}))(t, client, "No 400Gbps port is available at location 165HS.")
		})
	}
	free := w.noun(second).PortID
	got(b.DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: &second}))(t)
	if again := w.noun(a.order(t, newark, "400Gbps", "again")); again.PortID != free {
		t.Errorf("the freed port is %s, the next order got %s", free, again.PortID)
	}
}

// TestConnectionQuota: ten at a location in a Region, of all states that count; interconnects and LAG members count.
func TestConnectionQuota(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	a.orderLAG(t, ashburn, "10Gbps", "two of ten", 2)
	got(a.CreateInterconnect(t.Context(), &dc.CreateInterconnectInput{
		Location: str(ashburn), Bandwidth: str("10Gbps"), InterconnectName: str("third of ten"),
	}))(t)
	var last string
	for range 7 {
		last = a.order(t, ashburn, "1Gbps", "x")
	}
	const text = "You have reached the limit of 10 active connections at location EqDC2."
	in := &dc.CreateConnectionInput{Location: str(ashburn), Bandwidth: str("1Gbps"), ConnectionName: str("eleventh")}
	w.unchanged(t, func() {
		refused(a.CreateConnection(t.Context(), in))(t, client, text)
		refused(a.CreateInterconnect(t.Context(), &dc.CreateInterconnectInput{
			Location: str(ashburn), Bandwidth: str("1Gbps"), InterconnectName: str("x"),
		}))(t, client, text)
		refused(a.CreateLag(t.Context(), &dc.CreateLagInput{
			Location: str(ashburn), ConnectionsBandwidth: str("1Gbps"), LagName: str("x"), NumberOfConnections: 1,
		}))(t, client, text)
	})
	a.order(t, vienna, "1Gbps", "elsewhere")
	w.as(t, bob).order(t, ashburn, "1Gbps", "another account")
	got(a.DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: &last}))(t)
	got(a.CreateConnection(t.Context(), in))(t)
}

// TestLAGPortOnItsEndpoint: with lagId the port is on the LAG's router or not at all.
func TestLAGPortOnItsEndpoint(t *testing.T) {
	t.Parallel()
	w := open(t, directconnect.Quotas{})
	a := w.as(t, alice)
	lag := a.orderLAG(t, ashburn, "10Gbps", "bundle", 1)
	home := w.lag(lag).Router
	join := &dc.CreateConnectionInput{Location: str(ashburn), Bandwidth: str("10Gbps"), ConnectionName: str("member"), LagId: &lag}
	for range 2 {
		out := got(a.CreateConnection(t.Context(), join))(t)
		if on := w.noun(*out.ConnectionId).Router; on != home {
			t.Errorf("a member is on %s, its LAG on %s", on, home)
		}
	}
	for range 16 { // 20 ports on two routers, three taken: these fill the LAG's router
		a.order(t, ashburn, "10Gbps", "filler")
	}
	w.unchanged(t, func() {
		refused(a.CreateConnection(t.Context(), join))(t, client, "No 10Gbps port is available on the endpoint of Lag "+lag+".")
	})
	a.order(t, ashburn, "10Gbps", "the other router has one left")
}

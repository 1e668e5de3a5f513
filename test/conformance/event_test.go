package conformance

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
)

// happened are the events of a resource as "detail-type: from>to", without what all of them begin with.
func (w *world) happened(t testing.TB, query url.Values) (all []string) {
	t.Helper()
	query.Set("limit", "1000")
	page, err := w.server.Operator().Events(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range page.Events {
		var e struct {
			Type    string `json:"detail-type"`
			Time    time.Time
			Account string
			Detail  map[string]any
		}
		if err := json.Unmarshal(text, &e); err != nil {
			t.Fatal(err)
		}
		if e.Time.After(w.now()) || e.Account != alice {
			t.Errorf("%s", text)
		}
		from, _ := e.Detail["previousState"].(string)
		to, _ := e.Detail["state"].(string)
		name := strings.TrimSuffix(strings.TrimPrefix(e.Type, "Direct Connect "), " State Change")
		switch name {
		case "Prefix Limit Near":
			to = fmt.Sprint(e.Detail["prefixes"], " of ", e.Detail["limit"])
		case "LOA Expiring":
			to = e.Time.Format(time.DateOnly) + " " + fmt.Sprint(e.Detail["loaExpires"])[:10]
		}
		all = append(all, name+": "+from+">"+to)
	}
	return all
}

func (w *world) happenedTo(t testing.TB, resource string) []string {
	t.Helper()
	return w.happened(t, url.Values{"resource": {resource}})
}

// TestEventsOfALife: each change of state is told once, whoever makes it.
func TestEventsOfALife(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	port := a.port(t, "10Gbps")
	vif := a.private(t, port, 3)
	w.turn(time.Hour)
	a.startTest(t, vif, 1)
	w.turn(time.Minute)
	if _, err := w.service.CutCable(t.Context(), port); err != nil {
		t.Fatal(err)
	}
	w.settle()
	if _, err := w.service.RestoreCable(t.Context(), port); err != nil {
		t.Fatal(err)
	}
	w.settle()
	a.deleteVIF(t, vif)
	w.turn(time.Minute)
	got(a.DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: &port}))(t)
	w.turn(time.Minute)
	holds(t, w.happenedTo(t, port), []string{
		"Connection: >requested", "Connection: requested>pending", "Connection: pending>available", "Connection: available>down",
		"Connection: down>available", "Connection: available>deleting", "Connection: deleting>deleted",
	})
	states := []string{}
	for _, e := range w.happenedTo(t, vif) {
		if strings.HasPrefix(e, "Virtual Interface") || strings.HasPrefix(e, "Failover Test") {
			states = append(states, e)
		}
	}
	holds(t, states, []string{
		"Virtual Interface: >pending", "Virtual Interface: pending>available", "Failover Test: >IN_PROGRESS",
		"Virtual Interface: available>testing", "Virtual Interface: testing>down", "Failover Test: IN_PROGRESS>COMPLETED",
		"Virtual Interface: down>available",
		"Virtual Interface: available>down", "Virtual Interface: down>available", "Virtual Interface: available>deleting",
		"Virtual Interface: deleting>deleted",
	})
	for _, want := range []string{"BGP Status Change: down>up", "BGP Status Change: up>down", "BGP Peer: pending>available"} {
		if !strings.Contains(strings.Join(w.happenedTo(t, vif), "\n"), want) {
			t.Errorf("nothing tells %s: %v", want, w.happenedTo(t, vif))
		}
	}
}

// TestEventOfALetter: fourteen days before its authority ends the letter is told of, once, and again when it was renewed.
func TestEventOfALetter(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	forgotten, used := a.order(t, ashburn, "1Gbps", "f"), a.order(t, ashburn, "1Gbps", "u")
	w.approve(forgotten, used)
	w.plug(used)
	const day = 24 * time.Hour
	letters := func() []string { return w.happened(t, url.Values{"kind": {"loa.expiring"}}) }
	w.turn(76*day - time.Minute)
	holds(t, letters(), []string(nil))
	w.turn(time.Hour)
	first := w.now().Truncate(day).Format(time.DateOnly) + " " + w.now().Add(14*day).Format(time.DateOnly)
	holds(t, letters(), []string{"LOA Expiring: >" + first})
	w.turn(day)
	got(a.DescribeLoa(t.Context(), &dc.DescribeLoaInput{ConnectionId: &forgotten}))(t)
	renewed := w.now()
	w.turn(77 * day)
	holds(t, letters(), []string{
		"LOA Expiring: >" + first,
		"LOA Expiring: >" + renewed.Add(76*day).Format(time.DateOnly) + " " + renewed.Add(90*day).Format(time.DateOnly),
	})
}

// TestEventOfPrefixes: nine tenths of the limit are told once, until there were fewer meanwhile.
func TestEventOfPrefixes(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	id := a.private(t, a.port(t, "10Gbps"), 1)
	announce := func(n int) {
		w.announce(id, n)
		w.settle()
	}
	announce(89)
	w.turn(time.Hour)
	limits := func() []string { return w.happened(t, url.Values{"kind": {"bgp-peer.prefix-limit"}}) }
	holds(t, limits(), []string(nil))
	announce(90)
	holds(t, limits(), []string{"Prefix Limit Near: >90 of 100"})
	announce(95)
	announce(89)
	holds(t, limits(), []string{"Prefix Limit Near: >90 of 100"})
	announce(97)
	holds(t, limits(), []string{"Prefix Limit Near: >90 of 100", "Prefix Limit Near: >97 of 100"})
}

// TestEventsOfGateways: gateways, associations and proposals are told of as well.
func TestEventsOfGateways(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	gateway := a.dxgw(t)
	w.turn(time.Hour)
	got(a.DeleteDirectConnectGateway(t.Context(), &dc.DeleteDirectConnectGatewayInput{DirectConnectGatewayId: &gateway}))(t)
	w.turn(time.Hour)
	told := strings.Join(w.happenedTo(t, gateway), "\n")
	for _, want := range []string{"Gateway: >", "available>deleting", ">deleted"} {
		if !strings.Contains(told, want) {
			t.Errorf("nothing tells %q: %s", want, told)
		}
	}
}

// TestEventQueries: what makes no sense is refused, and a follower is answered when something happens.
func TestEventQueries(t *testing.T) {
	t.Parallel()
	w := open(t)
	o := w.server.Operator()
	for _, bad := range []url.Values{
		{"kind": {"no.such"}}, {"since": {"soon"}}, {"wait": {"1h"}}, {"wait": {"long"}}, {"after": {"x"}}, {"newest": {"perhaps"}}, {"limit": {"0"}}, {"x": {"y"}},
	} {
		if _, err := o.Events(t.Context(), bad); err == nil {
			t.Errorf("%v was taken", bad)
		}
	}
	first, err := o.Events(t.Context(), url.Values{"after": {"0"}, "wait": {"0s"}})
	if err != nil || len(first.Events) != 0 || first.After != "0" {
		t.Fatalf("of nothing: %+v, %v", first, err)
	}
	answered := make(chan []json.RawMessage, 1)
	go func() {
		page, err := o.Events(t.Context(), url.Values{"after": {"0"}, "wait": {"20s"}})
		if err != nil {
			t.Error(err)
		}
		answered <- page.Events
	}()
	w.as(t, alice).order(t, ashburn, "1Gbps", "followed")
	if events := <-answered; len(events) != 1 || !strings.Contains(string(events[0]), `"state":"requested"`) {
		t.Errorf("a follower was told %s", events)
	}
}

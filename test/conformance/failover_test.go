package conformance

import (
	"slices"
	"testing"
	"time"

	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
)

// startTest takes sessions of an interface down, all of them if none is named, and answers the test's ID.
func (c *caller) startTest(t testing.TB, id string, minutes int32, peers ...string) string {
	t.Helper()
	out := got(c.StartBgpFailoverTest(t.Context(), &dc.StartBgpFailoverTestInput{
		VirtualInterfaceId: &id, BgpPeers: peers, TestDurationInMinutes: &minutes,
	}))(t)
	c.w.settle()
	return *out.VirtualInterfaceTest.TestId
}

// tests lists the tests that a filter lets through.
func (c *caller) tests(t testing.TB, in *dc.ListVirtualInterfaceTestHistoryInput) list {
	t.Helper()
	got(c.ListVirtualInterfaceTestHistory(t.Context(), in))(t)
	return c.object()["virtualInterfaceTestHistory"].(list)
}

// TestFailoverTest: every member, of a test that ends by itself and one that is stopped.
func TestFailoverTest(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	id := a.private(t, a.port(t, "10Gbps"), 1)
	w.turn(time.Hour)
	peer := a.peers(t, id)[0]["bgpPeerId"]
	out := got(a.StartBgpFailoverTest(t.Context(), &dc.StartBgpFailoverTestInput{VirtualInterfaceId: &id}))(t)
	if !uuid.MatchString(*out.VirtualInterfaceTest.TestId) {
		t.Errorf("testId is %s", *out.VirtualInterfaceTest.TestId)
	}
	want := members{
		"testId": *out.VirtualInterfaceTest.TestId, "virtualInterfaceId": id, "bgpPeers": list{peer}, "status": "IN_PROGRESS",
		"ownerAccount": alice, "testDurationInMinutes": 180, "startTime": w.now().Unix(),
	}
	holds(t, a.object(), members{"virtualInterfaceTest": want})
	a.vifState(t, id, "testing") // at once
	if ups := a.ups(t, id); ups != "available down" {
		t.Errorf("at once the session is %s", ups)
	}
	w.settle()
	if ups := a.ups(t, id); ups != "available down" {
		t.Errorf("the session is %s", ups)
	}
	holds(t, a.tests(t, &dc.ListVirtualInterfaceTestHistoryInput{}), list{want})
	refused(a.StartBgpFailoverTest(t.Context(), &dc.StartBgpFailoverTestInput{VirtualInterfaceId: &id}))(
		t, client, "A failover test is already in progress on Virtual Interface "+id+".")
	w.turn(3*time.Hour - time.Second)
	a.vifState(t, id, "testing")
	w.turn(time.Second)
	want = want.with(members{"status": "COMPLETED", "endTime": w.now().Unix()})
	holds(t, a.tests(t, &dc.ListVirtualInterfaceTestHistoryInput{}), list{want})
	a.vifState(t, id, "available")
	if ups := a.ups(t, id); ups != "available up" {
		t.Errorf("after the test the session is %s", ups)
	}

	second := a.startTest(t, id, 4320)
	w.turn(time.Minute)
	got(a.StopBgpFailoverTest(t.Context(), &dc.StopBgpFailoverTestInput{VirtualInterfaceId: &id}))(t)
	holds(t, a.object(), members{"virtualInterfaceTest": want.with(members{
		"testId": second, "status": "CANCELLED", "testDurationInMinutes": 4320,
		"startTime": w.now().Add(-time.Minute).Unix(), "endTime": w.now().Unix(),
	})})
	w.settle()
	a.vifState(t, id, "available")
	refused(a.StopBgpFailoverTest(t.Context(), &dc.StopBgpFailoverTestInput{VirtualInterfaceId: &id}))(
		t, client, "No failover test is in progress on Virtual Interface "+id+".")
}

// TestFailoverOfOnePeer: only the sessions named go down, on an interface that is down as well as on one that is up.
func TestFailoverOfOnePeer(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	id := a.private(t, a.port(t, "10Gbps"), 1)
	got(a.createPeer(t, id, "ipv6", 65000))(t)
	w.turn(time.Hour)
	first := a.peers(t, id)[0]["bgpPeerId"].(string)
	a.startTest(t, id, 10, first)
	if ups := a.ups(t, id); ups != "available down, available up" {
		t.Errorf("the sessions are %s", ups)
	}
	w.turn(10 * time.Minute)
	if ups := a.ups(t, id); ups != "available up, available up" {
		t.Errorf("the sessions are %s", ups)
	}
	a.startTest(t, id, 10, first)
	got(a.StopBgpFailoverTest(t.Context(), &dc.StopBgpFailoverTestInput{VirtualInterfaceId: &id}))(t)
	a.vifState(t, id, "available") // the other session was up all the time
	w.script(id, `{"silent":true}`)
	a.vifState(t, id, "down")
	a.startTest(t, id, 1)
	a.vifState(t, id, "testing")
	w.turn(time.Minute)
	a.vifState(t, id, "down")
}

// TestFailoverEndsWithItsInterface: a deleted interface's test is cancelled.
func TestFailoverEndsWithItsInterface(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	id := a.private(t, a.port(t, "10Gbps"), 1)
	w.turn(time.Hour)
	a.startTest(t, id, 60)
	w.turn(time.Minute)
	a.deleteVIF(t, id)
	ended := w.now().Unix()
	w.turn(time.Hour)
	tests := a.tests(t, &dc.ListVirtualInterfaceTestHistoryInput{VirtualInterfaceId: &id})
	if len(tests) != 1 {
		t.Fatalf("%d tests", len(tests))
	}
	holds(t, tests[0].(map[string]any)["status"], "CANCELLED")
	holds(t, tests[0].(map[string]any)["endTime"], ended)
}

// TestFailoverIsTheOwners: on an allocated interface the other account tests, and only it sees the test.
func TestFailoverIsTheOwners(t *testing.T) {
	t.Parallel()
	w := open(t)
	a, b := w.as(t, alice), w.as(t, bob)
	id := a.allocate(t, "private", a.port(t, "10Gbps"), bob, 1)
	b.confirmVIF(t, "private", id, b.dxgw(t))
	w.turn(time.Hour)
	w.unchanged(t, func() {
		refused(a.StartBgpFailoverTest(t.Context(), &dc.StartBgpFailoverTestInput{VirtualInterfaceId: &id}))(
			t, client, "Virtual Interface "+id+" does not exist.")
	})
	b.startTest(t, id, 60)
	w.unchanged(t, func() {
		refused(a.StopBgpFailoverTest(t.Context(), &dc.StopBgpFailoverTestInput{VirtualInterfaceId: &id}))(
			t, client, "Virtual Interface "+id+" does not exist.")
	})
	holds(t, len(a.tests(t, &dc.ListVirtualInterfaceTestHistoryInput{})), 0)
	holds(t, len(b.tests(t, &dc.ListVirtualInterfaceTestHistoryInput{})), 1)
	holds(t, len(w.in(t, bob, western).tests(t, &dc.ListVirtualInterfaceTestHistoryInput{})), 0)
}

// history are four tests of two interfaces: of one session, of both, stopped, and still running.
type history struct {
	one, other                     string // interfaces
	v4, v6                         string // sessions of the first
	onlyV4, both, stopped, running string
	began                          time.Time
}

func (c *caller) history(t testing.TB) (h history) {
	t.Helper()
	port := c.port(t, "10Gbps")
	h.one, h.other = c.private(t, port, 1), c.private(t, port, 2)
	got(c.createPeer(t, h.one, "ipv6", 65000))(t)
	c.w.turn(time.Hour)
	h.v4, h.v6 = c.peers(t, h.one)[0]["bgpPeerId"].(string), c.peers(t, h.one)[1]["bgpPeerId"].(string)
	h.began = c.w.now()
	h.onlyV4 = c.startTest(t, h.one, 1, h.v4)
	c.w.turn(time.Minute)
	h.both = c.startTest(t, h.one, 1)
	c.w.turn(time.Minute)
	h.stopped = c.startTest(t, h.other, 1)
	got(c.StopBgpFailoverTest(t.Context(), &dc.StopBgpFailoverTestInput{VirtualInterfaceId: &h.other}))(t)
	c.w.turn(time.Second)
	h.running = c.startTest(t, h.other, 4000)
	return h
}

func (h history) all() []string { return []string{h.onlyV4, h.both, h.stopped, h.running} }

func (c *caller) testIDs(t testing.TB, in *dc.ListVirtualInterfaceTestHistoryInput) (ids []string) {
	t.Helper()
	for _, one := range c.tests(t, in) {
		ids = append(ids, one.(map[string]any)["testId"].(string))
	}
	return ids
}

// TestFailoverHistory: the filters, alone and together; for a year.
func TestFailoverHistory(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	h := a.history(t)
	type input = dc.ListVirtualInterfaceTestHistoryInput
	for i, c := range []struct {
		in   input
		want []string
	}{
		{input{}, h.all()},
		{input{VirtualInterfaceId: &h.one}, []string{h.onlyV4, h.both}},
		{input{VirtualInterfaceId: str(noVIF)}, nil},
		{input{TestId: &h.both}, []string{h.both}},
		{input{TestId: &h.both, VirtualInterfaceId: &h.other}, nil},
		{input{TestId: str("no such test")}, nil},
		{input{Status: str("COMPLETED")}, []string{h.onlyV4, h.both}},
		{input{Status: str("CANCELLED")}, []string{h.stopped}},
		{input{Status: str("IN_PROGRESS"), VirtualInterfaceId: &h.other}, []string{h.running}},
		{input{Status: str("FAILED")}, nil},
		{input{BgpPeers: []string{h.v4}}, []string{h.onlyV4, h.both}},
		{input{BgpPeers: []string{h.v6, h.v4}}, []string{h.both}},
		{input{BgpPeers: []string{noPeer}}, nil},
	} {
		if have := a.testIDs(t, &c.in); !slices.Equal(have, c.want) {
			t.Errorf("filter %d lets %v through, want %v", i, have, c.want)
		}
	}
	w.turn(h.began.Add(365 * 24 * time.Hour).Sub(w.now()))
	if have := a.testIDs(t, &input{}); !slices.Equal(have, h.all()) {
		t.Errorf("after a year there are %v", have)
	}
	w.turn(time.Second)
	if have := a.testIDs(t, &input{}); !slices.Equal(have, h.all()[1:]) {
		t.Errorf("a second later there are %v", have)
	}
}

// TestFailoverHistoryPages: pages of one are full, with a filter too, and a token is good for its filter only.
func TestFailoverHistoryPages(t *testing.T) {
	t.Parallel()
	a := open(t).as(t, alice)
	h := a.history(t)
	type input = dc.ListVirtualInterfaceTestHistoryInput
	for _, filter := range []input{{}, {BgpPeers: []string{h.v6}}, {BgpPeers: []string{h.v4}}} {
		want, paged := a.testIDs(t, &filter), []string(nil)
		page := filter
		page.MaxResults = num(1)
		for {
			out := got(a.ListVirtualInterfaceTestHistory(t.Context(), &page))(t)
			for _, one := range out.VirtualInterfaceTestHistory {
				paged = append(paged, *one.TestId)
			}
			if page.NextToken = out.NextToken; out.NextToken == nil {
				break
			}
			if len(out.VirtualInterfaceTestHistory) != 1 {
				t.Errorf("a page before the last has %d tests", len(out.VirtualInterfaceTestHistory))
			}
			refused(a.ListVirtualInterfaceTestHistory(t.Context(), &input{NextToken: out.NextToken, Status: str("COMPLETED")}))(
				t, client, "nextToken is not valid.")
		}
		if !slices.Equal(paged, want) {
			t.Errorf("pages of one are %v, want %v", paged, want)
		}
	}
}

package console

import (
	"net/url"
	"strings"
	"testing"

	dc "onramp/internal/directconnect"
	"onramp/internal/onramptest"
	"onramp/test/console/consoletest"
)

// Where the console knows what there is, it is chosen by name; only what it cannot know is typed in.
func TestWhatIsKnownIsOffered(t *testing.T) {
	t.Parallel()
	s := onramptest.Start(t, onramptest.Account(acme, dc.PartnerV2), onramptest.Account(globex, dc.NonPartner))
	v := consoletest.For(t, s, acme)
	theirs := idOf(orders(t, consoletest.For(t, s, globex), "not yours", "EqDC2"))
	const vgw, tgw = "vgw-0123456789abcdef0", "tgw-0123456789abcdef0"
	for _, far := range []string{vgw, tgw} {
		if _, err := s.Daemon().Service().AddFarGateway(t.Context(), far, acme, "us-east-1", 0, []string{"10.9.0.0/16"}); err != nil {
			t.Fatal(err)
		}
	}
	all := everything(t, s, v)
	port, _ := does(t, v, "/console/interconnects/new", "/console/interconnects", url.Values{"name": {"wholesale"}, "location": {"EqDC2"}, "bandwidth": {"10Gbps"}})
	s.Settle()
	connection, lag, group := idOf(all["connection"]), idOf(all["lag"]), idOf(all["group"])
	offers := func(page, input string, want ...string) {
		t.Helper()
		p := v.Get(page)
		for _, id := range want {
			found := strings.Contains(p.Body, `<option value="`+id+`"`) && strings.Contains(p.Body, `name="`+input+`"`) || strings.Contains(p.Body, `type="checkbox" name="`+input+`" value="`+id+`"`)
			if !found {
				t.Errorf("%s does not offer %s as %s", page, id, input)
			}
		}
		if strings.Contains(p.Body, theirs) || strings.Contains(p.Body, "not yours") {
			t.Errorf("%s offers what is another account's", page)
		}
	}
	offers("/console/interfaces/new", "connection", connection, lag)
	offers(all["interface"], "connection", lag)
	offers("/console/lags/new", "connection", connection)
	offers("/console/hosted/new?parent="+idOf(port), "parent", idOf(port))
	offers(all["gateway"], "far", vgw, tgw)
	offers("/console/proposals/new", "far", vgw, tgw)
	offers("/console/interfaces/new?type=private&connection="+connection, "vgw", vgw)
	offers("/console/resiliency/"+group, "connections", connection)
	if p := v.Get("/console/interfaces/new?type=private&connection=" + connection); strings.Contains(p.Body, `<option value="`+tgw) {
		t.Error("a transit gateway is offered where there must be a virtual private gateway")
	}

	does(t, v, all["group"], all["group"]+"/add", url.Values{"connections": {connection}})
	s.Settle()
	p := sees(t, v, all["group"], "secret-name-connection", connection)
	if strings.Contains(between(p.Body, `action="`+all["group"]+`/add"`, "</form>"), connection) {
		t.Error("a connection is offered to the group that it is in")
	}
	bundle, _ := does(t, v, "/console/lags/new", "/console/lags", url.Values{"name": {"bundle"}, "location": {"EqDC2"}, "bandwidth": {"10Gbps"}, "number": {"2"}})
	s.Settle()
	member := idOf(hrefOn(t, v.Get(bundle), "/console/connections/dxcon"))
	does(t, v, bundle+"/remove?connection="+member, bundle+"/remove", url.Values{"connection": {member}})
	s.Settle()
	offers(bundle, "connection", member)
	if p := v.Get(bundle); strings.Contains(p.Body, `<option value="`+connection+`"`) {
		t.Error("a port of another router is offered to a LAG")
	}
}

// A list that is longer than a page of the API is not offered: IDs are typed in.
func TestLongListsAreTypedIn(t *testing.T) {
	t.Parallel()
	s := onramptest.Start(t, onramptest.Account(acme, dc.NonPartner))
	put(t, s, func(c *scene) { c.places(40); c.many(acme, 0, 120) })
	p := sees(t, consoletest.For(t, s, acme), "/console/interfaces/new", "Its ID.")
	if strings.Contains(p.Body, `<option value="dxcon-`) {
		t.Error("some of the connections are offered, as if they were all")
	}
}

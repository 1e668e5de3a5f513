package console

import (
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"onramp/internal/directconnect"
	"onramp/internal/onramptest"
	"onramp/test/console/consoletest"
)

// What a customer does from the first order to a failover test, in a real browser.
func TestBrowserFromOrderToTest(t *testing.T) {
	t.Parallel()
	s := onramptest.Start(t, onramptest.Pace(directconnect.Manual))
	b := consoletest.Open(t, s)
	b.Enter(acme)
	connection := ordersStepByStep(t, s, b)
	configuresAnInterface(t, s, b, connection)
	testsFailover(s, b)
	for name, path := range map[string]string{
		"connections": "/console/connections", "connection-delete": "/console/connections/" + connection + "/delete", "interfaces": "/console/interfaces",
		"gateways": "/console/gateways", "locations": "/console/locations", "lag-new": "/console/lags/new",
	} {
		b.Go(path)
		b.Look(name)
	}
}

// ordersStepByStep orders a connection and follows it to available on the one page.
func ordersStepByStep(t *testing.T, s *onramptest.Server, b *consoletest.Browser) (id string) {
	t.Helper()
	b.Go("/console/connections")
	b.Look("connections-empty")
	b.Press("Order a connection")
	b.Look("order-location")
	b.Press("Choose EqDC2")
	b.Fill("#port-name", "Ashburn, first port")
	b.Check(`input[name=bandwidth][value="10Gbps"]`)
	b.Check("#port-macsec")
	b.Look("order-port")
	b.Press("Go on to the summary")
	b.Wait("This is your first connection in us-east-1.")
	b.Look("order-summary")
	b.Press("Order the connection")
	b.Wait("The port is ordered and reserved.")
	b.Look("connection-requested")

	// progress, without loading the page again
	id = idOf(b.Path())
	service := s.Daemon().Service()
	if _, err := service.ApproveOrder(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	b.Wait("Download the LOA-CFA")
	if _, err := service.PlugCable(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	s.Settle()
	b.Wait("First light")
	b.Wait("available")
	b.Look("connection-available")
	return id
}

// configuresAnInterface makes a gateway and an interface to it, refused once, and copies the configuration for the router.
func configuresAnInterface(t *testing.T, s *onramptest.Server, b *consoletest.Browser, connection string) {
	t.Helper()
	b.Go("/console/gateways/new")
	b.Fill("#gateway-name", "core")
	b.Fill("#gateway-asn", "64600")
	b.Press("Create the gateway")
	s.Settle()
	b.Go("/console/interfaces/new?connection=" + connection)
	b.Check(`input[name=type][value=private]`)
	b.Look("interface-type")
	b.Press("Go on")
	b.Fill("#interface-name", "to the core")
	b.Fill("#interface-vlan", "101")
	b.Fill("#interface-asn", "65001")
	b.Fill("#interface-customer", "10.0.0.1/30")
	b.Fill("#interface-amazon", "10.0.1.1/30")
	b.Press("Create the interface")
	b.Wait("Not done.")
	if b.Text("#interface-error .refusal") == "" || !b.Is(`document.querySelector("#interface-name").value === "to the core"`) {
		t.Error("the refusal is not shown, or the form is lost")
	}
	b.Look("interface-refused")
	b.Fill("#interface-amazon", "10.0.0.2/30")
	b.Choose("#interface-gateway", gatewayOf(t, s))
	b.Press("Create the interface")
	b.Wait("The text holds the BGP key")
	b.Choose("#vendor-router", "FRRouting-FRR-8")
	b.Press("Show the configuration")
	b.Wait("router bgp 65001")
	// a browser without a screen has no clipboard to write to
	b.Is(`(Object.defineProperty(navigator, "clipboard", {value: {writeText: t => { window.copied = t; return Promise.resolve(); }}}), true)`)
	b.Toggle("Copy")
	if !b.Is(`window.copied.includes("router bgp 65001")`) {
		t.Error("the configuration is not copied")
	}
	b.Look("router-configuration")
	s.Settle()
	b.Press("Back to the interface")
	b.Wait("available")
	b.Look("interface-available")
}

// testsFailover starts a test on the interface that is shown, sees it counted down, and stops it.
func testsFailover(s *onramptest.Server, b *consoletest.Browser) {
	b.Toggle("Failover test")
	b.Fill("#test-minutes", "30")
	b.Press("Start the test")
	b.Wait("Stop the test")
	b.Wait("29 min")
	b.Look("interface-testing")
	b.Press("Stop the test")
	s.Settle()
	b.Wait("CANCELLED")
}

func gatewayOf(t *testing.T, s *onramptest.Server) string {
	t.Helper()
	page := consoletest.Enter(t, s, acme).Get("/console/gateways")
	return idOf(hrefOn(t, page, "/console/gateways/"+hexBegins(t, page)))
}

// hexBegins is the first character of the first gateway's identifier, which tells its link from those of forms.
func hexBegins(t *testing.T, p consoletest.Page) string {
	t.Helper()
	for _, link := range linksOn(p, "/console/gateways/") {
		if len(idOf(link)) == 36 {
			return idOf(link)[:1]
		}
	}
	t.Fatal("there is no gateway")
	return ""
}

// LAGs with MACsec, partners, groups with their verdict: how they look.
func TestBrowserLooksAtTheRest(t *testing.T) {
	t.Parallel()
	s := onramptest.Start(t)
	v := consoletest.Enter(t, s, acme)
	lag, _ := does(t, v, "/console/lags/new", "/console/lags", url.Values{"name": {"Ashburn bundle"}, "location": {"EqDC2"}, "bandwidth": {"10Gbps"}, "number": {"2"}, "macsec": {"true"}})
	does(t, v, lag, lag+"/macsec", url.Values{"ckn": {ckn}, "cak": {cak}})
	port, _ := does(t, v, "/console/interconnects/new", "/console/interconnects", url.Values{"name": {"wholesale"}, "location": {"EqDC2"}, "bandwidth": {"1Gbps"}})
	s.Settle()
	_, p := does(t, v, "/console/hosted/new", "/console/hosted", url.Values{"parent": {idOf(port)}, "owner": {globex}, "name": {"retail"}, "bandwidth": {"500Mbps"}, "vlan": {"77"}})
	sold := hrefOn(t, p, "/console/hosted/dxcon-")
	first, second := idOf(orders(t, v, "one", "EqDC2")), idOf(orders(t, v, "two", "EqDC2"))
	group, _ := does(t, v, "/console/resiliency/new", "/console/resiliency", url.Values{"name": {"Ashburn"}, "model": {"high-resiliency"}})
	s.Settle()
	does(t, v, group, group+"/add", url.Values{"connections": {first + "\n" + second}})
	s.Settle()

	b := consoletest.Open(t, s)
	b.Enter(acme)
	for _, page := range [][2]string{
		{"lag", lag}, {"interconnects", "/console/interconnects"}, {"interconnect", port}, {"hosted", "/console/hosted"}, {"hosted-new", "/console/hosted/new"}, {"hosted-one", sold},
		{"resiliency", group}, {"resiliency-what-if", group + "?without=location:EqDC2"}, {"resiliency-new", "/console/resiliency/new"}, {"proposal-new", "/console/proposals/new"},
	} {
		b.Go(page[1])
		b.Look(page[0])
	}
	b.LogOut()
	b.Enter(globex)
	b.Go("/console/connections")
	b.Press("retail")
	b.Press("Accept or refuse")
	b.Look("hosted-accept")
	b.Press("Accept the connection")
	b.Wait("It is accepted.")
}

// Everything is reached by keys alone, and the focus is to be seen.
func TestBrowserByKeys(t *testing.T) {
	t.Parallel()
	s := onramptest.Start(t)
	b := consoletest.Open(t, s)
	b.Enter(acme)
	b.Go("/console/connections")
	b.Keys("\t")
	if got := b.Text(":focus"); got != "Skip to the page" {
		t.Errorf("the first tab leads to %q", got)
	}
	b.Keys(kb.Enter)
	for range 30 {
		b.Keys("\t")
		if b.Is(`document.activeElement.innerText === "Order a connection"`) {
			break
		}
	}
	if !b.Is(`document.activeElement.innerText === "Order a connection" && getComputedStyle(document.activeElement).outlineStyle !== "none"`) {
		t.Fatal("the main action is not reached by tabs, or its focus is not to be seen")
	}
	b.Keys(kb.Enter)
	b.Wait("Choose where your router")
	if !strings.HasSuffix(b.Path(), "/order") {
		t.Errorf("at %s", b.Path())
	}
}

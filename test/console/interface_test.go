package console

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"onramp/internal/onramptest"
	"onramp/test/console/consoletest"
)

// gateway makes a Direct Connect gateway and answers its page.
func gateway(t *testing.T, v *consoletest.Visitor, name, asn string) string {
	t.Helper()
	at, _ := does(t, v, "/console/gateways/new", "/console/gateways", url.Values{"name": {name}, "asn": {asn}})
	return at
}

// attaches makes a private interface and answers its page.
func attaches(t *testing.T, v *consoletest.Visitor, connection, name, vlan, gateway string, more ...string) string {
	t.Helper()
	form := url.Values{
		"type": {"private"}, "connection": {connection}, "name": {name}, "vlan": {vlan}, "asn": {"65001"}, "family": {"ipv4"}, "mtu": {"1500"}, "gateway": {gateway},
	}
	for i := 0; i+1 < len(more); i += 2 {
		form.Set(more[i], more[i+1])
	}
	at, _ := does(t, v, "/console/interfaces/new?type=private&connection="+connection, "/console/interfaces", form)
	return strings.TrimSuffix(at, "/router")
}

func TestAnInterfaceFromTheWizardToItsTest(t *testing.T) {
	t.Parallel()
	s := onramptest.Start(t)
	v := consoletest.Enter(t, s, acme)
	connection := idOf(orders(t, v, "port", "EqDC2"))
	s.Settle()
	far := gateway(t, v, "core", "64600")
	s.Settle()
	sees(t, v, far, "core", "64600", "available", "The gateway is associated with nothing.", "No virtual interface leads here.")

	sees(t, v, "/console/interfaces/new", "Private", "Public", "Transit", connection, "Go on")
	sees(t, v, "/console/interfaces/new?type=private&connection="+connection, "VLAN", "Your ASN", "BGP key", "core (AS 64600)", "Create the interface")
	at := attaches(t, v, connection, "to the core", "101", idOf(far))
	sees(t, v, at+"/router", "Cisco Systems, Inc.", "FRRouting", "The text holds the BGP key", "<bgp_auth_key>")
	sees(t, v, at+"/router?router=FRRouting-FRR-8", "router bgp 65001", "64600")
	if p := v.Get(at + "/router/file?router=FRRouting-FRR-8"); !strings.Contains(p.Body, "router bgp 65001") || !strings.Contains(p.Header.Get("Content-Disposition"), idOf(at)) {
		t.Errorf("the configuration as a file: %d %s", p.Status, p.Header.Get("Content-Disposition"))
	}
	s.Settle()
	sees(t, v, at, "to the core", "available", "BGP peers", "up", "65001", "169.254.", "VirtualInterfaceStateChange", "BgpPeerStatusChange", "Accepted from you", "of 100 at most")
	sees(t, v, "/console/interfaces?state=available&type=private", "to the core")
	if p := sees(t, v, "/console/interfaces?state=down"); strings.Contains(p.Body, "to the core") {
		t.Error("an interface that is not like the filter is listed")
	}
	sees(t, v, "/console/connections/"+connection, "to the core")
	sees(t, v, far, idOf(at), "attached")

	addsAndRemovesAPeer(t, s, v, at)
	testsForAWhile(t, s, v, at)

	sees(t, v, at+"/routes", "Direction", "AS path has")
	sees(t, v, at+"/routes?direction=accepted&family=ipv4&cidrs=10.0.0.0/8", "There are no such routes.")
	says(t, "a filter that cannot be", v.Get(at+"/routes?cidrs=nonsense"), "CIDR nonsense is not valid.")
	says(t, "another", v.Get(at+"/routes?path=x"), `AS path: "x" is not a number.`)

	_, p := does(t, v, at, at+"/update", url.Values{"name": {"renamed"}, "mtu": {"1500"}, "sitelink": {"false"}, "pool4": {"200"}, "pool6": {"100"}, "rate": {"500Mbps"}})
	says(t, at, p, "renamed", "of 200 at most", "500Mbps")

	sees(t, v, at+"/delete", "What goes", "its routes go", "101", idOf(far))
	does(t, v, at+"/delete", at+"/delete", nil)
	s.Settle()
	sees(t, v, at, "deleted")
}

// addsAndRemovesAPeer gives an interface a second peer and takes it away; the first one must stay.
func addsAndRemovesAPeer(t *testing.T, s *onramptest.Server, v *consoletest.Visitor, at string) {
	t.Helper()
	_, p := does(t, v, at, at+"/peers", url.Values{"asn": {"65001"}, "family": {"ipv6"}})
	says(t, at, p, "ipv6", "The BGP peer is being set up.")
	s.Settle()
	peers := peerOn.FindAllStringSubmatch(v.Get(at).Body, -1)
	if len(peers) != 2 {
		t.Fatalf("%d peers can be removed", len(peers))
	}
	remove := at + "/peers/remove?peer=" + peers[1][1]
	sees(t, v, remove, peers[1][1], "ipv6", "Keep it")
	does(t, v, remove, at+"/peers/remove", url.Values{"peer": {peers[1][1]}})
	s.Settle()
	last := v.Send(at, at+"/peers/remove", url.Values{"peer": {peers[0][1]}})
	says(t, "removing the last peer", last, "The last BGP Peer on a Virtual Interface cannot be deleted")
}

// testsForAWhile starts a failover test, sees how long it still lasts, and stops it.
func testsForAWhile(t *testing.T, s *onramptest.Server, v *consoletest.Visitor, at string) {
	t.Helper()
	_, p := does(t, v, at, at+"/test", url.Values{"minutes": {"30"}})
	says(t, at, p, "testing", "IN_PROGRESS", "30 min", "0:30:00", "Stop the test")
	if !strings.Contains(p.Body, `data-until="`+s.Now().Add(30*time.Minute).UTC().Format(time.RFC3339)+`"`) {
		t.Error("the test has no countdown")
	}
	if live, _, _ := strings.Cut(p.Body, `<div id="forms">`); !strings.Contains(live, `<form class="form" id="stop"`) {
		t.Error("what stops the test is not read again with its state")
	}
	again := v.Send(at, at+"/test", url.Values{"minutes": {"9999"}})
	if again.Status != http.StatusBadRequest {
		t.Errorf("a test that is too long: status %d", again.Status)
	}
	_, p = does(t, v, at, at+"/test/stop", nil)
	says(t, at, p, "CANCELLED")
	s.Settle()
	sees(t, v, at, "available")
	refused := v.Send(at, at+"/test", url.Values{"minutes": {"9999"}})
	says(t, "a test that is too long", refused, "Length in minutes 9999 is not valid. Valid values are 1 to 4320.")
	if !strings.Contains(refused.Body, `value="9999"`) {
		t.Error("the form has lost what was typed in")
	}
}

func TestPublicAndTransitInterfaces(t *testing.T) {
	t.Parallel()
	s := onramptest.Start(t)
	v := consoletest.Enter(t, s, acme)
	connection := idOf(orders(t, v, "port", "EqDC2"))
	s.Settle()
	far := idOf(gateway(t, v, "transit", "64700"))
	s.Settle()

	public := url.Values{"type": {"public"}, "connection": {connection}, "name": {"internet"}, "vlan": {"200"}, "asn": {"65001"}, "family": {"ipv4"},
		"customer": {"203.0.113.1/31"}, "amazon": {"10.0.0.1/31"}, "prefixes": {"198.51.100.0/24\n203.0.113.0/24"}, "key": {"a-secret-key-1"}}
	form := "/console/interfaces/new?type=public&connection=" + connection
	sees(t, v, form, "Prefixes")
	p := v.Send(form, "/console/interfaces", public)
	says(t, "a private address", p, "Address of the other side is not allowed to contain a private IP", "198.51.100.0/24")
	if strings.Contains(p.Body, "a-secret-key-1") {
		t.Error("the page gives a secret back")
	}
	if !strings.Contains(p.Body, `value="10.0.0.1/31"`) || !strings.Contains(p.Body, `aria-describedby="interface-amazon-help interface-amazon-wrong"`) {
		t.Error("the form has lost what was typed in, or is not tied to the refusal")
	}
	public.Set("amazon", "203.0.113.0/31")
	at, _ := does(t, v, form, "/console/interfaces", public)
	at = strings.TrimSuffix(at, "/router")
	sees(t, v, at, "public", "198.51.100.0/24", "Verified")

	transit := url.Values{"type": {"transit"}, "connection": {connection}, "name": {"hub"}, "vlan": {"x"}, "asn": {"4200000001"}, "family": {"ipv4"}, "mtu": {"8500"}, "gateway": {far}}
	form = "/console/interfaces/new?type=transit&connection=" + connection
	says(t, "a VLAN that is no number", v.Send(form, "/console/interfaces", transit), `VLAN: "x" is not a number.`)
	transit.Set("vlan", "300")
	at, _ = does(t, v, form, "/console/interfaces", transit)
	s.Settle()
	sees(t, v, strings.TrimSuffix(at, "/router"), "transit", "4200000001", "8500", far)
}

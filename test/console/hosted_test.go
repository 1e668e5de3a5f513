package console

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"onramp/internal/directconnect"
	"onramp/internal/onramptest"
	"onramp/test/console/consoletest"
)

func TestAPartnerSellsAndACustomerAccepts(t *testing.T) {
	t.Parallel()
	s := onramptest.Start(t)
	partner, buyer := consoletest.Enter(t, s, acme), consoletest.Enter(t, s, globex)

	sees(t, partner, "/console/interconnects", "There are no interconnects here.")
	at, p := does(t, partner, "/console/interconnects/new", "/console/interconnects", url.Values{"name": {"wholesale"}, "location": {"EqDC2"}, "bandwidth": {"1Gbps"}})
	says(t, at, p, "wholesale")
	s.Settle()
	sees(t, partner, at, "available", "Capacity 1000 Mbps", "Sold 0 Mbps in 0 connections", "Left 1000 Mbps")

	order := url.Values{"parent": {idOf(at)}, "owner": {globex}, "name": {"retail"}, "bandwidth": {"2Gbps"}, "vlan": {"77"}}
	refused := partner.Send("/console/hosted/new", "/console/hosted", order)
	says(t, "more than there is", refused, "has 1000 Mbps of 1000 Mbps left: 2Gbps does not fit.")
	keeps(t, refused, "retail", "77", globex)
	order.Set("bandwidth", "500Mbps")
	_, p = does(t, partner, "/console/hosted/new?parent="+idOf(at), "/console/hosted", order)
	says(t, at, p, "retail", "ordering", globex, "Sold 500 Mbps in 1 connection", "Left 500 Mbps", "77")
	sees(t, partner, "/console/interconnects", "500 Mbps, 1 connection", "500 Mbps")
	sees(t, partner, "/console/hosted", "wholesale", "retail")
	sold := hrefOn(t, p, "/console/hosted/dxcon-")

	mine := "/console/connections/" + idOf(sold)
	sees(t, buyer, "/console/connections", "retail", "ordering")
	sees(t, buyer, mine, "Accept or refuse", "Allocated by", "AllocateHostedConnection the partner")
	sees(t, buyer, mine+"/confirm", "500Mbps", "Accept the connection", "Refuse the connection")
	does(t, buyer, mine+"/confirm", mine+"/confirm", nil)
	s.Settle()
	sees(t, buyer, mine, "available")
	sees(t, partner, sold, "available", globex)
	if p := partner.Get(mine); p.Status != http.StatusNotFound || strings.Contains(p.Body, "retail") {
		t.Errorf("the partner sees the customer's page: %d", p.Status)
	}

	refusesWhatIsSold(t, partner, buyer, at, sold)
	allocatesAnInterface(t, s, partner, buyer)

	// the hosted connection goes
	does(t, partner, sold, sold+"/delete", nil)
	s.Settle()
	sees(t, partner, sold, "deleted")
	sees(t, partner, at+"/delete", "What goes", "The port is given back")
	does(t, partner, at+"/delete", at+"/delete", nil)
	s.Settle()
	sees(t, partner, at, "deleted")
}

// refusesWhatIsSold has the partner sell a second connection at its interconnect, which the buyer does not want.
func refusesWhatIsSold(t *testing.T, partner, buyer *consoletest.Visitor, at, sold string) {
	t.Helper()
	order := url.Values{"parent": {idOf(at)}, "owner": {globex}, "name": {"unwanted"}, "bandwidth": {"50Mbps"}, "vlan": {"78"}}
	_, p := does(t, partner, "/console/hosted/new", "/console/hosted", order)
	var mine string
	for _, link := range linksOn(p, "/console/hosted/dxcon-") {
		if link != sold {
			mine = "/console/connections/" + idOf(link)
		}
	}
	does(t, buyer, mine+"/confirm", mine+"/delete", nil)
	sees(t, buyer, mine, "rejected")
	sees(t, partner, at, "rejected", "Sold 500 Mbps in 1 connection")
}

// allocatesAnInterface has the partner make an interface for the buyer on a port of the partner's own.
func allocatesAnInterface(t *testing.T, s *onramptest.Server, partner, buyer *consoletest.Visitor) {
	t.Helper()
	port := idOf(orders(t, partner, "own", "EqDC2"))
	s.Settle()
	vif := url.Values{"type": {"private"}, "connection": {port}, "name": {"for you"}, "vlan": {"10"}, "asn": {"65010"}, "family": {"ipv4"}, "mtu": {"1500"}, "owner": {globex}, "gateway": {"x"}}
	says(t, "a gateway for another", partner.Send("/console/interfaces/new?type=private&connection="+port, "/console/interfaces", vif), "are chosen by that account")
	vif.Del("gateway")
	given, _ := does(t, partner, "/console/interfaces/new?type=private&connection="+port, "/console/interfaces", vif)
	sees(t, partner, given, "confirming", globex)
	far := idOf(gateway(t, buyer, "buyer's", "64600"))
	s.Settle()
	sees(t, buyer, given, "Accept or refuse")
	says(t, "no gateway", buyer.Send(given+"/confirm", given+"/confirm", url.Values{"type": {"private"}}), "Accept")
	does(t, buyer, given+"/confirm", given+"/confirm", url.Values{"type": {"private"}, "gateway": {far}})
	s.Settle()
	sees(t, buyer, given, "available")
	if p := sees(t, partner, given); strings.Contains(p.Body, `action="`+given+`/update"`) {
		t.Error("who does not own an interface is offered to change it")
	}
}

// linksOn are all links of a page that begin like this.
func linksOn(p consoletest.Page, prefix string) (all []string) {
	for _, part := range strings.Split(p.Body, `href="`)[1:] {
		link, _, _ := strings.Cut(part, `"`)
		if strings.HasPrefix(link, prefix) {
			all = append(all, link)
		}
	}
	return all
}

func TestWhoIsNoPartner(t *testing.T) {
	t.Parallel()
	s := onramptest.Start(t, onramptest.Account(acme, directconnect.NonPartner))
	v := consoletest.For(t, s, acme)
	p := v.Send("/console/interconnects/new", "/console/interconnects", url.Values{"name": {"wholesale"}, "location": {"EqDC2"}, "bandwidth": {"1Gbps"}})
	if p.Status != http.StatusBadRequest {
		t.Errorf("status %d", p.Status)
	}
	says(t, "an interconnect of no partner", p, "Account "+acme+" is not an AWS Direct Connect Partner.")
	keeps(t, p, "wholesale")
}

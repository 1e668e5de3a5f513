package console

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"onramp/internal/onramptest"
	"onramp/test/console/consoletest"
)

func TestGatewaysAssociationsAndProposals(t *testing.T) {
	t.Parallel()
	s := onramptest.Start(t)
	service := s.Daemon().Service()
	for id, account := range map[string]string{"vgw-0123456789abcdef0": acme, "vgw-0fedcba9876543210": globex} {
		if _, err := service.AddFarGateway(t.Context(), id, account, "us-east-1", 64512, []string{map[string]string{acme: "10.1.0.0/16", globex: "10.2.0.0/16"}[account]}); err != nil {
			t.Fatal(err)
		}
	}
	v, other := consoletest.Enter(t, s, acme), consoletest.Enter(t, s, globex)
	says(t, "an ASN out of range", v.Send("/console/gateways/new", "/console/gateways", url.Values{"name": {"core"}, "asn": {"65535"}}), "Amazon ASN 65535 is not valid.")
	at := gateway(t, v, "core", "64600")
	s.Settle()
	sees(t, v, at, "available", "64600")
	_, p := does(t, v, at, at+"/rename", url.Values{"name": {"heart"}})
	says(t, at, p, "heart")

	refused := v.Send(at, at+"/associate", url.Values{"far": {"vgw-0fedcba9876543210"}, "prefixes": {"10.9.0.0/16"}})
	says(t, "another account's gateway", refused, "The VirtualGateway vgw-0fedcba9876543210 does not exist.")
	keeps(t, refused, "vgw-0fedcba9876543210", "10.9.0.0/16")
	_, p = does(t, v, at, at+"/associate", url.Values{"far": {"vgw-0123456789abcdef0"}, "prefixes": {"10.1.0.0/16"}})
	says(t, at, p, "associat", "vgw-0123456789abcdef0") // the routers may have been as fast as the page
	s.Settle()
	p = sees(t, v, at, "associated", "10.1.0.0/16")
	joined := hrefOn(t, p, at+"/associations/")
	sees(t, v, joined, "Allowed prefixes", "Disassociate vgw-0123456789abcdef0")
	does(t, v, joined, joined, url.Values{"prefixes": {"10.1.0.0/16\n10.3.0.0/16"}})
	s.Settle()
	sees(t, v, joined, "10.3.0.0/16", "associated")
	if p := other.Get(joined); p.Status != http.StatusNotFound || strings.Contains(p.Body, "vgw-0123456789abcdef0") {
		t.Errorf("another account sees an association: %d", p.Status)
	}

	acceptsAProposal(t, s, v, other, at)
	says(t, "a gateway that is in use", v.Send(at+"/delete", at+"/delete", nil), "has attached virtual interfaces or gateway associations", "Delete heart")
	for _, link := range linksOn(v.Get(at), at+"/associations/") {
		does(t, v, link, link+"/delete", nil)
	}
	s.Settle()
	does(t, v, at+"/delete", at+"/delete", nil)
	s.Settle()
	if p := v.Get(at); p.Status != http.StatusNotFound {
		t.Errorf("a deleted gateway: %d", p.Status)
	}
}

// acceptsAProposal has another account propose to be associated with a gateway, whose owner accepts, and take another proposal back.
func acceptsAProposal(t *testing.T, s *onramptest.Server, v, other *consoletest.Visitor, at string) {
	t.Helper()
	proposal := url.Values{"gateway": {idOf(at)}, "owner": {acme}, "far": {"vgw-0fedcba9876543210"}, "prefixes": {"10.2.0.0/16"}}
	made, p := does(t, other, "/console/proposals/new", "/console/proposals", proposal)
	says(t, made, p, "requested", "Delete the proposal", "10.2.0.0/16")
	sees(t, v, "/console/gateways", idOf(made), "requested")
	sees(t, v, made, "Accept the proposal", globex)
	accepted, _ := does(t, v, made, made+"/accept", url.Values{"gateway": {idOf(at)}, "owner": {globex}})
	if accepted != at {
		t.Errorf("leads to %s", accepted)
	}
	s.Settle()
	sees(t, v, at, "vgw-0fedcba9876543210", "10.2.0.0/16", "accepted")
	says(t, "accepting again", v.Send(at, made+"/accept", url.Values{"gateway": {idOf(at)}, "owner": {globex}}), "has been accepted!")
	proposal.Set("prefixes", "10.2.0.0/17")
	gone, _ := does(t, other, "/console/proposals/new", "/console/proposals", proposal)
	does(t, other, gone, gone+"/delete", nil)
	sees(t, other, gone, "deleted")
}

func TestResiliencyGroups(t *testing.T) {
	t.Parallel()
	s := onramptest.Start(t)
	v := consoletest.Enter(t, s, acme)
	first, second := idOf(orders(t, v, "one", "EqDC2")), idOf(orders(t, v, "two", "EqDC2"))
	s.Settle()
	says(t, "a name that cannot be", v.Send("/console/resiliency/new", "/console/resiliency", url.Values{"name": {"not good"}, "model": {"high-resiliency"}}), "Name not good is not valid.")
	at, _ := does(t, v, "/console/resiliency/new", "/console/resiliency", url.Values{"name": {"site"}, "model": {"high-resiliency"}})
	s.Settle()
	if p := sees(t, v, at, "No connection is in the group yet, so that there is nothing to hold against high-resiliency."); strings.Contains(p.Text(), "There is none.") || strings.Contains(p.Text(), "cut off") {
		t.Errorf("an empty group has a verdict: %s", p.Text())
	}
	_, p := does(t, v, at, at+"/add", url.Values{"connections": {first + "\n" + second}})
	says(t, at, p, first, second, "It is part of it now.")
	s.Settle()
	sees(t, v, at, "falls short", "Intended high-resiliency", "Reached now basic-resiliency", "location EqDC2", "What if EqDC2 fails?", "all connections")
	sees(t, v, at+"?without=location:EqDC2", "If location EqDC2 fails", "Cut off all connections", "As it is now")
	says(t, "an element of no kind", v.Get(at+"?without=planet:earth"), `"planet:earth" is not an element`)

	third := idOf(orders(t, v, "three", "CSVA1"))
	s.Settle()
	does(t, v, at, at+"/add", url.Values{"connections": {third}})
	s.Settle()
	sees(t, v, at, "ok", "Reached now high-resiliency", "There is none.")
	sees(t, v, "/console/connections/order/summary?location=EqDC2&name=x", "You have connections here and at other locations.")
	does(t, v, at, at+"/remove", url.Values{"connections": {third}})
	s.Settle()
	sees(t, v, at, "falls short")
	_, p = does(t, v, at, at+"/rename", url.Values{"name": {"place"}})
	says(t, at, p, "place")
	sees(t, v, "/console/resiliency", "place", "available")
	does(t, v, at+"/delete", at+"/delete", nil)
	s.Settle()
	sees(t, v, "/console/resiliency", "deleted")
}

package console

import (
	"net/url"
	"strings"
	"testing"

	"onramp/internal/onramptest"
	"onramp/test/console/consoletest"
)

// Interfaces and hosted connections are put elsewhere, and an encryption mode is set.
func TestMovingToAnotherPort(t *testing.T) {
	t.Parallel()
	s := onramptest.Start(t)
	v := consoletest.Enter(t, s, acme)
	first, second := orders(t, v, "one", "EqDC2", "macsec", "true"), orders(t, v, "two", "EqDC2")
	s.Settle()
	_, p := does(t, v, first, first+"/encryption", url.Values{"mode": {"no_encrypt"}})
	says(t, first, p, "Encryption mode no_encrypt", "The change is made.")

	far := gateway(t, v, "core", "64600")
	s.Settle()
	vif := attaches(t, v, idOf(first), "wanderer", "101", idOf(far))
	s.Settle()
	_, p = does(t, v, vif, vif+"/move", url.Values{"connection": {idOf(second)}})
	says(t, vif, p, idOf(second), "It is being moved.")
	s.Settle()
	sees(t, v, second, "wanderer")

	var ports []string
	for _, name := range []string{"left", "right"} {
		at, _ := does(t, v, "/console/interconnects/new", "/console/interconnects", url.Values{"name": {name}, "location": {"EqDC2"}, "bandwidth": {"1Gbps"}})
		ports = append(ports, at)
	}
	s.Settle()
	_, p = does(t, v, "/console/hosted/new", "/console/hosted", url.Values{"parent": {idOf(ports[0])}, "owner": {globex}, "name": {"retail"}, "bandwidth": {"50Mbps"}, "vlan": {"7"}})
	sold := hrefOn(t, p, "/console/hosted/dxcon-")
	does(t, v, sold, sold+"/move", url.Values{"parent": {idOf(ports[1])}})
	sees(t, v, ports[1], "retail", "Sold 50 Mbps in 1 connection")
	sees(t, v, ports[0], "Sold 0 Mbps in 0 connections")
	says(t, "moving it to where it is", v.Send(sold, sold+"/move", url.Values{"parent": {idOf(ports[1])}}), "is already associated with "+idOf(ports[1]))
}

// Interfaces of each type are allocated to another account, which accepts one, and refuses one.
func TestAllocatedInterfacesOfEachType(t *testing.T) {
	t.Parallel()
	s := onramptest.Start(t)
	v, other := consoletest.Enter(t, s, acme), consoletest.Enter(t, s, globex)
	port := idOf(orders(t, v, "port", "EqDC2"))
	s.Settle()
	far := idOf(gateway(t, other, "hub", "64700"))
	s.Settle()
	give := func(kind, name, vlan string, more url.Values) string {
		form := url.Values{"type": {kind}, "connection": {port}, "name": {name}, "vlan": {vlan}, "asn": {"65001"}, "family": {"ipv4"}, "owner": {globex}}
		for key, values := range more {
			form[key] = values
		}
		at, _ := does(t, v, "/console/interfaces/new?type="+kind+"&connection="+port, "/console/interfaces", form)
		return strings.TrimSuffix(at, "/router")
	}
	transit := give("transit", "hub", "10", url.Values{"mtu": {"1500"}})
	public := give("public", "internet", "11", url.Values{"customer": {"203.0.113.1/31"}, "amazon": {"203.0.113.0/31"}, "prefixes": {"198.51.100.0/24"}})
	unwanted := give("transit", "unwanted", "12", url.Values{"mtu": {"1500"}})

	sees(t, other, transit+"/confirm", "hub (AS 64700)", "Accept the interface")
	does(t, other, transit+"/confirm", transit+"/confirm", url.Values{"type": {"transit"}, "gateway": {far}})
	sees(t, other, public+"/confirm", "Accept the interface")
	does(t, other, public+"/confirm", public+"/confirm", url.Values{"type": {"public"}})
	does(t, other, unwanted+"/confirm", unwanted+"/delete", nil)
	s.Settle()
	sees(t, other, transit, "available", far)
	sees(t, other, public, "Accepted", "198.51.100.0/24")
	sees(t, v, unwanted, "rejected")
	says(t, "accepting what was refused", other.Send(unwanted+"/confirm", unwanted+"/confirm", url.Values{"type": {"transit"}, "gateway": {far}}), "rejected")
}

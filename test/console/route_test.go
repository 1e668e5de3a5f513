package console

import (
	"fmt"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"onramp/internal/directconnect"
	"onramp/internal/onramptest"
	"onramp/test/console/consoletest"
)

// The routes of an interface are counted, chosen and shown in pages, each once.
func TestRoutesInPages(t *testing.T) {
	t.Parallel()
	s := onramptest.Start(t)
	v := consoletest.Enter(t, s, acme)
	connection := idOf(orders(t, v, "port", "EqDC2"))
	s.Settle()
	far := gateway(t, v, "core", "64600")
	s.Settle()
	at := attaches(t, v, connection, "many routes", "101", idOf(far), "pool4", "500")
	const many = 150
	var script directconnect.CustomerScript
	for i := range many {
		r := directconnect.CustomerRoute{CIDR: netip.MustParsePrefix(fmt.Sprintf("10.%d.0.0/16", i))}
		if i == 7 {
			r.Path, r.Communities = []int64{65100, 65200}, []string{"7224:7300"}
		}
		script.Announce = append(script.Announce, r)
	}
	if _, err := s.Daemon().Service().SetCustomer(t.Context(), idOf(at), &script); err != nil {
		t.Fatal(err)
	}
	s.Settle()
	sees(t, v, at, "available", fmt.Sprintf("%d IPv4 of 500 at most", many))

	seen, pages := map[string]bool{}, 0
	for next := at + "/routes?direction=accepted"; next != ""; pages++ {
		p := sees(t, v, next)
		for i := range many {
			if prefix := fmt.Sprintf("10.%d.0.0/16", i); strings.Contains(p.Body, ">"+prefix+"<") {
				if seen[prefix] {
					t.Errorf("%s is listed twice", prefix)
				}
				seen[prefix] = true
			}
		}
		next = ""
		if strings.Contains(p.Body, "Next page") {
			next = strings.ReplaceAll(linksOn(p, at+"/routes?after=")[0], "&amp;", "&")
		}
	}
	if len(seen) != many || pages != 2 {
		t.Errorf("%d routes on %d pages", len(seen), pages)
	}
	for _, filter := range []url.Values{
		{"cidrs": {"10.7.0.0/16"}}, {"communities": {"7224:7300"}}, {"path": {"65001 65100 65200"}}, {"family": {"ipv4"}, "direction": {"accepted"}, "cidrs": {"10.7.0.0/16"}},
	} {
		p := sees(t, v, at+"/routes?"+filter.Encode(), "10.7.0.0/16", "65001 65100 65200", "7224:7300")
		if strings.Contains(p.Body, ">10.8.0.0/16<") {
			t.Errorf("%v lets another route through", filter)
		}
	}
	sees(t, v, at+"/routes?direction=advertised&cidrs=10.7.0.0/16", "There are no such routes.")
	sees(t, v, at+"/routes?family=ipv6", "There are no such routes.")
}

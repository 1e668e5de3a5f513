package console

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"onramp/internal/api"
	"onramp/internal/controlplane"
	"onramp/internal/onramptest"
	"onramp/test/console/consoletest"
)

// everything is an account with one of each, and the pages of them.
func everything(t *testing.T, s *onramptest.Server, v *consoletest.Visitor) map[string]string {
	t.Helper()
	connection := orders(t, v, "secret-name-connection", "EqDC2", "macsec", "true")
	lag, _ := does(t, v, "/console/lags/new", "/console/lags", url.Values{"name": {"secret-name-lag"}, "location": {"EqDC2"}, "bandwidth": {"10Gbps"}, "number": {"1"}})
	s.Settle()
	far := gateway(t, v, "secret-name-gateway", "64600")
	s.Settle()
	vif := attaches(t, v, idOf(connection), "secret-name-interface", "101", idOf(far))
	group, _ := does(t, v, "/console/resiliency/new", "/console/resiliency", url.Values{"name": {"secret-name-group"}, "model": {"high-resiliency"}})
	s.Settle()
	return map[string]string{"connection": connection, "lag": lag, "gateway": far, "interface": vif, "group": group}
}

// pagesOf are all pages about what everything has made.
func pagesOf(all map[string]string) (pages []string) {
	for kind, more := range map[string][]string{
		"connection": {"", "/delete", "/confirm", "/macsec/remove?secret=x", "/loa"}, "lag": {"", "/delete", "/remove?connection=x", "/macsec/remove?secret=x", "/loa"},
		"gateway": {"", "/delete"}, "interface": {"", "/delete", "/routes", "/router", "/router/file", "/confirm", "/peers/remove?peer=x"}, "group": {"", "/delete"},
	} {
		for _, m := range more {
			pages = append(pages, all[kind]+m)
		}
	}
	return pages
}

// actionsOn are forms to send about each, which would all do something.
func actionsOn(all map[string]string) map[string]url.Values {
	c, l, g, v, r := all["connection"], all["lag"], all["gateway"], all["interface"], all["group"]
	return map[string]url.Values{
		c + "/rename": {"name": {"usurped"}}, c + "/encryption": {"mode": {"no_encrypt"}}, c + "/macsec": {"ckn": {ckn}, "cak": {cak}}, c + "/delete": nil,
		c + "/tag": {"arn": {arnOf("dxcon", c)}, "key": {"usurped"}}, c + "/untag": {"arn": {arnOf("dxcon", c)}, "key": {"usurped"}},
		l + "/update": {"name": {"usurped"}, "links": {"1"}}, l + "/add": {"connection": {idOf(c)}}, l + "/remove": {"connection": {idOf(c)}}, l + "/delete": nil,
		g + "/rename": {"name": {"usurped"}}, g + "/associate": {"far": {"vgw-0123456789abcdef0"}}, g + "/delete": nil,
		v + "/update": {"name": {"usurped"}, "mtu": {"8500"}}, v + "/peers": {"asn": {"65001"}, "family": {"ipv6"}}, v + "/test": {"minutes": {"5"}}, v + "/test/stop": nil,
		v + "/move": {"connection": {idOf(l)}}, v + "/delete": nil,
		r + "/rename": {"name": {"usurped"}}, r + "/add": {"connections": {idOf(c)}}, r + "/remove": {"connections": {idOf(c)}}, r + "/delete": nil,
	}
}

func arnOf(kind, path string) string {
	return "arn:aws:directconnect:us-east-1:" + acme + ":" + kind + "/" + idOf(path)
}

// newThings are forms that make something.
func newThings(all map[string]string) map[string]url.Values {
	return map[string]url.Values{
		"/console/connections":   {"name": {"usurped"}, "location": {"EqDC2"}, "bandwidth": {"1Gbps"}, "billing": {"PayAsYouGo"}},
		"/console/lags":          {"name": {"usurped"}, "location": {"EqDC2"}, "bandwidth": {"1Gbps"}, "number": {"1"}},
		"/console/interconnects": {"name": {"usurped"}, "location": {"EqDC2"}, "bandwidth": {"1Gbps"}},
		"/console/hosted":        {"name": {"usurped"}, "parent": {idOf(all["lag"])}, "owner": {globex}, "bandwidth": {"50Mbps"}, "vlan": {"5"}},
		"/console/interfaces": {"type": {"private"}, "connection": {idOf(all["connection"])}, "name": {"usurped"}, "vlan": {"9"}, "asn": {"65001"}, "family": {"ipv4"},
			"gateway": {idOf(all["gateway"])}, "mtu": {"1500"}},
		"/console/gateways":   {"name": {"usurped"}},
		"/console/resiliency": {"name": {"usurped"}, "model": {"high-resiliency"}},
	}
}

// What belongs to another account is not there, and nothing of it is said or done.
func TestAnotherAccountSeesNothing(t *testing.T) {
	t.Parallel()
	s := onramptest.Start(t)
	v, other := consoletest.Enter(t, s, acme), consoletest.Enter(t, s, globex)
	all := everything(t, s, v)
	for _, page := range pagesOf(all) {
		p := other.Get(page)
		if p.Status != http.StatusNotFound && p.Status != http.StatusBadRequest || strings.Contains(p.Body, "secret-name") || strings.Contains(p.Body, acme) {
			t.Errorf("%s answers another account %d: %s", page, p.Status, p.Text())
		}
	}
	for action, form := range actionsOn(all) {
		p := other.Send("/console/connections/order", action, form)
		if p.Status < 400 || p.Status >= 500 || strings.Contains(p.Body, "secret-name") {
			t.Errorf("%s answers another account %d: %s", action, p.Status, p.Text())
		}
	}
	for _, list := range []string{"/console/connections", "/console/connections?text=secret", "/console/lags", "/console/interfaces", "/console/gateways", "/console/resiliency", "/console/interconnects"} {
		if p := sees(t, other, list); strings.Contains(p.Body, "secret-name-") {
			t.Errorf("%s shows another account's things", list)
		}
	}
	for kind, path := range all {
		if p := sees(t, v, path, "secret-name-"+kind); strings.Contains(p.Body, "usurped") {
			t.Errorf("another account has changed %s", kind)
		}
	}
}

// A user who may only read sees all pages, and nothing that they send is done.
func TestAReaderChangesNothing(t *testing.T) {
	t.Parallel()
	s, _ := withUser(t, "reader", false, "arn:aws:iam::aws:policy/AWSDirectConnectReadOnlyAccess")
	all := everything(t, s, consoletest.For(t, s, acme))
	v := consoletest.User(t, s, acme, "reader", password, "")
	for _, page := range []string{all["connection"], all["lag"], all["gateway"], all["interface"], all["group"], "/console/connections", "/console/connections?state=available"} {
		sees(t, v, page, "secret-name-")
	}
	sent := actionsOn(all)
	for path, form := range newThings(all) {
		sent[path] = form
	}
	for action, form := range sent {
		p := v.Send("/console/connections/order", action, form)
		if p.Status != http.StatusForbidden || !strings.Contains(p.Text(), "is not authorized to perform: directconnect:") {
			t.Errorf("%s answers a reader %d: %s", action, p.Status, p.Text())
		}
	}
	for kind, path := range all {
		if p := sees(t, v, path, "secret-name-"+kind); strings.Contains(p.Body, "usurped") {
			t.Errorf("a reader has changed %s", kind)
		}
	}
	for _, list := range []string{"/console/connections", "/console/lags", "/console/gateways", "/console/resiliency"} {
		if p := sees(t, v, list); strings.Contains(p.Body, "usurped") {
			t.Errorf("a reader has made something: %s", list)
		}
	}
}

// A user who may do nothing sees nothing.
func TestWhoMayNothingSeesNothing(t *testing.T) {
	t.Parallel()
	s, _ := withUser(t, "nobody", false)
	all := everything(t, s, consoletest.For(t, s, acme))
	v := consoletest.User(t, s, acme, "nobody", password, "")
	pages := append(pagesOf(all), "/console/connections", "/console/connections?state=available", "/console/lags", "/console/interfaces", "/console/gateways", "/console/resiliency",
		"/console/interconnects", "/console/locations", "/console/hosted", "/console/connections/order/summary?location=EqDC2")
	for _, page := range pages {
		p := v.Get(page)
		if p.Status != http.StatusForbidden || strings.Contains(p.Body, "secret-name") {
			t.Errorf("%s answers somebody without a policy %d: %s", page, p.Status, p.Text())
		}
	}
}

// A form without the session's token does nothing.
func TestFormsNeedTheirToken(t *testing.T) {
	t.Parallel()
	s := onramptest.Start(t)
	v := consoletest.Enter(t, s, acme)
	all := everything(t, s, v)
	sent := actionsOn(all)
	for path, form := range newThings(all) {
		sent[path] = form
	}
	for action, form := range sent {
		if p := v.Raw(action, form); p.Status != http.StatusForbidden {
			t.Errorf("%s without a token answers %d", action, p.Status)
		}
		forged := url.Values{"csrf": {"x"}}
		for name, values := range form {
			forged[name] = values
		}
		if p := v.Raw(action, forged); p.Status != http.StatusForbidden {
			t.Errorf("%s with a wrong token answers %d", action, p.Status)
		}
	}
	for kind, path := range all {
		if p := sees(t, v, path, "secret-name-"+kind); strings.Contains(p.Body, "usurped") {
			t.Errorf("a form without a token has changed %s", kind)
		}
	}
}

// A stranger is sent to log in.
func TestStrangersLogInFirst(t *testing.T) {
	t.Parallel()
	s := onramptest.Start(t)
	all := everything(t, s, consoletest.Enter(t, s, acme))
	v := consoletest.Stranger(t, s)
	for _, page := range pagesOf(all) {
		if p := v.Get(page); p.Status != http.StatusSeeOther || !strings.HasPrefix(p.To, "/console/login") {
			t.Errorf("%s answers a stranger %d %s", page, p.Status, p.To)
		}
	}
}

// Lists are shown in pages, with and without a filter, and each row once.
func TestListsInPages(t *testing.T) {
	t.Parallel()
	s := onramptest.Start(t)
	v := consoletest.Enter(t, s, acme)
	const many = 160
	service, caller := s.Daemon().Service(), controlplane.Caller{Account: acme, Region: "us-east-1"}
	for i := range many {
		name, location, bandwidth := fmt.Sprintf("port-%03d", i), []string{"EqDC2", "CSVA1"}[i%2], []string{"1Gbps", "10Gbps"}[i/2%2]
		if _, err := service.CreateConnection(t.Context(), caller, &api.CreateConnectionRequest{ConnectionName: &name, Location: &location, Bandwidth: &bandwidth}); err != nil {
			t.Fatal(err)
		}
	}
	s.Settle()
	for list, want := range map[string]int{
		"/console/connections": many, "/console/connections?state=available": many, "/console/connections?text=PORT-": many, "/console/connections?location=EqDC2": many / 2,
		"/console/connections?state=down": 0,
	} {
		seen := map[string]int{}
		pages := 0
		for at := list; at != ""; pages++ {
			p := sees(t, v, at)
			for _, link := range linksOn(p, "/console/connections/dxcon-") {
				seen[link]++
			}
			at = ""
			if next := linksOn(p, "/console/connections?"); len(next) > 0 && strings.Contains(p.Body, "Next page") {
				at = strings.ReplaceAll(next[0], "&amp;", "&")
			}
		}
		if len(seen) != want || pages != 1+want/100 {
			t.Errorf("%s: %d connections on %d pages", list, len(seen), pages)
		}
		for link, times := range seen {
			if times != 1 {
				t.Errorf("%s: %s is listed %d times", list, link, times)
			}
		}
	}
	sees(t, v, "/console/connections?text=port-007", "port-007")
	says(t, "a token that is none", v.Get("/console/connections?after=nonsense"), "nextToken is not valid.")
}

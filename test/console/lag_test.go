package console

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"onramp/internal/onramptest"
	"onramp/test/console/consoletest"
)

const (
	ckn = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	cak = "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"
)

func TestLAGsAndMACsec(t *testing.T) {
	t.Parallel()
	s := onramptest.Start(t)
	v := consoletest.Enter(t, s, acme)
	sees(t, v, "/console/lags", "There are no LAGs here.")
	form := url.Values{"name": {"bundle"}, "location": {"EqDC2"}, "bandwidth": {"10Gbps"}, "number": {"9"}, "macsec": {"true"}}
	refused := v.Send("/console/lags/new", "/console/lags", form)
	says(t, "too many members", refused, "A Lag of 10Gbps connections can have at most 4 connections.")
	keeps(t, refused, "bundle", "9")
	form.Set("number", "2")
	at, p := does(t, v, "/console/lags/new", "/console/lags", form)
	says(t, at, p, "bundle", "Requested Connection 1 for Lag", "Minimum links 0")
	s.Settle()
	sees(t, v, at, "available", "2 of 10Gbps")
	sees(t, v, "/console/lags", "bundle", "available", "EqDC2")
	sees(t, v, at, "Download the LOA-CFAs")
	if p := v.Get(at + "/loa"); p.Status != http.StatusOK || !strings.HasPrefix(p.Body, "%PDF") {
		t.Errorf("the letters: status %d, %.10q", p.Status, p.Body)
	}

	_, p = does(t, v, at, at+"/update", url.Values{"name": {"renamed"}, "links": {"1"}, "mode": {"should_encrypt"}})
	says(t, at, p, "renamed", "Minimum links 1")
	says(t, "too many links", v.Send(at, at+"/update", url.Values{"name": {"renamed"}, "links": {"3"}}), "Minimum links cannot be set higher than the number of connections")

	associatesAKey(t, s, v, at)
	gone := takesOutAndAdds(t, v, at)
	sees(t, v, at+"/delete", "Members that stay 2")
	does(t, v, at+"/delete", at+"/delete", nil)
	sees(t, v, at, "deleted")
	sees(t, v, "/console/connections/"+gone, "available")
}

// associatesAKey puts a MACsec key on a LAG, which no page gives back, and removes it.
func associatesAKey(t *testing.T, s *onramptest.Server, v *consoletest.Visitor, at string) {
	t.Helper()
	bad := v.Send(at, at+"/macsec", url.Values{"ckn": {ckn}, "cak": {cak + "00"}})
	if strings.Contains(bad.Body, cak) {
		t.Error("the page gives a CAK back")
	}
	says(t, "a CAK that is too long", bad, "CAK")
	_, p := does(t, v, at, at+"/macsec", url.Values{"ckn": {ckn}, "cak": {cak}})
	says(t, at, p, ckn, "The key is being associated.")
	s.Settle()
	p = sees(t, v, at, ckn, "associated")
	if strings.Contains(p.Body, cak) {
		t.Error("the page shows a CAK")
	}
	remove := hrefOn(t, p, at+"/macsec/remove?")
	q, err := url.ParseQuery(remove[strings.IndexByte(remove, '?')+1:])
	if err != nil {
		t.Fatal(err)
	}
	sees(t, v, remove, "Remove a MACsec key?", ckn)
	does(t, v, remove, at+"/macsec/remove", url.Values{"secret": q["secret"]})
	s.Settle()
	sees(t, v, at, "No MACsec key is associated")
}

// takesOutAndAdds takes a member out of a LAG and adds it again; it answers which.
func takesOutAndAdds(t *testing.T, v *consoletest.Visitor, at string) (gone string) {
	t.Helper()
	member := hrefOn(t, v.Get(at), at+"/remove?connection=")
	sees(t, v, member, "Virtual interfaces stay on the LAG.", "Members left 1")
	gone = member[strings.LastIndexByte(member, '=')+1:]
	_, p := does(t, v, member, at+"/remove", url.Values{"connection": {gone}})
	if strings.Contains(p.Body, "/remove?connection="+gone) {
		t.Error("a connection that was taken out is still a member")
	}
	_, p = does(t, v, at, at+"/add", url.Values{"connection": {gone}})
	says(t, at, p, gone, "It is part of it now.")
	sees(t, v, "/console/connections/"+gone, idOf(at))
	return gone
}

// hrefOn is the first link of a page that begins like this.
func hrefOn(t *testing.T, p consoletest.Page, prefix string) string {
	t.Helper()
	_, rest, found := strings.Cut(p.Body, `href="`+prefix)
	if !found {
		t.Fatalf("the page has no link to %s", prefix)
	}
	rest, _, _ = strings.Cut(rest, `"`)
	return strings.ReplaceAll(prefix+rest, "&amp;", "&")
}

package console

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"onramp/internal/controlplane"
	"onramp/test/console/consoletest"
)

// mainOf is a page without its frame, and without the way to where it is.
func mainOf(p consoletest.Page) string {
	return crumbs.ReplaceAllString(between(p.Body, "<main", "</main>"), "")
}

var (
	crumbs   = regexp.MustCompile(`(?s)<nav class="crumbs".*?</nav>`)
	changing = regexp.MustCompile(`method="post"|action="[^"]*/(?:new|summary)"|href="[^"]*/(?:delete|new|order|remove|confirm)\b[^"]*"`)
)

// Who may only read is offered nothing else, and told so.
func TestAReaderIsOfferedNoChange(t *testing.T) {
	t.Parallel()
	s, _ := withUser(t, "reader", false, "arn:aws:iam::aws:policy/AWSDirectConnectReadOnlyAccess")
	owner := consoletest.For(t, s, acme)
	all := everything(t, s, owner)
	v := consoletest.User(t, s, acme, "reader", password, "")
	const limit = "Your permissions do not let you change anything here."
	for _, page := range append(pagesOf(all), "/console/connections", "/console/lags", "/console/interfaces", "/console/gateways", "/console/resiliency",
		"/console/interconnects", "/console/locations", "/console/hosted", "/console/connections/order", "/console/connections/order/summary?location=EqDC2", "/console/lags/new",
		"/console/interfaces/new", "/console/gateways/new", "/console/resiliency/new", "/console/hosted/new", "/console/interconnects/new", "/console/proposals/new") {
		p := v.Get(page)
		if p.Status != http.StatusOK || strings.HasSuffix(page, "/loa") || strings.HasSuffix(page, "/file") {
			continue
		}
		if offered := changing.FindString(mainOf(p)); offered != "" {
			t.Errorf("%s offers a reader %s", page, offered)
		}
		if want := changing.MatchString(mainOf(owner.Get(page))); strings.Contains(p.Text(), limit) != want {
			t.Errorf("%s says that the reader may change nothing: %v", page, !want)
		}
	}
	p := sees(t, v, all["connection"], "Download the LOA-CFA")
	if strings.Contains(p.Body, `href="`+all["connection"]+`/macsec/remove`) {
		t.Error("the page of a connection offers to remove a key")
	}
	sees(t, v, all["interface"], "Router configuration", "Routes")
}

// What a policy allows on one resource is offered there and not elsewhere, and what depends on what is still to be said is.
func TestOffersFollowPolicies(t *testing.T) {
	t.Parallel()
	s, _ := withUser(t, "dave", false, "arn:aws:iam::aws:policy/AWSDirectConnectReadOnlyAccess")
	owner := consoletest.For(t, s, acme)
	all := everything(t, s, owner)
	other := orders(t, owner, "another", "EqDC2")
	document := `{"Version":"2012-10-17","Statement":[
		{"Effect":"Allow","Action":"directconnect:UpdateConnection","Resource":"` + arnOf("dxcon", all["connection"]) + `"},
		{"Effect":"Allow","Action":["directconnect:CreateConnection","directconnect:TagResource"],"Resource":"*","Condition":{"StringEquals":{"aws:RequestTag/team":"net"}}},
		{"Effect":"Allow","Action":"directconnect:DeleteLag","Resource":"*"},
		{"Effect":"Deny","Action":"directconnect:DeleteLag","Resource":"` + arnOf("dxlag", all["lag"]) + `"}]}`
	if _, err := s.Daemon().Service().PutInlinePolicy(t.Context(), acme, controlplane.User, "dave", "some", document); err != nil {
		t.Fatal(err)
	}
	v := consoletest.User(t, s, acme, "dave", password, "")
	for page, offers := range map[string]map[string]bool{
		all["connection"]:      {`id="rename"`: true, `id="tag"`: true, all["connection"] + "/delete": false, "/console/interfaces/new": false},
		other:                  {`id="rename"`: false, other + "/delete": false},
		all["lag"]:             {`id="update"`: false, all["lag"] + "/delete": false, "/console/connections/order/port": true},
		"/console/connections": {"/console/connections/order": true},
		"/console/gateways":    {"/console/gateways/new": false},
	} {
		p := v.Get(page)
		for offer, want := range offers {
			if strings.Contains(mainOf(p), offer) != want {
				t.Errorf("%s offers %s: %v", page, offer, !want)
			}
		}
	}
}

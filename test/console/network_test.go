package console

import (
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"onramp/internal/controlplane"
	"onramp/internal/daemon"
	dc "onramp/internal/directconnect"
	"onramp/internal/onramptest"
	"onramp/internal/store"
	"onramp/test/console/consoletest"
)

// withScene is a server with the small scene: acme's network, and globex as its partner.
func withScene(t *testing.T) *onramptest.Server {
	t.Helper()
	s := onramptest.Start(t, onramptest.Account(acme, dc.NonPartner), onramptest.Account(globex, dc.PartnerV2))
	put(t, s, func(c *scene) { c.small(acme, globex) })
	return s
}

func TestNetworkPage(t *testing.T) {
	t.Parallel()
	s := withScene(t)
	p := consoletest.For(t, s, acme).Get("/console/")
	if p.Status != http.StatusOK {
		t.Fatalf("status %d: %s", p.Status, p.Text())
	}
	for _, want := range []string{
		"primary Ashburn", "primary New York", "backup New York", "bundle", "hosted &lt;1&gt;", "via Example Networks", "production", "of a friend",
		"Public networks", "core", "tgw-0a1b2c3d4e5f67890", "Equinix DC2, Ashburn, VA (ScnDC2)", "SPOF", "BGP 1/2, VLAN 101", "Single point of failure: prod loses all connections",
	} {
		if !strings.Contains(p.Body, want) && !strings.Contains(p.Text(), want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	for _, secret := range []string{"hosted <1>", sceneRouters[3] /* of an order that is not approved */} {
		if strings.Contains(p.Body, secret) {
			t.Errorf("the page says %q", secret)
		}
	}
}

// Every link of the pictures leads somewhere.
func TestNetworkLinks(t *testing.T) {
	t.Parallel()
	s := withScene(t)
	follow := func(v *consoletest.Visitor, path string) {
		seen := map[string]bool{}
		for _, link := range shapeLink.FindAllStringSubmatch(v.Get(path).Body, -1) {
			to := html.UnescapeString(link[1])
			if seen[to] {
				continue
			}
			seen[to] = true
			if p := v.Get(to); p.Status != http.StatusOK {
				t.Errorf("%s leads to %s: status %d: %s", path, to, p.Status, p.Alert())
			}
		}
		if len(seen) < 10 {
			t.Errorf("%s has %d links", path, len(seen))
		}
	}
	follow(consoletest.For(t, s, acme), "/console/")
	follow(consoletest.Operator(t, s), "/console/network")
}

var shapeLink = regexp.MustCompile(`<a href="([^"]+)" class="dg-`)

func TestNetworkOfOthers(t *testing.T) {
	t.Parallel()
	s := withScene(t)
	partner := consoletest.For(t, s, globex).Get("/console/")
	for _, want := range []string{"interconnect", "hosted &lt;1&gt;", "of a friend"} { // what globex sells, and its interface
		if !strings.Contains(partner.Body, want) {
			t.Errorf("the partner does not see %q", want)
		}
	}
	for _, others := range []string{"primary Ashburn", "bundle", "production", sceneGateway, "tgw-"} {
		if strings.Contains(partner.Body, others) {
			t.Errorf("the partner sees %q of another account", others)
		}
	}
	for _, path := range []string{"/console/network", "/console/routers/" + sceneRouters[0]} {
		addUserOnce(t, s, acme, "carol")
		if got := consoletest.User(t, s, acme, "carol", password, "").Get(path); got.Status != http.StatusForbidden || strings.Contains(got.Body, "primary Ashburn") {
			t.Errorf("%s answers a customer %d", path, got.Status)
		}
	}
}

func addUserOnce(t *testing.T, s *onramptest.Server, account, name string, policies ...string) {
	t.Helper()
	service := s.Daemon().Service()
	if _, _, err := service.Principal(t.Context(), account, controlplane.User, name); err == nil {
		return
	}
	addUser(t, s, account, name, false, policies...)
}

// bare is a server with the same user, and nothing ordered.
func bare(t *testing.T) *onramptest.Server {
	t.Helper()
	s, _ := withUser(t, "dave", false)
	return s
}

// withheld is what the page of a network says is not shown.
func withheld(p consoletest.Page) string {
	return between(p.Text(), "Not shown, for lack of permission", "would answer")
}

// What a user may not describe is not in the picture, and the page says so.
func TestNetworkAsksPermission(t *testing.T) {
	t.Parallel()
	s := withScene(t)
	addUser(t, s, acme, "dave", false)
	p := consoletest.User(t, s, acme, "dave", password, "").Get("/console/")
	if p.Status != http.StatusOK || strings.Contains(p.Body, "primary Ashburn") || !strings.Contains(p.Body, "DescribeConnections") || strings.Contains(p.Body, "Order the first") {
		t.Errorf("a user without permissions is answered %d: %s", p.Status, p.Text())
	}
	if other := consoletest.User(t, bare(t), acme, "dave", password, "").Get("/console/"); withheld(other) != withheld(p) || !strings.Contains(withheld(p), "DescribeLags") {
		t.Errorf("with %q, without anything %q is withheld: that tells what there is", withheld(p), withheld(other))
	}
	service := s.Daemon().Service()
	const document = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["directconnect:DescribeConnections","directconnect:DescribeLags"],"Resource":"*"}}`
	if _, err := service.PutInlinePolicy(t.Context(), acme, controlplane.User, "dave", "some", document); err != nil {
		t.Fatal(err)
	}
	p = consoletest.User(t, s, acme, "dave", password, "").Get("/console/")
	for what, want := range map[string]bool{
		"primary Ashburn": true, "bundle": true, "production": false, sceneGateway: false, "SPOF": false, "DescribeVirtualInterfaces": true,
	} {
		if strings.Contains(p.Body, what) != want {
			t.Errorf("%q is on the page: %v", what, !want)
		}
	}
}

// Where the audit trail holds reads, a picture is recorded as the operations that it stands for.
func TestNetworkIsRecorded(t *testing.T) {
	t.Parallel()
	s := onramptest.Start(t, onramptest.Account(acme, dc.NonPartner), onramptest.Account(globex, dc.PartnerV2),
		onramptest.Configure(func(c *daemon.Config) { c.Audit = daemon.AuditAll }))
	put(t, s, func(c *scene) { c.small(acme, globex) })
	addUser(t, s, acme, "dave", false)
	service := s.Daemon().Service()
	const document = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"directconnect:DescribeConnections","Resource":"*"}}`
	if _, err := service.PutInlinePolicy(t.Context(), acme, controlplane.User, "dave", "some", document); err != nil {
		t.Fatal(err)
	}
	consoletest.User(t, s, acme, "dave", password, "").Get("/console/")
	s.Stop() // which writes what is still to be written
	again := onramptest.Start(t, onramptest.Data(s.Data))
	for operation, want := range map[string]int{"DescribeConnections": 1, "DescribeVirtualInterfaces": 0, "DescribeDirectConnectGatewayAssociations": 0} {
		found, err := again.Daemon().Service().AuditRecords(t.Context(), store.AuditQuery{Account: acme, Name: operation, Limit: 10})
		if err != nil || len(found) != want {
			t.Errorf("%d records of %s, want %d (%v)", len(found), operation, want, err)
		}
	}
}

func TestNetworkOfAll(t *testing.T) {
	t.Parallel()
	s := withScene(t)
	v := consoletest.Operator(t, s)
	p := v.Get("/console/network")
	for _, want := range []string{"primary Ashburn", "interconnect", acme, globex, sceneRouters[3]} {
		if !strings.Contains(p.Body, want) {
			t.Errorf("the operator does not see %q (%d)", want, p.Status)
		}
	}
	p = v.Get("/console/network?location=ScnNY9")
	if strings.Contains(p.Body, "primary Ashburn") || !strings.Contains(p.Body, "primary New York") || !strings.Contains(p.Body, "Whole network") {
		t.Error("the picture of one location is not of that")
	}
	if p = v.Get("/console/network?location=nowhere"); p.Status != http.StatusOK || !strings.Contains(p.Text(), "nothing here") {
		t.Errorf("a place that is not there: %d", p.Status)
	}
}

// Where no account is configured none has a name: a partner is not called by what its customers come by.
func TestNetworkOfAllWithoutNames(t *testing.T) {
	t.Parallel()
	s := onramptest.Start(t)
	put(t, s, func(c *scene) { c.small(acme, globex) })
	p := consoletest.Operator(t, s).Get("/console/network")
	if !strings.Contains(p.Text(), globex) || strings.Contains(p.Text(), "via ") {
		t.Errorf("the partner is not shown as the account that it is: %s", p.Text())
	}
}

func TestRouterPanel(t *testing.T) {
	t.Parallel()
	s := withScene(t)
	v := consoletest.Operator(t, s)
	p := v.Get("/console/routers/" + sceneRouters[0])
	if n := strings.Count(p.Body, `class="dg-port dg-`); n != 40 {
		t.Fatalf("%d of 40 ports (%d)", n, p.Status)
	}
	for _, want := range []string{"38 free", "2 lit"} {
		if !strings.Contains(p.Text(), want) {
			t.Errorf("the page does not count %q", want)
		}
	}
	link := regexp.MustCompile(`href="([^"]*port=[^"]*)" class="dg-port dg-up"`).FindStringSubmatch(p.Body)
	if link == nil {
		t.Fatal("a lit port has no link")
	}
	p = v.Get(strings.ReplaceAll(strings.TrimSuffix(link[1], "#port"), "&amp;", "&"))
	for _, want := range []string{"PP-12", "R07", "primary Ashburn"} {
		if !strings.Contains(p.Text(), want) {
			t.Errorf("the port's page does not say %q: %s", want, p.Text())
		}
	}
	if p = v.Get("/console/routers/nosuch"); p.Status != http.StatusNotFound {
		t.Errorf("a router that is not there: %d", p.Status)
	}
}

// The picture follows what happens, and every shape is reached and followed with the keyboard alone.
func TestNetworkInTheBrowser(t *testing.T) {
	s := withScene(t)
	b := consoletest.Open(t, s)
	b.EnterOperator(s.Operator().Token)
	b.Go("/console/network")
	b.Look("network-all")
	b.Go("/console/routers/" + sceneRouters[1])
	b.Look("router-panel")
	addUserOnce(t, s, acme, "carol", "arn:aws:iam::aws:policy/AWSDirectConnectReadOnlyAccess")
	b.LogOut()
	b.LogIn(acme, "carol", password)
	b.Go("/console/")
	b.Look("network")
	const good = `a.dg-shape.dg-up[aria-label^="primary Ashburn"]`
	b.WaitFor(good)
	if !b.Is(`(() => { const e = document.querySelector('` + good + `'); e.focus(); return document.activeElement === e; })()`) {
		t.Error("a shape does not take the focus")
	}
	err := s.Daemon().Service().Store.Update(t.Context(), func(tx *store.Tx) error {
		all, err := tx.Connections(store.ConnectionQuery{Account: acme})
		for i := range all {
			if err == nil && all[i].Name == "primary Ashburn" {
				all[i].State, all[i].Reason = dc.ConnectionDown, "no light"
				err = tx.PutConnection(&all[i])
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	b.WaitFor(strings.Replace(good, "dg-up", "dg-down", 1))
	if !b.Is(`[...document.querySelectorAll('.dg-scroll .dg-shape')].every(a => { const card = a.querySelector('.dg-card').getBoundingClientRect();
			return [...a.querySelectorAll('text:not(.dg-alone-text)')].every(t => t.getBoundingClientRect().right <= card.right + 1); })`) {
		t.Error("a text is wider than its box")
	}
}

// Ten thousand connections of one account are a picture that one can read, quickly.
func TestTenThousandConnections(t *testing.T) {
	s := onramptest.Start(t, onramptest.Account(acme, dc.NonPartner))
	put(t, s, func(c *scene) { c.places(1); c.gateway(acme) })
	for n := 0; n < 10_000; n += 1000 {
		put(t, s, func(c *scene) { c.many(acme, n, 1000) })
	}
	v := consoletest.For(t, s, acme)
	began := time.Now()
	p := v.Get("/console/")
	t.Logf("the page took %v and has %d bytes", time.Since(began), len(p.Body))
	if n := strings.Count(p.Body, `class="dg-shape`); n > 120 || n < 10 {
		t.Errorf("%d shapes", n)
	}
	for _, want := range []string{"9,970", "10 down", "20 pending"} {
		if !strings.Contains(p.Text(), want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	b := consoletest.Open(t, s)
	b.EnterOperator(s.Operator().Token)
	b.Go("/console/network")
	b.Look("network-10000")
}

package console

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"onramp/internal/daemon"
	"onramp/internal/directconnect"
	"onramp/internal/onramptest"
	"onramp/test/console/consoletest"
)

const partner = "333333333333"

// From an empty installation, as a new user would, all in a browser: two accounts and a partner, an order to available, a
// hosted connection accepted by another account, an interface up, a failover test, and the trail of it all.
func TestJourney(t *testing.T) {
	t.Parallel()
	s := onramptest.Start(t, onramptest.Pace(directconnect.Manual), onramptest.Configure(func(c *daemon.Config) { c.Audit = daemon.AuditWrites }))
	b := consoletest.Open(t, s)

	b.Open(s.Daemon().ConsoleLink())
	b.Look("login-once")
	b.Press("Enter as operator")
	makeAccounts(t, b)
	b.LogOut()
	b.Look("login")

	connection := orderInBrowser(t, s, b)
	hosted := hostInBrowser(t, s, b)
	iface := connectInBrowser(t, s, b, connection)

	b.EnterOperator(s.Operator().Token)
	b.Go("/console/operator/audit")
	b.Look("operator-audit")
	for resource, want := range map[string][]string{
		connection: {"CreateConnection", "user/alice", "POST /console/operator/connections/{id}/approve", "ConnectionStateChange", "available"},
		hosted:     {"AllocateHostedConnection", "user/pat", "ConfirmConnection", "user/gil"},
		iface:      {"CreatePrivateVirtualInterface", "StartBgpFailoverTest", "StopBgpFailoverTest", "VirtualInterfaceStateChange"},
	} {
		b.Go("/console/operator/audit?resource=" + resource)
		for _, w := range want {
			if !b.Sees(w) {
				t.Errorf("the trail of %s does not have %q", resource, w)
			}
		}
	}
	b.Go("/console/operator/audit")
	b.Press("Verify the trail")
	b.Wait("The audit trail is whole")
	b.Look("operator-audit-verified")
}

// makeAccounts adds two accounts and a partner with a user each.
func makeAccounts(t *testing.T, b *consoletest.Browser) {
	t.Helper()
	for _, a := range []struct{ id, name, partner, user string }{
		{acme, "Acme", "nonPartner", "alice"}, {globex, "Globex", "nonPartner", "gil"}, {partner, "Example Networks", "v2", "pat"},
	} {
		b.Go("/console/operator/accounts")
		b.Fill("#account-id", a.id)
		b.Fill("#account-name", a.name)
		b.Choose("#account-partner", a.partner)
		b.Press("Add the account")
		b.Toggle("Add a user")
		b.Fill("#user-user", a.user)
		b.Choose("#user-policy", "AWSDirectConnectFullAccess")
		b.Press("Add the user")
		b.Wait("AWSDirectConnectFullAccess")
		b.Toggle("Set a password for the console")
		b.Fill("#password-password", password)
		b.Press("Set the password")
		b.Wait("The password is set")
	}
	b.Look("operator-user")
	b.Go("/console/operator/accounts")
	b.Look("operator-accounts")
	b.Go("/console/operator/accounts/" + acme)
	b.Look("operator-account")
}

// orderInBrowser has alice order a connection; her page follows what the operator does without being loaded again.
func orderInBrowser(t *testing.T, s *onramptest.Server, b *consoletest.Browser) (id string) {
	t.Helper()
	b.LogIn(acme, "alice", password)
	b.Look("network-empty")
	b.Go("/console/connections/order")
	b.Look("order-location")
	b.Press("Choose EqDC2")
	b.Fill("#port-name", "Ashburn primary")
	b.Check("input[name=bandwidth][value='10Gbps']")
	b.Look("order-port")
	b.Press("Go on to the summary")
	b.Look("order-summary")
	b.Press("Order the connection")
	b.Wait("requested")
	id = strings.TrimPrefix(b.Path(), "/console/connections/")

	operator := consoletest.Operator(t, s)
	for _, step := range []struct{ move, state string }{{"approve", "pending"}, {"plug", "available"}} {
		if p := operator.Post("/console/operator/connections/"+id+"/"+step.move, url.Values{}); p.To == "" {
			t.Fatalf("%s: status %d: %s", step.move, p.Status, p.Text())
		}
		b.WaitFor("#live .state")
		b.Wait(step.state) // by the stream of events: nothing was loaded
	}
	b.Look("connection")
	b.LogOut()
	return id
}

// hostInBrowser has the partner order an interconnect, the operator approve it, and the partner allocate a connection on it that
// the other account accepts.
func hostInBrowser(t *testing.T, s *onramptest.Server, b *consoletest.Browser) (id string) {
	t.Helper()
	b.LogIn(partner, "pat", password)
	b.Go("/console/interconnects/new")
	b.Fill("#interconnect-name", "Trunk")
	b.Choose("#interconnect-location", "EqDC2")
	b.Choose("#interconnect-bandwidth", "10Gbps")
	b.Press("Order the interconnect")
	trunk := strings.TrimPrefix(b.Path(), "/console/interconnects/")
	b.LogOut()

	b.EnterOperator(s.Operator().Token)
	b.Go("/console/operator/orders")
	b.Look("operator-orders")
	b.Press("Trunk")
	b.Look("operator-connection")
	b.Press("Approve the order")
	b.Wait("It is approved")
	b.Press("The cable is in place")
	b.Wait("available")
	b.LogOut()

	b.LogIn(partner, "pat", password)
	b.Go("/console/hosted/new?parent=" + trunk)
	b.Fill("#hosted-owner", globex)
	b.Fill("#hosted-name", "Globex over Trunk")
	b.Choose("#hosted-bandwidth", "500Mbps")
	b.Fill("#hosted-vlan", "101")
	b.Press("Allocate the connection")
	b.Wait("the other account accepts it")
	b.Go("/console/interconnects/" + trunk)
	b.Look("interconnect")
	b.LogOut()

	b.LogIn(globex, "gil", password)
	b.Go("/console/connections")
	b.Press("Globex over Trunk")
	id = strings.TrimPrefix(b.Path(), "/console/connections/")
	b.Go("/console/connections/" + id + "/confirm")
	b.Look("hosted-confirm")
	b.Press("Accept the connection")
	s.Advance(time.Hour) // the partner's router takes its time
	b.Wait("available")
	b.LogOut()
	return id
}

// connectInBrowser has alice make a gateway and an interface on her connection, which comes up, and test its failover.
func connectInBrowser(t *testing.T, s *onramptest.Server, b *consoletest.Browser, connection string) (id string) {
	t.Helper()
	b.LogIn(acme, "alice", password)
	b.Go("/console/gateways/new")
	b.Fill("#gateway-name", "core")
	b.Fill("#gateway-asn", "64512")
	b.Press("Create the gateway")
	gateway := strings.TrimPrefix(b.Path(), "/console/gateways/")
	b.Go("/console/interfaces/new?type=private&connection=" + connection)
	b.Look("interface-new")
	b.Fill("#interface-name", "production")
	b.Fill("#interface-vlan", "200")
	b.Fill("#interface-asn", "65000")
	b.Choose("#interface-gateway", gateway)
	b.Press("Create the interface")
	b.Look("interface-router")
	id, _, _ = strings.Cut(strings.TrimPrefix(b.Path(), "/console/interfaces/"), "/")
	s.Advance(time.Hour)
	b.Go("/console/interfaces/" + id)
	b.Wait("available")
	b.Wait("up")
	b.Toggle("Failover test")
	b.Fill("#test-minutes", "10")
	b.Press("Start the test")
	b.Wait("testing")
	b.WaitFor("time[data-until]")
	b.Look("interface-testing")
	b.Press("Stop the test")
	b.Wait("available")
	b.Look("interface")
	b.Go("/console/")
	b.Look("network")
	b.Go("/console/account")
	b.Look("own")
	b.LogOut()
	return id
}

package console

import (
	"strings"
	"testing"

	"onramp/test/console/consoletest"
	"onramp/test/install"
)

const partner = "333333333333"

// journey is a server as its package installs it, and two browsers before it: the operator's, and one that customers and the
// partner share, one after the other.
type journey struct {
	t        *testing.T
	machine  *install.Machine
	service  *install.Service
	address  string // of the operator's listener
	operator *consoletest.Browser
	b        *consoletest.Browser
}

// From an empty machine, as a new user would: the package, two accounts and a partner, an order to available, a hosted connection
// accepted by another account, an interface up, a failover test, and the trail of it all. What people do they do in a browser.
func TestJourney(t *testing.T) {
	t.Parallel()
	j := &journey{t: t}
	j.install()
	j.enterAsOperator()
	j.addAccounts()
	connection := j.order()
	hosted := j.host()
	iface := j.attach(connection)
	j.testFailover(iface)
	j.readTrail(map[string][]string{
		connection: {"CreateConnection", "user/alice", "POST /console/operator/connections/{id}/approve", "POST /console/operator/connections/{id}/plug",
			"ConnectionStateChange", "pending", "available"},
		hosted: {"AllocateHostedConnection", "user/pat", "ConfirmConnection", "user/gil", "available"},
		iface:  {"CreatePrivateVirtualInterface", "StartBgpFailoverTest", "StopBgpFailoverTest", "VirtualInterfaceStateChange", "available"},
	})
	j.stop()
}

// install installs the package on a machine that has nothing of it, and starts its service as it is set up there, but for ports
// that are free.
func (j *journey) install() {
	deb := install.Package(j.t)
	j.machine = install.Empty(j.t)
	j.machine.Copy(deb, "/tmp/onramp.deb")
	j.machine.Do("root", "dpkg --install /tmp/onramp.deb")
	j.machine.Write("/etc/onramp/environment", "ONRAMP_LISTEN=127.0.0.1:0\nONRAMP_OPERATOR_LISTEN=127.0.0.1:0\n")
	j.service = j.machine.Start("onramp.service")
	j.address = j.service.Await(`operator API +(http://\S+)`)[1]
}

// enterAsOperator takes the link that the service prints.
func (j *journey) enterAsOperator() {
	j.operator = consoletest.OpenAt(j.t, j.address)
	j.operator.Open(j.service.Await(`The console, as operator, once .*:\s+(http://\S+)`)[1])
	j.operator.Look("login-once")
	j.operator.Press("Enter as operator")
	j.b = j.operator.Beside()
}

// addAccounts adds two accounts and a partner with a user each.
func (j *journey) addAccounts() {
	op := j.operator
	for _, a := range []struct{ id, name, partner, user string }{
		{acme, "Acme", "nonPartner", "alice"}, {globex, "Globex", "nonPartner", "gil"}, {partner, "Example Networks", "v2", "pat"},
	} {
		op.Press("Accounts")
		op.Fill("#account-id", a.id)
		op.Fill("#account-name", a.name)
		op.Choose("#account-partner", a.partner)
		op.Press("Add the account")
		op.Toggle("Add a user")
		op.Fill("#user-user", a.user)
		op.Choose("#user-policy", "AWSDirectConnectFullAccess")
		op.Press("Add the user")
		op.Wait("AWSDirectConnectFullAccess")
		op.Toggle("Set a password for the console")
		op.Fill("#password-password", password)
		op.Press("Set the password")
		op.Wait("The password is set")
	}
	op.Look("operator-user")
	op.Press("Accounts")
	op.Look("operator-accounts")
	op.Press(acme)
	op.Look("operator-account")
}

// order has alice order a connection, and the operator approve it and put its cable in; alice's page follows without being loaded
// again.
func (j *journey) order() (id string) {
	b := j.b
	b.Go("/console/login")
	b.Look("login")
	b.LogIn(acme, "alice", password)
	b.Look("network-empty")
	b.Press("Connections")
	b.Press("Order a connection")
	b.Look("order-location")
	b.Press("Choose EqDC2")
	b.Fill("#port-name", "Ashburn primary")
	b.Check("input[name=bandwidth][value='10Gbps']")
	b.Look("order-port")
	b.Press("Go on to the summary")
	b.Look("order-summary")
	b.Press("Order the connection")
	b.WaitIn("#live .state", "requested")
	b.Is(`window.sameDocument = true`)

	j.approve("Ashburn primary")
	b.WaitIn("#live .state", "pending")
	b.Wait("Download the LOA-CFA")
	j.plug()
	b.WaitIn("#live .state", "available")
	if !b.Is(`window.sameDocument === true`) {
		j.t.Error("the page was loaded anew")
	}
	b.Look("connection")
	id = idOf(b.Path())
	b.LogOut()
	return id
}

// approve has the operator approve what waits in the queue; that page stays open.
func (j *journey) approve(name string) {
	op := j.operator
	op.Press("Orders")
	op.Look("operator-orders")
	op.Press(name)
	op.Look("operator-connection")
	op.Press("Approve the order")
	op.Wait("It is approved")
}

// plug has the operator put in the cable of what was approved.
func (j *journey) plug() {
	j.operator.Press("The cable is in place")
	j.operator.WaitIn("#live .state", "available")
}

// turnClock has the operator turn the clock by an hour: the package's pace is that of people.
func (j *journey) turnClock() {
	op := j.operator
	op.Press("Clock")
	op.Fill("#advance-hours", "1")
	op.Press("Turn the clock")
	op.Wait("The clock is turned")
}

// host has the partner order an interconnect and allocate a connection on it, which the other account accepts.
func (j *journey) host() (id string) {
	b := j.b
	b.LogIn(partner, "pat", password)
	b.Press("Interconnects")
	b.Press("Order an interconnect")
	b.Fill("#interconnect-name", "Trunk")
	b.Choose("#interconnect-location", "EqDC2")
	b.Choose("#interconnect-bandwidth", "10Gbps")
	b.Press("Order the interconnect")
	trunk := b.Path()
	j.approve("Trunk")
	j.plug()

	b.Go("/console/hosted/new?parent=" + idOf(trunk))
	b.Fill("#hosted-owner", globex)
	b.Fill("#hosted-name", "Globex over Trunk")
	b.Choose("#hosted-bandwidth", "500Mbps")
	b.Fill("#hosted-vlan", "101")
	b.Press("Allocate the connection")
	b.Wait("the other account accepts it")
	b.Go(trunk)
	b.Look("interconnect")
	b.LogOut()

	b.LogIn(globex, "gil", password)
	b.Press("Connections")
	b.Press("Globex over Trunk")
	id = idOf(b.Path())
	b.Press("Accept or refuse")
	b.Look("hosted-confirm")
	b.Press("Accept the connection")
	j.turnClock()
	b.WaitIn("#live .state", "available")
	b.LogOut()
	return id
}

// attach has alice make a gateway and an interface to it on her connection, which comes up.
func (j *journey) attach(connection string) (id string) {
	b := j.b
	b.LogIn(acme, "alice", password)
	b.Press("Gateways")
	b.Press("Create a gateway")
	b.Fill("#gateway-name", "core")
	b.Fill("#gateway-asn", "64512")
	b.Press("Create the gateway")
	gateway := idOf(b.Path())
	b.Go("/console/interfaces/new?type=private&connection=" + connection)
	b.Look("interface-new")
	b.Fill("#interface-name", "production")
	b.Fill("#interface-vlan", "200")
	b.Fill("#interface-asn", "65000")
	b.Choose("#interface-gateway", gateway)
	b.Press("Create the interface")
	b.Look("interface-router")
	b.Press("Back to the interface")
	j.turnClock()
	b.WaitIn("#live .state", "available")
	b.Wait("up")
	return idOf(b.Path())
}

// testFailover has alice test the failover of her interface, and look at the network that she has.
func (j *journey) testFailover(id string) {
	b := j.b
	b.Toggle("Failover test")
	b.Fill("#test-minutes", "10")
	b.Press("Start the test")
	b.WaitIn("#live .state", "testing")
	b.WaitFor("time[data-until]")
	b.Look("interface-testing")
	b.Press("Stop the test")
	b.WaitIn("#live .state", "available")
	b.Wait("CANCELLED")
	b.Look("interface")
	b.Press("Network")
	b.WaitFor(`a[href$="` + id + `"]`)
	b.Look("network")
	b.Go("/console/account")
	b.Look("own")
	b.LogOut()
}

// readTrail has the operator read in the trail of each resource what was done, and verify it: in the console, and with the program
// that was installed.
func (j *journey) readTrail(want map[string][]string) {
	op := j.operator
	op.Press("Audit trail")
	op.Look("operator-audit")
	for resource, words := range want {
		op.Press("Audit trail")
		op.Toggle("Filter")
		op.Fill("#filter-form-resource", resource)
		op.Press("Show")
		for _, word := range words {
			if !op.Sees(word) {
				j.t.Errorf("the trail of %s does not have %q", resource, word)
			}
		}
	}
	op.Press("Audit trail")
	op.Press("Verify the trail")
	op.Wait("The audit trail is whole")
	op.Look("operator-audit-verified")
	at := "--data /var/lib/onramp --operator " + j.address
	if said := j.machine.Do("onramp", "onramp audit verify "+at); !strings.Contains(said, " records in 1 chain") {
		j.t.Errorf("onramp audit verify says:\n%s", said)
	}
}

// stop stops the service, which has met no error on the way and told nobody a secret.
func (j *journey) stop() {
	token := strings.TrimSpace(j.machine.Read("/var/lib/onramp/operator-token"))
	j.service.Stop()
	said := j.service.Journal()
	for _, not := range []string{"level=ERROR", "panic", password, token} {
		if not == "" || strings.Contains(said, not) {
			j.t.Errorf("the journal has what does not belong there, of %d characters:\n%s", len(not), strings.NewReplacer(token, "TOKEN", password, "PASSWORD").Replace(said))
		}
	}
}

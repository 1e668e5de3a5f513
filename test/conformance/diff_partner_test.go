package conformance

import (
	"testing"
	"time"

	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"

	"onramp/internal/directconnect"
)

// TestNoOversubscription: the hosted connections of a port together are no faster than it is.
func TestNoOversubscription(t *testing.T) {
	t.Parallel()
	a := open(t).as(t, bob)
	parent := a.interconnect(t, "1Gbps")
	a.host(t, parent, alice, "500Mbps", 1)
	a.host(t, parent, alice, "500Mbps", 2)
	refused(a.AllocateHostedConnection(t.Context(), &dc.AllocateHostedConnectionInput{
		ConnectionId: &parent, OwnerAccount: str(alice), Bandwidth: str("50Mbps"), ConnectionName: str("x"), Vlan: 3,
	}))(t, client, parent+" has 0 Mbps of 1000 Mbps left: 50Mbps does not fit.")
}

// TestConfirmOnceAndForEver: a second confirmation is refused, and an order waits for its confirmation without end.
func TestConfirmOnceAndForEver(t *testing.T) {
	t.Parallel()
	w := open(t)
	customer, partner := w.as(t, alice), w.as(t, bob)
	id := partner.host(t, partner.interconnect(t, "1Gbps"), alice, "50Mbps", 1)
	w.turn(1000 * 24 * time.Hour)
	customer.state(t, id, "ordering")
	customer.confirm(t, id)
	refused(customer.ConfirmConnection(t.Context(), &dc.ConfirmConnectionInput{ConnectionId: &id}))(
		t, client, "Connection "+id+" is in state pending: Confirm is not possible.")
}

// TestPartnerWithdraws: what the partner deletes in ordering is deleted, not rejected.
func TestPartnerWithdraws(t *testing.T) {
	t.Parallel()
	w := open(t)
	partner := w.as(t, bob)
	id := partner.host(t, partner.interconnect(t, "1Gbps"), alice, "50Mbps", 1)
	if out := got(partner.DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: &id}))(t); out.ConnectionState != "deleted" {
		t.Errorf("it is %s", out.ConnectionState)
	}
}

// TestInterconnectOf400: is sold where the location has the ports.
func TestInterconnectOf400(t *testing.T) {
	t.Parallel()
	a := open(t).as(t, bob)
	got(a.CreateInterconnect(t.Context(), &dc.CreateInterconnectInput{
		Location: str(newark), Bandwidth: str("400Gbps"), InterconnectName: str("x"),
	}))(t)
}

// TestPartnersAreDeclared: who is one is the operator's word; only a declared one's LAG turns connections into interconnects.
func TestPartnersAreDeclared(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice) // open mode: a partner, but not a declared one
	lag := a.orderLAG(t, ashburn, "10Gbps", "x", 1)
	holds(t, a.object()["allowsHostedConnections"], true)
	id := a.memberIDs(t, lag)[0]
	got(a.disassociate(t, id, lag))(t)
	a.state(t, id, "requested") // still a connection

	w.configure(bob, "Bob", directconnect.PartnerV2)
	b := w.as(t, bob)
	lag = b.orderLAG(t, ashburn, "10Gbps", "x", 1)
	member := b.memberIDs(t, lag)[0]
	got(b.disassociate(t, member, lag))(t)
	holds(t, b.interconnectShown(t, member)["interconnectState"], "requested")

	const carol = "777788889999"
	w.configure(carol, "Carol", directconnect.NonPartner)
	refused(w.as(t, carol).CreateInterconnect(t.Context(), &dc.CreateInterconnectInput{
		Location: str(ashburn), Bandwidth: str("1Gbps"), InterconnectName: str("x"),
	}))(t, client, "Account 777788889999 is not an AWS Direct Connect Partner.")
}

// TestHostedInOrderingHidesItsDevice: as a requested port does.
func TestHostedInOrderingHidesItsDevice(t *testing.T) {
	t.Parallel()
	w := open(t)
	customer, partner := w.as(t, alice), w.as(t, bob)
	parent := partner.interconnect(t, "1Gbps")
	id := partner.host(t, parent, alice, "50Mbps", 1)
	if v, shown := customer.connection(t, id)["awsDevice"]; shown {
		t.Errorf("awsDevice is %v", v)
	}
	customer.confirm(t, id)
	holds(t, customer.connection(t, id)["awsDevice"], w.noun(parent).Router)
}

// TestSoldAhead: a hosted connection is allocated on a port that is only requested, and comes up after it.
func TestSoldAhead(t *testing.T) {
	t.Parallel()
	w := open(t)
	customer, partner := w.as(t, alice), w.as(t, bob)
	out := got(partner.CreateInterconnect(t.Context(), &dc.CreateInterconnectInput{
		Location: str(ashburn), Bandwidth: str("1Gbps"), InterconnectName: str("x"),
	}))(t)
	if out.InterconnectState != "requested" {
		t.Fatalf("the port is %s", out.InterconnectState)
	}
	id := partner.host(t, *out.InterconnectId, alice, "50Mbps", 1)
	customer.confirm(t, id)
	w.settle()
	customer.state(t, id, "pending")
	w.approve(*out.InterconnectId)
	w.plug(*out.InterconnectId)
	w.turn(time.Hour)
	if port := got(partner.DescribeInterconnects(t.Context(), &dc.DescribeInterconnectsInput{InterconnectId: out.InterconnectId}))(t).Interconnects[0]; port.InterconnectState != "available" {
		t.Fatalf("the port is %s", port.InterconnectState)
	}
	customer.state(t, id, "available")
}

package conformance

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
	"github.com/aws/aws-sdk-go-v2/service/directconnect/types"
)

// newHosted is a hosted connection as its owner sees it before confirming (fact sheet 4.2, column "hosted").
func newHosted(id, owner, name, bandwidth string, vlan int) members {
	return members{
		"ownerAccount": owner, "connectionId": id, "connectionName": name, "connectionState": "ordering", "region": eastern,
		"location": ashburn, "bandwidth": bandwidth, "vlan": vlan, "partnerName": "Account " + bob, "tags": list{},
		"jumboFrameCapable": false, "hasLogicalRedundancy": "unknown", "macSecCapable": false,
		"partnerInterconnectMacSecCapable": false, "billingMode": "PayAsYouGo",
	}
}

// TestHostedConnectionOfTwoAccounts: ordered by the partner, confirmed by the customer, each seeing its side; both may end it.
func TestHostedConnectionOfTwoAccounts(t *testing.T) {
	t.Parallel()
	w := open(t)
	customer, partner := w.as(t, alice), w.as(t, bob)
	parent := partner.interconnect(t, "10Gbps")
	w.light(parent)
	out := got(partner.AllocateHostedConnection(t.Context(), &dc.AllocateHostedConnectionInput{
		ConnectionId: &parent, OwnerAccount: str(alice), Bandwidth: str("500Mbps"), ConnectionName: str("to alice"), Vlan: 101,
		Tags: []types.Tag{{Key: str("k"), Value: str("v")}},
	}))(t)
	id := *out.ConnectionId
	theirs := newHosted(id, alice, "to alice", "500Mbps", 101)
	mine := theirs.with(members{"tags": list{members{"key": "k", "value": "v"}}})
	holds(t, partner.object(), theirs) // the tags are the customer's from the start
	both := func(change members) {
		t.Helper()
		theirs, mine = theirs.with(change), mine.with(change)
		holds(t, customer.connection(t, id), mine)
		holds(t, partner.hostedShown(t, parent), list{theirs})
		holds(t, partner.hostedShown(t, id), list{theirs}) // Terraform asks with the hosted connection's own ID
		holds(t, customer.hostedShown(t, id), list{mine})
	}
	both(nil)
	refused(partner.DescribeConnections(t.Context(), &dc.DescribeConnectionsInput{ConnectionId: &id}))(
		t, client, "Could not find Connection with ID "+id)
	refused(partner.ConfirmConnection(t.Context(), &dc.ConfirmConnectionInput{ConnectionId: &id}))(
		t, client, "Could not find Connection with ID "+id)
	refused(customer.DescribeHostedConnections(t.Context(), &dc.DescribeHostedConnectionsInput{ConnectionId: &parent}))(
		t, client, alice+" DescribeHostedConnections failed for connection "+parent+" doesn't exist.")

	customer.confirm(t, id)
	both(onDevice("pending", w.noun(parent).Router))
	refused(customer.ConfirmConnection(t.Context(), &dc.ConfirmConnectionInput{ConnectionId: &id}))(
		t, client, "Connection "+id+" is in state pending: Confirm is not possible.")
	w.turn(time.Hour)
	both(members{"connectionState": "available"})
	w.cut(parent)
	both(members{"connectionState": "down"})
	w.restore(parent)
	both(members{"connectionState": "available"})
	got(customer.UpdateConnection(t.Context(), &dc.UpdateConnectionInput{ConnectionId: &id, ConnectionName: str("mine")}))(t)
	both(members{"connectionName": "mine"})
	refused(customer.UpdateConnection(t.Context(), &dc.UpdateConnectionInput{ConnectionId: &id, EncryptionMode: str("no_encrypt")}))(
		t, client, "Connection "+id+" does not support MACsec.")

	got(partner.DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: &id}))(t)
	both(members{"connectionState": "deleting"})
	w.turn(time.Minute)
	both(members{"connectionState": "deleted"})
	partner.host(t, parent, alice, "500Mbps", 101) // its VLAN is free again
}

// TestHostedConnectionEndsInOrdering: the customer rejects, the partner withdraws.
func TestHostedConnectionEndsInOrdering(t *testing.T) {
	t.Parallel()
	w := open(t)
	customer, partner, other := w.as(t, alice), w.as(t, bob), w.as(t, "777788889999")
	parent := partner.interconnect(t, "10Gbps")
	rejected, withdrawn := partner.host(t, parent, alice, "50Mbps", 1), partner.host(t, parent, alice, "50Mbps", 2)
	end := func(c *caller, id, want string) {
		t.Helper()
		out := got(c.DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: &id}))(t)
		if string(out.ConnectionState) != want {
			t.Errorf("answered %s, want %s", out.ConnectionState, want)
		}
		customer.state(t, id, want)
	}
	refused(other.DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: &rejected}))(
		t, client, "Could not find Connection with ID "+rejected)
	end(customer, rejected, "rejected")
	end(customer, rejected, "rejected")
	end(partner, withdrawn, "deleted")
	end(customer, withdrawn, "deleted")
	for id, state := range map[string]string{rejected: "rejected", withdrawn: "deleted"} {
		refused(customer.ConfirmConnection(t.Context(), &dc.ConfirmConnectionInput{ConnectionId: &id}))(
			t, client, "Connection "+id+" is in state "+state+": Confirm is not possible.")
	}
	dedicated := customer.order(t, ashburn, "1Gbps", "x")
	refused(customer.ConfirmConnection(t.Context(), &dc.ConfirmConnectionInput{ConnectionId: &dedicated}))(
		t, client, "Connection "+dedicated+" is not a hosted connection and needs no confirmation.")
}

// TestHostedBandwidths: the eleven capacities; the deprecated twin knows ten of them and no tags.
func TestHostedBandwidths(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, bob)
	parent := a.interconnect(t, "100Gbps", func(in *dc.CreateInterconnectInput) { in.RequestMACSec = aws.Bool(true) })
	vlan := int32(0)
	for _, bandwidth := range []string{"50Mbps", "100Mbps", "200Mbps", "300Mbps", "400Mbps", "500Mbps", "1Gbps", "2Gbps", "5Gbps", "10Gbps", "25Gbps"} {
		vlan += 2
		id := a.host(t, parent, alice, bandwidth, vlan)
		want := newHosted(id, alice, "hosted", bandwidth, int(vlan)).with(members{"partnerInterconnectMacSecCapable": true})
		holds(t, a.object(), want)
		twin, err := a.AllocateConnectionOnInterconnect(t.Context(), &dc.AllocateConnectionOnInterconnectInput{
			InterconnectId: &parent, OwnerAccount: str(alice), Bandwidth: &bandwidth, ConnectionName: str("hosted"), Vlan: vlan + 1,
		})
		if bandwidth == "25Gbps" {
			refused(twin, err)(t, client, "Bandwidth 25Gbps is not valid for AllocateConnectionOnInterconnect. Use AllocateHostedConnection.")
			continue
		}
		holds(t, a.object(), want.with(members{"connectionId": *got(twin, err)(t).ConnectionId, "vlan": int(vlan + 1)}))
	}
	n := len(a.hostedShown(t, parent))
	got(a.DescribeConnectionsOnInterconnect(t.Context(), &dc.DescribeConnectionsOnInterconnectInput{InterconnectId: &parent}))(t)
	holds(t, a.object(), members{"connections": a.hostedShown(t, parent)})
	if n != 21 {
		t.Errorf("%d hosted connections, want 21", n)
	}
}

// TestHostedRules: what cannot be allocated.
func TestHostedRules(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, bob)
	parent, dedicated := a.interconnect(t, "1Gbps"), a.order(t, ashburn, "1Gbps", "x")
	bundled, gone := a.interconnect(t, "1Gbps"), a.interconnect(t, "1Gbps")
	lag := a.orderLAG(t, ashburn, "1Gbps", "bundle", 1, func(in *dc.CreateLagInput) { in.ConnectionId = &bundled })
	got(a.DeleteInterconnect(t.Context(), &dc.DeleteInterconnectInput{InterconnectId: &gone}))(t)
	foreign := w.as(t, alice).interconnect(t, "1Gbps")
	a.host(t, parent, alice, "500Mbps", 10)
	cases := []struct {
		name, text string
		set        func(*dc.AllocateHostedConnectionInput)
	}{
		{"VLAN taken", "VLAN 10 is already in use on " + parent, func(in *dc.AllocateHostedConnectionInput) { in.Vlan = 10 }},
		{"VLAN 0", "VLAN 0 is not valid. Valid values are 1 to 4094.", func(in *dc.AllocateHostedConnectionInput) { in.Vlan = 0 }},
		{"VLAN 4095", "VLAN 4095 is not valid. Valid values are 1 to 4094.", func(in *dc.AllocateHostedConnectionInput) { in.Vlan = 4095 }},
		{"bandwidth", "Bandwidth 600Mbps is not valid for a hosted connection.", func(in *dc.AllocateHostedConnectionInput) { in.Bandwidth = str("600Mbps") }},
		{"too much", parent + " has 500 Mbps of 1000 Mbps left: 1Gbps does not fit.", func(in *dc.AllocateHostedConnectionInput) { in.Bandwidth = str("1Gbps") }},
		{"owner", "ownerAccount 1234 is not a valid account ID.", func(in *dc.AllocateHostedConnectionInput) { in.OwnerAccount = str("1234") }},
		{"dedicated parent", "Connection " + dedicated + " is not an interconnect.", func(in *dc.AllocateHostedConnectionInput) { in.ConnectionId = &dedicated }},
		{"LAG member", "Interconnect " + bundled + " is a member of Lag " + lag + ": use the Lag.", func(in *dc.AllocateHostedConnectionInput) { in.ConnectionId = &bundled }},
		{"deleted parent", "Interconnect " + gone + " is in state deleted.", func(in *dc.AllocateHostedConnectionInput) { in.ConnectionId = &gone }},
		{"another's", "Could not find Connection with ID " + foreign, func(in *dc.AllocateHostedConnectionInput) { in.ConnectionId = &foreign }},
		{"no parent", "Could not find Lag with ID dxlag-ffjhj9lx", func(in *dc.AllocateHostedConnectionInput) { in.ConnectionId = str("dxlag-ffjhj9lx") }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			in := &dc.AllocateHostedConnectionInput{
				ConnectionId: &parent, OwnerAccount: str(alice), Bandwidth: str("50Mbps"), ConnectionName: str("x"), Vlan: 11,
			}
			c.set(in)
			w.unchanged(t, func() { refused(a.AllocateHostedConnection(t.Context(), in))(t, client, c.text) })
		})
	}
	for _, vlan := range []int32{1, 4094} {
		a.host(t, parent, alice, "50Mbps", vlan)
	}
}

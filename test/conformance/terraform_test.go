package conformance

import (
	"strings"
	"testing"
	"time"

	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
)

// The sequences of calls that Terraform's AWS provider makes, and what it needs of the answers (fact sheet 26 and 5.7). With
// Terraform itself they run in test/clients, where it is found.

// TestTerraformLAG: created with one connection, which is deleted at once; the empty LAG is updated, read and deleted.
func TestTerraformLAG(t *testing.T) {
	t.Parallel()
	a := open(t).as(t, alice)
	out := got(a.CreateLag(t.Context(), &dc.CreateLagInput{
		Location: str(ashburn), ConnectionsBandwidth: str("1Gbps"), LagName: str("tf"), NumberOfConnections: 1,
	}))(t)
	if len(out.Connections) < 1 {
		t.Fatal("no element to index")
	}
	got(a.DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: out.Connections[0].ConnectionId}))(t)
	read := got(a.DescribeLags(t.Context(), &dc.DescribeLagsInput{LagId: out.LagId}))(t).Lags[0]
	if read.NumberOfConnections != 0 || len(read.Connections) != 0 || read.LagState != "pending" {
		t.Errorf("%d connections, %s", read.NumberOfConnections, read.LagState)
	}
	got(a.UpdateLag(t.Context(), &dc.UpdateLagInput{LagId: out.LagId, LagName: str("renamed")}))(t)
	if gone := got(a.DeleteLag(t.Context(), &dc.DeleteLagInput{LagId: out.LagId}))(t); gone.LagState != "deleted" {
		t.Errorf("deleted, it is %s", gone.LagState)
	}
}

// TestTerraformLAGForceDestroy: the members are deleted one after the other, then the LAG, at once.
func TestTerraformLAGForceDestroy(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	id := a.orderLAG(t, ashburn, "1Gbps", "tf", 3)
	m := a.memberIDs(t, id)
	w.light(m[0])
	for _, member := range m {
		got(a.DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: &member}))(t)
	}
	got(a.DeleteLag(t.Context(), &dc.DeleteLagInput{LagId: &id}))(t)
}

// TestTerraformConnectionAssociation: made apart, joined right after creation; taken apart also when one is already gone.
func TestTerraformConnectionAssociation(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	for range 2 { // whichever devices they are on
		connection, lag := a.order(t, ashburn, "1Gbps", "tf"), a.orderLAG(t, ashburn, "1Gbps", "tf", 1)
		if out := got(a.associate(t, connection, lag))(t); out.LagId == nil || *out.LagId != lag {
			t.Errorf("lagId does not show at once: %s", a.last.body)
		}
		w.light(connection)
		got(a.DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: &connection}))(t)
		refused(a.disassociate(t, connection, lag))(t, client, "Connection "+connection+" is in a transitioning state.") // tried again
		w.turn(time.Minute)
		refused(a.disassociate(t, connection, lag))(t, client, "Connection does not exist: "+connection) // as good as done
	}
}

// TestTerraformHostedConnection: read by the parent's ID and by its own, in every state up to the end.
func TestTerraformHostedConnection(t *testing.T) {
	t.Parallel()
	w := open(t)
	customer, partner := w.as(t, alice), w.as(t, bob)
	parent := partner.interconnect(t, "10Gbps")
	w.light(parent)
	id := partner.host(t, parent, alice, "100Mbps", 4094)
	states := func(want string) {
		t.Helper()
		for _, by := range []string{parent, id} {
			all := partner.hostedShown(t, by)
			if len(all) != 1 || all[0].(map[string]any)["connectionState"] != want {
				t.Errorf("by %s: %v, want one %s", by, all, want)
			}
		}
		customer.state(t, id, want)
	}
	states("ordering")
	customer.confirm(t, id)
	states("pending")
	w.turn(time.Hour)
	states("available")
	got(partner.DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: &id}))(t)
	states("deleting")
	w.turn(time.Minute)
	states("deleted")
}

// TestTerraformTagsWithoutAccount: an ARN whose account is empty is the caller's own.
func TestTerraformTagsWithoutAccount(t *testing.T) {
	t.Parallel()
	a := open(t).as(t, alice)
	name := strings.Replace(arn(a.order(t, ashburn, "1Gbps", "tf")), alice, "", 1)
	got(a.tag(t, name, "k", "v"))(t)
	holds(t, a.tagsOf(t, name), tagged("k", "v"))
	got(a.untag(t, name, "k"))(t)
	holds(t, a.tagsOf(t, name), list{})
}

// TestTerraformMACsecKey: secretARN, a part of Terraform's own ID, is the same in every later answer, and names the key.
func TestTerraformMACsecKey(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	id := a.orderSecure(t, ashburn, "10Gbps", "tf")
	one := *got(a.addKey(t, id, 1))(t).MacSecKeys[0].SecretARN
	two := *got(a.addKey(t, id, 2))(t).MacSecKeys[1].SecretARN
	w.light(id)
	read := got(a.DescribeConnections(t.Context(), &dc.DescribeConnectionsInput{ConnectionId: &id}))(t).Connections[0].MacSecKeys
	if one == two || *read[0].SecretARN != one || *read[1].SecretARN != two {
		t.Errorf("secretARN was %s and %s, and is %v", one, two, a.last.body)
	}
	got(a.dropKey(t, id, one))(t)
	w.settle()
	read = got(a.DescribeConnections(t.Context(), &dc.DescribeConnectionsInput{ConnectionId: &id}))(t).Connections[0].MacSecKeys
	if len(read) != 1 || *read[0].SecretARN != two {
		t.Errorf("after one was dropped: %s", a.last.body)
	}
}

// TestMinimumLinksToZeroFreesMembers: Ansible and Terraform set minimumLinks to zero before they remove members.
func TestMinimumLinksToZeroFreesMembers(t *testing.T) {
	t.Parallel()
	a := open(t).as(t, alice)
	id := a.orderLAG(t, ashburn, "1Gbps", "tf", 2)
	got(a.UpdateLag(t.Context(), &dc.UpdateLagInput{LagId: &id, MinimumLinks: 2}))(t)
	if x := a.send("UpdateLag", `{"lagId":"`+id+`","minimumLinks":0}`); x.status != 200 {
		t.Fatalf("HTTP %d %s", x.status, x.body)
	}
	for _, member := range a.memberIDs(t, id) {
		got(a.disassociate(t, member, id))(t)
		got(a.DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: &member}))(t)
	}
	got(a.DeleteLag(t.Context(), &dc.DeleteLagInput{LagId: &id}))(t)
}

package conformance

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
)

// interconnect orders an interconnect at the first location.
func (c *caller) interconnect(t testing.TB, bandwidth string, further ...func(*dc.CreateInterconnectInput)) string {
	t.Helper()
	in := &dc.CreateInterconnectInput{Location: str(ashburn), Bandwidth: &bandwidth, InterconnectName: str("interconnect")}
	for _, f := range further {
		f(in)
	}
	return connectionID(t, got(c.CreateInterconnect(t.Context(), in))(t).InterconnectId)
}

// host allocates a hosted connection on an interconnect or LAG.
func (c *caller) host(t testing.TB, parent, owner, bandwidth string, vlan int32) string {
	t.Helper()
	out := got(c.AllocateHostedConnection(t.Context(), &dc.AllocateHostedConnectionInput{
		ConnectionId: &parent, OwnerAccount: &owner, Bandwidth: &bandwidth, ConnectionName: str("hosted"), Vlan: vlan,
	}))(t)
	return connectionID(t, out.ConnectionId)
}

// confirm accepts a hosted connection.
func (c *caller) confirm(t testing.TB, id string) {
	t.Helper()
	out := got(c.ConfirmConnection(t.Context(), &dc.ConfirmConnectionInput{ConnectionId: &id}))(t)
	if out.ConnectionState != "pending" || c.last.body != `{"connectionState":"pending"}` {
		t.Errorf("ConfirmConnection answers %s", c.last.body)
	}
}

// interconnectShown is one interconnect as DescribeInterconnects shows it on the wire.
func (c *caller) interconnectShown(t testing.TB, id string) map[string]any {
	t.Helper()
	got(c.DescribeInterconnects(t.Context(), &dc.DescribeInterconnectsInput{InterconnectId: &id}))(t)
	all := c.object()["interconnects"].(list)
	if len(all) != 1 {
		t.Fatalf("%d interconnects with ID %s", len(all), id)
	}
	return all[0].(map[string]any)
}

// hostedShown is what DescribeHostedConnections shows of an interconnect or LAG.
func (c *caller) hostedShown(t testing.TB, parent string) []any {
	t.Helper()
	got(c.DescribeHostedConnections(t.Context(), &dc.DescribeHostedConnectionsInput{ConnectionId: &parent}))(t)
	return c.object()["connections"].(list)
}

// secure asks for MACsec.
func secure(in *dc.CreateLagInput) { in.RequestMACSec = aws.Bool(true) }

package conformance

import (
	"errors"
	"strings"
	"testing"

	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
	"github.com/aws/smithy-go"
)

// TestRecordedTexts: the texts that clients look for, as they were observed (fact sheet 23), each for every operation that
// it was observed on. Terraform and Ansible branch on the parts.
func TestRecordedTexts(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	const noCon, noLAG = "dxcon-fg31dyv6", "dxlag-ffjhj9lx"
	connection, secured := a.order(t, ashburn, "10Gbps", "x"), a.orderSecure(t, ashburn, "10Gbps", "x")
	lag, going := a.orderLAG(t, ashburn, "10Gbps", "x", 1), a.order(t, ashburn, "10Gbps", "x")
	w.approve(going)
	got(a.DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: str(going)}))(t)
	for _, c := range []struct {
		operation, part string
		whole           bool
		call            func() error
	}{
		{"DescribeLags", "Could not find Lag with ID " + noLAG, true, func() error {
			_, err := a.DescribeLags(t.Context(), &dc.DescribeLagsInput{LagId: str(noLAG)})
			return err
		}},
		{"DeleteLag", "Could not find Lag with ID " + noLAG, true, func() error {
			_, err := a.DeleteLag(t.Context(), &dc.DeleteLagInput{LagId: str(noLAG)})
			return err
		}},
		{"DescribeLags", "Lag ID bad_lag_id has an invalid format.", true, func() error {
			_, err := a.DescribeLags(t.Context(), &dc.DescribeLagsInput{LagId: str("bad_lag_id")})
			return err
		}},
		{"DescribeLags", "Lag ID  has an invalid format.", true, func() error {
			_, err := a.DescribeLags(t.Context(), &dc.DescribeLagsInput{LagId: str("")})
			return err
		}},
		{"DescribeConnections", "Could not find Connection with ID " + noCon, true, func() error {
			_, err := a.DescribeConnections(t.Context(), &dc.DescribeConnectionsInput{ConnectionId: str(noCon)})
			return err
		}},
		{"DeleteConnection", "Could not find Connection with ID " + noCon, true, func() error {
			_, err := a.DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: str(noCon)})
			return err
		}},
		{"DisassociateConnectionFromLag", "Connection does not exist", false, func() error { _, err := a.disassociate(t, noCon, lag); return err }},
		{"DisassociateConnectionFromLag", "Lag does not exist", false, func() error { _, err := a.disassociate(t, connection, noLAG); return err }},
		{"DisassociateConnectionFromLag", "is in a transitioning state", false, func() error { _, err := a.disassociate(t, going, lag); return err }},
		{"AssociateConnectionWithLag", "Connection " + secured + " and lag should be requested MacSec at the same time", true, func() error {
			_, err := a.associate(t, secured, lag)
			return err
		}},
		{"CreateLag", "Connection " + secured + " and lag should be requested MacSec at the same time", true, func() error {
			_, err := a.CreateLag(t.Context(), &dc.CreateLagInput{
				Location: str(ashburn), ConnectionsBandwidth: str("10Gbps"), LagName: str("x"), NumberOfConnections: 1, ConnectionId: &secured,
			})
			return err
		}},
		{"DescribeHostedConnections", alice + " DescribeHostedConnections failed for connection " + noCon + " doesn't exist.", true, func() error {
			_, err := a.DescribeHostedConnections(t.Context(), &dc.DescribeHostedConnectionsInput{ConnectionId: str(noCon)})
			return err
		}},
		{"UpdateLag", "MinimumLinks cannot be set higher than the number of connections", false, func() error {
			_, err := a.UpdateLag(t.Context(), &dc.UpdateLagInput{LagId: &lag, MinimumLinks: 4})
			return err
		}},
	} {
		var api smithy.APIError
		err := c.call()
		switch {
		case !errors.As(err, &api) || api.ErrorCode() != client:
			t.Errorf("%s: %v", c.operation, err)
		case c.whole && api.ErrorMessage() != c.part, !strings.Contains(api.ErrorMessage(), c.part):
			t.Errorf("%s says %q, want %q", c.operation, api.ErrorMessage(), c.part)
		}
	}
}

// TestErrorEnvelope: the recorded bytes, 95 of them, of which the type has no namespace before it.
func TestErrorEnvelope(t *testing.T) {
	t.Parallel()
	x := open(t).as(t, alice).send("DescribeLags", `{"lagId":"dxlag-ffjhj9lx"}`)
	const want = `{"__type":"DirectConnectClientException","message":"Could not find Lag with ID dxlag-ffjhj9lx"}`
	if x.status != 400 || x.body != want {
		t.Errorf("HTTP %d %s, want 400 %s", x.status, x.body, want)
	}
	if len(x.body) != 95 {
		t.Errorf("%d bytes, recorded were 95", len(x.body))
	}
}

package conformance

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"

	"onramp/internal/directconnect"
)

// TestRequestedHidesItsDevice: the port is reserved from the answer on, and shown when the order is approved.
func TestRequestedHidesItsDevice(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	id := a.order(t, ashburn, "1Gbps", "x")
	held := w.noun(id)
	if held.PortID == "" || held.Router == "" {
		t.Error("no port is reserved")
	}
	for _, name := range []string{"awsDevice", "awsDeviceV2", "awsLogicalDeviceId"} {
		if v, shown := a.connection(t, id)[name]; shown {
			t.Errorf("%s is shown: %v", name, v)
		}
	}
	w.approve(id)
	for _, name := range []string{"awsDevice", "awsDeviceV2", "awsLogicalDeviceId"} {
		holds(t, a.connection(t, id)[name], held.Router) // one device ends the port and the BGP sessions
	}
	holds(t, a.connection(t, id)["hasLogicalRedundancy"], "yes")
	holds(t, a.connection(t, id)["jumboFrameCapable"], true)
	got(a.DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: &id}))(t)
	w.turn(time.Hour)
	holds(t, a.connection(t, id)["awsDevice"], held.Router)
}

// TestPendingWithoutLight: a port that has not seen light is pending, not down, and stays so until its order lapses.
func TestPendingWithoutLight(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	id := a.order(t, ashburn, "1Gbps", "x")
	w.approve(id)
	w.turn(99 * 24 * time.Hour)
	a.state(t, id, "pending")
}

// TestRequestedUntilSomebodyApproves: how long that takes is the installation's pace, here for ever.
func TestRequestedUntilSomebodyApproves(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	id := a.order(t, ashburn, "1Gbps", "x")
	w.turn(1000 * 24 * time.Hour)
	a.state(t, id, "requested")
}

// TestUpdateOfNothing: answers the connection as it is, tags included, and changes nothing.
func TestUpdateOfNothing(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	id := a.order(t, ashburn, "1Gbps", "x")
	got(a.tag(t, arn(id), "k", "v"))(t)
	w.unchanged(t, func() {
		got(a.UpdateConnection(t.Context(), &dc.UpdateConnectionInput{ConnectionId: &id}))(t)
		holds(t, a.object(), requested(id, "x", ashburn, "1Gbps").with(members{"tags": tagged("k", "v")}))
	})
}

// TestNames: 1 to 255 characters of any kind but control characters.
func TestNames(t *testing.T) {
	t.Parallel()
	a := open(t).as(t, alice)
	for name, text := range map[string]string{
		strings.Repeat("ü", 255): "", " ": "", "": "connectionName is required.",
		strings.Repeat("ü", 256): "connectionName must be at most 255 characters long.",
		"a\x7fb":                 "connectionName contains invalid characters.",
	} {
		out, err := a.CreateConnection(t.Context(), &dc.CreateConnectionInput{Location: str(ashburn), Bandwidth: str("1Gbps"), ConnectionName: &name})
		if text == "" {
			holds(t, *got(out, err)(t).ConnectionName, name)
			continue
		}
		refused(out, err)(t, client, text)
	}
}

// TestQuotaTexts: one wording for all of them, naming the quota and its value.
func TestQuotaTexts(t *testing.T) {
	t.Parallel()
	w := open(t, directconnect.Quotas{ConnectionsPerLocation: 2, LAGsPerRegion: 1, MACsecKeys: 1})
	a := w.as(t, alice)
	a.orderLAG(t, ashburn, "1Gbps", "x", 1)
	refused(a.CreateLag(t.Context(), &dc.CreateLagInput{
		Location: str(ashburn), ConnectionsBandwidth: str("1Gbps"), LagName: str("x"), NumberOfConnections: 1,
	}))(t, client, "You have reached the limit of 1 Lags in Region us-east-1.")
	id := a.orderSecure(t, ashburn, "10Gbps", "x")
	refused(a.CreateConnection(t.Context(), &dc.CreateConnectionInput{
		Location: str(ashburn), Bandwidth: str("1Gbps"), ConnectionName: str("x"),
	}))(t, client, "You have reached the limit of 2 active connections at location EqDC2.")
	got(a.addKey(t, id, 1))(t)
	refused(a.addKey(t, id, 2))(t, client, "You have reached the limit of 1 MACsec keys on connection "+id+".")
}

// TestRequiredTexts: a member that the model requires is named, whichever it is; one that is empty is held to its own rule.
func TestRequiredTexts(t *testing.T) {
	t.Parallel()
	a := open(t).as(t, alice)
	a.send("CreateConnection", `{"bandwidth":"1Gbps","connectionName":"x"}`).is(t, 400, client, "location is required.")
	a.send("DeleteConnection", `{}`).is(t, 400, client, "connectionId is required.")
	a.send("DeleteConnection", `{"connectionId":""}`).is(t, 400, client, "Connection ID  has an invalid format.")
}

// TestBillingModes: a location says which it offers; a port has no limited interfaces yet.
func TestBillingModes(t *testing.T) {
	t.Parallel()
	a := open(t).as(t, alice)
	refused(a.CreateConnection(t.Context(), &dc.CreateConnectionInput{
		Location: str(vienna), Bandwidth: str("1Gbps"), ConnectionName: str("x"), BillingMode: "FlatRateTier1",
	}))(t, client, "Billing mode FlatRateTier1 is not available at location CSVA1.")
	out := got(a.CreateConnection(t.Context(), &dc.CreateConnectionInput{
		Location: str(vienna), Bandwidth: str("1Gbps"), ConnectionName: str("x"),
	}))(t)
	if out.BillingMode != "PayAsYouGo" || aws.ToString(out.RateLimiterStatus.TotalBandwidth) != "0Mbps" {
		t.Errorf("answered %s", a.last.body)
	}
}

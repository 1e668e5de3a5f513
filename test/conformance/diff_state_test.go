package conformance

import (
	"testing"
	"time"

	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
)

// TestStatesNeverShown: what has reached its last state leaves the list with it; a virtual private gateway has one state; a
// device is redundant; a pair of ports is no mode of billing.
func TestStatesNeverShown(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	gateway := a.gateway(t, "short")
	association := a.joined(t, gateway, vgw, "10.0.0.0/8")
	w.turn(time.Hour)
	got(a.separate(t, association))(t)
	w.turn(time.Hour)
	holds(t, a.associations(t, &dc.DescribeDirectConnectGatewayAssociationsInput{AssociationId: &association}), list{})
	got(a.deleteGateway(t, gateway))(t)
	w.turn(time.Minute)
	holds(t, a.gateways(t, gateway), list{})

	id := a.orderSecure(t, ashburn, "10Gbps", "short")
	key := *got(a.addKey(t, id, 1))(t).MacSecKeys[0].SecretARN
	w.light(id)
	got(a.dropKey(t, id, key))(t)
	w.settle()
	holds(t, a.connection(t, id)["macSecKeys"], list{})
	holds(t, a.connection(t, id)["hasLogicalRedundancy"], "yes")

	w.register("vgw-00000001", alice, eastern, 65100)
	holds(t, a.virtualGateways(t), list{members{"virtualGatewayId": "vgw-00000001", "virtualGatewayState": "available"}})
	refused(a.UpdateConnectionsBillingMode(t.Context(), &dc.UpdateConnectionsBillingModeInput{
		BillingMode: "PortPairFlatRateTier1", ConnectionIds: []string{id},
	}))(t, client, "Billing mode PortPairFlatRateTier1 is not valid.")
}

// TestFailedTest: a failover test has failed when its router does not answer at its end; it has ended all the same.
func TestFailedTest(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	port := a.port(t, "10Gbps")
	id := a.private(t, port, 1)
	w.turn(time.Hour)
	test, router := a.startTest(t, id, 2), w.noun(port).Router
	shown := func(want string) {
		t.Helper()
		one := a.tests(t, &dc.ListVirtualInterfaceTestHistoryInput{TestId: &test})[0].(map[string]any)
		if one["status"] != want {
			t.Errorf("the test is %s, want %s", one["status"], want)
		}
	}
	w.turn(time.Minute)
	w.fabric.Unreachable(router, true)
	w.wake(router)
	shown("IN_PROGRESS")
	a.vifState(t, id, "testing")
	w.turn(time.Minute)
	shown("FAILED")
	w.fabric.Unreachable(router, false)
	w.turn(time.Minute)
	shown("FAILED")
	a.vifState(t, id, "available")
}

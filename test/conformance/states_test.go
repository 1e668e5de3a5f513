package conformance

import (
	"slices"
	"testing"
	"time"

	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
)

// TestStates takes every machine of the API through its states, each a subtest by its name: TestStates/lag/down. The walks
// are whole whatever is chosen of them; what else holds in a state is in the tests of the noun.
func TestStates(t *testing.T) {
	t.Parallel()
	for _, m := range []struct {
		name, of string // the enumeration or member that the states are of
		walk     func(*walk)
	}{
		{"connection", "ConnectionState", walkConnection},
		{"interconnect", "InterconnectState", walkInterconnect},
		{"lag", "LagState", walkLAG},
		{"macsec key", "MacSecKey.State", walkKey},
		{"interface", "VirtualInterfaceState", walkInterface},
		{"bgp peer", "BGPPeerState", walkPeer},
		{"bgp status", "BGPStatus", walkStatus},
		{"failover test", "VirtualInterfaceTestHistory.Status", walkTest},
		{"gateway", "DirectConnectGatewayState", walkGateway},
		{"association", "DirectConnectGatewayAssociationState", walkAssociation},
		{"proposal", "DirectConnectGatewayAssociationProposalState", walkProposal},
		{"attachment", "DirectConnectGatewayAttachmentState", walkAttachment},
		{"resiliency group", "ResiliencyGroupState", walkGroup},
		{"resiliency member", "ResiliencyGroupAssociationState", walkMember},
	} {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			w := open(t)
			k := &walk{world: w, a: w.as(t, alice), b: w.as(t, bob), t: t}
			m.walk(k)
			for _, state := range everyValue()[m.of] {
				if _, never := neverAnswered[observation{m.of, state}]; !never && !slices.Contains(k.been, state) {
					t.Errorf("the walk leaves out %s: it goes through %q", state, k.been)
				}
			}
		})
	}
}

// walk is one way through a machine, of a customer and somebody else.
type walk struct {
	*world
	a, b *caller
	t    *testing.T
	been []string
}

// is what stands at a step of the way; what was seen is written down at once, so that a subtest left out changes nothing.
func (k *walk) is(want string, got any) {
	k.t.Helper()
	k.been = append(k.been, want)
	k.t.Run(want, func(t *testing.T) {
		if got != want {
			t.Errorf("it is %v", got)
		}
	})
}

// outOfSight takes a router out of sight for as long as f looks.
func (k *walk) outOfSight(router string, f func()) {
	k.t.Helper()
	k.fabric.Unreachable(router, true)
	k.wake(router)
	f()
	k.fabric.Unreachable(router, false)
	k.turn(time.Minute)
}

func walkConnection(k *walk) {
	id := k.a.order(k.t, ashburn, "1Gbps", "walk")
	state := func() any { return k.a.connection(k.t, id)["connectionState"] }
	k.is("requested", state())
	k.approve(id)
	k.is("pending", state())
	k.plug(id)
	k.is("available", state())
	k.cut(id)
	k.is("down", state())
	k.outOfSight(k.noun(id).Router, func() { k.is("unknown", state()) })
	got(k.a.DeleteConnection(k.t.Context(), &dc.DeleteConnectionInput{ConnectionId: &id}))(k.t)
	k.is("deleting", state())
	k.turn(time.Minute)
	k.is("deleted", state())

	parent := k.b.interconnect(k.t, "1Gbps")
	k.light(parent)
	id = k.b.host(k.t, parent, alice, "50Mbps", 1)
	k.is("ordering", state())
	got(k.a.DeleteConnection(k.t.Context(), &dc.DeleteConnectionInput{ConnectionId: &id}))(k.t)
	k.is("rejected", state())
}

func walkInterconnect(k *walk) {
	id := k.a.interconnect(k.t, "1Gbps")
	state := func() any { return k.a.interconnectShown(k.t, id)["interconnectState"] }
	k.is("requested", state())
	k.approve(id)
	k.is("pending", state())
	k.plug(id)
	k.is("available", state())
	k.cut(id)
	k.is("down", state())
	k.outOfSight(k.noun(id).Router, func() { k.is("unknown", state()) })
	got(k.a.DeleteInterconnect(k.t.Context(), &dc.DeleteInterconnectInput{InterconnectId: &id}))(k.t)
	k.is("deleting", state())
	k.turn(time.Minute)
	k.is("deleted", state())
}

func walkLAG(k *walk) {
	id := k.a.orderLAG(k.t, ashburn, "1Gbps", "walk", 1)
	member := k.a.memberIDs(k.t, id)[0]
	state := func() any { return k.a.lagShown(k.t, id)["lagState"] }
	k.is("pending", state())
	k.light(member)
	k.is("available", state())
	k.cut(member)
	k.is("down", state())
	k.restore(member)
	k.outOfSight(k.noun(member).Router, func() { k.is("unknown", state()) })
	got(k.a.DeleteLag(k.t.Context(), &dc.DeleteLagInput{LagId: &id}))(k.t)
	k.is("deleted", state())
}

func walkKey(k *walk) {
	id := k.a.orderSecure(k.t, ashburn, "10Gbps", "walk")
	arn := *got(k.a.addKey(k.t, id, 1))(k.t).MacSecKeys[0].SecretARN
	state := func() any { return k.a.connection(k.t, id)["macSecKeys"].(list)[0].(map[string]any)["state"] }
	k.is("associating", state())
	k.light(id)
	k.is("associated", state())
	k.is("disassociating", *got(k.a.dropKey(k.t, id, arn))(k.t).MacSecKeys[0].State) // it does not wait to be looked at
}

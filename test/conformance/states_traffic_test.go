package conformance

import (
	"time"

	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
)

func walkInterface(k *walk) {
	port := k.a.port(k.t, "10Gbps")
	id := k.a.allocate(k.t, "public", port, bob, 1)
	state := func() any { return k.a.vif(k.t, id)["virtualInterfaceState"] }
	k.is("confirming", state())
	k.b.confirmVIF(k.t, "public", id, "")
	k.is("verifying", state())
	k.verify(id)
	k.is("pending", state())
	k.turn(time.Hour)
	k.is("available", state())
	k.script(id, `{"silent":true}`)
	k.is("down", state())
	k.outOfSight(k.noun(port).Router, func() { k.is("unknown", state()) })
	k.b.startTest(k.t, id, 1)
	k.is("testing", state())
	k.b.deleteVIF(k.t, id)
	k.is("deleting", state())
	k.turn(time.Minute)
	k.is("deleted", state())
	id = k.a.allocate(k.t, "private", port, bob, 2)
	k.b.deleteVIF(k.t, id)
	k.is("rejected", state())
}

func walkPeer(k *walk) {
	id := k.a.public(k.t, k.a.port(k.t, "10Gbps"), 1)
	state := func() any { return k.a.peers(k.t, id)[0]["bgpPeerState"] }
	k.is("verifying", state())
	k.verify(id)
	k.is("pending", state())
	k.turn(time.Hour)
	k.is("available", state())
	out := got(k.a.createPeer(k.t, id, "ipv6", 65000))(k.t)
	first := *out.VirtualInterface.BgpPeers[0].BgpPeerId
	going := got(k.a.deletePeer(k.t, id, first))(k.t).VirtualInterface.BgpPeers[0]
	k.is("deleting", string(going.BgpPeerState)) // it does not wait to be looked at
	k.a.deleteVIF(k.t, id)
	k.turn(time.Minute)
	k.is("deleted", state())
}

func walkStatus(k *walk) {
	port := k.a.port(k.t, "10Gbps")
	id := k.a.private(k.t, port, 1)
	status := func() any { return k.a.peers(k.t, id)[0]["bgpStatus"] }
	k.is("down", status())
	k.turn(time.Hour)
	k.is("up", status())
	k.outOfSight(k.noun(port).Router, func() { k.is("unknown", status()) })
}

func walkTest(k *walk) {
	port := k.a.port(k.t, "10Gbps")
	id := k.a.private(k.t, port, 1)
	k.turn(time.Hour)
	test := k.a.startTest(k.t, id, 1)
	status := func() any {
		return k.a.tests(k.t, &dc.ListVirtualInterfaceTestHistoryInput{TestId: &test})[0].(map[string]any)["status"]
	}
	k.is("IN_PROGRESS", status())
	k.turn(time.Minute)
	k.is("COMPLETED", status())
	test = k.a.startTest(k.t, id, 1)
	got(k.a.StopBgpFailoverTest(k.t.Context(), &dc.StopBgpFailoverTestInput{VirtualInterfaceId: &id}))(k.t)
	k.is("CANCELLED", status())
	k.settle()
	test = k.a.startTest(k.t, id, 1)
	k.outOfSight(k.noun(port).Router, func() {
		k.turn(time.Minute)
		k.is("FAILED", status())
	})
}

func walkGateway(k *walk) {
	made := got(k.a.CreateDirectConnectGateway(k.t.Context(), &dc.CreateDirectConnectGatewayInput{DirectConnectGatewayName: str("walk")}))(k.t)
	id := *made.DirectConnectGateway.DirectConnectGatewayId
	k.is("pending", string(made.DirectConnectGateway.DirectConnectGatewayState))
	k.settle()
	state := func() any { return k.a.gateways(k.t, id)[0].(map[string]any)["directConnectGatewayState"] }
	k.is("available", state())
	got(k.a.deleteGateway(k.t, id))(k.t)
	k.is("deleting", state())
}

func walkAssociation(k *walk) {
	id := k.a.joined(k.t, k.a.gateway(k.t, "walk"), vgw, "10.0.0.0/8")
	state := func() any { return k.a.association(k.t, id)["associationState"] }
	k.is("associating", state())
	k.turn(time.Hour)
	k.is("associated", state())
	got(k.a.updateAllowed(k.t, id, []string{"172.16.0.0/12"}, nil))(k.t)
	k.is("updating", state())
	got(k.a.separate(k.t, id))(k.t)
	k.is("disassociating", state())
}

func walkProposal(k *walk) {
	gateway := k.a.gateway(k.t, "walk")
	id := k.b.proposed(k.t, gateway, alice, vgw)
	state := func() any { return k.a.proposal(k.t, id).(map[string]any)["proposalState"] }
	k.is("requested", state())
	got(k.a.accept(k.t, gateway, id, nil))(k.t)
	k.is("accepted", state())
	id = k.b.proposed(k.t, gateway, alice, vgw)
	got(k.b.withdraw(k.t, id))(k.t)
	k.is("deleted", state())
}

func walkAttachment(k *walk) {
	id := k.a.private(k.t, k.a.port(k.t, "10Gbps"), 1, toDXGW(k.a.dxgw(k.t)))
	state := func() any {
		return k.a.attachments(k.t, &attachmentFilter{VirtualInterfaceId: &id})[0].(map[string]any)["attachmentState"]
	}
	k.is("attaching", state())
	k.turn(time.Hour)
	k.is("attached", state())
	k.a.deleteVIF(k.t, id)
	k.is("detaching", state())
	k.turn(time.Minute)
	k.is("detached", state())
}

func walkGroup(k *walk) {
	made := got(k.a.CreateResiliencyGroup(k.t.Context(), &dc.CreateResiliencyGroupInput{
		ResiliencyGroupName: str("walk"), IntendedResiliencyModel: "basic-resiliency",
	}))(k.t).ResiliencyGroup
	id := *made.ResiliencyGroupId
	k.is("pending", string(made.State))
	k.settle()
	state := func() any { return string(got(k.a.getGroup(k.t, id))(k.t).ResiliencyGroup.State) }
	k.is("available", state())
	got(k.a.deleteGroup(k.t, id))(k.t)
	k.is("deleting", state())
	k.turn(time.Minute)
	k.is("deleted", state())
}

func walkMember(k *walk) {
	group, id := k.a.gather(k.t, "walk"), k.a.order(k.t, ashburn, "1Gbps", "walk")
	k.settle()
	got(k.a.putInto(k.t, group, id))(k.t)
	state := func() any {
		out := got(k.a.ListResiliencyGroupAssociations(k.t.Context(), &dc.ListResiliencyGroupAssociationsInput{ResiliencyGroupId: &group}))(k.t)
		return string(out.Items[0].State)
	}
	k.is("associating", state())
	k.turn(time.Hour)
	k.is("associated", state())
	got(k.a.takeOut(k.t, group, id))(k.t)
	k.is("disassociating", state())
	k.turn(time.Minute)
	k.is("disassociated", state())
}

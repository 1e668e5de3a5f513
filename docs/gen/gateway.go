package main

import (
	"fmt"

	dc "onramp/internal/directconnect"
)

var gateways = machine[dc.GatewayState, dc.GatewayEvent]{
	states: dc.GatewayStates, events: dc.GatewayEvents, next: dc.NextGatewayState,
	begins: []begin[dc.GatewayState]{{dc.GatewayPending, "CreateDirectConnectGateway"}},
	words: map[dc.GatewayEvent]string{
		dc.GatewayReady:    "the reconciler has looked at it, at once",
		dc.GatewayDelete:   "DeleteDirectConnectGateway, when no interface and no association hangs on it",
		dc.GatewayReleased: "the time of a release is over",
	},
}

var associations = machine[dc.AssociationState, dc.AssociationEvent]{
	states: dc.AssociationStates, events: dc.AssociationEvents, next: dc.NextAssociationState,
	begins: []begin[dc.AssociationState]{
		{dc.Associating, "CreateDirectConnectGatewayAssociation, AcceptDirectConnectGatewayAssociationProposal"},
	},
	words: map[dc.AssociationEvent]string{
		dc.AssociationSettled: "the time of a provisioning is over: what is wanted is announced",
		dc.AssociationChanged: "other allowed prefixes (UpdateDirectConnectGatewayAssociation, an accepted proposal), or other networks " +
			"behind the far side; the time of a provisioning begins anew",
		dc.AssociationDelete:   "DeleteDirectConnectGatewayAssociation, by either owner",
		dc.AssociationReleased: "the time of a provisioning is over: nothing is announced any more",
	},
}

var proposals = machine[dc.ProposalState, dc.ProposalEvent]{
	states: dc.ProposalStates, events: dc.ProposalEvents, next: dc.NextProposalState,
	begins: []begin[dc.ProposalState]{{dc.ProposalRequested, "CreateDirectConnectGatewayAssociationProposal"}},
	words: map[dc.ProposalEvent]string{
		dc.ProposalAccept: "AcceptDirectConnectGatewayAssociationProposal",
		dc.ProposalDelete: "DeleteDirectConnectGatewayAssociationProposal",
		dc.ProposalLapse:  fmt.Sprintf("nobody has answered for %d days", int(dc.ProposalOpen.Hours()/24)),
	},
}

// attachments is the machine of interfaces as a Direct Connect gateway sees it: the states of an interface that hangs on
// one, each shown as its AttachmentState.
var attachments = machine[dc.AttachmentState, dc.InterfaceEvent]{
	states: dc.AttachmentStates, events: attachmentEvents(), next: nextAttachmentState, words: interfaceEvents,
	begins: []begin[dc.AttachmentState]{{dc.Attaching, "CreatePrivateVirtualInterface, CreateTransitVirtualInterface, " +
		"ConfirmPrivateVirtualInterface, ConfirmTransitVirtualInterface"}},
}

func attachment(s dc.InterfaceState) dc.AttachmentState {
	a, _ := dc.VirtualInterface{GatewayID: "some", State: s}.AttachmentState()
	return a
}

// nextAttachmentState answers what an event of the interface makes of its attachment. An event leads to one state at most,
// whichever interface states the attachment's stands for; a test sees to it.
func nextAttachmentState(s dc.AttachmentState, e dc.InterfaceEvent) (dc.AttachmentState, bool) {
	for _, from := range interfaces.reachable(dc.InterfacePending) { // before, there is no gateway
		if attachment(from) != s {
			continue
		}
		if to, ok := dc.NextInterfaceState(from, e); ok {
			return attachment(to), true
		}
	}
	return "", false
}

// attachmentEvents are the interface's events that change the state of an attachment.
func attachmentEvents() []dc.InterfaceEvent {
	var events []dc.InterfaceEvent
	for _, e := range dc.InterfaceEvents {
		for _, s := range dc.AttachmentStates {
			if to, ok := nextAttachmentState(s, e); ok && to != s {
				events = with(events, e)
			}
		}
	}
	return events
}

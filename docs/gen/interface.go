package main

import dc "onramp/internal/directconnect"

// interfaceEvents says what each event of a virtual interface is.
var interfaceEvents = map[dc.InterfaceEvent]string{
	dc.EventAccept:       "its owner confirms a private or transit interface (ConfirmPrivateVirtualInterface, ConfirmTransitVirtualInterface)",
	dc.EventAcceptPublic: "its owner confirms a public one (ConfirmPublicVirtualInterface)",
	dc.EventDecline:      "its owner deletes it instead of confirming",
	dc.EventVerify:       "ASN and prefixes of a public interface are approved",
	dc.EventSessionUp:    "it is provisioned, and a BGP session is established",
	dc.EventSessionDown:  "it is provisioned, and no BGP session is",
	dc.EventStartTest:    "StartBgpFailoverTest",
	dc.EventEndTest:      "the time of the test is over, or StopBgpFailoverTest",
	dc.EventChange:       "MTU, SiteLink or the connection is changed: it is provisioned anew",
	dc.EventOutOfSight:   "the router does not answer",
	dc.EventRemove:       "DeleteVirtualInterface",
	dc.EventRemoved:      "the router has nothing of it any more",
}

var interfaces = machine[dc.InterfaceState, dc.InterfaceEvent]{
	states: dc.InterfaceStates, events: dc.InterfaceEvents, next: dc.NextInterfaceState, words: interfaceEvents,
	begins: []begin[dc.InterfaceState]{
		{dc.InterfaceConfirming, "AllocatePrivateVirtualInterface, AllocatePublicVirtualInterface, AllocateTransitVirtualInterface"},
		{dc.InterfaceVerifying, "CreatePublicVirtualInterface"},
		{dc.InterfacePending, "CreatePrivateVirtualInterface, CreateTransitVirtualInterface"},
	},
}

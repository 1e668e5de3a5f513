package directconnect

import (
	"slices"
	"time"
)

// InterfaceState is the state of a virtual interface (API reference, VirtualInterfaceState).
type InterfaceState string

const (
	InterfaceConfirming InterfaceState = "confirming"
	InterfaceVerifying  InterfaceState = "verifying"
	InterfacePending    InterfaceState = "pending"
	InterfaceAvailable  InterfaceState = "available"
	InterfaceDown       InterfaceState = "down"
	InterfaceTesting    InterfaceState = "testing"
	InterfaceDeleting   InterfaceState = "deleting"
	InterfaceDeleted    InterfaceState = "deleted"
	InterfaceRejected   InterfaceState = "rejected"
	InterfaceUnknown    InterfaceState = "unknown"
)

// InterfaceStates lists every state, in the order of a life.
var InterfaceStates = []InterfaceState{
	InterfaceConfirming, InterfaceVerifying, InterfacePending, InterfaceAvailable, InterfaceDown, InterfaceTesting,
	InterfaceUnknown, InterfaceDeleting, InterfaceDeleted, InterfaceRejected,
}

// Known reports whether s is one of InterfaceStates.
func (s InterfaceState) Known() bool { return slices.Contains(InterfaceStates, s) }

// InterfaceEvent is something that happens to a virtual interface.
type InterfaceEvent string

const (
	EventAccept       InterfaceEvent = "Accept"       // its owner confirms a private or transit interface
	EventAcceptPublic InterfaceEvent = "AcceptPublic" // its owner confirms a public one
	EventDecline      InterfaceEvent = "Decline"      // its owner deletes it instead of confirming
	EventVerify       InterfaceEvent = "Verify"       // ASN and prefixes of a public interface are approved
	EventSessionUp    InterfaceEvent = "SessionUp"    // provisioned, and a BGP session is established
	EventSessionDown  InterfaceEvent = "SessionDown"  // provisioned, and no BGP session is
	EventStartTest    InterfaceEvent = "StartTest"    // StartBgpFailoverTest
	EventEndTest      InterfaceEvent = "EndTest"      // the time is over, or StopBgpFailoverTest
	EventChange       InterfaceEvent = "Change"       // MTU, SiteLink or the connection is changed
	EventOutOfSight   InterfaceEvent = "OutOfSight"   // the router does not answer
	EventRemove       InterfaceEvent = "Remove"       // DeleteVirtualInterface
	EventRemoved      InterfaceEvent = "Removed"      // the router no longer has it
)

// InterfaceEvents lists every event.
var InterfaceEvents = []InterfaceEvent{
	EventAccept, EventAcceptPublic, EventDecline, EventVerify, EventSessionUp, EventSessionDown, EventStartTest,
	EventEndTest, EventChange, EventOutOfSight, EventRemove, EventRemoved,
}

// interfaceMoves is the table of permitted moves (fact sheet 8.7).
var interfaceMoves = map[InterfaceState]map[InterfaceEvent]InterfaceState{
	InterfaceConfirming: {
		EventAccept: InterfacePending, EventAcceptPublic: InterfaceVerifying, EventDecline: InterfaceRejected,
		EventRemove: InterfaceDeleting,
	},
	InterfaceVerifying: {EventVerify: InterfacePending, EventRemove: InterfaceDeleting},
	InterfacePending: {
		EventSessionUp: InterfaceAvailable, EventSessionDown: InterfaceDown, EventChange: InterfacePending,
		EventRemove: InterfaceDeleting,
	},
	InterfaceAvailable: {
		EventSessionDown: InterfaceDown, EventStartTest: InterfaceTesting, EventChange: InterfacePending,
		EventOutOfSight: InterfaceUnknown, EventRemove: InterfaceDeleting,
	},
	InterfaceDown: {
		EventSessionUp: InterfaceAvailable, EventStartTest: InterfaceTesting, EventChange: InterfacePending,
		EventOutOfSight: InterfaceUnknown, EventRemove: InterfaceDeleting,
	},
	InterfaceTesting: {EventEndTest: InterfaceDown, EventRemove: InterfaceDeleting},
	InterfaceUnknown: {
		EventSessionUp: InterfaceAvailable, EventSessionDown: InterfaceDown, EventRemove: InterfaceDeleting,
	},
	InterfaceDeleting: {EventRemove: InterfaceDeleting, EventRemoved: InterfaceDeleted},
	InterfaceDeleted:  {EventRemove: InterfaceDeleted},
	InterfaceRejected: {EventRemove: InterfaceRejected},
}

// NextInterfaceState looks the move up.
func NextInterfaceState(s InterfaceState, e InterfaceEvent) (InterfaceState, bool) {
	to, ok := interfaceMoves[s][e]
	return to, ok
}

func (v VirtualInterface) move(e InterfaceEvent, now time.Time) (VirtualInterface, error) {
	to, ok := NextInterfaceState(v.State, e)
	if !ok {
		return v, Clientf("Virtual Interface %s is in state %s: %s is not possible.", v.ID, v.State, e)
	}
	if to == v.State && e != EventChange {
		return v, nil
	}
	v.State, v.Since, v.Peers = to, now, slices.Clone(v.Peers)
	if !v.Live() {
		v.Deleted, v.Due, v.TestID = now, time.Time{}, ""
		v.Peers = v.livePeers() // those that were being deleted are gone, as they are from an interface that lives on
		for i := range v.Peers {
			v.Peers[i].move(PeerInterfaceEnded)
		}
		return v, nil
	}
	v.Due = now
	return v, nil
}

// Confirm is the owner's acceptance of an allocated interface, attached to the gateway named.
func (v VirtualInterface) Confirm(vgw, dxgw string, amazonASN int64, now time.Time) (VirtualInterface, error) {
	if v.State != InterfaceConfirming {
		return v, Clientf("Virtual Interface %s is in state %s: there is nothing to confirm.", v.ID, v.State)
	}
	if v.Type == Public {
		return v.move(EventAcceptPublic, now)
	}
	if err := checkAttachment(v.Type, vgw, dxgw, false); err != nil {
		return v, err
	}
	v, err := v.move(EventAccept, now)
	if err == nil {
		v.VirtualGatewayID, v.GatewayID, v.AmazonASN = vgw, dxgw, amazonASN
	}
	return v, err
}

// AwaitsVerification reports whether ASN and prefixes of the interface, or of a session that was put on it later, wait to be
// approved.
func (v VirtualInterface) AwaitsVerification() bool {
	return v.State == InterfaceVerifying || v.approvesPeers() && slices.ContainsFunc(v.Peers, func(p BGPPeer) bool { return p.State == PeerVerifying })
}

// approvesPeers reports whether sessions are approved by themselves: those of an interface that waits are so with it.
func (v VirtualInterface) approvesPeers() bool {
	return v.Working() && v.State != InterfaceVerifying && v.State != InterfaceConfirming
}

// Verify approves ASN and prefixes of a public interface, and of the sessions on it.
func (v VirtualInterface) Verify(now time.Time) (VirtualInterface, error) {
	if v.AwaitsVerification() && v.State != InterfaceVerifying {
		v.Peers, v.Due = slices.Clone(v.Peers), now
		v.verifyPeers()
		return v, nil
	}
	v, err := v.move(EventVerify, now)
	if err != nil {
		return v, err
	}
	v.Verified = now
	v.verifyPeers()
	return v, nil
}

func (v *VirtualInterface) verifyPeers() {
	for i := range v.Peers {
		if v.Peers[i].move(PeerVerified) {
			v.Peers[i].Asked = time.Time{}
		}
	}
}

// Delete is DeleteVirtualInterface by an account: the owner of one still in confirming declines it.
func (v VirtualInterface) Delete(by string, now time.Time) (VirtualInterface, error) {
	if v.State == InterfaceConfirming && by == v.Account && v.Account != v.ConnectionOwner {
		return v.move(EventDecline, now)
	}
	return v.move(EventRemove, now)
}

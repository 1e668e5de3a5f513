package directconnect

// PeerState is where a BGP peer stands (API reference, BGPPeerState).
type PeerState string

const (
	PeerVerifying PeerState = "verifying" // public only
	PeerPending   PeerState = "pending"
	PeerAvailable PeerState = "available"
	PeerDeleting  PeerState = "deleting"
	PeerDeleted   PeerState = "deleted"
)

// PeerStates lists every state, in the order of a life.
var PeerStates = []PeerState{PeerVerifying, PeerPending, PeerAvailable, PeerDeleting, PeerDeleted}

// PeerEvent is something that happens to a BGP peer.
type PeerEvent string

const (
	PeerVerified       PeerEvent = "Verified"       // ASN and prefixes of a public one are approved
	PeerProvisioned    PeerEvent = "Provisioned"    // the router has it, and its interface is provisioned
	PeerRelocated      PeerEvent = "Relocated"      // AssociateVirtualInterface: another router is to have it
	PeerRemove         PeerEvent = "Remove"         // DeleteBGPPeer, or left behind on the earlier router
	PeerRemoved        PeerEvent = "Removed"        // the router has let go of it
	PeerInterfaceEnded PeerEvent = "InterfaceEnded" // its interface is deleted or rejected
)

// PeerEvents lists every event.
var PeerEvents = []PeerEvent{PeerVerified, PeerProvisioned, PeerRelocated, PeerRemove, PeerRemoved, PeerInterfaceEnded}

// peerMoves is the table of permitted moves (fact sheet 10).
var peerMoves = map[PeerState]map[PeerEvent]PeerState{
	PeerVerifying: {
		PeerVerified: PeerPending, PeerRelocated: PeerVerifying, PeerRemove: PeerDeleting, PeerInterfaceEnded: PeerDeleted,
	},
	PeerPending: {
		PeerProvisioned: PeerAvailable, PeerRelocated: PeerPending, PeerRemove: PeerDeleting, PeerInterfaceEnded: PeerDeleted,
	},
	PeerAvailable: {PeerRelocated: PeerPending, PeerRemove: PeerDeleting, PeerInterfaceEnded: PeerDeleted},
	PeerDeleting:  {PeerRemove: PeerDeleting, PeerRemoved: PeerDeleted, PeerInterfaceEnded: PeerDeleted},
	PeerDeleted:   {PeerInterfaceEnded: PeerDeleted},
}

// NextPeerState looks the move up.
func NextPeerState(s PeerState, e PeerEvent) (PeerState, bool) {
	to, ok := peerMoves[s][e]
	return to, ok
}

// move makes the transition and answers whether there is one. A session that is on its way out is not up.
func (p *BGPPeer) move(e PeerEvent) bool {
	to, ok := NextPeerState(p.State, e)
	if ok {
		p.State, p.Up = to, p.Up && to == PeerAvailable
	}
	return ok
}

// PeerStatus is bgpStatus (API reference, BGPStatus). It is not stored: it follows from what was seen of the session.
type PeerStatus string

const (
	SessionUp      PeerStatus = "up"
	SessionDown    PeerStatus = "down"
	SessionUnknown PeerStatus = "unknown"
)

// PeerStatuses lists every status.
var PeerStatuses = []PeerStatus{SessionUp, SessionDown, SessionUnknown}

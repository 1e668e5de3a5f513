package directconnect

import "time"

// ProposalState is the state of an association proposal (API reference, DirectConnectGatewayAssociationProposalState).
type ProposalState string

const (
	ProposalRequested ProposalState = "requested"
	ProposalAccepted  ProposalState = "accepted"
	ProposalDeleted   ProposalState = "deleted"
)

// ProposalStates lists every state, in the order of a life.
var ProposalStates = []ProposalState{ProposalRequested, ProposalAccepted, ProposalDeleted}

// ProposalEvent is something that happens to an association proposal.
type ProposalEvent string

const (
	ProposalAccept ProposalEvent = "Accept" // AcceptDirectConnectGatewayAssociationProposal
	ProposalDelete ProposalEvent = "Delete" // DeleteDirectConnectGatewayAssociationProposal
	ProposalLapse  ProposalEvent = "Lapse"  // nobody answered for ProposalOpen
)

// ProposalEvents lists every event.
var ProposalEvents = []ProposalEvent{ProposalAccept, ProposalDelete, ProposalLapse}

// proposalMoves is the table of permitted moves (fact sheet 11): what is closed stays closed.
var proposalMoves = map[ProposalState]map[ProposalEvent]ProposalState{
	ProposalRequested: {ProposalAccept: ProposalAccepted, ProposalDelete: ProposalDeleted, ProposalLapse: ProposalDeleted},
}

// NextProposalState looks the move up.
func NextProposalState(s ProposalState, e ProposalEvent) (ProposalState, bool) {
	to, ok := proposalMoves[s][e]
	return to, ok
}

// move makes the transition and answers whether it is permitted. What is closed is shown for ProposalShown.
func (p Proposal) move(e ProposalEvent, now time.Time) (Proposal, bool) {
	to, ok := NextProposalState(p.State, e)
	if !ok {
		return p, false
	}
	p.State, p.Since, p.Due = to, now, now.Add(ProposalShown)
	return p, true
}

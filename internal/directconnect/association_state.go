package directconnect

import "time"

// AssociationState is the state of a gateway association (API reference, DirectConnectGatewayAssociationState).
type AssociationState string

const (
	Associating    AssociationState = "associating"
	Associated     AssociationState = "associated"
	Updating       AssociationState = "updating"
	Disassociating AssociationState = "disassociating"
	Disassociated  AssociationState = "disassociated"
)

// AssociationStates lists every state, in the order of a life.
var AssociationStates = []AssociationState{Associating, Associated, Updating, Disassociating, Disassociated}

// AssociationEvent is something that happens to a gateway association.
type AssociationEvent string

const (
	AssociationSettled  AssociationEvent = "Settled"  // the time of a provisioning is over: what is wanted is announced
	AssociationChanged  AssociationEvent = "Changed"  // other allowed prefixes, or other networks behind the far side
	AssociationDelete   AssociationEvent = "Delete"   // DeleteDirectConnectGatewayAssociation
	AssociationReleased AssociationEvent = "Released" // the time of a provisioning is over: nothing is announced any more
)

// AssociationEvents lists every event.
var AssociationEvents = []AssociationEvent{AssociationSettled, AssociationChanged, AssociationDelete, AssociationReleased}

// associationMoves is the table of permitted moves (fact sheet 11).
var associationMoves = map[AssociationState]map[AssociationEvent]AssociationState{
	Associating: {AssociationSettled: Associated, AssociationChanged: Associating, AssociationDelete: Disassociating},
	Associated:  {AssociationChanged: Updating, AssociationDelete: Disassociating},
	Updating:    {AssociationSettled: Associated, AssociationChanged: Updating, AssociationDelete: Disassociating},
	Disassociating: {
		AssociationDelete: Disassociating, AssociationReleased: Disassociated,
	},
}

// NextAssociationState looks the move up.
func NextAssociationState(s AssociationState, e AssociationEvent) (AssociationState, bool) {
	to, ok := associationMoves[s][e]
	return to, ok
}

// move makes the transition and answers whether it is permitted. A change begins the time of a provisioning anew, also in a
// state that waits for one; a second deletion changes nothing.
func (a Association) move(e AssociationEvent, now time.Time) (Association, bool) {
	to, ok := NextAssociationState(a.State, e)
	if !ok || to == a.State && e != AssociationChanged {
		return a, ok
	}
	a.State, a.Since, a.Due = to, now, now
	if !a.Live() {
		a.Deleted = now
	}
	return a, true
}

package directconnect

import "time"

// ResiliencyGroupState is the state of a resiliency group (API reference, ResiliencyGroup.state).
type ResiliencyGroupState string

const (
	ResiliencyPending   ResiliencyGroupState = "pending"
	ResiliencyAvailable ResiliencyGroupState = "available"
	ResiliencyDeleting  ResiliencyGroupState = "deleting"
	ResiliencyDeleted   ResiliencyGroupState = "deleted"
)

// ResiliencyGroupStates lists every state, in the order of a life.
var ResiliencyGroupStates = []ResiliencyGroupState{ResiliencyPending, ResiliencyAvailable, ResiliencyDeleting, ResiliencyDeleted}

// ResiliencyGroupEvent is something that happens to a resiliency group.
type ResiliencyGroupEvent string

const (
	ResiliencyReady    ResiliencyGroupEvent = "Ready"    // the reconciler has looked at it
	ResiliencyDelete   ResiliencyGroupEvent = "Delete"   // DeleteResiliencyGroup
	ResiliencyReleased ResiliencyGroupEvent = "Released" // the time of a release is over, and no member is left
)

// ResiliencyGroupEvents lists every event.
var ResiliencyGroupEvents = []ResiliencyGroupEvent{ResiliencyReady, ResiliencyDelete, ResiliencyReleased}

// resiliencyGroupMoves is the table of permitted moves (fact sheet 18).
var resiliencyGroupMoves = map[ResiliencyGroupState]map[ResiliencyGroupEvent]ResiliencyGroupState{
	ResiliencyPending:   {ResiliencyReady: ResiliencyAvailable, ResiliencyDelete: ResiliencyDeleting},
	ResiliencyAvailable: {ResiliencyDelete: ResiliencyDeleting},
	ResiliencyDeleting:  {ResiliencyDelete: ResiliencyDeleting, ResiliencyReleased: ResiliencyDeleted},
	ResiliencyDeleted:   {ResiliencyDelete: ResiliencyDeleted},
}

// NextResiliencyGroupState looks the move up.
func NextResiliencyGroupState(s ResiliencyGroupState, e ResiliencyGroupEvent) (ResiliencyGroupState, bool) {
	to, ok := resiliencyGroupMoves[s][e]
	return to, ok
}

// ResiliencyMemberState is the state of a connection's association with a resiliency group (API reference,
// ResiliencyGroupAssociation.state).
type ResiliencyMemberState string

const (
	MemberAssociating    ResiliencyMemberState = "associating"
	MemberAssociated     ResiliencyMemberState = "associated"
	MemberDisassociating ResiliencyMemberState = "disassociating"
	MemberDisassociated  ResiliencyMemberState = "disassociated"
)

// ResiliencyMemberStates lists every state, in the order of a life.
var ResiliencyMemberStates = []ResiliencyMemberState{MemberAssociating, MemberAssociated, MemberDisassociating, MemberDisassociated}

// ResiliencyMemberEvent is something that happens to a connection's association with a resiliency group.
type ResiliencyMemberEvent string

const (
	MemberAdmitted ResiliencyMemberEvent = "Admitted" // the time of a provisioning is over
	MemberLeave    ResiliencyMemberEvent = "Leave"    // it is disassociated, or the connection or the group is deleted
	MemberReleased ResiliencyMemberEvent = "Released" // the time of a release is over
	MemberReturn   ResiliencyMemberEvent = "Return"   // it is associated again
)

// ResiliencyMemberEvents lists every event.
var ResiliencyMemberEvents = []ResiliencyMemberEvent{MemberAdmitted, MemberLeave, MemberReleased, MemberReturn}

// resiliencyMemberMoves is the table of permitted moves (fact sheet 18).
var resiliencyMemberMoves = map[ResiliencyMemberState]map[ResiliencyMemberEvent]ResiliencyMemberState{
	MemberAssociating:    {MemberAdmitted: MemberAssociated, MemberLeave: MemberDisassociating},
	MemberAssociated:     {MemberLeave: MemberDisassociating},
	MemberDisassociating: {MemberLeave: MemberDisassociating, MemberReleased: MemberDisassociated},
	MemberDisassociated:  {MemberLeave: MemberDisassociated, MemberReturn: MemberAssociating},
}

// NextResiliencyMemberState looks the move up.
func NextResiliencyMemberState(s ResiliencyMemberState, e ResiliencyMemberEvent) (ResiliencyMemberState, bool) {
	to, ok := resiliencyMemberMoves[s][e]
	return to, ok
}

// move makes the transition and answers whether it is permitted; a repeat changes nothing.
func (g ResiliencyGroup) move(e ResiliencyGroupEvent, now time.Time) (ResiliencyGroup, bool) {
	to, ok := NextResiliencyGroupState(g.State, e)
	if !ok || to == g.State {
		return g, ok
	}
	g.State, g.Since, g.Due = to, now, now
	if !g.Live() {
		g.Deleted, g.Due = now, time.Time{}
	}
	return g, true
}

// move makes the transition and answers whether it is permitted; a repeat changes nothing.
func (m ResiliencyMember) move(e ResiliencyMemberEvent, now time.Time) (ResiliencyMember, bool) {
	to, ok := NextResiliencyMemberState(m.State, e)
	if !ok || to == m.State {
		return m, ok
	}
	m.State, m.Since, m.Due = to, now, now
	return m, true
}

package main

import dc "onramp/internal/directconnect"

var groups = machine[dc.ResiliencyGroupState, dc.ResiliencyGroupEvent]{
	states: dc.ResiliencyGroupStates, events: dc.ResiliencyGroupEvents, next: dc.NextResiliencyGroupState,
	begins: []begin[dc.ResiliencyGroupState]{{dc.ResiliencyPending, "CreateResiliencyGroup"}},
	words: map[dc.ResiliencyGroupEvent]string{
		dc.ResiliencyReady:    "the reconciler has looked at it, at once",
		dc.ResiliencyDelete:   "DeleteResiliencyGroup; its members leave at the same time",
		dc.ResiliencyReleased: "the time of a release is over, and no member is left",
	},
}

var groupMembers = machine[dc.ResiliencyMemberState, dc.ResiliencyMemberEvent]{
	states: dc.ResiliencyMemberStates, events: dc.ResiliencyMemberEvents, next: dc.NextResiliencyMemberState,
	begins: []begin[dc.ResiliencyMemberState]{{dc.MemberAssociating, "AssociateConnectionsToResiliencyGroup"}},
	words: map[dc.ResiliencyMemberEvent]string{
		dc.MemberAdmitted: "the time of a provisioning is over",
		dc.MemberLeave:    "DisassociateConnectionsFromResiliencyGroup, or the connection or the group is deleted",
		dc.MemberReleased: "the time of a release is over",
		dc.MemberReturn:   "AssociateConnectionsToResiliencyGroup of a connection that has left",
	},
}

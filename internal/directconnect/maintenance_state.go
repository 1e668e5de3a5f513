package directconnect

import "time"

// MaintenanceStatus is where planned work stands.
type MaintenanceStatus string

const (
	MaintenancePlanned    MaintenanceStatus = "planned"
	MaintenanceInProgress MaintenanceStatus = "in-progress"
	MaintenanceCompleted  MaintenanceStatus = "completed"
	MaintenanceCancelled  MaintenanceStatus = "cancelled"
)

// MaintenanceStatuses lists every status, in the order of a life.
var MaintenanceStatuses = []MaintenanceStatus{
	MaintenancePlanned, MaintenanceInProgress, MaintenanceCompleted, MaintenanceCancelled,
}

// MaintenanceEvent is something that happens to planned work. All of it is the operator's doing: nothing begins or ends
// because a clock says so.
type MaintenanceEvent string

const (
	MaintenanceChange MaintenanceEvent = "Change" // other times, another impact, another reason
	MaintenanceStart  MaintenanceEvent = "Start"
	MaintenanceEnd    MaintenanceEvent = "End"
	MaintenanceCancel MaintenanceEvent = "Cancel"
)

// MaintenanceEvents lists every event.
var MaintenanceEvents = []MaintenanceEvent{MaintenanceChange, MaintenanceStart, MaintenanceEnd, MaintenanceCancel}

// maintenanceMoves is the table of permitted moves. Work that has begun can only end.
var maintenanceMoves = map[MaintenanceStatus]map[MaintenanceEvent]MaintenanceStatus{
	MaintenancePlanned: {
		MaintenanceChange: MaintenancePlanned, MaintenanceStart: MaintenanceInProgress, MaintenanceCancel: MaintenanceCancelled,
	},
	MaintenanceInProgress: {MaintenanceChange: MaintenanceInProgress, MaintenanceEnd: MaintenanceCompleted},
}

// NextMaintenanceStatus looks the move up.
func NextMaintenanceStatus(s MaintenanceStatus, e MaintenanceEvent) (MaintenanceStatus, bool) {
	to, ok := maintenanceMoves[s][e]
	return to, ok
}

// move makes the transition, or refuses it. Every move is a new edition of what customers were told.
func (m Maintenance) move(e MaintenanceEvent, now time.Time) (Maintenance, error) {
	to, ok := NextMaintenanceStatus(m.Status, e)
	if !ok {
		return m, Clientf("Maintenance %s is %s: %s is not possible.", m.ID, m.Status, maintenanceWords[e])
	}
	m.Status, m.Changed = to, now
	m.Sequence++
	switch e {
	case MaintenanceStart:
		m.Begun = now
	case MaintenanceEnd, MaintenanceCancel:
		m.Ended = now
	}
	return m, nil
}

// maintenanceWords are the events as a refusal names them.
var maintenanceWords = map[MaintenanceEvent]string{
	MaintenanceChange: "a change", MaintenanceStart: "to start it", MaintenanceEnd: "to end it", MaintenanceCancel: "to cancel it",
}

package directconnect

import "time"

// GatewayState is the state of a Direct Connect gateway (API reference, DirectConnectGatewayState).
type GatewayState string

const (
	GatewayPending   GatewayState = "pending"
	GatewayAvailable GatewayState = "available"
	GatewayDeleting  GatewayState = "deleting"
	GatewayDeleted   GatewayState = "deleted"
)

// GatewayStates lists every state, in the order of a life.
var GatewayStates = []GatewayState{GatewayPending, GatewayAvailable, GatewayDeleting, GatewayDeleted}

// GatewayEvent is something that happens to a Direct Connect gateway.
type GatewayEvent string

const (
	GatewayReady    GatewayEvent = "Ready"    // the reconciler has looked at it
	GatewayDelete   GatewayEvent = "Delete"   // DeleteDirectConnectGateway
	GatewayReleased GatewayEvent = "Released" // the time of a release is over
)

// GatewayEvents lists every event.
var GatewayEvents = []GatewayEvent{GatewayReady, GatewayDelete, GatewayReleased}

// gatewayMoves is the table of permitted moves (fact sheet 11).
var gatewayMoves = map[GatewayState]map[GatewayEvent]GatewayState{
	GatewayPending:   {GatewayReady: GatewayAvailable, GatewayDelete: GatewayDeleting},
	GatewayAvailable: {GatewayDelete: GatewayDeleting},
	GatewayDeleting:  {GatewayDelete: GatewayDeleting, GatewayReleased: GatewayDeleted},
}

// NextGatewayState looks the move up.
func NextGatewayState(s GatewayState, e GatewayEvent) (GatewayState, bool) {
	to, ok := gatewayMoves[s][e]
	return to, ok
}

// move makes the transition and answers whether it is permitted; a repeat changes nothing.
func (g Gateway) move(e GatewayEvent, now time.Time) (Gateway, bool) {
	to, ok := NextGatewayState(g.State, e)
	if !ok || to == g.State {
		return g, ok
	}
	g.State, g.Since, g.Due = to, now, now
	if !g.Live() {
		g.Deleted, g.Due = now, time.Time{}
	}
	return g, true
}

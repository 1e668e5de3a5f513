package directconnect

import (
	"cmp"
	"slices"
)

// Port is one place on a router where a cable can end. ID is the router's name, a slash and the port's own name.
type Port struct {
	ID           string    `json:"-"`
	Router       string    `json:"-"`
	Location     string    `json:"-"`
	Bandwidth    Bandwidth `json:"-"`
	MACsec       bool      `json:"-"` // the hardware can encrypt
	Position     int64     `json:"-"` // order on the router, from 1
	ConnectionID string    `json:"-"` // who holds it; empty while it is free
	Name         string    `json:"name"`
	Optic        string    `json:"optic,omitempty"`
	Panel        Panel     `json:"panel"`
	Blocked      *Hold     `json:"blocked,omitempty"` // it takes no new orders; who holds it keeps it
	Version      int64     `json:"-"`
}

// Panel is the demarcation: where in the building the cross connect ends, as the LOA-CFA prints it.
type Panel struct {
	Building  string `json:"building,omitempty" yaml:"building,omitempty"`
	Room      string `json:"room,omitempty" yaml:"room,omitempty"`
	Cage      string `json:"cage,omitempty" yaml:"cage,omitempty"`
	Rack      string `json:"rack,omitempty" yaml:"rack,omitempty"`
	Panel     string `json:"panel,omitempty" yaml:"panel,omitempty"`
	Port      string `json:"port,omitempty" yaml:"port,omitempty"`
	Strands   string `json:"strands,omitempty" yaml:"strands,omitempty"`
	Connector string `json:"connector,omitempty" yaml:"connector,omitempty"`
}

// PortID joins a router's and a port's name.
func PortID(router, name string) string { return router + "/" + name }

// RoutersByDiversity orders a location's routers for an account's next port: those on which it has the fewest
// connections first, so that a second port lands on another device while there is one (user guide, "Resiliency
// Toolkit"). used counts the account's live connections at the location by router; seed spreads the first choice of
// different accounts over the routers.
func RoutersByDiversity(routers []string, used map[string]int, seed uint64) []string {
	ordered := slices.Clone(routers)
	slices.Sort(ordered)
	if n := uint64(len(ordered)); n > 0 {
		turn := int(seed % n)
		ordered = append(ordered[turn:], ordered[:turn]...)
	}
	slices.SortStableFunc(ordered, func(a, b string) int { return cmp.Compare(used[a], used[b]) })
	return ordered
}

// NoFreePort is the answer when the location has nothing left of what was ordered.
func NoFreePort(location string, b Bandwidth) *Error {
	return Clientf("No %s port is available at location %s.", b, location)
}

// NoFreePortForLAG is the answer when the LAG's endpoint has nothing left; API reference, CreateConnection: "if there is
// no free port on the endpoint of the LAG, the request fails and no connection is created".
func NoFreePortForLAG(lag string, b Bandwidth) *Error {
	return Clientf("No %s port is available on the endpoint of Lag %s.", b, lag)
}

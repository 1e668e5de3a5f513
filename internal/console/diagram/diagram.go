// Package diagram draws an account's network as a picture: who is at the customer's end, routers, connections, virtual
// interfaces, gateways and what is behind them, in columns from left to right, as SVG. What is too much to read is grouped
// and counted; a group is a link to a picture of what is in it.
//
// It is pure: a model comes in, SVG goes out. It does not know where the model is from, who may see it, or what time it is.
package diagram

// Kind sorts what a shape stands for.
type Kind string

// The kinds, by the columns that they stand in.
const (
	Customer Kind = "customer" // who is at the customer's end

	Router   Kind = "router"
	Location Kind = "location" // all routers of a location
	Region   Kind = "region"   // all locations of a Region
	World    Kind = "world"    // all Regions

	Connection   Kind = "connection"
	Interconnect Kind = "interconnect"
	Hosted       Kind = "hosted"  // a hosted connection, seen by its owner
	LAG          Kind = "lag"     //
	Foreign      Kind = "foreign" // another account's connection or LAG, that an interface of this one runs over

	Interface Kind = "interface"
	Sold      Kind = "sold" // a hosted connection, seen by the partner that sold it

	Gateway        Kind = "gateway"         // Direct Connect gateway
	OthersGateway  Kind = "others gateway"  // another account's Direct Connect gateway
	DirectGateway  Kind = "virtual gateway" // that an interface leads to without a Direct Connect gateway
	PublicNetworks Kind = "public"          // where public interfaces lead

	VirtualGateway Kind = "virtual private gateway"
	TransitGateway Kind = "transit gateway"

	Port Kind = "port" // of a router's panel
)

// Network is what is to be drawn. Every identifier in it is there once; what a field names that is not there is passed over.
type Network struct {
	Sites    []Site
	Carriers []Carrier
	Riders   []Rider
	Gateways []Endpoint
	Fars     []Endpoint
	Joins    []Join
	// Alone tells of what is a single point of failure, and of what: by the identifier of a connection, LAG or interface, by
	// the name of a router or the code of a location.
	Alone map[string]string
}

// Site is a location.
type Site struct {
	Code, Name, Region string
}

// Carrier is what interfaces run over: a connection, or a LAG with its members.
type Carrier struct {
	ID                       string
	Kind                     Kind
	State                    string // as the API has it; empty: not told
	Region, Location, Router string
	Customer                 string // who is at the customer's end; empty: the account itself
	Members                  []Member
}

// Member is a connection of a LAG.
type Member struct {
	ID, State string
}

// Rider runs over a carrier: a virtual interface, or a hosted connection that was sold.
type Rider struct {
	ID      string
	Kind    Kind
	State   string
	Carrier string
	Gateway string // that it leads to; empty: none that is shown
}

// Endpoint is a gateway, or a far side.
type Endpoint struct {
	ID    string
	Kind  Kind
	State string // of a far side without its own: empty
}

// Join is the association of a gateway with a far side.
type Join struct {
	Gateway, Far, State string
}

// health is that of a carrier, which for a LAG depends on its members.
func (c Carrier) health() Health {
	h := HealthOf(c.State)
	for _, m := range c.Members {
		if h == Up && HealthOf(m.State) != Up {
			return Weak
		}
	}
	return h
}

// weight is how many shapes a carrier takes.
func (c Carrier) weight() int { return 1 + min(len(c.Members), maxChips) }

// connections is how many connections a carrier stands for: a LAG's are its members.
func (c Carrier) connections() int {
	switch c.Kind {
	case LAG:
		return len(c.Members)
	case Foreign:
		return 0
	}
	return 1
}

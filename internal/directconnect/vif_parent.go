package directconnect

// InterfaceParent answers the connection as what carries interfaces. A LAG's member carries none of its own, and an
// interconnect carries hosted connections.
func (c Connection) InterfaceParent() (InterfaceParent, error) {
	if c.Kind == Interconnect {
		return InterfaceParent{}, NoConnection(c.ID)
	}
	if c.LagID != "" {
		return InterfaceParent{}, Clientf("Connection %s is a member of Lag %s: use the Lag.", c.ID, c.LagID)
	}
	return InterfaceParent{
		ID: c.ID, Owner: c.Account, Region: c.Region, Location: c.Location, Router: c.Router, Bandwidth: c.Bandwidth,
		Capacity: c.Bandwidth.Mbps(), Hosted: c.Kind == Hosted, Ready: c.CarriesInterfaces(), State: string(c.State),
	}, nil
}

// CarriesInterfaces reports whether an interface may be made on the connection: from when its port is known until it is
// being deleted.
func (c Connection) CarriesInterfaces() bool {
	switch c.State {
	case ConnectionPending, ConnectionAvailable, ConnectionDown, ConnectionUnknown:
		return true
	}
	return false
}

// InterfaceParent answers the LAG as what carries interfaces.
func (g LAG) InterfaceParent(members []Connection) InterfaceParent {
	state := g.State(members)
	return InterfaceParent{
		ID: g.ID, Owner: g.Account, Region: g.Region, Location: g.Location, Router: g.Router, Bandwidth: g.Bandwidth,
		Capacity: g.Bandwidth.Mbps() * int64(len(members)), Ready: g.Live(), State: string(state),
	}
}

// CannotAllocateToOwner is the recorded answer to an interface allocated to the connection's own account.
func CannotAllocateToOwner() *Error {
	return Clientf("Cannot allocate VirtualInterface for the connection owner.")
}

package directconnect

import "time"

// Parent is what hosted connections run over: an interconnect, or a LAG of a partner.
type Parent struct {
	ID        string
	Account   string // the partner
	Region    string
	Location  string
	Router    string
	Bandwidth Bandwidth // of each port
	MACsec    bool
	Capacity  int64 // Mbps of all its ports
}

// Parent answers the interconnect as a parent. Only a live interconnect outside a LAG can be one.
func (c Connection) Parent() (Parent, error) {
	switch {
	case c.Kind != Interconnect:
		return Parent{}, Clientf("Connection %s is not an interconnect.", c.ID)
	case !c.Working():
		return Parent{}, Clientf("Interconnect %s is in state %s.", c.ID, c.State)
	case c.LagID != "":
		return Parent{}, Clientf("Interconnect %s is a member of Lag %s: use the Lag.", c.ID, c.LagID)
	}
	return Parent{ID: c.ID, Account: c.Account, Region: c.Region, Location: c.Location, Router: c.Router,
		Bandwidth: c.Bandwidth, MACsec: c.MACsec, Capacity: c.Bandwidth.Mbps()}, nil
}

// Parent answers the LAG as a parent, with the capacity of all its members.
func (g LAG) Parent(members []Connection) (Parent, error) {
	switch {
	case !g.Live():
		return Parent{}, NoLAG(g.ID)
	case !g.AllowsHosted:
		return Parent{}, Clientf("Lag %s does not allow hosted connections.", g.ID)
	}
	return Parent{ID: g.ID, Account: g.Account, Region: g.Region, Location: g.Location, Router: g.Router,
		Bandwidth: g.Bandwidth, MACsec: g.MACsec, Capacity: g.Bandwidth.Mbps() * int64(len(members))}, nil
}

// HostedOrder is what AllocateHostedConnection asks.
type HostedOrder struct {
	Owner     string // the customer
	Name      string
	Bandwidth Bandwidth
	VLAN      int32
	Tags      []Tag
}

// MaxVLAN is the highest VLAN identifier one can use (IEEE 802.1Q: 4095 is reserved).
const MaxVLAN = 4094

// NewHosted is a hosted connection in ordering, waiting for its customer to confirm (API reference,
// AllocateHostedConnection). siblings are the live hosted connections of the parent, which may not sell more than it
// carries. The caller checks that the parent is the partner's and that the partner may host.
func NewHosted(id string, o HostedOrder, p Parent, partner Account, siblings []Connection, now time.Time) (Connection, error) {
	if err := checkName("connectionName", o.Name); err != nil {
		return Connection{}, err
	}
	if err := CheckAccountID("ownerAccount", o.Owner); err != nil {
		return Connection{}, err
	}
	if !o.Bandwidth.IsHosted() {
		return Connection{}, Clientf("Bandwidth %s is not valid for a hosted connection.", o.Bandwidth)
	}
	if partner.Partner == PartnerV1 && o.Bandwidth.Mbps() >= Gbps1.Mbps() {
		return Connection{}, Clientf("Account %s is not allowed to allocate hosted connections of %s.", partner.ID, o.Bandwidth)
	}
	if o.VLAN < 1 || o.VLAN > MaxVLAN {
		return Connection{}, Clientf("VLAN %d is not valid. Valid values are 1 to %d.", o.VLAN, MaxVLAN)
	}
	if err := CheckTags(o.Tags); err != nil {
		return Connection{}, err
	}
	c := Connection{
		ID: id, Kind: Hosted, Account: o.Owner, State: ConnectionOrdering, Partner: partner.ID, VLAN: o.VLAN,
		Created: now, Since: now, Name: o.Name, Bandwidth: o.Bandwidth, PartnerName: partner.Name,
		BillingMode: PayAsYouGo, Tags: o.Tags,
	}
	c, err := c.host(p, siblings)
	if err != nil {
		return Connection{}, err
	}
	return c, nil
}

// host puts a hosted connection on a parent, where its VLAN must be free and its capacity must fit.
func (c Connection) host(p Parent, siblings []Connection) (Connection, error) {
	sold := int64(0)
	for _, s := range siblings {
		if s.ID == c.ID || !s.Live() {
			continue
		}
		if s.VLAN == c.VLAN {
			return c, VLANInUse(c.VLAN, p.ID)
		}
		sold += s.Bandwidth.Mbps()
	}
	if sold+c.Bandwidth.Mbps() > p.Capacity {
		return c, Clientf("%s has %d Mbps of %d Mbps left: %s does not fit.", p.ID, max(0, p.Capacity-sold), p.Capacity, c.Bandwidth)
	}
	c.ParentID, c.Region, c.Location, c.Router, c.MACsec = p.ID, p.Region, p.Location, p.Router, p.MACsec
	return c, nil
}

// VLANInUse is the answer to a VLAN that another hosted connection of the parent has.
func VLANInUse(vlan int32, parent string) *Error {
	return Clientf("VLAN %d is already in use on %s", vlan, parent)
}

// Rehost moves a hosted connection to another interconnect or LAG of its partner in the same Region (API reference,
// AssociateHostedConnection). Its state stays. The caller checks that the parent is the partner's.
func (c Connection) Rehost(p Parent, siblings []Connection, now time.Time) (Connection, error) {
	switch {
	case c.Kind != Hosted:
		return c, Clientf("Connection %s is not a hosted connection.", c.ID)
	case !c.Working():
		return c, c.mustWork()
	case c.ParentID == p.ID:
		return c, Clientf("Connection %s is already associated with %s.", c.ID, p.ID)
	}
	c, err := c.host(p, siblings)
	if err != nil {
		return c, err
	}
	return c.wake(now), nil
}

// Confirm is the customer's acceptance (API reference, ConfirmConnection): possible in ordering only.
func (c Connection) Confirm(now time.Time) (Connection, error) {
	if c.Kind != Hosted {
		return c, Clientf("Connection %s is not a hosted connection and needs no confirmation.", c.ID)
	}
	return c.move(EventConfirm, now)
}

// CheckDeleteInterconnect refuses to delete what hosted connections still run over.
func (c Connection) CheckDeleteInterconnect(hosted int) error {
	if hosted > 0 {
		return Clientf("Interconnect %s cannot be deleted until its hosted connections are deleted.", c.ID)
	}
	return nil
}

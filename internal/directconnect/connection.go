package directconnect

import (
	"slices"
	"time"
	"unicode/utf8"
)

// ConnectionKind tells the three things apart that share the shape dxcon-.
type ConnectionKind string

const (
	// Dedicated is a customer's own port.
	Dedicated ConnectionKind = "dedicated"
	// Interconnect is a partner's port that hosted connections run over.
	Interconnect ConnectionKind = "interconnect"
	// Hosted is a customer's VLAN of a stated capacity on a partner's interconnect or LAG.
	Hosted ConnectionKind = "hosted"
)

// Connection is a dedicated connection, an interconnect or a hosted connection (API reference, Connection and
// Interconnect). Fields marked json:"-" are columns of their own in the store.
type Connection struct {
	ID       string          `json:"-"`
	Kind     ConnectionKind  `json:"-"`
	Account  string          `json:"-"` // who owns it
	Region   string          `json:"-"`
	Location string          `json:"-"` // location code
	State    ConnectionState `json:"-"`
	LagID    string          `json:"-"` // the LAG it is a member of; never set on a hosted connection
	ParentID string          `json:"-"` // hosted: the interconnect or LAG it runs over
	Partner  string          `json:"-"` // hosted: the account that allocated it
	VLAN     int32           `json:"-"` // hosted: 1..4094
	PortID   string          `json:"-"` // the port it holds; empty for hosted and for what is deleted
	Router   string          `json:"-"` // the router of that port, kept after deletion; a hosted one's parent's
	Created  time.Time       `json:"-"`
	Due      time.Time       `json:"-"` // when the reconciler should look again; zero: not before something happens
	Deleted  time.Time       `json:"-"` // when it reached deleted or rejected
	Version  int64           `json:"-"`

	Name         string      `json:"name"`
	Bandwidth    Bandwidth   `json:"bw"`
	ProviderName string      `json:"provider,omitempty"`
	PartnerName  string      `json:"partner,omitempty"` // hosted: the partner's name
	BillingMode  BillingMode `json:"billing,omitempty"`
	Tags         []Tag       `json:"tags,omitempty"`

	MACsec         bool           `json:"macsec,omitempty"`  // dedicated, interconnect: ordered with MACsec. hosted: the parent was
	EncryptionMode EncryptionMode `json:"encmode,omitempty"` // as asked for; in force on a LAG member is the LAG's
	EncryptionUp   bool           `json:"encup,omitempty"`   // as last observed
	MACsecKeys     []MACsecKey    `json:"keys,omitempty"`

	Since          time.Time `json:"since,omitzero"`    // when State was entered
	Approved       time.Time `json:"approved,omitzero"` // when the order was approved, and with it the LOA-CFA issued
	LOARead        time.Time `json:"loaread,omitzero"`  // the latest DescribeLoa: the wire's loaIssueTime
	LOACode        string    `json:"loacode,omitempty"` // verification code printed on the letter
	VoidLOA        []string  `json:"loavoid,omitempty"` // codes of letters that another one has taken the place of
	CrossConnected time.Time `json:"xconnect,omitzero"` // when the cable was plugged in; zero: it is not
	Cut            bool      `json:"cut,omitempty"`     // simulated: the cable is broken
	Fault          *Fault    `json:"fault,omitempty"`   // simulated: what else is wrong with it
	FirstLight     time.Time `json:"light,omitzero"`    // when the link first came up
	Reason         string    `json:"reason,omitempty"`  // why it was refused, lapsed or is down; for operators
	Left           []string  `json:"left,omitempty"`    // routers that it moved away from and that may still have its old port on
}

// Order is what CreateConnection, CreateInterconnect and CreateLag ask for each port.
type Order struct {
	Kind         ConnectionKind
	Account      string
	Region       string
	Name         string
	Bandwidth    Bandwidth
	ProviderName string
	BillingMode  BillingMode
	MACsec       bool
	Tags         []Tag
}

// NewConnection is the port order accepted at a location: state requested, due at once. The caller has given it an ID and
// reserves port for it in the same transaction.
func NewConnection(id string, o Order, l Location, port Port, now time.Time) (Connection, error) {
	if err := o.Check(l); err != nil {
		return Connection{}, err
	}
	c := Connection{
		ID: id, Kind: o.Kind, Account: o.Account, Region: o.Region, Location: l.Code, State: ConnectionRequested,
		PortID: port.ID, Router: port.Router, Created: now, Due: now, Since: now,
		Name: o.Name, Bandwidth: o.Bandwidth, ProviderName: o.ProviderName, BillingMode: o.BillingMode, Tags: o.Tags,
		MACsec: o.MACsec,
	}
	if c.MACsec {
		c.EncryptionMode = ShouldEncrypt
	}
	return c, nil
}

// Check refuses an order that the location cannot fill, whatever ports are free.
func (o Order) Check(l Location) error {
	if l.Region != o.Region {
		return NoLocation(l.Code)
	}
	member := "connectionName"
	if o.Kind == Interconnect {
		member = "interconnectName"
	}
	if err := checkName(member, o.Name); err != nil {
		return err
	}
	if err := l.Sells(o.Bandwidth, o.MACsec, o.ProviderName); err != nil {
		return err
	}
	if err := l.Bills(o.BillingMode); err != nil {
		return err
	}
	return CheckTags(o.Tags)
}

// maxName bounds the names of connections, interconnects and LAGs. The model states no limit; ours leaves room for the
// longest name that CreateLag makes.
const maxName = 255

func checkName(member, name string) error {
	switch n := utf8.RuneCountInString(name); {
	case n == 0:
		return Required(member)
	case n > maxName:
		return Clientf("%s must be at most %d characters long.", member, maxName)
	}
	for _, r := range name {
		if r < ' ' || r == 0x7f {
			return Clientf("%s contains invalid characters.", member)
		}
	}
	return nil
}

// Rename gives the connection another name (API reference, UpdateConnection).
func (c Connection) Rename(name string) (Connection, error) {
	if err := checkName("connectionName", name); err != nil {
		return c, err
	}
	if err := c.mustWork(); err != nil {
		return c, err
	}
	c.Name = name
	return c, nil
}

// Bill changes how the port is paid for (API reference 2026, UpdateConnectionsBillingMode). Hosted connections are billed
// through their partner.
func (c Connection) Bill(m BillingMode, l Location) (Connection, error) {
	if err := c.mustWork(); err != nil {
		return c, err
	}
	if c.Kind != Dedicated {
		return c, Clientf("Billing mode of connection %s cannot be changed: it is not a dedicated connection.", c.ID)
	}
	if err := l.Bills(m); err != nil {
		return c, err
	}
	c.BillingMode = m
	return c, nil
}

// Live reports whether the connection counts: it is neither deleted nor rejected.
func (c Connection) Live() bool {
	return c.State != ConnectionDeleted && c.State != ConnectionRejected
}

// Working reports whether the connection is live and not on its way out.
func (c Connection) Working() bool { return c.Live() && c.State != ConnectionDeleting }

// mustWork refuses a change to what has ended or is on its way out.
func (c Connection) mustWork() error {
	if !c.Working() {
		return Clientf("Connection %s is in state %s and cannot be changed.", c.ID, c.State)
	}
	return nil
}

// OnItsFeet reports whether the order has left requested and ordering, after which the device is told to the customer.
func (c Connection) OnItsFeet() bool {
	switch c.State {
	case ConnectionRequested, ConnectionOrdering, ConnectionRejected:
		return false
	case ConnectionDeleted: // a hosted one is never approved, but may have been lit
		return !c.Approved.IsZero() || !c.FirstLight.IsZero()
	}
	return true
}

// Disclosed reports whether the customer may know the demarcation: the LOA-CFA was fetched at least once, or a cable is
// plugged in. From then on the port cannot move to another router.
func (c Connection) Disclosed() bool { return !c.LOARead.IsZero() || !c.CrossConnected.IsZero() }

// MayMovePort reports whether the reservation can still be moved to another router: the order is requested, or pending
// with a demarcation that nobody has read.
func (c Connection) MayMovePort() bool {
	return (c.State == ConnectionRequested || c.State == ConnectionPending) && !c.Disclosed()
}

// WithPort moves the reservation. A router that is left once the port may be switched on there is remembered in Left,
// until it has been told.
func (c Connection) WithPort(p Port) Connection {
	left := slices.DeleteFunc(slices.Clone(c.Left), func(router string) bool { return router == p.Router || router == c.Router })
	if c.OnItsFeet() && c.Router != p.Router {
		left = append(left, c.Router)
	}
	c.PortID, c.Router, c.Left = p.ID, p.Router, left
	return c
}

// wake asks the reconciler to look at the connection now.
func (c Connection) wake(now time.Time) Connection {
	c.Due = now
	return c
}

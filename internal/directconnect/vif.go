package directconnect

import (
	"slices"
	"time"
	"unicode/utf8"
)

// InterfaceType says where a virtual interface leads (API reference, VirtualInterface.virtualInterfaceType).
type InterfaceType string

const (
	// Private leads to a virtual private gateway, directly or through a Direct Connect gateway.
	Private InterfaceType = "private"
	// Public leads to the provider's public addresses.
	Public InterfaceType = "public"
	// Transit leads to transit gateways through a Direct Connect gateway.
	Transit InterfaceType = "transit"
)

// VirtualInterface is a VLAN on a connection or LAG with BGP over it (API reference, VirtualInterface). Fields marked
// json:"-" are columns of their own in the store.
type VirtualInterface struct {
	ID              string         `json:"-"`
	Account         string         `json:"-"` // who owns it; not the connection's owner when it was allocated
	ParentID        string         `json:"-"` // dxcon-... or dxlag-...: the wire's connectionId
	ConnectionOwner string         `json:"-"`
	Region          string         `json:"-"`
	Location        string         `json:"-"`
	Router          string         `json:"-"`
	Type            InterfaceType  `json:"-"`
	State           InterfaceState `json:"-"`
	VLAN            int32          `json:"-"` // 1..4094
	GatewayID       string         `json:"-"` // Direct Connect gateway, or empty
	Created         time.Time      `json:"-"`
	Due             time.Time      `json:"-"`
	Deleted         time.Time      `json:"-"` // when it reached deleted or rejected
	Version         int64          `json:"-"`

	Name             string    `json:"name"`
	VirtualGatewayID string    `json:"vgw,omitempty"`
	AmazonASN        int64     `json:"aasn"` // the provider's side; as of the gateway attached to
	MTU              int32     `json:"mtu"`
	SiteLink         bool      `json:"sitelink,omitempty"`
	RouteFilter      []string  `json:"filter,omitempty"` // public: what the customer may announce
	RateLimit        RateLimit `json:"rate,omitempty"`
	PoolIPv4         int32     `json:"pool4,omitempty"` // inbound prefixes taken out of the parent's pool
	PoolIPv6         int32     `json:"pool6,omitempty"`
	Tags             []Tag     `json:"tags,omitempty"`
	Peers            []BGPPeer `json:"peers"`
	Hosted           bool      `json:"hosted,omitempty"` // allocated by the connection's owner for another account

	Since    time.Time `json:"since,omitzero"`    // when State was entered
	Verified time.Time `json:"verified,omitzero"` // public: when ASN and prefixes were approved
	TestID   string    `json:"test,omitempty"`    // the failover test that runs
	Drained  string    `json:"drained,omitempty"` // the maintenance for which its sessions are shut
	Accepted uint64    `json:"in,omitempty"`      // RouteMark of the accepted routes that are kept
	Offered  uint64    `json:"out,omitempty"`     // and of the advertised ones
	Reason   string    `json:"reason,omitempty"`  // why it is down; for operators

	AcceptedCount int32 `json:"inn,omitempty"`  // of the accepted routes that are kept
	OfferedCount  int32 `json:"outn,omitempty"` // and of the advertised ones

	Left []string `json:"left,omitempty"` // routers that it moved away from and that may still have it
}

// InterfaceParent is the connection or LAG that an interface is put on, as the rules see it.
type InterfaceParent struct {
	ID        string
	Owner     string
	Region    string
	Location  string
	Router    string
	Bandwidth Bandwidth // of one port, or the hosted capacity
	Capacity  int64     // Mbps in total
	Hosted    bool      // a hosted connection: one interface only, no limiter, no pool
	Ready     bool      // an interface may be made in its present state
	State     string
}

// InterfaceOrder is what the Create and Allocate operations ask.
type InterfaceOrder struct {
	Type             InterfaceType
	Owner            string // the account it is for
	Allocated        bool   // by the connection's owner for another account
	Name             string
	VLAN             int32
	MTU              int32 // 0: 1500
	VirtualGatewayID string
	GatewayID        string
	AmazonASN        int64
	SiteLink         bool
	RouteFilter      []string
	RateLimit        RateLimit
	PoolIPv4         *int32
	PoolIPv6         *int32
	Tags             []Tag
	Peer             PeerOrder
}

const (
	defaultMTU = 1500
	maxVIFName = 100
)

// PublicASN is the provider's own autonomous system: on public interfaces, and until one is attached to a gateway.
const PublicASN = 7224

// NewInterface is the order accepted on a parent, beside the parent's other live interfaces. The caller has given it and
// its first peer their identifiers, and seals the key.
func NewInterface(id, peerID string, o InterfaceOrder, p InterfaceParent, siblings []VirtualInterface, quotas Quotas, now time.Time) (VirtualInterface, error) {
	var none VirtualInterface
	if err := o.check(p); err != nil {
		return none, err
	}
	if err := interfaceQuota(o.Type, p, siblings, quotas); err != nil {
		return none, err
	}
	v := VirtualInterface{
		ID: id, Account: o.Owner, ParentID: p.ID, ConnectionOwner: p.Owner, Region: p.Region, Location: p.Location,
		Router: p.Router, Type: o.Type, State: InterfacePending, VLAN: o.VLAN, GatewayID: o.GatewayID, Created: now, Due: now,
		Name: o.Name, VirtualGatewayID: o.VirtualGatewayID, AmazonASN: o.AmazonASN, MTU: o.MTU, SiteLink: o.SiteLink,
		RouteFilter: o.RouteFilter, Tags: o.Tags, Hosted: o.Allocated, Since: now,
	}
	if v.MTU == 0 {
		v.MTU = defaultMTU
	}
	if v.AmazonASN == 0 {
		v.AmazonASN = PublicASN
	}
	peerState := PeerPending
	switch {
	case o.Allocated:
		v.State = InterfaceConfirming
	case o.Type == Public:
		v.State = InterfaceVerifying
	}
	if o.Type == Public {
		peerState = PeerVerifying
	}
	var err error
	if v, err = v.limit(o.RateLimit, p, siblings); err != nil {
		return none, err
	}
	if v, err = v.takePools(o.PoolIPv4, o.PoolIPv6, p, siblings); err != nil {
		return none, err
	}
	if err := v.vlanFree(p.ID, siblings); err != nil {
		return none, err
	}
	peer, err := newPeer(peerID, o.Peer, v, siblings, peerState)
	if err != nil {
		return none, err
	}
	v.Peers = []BGPPeer{peer}
	return v, nil
}

func (o InterfaceOrder) check(p InterfaceParent) error {
	if !p.Ready {
		return Clientf("The specified Connection ID is not available: %s is in state %s.", p.ID, p.State)
	}
	if err := checkVIFName(o.Name); err != nil {
		return err
	}
	if o.VLAN < 1 || o.VLAN > MaxVLAN {
		return Clientf("VLAN %d is not valid. Valid values are 1 to %d.", o.VLAN, MaxVLAN)
	}
	if err := checkMTU(o.Type, o.MTU); err != nil {
		return err
	}
	if err := o.checkGateway(); err != nil {
		return err
	}
	if o.SiteLink && !siteLinkIn(p.Region) {
		return noSiteLink(p.Region)
	}
	if o.Type == Public {
		if err := checkRouteFilter(o.RouteFilter, o.Peer.Family); err != nil {
			return err
		}
	}
	if p.Hosted && o.RateLimit != "" {
		return Clientf("A rate limit is not supported on hosted connection %s.", p.ID)
	}
	if p.Hosted && (o.PoolIPv4 != nil || o.PoolIPv6 != nil) {
		return Clientf("A prefix pool is not supported on hosted connection %s.", p.ID)
	}
	return CheckTags(o.Tags)
}

func checkVIFName(name string) error {
	if err := checkName("virtualInterfaceName", name); err != nil {
		return err
	}
	if utf8.RuneCountInString(name) > maxVIFName {
		return Clientf("virtualInterfaceName must be at most %d characters long.", maxVIFName)
	}
	return nil
}

// mtus are the sizes an interface may have. The documents say 8500 for private; 9001 is the long-standing value that
// clients still send (fact sheet 8.2).
var mtus = map[InterfaceType][]int32{
	Private: {1500, 8500, 9001},
	Transit: {1500, 8500},
	Public:  {1500},
}

func checkMTU(t InterfaceType, mtu int32) error {
	if mtu != 0 && !slices.Contains(mtus[t], mtu) {
		return Clientf("MTU %d is not valid for a %s virtual interface.", mtu, t)
	}
	return nil
}

// checkGateway demands what a type must be attached to: a private interface to one gateway of either kind, a transit one
// to a Direct Connect gateway. An allocated one is attached when it is confirmed.
func (o InterfaceOrder) checkGateway() error {
	if o.Allocated || o.Type == Public {
		return nil
	}
	return checkAttachment(o.Type, o.VirtualGatewayID, o.GatewayID, o.SiteLink)
}

func checkAttachment(t InterfaceType, vgw, dxgw string, siteLink bool) error {
	switch {
	case t == Private && (vgw == "") == (dxgw == ""):
		return Clientf("Specify exactly one of virtualGatewayId and directConnectGatewayId.")
	case t == Transit && dxgw == "":
		return Required("directConnectGatewayId")
	case siteLink && dxgw == "":
		return Clientf("SiteLink is not supported on a virtual interface that is attached to a virtual private gateway.")
	}
	return nil
}

// siteLinkIn reports whether a Region has SiteLink: those of GovCloud and China have not (user guide, "Create a virtual
// interface").
func siteLinkIn(region string) bool {
	p := PartitionOf(region)
	return p != "aws-cn" && p != "aws-us-gov"
}

func noSiteLink(region string) *Error {
	return Clientf("SiteLink is not available in Region %s.", region)
}

// The documented numbers of interfaces on one parent (user guide, "Quotas"). They are not adjustable.
const (
	maxOnParent  = 51
	maxTransit   = 4
	maxOrdinary  = 50 // private and public together
	maxOnHosted  = 1
	maxOnGateway = 30
)

func interfaceQuota(t InterfaceType, p InterfaceParent, siblings []VirtualInterface, quotas Quotas) error {
	if p.Hosted {
		if len(siblings) >= maxOnHosted {
			return QuotaExceeded("virtual interfaces on hosted connection "+p.ID, maxOnHosted)
		}
		return nil
	}
	if quotas == (Quotas{}) {
		return nil
	}
	transit := 0
	for _, s := range siblings {
		if s.Type == Transit {
			transit++
		}
	}
	switch {
	case len(siblings) >= maxOnParent:
		return QuotaExceeded("virtual interfaces on "+p.ID, maxOnParent)
	case t == Transit && transit >= maxTransit:
		return QuotaExceeded("transit virtual interfaces on "+p.ID, maxTransit)
	case t != Transit && len(siblings)-transit >= maxOrdinary:
		return QuotaExceeded("private and public virtual interfaces on "+p.ID, maxOrdinary)
	}
	return nil
}

func (v VirtualInterface) vlanFree(parent string, siblings []VirtualInterface) error {
	for _, s := range siblings {
		if s.ID != v.ID && s.Live() && s.VLAN == v.VLAN {
			return VLANInUse(v.VLAN, parent)
		}
	}
	return nil
}

// Live reports whether the interface counts: it is neither deleted nor rejected.
func (v VirtualInterface) Live() bool {
	return v.State != InterfaceDeleted && v.State != InterfaceRejected
}

// Working reports whether the interface is live and not on its way out.
func (v VirtualInterface) Working() bool { return v.Live() && v.State != InterfaceDeleting }

// Jumbo reports whether frames larger than 1500 are asked for.
func (v VirtualInterface) Jumbo() bool { return v.MTU > defaultMTU }

// NoInterface is the answer to an interface ID that names nothing the caller may see; clients look for "does not exist".
func NoInterface(id string) *Error { return Clientf("Virtual Interface %s does not exist.", id) }

func (v VirtualInterface) mustWork() error {
	if !v.Working() {
		return Clientf("Virtual Interface %s is in state %s and cannot be changed.", v.ID, v.State)
	}
	return nil
}

package directconnect

import (
	"fmt"
	"slices"
	"time"
)

// LAGState is the state of a LAG (API reference, LagState). It is derived from the members.
type LAGState string

const (
	LAGPending   LAGState = "pending"
	LAGAvailable LAGState = "available"
	LAGDown      LAGState = "down"
	LAGDeleted   LAGState = "deleted"
	LAGUnknown   LAGState = "unknown"
)

// LAGStates lists every state that a LAG of ours can be in. The model also has requested and deleting: no recording
// shows either, a LAG answers pending when created and deleted when deleted.
var LAGStates = []LAGState{LAGPending, LAGAvailable, LAGDown, LAGUnknown, LAGDeleted}

// LAG is a bundle of ports of one speed on one router (API reference, Lag).
type LAG struct {
	ID       string    `json:"-"`
	Account  string    `json:"-"`
	Region   string    `json:"-"`
	Location string    `json:"-"`
	Router   string    `json:"-"`
	Created  time.Time `json:"-"`
	Due      time.Time `json:"-"`
	Deleted  time.Time `json:"-"` // zero while it is live
	Version  int64     `json:"-"`

	Name           string         `json:"name"`
	Bandwidth      Bandwidth      `json:"bw"` // of each member
	MinimumLinks   int            `json:"min,omitempty"`
	ProviderName   string         `json:"provider,omitempty"`
	BillingMode    BillingMode    `json:"billing,omitempty"`
	AllowsHosted   bool           `json:"hosted,omitempty"` // hosted connections may be allocated on it
	MACsec         bool           `json:"macsec,omitempty"` // every member is MACsec capable
	EncryptionMode EncryptionMode `json:"encmode,omitempty"`
	MACsecKeys     []MACsecKey    `json:"keys,omitempty"`
	Tags           []Tag          `json:"tags,omitempty"`
}

// LAGOrder is what CreateLag asks.
type LAGOrder struct {
	Account      string
	Region       string
	Name         string
	Bandwidth    Bandwidth
	Connections  int // members wanted, an existing one included
	ProviderName string
	BillingMode  BillingMode
	MACsec       bool
	Tags         []Tag
}

// NewLAG is the order accepted at a location and router.
func NewLAG(id string, o LAGOrder, l Location, router string, now time.Time) (LAG, error) {
	if err := o.Check(l); err != nil {
		return LAG{}, err
	}
	g := LAG{
		ID: id, Account: o.Account, Region: o.Region, Location: l.Code, Router: router, Created: now,
		Name: o.Name, Bandwidth: o.Bandwidth, ProviderName: o.ProviderName, BillingMode: o.BillingMode,
		MACsec: o.MACsec, Tags: o.Tags,
	}
	if g.MACsec {
		g.EncryptionMode = ShouldEncrypt
	}
	return g, nil
}

// Check refuses an order that the location cannot fill, whatever ports are free.
func (o LAGOrder) Check(l Location) error {
	if l.Region != o.Region {
		return NoLocation(l.Code)
	}
	if err := checkName("lagName", o.Name); err != nil {
		return err
	}
	if err := l.Sells(o.Bandwidth, o.MACsec, o.ProviderName); err != nil {
		return err
	}
	if err := l.Bills(o.BillingMode); err != nil {
		return err
	}
	if o.Connections < 1 {
		return Clientf("numberOfConnections must be at least 1.")
	}
	if limit := o.Bandwidth.MaxLagMembers(); o.Connections > limit {
		return tooManyMembers(o.Bandwidth, limit)
	}
	return CheckTags(o.Tags)
}

func tooManyMembers(b Bandwidth, limit int) *Error {
	return Clientf("A Lag of %s connections can have at most %d connections.", b, limit)
}

// MemberName is what CreateLag calls the n-th connection that it orders, counted from 1 (recorded).
func (g LAG) MemberName(n int) string {
	return fmt.Sprintf("Requested Connection %d for Lag %s", n, g.ID)
}

// Live reports whether the LAG has not been deleted.
func (g LAG) Live() bool { return g.Deleted.IsZero() }

// State derives the LAG's state from its live members (fact sheet 5.3): available when at least one member is up and as
// many as minimumLinks are; otherwise pending before a member has ever seen light, and down after.
func (g LAG) State(members []Connection) LAGState {
	if !g.Live() {
		return LAGDeleted
	}
	up, lit, unknown := 0, false, 0
	for _, m := range members {
		if m.State == ConnectionAvailable {
			up++
		}
		if m.State == ConnectionUnknown {
			unknown++
		}
		lit = lit || !m.FirstLight.IsZero()
	}
	switch {
	case up >= max(1, g.MinimumLinks):
		return LAGAvailable
	case up+unknown >= max(1, g.MinimumLinks):
		return LAGUnknown
	case lit:
		return LAGDown
	}
	return LAGPending
}

// Update changes name, minimumLinks and encryption mode (API reference, UpdateLag); nil leaves a value alone. members are the live ones.
// On an error the LAG answered is the one given.
func (g LAG) Update(name *string, minimumLinks *int, mode *EncryptionMode, members []Connection, now time.Time) (LAG, error) {
	if err := g.mustLive(); err != nil {
		return g, err
	}
	next := g
	if name != nil {
		if err := checkName("lagName", *name); err != nil {
			return g, err
		}
		next.Name = *name
	}
	if minimumLinks != nil {
		if *minimumLinks < 0 {
			return g, Clientf("MinimumLinks cannot be negative.")
		}
		if *minimumLinks > len(members) {
			return g, Clientf("MinimumLinks cannot be set higher than the number of connections (%d) in Lag %s", len(members), g.ID)
		}
		next.MinimumLinks = *minimumLinks
	}
	if mode != nil {
		if err := g.CheckMACsec(); err != nil {
			return g, err
		}
		next.EncryptionMode = *mode
	}
	next.Due = now
	return next, nil
}

func (g LAG) mustLive() error {
	if !g.Live() {
		return NoLAG(g.ID)
	}
	return nil
}

// Admit checks that c may become a member (API reference, AssociateConnectionWithLag): owned alike, same location, speed
// and MACsec capability, room left, and a port on the LAG's router or one that can still be moved there. members are the
// live ones.
func (g LAG) Admit(c Connection, members []Connection) error {
	if err := g.mustLive(); err != nil {
		return err
	}
	switch {
	case c.Account != g.Account:
		return NoConnection(c.ID)
	case c.Kind == Hosted:
		return Clientf("Connection %s is a hosted connection and cannot be associated with a Lag.", c.ID)
	case c.Kind == Interconnect && !g.AllowsHosted:
		return Clientf("Interconnect %s cannot be associated with %s, which does not allow hosted connections.", c.ID, g.named())
	case !c.Working():
		return Clientf("Connection %s is in state %s and cannot be associated with a Lag.", c.ID, c.State)
	case c.LagID == g.ID && g.ID != "":
		return Clientf("Connection %s is already associated with Lag %s.", c.ID, g.ID)
	case c.Location != g.Location:
		return Clientf("%s and %s are not at the same location.", c.named(), g.named())
	case c.Bandwidth != g.Bandwidth:
		return Clientf("%s and %s do not have the same bandwidth.", c.named(), g.named())
	case c.MACsec != g.MACsec:
		return c.macsecMismatch()
	case len(members) >= g.Bandwidth.MaxLagMembers():
		return tooManyMembers(g.Bandwidth, g.Bandwidth.MaxLagMembers())
	case c.Router != g.Router && !c.MayMovePort():
		return Clientf("Connection %s and %s are not on the same AWS Direct Connect endpoint.", c.ID, g.named())
	}
	return nil
}

// macsecMismatch is the recorded answer to a LAG and a connection of which only one is MACsec capable.
func (c Connection) macsecMismatch() *Error {
	return Clientf("%s and lag should be requested MacSec at the same time", c.named())
}

// named is the connection as the subject of a text; one that is still being ordered has no ID.
func (c Connection) named() string {
	if c.ID == "" {
		return "The connection"
	}
	return "Connection " + c.ID
}

// named is the LAG in a text; one that is still being ordered has no ID that anybody could know.
func (g LAG) named() string {
	if g.ID == "" {
		return "the Lag"
	}
	return "Lag " + g.ID
}

// Spare checks that a member may leave: what remains must still reach minimumLinks, unless it is the last one (API
// reference, DisassociateConnectionFromLag and DeleteConnection). members are the live ones, the leaving one included.
func (g LAG) Spare(members []Connection) error {
	if left := len(members) - 1; left > 0 && left < g.MinimumLinks {
		return Clientf("Lag %s cannot have fewer than %d connections, its MinimumLinks.", g.ID, g.MinimumLinks)
	}
	return nil
}

// Join makes c a member: its own MACsec keys are dropped for the LAG's (user guide, "LAGs").
func (c Connection) Join(g LAG, now time.Time) Connection {
	c.LagID, c.MACsecKeys = g.ID, nil
	if c.MACsec {
		c.EncryptionMode = g.EncryptionMode
	}
	return c.wake(now)
}

// Leave makes c a port of its own again, without MACsec keys. What leaves a declared partner's LAG is an interconnect
// (API reference, DisassociateConnectionFromLag).
func (c Connection) Leave(owner Account, now time.Time) Connection {
	c.LagID, c.MACsecKeys = "", nil
	if c.MACsec {
		c.EncryptionMode = ShouldEncrypt
	}
	if owner.IsDeclaredPartner() {
		c.Kind = Interconnect
	}
	return c.wake(now)
}

// Delete ends the LAG at once (recorded: the response itself says deleted). The caller detaches the members. interfaces
// and hosted are how many virtual interfaces and hosted connections run over it.
func (g LAG) Delete(interfaces, hosted int, now time.Time) (LAG, error) {
	if !g.Live() {
		return g, nil
	}
	if interfaces > 0 { // clients try again on these words
		return g, Clientf("Lag %s cannot be deleted until its Virtual Interfaces are deleted.", g.ID)
	}
	if hosted > 0 {
		return g, Clientf("Lag %s cannot be deleted until its Virtual Interfaces are deleted: hosted connections run over it.", g.ID)
	}
	g.Deleted, g.MinimumLinks, g.MACsecKeys, g.Due = now, 0, nil, time.Time{}
	return g, nil
}

// CheckMACsec refuses a LAG that cannot carry MACsec keys.
func (g LAG) CheckMACsec() error {
	if err := g.mustLive(); err != nil {
		return err
	}
	if !g.MACsec {
		return Clientf("Lag %s does not support MACsec.", g.ID)
	}
	return nil
}

// AssociateKey puts a key on the LAG, for all its members.
func (g LAG) AssociateKey(s Secret, quota int, now time.Time) (LAG, error) {
	if err := g.CheckMACsec(); err != nil {
		return g, err
	}
	keys, err := associateKey("lag "+g.ID, g.MACsecKeys, s, quota, now)
	if err != nil {
		return g, err
	}
	g.MACsecKeys, g.Due = keys, now
	return g, nil
}

// DisassociateKey takes a key off the LAG and answers it.
func (g LAG) DisassociateKey(arn string, now time.Time) (LAG, MACsecKey, error) {
	if err := g.CheckMACsec(); err != nil {
		return g, MACsecKey{}, err
	}
	keys, key, err := disassociateKey("lag "+g.ID, g.MACsecKeys, arn)
	if err != nil {
		return g, key, err
	}
	g.MACsecKeys, g.Due = keys, now
	if len(keysInUse(keys)) == 0 && g.EncryptionMode == MustEncrypt {
		g.EncryptionMode = ShouldEncrypt
	}
	return g, key, nil
}

// KeysToInstall are the keys that every member's port should have.
func (g LAG) KeysToInstall() []MACsecKey { return keysInUse(g.MACsecKeys) }

// Advance follows what was seen of the members' ports: a key is associated when every configured one has it, and gone
// when none has it.
func (g LAG) Advance(members []Seen) LAG {
	g.Due = time.Time{}
	has := func(ckn string) func(Seen) bool {
		return func(s Seen) bool { return slices.Contains(s.InstalledCKNs, ckn) }
	}
	g.MACsecKeys = advanceKeys(g.MACsecKeys,
		func(ckn string) bool {
			configured := 0
			for _, s := range members {
				if s.Configured {
					configured++
					if !has(ckn)(s) {
						return false
					}
				}
			}
			return configured > 0
		},
		func(ckn string) bool {
			return !slices.ContainsFunc(members, func(s Seen) bool { return !s.Readable || has(ckn)(s) })
		})
	return g
}

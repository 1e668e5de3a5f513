package directconnect

import (
	"net/netip"
	"slices"
	"time"
)

// Association joins a Direct Connect gateway and a gateway of the far side (API reference,
// DirectConnectGatewayAssociation).
type Association struct {
	ID           string           `json:"-"` // lower-case UUID
	GatewayID    string           `json:"-"`
	GatewayOwner string           `json:"-"`
	FarID        string           `json:"-"`
	State        AssociationState `json:"-"`
	Created      time.Time        `json:"-"`
	Due          time.Time        `json:"-"`
	Deleted      time.Time        `json:"-"`
	Version      int64            `json:"-"`

	Far     Far       `json:"far"`
	Allowed []string  `json:"allowed,omitempty"` // prefixes, as the wire spells them
	Since   time.Time `json:"since,omitzero"`
	Error   string    `json:"error,omitempty"`
}

// Far is the far side of an association as it was when it was made.
type Far struct {
	Kind    FarKind  `json:"kind"`
	Account string   `json:"account"`
	Region  string   `json:"region"`
	ASN     int64    `json:"asn"`
	CIDRs   []string `json:"cidrs,omitempty"`
}

// The documented numbers of associations (user guide, "Quotas").
const (
	maxVPGs            = 20
	maxTGWs            = 6
	maxGatewaysOfTGW   = 20
	maxAllowedPrefixes = 200
)

// NewAssociation joins a gateway and a far side, associating. onGateway are the gateway's other live associations, onFar
// the far side's, attached the gateway's live interfaces.
func NewAssociation(id string, g Gateway, f FarGateway, allowed []string, onGateway, onFar []Association, attached []VirtualInterface, quotas Quotas, now time.Time) (Association, error) {
	var none Association
	if err := g.Usable(); err != nil {
		return none, err
	}
	allowed, err := ParsePrefixes(allowed)
	if err != nil {
		return none, err
	}
	if f.Kind == VirtualPrivateGateway && len(allowed) == 0 {
		if allowed, err = ParsePrefixes(f.CIDRs); err != nil {
			return none, err
		}
	}
	a := Association{
		ID: id, GatewayID: g.ID, GatewayOwner: g.Account, FarID: f.ID, State: Associating, Created: now, Due: now, Since: now,
		Far:     Far{Kind: f.Kind, Account: f.Account, Region: f.Region, ASN: f.ASN, CIDRs: f.CIDRs},
		Allowed: allowed,
	}
	if err := a.mayJoin(g, onGateway, onFar, attached); err != nil {
		return none, err
	}
	if err := a.checkAllowed(onGateway); err != nil {
		return none, err
	}
	if quotas != (Quotas{}) {
		err = a.checkQuota(onGateway, onFar)
	}
	return a, err
}

// mayJoin refuses what does not go together (user guide, "Virtual private gateway associations" and "Transit gateway
// associations").
func (a Association) mayJoin(g Gateway, onGateway, onFar []Association, attached []VirtualInterface) error {
	transit := a.Far.Kind == TransitGateway
	if !transit && len(onFar) > 0 {
		return Clientf("The VirtualGateway %s is already associated with a Direct Connect gateway.", a.FarID)
	}
	if transit && a.Far.ASN == g.AmazonASN {
		return Clientf("The ASN %d of TransitGateway %s must differ from the ASN of Direct Connect Gateway %s.", a.Far.ASN, a.FarID, g.ID)
	}
	for _, o := range onGateway {
		switch {
		case o.FarID == a.FarID:
			return Clientf("%s is already associated with Direct Connect Gateway %s.", a.FarID, g.ID)
		case o.Far.Kind != a.Far.Kind:
			return Clientf("Direct Connect Gateway %s is associated with a %s: a %s cannot be associated.", g.ID, o.Far.Kind.words(), a.Far.Kind.words())
		case transit && o.Far.ASN == a.Far.ASN:
			return Clientf("The ASN %d of TransitGateway %s is in use by another transit gateway of Direct Connect Gateway %s.", a.Far.ASN, a.FarID, g.ID)
		case !transit && overlapping(o.Far.CIDRs, a.Far.CIDRs) != "":
			return overlappingFar(overlapping(o.Far.CIDRs, a.Far.CIDRs), a.FarID, g.ID)
		}
	}
	for _, v := range attached {
		if (v.Type == Transit) != transit {
			return Clientf("Direct Connect Gateway %s has %s virtual interfaces attached: a %s cannot be associated.", g.ID, v.Type, a.Far.Kind.words())
		}
	}
	return nil
}

// checkAllowed refuses too many prefixes, and for transit gateways ones that overlap another association's of the gateway.
func (a Association) checkAllowed(onGateway []Association) error {
	if a.Far.Kind != TransitGateway {
		return nil
	}
	if len(a.Allowed) > maxAllowedPrefixes {
		return QuotaExceeded("allowed prefixes on an association", maxAllowedPrefixes)
	}
	if len(a.Allowed) == 0 {
		return Clientf("Allowed prefixes are required to associate TransitGateway %s.", a.FarID)
	}
	for _, o := range onGateway {
		if o.ID == a.ID {
			continue
		}
		if p := overlapping(o.Allowed, a.Allowed); p != "" {
			return Clientf("The allowed route %s overlaps one or more existing allowed routes on Direct Connect Gateway %s.", p, a.GatewayID)
		}
	}
	return nil
}

func (a Association) checkQuota(onGateway, onFar []Association) error {
	switch {
	case a.Far.Kind == VirtualPrivateGateway && len(onGateway) >= maxVPGs:
		return QuotaExceeded("virtual private gateways on Direct Connect Gateway "+a.GatewayID, maxVPGs)
	case a.Far.Kind == TransitGateway && len(onGateway) >= maxTGWs:
		return QuotaExceeded("transit gateways on Direct Connect Gateway "+a.GatewayID, maxTGWs)
	case a.Far.Kind == TransitGateway && len(onFar) >= maxGatewaysOfTGW:
		return QuotaExceeded("Direct Connect gateways on TransitGateway "+a.FarID, maxGatewaysOfTGW)
	}
	return nil
}

// overlapping answers the first of new that overlaps one of old, or empty.
func overlapping(old, new []string) string {
	for _, n := range new {
		p, err := netip.ParsePrefix(n)
		if err != nil {
			continue
		}
		for _, o := range old {
			if q, err := netip.ParsePrefix(o); err == nil && q.Overlaps(p) {
				return n
			}
		}
	}
	return ""
}

// Live reports whether the association counts.
func (a Association) Live() bool { return a.State != Disassociated }

// NoAssociation is the answer to an association that is not there; clients look for "does not exist".
func NoAssociation(id string) *Error {
	return Clientf("Direct Connect Gateway Association %s does not exist.", id)
}

// NoAssociationOf is the answer to two gateways that are not associated.
func NoAssociationOf(gateway, far string) *Error {
	return Clientf("An association of Direct Connect Gateway %s and %s does not exist.", gateway, far)
}

// Update adds and removes allowed prefixes: updating, while traffic goes on. What changes none is no update; one to remove
// that is not there is passed over.
func (a Association) Update(add, remove []string, onGateway []Association, now time.Time) (Association, error) {
	if _, ok := NextAssociationState(a.State, AssociationChanged); !ok {
		return a, NoAssociation(a.ID)
	}
	add, err := ParsePrefixes(add)
	if err != nil {
		return a, err
	}
	if remove, err = ParsePrefixes(remove); err != nil {
		return a, err
	}
	next := a
	next.Allowed = slices.DeleteFunc(slices.Clone(a.Allowed), func(p string) bool { return slices.Contains(remove, p) })
	for _, p := range add {
		if !slices.Contains(next.Allowed, p) {
			next.Allowed = append(next.Allowed, p)
		}
	}
	if slices.Equal(next.Allowed, a.Allowed) {
		return a, nil
	}
	if err := next.checkAllowed(onGateway); err != nil {
		return a, err
	}
	next, _ = next.move(AssociationChanged, now)
	return next, nil
}

// Delete begins the end of the association.
func (a Association) Delete(now time.Time) (Association, error) {
	if !a.Live() {
		return a, NoAssociation(a.ID)
	}
	a, _ = a.move(AssociationDelete, now) // a live one permits it
	return a, nil
}

// Follow takes over what has changed behind the far side: updating, as the service does when a VPC gets another network
// (user guide, "Virtual private gateway associations"). A far side whose networks overlap another one's is refused.
func (a Association) Follow(f FarGateway, onGateway []Association, now time.Time) (Association, error) {
	if slices.Equal(a.Far.CIDRs, f.CIDRs) && a.Far.ASN == f.ASN {
		return a, nil
	}
	for _, o := range onGateway {
		if cidr := overlapping(o.Far.CIDRs, f.CIDRs); o.ID != a.ID && f.Kind == VirtualPrivateGateway && cidr != "" {
			return a, overlappingFar(cidr, f.ID, a.GatewayID)
		}
	}
	a.Far.CIDRs, a.Far.ASN = f.CIDRs, f.ASN
	a, _ = a.move(AssociationChanged, now) // one that ends goes on ending
	return a, nil
}

func overlappingFar(cidr, far, gateway string) *Error {
	return Clientf("The CIDR %s of VirtualGateway %s overlaps one that is associated with Direct Connect Gateway %s.", cidr, far, gateway)
}

// Advance takes the association through its transitions, each at the pace of a provisioning.
func (a Association) Advance(pace Pace, now time.Time) Association {
	a.Due = time.Time{}
	event := AssociationSettled
	if a.State == Disassociating {
		event = AssociationReleased
	}
	if _, ok := NextAssociationState(a.State, event); !ok {
		return a
	}
	if at := a.Since.Add(pace.Provision); now.Before(at) {
		a.Due = at
		return a
	}
	a, _ = a.move(event, now)
	a.Due = time.Time{}
	return a
}

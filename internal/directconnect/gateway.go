package directconnect

import (
	"slices"
	"time"
	"unicode/utf8"
)

// Gateway is a Direct Connect gateway: global, seen from every Region of its partition (API reference,
// DirectConnectGateway).
type Gateway struct {
	ID        string       `json:"-"` // lower-case UUID
	Account   string       `json:"-"`
	Partition string       `json:"-"`
	State     GatewayState `json:"-"`
	Created   time.Time    `json:"-"`
	Due       time.Time    `json:"-"`
	Deleted   time.Time    `json:"-"`
	Version   int64        `json:"-"`

	Name      string    `json:"name"`
	AmazonASN int64     `json:"asn"`
	Tags      []Tag     `json:"tags,omitempty"`
	Since     time.Time `json:"since,omitzero"`
	Error     string    `json:"error,omitempty"` // stateChangeError: of the last transition that failed
}

// Private ASNs that a gateway may have (API reference, CreateDirectConnectGateway).
const (
	defaultGatewayASN = 64512
	maxGatewayName    = 100
)

// NewGateway is a gateway, pending until the reconciler has looked. asn nil means the default.
func NewGateway(id, account, partition, name string, asn *int64, tags []Tag, have, quota int, now time.Time) (Gateway, error) {
	if err := checkGatewayName("directConnectGatewayName", name); err != nil {
		return Gateway{}, err
	}
	n := int64(defaultGatewayASN)
	if asn != nil {
		n = *asn
	}
	if (n < 64512 || n > 65534) && (n < 4200000000 || n > 4294967294) {
		return Gateway{}, Clientf("Amazon ASN %d is not valid. Valid values are 64512 to 65534 and 4200000000 to 4294967294.", n)
	}
	if quota > 0 && have >= quota {
		return Gateway{}, QuotaExceeded("Direct Connect gateways", quota)
	}
	if err := CheckTags(tags); err != nil {
		return Gateway{}, err
	}
	return Gateway{ID: id, Account: account, Partition: partition, State: GatewayPending, Created: now, Due: now, Since: now,
		Name: name, AmazonASN: n, Tags: tags}, nil
}

func checkGatewayName(member, name string) error {
	if err := checkName(member, name); err != nil {
		return err
	}
	if utf8.RuneCountInString(name) > maxGatewayName {
		return Clientf("%s must be at most %d characters long.", member, maxGatewayName)
	}
	return nil
}

// NoGateway is the answer to a gateway that is not there; clients look for "does not exist".
func NoGateway(id string) *Error { return Clientf("Direct Connect Gateway %s does not exist.", id) }

// Live reports whether the gateway has not been deleted.
func (g Gateway) Live() bool { return g.State != GatewayDeleted }

// Rename gives the gateway another name.
func (g Gateway) Rename(name string) (Gateway, error) {
	if err := checkGatewayName("newDirectConnectGatewayName", name); err != nil {
		return g, err
	}
	if g.State == GatewayDeleting || !g.Live() {
		return g, NoGateway(g.ID)
	}
	g.Name = name
	return g, nil
}

// Delete begins the end of a gateway that nothing hangs on: no live interface, no association.
func (g Gateway) Delete(interfaces, associations int, now time.Time) (Gateway, error) {
	if !g.Live() {
		return g, NoGateway(g.ID)
	}
	if interfaces > 0 || associations > 0 {
		return g, Clientf("Direct Connect Gateway %s has attached virtual interfaces or gateway associations.", g.ID)
	}
	g, _ = g.move(GatewayDelete, now) // a live one permits it
	return g, nil
}

// Advance takes the gateway through pending and deleting, at the pace of a release.
func (g Gateway) Advance(pace Pace, now time.Time) Gateway {
	g, _ = g.move(GatewayReady, now)
	g.Due = time.Time{}
	if at := g.Since.Add(pace.Release); g.State == GatewayDeleting && now.Before(at) {
		g.Due = at
		return g
	}
	g, _ = g.move(GatewayReleased, now)
	return g
}

// Usable refuses a gateway that cannot take an attachment or association.
func (g Gateway) Usable() error {
	if !slices.Contains([]GatewayState{GatewayPending, GatewayAvailable}, g.State) {
		return NoGateway(g.ID)
	}
	return nil
}

// CheckAttach refuses one more interface: the kinds do not mix, and there is a limit (user guide, "Quotas"). attached are
// the gateway's live interfaces, associations its live ones; the new interface is v, or is among attached when it is moved.
func (g Gateway) CheckAttach(v VirtualInterface, attached []VirtualInterface, associations []Association, quotas Quotas) error {
	if err := g.Usable(); err != nil {
		return err
	}
	pools, n := v.PoolIPv4+v.PoolIPv6, 0
	for _, a := range attached {
		if a.ID == v.ID {
			continue
		}
		n++
		pools += a.PoolIPv4 + a.PoolIPv6
		if a.Type != v.Type {
			return Clientf("Direct Connect Gateway %s has %s virtual interfaces attached: a %s one cannot be attached.", g.ID, a.Type, v.Type)
		}
	}
	for _, a := range associations {
		if (a.Far.Kind == TransitGateway) != (v.Type == Transit) {
			return Clientf("Direct Connect Gateway %s is associated with a %s: a %s virtual interface cannot be attached.", g.ID, a.Far.Kind.words(), v.Type)
		}
	}
	if quotas == (Quotas{}) {
		return nil
	}
	if n >= maxOnGateway {
		return QuotaExceeded("virtual interfaces on Direct Connect Gateway "+g.ID, maxOnGateway)
	}
	if pools > maxGatewayPools {
		return QuotaExceeded("prefix pool allocations on Direct Connect Gateway "+g.ID, maxGatewayPools)
	}
	return nil
}

// TotalPools is the sum that the wire calls totalPrefixPoolAllocations.
func TotalPools(attached []VirtualInterface) int32 {
	total := int32(0)
	for _, v := range attached {
		total += v.PoolIPv4 + v.PoolIPv6
	}
	return total
}

package directconnect

import "slices"

// PartnerKind says whether an account may host connections for others, and which (API reference, NniPartnerType).
type PartnerKind string

const (
	// NonPartner accounts have no interconnects.
	NonPartner PartnerKind = "nonPartner"
	// PartnerV1 accounts may allocate hosted connections of 50 to 500 Mbps.
	PartnerV1 PartnerKind = "v1"
	// PartnerV2 accounts may allocate hosted connections of every capacity.
	PartnerV2 PartnerKind = "v2"
)

// Account is a customer: who owns resources, what it may do and how many of each.
type Account struct {
	ID   string `json:"-"` // twelve digits
	Name string `json:"name"`
	// Open marks an account that nobody configured: it exists because somebody called in open mode. It may act as a
	// partner, and does not end open mode.
	Open    bool        `json:"-"`
	Partner PartnerKind `json:"partner,omitempty"`
	Quotas  Quotas      `json:"quotas"`
	Signed  []string    `json:"signed,omitempty"` // names of the agreements it has confirmed
	Version int64       `json:"-"`
}

// Quotas are the documented limits of an account (user guide, "Quotas"). Zero means no limit.
type Quotas struct {
	ConnectionsPerLocation int `json:"connectionsPerLocation,omitempty" yaml:"connectionsPerLocation,omitempty"` // live ones at one location of one Region
	LAGsPerRegion          int `json:"lagsPerRegion,omitempty" yaml:"lagsPerRegion,omitempty"`
	Gateways               int `json:"gateways,omitempty" yaml:"gateways,omitempty"`     // Direct Connect gateways
	MACsecKeys             int `json:"macsecKeys,omitempty" yaml:"macsecKeys,omitempty"` // on one connection or LAG
}

// DocumentedQuotas are the published defaults.
var DocumentedQuotas = Quotas{ConnectionsPerLocation: 10, LAGsPerRegion: 10, Gateways: 200, MACsecKeys: 3}

// CheckAccountID refuses what is not twelve digits. member is the wire's name for the value.
func CheckAccountID(member, id string) error {
	if !IsAccountID(id) {
		return Clientf("%s %s is not a valid account ID.", member, id)
	}
	return nil
}

// IsAccountID reports whether id is twelve digits.
func IsAccountID(id string) bool {
	if len(id) != 12 {
		return false
	}
	return !slices.ContainsFunc([]byte(id), func(c byte) bool { return c < '0' || c > '9' })
}

// MayHost refuses an account that is no partner.
func (a Account) MayHost() error {
	if a.Partner == PartnerV1 || a.Partner == PartnerV2 {
		return nil
	}
	return Clientf("Account %s is not an AWS Direct Connect Partner.", a.ID)
}

// PartnerKind answers the kind as the wire spells it, nonPartner included.
func (a Account) PartnerKind() PartnerKind {
	if a.Partner == "" {
		return NonPartner
	}
	return a.Partner
}

// IsDeclaredPartner reports whether an operator made the account a partner, as opposed to an open-mode account that may
// act as one. Only a declared partner's LAG members become interconnects when they leave their LAG.
func (a Account) IsDeclaredPartner() bool { return !a.Open && a.MayHost() == nil }

// QuotaExceeded is the one text for every quota: the wording of the service is not known, so ours names the quota.
func QuotaExceeded(what string, limit int) *Error {
	return Clientf("You have reached the limit of %d %s.", limit, what)
}

// Agreement is a text that a customer confirms (API reference, CustomerAgreement). Confirming is never demanded.
const Agreement = "Onramp Service Terms"

// ConfirmAgreement records that the account has signed the named agreement; an empty name means the only one.
func (a Account) ConfirmAgreement(name string) (Account, error) {
	if name == "" {
		name = Agreement
	}
	if name != Agreement {
		return a, Clientf("Could not find agreement with name %s", name)
	}
	if !a.HasSigned(name) {
		a.Signed = append(slices.Clone(a.Signed), name)
	}
	return a, nil
}

// HasSigned reports whether the account has confirmed the named agreement.
func (a Account) HasSigned(name string) bool { return slices.Contains(a.Signed, name) }

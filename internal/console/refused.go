package console

import (
	"regexp"
	"slices"
	"strings"
)

// member is how refusals call something that forms have a field for: a member of the API, or words of its messages.
type member struct {
	said   string
	fields []string // names of the fields that may be it
	words  string   // what a form calls it, in place of a member's name; empty: what is said is a word already
}

// members are those that are known, a longer one before one that it begins with.
var members = []member{
	{"asn or asnLong", []string{"asn"}, "ASN"}, {"asnLong", []string{"asn"}, "ASN"}, {"amazonSideAsn", []string{"asn"}, "ASN"},
	{"asn", []string{"asn"}, "ASN"}, {"ASN", []string{"asn"}, ""},
	{"connectionName", []string{"name"}, "Name"}, {"lagName", []string{"name"}, "Name"}, {"interconnectName", []string{"name"}, "Name"},
	{"virtualInterfaceName", []string{"name"}, "Name"}, {"directConnectGatewayName", []string{"name"}, "Name"},
	{"newDirectConnectGatewayName", []string{"name"}, "Name"}, {"resiliencyGroupName", []string{"name"}, "Name"},
	{"intendedResiliencyModel", []string{"model"}, "Model"},
	{"numberOfConnections", []string{"number"}, "Connections"}, {"minimumLinks", []string{"links"}, "Minimum links"}, {"MinimumLinks", []string{"links"}, "Minimum links"},
	{"connectionsBandwidth", []string{"bandwidth"}, "Speed"}, {"bandwidth", []string{"bandwidth"}, ""}, {"Bandwidth", []string{"bandwidth"}, ""},
	{"providerName", []string{"provider"}, "Network provider"}, {"Provider", []string{"provider"}, ""},
	{"location", []string{"location"}, ""}, {"Location", []string{"location"}, ""}, {"billingMode", []string{"billing"}, "Billing mode"}, {"Billing mode", []string{"billing"}, ""},
	{"requestMACSec", []string{"macsec"}, "MACsec"}, {"MACsec", []string{"macsec"}, ""},
	{"connectionIdentifiers", []string{"connections"}, "Connections"}, {"connectionId", []string{"connection", "parent"}, "Connection"},
	{"Connection ID", []string{"connection", "parent"}, ""}, {"lagId", []string{"lag"}, "LAG"}, {"Lag ID", []string{"lag", "connection", "parent"}, ""},
	{"ownerAccount", []string{"owner"}, "Account"}, {"directConnectGatewayOwnerAccount", []string{"owner"}, "Account"},
	{"vlan", []string{"vlan"}, "VLAN"}, {"VLAN", []string{"vlan"}, ""}, {"mtu", []string{"mtu"}, "MTU"}, {"MTU", []string{"mtu"}, ""},
	{"amazonAddress", []string{"amazon"}, "Address of the other side"}, {"Amazon Address", []string{"amazon"}, "Address of the other side"},
	{"customerAddress", []string{"customer"}, "Your address"}, {"Customer Address", []string{"customer"}, "Your address"},
	{"addressFamily", []string{"family"}, "Address family"}, {"Address family", []string{"family"}, ""}, {"authKey", []string{"key"}, "BGP key"},
	{"routeFilterPrefixes", []string{"prefixes"}, "Prefixes"}, {"CIDR", []string{"prefixes"}, ""}, {"Prefix", []string{"prefixes"}, ""},
	{"rateLimit", []string{"rate"}, "Rate limit"}, {"Rate limit", []string{"rate"}, ""}, {"enableSiteLink", []string{"sitelink"}, "SiteLink"}, {"SiteLink", []string{"sitelink"}, ""},
	{"prefixPoolAllocatedCountIpv4", []string{"pool4"}, "IPv4 prefixes"}, {"prefixPoolAllocatedCountIpv6", []string{"pool6"}, "IPv6 prefixes"},
	{"virtualGatewayId", []string{"vgw", "far"}, "Virtual private gateway"}, {"VirtualGateway", []string{"vgw", "far"}, ""}, {"TransitGateway", []string{"far"}, ""},
	{"gatewayId", []string{"far", "gateway"}, "Gateway"},
	{"directConnectGatewayId", []string{"gateway"}, "Direct Connect gateway"}, {"Direct Connect Gateway", []string{"gateway"}, ""},
	{"testDurationInMinutes", []string{"minutes"}, "Length in minutes"}, {"bgpPeers", []string{"peers"}, "Peers"},
	{"encryptionMode", []string{"mode"}, "Encryption mode"}, {"Encryption mode", []string{"mode"}, ""},
	{"secretARN", []string{"secret"}, "Secret"}, {"ckn", []string{"ckn"}, "CKN"}, {"cak", []string{"cak"}, "CAK"},
	{"Tag key", []string{"tags", "key"}, ""}, {"Tag value", []string{"tags", "value"}, ""}, {"Impact", []string{"impact"}, ""},
}

// sayings finds what members are called, as whole words.
var sayings = func() *regexp.Regexp {
	all := make([]string, len(members))
	for i, m := range members {
		all[i] = regexp.QuoteMeta(m.said)
	}
	return regexp.MustCompile(`\b(?:` + strings.Join(all, "|") + `)\b`)
}()

func memberSaid(said string) member {
	return members[slices.IndexFunc(members, func(m member) bool { return m.said == said })]
}

// about is the name of the field that a refusal is about: the first that it speaks of; empty: none, or it is not known.
func (f form) about(refusal string) string {
	if label, _, ok := strings.Cut(refusal, ": "); ok && len(label) > 2 { // as input says what cannot be read
		for _, one := range f.Fields {
			if strings.HasPrefix(one.Label, label) {
				return one.Name
			}
		}
	}
	for _, said := range sayings.FindAllString(refusal, -1) {
		for _, name := range memberSaid(said).fields {
			if f.has(name) {
				return name
			}
		}
	}
	return ""
}

func (f form) has(name string) bool {
	return slices.ContainsFunc(f.Fields, func(one field) bool { return one.Name == name })
}

// inWords is a refusal with what the form calls its fields in place of names of the API.
func (f form) inWords(refusal string) string {
	return sayings.ReplaceAllStringFunc(refusal, func(said string) string {
		m := memberSaid(said)
		if m.words == "" {
			return said
		}
		for _, one := range f.Fields {
			if slices.Contains(m.fields, one.Name) {
				return one.Label
			}
		}
		return m.words
	})
}

// Wrong is the field that the refusal is about, for the template; nil: the refusal is about the form.
func (f form) Wrong() *shownField {
	for _, one := range f.Fields {
		if f.Error != "" && one.Name == f.WrongField {
			s := f.Input(one)
			return &s
		}
	}
	return nil
}

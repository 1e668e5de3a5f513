package directconnect

import (
	"cmp"
	"net/netip"
	"slices"
	"time"
)

// Family is an address family (API reference, AddressFamily).
type Family string

const (
	IPv4 Family = "ipv4"
	IPv6 Family = "ipv6"
)

// ParseFamily checks a requested family; empty means IPv4.
func ParseFamily(s string) (Family, error) {
	switch f := Family(s); f {
	case "":
		return IPv4, nil
	case IPv4, IPv6:
		return f, nil
	}
	return "", Clientf("Address family %s is not valid. Valid values are ipv4 and ipv6.", s)
}

// BGPPeer is one BGP session of a virtual interface (API reference, BGPPeer).
type BGPPeer struct {
	ID       string       `json:"id"`
	Family   Family       `json:"family"`
	ASN      int64        `json:"asn"` // the customer's
	Key      string       `json:"key"` // TCP MD5, sealed
	Amazon   netip.Prefix `json:"amazon"`
	Customer netip.Prefix `json:"customer"`
	State    PeerState    `json:"state"`
	Up       bool         `json:"up,omitempty"`       // the session is established
	Since    time.Time    `json:"since,omitzero"`     // when Up changed last, as far as it was seen
	Reason   string       `json:"reason,omitempty"`   // why it is not; for operators
	Readable bool         `json:"readable,omitempty"` // the router answered when last asked
	Held     time.Time    `json:"held,omitzero"`      // since when it is kept shut because it exceeded its prefix limit
	Asked    time.Time    `json:"asked,omitzero"`     // when it was put on a public interface, to be approved by itself
	Router   string       `json:"router,omitempty"`   // the router that it was left behind on when its interface moved away
}

// Status is bgpStatus: up, down, or unknown while nobody has looked.
func (p BGPPeer) Status() string {
	switch {
	case p.State == PeerAvailable && !p.Readable:
		return string(SessionUnknown)
	case p.Up:
		return string(SessionUp)
	}
	return string(SessionDown)
}

// PeerOrder is a BGP session as asked for.
type PeerOrder struct {
	Family   Family
	ASN      int64
	Key      string // sealed
	Amazon   string // CIDR notation, or empty
	Customer string
}

// ASN ranges (API reference, NewBGPPeer): asn takes 2-byte and, in practice, some 4-byte numbers; asnLong takes all.
const (
	maxASN     = 2147483646
	maxASNLong = 4294967294
)

// ParseASN reads the two ASN members; asnLong wins.
func ParseASN(asn *int32, asnLong *int64) (int64, error) {
	switch {
	case asnLong != nil:
		if *asnLong < 1 || *asnLong > maxASNLong {
			return 0, Clientf("ASN %d is not valid. Valid values of asnLong are 1 to %d.", *asnLong, int64(maxASNLong))
		}
		return *asnLong, nil
	case asn != nil:
		if *asn < 1 || *asn > maxASN {
			return 0, Clientf("ASN %d is not valid. Valid values of asn are 1 to %d; use asnLong for larger ones.", *asn, maxASN)
		}
		return int64(*asn), nil
	}
	return 0, Clientf("Specify asn or asnLong.")
}

// Keys are 6 to 80 characters; ours are printable ASCII without blanks and quotes, as router files can hold them.
const (
	minKey = 6
	maxKey = 80
)

// CheckBGPKey refuses a key that no session can have. The text never repeats it.
func CheckBGPKey(key string) error {
	if len(key) < minKey || len(key) > maxKey {
		return Clientf("authKey is not valid: it must be %d to %d characters long.", minKey, maxKey)
	}
	for i := range len(key) {
		if c := key[i]; c <= ' ' || c > '~' || c == '"' || c == '\'' || c == '`' || c == '\\' {
			return Clientf("authKey is not valid: it contains invalid characters.")
		}
	}
	return nil
}

// generatedKey is how many characters follow 0x in a recorded key.
const generatedKey = 22

// BGPKey makes a key of the recorded shape from random bytes, at least 22.
func BGPKey(random []byte) string {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_."
	key := []byte("0x")
	for _, b := range random[:generatedKey] {
		key = append(key, letters[b%byte(len(letters))])
	}
	return string(key)
}

// maxPeersOfFamily is how many sessions of one family an interface may have: a second one where there is logical
// redundancy (API reference, CreateBGPPeer), which every router of ours has.
const maxPeersOfFamily = 2

func newPeer(id string, o PeerOrder, v VirtualInterface, siblings []VirtualInterface, state PeerState) (BGPPeer, error) {
	amazon, customer, err := peerAddresses(o, v, siblings)
	if err != nil {
		return BGPPeer{}, err
	}
	return BGPPeer{ID: id, Family: o.Family, ASN: o.ASN, Key: o.Key, Amazon: amazon, Customer: customer, State: state}, nil
}

// livePeers are the sessions that count.
func (v VirtualInterface) livePeers() []BGPPeer {
	return slices.DeleteFunc(slices.Clone(v.Peers), func(p BGPPeer) bool {
		return p.State == PeerDeleting || p.State == PeerDeleted
	})
}

// AddPeer puts another BGP session on the interface. siblings are the other live interfaces of its parent.
func (v VirtualInterface) AddPeer(id string, o PeerOrder, siblings []VirtualInterface, now time.Time) (VirtualInterface, error) {
	if err := v.mustWork(); err != nil {
		return v, err
	}
	same := 0
	for _, p := range v.livePeers() {
		if p.Family == o.Family {
			same++
		}
	}
	if same >= maxPeersOfFamily {
		return v, Clientf("Virtual Interface %s has %d BGP peers of address family %s already.", v.ID, same, o.Family)
	}
	state := PeerPending
	if v.Type == Public {
		state = PeerVerifying
	}
	p, err := newPeer(id, o, v, siblings, state)
	if err != nil {
		return v, err
	}
	if state == PeerVerifying {
		p.Asked = now
	}
	v.Peers = append(slices.Clone(v.Peers), p)
	v.Due = now
	return v, nil
}

// LastPeer is the recorded refusal to delete the only BGP session.
const LastPeer = "The last BGP Peer on a Virtual Interface cannot be deleted"

// RouterOf is the router that a session of the interface is or was on.
func (v VirtualInterface) RouterOf(p BGPPeer) string { return cmp.Or(p.Router, v.Router) }

// leavePeers keeps for the sessions that are being deleted where they are, before the interface moves to another router.
func (v VirtualInterface) leavePeers() []BGPPeer {
	peers := slices.Clone(v.Peers)
	for i := range peers {
		if peers[i].State == PeerDeleting {
			peers[i].Router = v.RouterOf(peers[i])
		}
	}
	return peers
}

// RemovePeer takes a BGP session off the interface: by its ID, or by the customer's ASN and address.
func (v VirtualInterface) RemovePeer(id string, asn int64, customer string, now time.Time) (VirtualInterface, error) {
	if err := v.mustWork(); err != nil {
		return v, err
	}
	peers := slices.Clone(v.Peers)
	i := slices.IndexFunc(peers, func(p BGPPeer) bool {
		if id != "" {
			return p.ID == id
		}
		return p.ASN == asn && (customer == FormatAddress(p.Customer) || customer == p.Customer.Addr().String()) &&
			p.State != PeerDeleting
	})
	if i < 0 {
		return v, Clientf("The BGP Peer does not exist on Virtual Interface %s.", v.ID)
	}
	if peers[i].State == PeerDeleting {
		return v, nil
	}
	if len(v.livePeers()) == 1 {
		return v, &Error{Kind: Client, Message: LastPeer}
	}
	peers[i].move(PeerRemove)
	v.Peers, v.Due = peers, now
	return v, nil
}

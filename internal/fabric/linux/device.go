package linux

import (
	"net/netip"
	"slices"
)

// kind says what a device of ours is for.
type kind int

// Devices of a later kind stand on those of earlier ones.
const (
	kindPort      kind = iota // a device that we found, and use
	kindMACsec                // on a port (IEEE 802.1AE): what rides on a port that encrypts, rides on this; it has no keys of its own
	kindSlot                  // on a port, with one key: what the MACsec device sends is led to one of these, and what they take is its
	kindPatch                 // one end of a veth pair, which passes on what a MACsec device takes, and back
	kindMember                // the other end: what a bundle takes in place of a MACsec device
	kindBundle                // over ports (IEEE 802.1AX)
	kindVRF                   // a routing table
	kindShaper                // what a limited device takes goes through it
	kindOuter                 // 802.1ad on a link: a hosted connection
	kindInterface             // 802.1Q on a link or on an outer device, in a VRF
	kindNetwork               // dummy in a VRF: its networks
	kindTunnel                // GRE to another router, in a VRF
	kinds
)

func (k kind) String() string {
	return [...]string{"port", "macsec", "macsec slot", "patch", "member", "bond", "vrf", "shaper", "outer vlan", "vlan", "dummy", "gre"}[k]
}

// device is one network device, as it is or as it should be. What is zero in one that should be is not ours to set: MTU,
// Table.
type device struct {
	Kind  kind
	Name  string
	Label string // what the intent calls it; what the alias says

	// What a device is made with; another value means another device.
	Lower         string // the device it stands on
	Twin          string // the member at the other end of a patch
	Master        string // bundle or VRF; of ports and members it can change
	VLAN          int
	Channel       uint16 // port identifier of a MACsec device's SCI (IEEE 802.1AE clause 9.9)
	Table         uint32 // of a VRF
	Key           uint32 // of a tunnel
	Local, Remote netip.Addr

	// What can change.
	Up        bool
	Free      bool // something else switches it on and off: a supplicant
	MTU       int
	MinLinks  int
	MACsec    protection
	Conf      conf
	Addresses []address // sorted
	ShapeMbps int64     // sent at most; 0: any
	Rules     []rule    // sorted: what passes, each way

	FoundMTU int // of a port: what it had before us
}

// address is one address of a device; Peer is valid on tunnels only.
type address struct {
	Prefix netip.Prefix
	Peer   netip.Addr
}

func compareAddresses(a, b address) int {
	if c := a.Prefix.Addr().Compare(b.Prefix.Addr()); c != 0 {
		return c
	}
	return a.Prefix.Bits() - b.Prefix.Bits()
}

// protection is what a MACsec device does with frames in the clear.
type protection struct {
	Protect bool // sends none
	Strict  bool // takes none
}

// conf is how a device takes part in IPv4 and IPv6 (ip-sysctl: the files of net.ipv4.conf, and addr_gen_mode).
type conf struct {
	Forwarding, RPFilter, ARPIgnore, ARPAnnounce, SendRedirects, AcceptRedirects, IgnoreLinkdown, AcceptLocal uint32
	NoLinkLocal                                                                                               bool
}

var (
	// confQuiet is that of devices which carry frames and speak no IP: whatever the host's own addresses are, nobody behind a
	// port learns them (arp_ignore 8).
	confQuiet = conf{ARPIgnore: 8, ARPAnnounce: 2, RPFilter: 2, NoLinkLocal: true}
	// confRouted is that of interfaces: ARP is answered for the interface's own subnet only, a source must be known to the VRF
	// (rp_filter 2, RFC 3704 loose mode), and a hop without carrier is none.
	confRouted = conf{Forwarding: 1, RPFilter: 2, ARPIgnore: 2, ARPAnnounce: 2, IgnoreLinkdown: 1}
)

// confOf is how a device of the kind is set.
func confOf(k kind) conf {
	switch k {
	case kindPort, kindMACsec, kindSlot, kindPatch, kindMember, kindBundle, kindShaper, kindOuter:
		return confQuiet
	case kindTunnel:
		// Every router of a VRF answers for its networks, and so with the same address: another's answer, on its way to a
		// customer here, is no martian.
		tunnel := confRouted
		tunnel.AcceptLocal = 1
		return tunnel
	}
	return confRouted
}

// joins reports whether devices of the kind become members of bundles, and can go out of them.
func (k kind) joins() bool { return k == kindPort || k == kindMember }

// sameMake reports whether one device can become the other without being made again.
func sameMake(have, want device) bool {
	return have.Kind == want.Kind && have.Lower == want.Lower && (want.Kind.joins() || have.Master == want.Master) && have.VLAN == want.VLAN &&
		have.Channel == want.Channel && have.Table == want.Table && have.Key == want.Key && have.Local == want.Local && have.Remote == want.Remote
}

// foreign is a device that is not ours.
type foreign struct {
	Type      string
	Master    string
	Addressed bool // has an address other than a link-local one
	MTU       int
	Up        bool
	Table     uint32 // of a VRF
}

// world is the state of the network namespace as far as it is ours or in our way.
type world struct {
	Devices  map[string]device  // ours, by device name
	Foreign  map[string]foreign // the others
	Defaults map[fallback]bool  // what ends lookups in a VRF's table
	Settings settings
}

// fallback is the unreachable default route of a VRF's table.
type fallback struct {
	Table uint32
	Six   bool
}

// settings are what concerns the whole namespace.
type settings struct {
	Forwarding6            bool // net.ipv6.conf.all.forwarding
	LocalLast4, LocalLast6 bool // the local table is looked up after the VRFs'
}

func emptyWorld() world {
	return world{Devices: map[string]device{}, Foreign: map[string]foreign{}, Defaults: map[fallback]bool{}}
}

// sorted are the devices of a kind, by name.
func (w world) sorted(k kind) []device {
	var all []device
	for _, d := range w.Devices {
		if d.Kind == k {
			all = append(all, d)
		}
	}
	slices.SortFunc(all, func(a, b device) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
	return all
}

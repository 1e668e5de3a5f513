package linux

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netlink/nl"
	"golang.org/x/sys/unix"
)

// snapshot is the kernel's state as read, with what is needed to change it.
type snapshot struct {
	world
	index   map[string]int32           // by device name, of all devices
	links   map[string]netlink.Link    // by device name, of all devices
	names   map[int32]string           // by index
	handles map[string]map[rule]uint32 // of filters, by device name
	clsact  map[string]bool            // devices with that qdisc
	lo      conf                       // how a device is that nobody has set: lo is never ours, and rarely anybody's
}

// read reads all that concerns us: one dump for each table of the kernel, and one for each device whose filters may have
// changed since the last time.
func (d *Driver) read() (snapshot, error) {
	s := snapshot{world: emptyWorld()}
	for _, part := range []func(*snapshot) error{readLinks, readAddresses, readQdiscs, d.readRules, readFallbacks, readSettings} {
		if err := part(&s); err != nil {
			return snapshot{}, err
		}
	}
	return s, nil
}

// readLinks reads the devices, without their addresses and filters.
func readLinks(s *snapshot) error {
	var links []netlink.Link
	var specs []spec
	reset := func() { links, specs = nil, nil }
	err := dump(unix.RTM_GETLINK, nl.NewIfInfomsg(unix.AF_UNSPEC), reset, func(m []byte) error {
		l, err := netlink.LinkDeserialize(nil, m)
		if err != nil {
			return fmt.Errorf("a device: %w", err)
		}
		sp, err := parseSpec(m)
		links, specs = append(links, l), append(specs, sp)
		return err
	})
	if err != nil {
		return err
	}
	s.index, s.links, s.names = make(map[string]int32, len(links)), make(map[string]netlink.Link, len(links)), make(map[int32]string, len(links))
	for _, l := range links {
		a := l.Attrs()
		s.index[a.Name], s.links[a.Name], s.names[int32(a.Index)] = int32(a.Index), l, a.Name
	}
	for i, l := range links {
		s.link(l, specs[i])
	}
	return nil
}

// link sorts a device: ours by its marker, or somebody else's.
func (s *snapshot) link(l netlink.Link, sp spec) {
	a := l.Attrs()
	if a.Name == "lo" {
		s.lo = sp.conf
	}
	label, found, ours := parseAlias(a.Alias)
	k, known := kindOfLink(l)
	if found > 0 {
		k, known = kindPort, true
	}
	if !ours && a.Group == group && known { // being made when we died
		ours = true
	}
	if !ours || !known {
		f := foreign{Type: l.Type(), Master: s.names[int32(a.MasterIndex)], MTU: a.MTU, Up: a.RawFlags&unix.IFF_UP != 0}
		if v, is := l.(*netlink.Vrf); is {
			f.Table = v.Table
		}
		s.Foreign[a.Name] = f
		return
	}
	d := device{Kind: k, Name: a.Name, Label: label, Master: s.names[int32(a.MasterIndex)], MTU: a.MTU, Up: a.RawFlags&unix.IFF_UP != 0,
		Conf: sp.conf, Channel: sp.channel, MACsec: sp.protection, FoundMTU: found}
	switch v := l.(type) {
	case *netlink.Vlan:
		d.VLAN = v.VlanId
	case *netlink.Vrf:
		d.Table = v.Table
	case *netlink.Bond:
		d.MinLinks = v.MinLinks
	case *netlink.Gretun:
		d.Key = v.IKey
		d.Local, d.Remote = address4(v.Local), address4(v.Remote)
	}
	if k == kindMACsec || k == kindSlot || k == kindMember || k == kindOuter || k == kindInterface {
		d.Lower = s.names[int32(a.ParentIndex)]
	}
	if k == kindVRF || k == kindShaper || k == kindNetwork || k == kindTunnel {
		d.MTU = 0 // not ours to set
	}
	s.Devices[a.Name] = d
}

func address4(ip []byte) netip.Addr {
	a, _ := netip.AddrFromSlice(ip)
	return a.Unmap()
}

// kindOfLink is the kind of a device that we made.
func kindOfLink(l netlink.Link) (kind, bool) {
	switch v := l.(type) {
	case *netlink.Vlan:
		if v.VlanProtocol == netlink.VLAN_PROTOCOL_8021AD {
			return kindOuter, true
		}
		return kindInterface, true
	case *netlink.Vrf:
		return kindVRF, true
	case *netlink.Bond:
		return kindBundle, true
	case *netlink.Gretun:
		return kindTunnel, len(v.Remote) > 0 && !v.Remote.IsUnspecified() // gre0 is the kernel's own, whatever it is marked with
	case *netlink.Dummy:
		return kindNetwork, true
	case *netlink.Ifb:
		return kindShaper, true
	case *netlink.Veth:
		if strings.HasPrefix(v.Name, deviceName(kindMember, "")[:4]) {
			return kindMember, true
		}
		return kindPatch, strings.HasPrefix(v.Name, deviceName(kindPatch, "")[:4])
	}
	if strings.HasPrefix(l.Attrs().Name, deviceName(kindSlot, "")[:4]) {
		return kindSlot, l.Type() == "macsec"
	}
	return kindMACsec, l.Type() == "macsec"
}

// readAddresses gives our devices their addresses, and remembers which others have any.
func readAddresses(s *snapshot) error {
	found := map[string][]address{}
	err := dump(unix.RTM_GETADDR, nl.NewIfAddrmsg(unix.AF_UNSPEC), func() { clear(found) }, func(m []byte) error {
		head := nl.DeserializeIfAddrmsg(m)
		attributes, err := nl.ParseRouteAttr(m[head.Len():])
		if err != nil {
			return fmt.Errorf("an address: %w", err)
		}
		var local, far netip.Addr
		for _, a := range attributes {
			switch a.Attr.Type {
			case unix.IFA_LOCAL:
				local, _ = netip.AddrFromSlice(a.Value)
			case unix.IFA_ADDRESS:
				far, _ = netip.AddrFromSlice(a.Value)
			}
		}
		if !local.IsValid() {
			local = far // IPv6 without a peer
		}
		if local.IsLinkLocalUnicast() && local.Is6() {
			return nil // the kernel's own
		}
		a := address{Prefix: netip.PrefixFrom(local, int(head.Prefixlen))}
		if far.IsValid() && far != local {
			a.Peer = far
		}
		name := s.names[int32(head.Index)]
		found[name] = append(found[name], a)
		return nil
	})
	if err != nil {
		return err
	}
	for name, addresses := range found {
		if v, ours := s.Devices[name]; ours {
			slices.SortFunc(addresses, compareAddresses)
			v.Addresses = addresses
			s.Devices[name] = v
		} else if f, there := s.Foreign[name]; there {
			f.Addressed = true
			s.Foreign[name] = f
		}
	}
	return nil
}

// fallbackMetric is that of the unreachable defaults: any other route is better.
const fallbackMetric = 1<<32 - 1

// readFallbacks finds the unreachable defaults of our tables. The kernel picks them out, so that the customers' routes are
// not copied.
func readFallbacks(s *snapshot) error {
	for _, six := range []bool{false, true} {
		h := &nl.RtMsg{RtMsg: unix.RtMsg{Family: unix.AF_INET, Type: unix.RTN_UNREACHABLE, Protocol: protocol}}
		if six {
			h.Family = unix.AF_INET6
		}
		found := map[fallback]bool{}
		err := dump(unix.RTM_GETROUTE, h, func() { clear(found) }, func(m []byte) error {
			head := nl.DeserializeRtMsg(m)
			if head.Type != unix.RTN_UNREACHABLE || head.Protocol != protocol || head.Dst_len != 0 {
				return nil
			}
			attributes, err := nl.ParseRouteAttr(m[head.Len():])
			if err != nil {
				return fmt.Errorf("a route: %w", err)
			}
			for _, a := range attributes {
				if a.Attr.Type == unix.RTA_TABLE {
					found[fallback{nl.NativeEndian().Uint32(a.Value), six}] = true
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		for f := range found {
			s.Defaults[f] = true
		}
	}
	return nil
}

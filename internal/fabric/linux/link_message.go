package linux

import (
	"encoding/binary"
	"net/netip"

	"github.com/vishvananda/netlink/nl"
	"golang.org/x/sys/unix"
)

// The numbers of net.ipv4.conf in netlink (linux/ip.h, IPV4_DEVCONF_*).
const (
	confForwarding      = 1
	confAcceptRedirects = 4
	confSendRedirects   = 6
	confRPFilter        = 8
	confARPAnnounce     = 18
	confARPIgnore       = 19
	confAcceptLocal     = 23
	confIgnoreLinkdown  = 29
)

// The attributes of a MACsec link (linux/if_link.h, IFLA_MACSEC_*).
const (
	macsecSCI        = 1
	macsecPort       = 2
	macsecEncrypt    = 7
	macsecProtect    = 8
	macsecValidation = 13
)

// Values of macsecValidation (IEEE 802.1AE, clause 10.7.8).
const (
	validateCheck  = 1
	validateStrict = 2
)

const (
	greKey       = 0x2000 // RFC 2890: the key is there
	vlanLoose    = 0x4    // linux/if_vlan.h, VLAN_FLAG_LOOSE_BINDING
	bondLACP     = 4      // mode 802.3ad
	layer34      = 1      // xmit_hash_policy layer3+4
	lacpFast     = 1
	miimonMillis = 100
	genModeNone  = 1 // IN6_ADDR_GEN_MODE_NONE
	genModeEUI64 = 0
	inetConf     = 1 // IFLA_INET_CONF
	inet6GenMode = 8 // IFLA_INET6_ADDR_GEN_MODE
	afSpec       = unix.IFLA_AF_SPEC
	tunnelTTL    = 64
)

// linkKind is the kernel's name of what we make a kind with.
func (d device) linkKind() string {
	if d.Kind == kindTunnel && d.Local.Is6() {
		return "ip6gre"
	}
	return d.Kind.rtnl()
}

func (k kind) rtnl() string {
	return [...]string{"", "macsec", "macsec", "veth", "veth", "bond", "vrf", "ifb", "vlan", "vlan", "dummy", "gre"}[k]
}

func bigEndian16(v uint16) []byte { return binary.BigEndian.AppendUint16(nil, v) }
func bigEndian32(v uint32) []byte { return binary.BigEndian.AppendUint32(nil, v) }

// linkRequest is a request about the device with an index.
func linkRequest(kindOf, flags int, index int32) (*nl.NetlinkRequest, *nl.IfInfomsg) {
	r := nl.NewNetlinkRequest(kindOf, flags)
	m := nl.NewIfInfomsg(unix.AF_UNSPEC)
	m.Index = index
	r.AddData(m)
	return r, m
}

// newLink makes the device with the index that we have chosen for it, so that what follows can name it before the kernel has
// answered.
func newLink(d device, index int32, indexes map[string]int32) *nl.NetlinkRequest {
	r, _ := linkRequest(unix.RTM_NEWLINK, unix.NLM_F_CREATE|unix.NLM_F_EXCL, index)
	r.AddData(nl.NewRtAttr(unix.IFLA_IFNAME, nl.ZeroTerminated(d.Name)))
	r.AddData(nl.NewRtAttr(unix.IFLA_GROUP, nl.Uint32Attr(group)))
	if d.MTU > 0 {
		r.AddData(nl.NewRtAttr(unix.IFLA_MTU, nl.Uint32Attr(uint32(d.MTU))))
	}
	if d.Lower != "" {
		r.AddData(nl.NewRtAttr(unix.IFLA_LINK, nl.Uint32Attr(uint32(indexes[d.Lower]))))
	}
	if d.Master != "" && d.Kind >= kindOuter {
		r.AddData(nl.NewRtAttr(unix.IFLA_MASTER, nl.Uint32Attr(uint32(indexes[d.Master]))))
	}
	info := nl.NewRtAttr(unix.IFLA_LINKINFO, nil)
	info.AddRtAttr(nl.IFLA_INFO_KIND, nl.NonZeroTerminated(d.linkKind()))
	d.linkData(info, indexes[d.Twin])
	r.AddData(info)
	return r
}

// linkData is what the kind alone has.
func (d device) linkData(info *nl.RtAttr, twin int32) {
	if d.Kind == kindNetwork || d.Kind == kindShaper {
		return
	}
	data := info.AddRtAttr(nl.IFLA_INFO_DATA, nil)
	switch d.Kind {
	case kindPatch:
		peer := data.AddRtAttr(nl.VETH_INFO_PEER, nil)
		nl.NewIfInfomsgChild(peer, unix.AF_UNSPEC).Index = twin
		peer.AddRtAttr(unix.IFLA_IFNAME, nl.ZeroTerminated(d.Twin))
		peer.AddRtAttr(unix.IFLA_GROUP, nl.Uint32Attr(group))
		peer.AddRtAttr(unix.IFLA_MTU, nl.Uint32Attr(uint32(d.MTU)))
	case kindMACsec, kindSlot:
		data.AddRtAttr(macsecPort, bigEndian16(d.Channel))
		data.AddRtAttr(macsecEncrypt, nl.Uint8Attr(1))
		d.MACsec.attributes(data)
	case kindBundle:
		data.AddRtAttr(nl.IFLA_BOND_MODE, nl.Uint8Attr(bondLACP))
		data.AddRtAttr(nl.IFLA_BOND_MIIMON, nl.Uint32Attr(miimonMillis))
		data.AddRtAttr(nl.IFLA_BOND_MIN_LINKS, nl.Uint32Attr(uint32(d.MinLinks)))
		data.AddRtAttr(nl.IFLA_BOND_XMIT_HASH_POLICY, nl.Uint8Attr(layer34))
		data.AddRtAttr(nl.IFLA_BOND_AD_LACP_RATE, nl.Uint8Attr(lacpFast))
	case kindVRF:
		data.AddRtAttr(nl.IFLA_VRF_TABLE, nl.Uint32Attr(d.Table))
	case kindOuter, kindInterface:
		protocol := uint16(unix.ETH_P_8021Q)
		if d.Kind == kindOuter {
			protocol = unix.ETH_P_8021AD
		}
		data.AddRtAttr(nl.IFLA_VLAN_ID, nl.Uint16Attr(uint16(d.VLAN)))
		data.AddRtAttr(nl.IFLA_VLAN_PROTOCOL, bigEndian16(protocol))
		// A link that is switched off takes the carrier from its VLANs, but neither their addresses nor their routes.
		data.AddRtAttr(nl.IFLA_VLAN_FLAGS, append(nl.Uint32Attr(vlanLoose), nl.Uint32Attr(vlanLoose)...))
	case kindTunnel:
		data.AddRtAttr(nl.IFLA_GRE_IFLAGS, bigEndian16(greKey))
		data.AddRtAttr(nl.IFLA_GRE_OFLAGS, bigEndian16(greKey))
		data.AddRtAttr(nl.IFLA_GRE_IKEY, bigEndian32(d.Key))
		data.AddRtAttr(nl.IFLA_GRE_OKEY, bigEndian32(d.Key))
		data.AddRtAttr(nl.IFLA_GRE_LOCAL, d.Local.AsSlice())
		data.AddRtAttr(nl.IFLA_GRE_REMOTE, d.Remote.AsSlice())
		data.AddRtAttr(nl.IFLA_GRE_TTL, nl.Uint8Attr(tunnelTTL))
		if d.Local.Is4() {
			data.AddRtAttr(nl.IFLA_GRE_PMTUDISC, nl.Uint8Attr(1))
		}
	}
}

func (p protection) attributes(data *nl.RtAttr) {
	protect, validate := uint8(0), uint8(validateCheck)
	if p.Protect {
		protect = 1
	}
	if p.Strict {
		validate = validateStrict
	}
	data.AddRtAttr(macsecProtect, nl.Uint8Attr(protect))
	data.AddRtAttr(macsecValidation, nl.Uint8Attr(validate))
}

// changeLink changes what only the kind has: the protection of a MACsec device, the minimum links of a bundle.
func changeLink(d device, index int32) *nl.NetlinkRequest {
	r, _ := linkRequest(unix.RTM_NEWLINK, 0, index)
	info := nl.NewRtAttr(unix.IFLA_LINKINFO, nil)
	info.AddRtAttr(nl.IFLA_INFO_KIND, nl.NonZeroTerminated(d.linkKind()))
	data := info.AddRtAttr(nl.IFLA_INFO_DATA, nil)
	if d.Kind == kindMACsec || d.Kind == kindSlot {
		d.MACsec.attributes(data)
	} else {
		data.AddRtAttr(nl.IFLA_BOND_MIN_LINKS, nl.Uint32Attr(uint32(d.MinLinks)))
	}
	r.AddData(info)
	return r
}

// setLink sets one attribute.
func setLink(index int32, attribute int, value []byte) *nl.NetlinkRequest {
	r, _ := linkRequest(unix.RTM_SETLINK, 0, index)
	r.AddData(nl.NewRtAttr(attribute, value))
	return r
}

// mark gives a device that was made just now its alias, by its name: if it could not be made, nothing else is marked.
func mark(d device) *nl.NetlinkRequest {
	r := setLink(0, unix.IFLA_IFALIAS, []byte(d.alias()))
	r.AddData(nl.NewRtAttr(unix.IFLA_IFNAME, nl.ZeroTerminated(d.Name)))
	return r
}

// setPower switches the device on or off.
func setPower(index int32, up bool) *nl.NetlinkRequest {
	r, m := linkRequest(unix.RTM_SETLINK, 0, index)
	m.Change = unix.IFF_UP
	if up {
		m.Flags = unix.IFF_UP
	}
	return r
}

// setPromiscuous has the device take frames to any address, or to its own alone.
func setPromiscuous(index int32, on bool) *nl.NetlinkRequest {
	r, m := linkRequest(unix.RTM_SETLINK, 0, index)
	m.Change = unix.IFF_PROMISC
	if on {
		m.Flags = unix.IFF_PROMISC
	}
	return r
}

// setConf sets how the device takes part in IP: no file of /proc/sys needs to be written for it.
func setConf(c conf, index int32) *nl.NetlinkRequest {
	r, _ := linkRequest(unix.RTM_SETLINK, 0, index)
	spec := nl.NewRtAttr(afSpec, nil)
	four := spec.AddRtAttr(unix.AF_INET, nil).AddRtAttr(inetConf, nil)
	for _, v := range []struct {
		number int
		value  uint32
	}{
		{confForwarding, c.Forwarding}, {confAcceptRedirects, c.AcceptRedirects}, {confSendRedirects, c.SendRedirects},
		{confRPFilter, c.RPFilter}, {confARPAnnounce, c.ARPAnnounce}, {confARPIgnore, c.ARPIgnore}, {confIgnoreLinkdown, c.IgnoreLinkdown},
		{confAcceptLocal, c.AcceptLocal},
	} {
		four.AddRtAttr(v.number, nl.Uint32Attr(v.value))
	}
	mode := uint8(genModeEUI64)
	if c.NoLinkLocal {
		mode = genModeNone
	}
	spec.AddRtAttr(unix.AF_INET6, nil).AddRtAttr(inet6GenMode, nl.Uint8Attr(mode))
	r.AddData(spec)
	return r
}

// addressRequest adds or removes an address. An IPv6 one is used at once: nobody else on a link of two can have it.
func addressRequest(kindOf, flags int, a address, index int32) *nl.NetlinkRequest {
	r := nl.NewNetlinkRequest(kindOf, flags)
	family := unix.AF_INET
	if a.Prefix.Addr().Is6() {
		family = unix.AF_INET6
	}
	m := nl.NewIfAddrmsg(family)
	m.Index, m.Prefixlen = uint32(index), uint8(a.Prefix.Bits())
	far := a.Prefix.Addr()
	if a.Peer.IsValid() {
		far = a.Peer
	}
	if family == unix.AF_INET6 {
		m.IfAddrmsg.Flags = unix.IFA_F_NODAD
	}
	r.AddData(m)
	r.AddData(nl.NewRtAttr(unix.IFA_LOCAL, a.Prefix.Addr().AsSlice()))
	r.AddData(nl.NewRtAttr(unix.IFA_ADDRESS, far.AsSlice()))
	if family == unix.AF_INET && !a.Peer.IsValid() && a.Prefix.Bits() < 31 {
		r.AddData(nl.NewRtAttr(unix.IFA_BROADCAST, broadcast(a.Prefix).AsSlice()))
	}
	return r
}

// broadcast is the last address of an IPv4 subnet.
func broadcast(p netip.Prefix) netip.Addr {
	b := p.Addr().As4()
	host := uint32(1)<<(32-p.Bits()) - 1
	return netip.AddrFrom4([4]byte(bigEndian32(binary.BigEndian.Uint32(b[:]) | host)))
}

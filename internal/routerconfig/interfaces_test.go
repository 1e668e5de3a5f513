package routerconfig

import (
	"fmt"
	"net/netip"
	"strings"
)

// The interfaces that the goldens and the checks by real programs are made with.

func prefix(s string) netip.Prefix { return netip.MustParsePrefix(s) }

func ipv4Peer() Peer {
	return Peer{Family: "ipv4", ASN: 65000, Key: "0xZ59Y1JZ2oDOSh6YriIlyRE",
		AmazonAddress: prefix("169.254.255.1/30"), CustomerAddress: prefix("169.254.255.2/30")}
}

func ipv6Peer() Peer {
	return Peer{Family: "ipv6", ASN: 65000, Key: "0x123pK5_VBqv.UQ3kJ4123_",
		AmazonAddress: prefix("2001:db8:1100:2f0:0:1:9cb4:4211/125"), CustomerAddress: prefix("2001:db8:1100:2f0:0:1:9cb4:4216/125")}
}

// private is an interface with peers, or with one IPv4 peer.
func private(peers ...Peer) Interface {
	if len(peers) == 0 {
		peers = []Peer{ipv4Peer()}
	}
	return Interface{ID: "dxvif-fg1vuj3d", Name: "Head office to VPC", ConnectionID: "dxcon-ffjrkx17", Type: "private",
		VLAN: 101, MTU: 1500, AmazonASN: 64512, Peers: peers, Device: "EqDC2-1a2b3c4d5e"}
}

// public is a public interface that announces prefixes.
func public(prefixes ...string) Interface {
	i := private(Peer{Family: "ipv4", ASN: 65000, Key: "asdf34example",
		AmazonAddress: prefix("203.0.113.1/30"), CustomerAddress: prefix("203.0.113.2/30")})
	i.ID, i.Name, i.Type, i.VLAN, i.AmazonASN, i.Prefixes = "dxvif-fgh0hcrk", "To S3", "public", 2000, 7224, prefixes
	return i
}

// manyPrefixes are n prefixes of one family.
func manyPrefixes(family string, n int) []string {
	all := make([]string, n)
	for k := range all {
		if all[k] = fmt.Sprintf("198.51.%d.%d/28", 100+k/16, k%16*16); family == "ipv6" {
			all[k] = fmt.Sprintf("2001:db8:%x::/48", 0x4000+k)
		}
	}
	return all
}

func withMACsec(i Interface) Interface {
	i.MTU = 9001
	i.MACsec = &MACsec{CKNs: []string{strings.Repeat("1f2e", 16), strings.Repeat("0a1b", 16)}, MustEncrypt: true}
	return i
}

// twoASNs has a different ASN of the customer's on each peer, as the CLI's example of CreateBGPPeer has.
func twoASNs() Interface {
	six := ipv6Peer()
	six.ASN = 64600
	return private(ipv4Peer(), six)
}

// fourOctets has ASNs that need four octets on both sides.
func fourOctets() Interface {
	four, six := ipv4Peer(), ipv6Peer()
	four.ASN, six.ASN = 4_200_000_001, 4_200_000_001
	i := private(four, six)
	i.AmazonASN = 4_294_967_294
	return i
}

// redundant has two peers of each family, on two routers of the far side.
func redundant() Interface {
	four, six := ipv4Peer(), ipv6Peer()
	four.AmazonAddress, four.CustomerAddress = prefix("169.254.255.5/30"), prefix("169.254.255.6/30")
	six.AmazonAddress, six.CustomerAddress = prefix("2001:db8:1100:2f1::1/125"), prefix("2001:db8:1100:2f1::6/125")
	return private(ipv4Peer(), ipv6Peer(), four, six)
}

func keyed(key string) Interface {
	p := ipv4Peer()
	p.Key = key
	return private(p)
}

// hosted is a private interface on a hosted connection.
func hosted() Interface {
	i := private()
	i.OuterVLAN = 201
	return i
}

func jumbo(typ string, mtu int) Interface {
	i := private(ipv4Peer(), ipv6Peer())
	i.Type, i.MTU, i.ConnectionID = typ, mtu, "dxlag-fg7ed0a1"
	return i
}

func publicDual(n int) Interface {
	i := public(append(manyPrefixes("ipv4", n), manyPrefixes("ipv6", n)...)...)
	six := ipv6Peer()
	i.Peers = append(i.Peers, six)
	return i
}

// hostile has a name that would end a comment of any system and go on with commands.
func hostile() Interface {
	i := private()
	i.Name = "x */ } \" '; \n! router bgp 1\nno ip routing\r\n\u2028§"
	i.Device, i.ConnectionID = "a\nreload", "dxcon-\nreload"
	return i
}

// every is all of them by name.
func every() map[string]Interface {
	reversed := private(ipv6Peer(), ipv4Peer())
	slash31 := private(Peer{Family: "ipv4", ASN: 1, Key: "123456", AmazonAddress: prefix("10.0.0.0/31"), CustomerAddress: prefix("10.0.0.1/31")})
	doubled := private(ipv4Peer(), ipv4Peer())
	return map[string]Interface{
		"ipv4":                  private(),
		"ipv6":                  private(ipv6Peer()),
		"dual":                  private(ipv4Peer(), ipv6Peer()),
		"dual, IPv6 first":      reversed,
		"two ASNs":              twoASNs(),
		"four-octet ASNs":       fourOctets(),
		"two routers":           redundant(),
		"one peer twice":        doubled,
		"longest key":           keyed(strings.Repeat("Ab3_.", 16)),
		"shortest key":          keyed("abcdef"),
		"point to point /31":    slash31,
		"jumbo on a LAG":        jumbo("private", 9001),
		"jumbo transit":         jumbo("transit", 8500),
		"hostile name":          hostile(),
		"macsec":                withMACsec(private()),
		"public":                public("203.0.113.0/24"),
		"public without prefix": public(),
		"public, 100 prefixes":  publicDual(100),
		"public, other family":  public("203.0.113.0/24", "2001:db8:7::/48"),
		"public, host route":    public("203.0.113.9/32", "203.0.113.9/24", "203.0.113.0/24"),
		"highest VLAN": func() Interface {
			i := private()
			i.VLAN = 4094
			return i
		}(),
	}
}

package router

import (
	"fmt"
	"net/netip"

	"onramp/internal/fabric"
)

const (
	cak    = fabric.Secret("c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00")
	bgpKey = fabric.Secret("0xkey-of-a-customer-session")
)

// plain is an intent of one port.
func plain(port string) fabric.Intent {
	return fabric.Intent{Ports: []fabric.Port{{Name: port, Enabled: true, SpeedMbps: 1000}}}
}

// keyed is an intent with a key of each kind.
func keyed() fabric.Intent { return routed(1, 1) }

// routed is an intent with so many interfaces, and so many prefixes announced over each.
func routed(interfaces, exports int) fabric.Intent {
	in := fabric.Intent{
		Ports: []fabric.Port{{Name: "et-0", Enabled: true, SpeedMbps: 10_000, MACsec: &fabric.MACsec{
			Mode: fabric.MACsecRequire, Keys: []fabric.Key{{CKN: "aa11", CAK: cak}},
		}}},
		VRFs: []fabric.VRF{{Name: "gateway", LocalASN: 64512}},
	}
	for i := range interfaces {
		n := fabric.Neighbor{
			Name: "peer", Local: netip.PrefixFrom(netip.AddrFrom4([4]byte{169, 254, byte(i >> 6), byte(i<<2) + 1}), 30),
			Remote:   netip.AddrFrom4([4]byte{169, 254, byte(i >> 6), byte(i<<2) + 2}),
			LocalASN: 64512, RemoteASN: 65001, Key: bgpKey + fabric.Secret(fmt.Sprint("-", i)),
			Import: fabric.ImportPolicy{DefaultPreference: 100, Prefer: []fabric.Preference{{Community: "7224:7100", LocalPref: 50}}},
		}
		for e := range exports {
			n.Export = append(n.Export, fabric.Announcement{
				Prefix: netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(e), 0, 0}), 16), Communities: []string{"7224:8100", "7224:9300"},
			})
		}
		in.Interfaces = append(in.Interfaces, fabric.Interface{
			Name: fmt.Sprintf("dxvif-%08d", i), Link: "et-0", VLAN: 1 + i, MTU: 1500, VRF: "gateway", Neighbors: []fabric.Neighbor{n},
		})
	}
	return in
}

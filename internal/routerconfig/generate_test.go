package routerconfig

import (
	"encoding/hex"
	"net/netip"
	"strings"
	"testing"

	"onramp/test/need"

	"pgregory.net/rapid"
)

// anyKey draws a key of any characters that a BGP key may have.
var anyKey = rapid.Custom(func(t *rapid.T) string {
	b := rapid.SliceOfN(rapid.ByteRange('!', '~'), shortestKey, longestKey).Draw(t, "key")
	return string(b)
})

// tameKey draws a key that every system can write.
var tameKey = rapid.StringMatching(`0x[A-Za-z0-9_.]{22}|[A-Za-z0-9_.:,+=@%^~()-]{6,80}`).
	Filter(func(s string) bool { return !strings.HasPrefix(s, "-AQ==") && !strings.HasPrefix(s, ".") })

// anyASN draws 2-octet and 4-octet numbers alike.
var anyASN = rapid.OneOf(rapid.Int64Range(1, 65535), rapid.Int64Range(65536, longestASN))

// pair draws the addresses of both sides in one network, which is the nth of its kind.
func pair(t *rapid.T, family string, n int) (amazon, customer netip.Prefix) {
	bits, last := 30, 2
	b := []byte{169, 254, byte(rapid.IntRange(0, 255).Draw(t, "third")), byte(n * 4)}
	if family == "ipv6" {
		bits, last = 125, 6
		b = append([]byte{0x20, 0x01, 0x0d, 0xb8}, rapid.SliceOfN(rapid.Byte(), 12, 12).Draw(t, "address")...)
		b[15] = byte(n * 8)
	}
	net, _ := netip.AddrFromSlice(b)
	amazon = netip.PrefixFrom(net.Next(), bits)
	for range last {
		net = net.Next()
	}
	return amazon, netip.PrefixFrom(net, bits)
}

func anyInterface(key *rapid.Generator[string], oneASN bool) *rapid.Generator[Interface] {
	return rapid.Custom(func(t *rapid.T) Interface {
		i := Interface{
			ID:           "dxvif-" + rapid.StringMatching(`[a-z0-9]{8}`).Draw(t, "id"),
			Name:         rapid.String().Draw(t, "name"),
			ConnectionID: rapid.StringMatching(`dx(con|lag)-f[a-z0-9]{7}`).Draw(t, "connection"),
			Type:         rapid.SampledFrom([]string{"private", "public", "transit"}).Draw(t, "type"),
			VLAN:         rapid.IntRange(1, mostVLAN).Draw(t, "vlan"),
			MTU:          rapid.SampledFrom([]int{1500, 8500, 9001}).Draw(t, "mtu"),
			AmazonASN:    anyASN.Draw(t, "amazon asn"),
			Device:       rapid.String().Draw(t, "device"),
		}
		notAmazons := anyASN.Filter(func(n int64) bool { return n != i.AmazonASN })
		families := rapid.SampledFrom([]string{"4", "6", "46", "64", "4466", "44"}).Draw(t, "families")
		for n, f := range families {
			p := Peer{Family: "ipv" + string(f), ASN: notAmazons.Draw(t, "asn"), Key: key.Draw(t, "key")}
			if oneASN && n > 0 {
				p.ASN = i.Peers[0].ASN
			}
			p.AmazonAddress, p.CustomerAddress = pair(t, p.Family, n)
			i.Peers = append(i.Peers, p)
		}
		if i.Type == "public" {
			i.Prefixes = append(manyPrefixes("ipv4", rapid.IntRange(0, 30).Draw(t, "v4")), manyPrefixes("ipv6", rapid.IntRange(0, 30).Draw(t, "v6"))...)
		}
		if rapid.Bool().Draw(t, "macsec") {
			ckn := rapid.SliceOfN(rapid.Byte(), 32, 32)
			for range rapid.IntRange(1, mostCKNs).Draw(t, "keys") {
				if i.MACsec == nil {
					i.MACsec = &MACsec{MustEncrypt: rapid.Bool().Draw(t, "must")}
				}
				i.MACsec.CKNs = append(i.MACsec.CKNs, hex.EncodeToString(ckn.Draw(t, "ckn")))
			}
		}
		i.OuterVLAN = rapid.SampledFrom([]int{0, 0, 1, mostVLAN}).Draw(t, "outer vlan")
		return i
	})
}

// TestGeneratedOnesAreTaken hands generated interfaces, with keys of any characters, to the real programs.
func TestGeneratedOnesAreTaken(t *testing.T) {
	t.Parallel()
	for _, program := range []string{"vtysh", "bgpd", "bird"} {
		need.Program(t, program)
	}
	interfaces, taken := anyInterface(anyKey, false), 0
	for seed := range 30 {
		i := interfaces.Example(seed)
		text := render(t, "FRRouting-FRR-8", i)
		if ok, said := vtyshAccepts(t, text); !ok {
			t.Errorf("seed %d: vtysh: %s\n%s", seed, said, text)
		}
		if ok, said := bgpdAccepts(t, text); !ok {
			t.Errorf("seed %d: bgpd: %s\n%s", seed, said, text)
		}
		bird, _ := Lookup("CZNIC-BIRD-2")
		text, err := Render(bird, i)
		if err != nil {
			continue // a key with a quote, which TestKeys is about
		}
		taken++
		if ok, said := birdAccepts(t, text); !ok {
			t.Errorf("seed %d: bird: %s\n%s", seed, said, text)
		}
	}
	if taken < 5 {
		t.Errorf("only %d of the interfaces had a key for BIRD", taken)
	}
}

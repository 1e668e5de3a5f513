package directconnect

import "testing"

func TestBandwidths(t *testing.T) {
	t.Parallel()
	for _, k := range []struct {
		b            Bandwidth
		mbps         int64
		port, hosted bool
		pool         int32
		members      int
		speed, optic string
	}{
		{"50Mbps", 50, false, true, 0, 4, "50M", ""},
		{"100Mbps", 100, false, true, 0, 4, "100M", ""},
		{"200Mbps", 200, false, true, 0, 4, "200M", ""},
		{"300Mbps", 300, false, true, 0, 4, "300M", ""},
		{"400Mbps", 400, false, true, 0, 4, "400M", ""},
		{"500Mbps", 500, false, true, 0, 4, "500M", ""},
		{"1Gbps", 1_000, true, true, 5000, 4, "1G", "1000BASE-LX 1310 nm"},
		{"2Gbps", 2_000, false, true, 0, 4, "2G", ""},
		{"5Gbps", 5_000, false, true, 0, 4, "5G", ""},
		{"10Gbps", 10_000, true, true, 5000, 4, "10G", "10GBASE-LR 1310 nm"},
		{"25Gbps", 25_000, false, true, 0, 4, "25G", ""},
		{"100Gbps", 100_000, true, false, 30000, 2, "100G", "100GBASE-LR4"},
		{"400Gbps", 400_000, true, false, 50000, 2, "400G", "400GBASE-LR4"},
	} {
		if got := k.b.Mbps(); got != k.mbps {
			t.Errorf("%s is %d Mbps, want %d", k.b, got, k.mbps)
		}
		if k.b.IsPort() != k.port || k.b.IsHosted() != k.hosted {
			t.Errorf("%s: port %v, hosted %v", k.b, k.b.IsPort(), k.b.IsHosted())
		}
		if k.b.PrefixPool() != k.pool || k.b.MaxLagMembers() != k.members || k.b.Optic() != k.optic {
			t.Errorf("%s: pool %d, members %d, optic %q", k.b, k.b.PrefixPool(), k.b.MaxLagMembers(), k.b.Optic())
		}
		if k.b.Speed() != k.speed || BandwidthOfSpeed(k.speed) != k.b {
			t.Errorf("%s is %s as a speed, and back %s", k.b, k.b.Speed(), BandwidthOfSpeed(k.speed))
		}
	}
}

func TestBandwidthListsRise(t *testing.T) {
	t.Parallel()
	for _, list := range [][]Bandwidth{PortBandwidths, HostedBandwidths} {
		last := int64(0)
		for _, b := range list {
			if b.Mbps() <= last {
				t.Errorf("%s stands after one of %d Mbps", b, last)
			}
			last = b.Mbps()
		}
	}
}

func TestNoBandwidth(t *testing.T) {
	t.Parallel()
	for _, b := range []Bandwidth{"", "Gbps", "10", "10G", "0Gbps", "-1Gbps", "+1Gbps", "01Gbps", "1.5Gbps", "1 Gbps",
		"1gbps", "1Tbps", "1MbpsGbps", "99999999999Gbps", "١Gbps"} {
		if got := b.Mbps(); got != 0 || b.IsPort() || b.IsHosted() {
			t.Errorf("%q passes for %d Mbps", b, got)
		}
	}
}

func TestReadable(t *testing.T) {
	t.Parallel()
	for b, want := range map[Bandwidth]string{"500Mbps": "500 Mbps", Gbps10: "10 Gbps", "": "", "10G": "10G"} {
		if got := b.Readable(); got != want {
			t.Errorf("%q reads %q, want %q", b, got, want)
		}
	}
}

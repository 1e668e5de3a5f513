package directconnect

import (
	"slices"
	"strconv"
	"strings"
)

// Bandwidth is a capacity as connections spell it: "50Mbps", "1Gbps", "400Gbps".
type Bandwidth string

// The capacities a port has (user guide, "Dedicated connections").
const (
	Gbps1   Bandwidth = "1Gbps"
	Gbps10  Bandwidth = "10Gbps"
	Gbps100 Bandwidth = "100Gbps"
	Gbps400 Bandwidth = "400Gbps"
)

// PortBandwidths lists what a dedicated connection, an interconnect or a LAG member can be, slowest first.
var PortBandwidths = []Bandwidth{Gbps1, Gbps10, Gbps100, Gbps400}

// HostedBandwidths lists what a hosted connection can be, slowest first (API reference, AllocateHostedConnection).
var HostedBandwidths = []Bandwidth{
	"50Mbps", "100Mbps", "200Mbps", "300Mbps", "400Mbps", "500Mbps",
	Gbps1, "2Gbps", "5Gbps", Gbps10, "25Gbps",
}

// Mbps is the capacity in megabits per second, or 0 when b is no capacity.
func (b Bandwidth) Mbps() int64 {
	for suffix, factor := range map[string]int64{"Mbps": 1, "Gbps": 1000} {
		if digits, ok := strings.CutSuffix(string(b), suffix); ok {
			n, err := strconv.ParseInt(digits, 10, 32)
			if err != nil || n <= 0 || digits[0] == '+' || digits[0] == '0' {
				return 0
			}
			return n * factor
		}
	}
	return 0
}

// IsPort reports whether b is the speed of a port.
func (b Bandwidth) IsPort() bool { return slices.Contains(PortBandwidths, b) }

// IsHosted reports whether b can be the capacity of a hosted connection.
func (b Bandwidth) IsHosted() bool { return slices.Contains(HostedBandwidths, b) }

// Speed is a port speed as locations spell it: "1G", "10G", "100G", "400G" (fact 13: the two vocabularies differ).
func (b Bandwidth) Speed() string { return strings.TrimSuffix(string(b), "bps") }

// BandwidthOfSpeed is the inverse of Speed.
func BandwidthOfSpeed(speed string) Bandwidth { return Bandwidth(speed + "bps") }

// PrefixPool is how many inbound prefixes of each family the interfaces of a port of this capacity share
// (user guide, "Inbound prefix controls").
func (b Bandwidth) PrefixPool() int32 {
	switch b {
	case Gbps1, Gbps10:
		return 5000
	case Gbps100:
		return 30000
	case Gbps400:
		return 50000
	}
	return 0
}

// MaxLagMembers is how many members a LAG of this capacity may have (API reference, CreateLag).
func (b Bandwidth) MaxLagMembers() int {
	if b == Gbps100 || b == Gbps400 {
		return 2
	}
	return 4
}

// Optic is the transceiver that both ends of the cross connect need (user guide, "Network requirements").
func (b Bandwidth) Optic() string {
	switch b {
	case Gbps1:
		return "1000BASE-LX 1310 nm"
	case Gbps10:
		return "10GBASE-LR 1310 nm"
	case Gbps100:
		return "100GBASE-LR4"
	case Gbps400:
		return "400GBASE-LR4"
	}
	return ""
}

// Media is the fibre that every port takes (user guide, "Network requirements": single-mode).
const Media = "Single-mode fibre (SMF)"

// Readable is the capacity as a letter prints it: "10 Gbps".
func (b Bandwidth) Readable() string {
	for _, unit := range []string{"Gbps", "Mbps"} {
		if n, ok := strings.CutSuffix(string(b), unit); ok {
			return n + " " + unit
		}
	}
	return string(b)
}

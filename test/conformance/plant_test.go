package conformance

import (
	"fmt"

	"onramp/internal/directconnect"
	"onramp/internal/inventory"
)

// The locations of the tests' inventory.
const (
	ashburn  = "EqDC2" // us-east-1: two routers; 1G, 10G and 100G, the latter two with and without MACsec
	vienna   = "CSVA1" // us-east-1: one router, no MACsec, no providers
	newark   = "165HS" // us-east-1: two routers with one 400G port each
	seattle  = "EqSe2" // us-west-2
	beijing  = "CIDSX" // cn-north-1
	routerA  = "EqDC2-1bwfvazist2k0"
	routerB  = "EqDC2-9uinh2jjnuu93"
	viennaR  = "CSVA1-23u8tlpaz8iks"
	eastern  = "us-east-1"
	western  = "us-west-2"
	northern = "cn-north-1"
)

// plant is the inventory that every world starts with.
func plant() inventory.Inventory {
	address := []string{"21715 Filigree Court", "Ashburn, VA 20147", "United States"}
	return inventory.Inventory{Locations: []inventory.Location{
		{
			Code: ashburn, Region: eastern, Name: "Equinix DC2/DC11, Ashburn, VA", Partition: "aws", Country: "US", Operator: "Equinix",
			Address: address, PortSpeeds: []string{"1G", "10G", "100G"}, MACsecSpeeds: []string{"10G", "100G"},
			Providers:    []string{"Equinix Inc.", "Zayo Group"},
			BillingModes: []directconnect.BillingMode{"FlatRateTier1", "FlatRateTier2"},
			Routers: []inventory.Router{
				router(routerA, "1G", 6, "10G", 4, "10G+", 6, "100G", 2, "100G+", 3),
				router(routerB, "1G", 6, "10G", 4, "10G+", 6, "100G", 2, "100G+", 3),
			},
		},
		{
			Code: vienna, Region: eastern, Name: "CoreSite VA1, Reston, VA", Partition: "aws", Country: "US", Address: address,
			PortSpeeds: []string{"1G", "10G"}, Routers: []inventory.Router{router(viennaR, "1G", 2, "10G", 4)},
		},
		{
			Code: newark, Region: eastern, Name: "165 Halsey Street, Newark, NJ", Partition: "aws", Country: "US", Address: address,
			PortSpeeds: []string{"400G"},
			Routers:    []inventory.Router{router("165HS-4h6ce2r1bes6", "400G", 1), router("165HS-9uinh2jjnuu9", "400G", 1)},
		},
		{
			Code: seattle, Region: western, Name: "Equinix SE2, Seattle, WA", Partition: "aws", Country: "US", Address: address,
			PortSpeeds: []string{"1G", "10G"}, Providers: []string{"Zayo Group"},
			Routers: []inventory.Router{router("EqSe2-1bwfvazist2k0", "1G", 4, "10G", 4)},
		},
		{
			Code: beijing, Region: northern, Name: "CIDS Jiuxianqiao IDC, Beijing", Partition: "aws-cn", Country: "CN", Address: address,
			PortSpeeds: []string{"1G"}, Routers: []inventory.Router{router("CIDSX-1bwfvazist2k0", "1G", 2)},
		},
	}}
}

// router makes a router of pairs of a speed and a number of ports; "10G+" are ports that can encrypt.
func router(name string, lines ...any) inventory.Router {
	r := inventory.Router{Name: name}
	for i := 0; i < len(lines); i += 2 {
		speed, macsec := lines[i].(string), false
		if n := len(speed) - 1; speed[n] == '+' {
			speed, macsec = speed[:n], true
		}
		for range lines[i+1].(int) {
			n := len(r.Ports)
			r.Ports = append(r.Ports, inventory.Port{
				Name: fmt.Sprintf("et-0/0/%d", n), Speed: speed, MACsec: macsec, Optic: directconnect.BandwidthOfSpeed(speed).Optic(),
				Panel: directconnect.Panel{
					Building: "DC2", Room: "MMR-1", Cage: "C07", Rack: "R12", Panel: "PP-01", Port: fmt.Sprint(n + 1),
					Strands: fmt.Sprintf("%d/%d", 2*n+1, 2*n+2), Connector: "LC duplex",
				},
			})
		}
	}
	return r
}

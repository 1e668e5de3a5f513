package diagram

import "fmt"

// The networks that goldens and screenshots are made of.
var (
	ashburn = Site{Code: "EqDC2", Name: "Equinix DC2, Ashburn, VA", Region: "us-east-1"}
	newYork = Site{Code: "CSNY9", Name: "CoreSite NY1, New York, NY", Region: "us-east-1"}
	routers = []string{"EqDC2-2r4nx1ka30uo", "EqDC2-9w3h7c5m1x0p", "CSNY9-7t2k9d4q8s6z", "CSNY9-5b8v3n6j2y1f"}
)

const gatewayID = "5f294f92-bafb-4011-916d-9b0bdexample"

func port(n int, state string) Carrier {
	r := routers[n%len(routers)]
	return Carrier{ID: fmt.Sprintf("dxcon-fg%06d", n), Kind: Connection, State: state, Region: "us-east-1", Location: r[:5], Router: r}
}

func rides(n int, c Carrier, state, gateway string) Rider {
	return Rider{ID: fmt.Sprintf("dxvif-fh%06d", n), Kind: Interface, State: state, Carrier: c.ID, Gateway: gateway}
}

var samples = map[string]Network{
	"empty": {},
	"one_link": func() Network {
		c := port(0, "available")
		return Network{
			Sites: []Site{ashburn}, Carriers: []Carrier{c}, Riders: []Rider{rides(1, c, "available", gatewayID)},
			Gateways: []Endpoint{{gatewayID, Gateway, "available"}}, Fars: []Endpoint{{"vgw-0a1b2c3d", VirtualGateway, ""}},
			Joins: []Join{{gatewayID, "vgw-0a1b2c3d", "associated"}},
			Alone: map[string]string{c.ID: "group prod: all connections", c.Router: "group prod: all connections", c.Location: "group prod: all connections"},
		}
	}(),
	"lag_macsec": func() Network {
		c := port(0, "available")
		c.ID, c.Kind = "dxlag-fg1234567", LAG
		c.Members = []Member{{"dxcon-fgaaaaaa1", "available"}, {"dxcon-fgaaaaaa2", "available"}, {"dxcon-fgaaaaaa3", "down"}, {"dxcon-fgaaaaaa4", "pending"}}
		d := port(4, "requested")
		return Network{
			Sites: []Site{ashburn}, Carriers: []Carrier{c, d},
			Riders:   []Rider{rides(1, c, "available", gatewayID), rides(2, c, "available", "public"), rides(3, c, "testing", gatewayID), rides(4, c, "confirming", "")},
			Gateways: []Endpoint{{gatewayID, Gateway, "available"}, {"public", PublicNetworks, ""}},
		}
	}(),
	"two_locations": func() Network {
		n := Network{
			Sites: []Site{ashburn, newYork}, Gateways: []Endpoint{{gatewayID, Gateway, "available"}},
			Fars:  []Endpoint{{"tgw-0a1b2c3d4e5f67890", TransitGateway, ""}, {"tgw-0a1b2c3d4e5f67891", TransitGateway, ""}},
			Joins: []Join{{gatewayID, "tgw-0a1b2c3d4e5f67890", "associated"}, {gatewayID, "tgw-0a1b2c3d4e5f67891", "associating"}},
		}
		for i, state := range []string{"available", "available", "down", "unknown"} {
			c := port(i, state)
			n.Carriers = append(n.Carriers, c)
			n.Riders = append(n.Riders, rides(i, c, state, gatewayID))
		}
		return n
	}(),
	"partner": func() Network {
		i := port(1, "available")
		i.Kind = Interconnect
		n := Network{Sites: []Site{ashburn}, Carriers: []Carrier{i}}
		for k, state := range []string{"ordering", "available", "available", "deleting"} {
			n.Riders = append(n.Riders, Rider{ID: fmt.Sprintf("dxcon-fk%06d", k), Kind: Sold, State: state, Carrier: i.ID})
		}
		return n
	}(),
	"hosted": func() Network {
		h := port(1, "available")
		h.Kind, h.Customer = Hosted, "Example Carrier"
		f := port(4, "")
		f.Kind, f.Customer = Foreign, "Account 222233334444"
		return Network{
			Sites: []Site{ashburn}, Carriers: []Carrier{h, f}, Riders: []Rider{rides(1, h, "available", "vgw-0a1b2c3d"), rides(2, f, "down", "vgw-0a1b2c3d")},
			Gateways: []Endpoint{{"vgw-0a1b2c3d", DirectGateway, ""}},
		}
	}(),
	"hostile": func() Network {
		c := port(0, "available")
		c.Customer = "A&B <partner> \"quoted\" \x01 \ufffe"
		return Network{Sites: []Site{ashburn}, Carriers: []Carrier{c, port(4, "down")}}
	}(),
	"ten_thousand": func() Network {
		n := Network{Sites: []Site{ashburn, newYork}, Gateways: []Endpoint{{gatewayID, Gateway, "available"}}}
		for i := range 10_000 {
			state := "available"
			if i%1000 == 7 || i%1000 == 8 {
				state = "down"
			} else if i%500 == 3 {
				state = "pending"
			}
			c := port(i, state)
			n.Carriers = append(n.Carriers, c)
			if i%2 == 0 {
				n.Riders = append(n.Riders, rides(i, c, state, gatewayID))
			}
		}
		return n
	}(),
}

var texts = map[string]Text{
	"dxcon-fg000000":  {Title: "Primary Ashburn", Detail: "10Gbps"},
	"dxvif-fh000001":  {Title: "prod-private", Detail: "VLAN 101, BGP 1 of 2 up", Weak: true},
	gatewayID:         {Title: "core", Detail: "AS 64512"},
	"vgw-0a1b2c3d":    {Detail: "us-east-1, AS 64512"},
	"dxlag-fg1234567": {Title: "bundle", Detail: "10Gbps, MACsec should_encrypt"},
	"dxcon-fg000001":  {Title: "接続接続接続接続接続接続接続接続接続接続", Detail: "500Mbps, VLAN 101"},
	"dxcon-fg000004":  {Title: "<script>alert(1)</script>"},
	routers[0]:        {Detail: "2 connections"},
	"dxcon-fk000001":  {Title: "hosted for example corp", Detail: "VLAN 101, 500Mbps"},
	"dxvif-fh000002":  {Title: "to the public networks", Detail: "VLAN 102, BGP up"},
}

func sampleOptions() Options {
	return Options{
		Href: func(k Kind, id string) string {
			switch k {
			case Router, Location, Region, World:
				return ""
			}
			return "/console/" + string(k) + "/" + id
		},
		Open: func(s Scope) string { return "?" + s.Query() },
		Self: "Your network",
	}
}

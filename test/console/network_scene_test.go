package console

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	dc "onramp/internal/directconnect"
	"onramp/internal/onramptest"
	"onramp/internal/store"
)

// The scene that pictures are looked at with: two locations with two routers each, put into the store as they would have
// become, with nothing due.
const (
	sceneRegion  = "us-east-1"
	sceneGateway = "5f294f92-bafb-4011-916d-9b0bd0000001"
	sceneTransit = "tgw-0a1b2c3d4e5f67890"
)

var sceneRouters = []string{"ScnDC2-2r4nx1ka30uo", "ScnDC2-9w3h7c5m1x0p", "ScnNY9-7t2k9d4q8s6z", "ScnNY9-5b8v3n6j2y1f"}

// scene fills a store; what it puts it collects errors of.
type scene struct {
	t     testing.TB
	s     *onramptest.Server
	tx    *store.Tx
	ports map[string]int // by router: how many are taken
	n     int
}

func put(t testing.TB, s *onramptest.Server, what func(c *scene)) {
	t.Helper()
	err := s.Daemon().Service().Store.Update(t.Context(), func(tx *store.Tx) error {
		what(&scene{t: t, s: s, tx: tx, ports: map[string]int{}})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (c *scene) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

// places puts the locations and routers, with ports on each.
func (c *scene) places(ports int) {
	for code, name := range map[string]string{"ScnDC2": "Equinix DC2, Ashburn, VA", "ScnNY9": "CoreSite NY1, New York, NY"} {
		c.must(c.tx.PutLocation(&dc.Location{Code: code, Region: sceneRegion, Name: name, PortSpeeds: []string{"10G", "100G"}, MACsecSpeeds: []string{"10G"}}))
	}
	for _, r := range sceneRouters {
		c.must(c.tx.PutRouter(&dc.Router{Name: r, Location: r[:6], Region: sceneRegion}))
		for i := range ports {
			p := dc.Port{
				ID: fmt.Sprintf("%s/et-0/0/%d", r, i), Router: r, Location: r[:6], Bandwidth: dc.Gbps10, MACsec: i%2 == 0, Position: int64(i + 1),
				Name: fmt.Sprintf("et-0/0/%d", i), Optic: dc.Gbps10.Optic(),
				Panel: dc.Panel{Building: "2", Room: "2.01", Rack: "R07", Panel: "PP-12", Port: fmt.Sprint(i + 1), Connector: "LC"},
			}
			c.must(c.tx.PutPort(&p))
		}
	}
}

// connection puts a connection on the next port of a router.
func (c *scene) connection(account, router, name string, state dc.ConnectionState, change ...func(*dc.Connection)) dc.Connection {
	c.n++
	at := onramptest.Begin.Add(-time.Hour + time.Duration(c.n)*time.Second)
	k := dc.Connection{
		ID: dc.ShortID(dc.ConnectionPrefix, uint64(c.n)*2654435761), Kind: dc.Dedicated, Account: account, Region: sceneRegion,
		Location: router[:6], Router: router, State: state, Created: at, Since: at, Name: name, Bandwidth: dc.Gbps10,
	}
	if k.OnItsFeet() {
		k.Approved, k.LOARead = at, at
	}
	if state == dc.ConnectionAvailable || state == dc.ConnectionDown || state == dc.ConnectionUnknown {
		k.CrossConnected, k.FirstLight = at, at
	}
	for _, f := range change {
		f(&k)
	}
	if k.Kind != dc.Hosted {
		p, err := c.tx.FreePort(k.Location, router, dc.Gbps10, k.MACsec, 0)
		c.must(err)
		k.PortID = p.ID
		c.must(c.tx.ReservePort(p.ID, k.ID))
	}
	c.must(c.tx.PutConnection(&k))
	return k
}

// rider puts an interface on a connection or LAG, with one BGP session for each that is told to be up or not.
func (c *scene) rider(account, parent, owner, router, name string, vlan int32, state dc.InterfaceState, gateway string, up ...bool) dc.VirtualInterface {
	c.n++
	v := dc.VirtualInterface{
		ID: dc.ShortID("dxvif-", uint64(c.n)*2654435761), Account: account, ParentID: parent, ConnectionOwner: owner, Region: sceneRegion,
		Location: router[:6], Router: router, Type: dc.Private, State: state, VLAN: vlan, GatewayID: gateway,
		Created: onramptest.Begin.Add(time.Duration(c.n) * time.Second), Name: name, MTU: 1500, AmazonASN: 64512,
	}
	if router[:6] == "ScnSe2" {
		v.Region = "us-west-2"
	}
	if gateway == dc.PublicGateway {
		v.Type, v.GatewayID = dc.Public, ""
	}
	key, err := c.s.Daemon().Service().Seal.Seal([]byte("scene-of-a-test"), "bgp/"+v.ID)
	c.must(err)
	for i, established := range up {
		v.Peers = append(v.Peers, dc.BGPPeer{
			ID: fmt.Sprintf("dxpeer-%08d", c.n*10+i), Family: dc.IPv4, ASN: 65000, Key: key, State: dc.PeerAvailable, Up: established, Readable: true,
			Amazon: netip.MustParsePrefix(fmt.Sprintf("169.254.%d.%d/30", c.n%256, i*4+1)), Customer: netip.MustParsePrefix(fmt.Sprintf("169.254.%d.%d/30", c.n%256, i*4+2)),
		})
	}
	c.must(c.tx.PutInterface(&v))
	return v
}

func (c *scene) gateway(account string) {
	g := dc.Gateway{ID: sceneGateway, Account: account, Partition: "aws", State: dc.GatewayAvailable, Created: onramptest.Begin, Name: "core", AmazonASN: 64512}
	c.must(c.tx.PutGateway(&g))
	a := dc.Association{
		ID: "5f294f92-bafb-4011-916d-9b0bd0000002", GatewayID: g.ID, GatewayOwner: account, FarID: sceneTransit, State: dc.Associated,
		Created: onramptest.Begin, Far: dc.Far{Kind: dc.TransitGateway, Account: account, Region: sceneRegion, ASN: 64513}, Allowed: []string{"10.0.0.0/8"},
	}
	c.must(c.tx.PutAssociation(&a))
}

// group puts a resiliency group of connections.
func (c *scene) group(account, name string, members ...dc.Connection) {
	g := dc.ResiliencyGroup{
		ID: dc.ResiliencyGroupID(1, 2), Account: account, Region: sceneRegion, State: dc.ResiliencyAvailable, Created: onramptest.Begin,
		Name: name, Model: dc.HighResiliency,
	}
	c.must(c.tx.PutResiliencyGroup(&g))
	for _, k := range members {
		m := dc.ResiliencyMember{GroupID: g.ID, ConnectionID: k.ID, Region: k.Region, Account: k.Account, State: dc.MemberAssociated}
		c.must(c.tx.PutMember(&m))
	}
}

// small is a network of everything: two locations, a LAG with MACsec, a hosted connection, interfaces in several states.
func (c *scene) small(account, partner string) {
	c.places(40)
	first := c.connection(account, sceneRouters[0], "primary Ashburn", dc.ConnectionAvailable)
	second := c.connection(account, sceneRouters[2], "primary New York", dc.ConnectionDown, func(k *dc.Connection) { k.Reason = "no light" })
	c.connection(account, sceneRouters[3], "backup New York", dc.ConnectionRequested)
	lag := dc.LAG{
		ID: "dxlag-fg1234ab", Account: account, Region: sceneRegion, Location: "ScnDC2", Router: sceneRouters[1], Created: onramptest.Begin,
		Name: "bundle", Bandwidth: dc.Gbps10, MinimumLinks: 1, MACsec: true, EncryptionMode: dc.ShouldEncrypt,
	}
	c.must(c.tx.PutLAG(&lag))
	for i, state := range []dc.ConnectionState{dc.ConnectionAvailable, dc.ConnectionAvailable, dc.ConnectionDown} {
		c.connection(account, sceneRouters[1], fmt.Sprintf("bundle member %d", i+1), state, func(k *dc.Connection) { k.LagID, k.MACsec = lag.ID, true })
	}
	inter := c.connection(partner, sceneRouters[0], "interconnect", dc.ConnectionAvailable, func(k *dc.Connection) { k.Kind = dc.Interconnect })
	for i, state := range []dc.ConnectionState{dc.ConnectionAvailable, dc.ConnectionOrdering} {
		c.connection(account, sceneRouters[0], fmt.Sprintf("hosted <%d>", i+1), state, func(k *dc.Connection) {
			k.Kind, k.ParentID, k.Partner, k.PartnerName, k.VLAN, k.Bandwidth = dc.Hosted, inter.ID, partner, "Example Networks", int32(300+i), "500Mbps"
		})
	}
	c.gateway(account)
	c.rider(account, first.ID, account, first.Router, "production", 101, dc.InterfaceAvailable, sceneGateway, true, false)
	c.rider(account, first.ID, account, first.Router, "to the internet", 102, dc.InterfaceAvailable, dc.PublicGateway, true)
	c.rider(account, second.ID, account, second.Router, "production NY", 101, dc.InterfaceDown, sceneGateway, false)
	c.rider(account, lag.ID, account, lag.Router, "bulk", 201, dc.InterfaceTesting, sceneGateway, true)
	c.rider(partner, lag.ID, account, lag.Router, "of a friend", 202, dc.InterfaceConfirming, "", false)
	c.group(account, "prod", first, second)
	c.elsewhere(account)
}

// elsewhere puts a connection with an interface into another Region.
func (c *scene) elsewhere(account string) {
	const code, router, other = "ScnSe2", "ScnSe2-4k8m2p6r0t1v", "us-west-2"
	c.must(c.tx.PutLocation(&dc.Location{Code: code, Region: other, Name: "Equinix SE2, Seattle, WA", PortSpeeds: []string{"10G"}}))
	c.must(c.tx.PutRouter(&dc.Router{Name: router, Location: code, Region: other}))
	c.must(c.tx.PutPort(&dc.Port{ID: router + "/et-0/0/0", Router: router, Location: code, Bandwidth: dc.Gbps10, Position: 1, Name: "et-0/0/0"}))
	k := c.connection(account, router, "Seattle", dc.ConnectionUnknown, func(k *dc.Connection) { k.Region = other })
	c.rider(account, k.ID, account, router, "production SE", 101, dc.InterfaceUnknown, sceneGateway, false)
}

// many are connections of one account, half of them with an interface.
func (c *scene) many(account string, from, n int) {
	for i := from; i < from+n; i++ {
		c.n = i * 2
		router, state, up := sceneRouters[i%4], dc.ConnectionAvailable, dc.InterfaceAvailable
		switch {
		case i%1000 == 7:
			state, up = dc.ConnectionDown, dc.InterfaceDown
		case i%500 == 3:
			state, up = dc.ConnectionPending, dc.InterfacePending
		}
		k := dc.Connection{
			ID: dc.ShortID(dc.ConnectionPrefix, uint64(i+1)*2654435761), Kind: dc.Dedicated, Account: account, Region: sceneRegion, Location: router[:6],
			Router: router, State: state, Created: onramptest.Begin.Add(time.Duration(i) * time.Second), Name: fmt.Sprintf("uplink %d", i),
			Bandwidth: dc.Gbps10, Approved: onramptest.Begin,
		}
		c.must(c.tx.PutConnection(&k))
		if i%2 == 0 {
			c.rider(account, k.ID, account, router, fmt.Sprintf("service %d", i), 101, up, sceneGateway, up == dc.InterfaceAvailable)
		}
	}
}

package main

import (
	"context"
	"fmt"
	"time"
)

const (
	vlansPerConnection = 4      // so that what is on a connection already costs little, and quotas would not matter
	interfaceRate      = 10_000 // creates a second that there are requests for: a machine a few times as fast
)

// forInterfaces is a stock in which every client has accounts of its own, with connections enough for a whole run.
func (b *bench) forInterfaces() stock {
	const perAccountVLANs = perAccount * vlansPerConnection
	creates := int((b.round + time.Second) * time.Duration(b.rounds+1) / time.Second * interfaceRate)
	each := (creates/b.clients + perAccountVLANs - 1) / perAccountVLANs
	return stock{each * b.clients * perAccount, freePorts}
}

// createInterface: at least 0.8 of CreateConnection on the same server. What is created has the reconciler set up routers
// for a while, which it does to the cost of the calls beside it; the server rests before each turn, so that an interface
// pays for interfaces only and a connection does not.
func createInterface(ctx context.Context, b *bench) error {
	s := b.forInterfaces()
	p, err := b.onSQLite(ctx, s)
	if err != nil {
		return err
	}
	interfaces := side{name: "interface", server: p, requests: s.interfaces(p, b.clients), once: true, rested: true}
	connections := side{name: "CreateConnection", server: p, requests: requests(p, s.create), rested: true}
	return b.compare(ctx, "CreatePrivateVirtualInterface, SQLite", interfaces, connections, 0.8)
}

// interfaces are orders of private virtual interfaces, no two for the same VLAN of a connection: VLAN 1 of all connections
// of an account, then VLAN 2, and so on. Each client's share, as drive deals them out, is
// for accounts of its own.
func (s stock) interfaces(p *process, clients int) [][]byte {
	sign := newSigner(p.address)
	all := make([][]byte, s.connections*vlansPerConnection)
	for i := range all {
		turn := i / clients
		account := i%clients + turn/(perAccount*vlansPerConnection)*clients
		all[i] = sign.request(accountID(account), "CreatePrivateVirtualInterface", fmt.Sprintf(
			`{"connectionId":"%s","newPrivateVirtualInterface":{"virtualInterfaceName":"uplink","vlan":%d,"asn":65001,`+
				`"virtualGatewayId":"vgw-%08x","tags":[{"key":"project","value":"seed"},{"key":"team","value":"network"}]}}`,
			connectionID(account*perAccount+turn%perAccount), 1+turn/perAccount%vlansPerConnection, account))
	}
	return all
}

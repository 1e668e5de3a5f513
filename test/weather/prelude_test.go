package weather

import (
	"strings"

	"onramp/internal/api"
	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
)

// prelude has most sequences begin with something: random steps alone seldom get as far.
func (m *machine) prelude() {
	switch evenly(m.rt, 6, "prelude") {
	case 1, 2:
		m.partnerInBusiness()
	case 3:
		m.customerOnTwoRouters()
	case 4, 5:
		m.customerWithTraffic()
	}
}

// customerOnTwoRouters has a port and a LAG of the same customer approved on different routers, so that the port can be
// moved.
func (m *machine) customerOnTwoRouters() {
	who := controlplane.Caller{Account: bob, Region: home}
	out, ok := call[api.Connection](m, "CreateConnection", who, &api.CreateConnectionRequest{
		Bandwidth: ptr("10Gbps"), ConnectionName: ptr("first"), Location: ptr("WxA1"),
	})
	if !ok {
		m.rt.Fatal("the first order was refused")
	}
	m.adopt(*out, directconnect.Dedicated, nil)
	m.settled(false)
	m.makeLAG(who, &api.CreateLagRequest{
		ConnectionsBandwidth: ptr("10Gbps"), LagName: ptr("second"), Location: ptr("WxA1"), NumberOfConnections: ptr(int32(1)),
	}, nil)
	m.settled(false)
	for _, x := range m.model.things {
		m.move("approve", x.id, func() (directconnect.Connection, error) { return m.service.ApproveOrder(m.ctx, x.id) })
		m.settled(true)
	}
	m.pass()
	m.settled(true)
}

// partnerInBusiness has a LAG and an interconnect that carry light, with a confirmed customer on each, and now and then
// with a MACsec key.
func (m *machine) partnerInBusiness() {
	who := controlplane.Caller{Account: carrier, Region: home}
	if once(m.rt, 4, "an open partner") {
		who.Account = open1
	}
	macsec := once(m.rt, 3, "with MACsec")
	m.makeLAG(who, &api.CreateLagRequest{
		ConnectionsBandwidth: ptr("10Gbps"), LagName: ptr("trunk"), Location: ptr("WxA1"), NumberOfConnections: ptr(int32(2)), RequestMACSec: &macsec,
	}, nil)
	m.settled(false)
	lag := m.model.bundles[0].id
	out, ok := call[api.Interconnect](m, "CreateInterconnect", who, &api.CreateInterconnectRequest{
		Bandwidth: ptr("10Gbps"), InterconnectName: ptr("trunk"), Location: ptr("WxA1"), RequestMACSec: &macsec,
	})
	if !ok {
		m.rt.Fatal("the first interconnect was refused")
	}
	m.adopt(api.Connection{ConnectionID: out.InterconnectID, OwnerAccount: &who.Account, Region: out.Region, Location: out.Location, ConnectionName: out.InterconnectName}, directconnect.Interconnect, nil)
	m.settled(false)
	m.customerOn(who, lag, alice)
	m.customerOn(who, *out.InterconnectID, bob)
	if macsec {
		m.keyOn(who, lag)
	}
	for _, x := range m.model.things {
		if x.kind != directconnect.Hosted {
			m.move("approve", x.id, func() (directconnect.Connection, error) { return m.service.ApproveOrder(m.ctx, x.id) })
			m.settled(true)
			m.move("plug", x.id, func() (directconnect.Connection, error) { return m.service.PlugCable(m.ctx, x.id) })
			m.settled(true)
		}
	}
	m.settle()
	m.settled(true)
}

// customerOn allocates a hosted connection, which its customer confirms.
func (m *machine) customerOn(who controlplane.Caller, parent, owner string) {
	m.rt.Helper()
	out, ok := call[api.Connection](m, "AllocateHostedConnection", who, &api.AllocateHostedConnectionRequest{
		Bandwidth: ptr("500Mbps"), ConnectionID: &parent, ConnectionName: ptr("tenant"), OwnerAccount: &owner, Vlan: ptr(int32(100)),
	})
	if !ok {
		m.rt.Fatal("the first customer was refused")
	}
	m.host(out, parent, who.Account, nil)
	m.settled(false)
	if _, ok := call[api.ConfirmConnectionResponse](m, "ConfirmConnection", controlplane.Caller{Account: owner, Region: home}, &api.ConfirmConnectionRequest{ConnectionID: out.ConnectionID}); !ok {
		m.rt.Fatal("the first customer cannot confirm")
	}
	m.settled(false)
}

func (m *machine) keyOn(who controlplane.Caller, lag string) {
	m.rt.Helper()
	key := strings.Repeat("a", 64)
	out, ok := call[api.AssociateMacSecKeyResponse](m, "AssociateMacSecKey", who, &api.AssociateMacSecKeyRequest{ConnectionID: &lag, Ckn: &key, Cak: &key})
	if !ok {
		m.rt.Fatal("the first key was refused")
	}
	for arn := range keysInUse(out.MacSecKeys) {
		m.model.bundle(lag).keys[arn] = true
	}
	m.settled(false)
}

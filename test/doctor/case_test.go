package doctor

import (
	"strings"
	"time"

	"onramp/internal/api"
	"onramp/internal/directconnect"
	"onramp/internal/onramptest"
	"onramp/internal/operator"
)

// cases cause trouble, and answer what to ask about.
var cases = map[string]struct {
	pace    directconnect.Pace
	cause   func(w *ward) string
	options []onramptest.Option
}{
	"interface.well": {pace: directconnect.Instant, cause: func(w *ward) string { return w.private(w.connection(false), vgw) }},
	"macsec.well": {pace: directconnect.Instant, cause: func(w *ward) string {
		id := w.connection(true)
		w.encrypt(id, "must_encrypt", true)
		return id
	}},
	"lag.well": {pace: directconnect.Instant, cause: func(w *ward) string { id, _ := w.lag(2, 1); return id }},
	"gateway.well": {pace: directconnect.Instant, cause: func(w *ward) string {
		g := w.gateway()
		w.associate(g)
		w.private(w.connection(false), g)
		return g
	}},
	"order-not-approved": {pace: directconnect.Manual, cause: func(w *ward) string { return w.connection(false) }},
	"agent-not-enrolled": {pace: directconnect.Manual, options: real(), cause: func(w *ward) string { return w.approved() }},
	"agent-not-connected": {pace: directconnect.Manual, options: real(), cause: func(w *ward) string {
		id := w.approved()
		w.enroll(id)
		return id
	}},
	"order-refused": {pace: directconnect.Manual, cause: func(w *ward) string {
		id := w.connection(false)
		w.move(id, "refuse")
		return id
	}},
	"cable-missing": {pace: directconnect.Manual, cause: func(w *ward) string {
		id := w.connection(false)
		w.move(id, "approve")
		return id
	}},
	"loa-expired": {pace: directconnect.Manual, cause: func(w *ward) string {
		id := w.connection(false)
		w.move(id, "approve")
		w.Advance(91 * 24 * time.Hour)
		return id
	}},
	"loa-lapsed": {pace: directconnect.Manual, cause: func(w *ward) string {
		id := w.connection(false)
		w.move(id, "approve")
		w.Advance(directconnect.LOAAuthority + directconnect.LOAGrace + time.Minute)
		return id
	}},
	"ended": {pace: directconnect.Instant, cause: func(w *ward) string {
		id := w.connection(false)
		_, err := w.service().DeleteConnection(w.t.Context(), caller(customer), &api.DeleteConnectionRequest{ConnectionID: &id})
		w.check(err)
		w.Settle()
		return id
	}},
	"no-light": {pace: directconnect.Instant, cause: func(w *ward) string {
		id := w.connection(false)
		w.move(id, "cut")
		return id
	}},
	"interface.no-light": {pace: directconnect.Instant, cause: func(w *ward) string {
		id := w.connection(false)
		vif := w.private(id, vgw)
		w.move(id, "cut")
		return vif
	}},
	"light-out-of-range": {pace: directconnect.Instant, cause: func(w *ward) string {
		id := w.connection(false)
		w.fault(id, operator.FaultOrder{Kind: "fade", LightDBm: -17.5})
		return id
	}},
	"macsec-no-key": {pace: directconnect.Instant, cause: func(w *ward) string {
		id := w.connection(true)
		w.encrypt(id, "must_encrypt", false)
		return id
	}},
	"macsec-not-encrypted": {pace: directconnect.Instant, cause: func(w *ward) string {
		id := w.connection(true)
		w.encrypt(id, "must_encrypt", true)
		w.fault(id, operator.FaultOrder{Kind: "wrong-key"})
		return id
	}},
	"lag-below-minimum": {pace: directconnect.Instant, cause: func(w *ward) string {
		id, members := w.lag(2, 2)
		w.move(members[0], "cut")
		return id
	}},
	"lag-member-down": {pace: directconnect.Instant, cause: func(w *ward) string {
		id, members := w.lag(2, 1)
		w.move(members[0], "cut")
		return id
	}},
	"router-unreachable": {pace: directconnect.Instant, cause: func(w *ward) string {
		id := w.connection(false)
		c, err := w.Operator().Connection(w.t.Context(), id)
		w.check(err)
		w.Fabric().Unreachable(c.Router, true)
		return id
	}},
	"maintenance": {pace: directconnect.Instant, cause: func(w *ward) string {
		id := w.connection(false)
		w.work(id, false)
		w.move(id, "cut")
		return id
	}},
	"drained.maintenance": {pace: directconnect.Instant, cause: func(w *ward) string {
		id := w.connection(false)
		vif := w.private(id, vgw)
		w.work(id, true)
		return vif
	}},
	"in-maintenance.well": {pace: directconnect.Instant, cause: func(w *ward) string {
		id := w.connection(false)
		w.work(id, false)
		return id
	}},
	"failover-test": {pace: directconnect.Instant, cause: func(w *ward) string {
		vif := w.private(w.connection(false), vgw)
		_, err := w.service().StartBgpFailoverTest(w.t.Context(), caller(customer), &api.StartBgpFailoverTestRequest{VirtualInterfaceID: &vif})
		w.check(err)
		w.Settle()
		return vif
	}},
	"bgp-wrong-key": {pace: directconnect.Instant, cause: func(w *ward) string {
		return w.scripted(directconnect.CustomerScript{WrongKey: true})
	}},
	"bgp-wrong-asn": {pace: directconnect.Instant, cause: func(w *ward) string {
		return w.scripted(directconnect.CustomerScript{ASN: 65099})
	}},
	"neighbor-silent": {pace: directconnect.Instant, cause: func(w *ward) string {
		return w.scripted(directconnect.CustomerScript{Silent: true})
	}},
	"bgp-closed": {pace: directconnect.Instant, cause: func(w *ward) string {
		return w.scripted(directconnect.CustomerScript{Flap: &directconnect.Flap{Seconds: 3600}})
	}},
	"prefix-limit": {pace: directconnect.Instant, cause: func(w *ward) string {
		return w.scripted(directconnect.CustomerScript{Announce: many(101)})
	}},
	"no-prefixes": {pace: directconnect.Instant, cause: func(w *ward) string {
		return w.scripted(directconnect.CustomerScript{Announce: []directconnect.CustomerRoute{}})
	}},
	"nothing-advertised": {pace: directconnect.Instant, cause: func(w *ward) string {
		_, err := w.Operator().AddGateway(w.t.Context(), operator.GatewayChange{ID: vgw, Account: customer, Region: "us-east-1", ASN: new(int64(64512))})
		w.check(err)
		return w.private(w.connection(false), vgw)
	}},
	"gateway-not-associated": {pace: directconnect.Instant, cause: func(w *ward) string { return w.private(w.connection(false), w.gateway()) }},
	"gateway-no-interface": {pace: directconnect.Instant, cause: func(w *ward) string {
		g := w.gateway()
		w.associate(g)
		return g
	}},
	"gateway-interface-down": {pace: directconnect.Instant, cause: func(w *ward) string {
		g := w.gateway()
		w.associate(g)
		id := w.connection(false)
		w.private(id, g)
		w.move(id, "cut")
		return g
	}},
	"interface-not-accepted": {pace: directconnect.Instant, cause: func(w *ward) string { return w.allocated(w.connection(false)) }},
	"interface-not-verified": {pace: directconnect.Manual, cause: func(w *ward) string {
		id := w.connection(false)
		w.move(id, "approve")
		w.move(id, "plug")
		return w.public(id)
	}},
	"hosted-not-accepted": {pace: directconnect.Instant, cause: func(w *ward) string { return w.hosted(false, func(string) {}) }},
	"hosted.no-light": {pace: directconnect.Instant, cause: func(w *ward) string {
		return w.hosted(true, func(parent string) { w.move(parent, "cut") })
	}},
}

func (w *ward) scripted(s directconnect.CustomerScript) string {
	vif := w.private(w.connection(false), vgw)
	w.script(vif, s)
	return vif
}

// encrypt sets the mode of a connection, and gives it a key.
func (w *ward) encrypt(id, mode string, key bool) {
	if key {
		ckn, cak := strings.Repeat("0123456789abcdef", 4), strings.Repeat("fedcba9876543210", 4)
		_, err := w.service().AssociateMacSecKey(w.t.Context(), caller(customer), &api.AssociateMacSecKeyRequest{ConnectionID: &id, Ckn: &ckn, Cak: &cak})
		w.check(err)
	}
	_, err := w.service().UpdateConnection(w.t.Context(), caller(customer), &api.UpdateConnectionRequest{ConnectionID: &id, EncryptionMode: &mode})
	w.check(err)
	w.Settle()
}

func (w *ward) associate(gateway string) {
	_, err := w.service().CreateDirectConnectGatewayAssociation(w.t.Context(), caller(customer), &api.CreateDirectConnectGatewayAssociationRequest{
		DirectConnectGatewayID: &gateway, GatewayID: new(vgw),
		AddAllowedPrefixesToDirectConnectGateway: []api.RouteFilterPrefix{{Cidr: new("10.20.0.0/16")}},
	})
	w.check(err)
	w.Settle()
}

// allocated puts an interface for another account on a connection.
func (w *ward) allocated(parent string) string {
	out, err := w.service().AllocatePrivateVirtualInterface(w.t.Context(), caller(customer), &api.AllocatePrivateVirtualInterfaceRequest{
		ConnectionID: &parent, OwnerAccount: new("777788889999"), NewPrivateVirtualInterfaceAllocation: &api.NewPrivateVirtualInterfaceAllocation{
			VirtualInterfaceName: new("sold"), Vlan: new(int32(100)), ASN: new(int32(65000)),
		},
	})
	w.check(err)
	w.Settle()
	return *out.VirtualInterfaceID
}

func (w *ward) public(parent string) string {
	out, err := w.service().CreatePublicVirtualInterface(w.t.Context(), caller(customer), &api.CreatePublicVirtualInterfaceRequest{
		ConnectionID: &parent, NewPublicVirtualInterface: &api.NewPublicVirtualInterface{
			VirtualInterfaceName: new("outside"), Vlan: new(int32(200)), ASN: new(int32(65000)),
			AmazonAddress: new("198.51.100.1/30"), CustomerAddress: new("198.51.100.2/30"),
			RouteFilterPrefixes: []api.RouteFilterPrefix{{Cidr: new("203.0.113.0/24")}},
		},
	})
	w.check(err)
	w.Settle()
	return *out.VirtualInterfaceID
}

// hosted allocates a hosted connection on a partner's interconnect, and answers its ID after something has happened to that.
func (w *ward) hosted(accepted bool, then func(parent string)) string {
	parent, err := w.service().CreateInterconnect(w.t.Context(), caller(partner), &api.CreateInterconnectRequest{
		InterconnectName: new("trunk"), Bandwidth: new("10Gbps"), Location: new("EqDC2"),
	})
	w.check(err)
	w.Settle()
	out, err := w.service().AllocateHostedConnection(w.t.Context(), caller(partner), &api.AllocateHostedConnectionRequest{
		ConnectionID: parent.InterconnectID, ConnectionName: new("hosted"), Bandwidth: new("500Mbps"), Vlan: new(int32(300)), OwnerAccount: new(customer),
	})
	w.check(err)
	if accepted {
		_, err := w.service().ConfirmConnection(w.t.Context(), caller(customer), &api.ConfirmConnectionRequest{ConnectionID: out.ConnectionID})
		w.check(err)
	}
	w.Settle()
	then(*parent.InterconnectID)
	return *out.ConnectionID
}

package doctor

import (
	"net/netip"
	"testing"
	"time"

	"onramp/internal/api"
	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
	"onramp/internal/onramptest"
	"onramp/internal/operator"
)

const (
	customer = "111122223333"
	partner  = "444455556666"
	vgw      = "vgw-0123456789abcdef0"
)

// ward is a server, and what customers order there.
type ward struct {
	*onramptest.Server
	t *testing.T
}

func open(t *testing.T, pace directconnect.Pace, more []onramptest.Option) *ward {
	t.Helper()
	return &ward{t: t, Server: onramptest.Start(t, append([]onramptest.Option{onramptest.Pace(pace)}, more...)...)}
}

func (w *ward) check(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func caller(account string) controlplane.Caller {
	return controlplane.Caller{Account: account, Region: "us-east-1"}
}

func (w *ward) service() *controlplane.Service { return w.Daemon().Service() }

// connection orders a port, and lets the pace do the rest.
func (w *ward) connection(macsec bool) string {
	w.t.Helper()
	bandwidth, location, name := "10Gbps", "EqDC2", "first"
	out, err := w.service().CreateConnection(w.t.Context(), caller(customer), &api.CreateConnectionRequest{
		Bandwidth: &bandwidth, Location: &location, ConnectionName: &name, RequestMACSec: &macsec,
	})
	w.check(err)
	w.Settle()
	return *out.ConnectionID
}

func (w *ward) lag(members, minimum int32) (id string, connections []string) {
	w.t.Helper()
	bandwidth, location, name := "10Gbps", "EqDC2", "bundle"
	out, err := w.service().CreateLag(w.t.Context(), caller(customer), &api.CreateLagRequest{
		ConnectionsBandwidth: &bandwidth, Location: &location, LagName: &name, NumberOfConnections: &members,
	})
	w.check(err)
	for _, c := range out.Connections {
		connections = append(connections, *c.ConnectionID)
	}
	_, err = w.service().UpdateLag(w.t.Context(), caller(customer), &api.UpdateLagRequest{LagID: out.LagID, MinimumLinks: &minimum})
	w.check(err)
	w.Settle()
	return *out.LagID, connections
}

// private puts a private interface on a connection or LAG.
func (w *ward) private(parent, gateway string) string {
	w.t.Helper()
	in := &api.NewPrivateVirtualInterface{
		VirtualInterfaceName: new("inside"), Vlan: new(int32(100)), ASN: new(int32(65000)),
		AmazonAddress: new("169.254.10.1/30"), CustomerAddress: new("169.254.10.2/30"),
	}
	if gateway == vgw {
		in.VirtualGatewayID = &gateway
	} else {
		in.DirectConnectGatewayID = &gateway
	}
	out, err := w.service().CreatePrivateVirtualInterface(w.t.Context(), caller(customer), &api.CreatePrivateVirtualInterfaceRequest{
		ConnectionID: &parent, NewPrivateVirtualInterface: in,
	})
	w.check(err)
	w.Settle()
	return *out.VirtualInterfaceID
}

func (w *ward) gateway() string {
	w.t.Helper()
	out, err := w.service().CreateDirectConnectGateway(w.t.Context(), caller(customer), &api.CreateDirectConnectGatewayRequest{
		DirectConnectGatewayName: new("hub"), AmazonSideASN: new(int64(64512)),
	})
	w.check(err)
	w.Settle()
	return *out.DirectConnectGateway.DirectConnectGatewayID
}

// script has the customer's router do something else than what is right.
func (w *ward) script(vif string, s directconnect.CustomerScript) {
	w.t.Helper()
	_, err := w.Operator().SetCustomer(w.t.Context(), vif, s)
	w.check(err)
	w.Settle()
}

func (w *ward) move(id, move string) {
	w.t.Helper()
	reason := ""
	if move == "refuse" {
		reason = "no such customer"
	}
	_, err := w.Operator().MoveConnection(w.t.Context(), id, move, reason)
	w.check(err)
	w.Settle()
}

func (w *ward) fault(id string, in operator.FaultOrder) {
	w.t.Helper()
	_, err := w.Operator().MakeFault(w.t.Context(), id, in)
	w.check(err)
	w.Settle()
}

// work plans and starts work on a connection.
func (w *ward) work(id string, drain bool) {
	w.t.Helper()
	from, to, reason := w.Now().Add(time.Hour), w.Now().Add(5*time.Hour), "new optic"
	m, err := w.Operator().PlanMaintenance(w.t.Context(), operator.MaintenanceChange{
		Targets: []directconnect.WorkTarget{{Kind: directconnect.WorkOnConnection, Name: id}}, From: &from, To: &to, Reason: &reason, Drain: &drain,
	}, false)
	w.check(err)
	_, err = w.Operator().MoveMaintenance(w.t.Context(), m.ID, "start", "")
	w.check(err)
	w.Settle()
}

func many(n int) []directconnect.CustomerRoute {
	all := make([]directconnect.CustomerRoute, 0, n)
	for i := range n {
		all = append(all, directconnect.CustomerRoute{CIDR: netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(i >> 8), byte(i), 0}), 24)})
	}
	return all
}

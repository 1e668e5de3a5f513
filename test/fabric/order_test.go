package fabric

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
	"github.com/aws/aws-sdk-go-v2/service/directconnect/types"

	"onramp/test/guest/lab"
)

// What customers do by the API.

// got ends the test on an error of the API.
func got[T any](out *T, err error) func(*testing.T) *T {
	return func(t *testing.T) *T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
}

// connection orders a port at the location of a router: the next one of it.
func (w *world) connection(router string, more ...func(*dc.CreateConnectionInput)) string {
	w.t.Helper()
	in := &dc.CreateConnectionInput{Bandwidth: aws.String("10Gbps"), ConnectionName: aws.String("lab"), Location: &w.routers[router].location}
	for _, f := range more {
		f(in)
	}
	return *got(w.api.CreateConnection(w.t.Context(), in))(w.t).ConnectionId
}

func (w *world) describe(id string) types.Connection {
	w.t.Helper()
	return got(w.api.DescribeConnections(w.t.Context(), &dc.DescribeConnectionsInput{ConnectionId: &id}))(w.t).Connections[0]
}

func (w *world) connectionIs(id string, state types.ConnectionState) {
	w.t.Helper()
	lab.Eventually(w.t, func() string {
		if c := w.describe(id); c.ConnectionState != state {
			return fmt.Sprintf("connection %s is %s, want %s", id, c.ConnectionState, state)
		}
		return ""
	})
}

// plugged orders a port, plugs its cable in, and waits until the connection is available.
func (w *world) plugged(router string, port int) string {
	w.t.Helper()
	id := w.connection(router)
	w.connectionIs(id, types.ConnectionStatePending)
	w.routers[router].cables[port].Plug()
	w.connectionIs(id, types.ConnectionStateAvailable)
	return id
}

// private orders a private virtual interface.
func (w *world) private(connection string, order types.NewPrivateVirtualInterface) string {
	w.t.Helper()
	order.VirtualInterfaceName = aws.String("lab")
	return *got(w.api.CreatePrivateVirtualInterface(w.t.Context(), &dc.CreatePrivateVirtualInterfaceInput{
		ConnectionId: &connection, NewPrivateVirtualInterface: &order,
	}))(w.t).VirtualInterfaceId
}

func (w *world) vif(id string) types.VirtualInterface {
	w.t.Helper()
	return got(w.api.DescribeVirtualInterfaces(w.t.Context(), &dc.DescribeVirtualInterfacesInput{VirtualInterfaceId: &id}))(w.t).VirtualInterfaces[0]
}

// vifIs waits until an interface is in a state and all its sessions are up, or none is.
func (w *world) vifIs(id string, state types.VirtualInterfaceState, status types.BGPStatus) {
	w.t.Helper()
	is := false
	defer func() {
		if !is {
			w.t.Logf("interface %s: %s", id, w.why(id))
		}
	}()
	lab.Eventually(w.t, func() string {
		v := w.vif(id)
		for _, p := range v.BgpPeers {
			if v.VirtualInterfaceState != state || p.BgpStatus != status {
				return fmt.Sprintf("interface %s is %s with BGP %s, want %s and %s", id, v.VirtualInterfaceState, p.BgpStatus, state, status)
			}
		}
		return ""
	})
	is = true
}

// why is what the operator is told of an interface's sessions.
func (w *world) why(id string) string {
	ctx, cancel := context.WithTimeout(w.t.Context(), 10*time.Second) // also of a server that hangs
	defer cancel()
	v, err := w.operator.Interface(ctx, id)
	if err != nil {
		return err.Error()
	}
	return fmt.Sprintf("%+v", v)
}

// routes are those of an interface by direction and prefix.
func (w *world) routes(id string) map[string]types.Route {
	w.t.Helper()
	all := map[string]types.Route{}
	var token *string
	for {
		out := got(w.api.ListVirtualInterfaceRoutes(w.t.Context(), &dc.ListVirtualInterfaceRoutesInput{VirtualInterfaceId: &id, NextToken: token}))(w.t)
		for _, r := range out.Routes {
			all[string(r.RouteDirection)+" "+aws.ToString(r.Cidr)] = r
		}
		if token = out.NextToken; token == nil {
			return all
		}
	}
}

// configuration is the customer's configuration for a router, for a port of the name device.
func (w *world) configuration(id, router string) string {
	w.t.Helper()
	return *got(w.api.DescribeRouterConfiguration(w.t.Context(), &dc.DescribeRouterConfigurationInput{
		VirtualInterfaceId: &id, RouterTypeIdentifier: &router,
	}))(w.t).CustomerRouterConfig
}

// gateway registers a virtual private gateway with networks behind it.
func (w *world) gateway(id string, networks ...string) string {
	w.t.Helper()
	w.onramp(w.here, append([]string{"gateway", "add", id, "--account", account}, flags("--cidr", networks)...)...)
	return id
}

func flags(name string, values []string) (all []string) {
	for _, v := range values {
		all = append(all, name, v)
	}
	return all
}

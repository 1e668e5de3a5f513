package controlplane

import (
	"time"

	"onramp/internal/api"
)

// readsOfNetwork are the operations that a network is made of, as far as they are about nothing in particular.
var readsOfNetwork = []Wish{
	{"DescribeConnections", describeConnections}, {"DescribeDirectConnectGatewayAssociations", &api.DescribeDirectConnectGatewayAssociationsRequest{}},
	{"DescribeDirectConnectGateways", &api.DescribeDirectConnectGatewaysRequest{}}, {"DescribeHostedConnections", &api.DescribeHostedConnectionsRequest{}},
	{"DescribeInterconnects", describeInterconnects}, {"DescribeLags", &api.DescribeLagsRequest{}}, {"DescribeVirtualInterfaces", describeInterfaces},
	{"GetResiliencyGroup", &api.GetResiliencyGroupRequest{}},
}

// unasked adds to what is withheld what would be if there were any: whether there is the caller is not to see from that.
func (d *draughtsman) unasked(n *Network) error {
	if d.caller.Identity.root() {
		return nil
	}
	p, err := d.s.permissionsOf(d.tx, d.caller.Identity)
	if err != nil {
		return err
	}
	conditions := d.caller.conditions(time.Now())
	for _, w := range readsOfNetwork {
		if d.wasAsked(w.Operation) {
			continue
		}
		possible, err := d.s.possible(d.tx, d.caller, p, w, conditions)
		if err != nil {
			return err
		}
		if !possible {
			d.denied = withName(d.denied, w.Operation)
		}
	}
	n.Withheld = d.denied
	return nil
}

func (d *draughtsman) wasAsked(operation string) bool {
	for q := range d.asked {
		if q.operation == operation {
			return true
		}
	}
	return false
}

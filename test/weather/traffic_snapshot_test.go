package weather

import (
	"time"

	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// traffic is what is stored of interfaces, gateways and what joins them.
type traffic struct {
	interfaces   map[string]directconnect.VirtualInterface
	gateways     map[string]directconnect.Gateway
	associations map[string]directconnect.Association
	proposals    map[string]directconnect.Proposal
	tests        map[string]directconnect.FailoverTest
}

func noTraffic() traffic {
	return traffic{
		map[string]directconnect.VirtualInterface{}, map[string]directconnect.Gateway{}, map[string]directconnect.Association{},
		map[string]directconnect.Proposal{}, map[string]directconnect.FailoverTest{},
	}
}

// carried reads the interfaces at a location, by their routers: whoever they belong to.
func (t *traffic) carried(tx *store.Tx, location string) error {
	routers, err := tx.Routers(location)
	if err != nil {
		return err
	}
	for _, r := range routers {
		found, err := tx.Interfaces(store.InterfaceQuery{Router: r.Name})
		if err != nil {
			return err
		}
		for _, v := range found {
			t.interfaces[v.ID] = v
		}
	}
	return nil
}

// owned reads what an account has besides.
func (t *traffic) owned(tx *store.Tx, account string) error {
	gateways, err := tx.Gateways(store.GatewayQuery{Account: account, Partition: "aws"})
	if err != nil {
		return err
	}
	for _, g := range gateways {
		t.gateways[g.ID] = g
	}
	associations, err := tx.Associations(store.AssociationQuery{Party: account})
	if err != nil {
		return err
	}
	for _, a := range associations {
		t.associations[a.ID] = a
	}
	proposals, err := tx.Proposals(store.ProposalQuery{Party: account})
	if err != nil {
		return err
	}
	for _, p := range proposals {
		t.proposals[p.ID] = p
	}
	tests, err := tx.FailoverTests(store.FailoverQuery{Account: account, StartedAfter: time.UnixMicro(1)})
	for _, x := range tests {
		t.tests[x.ID] = x
	}
	return err
}

// on are the live interfaces of a connection or LAG.
func (t *traffic) on(parent string) []directconnect.VirtualInterface {
	var found []directconnect.VirtualInterface
	for _, v := range t.interfaces {
		if v.ParentID == parent && v.Live() {
			found = append(found, v)
		}
	}
	return found
}

// kindOf is what a gateway is for, by what is on it: empty while that is open.
func (t *traffic) kindOf(gateway string) directconnect.InterfaceType {
	for _, v := range t.interfaces {
		if v.GatewayID == gateway && v.Live() && gateway != "" {
			return v.Type
		}
	}
	for _, a := range t.associations {
		if a.GatewayID == gateway && a.Live() {
			if a.Far.Kind == directconnect.TransitGateway {
				return directconnect.Transit
			}
			return directconnect.Private
		}
	}
	return ""
}

// holds says whether something hangs on a gateway.
func (t *traffic) holds(gateway string) bool { return t.kindOf(gateway) != "" }

// poolsOn is the sum of the pools of a gateway's interfaces.
func (t *traffic) poolsOn(gateway string) int32 {
	sum := int32(0)
	for _, v := range t.interfaces {
		if v.GatewayID == gateway && v.Live() {
			sum += v.PoolIPv4 + v.PoolIPv6
		}
	}
	return sum
}

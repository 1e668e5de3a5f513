package controlplane

import (
	"context"
	"slices"

	"onramp/internal/api"
	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// DescribeVirtualGateways lists the virtual private gateways that the caller has in the Region: those of the registry, and
// in open mode also those that its associations and interfaces use. Deprecated by the service, and still answered.
func (s *Service) DescribeVirtualGateways(ctx context.Context, caller Caller, _ *api.DescribeVirtualGatewaysRequest) (out *api.VirtualGateways, err error) {
	err = s.Store.View(ctx, func(tx *store.Tx) error {
		ids, err := virtualGateways(tx, caller)
		if err != nil {
			return err
		}
		out = &api.VirtualGateways{VirtualGateways: []api.VirtualGateway{}}
		available := "available"
		for _, id := range ids {
			out.VirtualGateways = append(out.VirtualGateways, api.VirtualGateway{VirtualGatewayID: &id, VirtualGatewayState: &available})
		}
		return nil
	})
	return out, err
}

// virtualGateways are the IDs, in order, each once.
func virtualGateways(tx *store.Tx, caller Caller) (ids []string, err error) {
	registry, err := tx.FarGateways(caller.Account, caller.Region, "", 0)
	if err != nil {
		return nil, err
	}
	for _, f := range registry {
		if f.Kind == directconnect.VirtualPrivateGateway {
			ids = append(ids, f.ID)
		}
	}
	configured, err := tx.HasAccounts()
	if err != nil || configured {
		return ids, err
	}
	joined, err := tx.Associations(store.AssociationQuery{Party: caller.Account, LiveOnly: true})
	if err != nil {
		return nil, err
	}
	for _, a := range joined {
		if f := a.Far; f.Kind == directconnect.VirtualPrivateGateway && f.Account == caller.Account && f.Region == caller.Region {
			ids = append(ids, a.FarID)
		}
	}
	attached, err := tx.Interfaces(store.InterfaceQuery{Account: caller.Account, Region: caller.Region, LiveOnly: true})
	for _, v := range attached {
		if v.VirtualGatewayID != "" {
			ids = append(ids, v.VirtualGatewayID)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids), err
}

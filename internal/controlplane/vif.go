package controlplane

import (
	"context"
	"errors"

	"onramp/internal/api"
	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// CreatePrivateVirtualInterface puts an interface to a virtual private gateway or Direct Connect gateway on a connection
// or LAG of the caller's.
func (s *Service) CreatePrivateVirtualInterface(ctx context.Context, caller Caller, in *api.CreatePrivateVirtualInterfaceRequest) (*api.VirtualInterface, error) {
	n := in.NewPrivateVirtualInterface
	if n == nil {
		return nil, directconnect.Required("newPrivateVirtualInterface")
	}
	return s.createInterface(ctx, caller, directconnect.Private, in.ConnectionID, interfaceInput{
		name: n.VirtualInterfaceName, vlan: n.Vlan, mtu: n.Mtu,
		peer:           peerInput{n.ASN, n.ASNLong, n.AuthKey, n.AddressFamily, n.AmazonAddress, n.CustomerAddress},
		virtualGateway: n.VirtualGatewayID, gateway: n.DirectConnectGatewayID, siteLink: n.EnableSiteLink,
		rateLimit: n.RateLimit, poolIPv4: n.PrefixPoolAllocatedCountIpv4, poolIPv6: n.PrefixPoolAllocatedCountIpv6, tags: n.Tags,
	})
}

// CreatePublicVirtualInterface puts an interface to the provider's public addresses on a connection or LAG of the caller's.
// It waits in verifying for its ASN and prefixes to be approved.
func (s *Service) CreatePublicVirtualInterface(ctx context.Context, caller Caller, in *api.CreatePublicVirtualInterfaceRequest) (*api.VirtualInterface, error) {
	n := in.NewPublicVirtualInterface
	if n == nil {
		return nil, directconnect.Required("newPublicVirtualInterface")
	}
	return s.createInterface(ctx, caller, directconnect.Public, in.ConnectionID, interfaceInput{
		name: n.VirtualInterfaceName, vlan: n.Vlan,
		peer:   peerInput{n.ASN, n.ASNLong, n.AuthKey, n.AddressFamily, n.AmazonAddress, n.CustomerAddress},
		filter: n.RouteFilterPrefixes, rateLimit: n.RateLimit, tags: n.Tags,
	})
}

// CreateTransitVirtualInterface puts an interface to transit gateways, through a Direct Connect gateway, on a connection or
// LAG of the caller's. Its answer is wrapped.
func (s *Service) CreateTransitVirtualInterface(ctx context.Context, caller Caller, in *api.CreateTransitVirtualInterfaceRequest) (*api.CreateTransitVirtualInterfaceResult, error) {
	n := in.NewTransitVirtualInterface
	if n == nil {
		return nil, directconnect.Required("newTransitVirtualInterface")
	}
	v, err := s.createInterface(ctx, caller, directconnect.Transit, in.ConnectionID, interfaceInput{
		name: n.VirtualInterfaceName, vlan: n.Vlan, mtu: n.Mtu,
		peer:    peerInput{n.ASN, n.ASNLong, n.AuthKey, n.AddressFamily, n.AmazonAddress, n.CustomerAddress},
		gateway: n.DirectConnectGatewayID, siteLink: n.EnableSiteLink,
		rateLimit: n.RateLimit, poolIPv4: n.PrefixPoolAllocatedCountIpv4, poolIPv6: n.PrefixPoolAllocatedCountIpv6, tags: n.Tags,
	})
	if err != nil {
		return nil, err
	}
	return &api.CreateTransitVirtualInterfaceResult{VirtualInterface: v}, nil
}

// AllocatePrivateVirtualInterface makes a private interface for another account; it waits in confirming for that account.
func (s *Service) AllocatePrivateVirtualInterface(ctx context.Context, caller Caller, in *api.AllocatePrivateVirtualInterfaceRequest) (*api.VirtualInterface, error) {
	n := in.NewPrivateVirtualInterfaceAllocation
	if n == nil {
		return nil, directconnect.Required("newPrivateVirtualInterfaceAllocation")
	}
	return s.allocateInterface(ctx, caller, directconnect.Private, in.ConnectionID, in.OwnerAccount, interfaceInput{
		name: n.VirtualInterfaceName, vlan: n.Vlan, mtu: n.Mtu,
		peer:      peerInput{n.ASN, n.ASNLong, n.AuthKey, n.AddressFamily, n.AmazonAddress, n.CustomerAddress},
		rateLimit: n.RateLimit, tags: n.Tags,
	})
}

// AllocatePublicVirtualInterface makes a public interface for another account; it waits in confirming for that account.
func (s *Service) AllocatePublicVirtualInterface(ctx context.Context, caller Caller, in *api.AllocatePublicVirtualInterfaceRequest) (*api.VirtualInterface, error) {
	n := in.NewPublicVirtualInterfaceAllocation
	if n == nil {
		return nil, directconnect.Required("newPublicVirtualInterfaceAllocation")
	}
	return s.allocateInterface(ctx, caller, directconnect.Public, in.ConnectionID, in.OwnerAccount, interfaceInput{
		name: n.VirtualInterfaceName, vlan: n.Vlan,
		peer:   peerInput{n.ASN, n.ASNLong, n.AuthKey, n.AddressFamily, n.AmazonAddress, n.CustomerAddress},
		filter: n.RouteFilterPrefixes, rateLimit: n.RateLimit, tags: n.Tags,
	})
}

// AllocateTransitVirtualInterface makes a transit interface for another account; it waits in confirming for that account.
// Its answer is wrapped.
func (s *Service) AllocateTransitVirtualInterface(ctx context.Context, caller Caller, in *api.AllocateTransitVirtualInterfaceRequest) (*api.AllocateTransitVirtualInterfaceResult, error) {
	n := in.NewTransitVirtualInterfaceAllocation
	if n == nil {
		return nil, directconnect.Required("newTransitVirtualInterfaceAllocation")
	}
	v, err := s.allocateInterface(ctx, caller, directconnect.Transit, in.ConnectionID, in.OwnerAccount, interfaceInput{
		name: n.VirtualInterfaceName, vlan: n.Vlan, mtu: n.Mtu,
		peer:      peerInput{n.ASN, n.ASNLong, n.AuthKey, n.AddressFamily, n.AmazonAddress, n.CustomerAddress},
		rateLimit: n.RateLimit, tags: n.Tags,
	})
	if err != nil {
		return nil, err
	}
	return &api.AllocateTransitVirtualInterfaceResult{VirtualInterface: v}, nil
}

func (s *Service) createInterface(ctx context.Context, caller Caller, t directconnect.InterfaceType, connection *string, in interfaceInput) (*api.VirtualInterface, error) {
	o, key, err := in.order(t)
	if err != nil {
		return nil, err
	}
	o.Owner = caller.Account
	return s.putNewInterface(ctx, caller, connection, o, key)
}

func (s *Service) allocateInterface(ctx context.Context, caller Caller, t directconnect.InterfaceType, connection, owner *string, in interfaceInput) (*api.VirtualInterface, error) {
	o, key, err := in.order(t)
	if err != nil {
		return nil, err
	}
	if o.Owner, err = requiredText("ownerAccount", owner); err != nil {
		return nil, err
	}
	if err := directconnect.CheckAccountID("ownerAccount", o.Owner); err != nil {
		return nil, err
	}
	if o.Owner == caller.Account {
		return nil, directconnect.CannotAllocateToOwner()
	}
	o.Allocated = true
	return s.putNewInterface(ctx, caller, connection, o, key)
}

// bgpContext binds a sealed BGP key to its interface.
func bgpContext(interfaceID string) string { return "bgp/" + interfaceID }

func (s *Service) putNewInterface(ctx context.Context, caller Caller, connection *string, o directconnect.InterfaceOrder, key string) (out *api.VirtualInterface, err error) {
	parent, err := parentID("connectionId", connection)
	if err != nil {
		return nil, err
	}
	err = answer(ctx, s, &out, func(tx *store.Tx) error {
		id := newID(directconnect.InterfacePrefix)
		if o.Peer.Key, err = s.Seal.Seal([]byte(key), bgpContext(id)); err != nil {
			return err
		}
		account, err := s.account(tx, caller.Account)
		if err != nil {
			return err
		}
		p, siblings, err := s.interfaceParent(tx, caller, parent)
		if err != nil {
			return err
		}
		if o.AmazonASN, err = s.amazonASN(tx, caller, o.VirtualGatewayID, o.GatewayID); err != nil {
			return err
		}
		v, err := directconnect.NewInterface(id, newID(directconnect.PeerPrefix), o, p, siblings, account.Quotas, s.Now())
		if err != nil {
			return err
		}
		if err := s.mayAttach(tx, v, account.Quotas); err != nil {
			return err
		}
		if err := putInterface(tx, &v); err != nil {
			return err
		}
		out, err = s.renderInterface(v, caller)
		return err
	})
	return out, err
}

// putInterface saves an interface; the database has the last word on its VLAN and addresses.
func putInterface(tx *store.Tx, v *directconnect.VirtualInterface) error {
	err := tx.PutInterface(v)
	var taken *store.TakenError
	if errors.As(err, &taken) {
		switch taken.What {
		case "vlan":
			return directconnect.VLANInUse(v.VLAN, v.ParentID)
		case "address":
			return directconnect.Clientf("IP address %s is already in use on %s.", v.Peers[0].Amazon, v.ParentID)
		}
	}
	return err
}

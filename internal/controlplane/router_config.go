package controlplane

import (
	"context"

	"onramp/internal/api"
	"onramp/internal/directconnect"
	"onramp/internal/routerconfig"
	"onramp/internal/store"
)

// DescribeRouterConfiguration answers the configuration of the customer's router: for the type named, or without one the
// XML that every interface carries. Of an interface that was allocated, the connection's owner asks.
func (s *Service) DescribeRouterConfiguration(ctx context.Context, caller Caller, in *api.DescribeRouterConfigurationRequest) (out *api.DescribeRouterConfigurationResponse, err error) {
	id, err := requiredInterfaceID(in.VirtualInterfaceID)
	if err != nil {
		return nil, err
	}
	var router routerconfig.Router
	if in.RouterTypeIdentifier != nil {
		known := false
		if router, known = routerconfig.Lookup(*in.RouterTypeIdentifier); !known {
			return nil, directconnect.Clientf("Router type %s is not valid.", *in.RouterTypeIdentifier)
		}
	}
	err = s.Store.View(ctx, func(tx *store.Tx) error {
		v, err := s.visibleInterface(tx, caller, id)
		if err != nil {
			return err
		}
		if !v.Live() {
			return directconnect.Clientf("Virtual Interface %s is in state %s: it has no router configuration any more.", id, v.State)
		}
		if v.ConnectionOwner != caller.Account {
			return directconnect.Clientf("The router configuration of hosted Virtual Interface %s is for the owner of its connection.", id)
		}
		config, err := s.routerInterface(v)
		if err != nil {
			return err
		}
		out = &api.DescribeRouterConfigurationResponse{VirtualInterfaceID: &v.ID, VirtualInterfaceName: &v.Name}
		if in.RouterTypeIdentifier == nil {
			xml := routerconfig.XML(config)
			out.CustomerRouterConfig = &xml
			return nil
		}
		if config.MACsec, err = macsecOf(tx, v.ParentID); err != nil {
			return err
		}
		if config.OuterVLAN, err = outerOf(tx, v.ParentID); err != nil {
			return err
		}
		full, err := routerconfig.Render(router, config)
		if err != nil { // of the interface: a key that this system cannot write, or the same ASN on both sides
			return directconnect.Clientf("The configuration cannot be written for router type %s: %s", router.RouterTypeIdentifier, err)
		}
		out.CustomerRouterConfig, out.Router = &full, &api.RouterType{
			Vendor: &router.Vendor, Platform: &router.Platform, Software: &router.Software,
			XsltTemplateName: &router.XsltTemplateName, XsltTemplateNameForMacSec: &router.XsltTemplateNameForMacSec,
			RouterTypeIdentifier: &router.RouterTypeIdentifier,
		}
		return nil
	})
	return out, err
}

// macsecOf answers the MACsec part of what an interface runs over, nil without a key.
func macsecOf(tx *store.Tx, parent string) (*routerconfig.MACsec, error) {
	var keys []directconnect.MACsecKey
	var mode directconnect.EncryptionMode
	if directconnect.IsLAGID(parent) {
		g, err := tx.LAG(parent)
		if err != nil {
			return nil, err
		}
		keys, mode = g.KeysToInstall(), g.EncryptionMode
	} else {
		c, err := tx.Connection(parent)
		if err != nil {
			return nil, err
		}
		keys, mode = c.KeysToInstall(), c.EncryptionMode
	}
	if len(keys) == 0 {
		return nil, nil
	}
	m := &routerconfig.MACsec{MustEncrypt: mode == directconnect.MustEncrypt}
	for _, k := range keys {
		m.CKNs = append(m.CKNs, k.CKN)
	}
	return m, nil
}

// outerOf answers the VLAN of the hosted connection that an interface is on, 0 for any other parent.
func outerOf(tx *store.Tx, parent string) (int, error) {
	if directconnect.IsLAGID(parent) {
		return 0, nil
	}
	c, err := tx.Connection(parent)
	if err != nil || c.Kind != directconnect.Hosted {
		return 0, err
	}
	return int(c.VLAN), nil
}

// routerInterface is the interface as a router's configuration needs it, the BGP keys opened.
func (s *Service) routerInterface(v directconnect.VirtualInterface) (routerconfig.Interface, error) {
	out := routerconfig.Interface{
		ID: v.ID, Name: v.Name, ConnectionID: v.ParentID, Type: string(v.Type), VLAN: int(v.VLAN), MTU: int(v.MTU),
		AmazonASN: v.AmazonASN, Prefixes: v.RouteFilter, Device: v.Router,
	}
	for _, p := range v.Peers { // of an interface that has ended: those that it had in the end
		if p.State == directconnect.PeerDeleting || v.Live() && p.State == directconnect.PeerDeleted {
			continue
		}
		key, err := s.Seal.Open(p.Key, bgpContext(v.ID))
		if err != nil {
			return out, err
		}
		out.Peers = append(out.Peers, routerconfig.Peer{
			Family: string(p.Family), ASN: p.ASN, Key: string(key), AmazonAddress: p.Amazon, CustomerAddress: p.Customer,
		})
	}
	return out, nil
}

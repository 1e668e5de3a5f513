package controlplane

import (
	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// interfaceParent loads a connection or LAG of the caller's as what carries interfaces, with those it carries.
func (s *Service) interfaceParent(tx *store.Tx, caller Caller, id string) (p directconnect.InterfaceParent, siblings []directconnect.VirtualInterface, err error) {
	if directconnect.IsLAGID(id) {
		g, err := ownLAG(tx, caller, id, s)
		if err != nil {
			return p, nil, err
		}
		members, err := lagMembers(tx, id)
		if err != nil {
			return p, nil, err
		}
		p = g.InterfaceParent(members)
	} else {
		c, err := s.ownConnection(tx, caller, id)
		if err != nil {
			return p, nil, err
		}
		if p, err = c.InterfaceParent(); err != nil {
			return p, nil, err
		}
	}
	siblings, err = tx.Interfaces(store.InterfaceQuery{ParentID: id, LiveOnly: true})
	return p, siblings, err
}

// amazonASN is the provider's side of the sessions: the gateway's that the interface is attached to. It refuses gateways
// that the caller does not have.
func (s *Service) amazonASN(tx *store.Tx, caller Caller, vgw, dxgw string) (int64, error) {
	switch {
	case vgw != "":
		f, err := s.farGateway(tx, caller, vgw)
		if err != nil {
			return 0, err
		}
		if f.Kind != directconnect.VirtualPrivateGateway || f.Account != caller.Account || f.Region != caller.Region {
			return 0, directconnect.NoVirtualGateway(vgw)
		}
		return f.ASN, nil
	case dxgw != "":
		g, err := s.ownGateway(tx, caller, dxgw)
		return g.AmazonASN, err
	}
	return 0, nil
}

// mayAttach refuses an interface that its Direct Connect gateway cannot take.
func (s *Service) mayAttach(tx *store.Tx, v directconnect.VirtualInterface, quotas directconnect.Quotas) error {
	if v.GatewayID == "" {
		return nil
	}
	g, err := tx.Gateway(v.GatewayID)
	if err != nil {
		return err
	}
	attached, err := tx.Interfaces(store.InterfaceQuery{GatewayID: g.ID, LiveOnly: true})
	if err != nil {
		return err
	}
	associations, err := tx.Associations(store.AssociationQuery{GatewayID: g.ID, LiveOnly: true})
	if err != nil {
		return err
	}
	return g.CheckAttach(v, attached, associations, quotas)
}

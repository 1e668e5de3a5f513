package controlplane

import (
	"context"

	"onramp/internal/api"
	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// CreateBGPPeer puts another BGP session on an interface of the caller's. A session without a key gets one of its own.
func (s *Service) CreateBGPPeer(ctx context.Context, caller Caller, in *api.CreateBGPPeerRequest) (out *api.CreateBGPPeerResponse, err error) {
	id, err := requiredInterfaceID(in.VirtualInterfaceID)
	if err != nil {
		return nil, err
	}
	n := in.NewBGPPeer
	if n == nil {
		return nil, directconnect.Required("newBGPPeer")
	}
	o, key, err := peerInput{n.ASN, n.ASNLong, n.AuthKey, n.AddressFamily, n.AmazonAddress, n.CustomerAddress}.order()
	if err != nil {
		return nil, err
	}
	if o.Key, err = s.Seal.Seal([]byte(key), bgpContext(id)); err != nil {
		return nil, err
	}
	shown, err := s.changePeers(ctx, caller, id, func(v directconnect.VirtualInterface, siblings []directconnect.VirtualInterface) (directconnect.VirtualInterface, error) {
		return v.AddPeer(newID(directconnect.PeerPrefix), o, siblings, s.Now())
	})
	return &api.CreateBGPPeerResponse{VirtualInterface: shown}, err
}

// DeleteBGPPeer takes a BGP session off an interface: by its ID, or by the customer's ASN and address. The last one stays.
func (s *Service) DeleteBGPPeer(ctx context.Context, caller Caller, in *api.DeleteBGPPeerRequest) (*api.DeleteBGPPeerResponse, error) {
	id, err := requiredInterfaceID(in.VirtualInterfaceID)
	if err != nil {
		return nil, err
	}
	var asn int64
	if in.BgpPeerID == nil {
		if asn, err = directconnect.ParseASN(in.ASN, in.ASNLong); err != nil {
			return nil, err
		}
		if in.CustomerAddress == nil {
			return nil, directconnect.Required("customerAddress")
		}
	}
	shown, err := s.changePeers(ctx, caller, id, func(v directconnect.VirtualInterface, _ []directconnect.VirtualInterface) (directconnect.VirtualInterface, error) {
		return v.RemovePeer(value(in.BgpPeerID), asn, value(in.CustomerAddress), s.Now())
	})
	return &api.DeleteBGPPeerResponse{VirtualInterface: shown}, err
}

func (s *Service) changePeers(ctx context.Context, caller Caller, id string,
	change func(directconnect.VirtualInterface, []directconnect.VirtualInterface) (directconnect.VirtualInterface, error)) (out *api.VirtualInterface, err error) {
	err = answer(ctx, s, &out, func(tx *store.Tx) error {
		v, err := s.visibleInterface(tx, caller, id)
		if err != nil {
			return err
		}
		siblings, err := tx.Interfaces(store.InterfaceQuery{ParentID: v.ParentID, LiveOnly: true})
		if err != nil {
			return err
		}
		if v, err = change(v, siblings); err != nil {
			return err
		}
		if v, err = s.followTest(tx, v); err != nil {
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

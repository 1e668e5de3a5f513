package controlplane

import (
	"context"
	"errors"

	"onramp/internal/api"
	"onramp/internal/directconnect"
	"onramp/internal/loa"
	"onramp/internal/store"
)

// DescribeLoa answers the LOA-CFA of a connection or interconnect, or of a LAG with a page for each member, and records
// that it was fetched: from then on the ports cannot move, and the letter's authority runs anew.
func (s *Service) DescribeLoa(ctx context.Context, caller Caller, in *api.DescribeLoaRequest) (*api.Loa, error) {
	id, err := parentID("connectionId", in.ConnectionID)
	if err != nil {
		return nil, err
	}
	return s.letter(ctx, caller, id, in.ProviderName, in.LoaContentType, (*Service).ownPort)
}

// DescribeConnectionLoa is the deprecated twin of DescribeLoa for a connection; it wraps its answer.
func (s *Service) DescribeConnectionLoa(ctx context.Context, caller Caller, in *api.DescribeConnectionLoaRequest) (*api.DescribeConnectionLoaResponse, error) {
	id, err := requiredConnectionID(in.ConnectionID)
	if err != nil {
		return nil, err
	}
	letter, err := s.letter(ctx, caller, id, in.ProviderName, in.LoaContentType, (*Service).ownConnection)
	return &api.DescribeConnectionLoaResponse{Loa: letter}, err
}

// DescribeInterconnectLoa is the deprecated twin of DescribeLoa for an interconnect; it wraps its answer.
func (s *Service) DescribeInterconnectLoa(ctx context.Context, caller Caller, in *api.DescribeInterconnectLoaRequest) (*api.DescribeInterconnectLoaResponse, error) {
	id, err := requiredInterconnectID(in.InterconnectID)
	if err != nil {
		return nil, err
	}
	letter, err := s.letter(ctx, caller, id, in.ProviderName, in.LoaContentType, (*Service).ownInterconnect)
	return &api.DescribeInterconnectLoaResponse{Loa: letter}, err
}

type findPort func(s *Service, tx *store.Tx, caller Caller, id string) (directconnect.Connection, error)

// letter records the reading in a transaction and writes the page outside it, so that no other write waits for it.
func (s *Service) letter(ctx context.Context, caller Caller, id string, provider, contentType *string, find findPort) (*api.Loa, error) {
	if err := directconnect.CheckLOAContentType(value(contentType)); err != nil {
		return nil, err
	}
	if err := directconnect.CheckLOAProvider(value(provider)); err != nil {
		return nil, err
	}
	var l loa.Letter
	err := s.update(ctx, func(tx *store.Tx) error {
		ports, err := s.portsOf(tx, caller, id, find)
		if err != nil {
			return err
		}
		account, err := s.account(tx, caller.Account)
		if err != nil {
			return err
		}
		now := s.Now()
		l = loa.Letter{
			Provider: s.Provider, ProviderContact: s.ProviderContact, Requester: account.Name, RequesterAccount: account.ID, ProviderName: value(provider),
			Issued: now, Expires: now.Add(directconnect.LOAAuthority),
		}
		if l.ProviderName == "" {
			l.ProviderName = ports[0].ProviderName
		}
		for _, c := range ports {
			if c, err = c.ReadLOA(now); err != nil {
				return err
			}
			if err := tx.PutConnection(&c); err != nil {
				return err
			}
			page, err := assignment(tx, c)
			if err != nil {
				return err
			}
			l.Pages = append(l.Pages, page)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	pdf, err := loa.Render(l)
	if err != nil {
		return nil, err
	}
	contents := directconnect.LOAContentType
	return &api.Loa{LoaContent: pdf, LoaContentType: &contents}, nil
}

// portsOf answers the port that the ID names, or the members of the LAG that it names.
func (s *Service) portsOf(tx *store.Tx, caller Caller, id string, find findPort) ([]directconnect.Connection, error) {
	if !directconnect.IsLAGID(id) {
		c, err := find(s, tx, caller, id)
		return []directconnect.Connection{c}, err
	}
	if _, err := ownLAG(tx, caller, id, s); err != nil {
		return nil, err
	}
	members, err := lagMembers(tx, id)
	if err == nil && len(members) == 0 {
		err = directconnect.Clientf("Lag %s has no connections.", id)
	}
	return members, err
}

// assignment is one page: where in the building the cross connect ends.
func assignment(tx *store.Tx, c directconnect.Connection) (loa.Assignment, error) {
	l, err := tx.Location(c.Location)
	if err != nil {
		return loa.Assignment{}, err
	}
	port, err := tx.Port(c.PortID)
	if errors.Is(err, store.ErrNotFound) {
		return loa.Assignment{}, directconnect.Clientf("Connection %s has no port.", c.ID)
	}
	if err != nil {
		return loa.Assignment{}, err
	}
	p := port.Panel
	return loa.Assignment{
		ConnectionID: c.ID, ConnectionName: c.Name, LagID: c.LagID,
		Facility: l.Name, Address: l.Address, LocationCode: l.Code,
		Building: p.Building, Room: p.Room, Cage: p.Cage, Rack: p.Rack, Panel: p.Panel, Port: p.Port, Strands: p.Strands,
		Connector: p.Connector, Media: directconnect.Media, Speed: c.Bandwidth.Readable(), Optic: port.Optic,
		Device: c.Router, VerificationCode: c.LOACode,
	}, nil
}

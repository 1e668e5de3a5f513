package controlplane

import (
	"context"
	"errors"

	"onramp/internal/api"
	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// AssociateConnectionsToResiliencyGroup puts connections into a group, all of them or none. Connections of other Regions are
// named by their ARN.
func (s *Service) AssociateConnectionsToResiliencyGroup(ctx context.Context, caller Caller, in *api.AssociateConnectionsToResiliencyGroupRequest) (*api.AssociateConnectionsToResiliencyGroupResult, error) {
	asked := *in
	asked.ClientToken = nil
	request, err := caller.repeatable("AssociateConnectionsToResiliencyGroup", in.ClientToken, asked)
	if err != nil {
		return nil, err
	}
	members, err := s.changeMembers(ctx, caller, request, in.ResiliencyGroupID, in.ConnectionIdentifiers, s.admit)
	if err != nil {
		return nil, err
	}
	return &api.AssociateConnectionsToResiliencyGroupResult{ResiliencyGroupAssociations: renderMembers(members)}, nil
}

// DisassociateConnectionsFromResiliencyGroup takes connections out of a group, all of them or none. One that is leaving or
// has left and is still listed stays as it is.
func (s *Service) DisassociateConnectionsFromResiliencyGroup(ctx context.Context, caller Caller, in *api.DisassociateConnectionsFromResiliencyGroupRequest) (*api.DisassociateConnectionsFromResiliencyGroupResult, error) {
	asked := *in
	asked.ClientToken = nil
	request, err := caller.repeatable("DisassociateConnectionsFromResiliencyGroup", in.ClientToken, asked)
	if err != nil {
		return nil, err
	}
	members, err := s.changeMembers(ctx, caller, request, in.ResiliencyGroupID, in.ConnectionIdentifiers, s.dismiss)
	if err != nil {
		return nil, err
	}
	return &api.DisassociateConnectionsFromResiliencyGroupResult{ResiliencyGroupAssociations: renderMembers(members)}, nil
}

// memberChange is what happens to one of the connections that a request names.
type memberChange func(tx *store.Tx, caller Caller, g directconnect.ResiliencyGroup, name directconnect.ConnectionName) error

// changeMembers changes every connection named, and answers their memberships in the same order.
func (s *Service) changeMembers(ctx context.Context, caller Caller, request repeatable, group *string, identifiers []string, change memberChange) (members []directconnect.ResiliencyMember, err error) {
	id, err := requiredResiliencyGroupID(group)
	if err != nil {
		return nil, err
	}
	if identifiers == nil {
		return nil, directconnect.Required("connectionIdentifiers")
	}
	names, err := directconnect.ParseConnectionNames(identifiers, caller.Account, caller.Region)
	if err != nil {
		return nil, err
	}
	var out *api.DisassociateConnectionsFromResiliencyGroupResult // which reads like that of the association
	err = answer(ctx, s, &out, func(tx *store.Tx) error {
		_, err := request.once(tx, s.Now(), func() (string, error) {
			g, err := s.ownResiliencyGroup(tx, caller, id)
			if err != nil {
				return "", err
			}
			if err := g.Usable(); err != nil {
				return "", err
			}
			for _, name := range names {
				if err := change(tx, caller, g, name); err != nil {
					return "", err
				}
			}
			return id, nil
		})
		if err != nil {
			return err
		}
		members, err = namedMembers(tx, caller, id, names)
		out = &api.DisassociateConnectionsFromResiliencyGroupResult{ResiliencyGroupAssociations: renderMembers(members)}
		return err
	})
	return members, err
}

// namedMembers loads memberships. One that is no longer kept, which only the repetition of a request can ask for, has ended.
func namedMembers(tx *store.Tx, caller Caller, group string, names []directconnect.ConnectionName) ([]directconnect.ResiliencyMember, error) {
	members := make([]directconnect.ResiliencyMember, 0, len(names))
	for _, name := range names {
		m, err := tx.Member(group, name.ID)
		if errors.Is(err, store.ErrNotFound) {
			m, err = directconnect.ResiliencyMember{
				GroupID: group, ConnectionID: name.ID, Region: name.Region, Account: caller.Account, State: directconnect.MemberDisassociated,
			}, nil
		}
		if err != nil {
			return nil, err
		}
		members = append(members, m)
	}
	return members, nil
}

func (s *Service) admit(tx *store.Tx, caller Caller, g directconnect.ResiliencyGroup, name directconnect.ConnectionName) error {
	c, err := s.ownConnection(tx, Caller{Account: caller.Account, Region: name.Region}, name.ID)
	if err != nil {
		return err
	}
	m, err := tx.Member(g.ID, c.ID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if m, err = g.Admit(c, m, s.Now()); err != nil {
		return err
	}
	return tx.PutMember(&m)
}

func (s *Service) dismiss(tx *store.Tx, _ Caller, g directconnect.ResiliencyGroup, name directconnect.ConnectionName) error {
	m, err := tx.Member(g.ID, name.ID)
	if errors.Is(err, store.ErrNotFound) || (err == nil && m.Region != name.Region) {
		return directconnect.NotInResiliencyGroup(name.ID, g.ID)
	}
	if err != nil || !m.Counts() {
		return err
	}
	m = m.Leave(s.Now())
	return tx.PutMember(&m)
}

// endMemberships has members leave their groups: those of a group that is deleted, or of a connection that is.
func (s *Service) endMemberships(tx *store.Tx, of store.MemberQuery) error {
	members, err := tx.Members(of)
	if err != nil {
		return err
	}
	for _, m := range members {
		if !m.Counts() {
			continue
		}
		m = m.Leave(s.Now())
		if err := tx.PutMember(&m); err != nil {
			return err
		}
	}
	return nil
}

// ListResiliencyGroupAssociations lists the connections of a group by their IDs, those that have left it included as long
// as they stay listed.
func (s *Service) ListResiliencyGroupAssociations(ctx context.Context, caller Caller, in *api.ListResiliencyGroupAssociationsRequest) (out *api.ListResiliencyGroupAssociationsResult, err error) {
	id, err := requiredResiliencyGroupID(in.ResiliencyGroupID)
	if err != nil {
		return nil, err
	}
	p, err := s.pager("ListResiliencyGroupAssociations", caller, id, in.MaxResults, in.NextToken)
	if err != nil {
		return nil, err
	}
	err = s.Store.View(ctx, func(tx *store.Tx) error {
		if _, err := s.ownResiliencyGroup(tx, caller, id); err != nil {
			return err
		}
		q := store.MemberQuery{GroupID: id, Limit: p.limit()}
		if p.after.ID != "" {
			q.After = store.MemberKey{GroupID: id, ConnectionID: p.after.ID}
		}
		members, err := tx.Members(q)
		if err != nil {
			return err
		}
		members, next, err := page(p, members, func(m directconnect.ResiliencyMember) store.Cursor {
			return store.Cursor{ID: m.ConnectionID}
		})
		out = &api.ListResiliencyGroupAssociationsResult{Items: renderMembers(members), NextToken: next}
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

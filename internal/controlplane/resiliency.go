package controlplane

import (
	"context"
	"errors"

	"onramp/internal/api"
	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// CreateResiliencyGroup makes a group of no connections in the Region.
func (s *Service) CreateResiliencyGroup(ctx context.Context, caller Caller, in *api.CreateResiliencyGroupRequest) (*api.CreateResiliencyGroupResult, error) {
	name, err := requiredText("resiliencyGroupName", in.ResiliencyGroupName)
	if err != nil {
		return nil, err
	}
	model, err := requiredText("intendedResiliencyModel", in.IntendedResiliencyModel)
	if err != nil {
		return nil, err
	}
	tags, err := tagsOf(in.Tags)
	if err != nil {
		return nil, err
	}
	asked := *in
	asked.ClientToken = nil
	request, err := caller.repeatable("CreateResiliencyGroup", in.ClientToken, asked)
	if err != nil {
		return nil, err
	}
	g, err := s.changeResiliencyGroup(ctx, caller, request, func(tx *store.Tx) (string, error) {
		id := directconnect.ResiliencyGroupID(random(), random())
		g, err := directconnect.NewResiliencyGroup(id, caller.Account, caller.Region, name, model, tags, s.Now())
		if err != nil {
			return "", err
		}
		return id, tx.PutResiliencyGroup(&g)
	})
	if err != nil {
		return nil, err
	}
	return &api.CreateResiliencyGroupResult{ResiliencyGroup: renderResiliencyGroup(g)}, nil
}

// UpdateResiliencyGroup renames a group; its intended model stays what it was made with.
func (s *Service) UpdateResiliencyGroup(ctx context.Context, caller Caller, in *api.UpdateResiliencyGroupRequest) (*api.UpdateResiliencyGroupResult, error) {
	id, err := requiredResiliencyGroupID(in.ResiliencyGroupID)
	if err != nil {
		return nil, err
	}
	name, err := requiredText("resiliencyGroupName", in.ResiliencyGroupName)
	if err != nil {
		return nil, err
	}
	asked := *in
	asked.ClientToken = nil
	request, err := caller.repeatable("UpdateResiliencyGroup", in.ClientToken, asked)
	if err != nil {
		return nil, err
	}
	g, err := s.changeResiliencyGroup(ctx, caller, request, func(tx *store.Tx) (string, error) {
		g, err := s.ownResiliencyGroup(tx, caller, id)
		if err != nil {
			return "", err
		}
		if g, err = g.Rename(name); err != nil {
			return "", err
		}
		return id, tx.PutResiliencyGroup(&g)
	})
	if err != nil {
		return nil, err
	}
	return &api.UpdateResiliencyGroupResult{ResiliencyGroup: renderResiliencyGroup(g)}, nil
}

// DeleteResiliencyGroup begins the end of a group; its connections leave it and stay what they are. A second one changes
// nothing.
func (s *Service) DeleteResiliencyGroup(ctx context.Context, caller Caller, in *api.DeleteResiliencyGroupRequest) (*api.DeleteResiliencyGroupResult, error) {
	id, err := requiredResiliencyGroupID(in.ResiliencyGroupID)
	if err != nil {
		return nil, err
	}
	g, err := s.changeResiliencyGroup(ctx, caller, repeatable{}, func(tx *store.Tx) (string, error) {
		g, err := s.ownResiliencyGroup(tx, caller, id)
		if err != nil || g.Usable() != nil {
			return id, err
		}
		g = g.Delete(s.Now())
		if err := tx.PutResiliencyGroup(&g); err != nil {
			return "", err
		}
		return id, s.endMemberships(tx, store.MemberQuery{GroupID: id})
	})
	if err != nil {
		return nil, err
	}
	return &api.DeleteResiliencyGroupResult{ResiliencyGroup: renderResiliencyGroup(g)}, nil
}

// changeResiliencyGroup makes a change and answers the group that it concerned, as it is then.
func (s *Service) changeResiliencyGroup(ctx context.Context, caller Caller, request repeatable, change func(tx *store.Tx) (id string, err error)) (g directconnect.ResiliencyGroup, err error) {
	var out *api.UpdateResiliencyGroupResult // which reads like those of the other changes
	err = answer(ctx, s, &out, func(tx *store.Tx) error {
		id, err := request.once(tx, s.Now(), func() (string, error) { return change(tx) })
		if err != nil {
			return err
		}
		g, err = s.ownResiliencyGroup(tx, caller, id)
		out = &api.UpdateResiliencyGroupResult{ResiliencyGroup: renderResiliencyGroup(g)}
		return err
	})
	return g, err
}

// GetResiliencyGroup answers one group of the Region.
func (s *Service) GetResiliencyGroup(ctx context.Context, caller Caller, in *api.GetResiliencyGroupRequest) (out *api.GetResiliencyGroupResult, err error) {
	id, err := requiredResiliencyGroupID(in.ResiliencyGroupID)
	if err != nil {
		return nil, err
	}
	err = s.Store.View(ctx, func(tx *store.Tx) error {
		g, err := s.ownResiliencyGroup(tx, caller, id)
		out = &api.GetResiliencyGroupResult{ResiliencyGroup: renderResiliencyGroup(g)}
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// ListResiliencyGroups lists the groups of the Region, deleted ones included as long as they stay listed.
func (s *Service) ListResiliencyGroups(ctx context.Context, caller Caller, in *api.ListResiliencyGroupsRequest) (out *api.ListResiliencyGroupsResult, err error) {
	p, err := s.pager("ListResiliencyGroups", caller, "", in.MaxResults, in.NextToken)
	if err != nil {
		return nil, err
	}
	err = s.Store.View(ctx, func(tx *store.Tx) error {
		found, err := tx.ResiliencyGroups(store.ResiliencyGroupQuery{
			Account: caller.Account, Region: caller.Region, EndedAfter: s.Now().Add(-s.Keep), After: p.after, Limit: p.limit(),
		})
		if err != nil {
			return err
		}
		found, next, err := page(p, found, func(g directconnect.ResiliencyGroup) store.Cursor {
			return store.Cursor{Created: g.Created, ID: g.ID}
		})
		if err != nil {
			return err
		}
		out = &api.ListResiliencyGroupsResult{Items: make([]api.ResiliencyGroupSummary, 0, len(found)), NextToken: next}
		for _, g := range found {
			out.Items = append(out.Items, renderResiliencySummary(g))
		}
		return nil
	})
	return out, err
}

// ownResiliencyGroup loads a group of the caller's in the Region, a deleted one as long as it stays listed.
func (s *Service) ownResiliencyGroup(tx *store.Tx, caller Caller, id string) (directconnect.ResiliencyGroup, error) {
	g, err := tx.ResiliencyGroup(id)
	if errors.Is(err, store.ErrNotFound) {
		return g, directconnect.NoResiliencyGroup(id)
	}
	if err == nil && (g.Account != caller.Account || g.Region != caller.Region || (!g.Live() && g.Deleted.Before(s.Now().Add(-s.Keep)))) {
		err = directconnect.NoResiliencyGroup(id)
	}
	return g, err
}

func requiredResiliencyGroupID(v *string) (string, error) {
	id, err := requiredText("resiliencyGroupId", v)
	if err != nil {
		return "", err
	}
	return id, directconnect.CheckResiliencyGroupID(id)
}

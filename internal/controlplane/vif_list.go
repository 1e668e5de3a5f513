package controlplane

import (
	"context"
	"errors"
	"time"

	"onramp/internal/api"
	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// interfaceListed is how long an ended interface stays in DescribeVirtualInterfaces: fewer than 15 minutes (API reference).
const interfaceListed = 15*time.Minute - time.Microsecond

// DescribeVirtualInterfaces lists the interfaces that the caller owns or that run over its connections, or those of one
// connection or LAG, or one. An unknown ID gives an empty list; clients rely on it.
func (s *Service) DescribeVirtualInterfaces(ctx context.Context, caller Caller, in *api.DescribeVirtualInterfacesRequest) (out *api.VirtualInterfaces, err error) {
	parent := value(in.ConnectionID)
	if in.ConnectionID != nil {
		if parent, err = parentID("connectionId", in.ConnectionID); err != nil {
			return nil, err
		}
	}
	if in.VirtualInterfaceID != nil {
		if err := directconnect.CheckInterfaceID(*in.VirtualInterfaceID); err != nil {
			return nil, err
		}
	}
	p, err := s.pager("DescribeVirtualInterfaces", caller, parent, in.MaxResults, in.NextToken)
	if err != nil {
		return nil, err
	}
	err = s.Store.View(ctx, func(tx *store.Tx) error {
		var found []directconnect.VirtualInterface
		if in.VirtualInterfaceID != nil {
			v, err := s.visibleInterface(tx, caller, *in.VirtualInterfaceID)
			if found, err = named(v, err, parent == "" || v.ParentID == parent); err != nil {
				return err
			}
		} else if found, err = tx.Interfaces(store.InterfaceQuery{
			Party: caller.Account, Region: caller.Region, ParentID: parent,
			EndedAfter: s.Now().Add(-interfaceListed), After: p.after, Limit: p.limit(),
		}); err != nil {
			return err
		}
		found, next, err := page(p, found, interfaceCursor)
		if err != nil {
			return err
		}
		out = &api.VirtualInterfaces{VirtualInterfaces: make([]api.VirtualInterface, 0, len(found)), NextToken: next}
		for _, v := range found {
			shown, err := s.renderInterface(v, caller)
			if err != nil {
				return err
			}
			out.VirtualInterfaces = append(out.VirtualInterfaces, *shown)
		}
		return nil
	})
	return out, err
}

func interfaceCursor(v directconnect.VirtualInterface) store.Cursor {
	return store.Cursor{Created: v.Created, ID: v.ID}
}

// visibleInterface loads an interface that the caller owns, or whose connection it owns.
func (s *Service) visibleInterface(tx *store.Tx, caller Caller, id string) (directconnect.VirtualInterface, error) {
	v, err := tx.Interface(id)
	if errors.Is(err, store.ErrNotFound) {
		return v, directconnect.NoInterface(id)
	}
	if err != nil {
		return v, err
	}
	if v.Region != caller.Region || (v.Account != caller.Account && v.ConnectionOwner != caller.Account) ||
		(!v.Live() && v.Deleted.Before(s.Now().Add(-interfaceListed))) {
		return v, directconnect.NoInterface(id)
	}
	return v, nil
}

// ownInterface loads an interface that the caller owns.
func (s *Service) ownInterface(tx *store.Tx, caller Caller, id string) (directconnect.VirtualInterface, error) {
	v, err := s.visibleInterface(tx, caller, id)
	if err == nil && v.Account != caller.Account {
		err = directconnect.NoInterface(id)
	}
	return v, err
}

// requiredInterfaceID reads a well-formed interface ID.
func requiredInterfaceID(v *string) (string, error) {
	id, err := requiredText("virtualInterfaceId", v)
	if err != nil {
		return "", err
	}
	return id, directconnect.CheckInterfaceID(id)
}

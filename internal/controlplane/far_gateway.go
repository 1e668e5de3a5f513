package controlplane

import (
	"context"
	"errors"
	"fmt"

	"onramp/internal/directconnect"
	"onramp/internal/inventory"
	"onramp/internal/store"
)

// farGateway finds a gateway of the far side: in the operator's registry, or in open mode whatever is well-formed.
func (s *Service) farGateway(tx *store.Tx, caller Caller, id string) (directconnect.FarGateway, error) {
	if _, ok := directconnect.FarKindOf(id); !ok {
		return directconnect.FarGateway{}, directconnect.NoFarGateway(id)
	}
	f, err := tx.FarGateway(id)
	if !errors.Is(err, store.ErrNotFound) {
		return f, err
	}
	configured, err := tx.HasAccounts()
	if err != nil {
		return f, err
	}
	if configured {
		return f, directconnect.NoFarGateway(id)
	}
	f, _ = directconnect.OpenFarGateway(id, caller.Account, caller.Region)
	return f, unclaimed(tx, f)
}

// unclaimed refuses an identifier that open mode made up for whoever associated it first, while it is somebody else's.
func unclaimed(tx *store.Tx, f directconnect.FarGateway) error {
	joined, err := tx.Associations(store.AssociationQuery{FarID: f.ID, LiveOnly: true, Limit: 1})
	if err == nil && len(joined) > 0 && joined[0].Far.Account != f.Account {
		err = directconnect.NoFarGateway(f.ID)
	}
	return err
}

// ownFarGateway is one of the caller's in the called Region.
func (s *Service) ownFarGateway(tx *store.Tx, caller Caller, id string) (directconnect.FarGateway, error) {
	f, err := s.farGateway(tx, caller, id)
	if err == nil && (f.Account != caller.Account || f.Region != caller.Region) {
		err = directconnect.NoFarGateway(id)
	}
	return f, err
}

// FarChange is what an operator says of a gateway of the far side; nil leaves a value as it is.
type FarChange struct {
	ASN   *int64   // of the provider's side
	CIDRs []string // of the networks behind it
}

// AddFarGateway enters a virtual private gateway or transit gateway into the registry. An ASN of 0 is the default.
func (s *Service) AddFarGateway(ctx context.Context, id, account, region string, asn int64, cidrs []string) (directconnect.FarGateway, error) {
	var none directconnect.FarGateway
	if !directconnect.IsAccountID(account) {
		return none, refuse(Invalid, "%q is not an account ID: that is twelve digits.", account)
	}
	if !inventory.IsRegion(region) {
		return none, refuse(Invalid, "%q is not the name of a Region.", region)
	}
	f, err := directconnect.NewFarGateway(id, account, region, asn, cidrs)
	if err != nil {
		return none, invalid(err)
	}
	err = s.update(ctx, func(tx *store.Tx) error {
		f.Version = 0
		if err := knownAccount(tx, account); err != nil {
			return err
		}
		switch _, err := tx.FarGateway(id); {
		case err == nil:
			return refuse(Conflict, "There is a gateway %s already.", id)
		case !errors.Is(err, store.ErrNotFound):
			return err
		}
		users, err := farUsers(tx, directconnect.FarGateway{ID: id, Account: account, Region: region})
		if err != nil {
			return err
		}
		if len(users) > 0 { // in open mode, with networks that nobody gave it
			return inUse(id, users)
		}
		madeByMove(ctx, account, id)
		return tx.PutFarGateway(&f)
	})
	return f, err
}

// knownAccount refuses an account that nobody configured, unless in open mode.
func knownAccount(tx *store.Tx, id string) error {
	configured, err := tx.HasAccounts()
	if err == nil && configured {
		_, err = configuredAccount(tx, id)
	}
	return err
}

// SetFarGateway changes an entry of the registry. Its associations and interfaces follow new networks; the ASN stays while
// it is in use, for their sessions were agreed with it.
func (s *Service) SetFarGateway(ctx context.Context, id string, change FarChange) (directconnect.FarGateway, error) {
	var f directconnect.FarGateway
	err := s.update(ctx, func(tx *store.Tx) error {
		old, err := registered(tx, id)
		if err != nil {
			return err
		}
		aboutAccount(ctx, old.Account)
		if f, err = old.Change(change.ASN, change.CIDRs); err != nil {
			return invalid(err)
		}
		if f.ASN != old.ASN {
			users, err := farUsers(tx, f)
			if err != nil {
				return err
			}
			if len(users) > 0 {
				return inUse(id, users)
			}
		}
		if err := tx.PutFarGateway(&f); err != nil {
			return err
		}
		return s.followFar(tx, f)
	})
	return f, err
}

// followFar makes what rests on a gateway of the far side follow its networks.
func (s *Service) followFar(tx *store.Tx, f directconnect.FarGateway) error {
	joined, err := tx.Associations(store.AssociationQuery{FarID: f.ID, LiveOnly: true})
	if err != nil {
		return err
	}
	for _, a := range joined {
		onGateway, err := tx.Associations(store.AssociationQuery{GatewayID: a.GatewayID, LiveOnly: true})
		if err != nil {
			return err
		}
		if a, err = a.Follow(f, onGateway, s.Now()); err != nil {
			return conflicting(err)
		}
		if err := tx.PutAssociation(&a); err != nil {
			return err
		}
		if err := s.wakeGateway(tx, a.GatewayID); err != nil {
			return err
		}
	}
	direct, err := interfacesOn(tx, f)
	for _, v := range direct {
		if err == nil {
			v.Due = s.Now()
			err = tx.PutInterface(&v)
		}
	}
	return err
}

// RemoveFarGateway takes a gateway that nothing uses out of the registry.
func (s *Service) RemoveFarGateway(ctx context.Context, id string) error {
	return s.update(ctx, func(tx *store.Tx) error {
		f, err := registered(tx, id)
		if err != nil {
			return err
		}
		aboutAccount(ctx, f.Account)
		users, err := farUsers(tx, f)
		if err != nil {
			return err
		}
		if len(users) > 0 {
			return inUse(id, users)
		}
		return tx.DeleteFarGateway(id)
	})
}

// FarGateway answers an entry of the registry, and what uses it.
func (s *Service) FarGateway(ctx context.Context, id string) (f directconnect.FarGateway, users []string, err error) {
	err = s.Store.View(ctx, func(tx *store.Tx) (err error) {
		if f, err = registered(tx, id); err == nil {
			users, err = farUsers(tx, f)
		}
		return err
	})
	return f, users, err
}

// FarGateways lists the registry by ID, of an account and a Region if they are given, behind after; at most limit.
func (s *Service) FarGateways(ctx context.Context, account, region, after string, limit int) (all []directconnect.FarGateway, err error) {
	err = s.Store.View(ctx, func(tx *store.Tx) (err error) {
		all, err = tx.FarGateways(account, region, after, limit)
		return err
	})
	return all, err
}

func registered(tx *store.Tx, id string) (directconnect.FarGateway, error) {
	f, err := tx.FarGateway(id)
	return f, missing(err, "There is no gateway %q.", id)
}

// farUsers names the live associations and interfaces of a gateway of the far side.
func farUsers(tx *store.Tx, f directconnect.FarGateway) ([]string, error) {
	joined, err := tx.Associations(store.AssociationQuery{FarID: f.ID, LiveOnly: true})
	if err != nil {
		return nil, err
	}
	var users []string
	for _, a := range joined {
		users = append(users, fmt.Sprintf("association %s with Direct Connect gateway %s of account %s", a.ID, a.GatewayID, a.GatewayOwner))
	}
	direct, err := interfacesOn(tx, f)
	for _, v := range direct {
		users = append(users, fmt.Sprintf("virtual interface %s of account %s", v.ID, v.Account))
	}
	return users, err
}

// interfacesOn are the live interfaces that are attached to a virtual private gateway itself. They are its owner's.
func interfacesOn(tx *store.Tx, f directconnect.FarGateway) ([]directconnect.VirtualInterface, error) {
	all, err := tx.Interfaces(store.InterfaceQuery{Account: f.Account, Region: f.Region, LiveOnly: true})
	var on []directconnect.VirtualInterface
	for _, v := range all {
		if v.VirtualGatewayID == f.ID {
			on = append(on, v)
		}
	}
	return on, err
}

func inUse(id string, users []string) error {
	return refuse(Conflict, "The registry was not changed. In use: %s.", appendUses(nil, "gateway "+id, users)[0])
}

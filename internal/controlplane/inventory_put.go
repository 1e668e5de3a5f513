package controlplane

import (
	"onramp/internal/directconnect"
	"onramp/internal/inventory"
	"onramp/internal/store"
)

// putInventory writes the changes: what others refer to first, and in the other direction what refers to others.
func putInventory(tx *store.Tx, changes inventory.Changes, k kept) error {
	versions, drained := map[string]int64{}, map[string]*directconnect.Hold{}
	for _, l := range k.locations {
		versions["l/"+l.Code] = l.Version
	}
	for _, r := range k.routers {
		versions["r/"+r.Name] = r.Version
		drained[r.Name] = r.Drained
	}
	for _, c := range changes.Locations {
		if c.Removed() {
			continue
		}
		l := *c.After
		l.Version = versions["l/"+c.ID]
		if err := tx.PutLocation(&l); err != nil {
			return err
		}
	}
	for _, c := range changes.Routers {
		if c.Removed() {
			continue
		}
		r := *c.After
		r.Version, r.Drained = versions["r/"+c.ID], drained[c.ID]
		if err := tx.PutRouter(&r); err != nil {
			return err
		}
	}
	for _, c := range changes.Ports {
		if c.Removed() {
			continue
		}
		p := *c.After
		was := k.ports[c.ID]
		p.Version, p.ConnectionID, p.Blocked = was.Version, was.ConnectionID, was.Blocked
		if err := tx.PutPort(&p); err != nil {
			return err
		}
	}
	return removeInventory(tx, changes)
}

func removeInventory(tx *store.Tx, changes inventory.Changes) error {
	for _, c := range changes.Ports {
		if c.Removed() {
			if err := tx.DeletePort(c.ID); err != nil {
				return err
			}
		}
	}
	for _, c := range changes.Routers {
		if c.Removed() {
			if err := tx.DeleteRouter(c.ID); err != nil {
				return err
			}
		}
	}
	for _, c := range changes.Locations {
		if c.Removed() {
			if err := tx.DeleteLocation(c.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

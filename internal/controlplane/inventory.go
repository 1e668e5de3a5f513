package controlplane

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"onramp/internal/directconnect"
	"onramp/internal/inventory"
	"onramp/internal/store"
)

// Inventory answers everything that can be ordered, as it is kept.
func (s *Service) Inventory(ctx context.Context) (inventory.Inventory, error) {
	var k kept
	err := s.Store.View(ctx, func(tx *store.Tx) (err error) {
		k, err = readInventory(tx)
		return err
	})
	return k.inventory(), err
}

// inventorySetting says that there has been a first inventory: one that an operator has emptied stays empty.
const inventorySetting = "first-inventory-loaded"

// EnsureInventory gives an installation that has never had one its first inventory, and reports whether it did. Several
// servers may start on an empty database at once.
func (s *Service) EnsureInventory(ctx context.Context, first inventory.Inventory) (bool, error) {
	if err := first.Check(); err != nil {
		return false, refuse(Invalid, "%v", err)
	}
	loaded := false
	load := func(tx *store.Tx) error {
		loaded = false
		if _, err := tx.Setting(inventorySetting); !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if err := tx.PutSetting(inventorySetting, s.Now().UTC().Format(time.RFC3339)); err != nil {
			return err
		}
		locations, err := tx.Locations("")
		if err != nil || len(locations) > 0 {
			return err
		}
		loaded = true
		return putInventory(tx, inventory.Diff(inventory.Inventory{}, first), kept{})
	}
	err := s.Store.Update(ctx, load)
	if errors.Is(err, store.ErrTaken) { // another server was first
		err = s.Store.Update(ctx, load)
	}
	return loaded && err == nil, err
}

// ApplyInventory makes the kept inventory the wanted one, in one transaction, and answers what changed; with dryRun it only
// answers what would. What is in use cannot be removed, nor changed in what its users rely on: then nothing is changed,
// and the refusal names the users.
func (s *Service) ApplyInventory(ctx context.Context, wanted inventory.Inventory, dryRun bool) (inventory.Changes, error) {
	if err := wanted.Check(); err != nil {
		return inventory.Changes{}, refuse(Invalid, "%v", err)
	}
	var changes inventory.Changes
	plan := func(tx *store.Tx) (k kept, err error) {
		if k, err = readInventory(tx); err != nil {
			return k, err
		}
		changes = inventory.Diff(k.inventory(), wanted)
		return k, checkUse(tx, changes, k)
	}
	if dryRun {
		err := s.Store.View(ctx, func(tx *store.Tx) error {
			_, err := plan(tx)
			return err
		})
		return changes, err
	}
	err := s.update(ctx, func(tx *store.Tx) error {
		k, err := plan(tx)
		if err != nil {
			return err
		}
		return putInventory(tx, changes, k)
	})
	return changes, err
}

// kept is the inventory as rows, with their versions and who holds what.
type kept struct {
	locations []directconnect.Location
	routers   []directconnect.Router
	ports     map[string]directconnect.Port
}

func readInventory(tx *store.Tx) (k kept, err error) {
	if k.locations, err = tx.Locations(""); err != nil {
		return k, err
	}
	if k.routers, err = tx.Routers(""); err != nil {
		return k, err
	}
	ports, err := tx.Ports(store.PortQuery{})
	k.ports = make(map[string]directconnect.Port, len(ports))
	for _, p := range ports {
		k.ports[p.ID] = p
	}
	return k, err
}

func (k kept) inventory() inventory.Inventory {
	ports := map[string][]directconnect.Port{}
	for _, p := range k.ports {
		ports[p.Router] = append(ports[p.Router], p)
	}
	routers := map[string][]inventory.Router{}
	for _, r := range k.routers {
		of := ports[r.Name]
		slices.SortFunc(of, func(a, b directconnect.Port) int {
			return cmp.Or(cmp.Compare(a.Position, b.Position), cmp.Compare(a.ID, b.ID))
		})
		line := inventory.RouterOf(r)
		for _, p := range of {
			line.Ports = append(line.Ports, inventory.PortOf(p))
		}
		routers[r.Location] = append(routers[r.Location], line)
	}
	var inv inventory.Inventory
	for _, noun := range k.locations {
		l := inventory.LocationOf(noun)
		l.Routers = routers[l.Code]
		inv.Locations = append(inv.Locations, l)
	}
	return inv.Sorted()
}

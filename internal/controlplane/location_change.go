package controlplane

import (
	"context"
	"slices"

	"onramp/internal/directconnect"
	"onramp/internal/inventory"
	"onramp/internal/store"
)

// LocationReport is a location, the names of its routers, and its ports by bandwidth.
type LocationReport struct {
	Location directconnect.Location
	Routers  []string
	Ports    map[directconnect.Bandwidth]PortCount
}

// AllLocations lists the locations of a Region, or all, by code; or the one with the code, unless that is empty.
func (s *Service) AllLocations(ctx context.Context, region, code string) (reports []LocationReport, err error) {
	err = s.Store.View(ctx, func(tx *store.Tx) error {
		reports = nil
		locations, err := tx.Locations(region)
		if code != "" {
			l, missed := tx.Location(code)
			locations, err = []directconnect.Location{l}, missing(missed, "There is no location %q in the inventory.", code)
		}
		if err != nil {
			return err
		}
		counts, err := countPorts(tx, code, func(p directconnect.Port) string { return p.Location })
		if err != nil {
			return err
		}
		routers, err := tx.Routers(code)
		at := map[string][]string{}
		for _, r := range routers {
			at[r.Location] = append(at[r.Location], r.Name)
		}
		for _, l := range locations {
			reports = append(reports, LocationReport{l, at[l.Code], counts[l.Code]})
		}
		return err
	})
	return reports, err
}

// AddLocation puts a location into the inventory with its routers and ports; there is none of its code.
func (s *Service) AddLocation(ctx context.Context, l inventory.Location) (inventory.Changes, error) {
	return s.changeInventory(ctx, func(have inventory.Inventory) (inventory.Inventory, error) {
		if slices.ContainsFunc(have.Locations, func(o inventory.Location) bool { return o.Code == l.Code }) {
			return have, refuse(Conflict, "Location %s is in the inventory already; onramp inventory apply changes it.", l.Code)
		}
		have.Locations = append(have.Locations, l)
		return have, nil
	})
}

// RetireLocation takes a location that nothing uses out of the inventory, with its routers and ports.
func (s *Service) RetireLocation(ctx context.Context, code string) (inventory.Changes, error) {
	return s.changeInventory(ctx, func(have inventory.Inventory) (inventory.Inventory, error) {
		n := len(have.Locations)
		have.Locations = slices.DeleteFunc(have.Locations, func(l inventory.Location) bool { return l.Code == code })
		if len(have.Locations) == n {
			return have, refuse(Missing, "There is no location %q in the inventory.", code)
		}
		return have, nil
	})
}

// changeInventory makes the inventory what edit makes of it, as ApplyInventory does.
func (s *Service) changeInventory(ctx context.Context, edit func(inventory.Inventory) (inventory.Inventory, error)) (changes inventory.Changes, err error) {
	err = s.update(ctx, func(tx *store.Tx) error {
		k, err := readInventory(tx)
		if err != nil {
			return err
		}
		wanted, err := edit(k.inventory())
		if err != nil {
			return err
		}
		if err := wanted.Check(); err != nil {
			return refuse(Invalid, "%v", err)
		}
		changes = inventory.Diff(k.inventory(), wanted)
		if err := checkUse(tx, changes, k); err != nil {
			return err
		}
		return putInventory(tx, changes, k)
	})
	return changes, err
}

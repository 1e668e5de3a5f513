package controlplane

import (
	"context"

	"onramp/internal/api"
	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// DescribeLocations lists the locations of the called Region. A connection at a location of another Region is ordered in
// that Region.
func (s *Service) DescribeLocations(ctx context.Context, caller Caller, _ *api.DescribeLocationsRequest) (out *api.Locations, err error) {
	err = s.Store.View(ctx, func(tx *store.Tx) error {
		ls, err := tx.Locations(caller.Region)
		if err != nil {
			return err
		}
		out = &api.Locations{Locations: make([]api.Location, 0, len(ls))}
		for _, l := range ls {
			out.Locations = append(out.Locations, renderLocation(l))
		}
		return nil
	})
	return out, err
}

func renderLocation(l directconnect.Location) api.Location {
	modes := append([]directconnect.BillingMode{directconnect.PayAsYouGo}, l.BillingModes...)
	out := api.Location{
		LocationCode: &l.Code, LocationName: &l.Name, Region: &l.Region,
		AvailablePortSpeeds: listed(l.PortSpeeds), AvailableMacSecPortSpeeds: listed(l.MACsecSpeeds),
		AvailableProviders: listed(l.Providers),
	}
	for _, m := range modes {
		out.AvailableBillingModes = append(out.AvailableBillingModes, api.AvailableBillingMode{
			BillingMode: text(m), AvailablePortSpeeds: listed(l.PortSpeeds), IncludedRegions: []string{l.Region},
		})
	}
	return out
}

// listed keeps an empty list on the wire, where nil would leave the member out.
func listed(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}

package operator

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
	"onramp/internal/inventory"
)

// Location is a location of the inventory and what can be ordered there.
type Location struct {
	Code         string      `json:"code"`
	Region       string      `json:"region"`
	Name         string      `json:"name"`
	Country      string      `json:"country,omitempty"`
	Operator     string      `json:"operator,omitempty"`
	Address      []string    `json:"address,omitempty"`
	PortSpeeds   []string    `json:"portSpeeds"`
	MACsecSpeeds []string    `json:"macsecSpeeds,omitempty"`
	Providers    []string    `json:"providers,omitempty"`
	Routers      []string    `json:"routers"`
	Ports        []PortCount `json:"ports"`
}

// PortCount counts the ports of a bandwidth. Held and blocked may both count one; free can be ordered.
type PortCount struct {
	Bandwidth string `json:"bandwidth"`
	Ports     int    `json:"ports"`
	Held      int    `json:"held"`
	Blocked   int    `json:"blocked"`
	Free      int    `json:"free"`
}

func (a *api) locationRoutes() []route {
	return []route{
		{
			pattern: "GET /v1/locations", summary: "List the locations of the inventory and how many ports are free there.", out: []Location{},
			query: choose("region", "Of this Region."), handle: a.listLocations,
		},
		{pattern: "GET /v1/locations/{code}", summary: "Show a location.", out: Location{}, handle: a.showLocation},
		{
			pattern: "POST /v1/locations", summary: "Add a location with its routers and ports: one of an inventory's, as YAML.",
			in: mediaType("application/yaml"), out: created{InventoryChanges{}}, handle: a.addLocation,
		},
		{
			pattern: "DELETE /v1/locations/{code}", summary: "Take a location that nothing uses out of the inventory.",
			out: InventoryChanges{}, handle: a.retireLocation,
		},
	}
}

func (a *api) listLocations(ctx context.Context, r *http.Request) (any, error) {
	for key := range r.URL.Query() {
		if key != "region" {
			return nil, problem(http.StatusBadRequest, "%q is nothing to choose locations by.", key)
		}
	}
	found, err := a.Service.AllLocations(ctx, r.URL.Query().Get("region"), "")
	if err != nil {
		return nil, err
	}
	list := make([]Location, len(found))
	for i, l := range found {
		list[i] = locationOf(l)
	}
	return list, nil
}

func (a *api) showLocation(ctx context.Context, r *http.Request) (any, error) {
	found, err := a.Service.AllLocations(ctx, "", r.PathValue("code"))
	if err != nil {
		return nil, err
	}
	return locationOf(found[0]), nil
}

func (a *api) addLocation(ctx context.Context, r *http.Request) (any, error) {
	wanted, err := readInventory(r)
	if err != nil {
		return nil, err
	}
	if len(wanted.Locations) != 1 {
		return nil, problem(http.StatusBadRequest, "The file has %d locations: it must be an inventory of the one that is added.", len(wanted.Locations))
	}
	changes, err := a.Service.AddLocation(ctx, wanted.Locations[0])
	if err != nil {
		return nil, err
	}
	return created{changesOf(changes)}, nil
}

func (a *api) retireLocation(ctx context.Context, r *http.Request) (any, error) {
	changes, err := a.Service.RetireLocation(ctx, r.PathValue("code"))
	if err != nil {
		return nil, err
	}
	return changesOf(changes), nil
}

func changesOf(changes inventory.Changes) InventoryChanges {
	return InventoryChanges{Changed: !changes.Empty(), Summary: changes.Summary(), Diff: changes.String()}
}

func locationOf(report controlplane.LocationReport) Location {
	l := report.Location
	return Location{
		Code: l.Code, Region: l.Region, Name: l.Name, Country: l.Country, Operator: l.Operator, Address: l.Address,
		PortSpeeds: append([]string{}, l.PortSpeeds...), MACsecSpeeds: l.MACsecSpeeds, Providers: l.Providers,
		Routers: append([]string{}, report.Routers...), Ports: portCounts(report.Ports),
	}
}

// portCounts are the counts, the slowest ports first.
func portCounts(counts map[directconnect.Bandwidth]controlplane.PortCount) []PortCount {
	var speeds []directconnect.Bandwidth
	for b := range counts {
		speeds = append(speeds, b)
	}
	slices.SortFunc(speeds, func(a, b directconnect.Bandwidth) int { return int(a.Mbps() - b.Mbps()) })
	out := []PortCount{}
	for _, b := range speeds {
		n := counts[b]
		out = append(out, PortCount{Bandwidth: string(b), Ports: n.Ports, Held: n.Held, Blocked: n.Blocked, Free: n.Free})
	}
	return out
}

// Locations lists the locations of a Region, or all.
func (c *Client) Locations(ctx context.Context, region string) ([]Location, error) {
	query := url.Values{}
	if region != "" {
		query.Set("region", region)
	}
	return ask[[]Location](ctx, c, "GET", "/v1/locations", query, nil)
}

// Location answers a location.
func (c *Client) Location(ctx context.Context, code string) (Location, error) {
	return ask[Location](ctx, c, "GET", "/v1/locations/"+url.PathEscape(code), nil, nil)
}

// AddLocation adds the one location of a YAML (or JSON) inventory.
func (c *Client) AddLocation(ctx context.Context, text []byte) (InventoryChanges, error) {
	return ask[InventoryChanges](ctx, c, "POST", "/v1/locations", nil, text)
}

// RetireLocation takes a location out of the inventory.
func (c *Client) RetireLocation(ctx context.Context, code string) (InventoryChanges, error) {
	return ask[InventoryChanges](ctx, c, "DELETE", "/v1/locations/"+url.PathEscape(code), nil, nil)
}

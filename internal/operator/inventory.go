package operator

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"

	"onramp/internal/inventory"
)

func (a *api) inventoryRoutes() []route {
	return []route{
		{
			pattern: "GET /v1/inventory", summary: "Show the inventory: as YAML, or as JSON to those who accept that first.",
			out: mediaType("application/yaml"), handle: a.exportInventory,
		},
		{
			pattern: "PUT /v1/inventory", summary: "Make a YAML (or JSON) text the whole inventory.",
			in: mediaType("application/yaml"), out: InventoryChanges{},
			query: []parameter{{name: "dry-run", about: "Only tell what would change.", kind: false}}, handle: a.applyInventory,
		},
	}
}

// exportInventory answers YAML in the form that an operator writes, or JSON with every port on its own to those who
// accept nothing else. Both can be applied again.
func (a *api) exportInventory(ctx context.Context, r *http.Request) (any, error) {
	inv, err := a.Service.Inventory(ctx)
	if err != nil {
		return nil, err
	}
	if strings.HasPrefix(r.Header.Get("Accept"), "application/json") {
		text, err := json.Marshal(inv)
		return body{"application/json", text}, err
	}
	text, err := inv.Format()
	return body{"application/yaml", text}, err
}

// applyInventory makes the body the inventory, or with ?dry-run tells what that would change.
func (a *api) applyInventory(ctx context.Context, r *http.Request) (any, error) {
	dryRun := false
	if q := r.URL.Query(); q.Has("dry-run") {
		var err error
		if dryRun, err = strconv.ParseBool(q.Get("dry-run")); err != nil && q.Get("dry-run") != "" {
			return nil, problem(http.StatusBadRequest, "%q is not a value for dry-run.", q.Get("dry-run"))
		}
		dryRun = dryRun || err != nil // "?dry-run" alone
	}
	wanted, err := readInventory(r)
	if err != nil {
		return nil, err
	}
	changes, err := a.Service.ApplyInventory(ctx, wanted, dryRun)
	if err != nil {
		return nil, err
	}
	return InventoryChanges{
		DryRun: dryRun, Changed: !changes.Empty(), Summary: changes.Summary(), Diff: changes.String(),
	}, nil
}

// readInventory reads an inventory that is the request's body.
func readInventory(r *http.Request) (inventory.Inventory, error) {
	text, err := io.ReadAll(r.Body)
	if err != nil {
		return inventory.Inventory{}, err
	}
	wanted, err := inventory.Parse(text)
	if err != nil {
		return inventory.Inventory{}, problem(http.StatusBadRequest, "%v", err)
	}
	return wanted, nil
}

package console

import (
	"context"
	"net/url"

	"onramp/internal/controlplane"
)

// ofOperator makes routes the operator's.
func ofOperator(routes ...route) []route {
	for i := range routes {
		routes[i].who = operator
	}
	return routes
}

// Where the operator's pages are.
const (
	ordersPath        = "/console/operator/orders"
	allPath           = "/console/operator/connections"
	allInterfacesPath = "/console/operator/interfaces"
	routersPath       = "/console/operator/routers"
	crossConnectsPath = "/console/operator/cross-connects"
	maintenancePath   = "/console/operator/maintenance"
	faultsPath        = "/console/operator/faults"
	auditPath         = "/console/operator/audit"
	accountsPath      = "/console/operator/accounts"
	clockPath         = "/console/operator/clock"
)

// operatorRoutes are the operator's pages.
func (s *Console) operatorRoutes() []route {
	var all []route
	for _, some := range [][]route{
		orderRoutes(), allConnectionRoutes(), allInterfaceRoutes(), routerRoutes(), crossConnectRoutes(), maintenanceRoutes(), faultRoutes(),
		auditRoutes(), accountRoutes(), userRoutes(), clockRoutes(), doctorRoutes(),
	} {
		all = append(all, ofOperator(some...)...)
	}
	return all
}

// follow lets the routers follow a move, so that the next page tells what came of it.
func (v *visit) follow() { controlplane.Follow(v.Context(), v.console.Settle, v.console.Log) }

// moved is an action that makes one move about what the address names, and goes on to a page.
func moved(to func(v *visit) string, done string, what func(ctx context.Context, v *visit, in *input) error) action {
	return func(v *visit, in *input) (string, string, error) {
		err := move(v, v.PathValue("id"), func(ctx context.Context) error {
			if err := in.problem(); err != nil {
				return err
			}
			return what(ctx, v, in)
		})
		if err == nil {
			v.follow()
		}
		return to(v), done, err
	}
}

// under is the page of what the address names, below a path.
func under(path string) func(v *visit) string {
	return func(v *visit) string { return path + "/" + url.PathEscape(v.PathValue("id")) }
}

// at is a page of its own.
func at(path string) func(v *visit) string { return func(*visit) string { return path } }

// pageSizeOperator is how many rows a list of the operator's has.
const operatorPage = 50

// cut takes the row off that was asked for to know whether there are more. It answers what to go on after; empty: nothing.
func cut[T any](all []T, id func(T) string) ([]T, string) {
	if len(all) <= operatorPage {
		return all, ""
	}
	return all[:operatorPage], id(all[operatorPage-1])
}

// paged completes a table with the links to its other pages.
func (v *visit) paged(t *table, after string) *table {
	if after != "" {
		t.Next = v.Query("after", after, "done", "")
	}
	if v.URL.Query().Get("after") != "" {
		t.First = v.Query("after", "", "done", "")
	}
	return t
}

// search is a form that chooses what a list shows, filled with what it shows now.
func (v *visit) search(action string, fields ...field) section {
	return section{ID: "filter", Fold: true, Open: v.URL.RawQuery != "", Title: "Filter", Forms: []form{
		form{ID: "filter-form", Action: action, Get: true, Submit: "Show", Fields: fields}.preset(v.URL.Query()),
	}}
}

// asked is what the query of a list says of a filter.
func (v *visit) asked(name string) string { return v.URL.Query().Get(name) }

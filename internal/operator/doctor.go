package operator

import (
	"context"
	"net/http"
	"net/url"

	"onramp/internal/directconnect"
)

func (a *api) doctorRoutes() []route {
	return []route{{
		pattern: "GET /v1/doctor/{id}", out: directconnect.Diagnosis{}, handle: a.diagnose,
		summary: "Tell why a connection, LAG, virtual interface or Direct Connect gateway works or does not: its router is looked at, and checks are listed from the bottom up.",
	}}
}

func (a *api) diagnose(ctx context.Context, r *http.Request) (any, error) {
	return a.Service.Diagnose(ctx, r.PathValue("id"))
}

// Diagnose tells why a connection, LAG, virtual interface or Direct Connect gateway works or does not.
func (c *Client) Diagnose(ctx context.Context, id string) (directconnect.Diagnosis, error) {
	return ask[directconnect.Diagnosis](ctx, c, "GET", "/v1/doctor/"+url.PathEscape(id), nil, nil)
}

package operator

import (
	"context"
	"net/http"

	"onramp/internal/directconnect"
)

func (a *api) publicRangeRoutes() []route {
	return []route{
		{pattern: "GET /v1/public-ranges", summary: "List the provider's own prefixes.", out: []directconnect.PublicRange{}, handle: a.showPublicRanges},
		{
			pattern: "PUT /v1/public-ranges", summary: "Make a list the provider's own prefixes.",
			in: []directconnect.PublicRange{}, out: []directconnect.PublicRange{}, handle: a.setPublicRanges,
		},
	}
}

func (a *api) showPublicRanges(ctx context.Context, _ *http.Request) (any, error) {
	ranges, err := a.Service.PublicRanges(ctx)
	return append([]directconnect.PublicRange{}, ranges...), err
}

// setPublicRanges makes the list of the body the provider's prefixes, in place of all that there were.
func (a *api) setPublicRanges(ctx context.Context, r *http.Request) (any, error) {
	var in []directconnect.PublicRange
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	if in == nil {
		return nil, problem(http.StatusBadRequest, "The request body is no list of ranges; [] is one without any.")
	}
	return a.Service.SetPublicRanges(ctx, in)
}

// PublicRanges answers the provider's own prefixes, which are announced on public interfaces.
func (c *Client) PublicRanges(ctx context.Context) ([]directconnect.PublicRange, error) {
	return ask[[]directconnect.PublicRange](ctx, c, "GET", "/v1/public-ranges", nil, nil)
}

// SetPublicRanges makes a JSON list of directconnect.PublicRange the provider's prefixes, and answers them in order.
func (c *Client) SetPublicRanges(ctx context.Context, list []byte) ([]directconnect.PublicRange, error) {
	return ask[[]directconnect.PublicRange](ctx, c, "PUT", "/v1/public-ranges", nil, list)
}

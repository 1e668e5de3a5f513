package operator

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
)

// A page of connections holds this many, or up to maxConnections when asked.
const (
	connectionPage = 100
	maxConnections = 1000
)

// listConnections answers the connections of all accounts, chosen by account, region, location, router, lag and state;
// all=true lists ended ones too.
func (a *api) listConnections(ctx context.Context, r *http.Request) (any, error) {
	f, err := connectionFilter(r.URL.Query())
	if err != nil {
		return nil, err
	}
	limit := f.Limit
	f.Limit++ // to know whether another page follows
	found, err := a.Service.AllConnections(ctx, f)
	if err != nil {
		return nil, err
	}
	page := Connections{Connections: []Connection{}}
	for i, c := range found {
		if i == limit {
			page.After = found[i-1].ID
			break
		}
		page.Connections = append(page.Connections, connectionOf(c))
	}
	return page, nil
}

func connectionFilter(q url.Values) (controlplane.ConnectionFilter, error) {
	f := controlplane.ConnectionFilter{Limit: connectionPage}
	texts := map[string]*string{
		"account": &f.Account, "region": &f.Region, "location": &f.Location, "router": &f.Router, "lag": &f.LagID,
		"state": (*string)(&f.State), "after": &f.After,
	}
	for key, values := range q {
		value, err := values[len(values)-1], error(nil)
		switch to, ok := texts[key]; {
		case ok:
			*to = value
		case key == "all":
			f.Ended, err = strconv.ParseBool(value)
		case key == "limit":
			if f.Limit, err = strconv.Atoi(value); err == nil && (f.Limit < 1 || f.Limit > maxConnections) {
				err = strconv.ErrRange
			}
		default:
			return f, problem(http.StatusBadRequest, "%q is nothing to choose connections by.", key)
		}
		if err != nil {
			return f, problem(http.StatusBadRequest, "%q is not a value for %s.", value, key)
		}
	}
	if f.State == directconnect.ConnectionDeleted || f.State == directconnect.ConnectionRejected {
		f.Ended = true
	}
	return f, nil
}

func (a *api) showConnection(ctx context.Context, r *http.Request) (any, error) {
	c, port, err := a.Service.OneConnection(ctx, r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	out := connectionOf(c)
	out.LOACode = c.LOACode
	if port != nil {
		out.Optic, out.Panel = port.Optic, &port.Panel
	}
	return out, nil
}

// move makes a handler of a move that takes nothing but the connection.
func (a *api) move(make func(context.Context, string) (directconnect.Connection, error)) handler {
	return func(ctx context.Context, r *http.Request) (any, error) {
		if err := readJSON(r, &struct{}{}); err != nil {
			return nil, err
		}
		if _, err := make(ctx, r.PathValue("id")); err != nil {
			return nil, err
		}
		a.settleBriefly(ctx)
		c, _, err := a.Service.OneConnection(ctx, r.PathValue("id"))
		if err != nil {
			return nil, err
		}
		return connectionOf(c), nil
	}
}

// settleBriefly lets the routers follow a move, so that the answer tells what came of it. They go on by themselves when
// that takes longer.
func (a *api) settleBriefly(ctx context.Context) {
	if a.Settle == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, settleTime)
	defer cancel()
	if err := a.Settle(ctx); err != nil && ctx.Err() == nil {
		a.Log.Warn("the routers did not follow a move at once", "error", err)
	}
}

// settleTime is how long the answer to a move waits for the routers.
const settleTime = time.Second

func (a *api) refuseOrder(ctx context.Context, r *http.Request) (any, error) {
	var in struct {
		Reason string `json:"reason"`
	}
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	c, err := a.Service.RefuseOrder(ctx, r.PathValue("id"), in.Reason)
	if err != nil {
		return nil, err
	}
	return connectionOf(c), nil
}

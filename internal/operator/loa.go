package operator

import (
	"context"
	"net/http"
)

func (a *api) loaRoutes() []route {
	return []route{{
		pattern: "GET /v1/loa/{code}", summary: "Tell what is true of the letter with a verification code.", out: LOA{},
		query: choose("connection", "The connection ID on the letter: faster where there are many."), handle: a.verifyLOA,
	}}
}

// verifyLOA tells what is true of the letter with a verification code; ?connection= names the connection on the letter.
func (a *api) verifyLOA(ctx context.Context, r *http.Request) (any, error) {
	v, err := a.Service.VerifyLOA(ctx, r.PathValue("code"), r.URL.Query().Get("connection"))
	if err != nil {
		return nil, err
	}
	c := v.Connection
	return LOA{
		Valid: v.Valid, Reason: v.Reason, ConnectionID: c.ID, Name: c.Name, Account: c.Account, Location: c.Location,
		State: string(c.State), Issued: v.Issued, Expires: v.Expires,
	}, nil
}

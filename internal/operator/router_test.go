package operator_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onramp/internal/controlplane"
	"onramp/internal/operator"
)

// fleet is routers in memory.
type fleet struct {
	life    time.Duration
	revoked []string
	list    []operator.Router
}

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func (f *fleet) known(router string) error {
	if router != "r1/0" {
		return &controlplane.Refusal{Reason: controlplane.Missing, Message: "There is no router " + router + "."}
	}
	return nil
}

func (f *fleet) Routers(context.Context) ([]operator.Router, error) { return f.list, nil }

func (f *fleet) NewToken(_ context.Context, router string, life time.Duration) (operator.RouterToken, error) {
	f.life = life
	return operator.RouterToken{Router: router, Token: "secret", Expires: noon, Addresses: []string{"192.0.2.1:7226"}}, f.known(router)
}

func (f *fleet) Revoke(_ context.Context, router string) error {
	f.revoked = append(f.revoked, router)
	return f.known(router)
}

func routerClient(t *testing.T, routers operator.Routers) *operator.Client {
	t.Helper()
	srv := httptest.NewServer(operator.New(operator.Config{Service: &controlplane.Service{}, Token: "x", Routers: routers}))
	t.Cleanup(srv.Close)
	return &operator.Client{Base: srv.URL, Token: "x", HTTP: srv.Client()}
}

// answers checks the status of an error.
func answers(t *testing.T, err error, status int, text string) {
	t.Helper()
	p, ok := errors.AsType[*operator.Problem](err)
	if !ok || p.Status != status || !strings.Contains(p.Message, text) {
		t.Errorf("answered %v, want %d %q", err, status, text)
	}
}

func TestRouters(t *testing.T) {
	t.Parallel()
	f := &fleet{list: []operator.Router{{Name: "r1/0", Enrolled: noon, Drift: []string{"et-0"}, Repairs: 2}, {Name: "r2", Waiting: true}}}
	c := routerClient(t, f)
	list, err := c.Routers(t.Context(), "")
	if diff := cmp.Diff(f.list, list); diff != "" || err != nil {
		t.Errorf("error %v (-want +got):\n%s", err, diff)
	}
	token, err := c.NewRouterToken(t.Context(), "r1/0", "10m")
	want := operator.RouterToken{Router: "r1/0", Token: "secret", Expires: noon, Addresses: []string{"192.0.2.1:7226"}}
	if diff := cmp.Diff(want, token); diff != "" || err != nil || f.life != 10*time.Minute {
		t.Errorf("for %v; error %v (-want +got):\n%s", f.life, err, diff)
	}
	if _, err := c.NewRouterToken(t.Context(), "r1/0", ""); err != nil || f.life != 0 {
		t.Errorf("for %v; error %v", f.life, err)
	}
	for _, life := range []string{"soon", "0s", "31d", "-1h"} {
		_, err := c.NewRouterToken(t.Context(), "r1/0", life)
		answers(t, err, http.StatusBadRequest, "between a second and 30 days")
	}
	_, err = c.NewRouterToken(t.Context(), "r9", "")
	answers(t, err, http.StatusNotFound, "There is no router r9.")
	if err := c.RevokeRouter(t.Context(), "r1/0"); err != nil || len(f.revoked) != 1 || f.revoked[0] != "r1/0" {
		t.Errorf("revoked %v; error %v", f.revoked, err)
	}
	answers(t, c.RevokeRouter(t.Context(), "r9"), http.StatusNotFound, "There is no router r9.")
}

// Without a listener for routers there is nothing that could be done with them.
func TestNoRouters(t *testing.T) {
	t.Parallel()
	c := routerClient(t, nil)
	if list, err := c.Routers(t.Context(), ""); err != nil || len(list) != 0 {
		t.Errorf("routers %v; error %v", list, err)
	}
	_, err := c.NewRouterToken(t.Context(), "r1", "")
	answers(t, err, http.StatusConflict, "listens for routers")
	answers(t, c.RevokeRouter(t.Context(), "r1"), http.StatusConflict, "listens for routers")
}

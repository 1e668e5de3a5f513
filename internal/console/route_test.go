package console

import (
	"strings"
	"testing"
)

// Who a page is for follows from where it is; what says nothing is the operator's.
func TestAudiences(t *testing.T) {
	t.Parallel()
	if said := (route{}).who; said != operator {
		t.Errorf("a route that does not say who it is for is for %d", said)
	}
	s := &Console{oidc: &provider{}}
	all, account := s.routes(), map[string]bool{}
	for _, r := range s.customerRoutes() {
		account[r.pattern] = true
	}
	account["GET /console/{$}"] = true
	for _, r := range all {
		_, path, _ := strings.Cut(r.pattern, " ")
		want := somebody
		switch {
		case account[r.pattern]:
			want = customer
		case strings.HasPrefix(path, "/console/operator/"), path == "/console/network", strings.HasPrefix(path, "/console/routers/"):
			want = operator
		case strings.HasPrefix(path, "/console/login"), path == "/console/theme":
			want = anybody
		}
		if r.who != want {
			t.Errorf("%s is for %d, not %d", r.pattern, r.who, want)
		}
	}
	if len(all) < 100 {
		t.Errorf("there are %d routes", len(all))
	}
}

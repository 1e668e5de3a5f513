package operator_test

import (
	"net/url"
	"testing"
	"time"

	"onramp/internal/onramptest"
)

// TestPublicRanges: what is set is announced on public interfaces that are there already.
func TestPublicRanges(t *testing.T) {
	t.Parallel()
	srv := onramptest.Start(t)
	id := public(t, srv, lit(t, srv))
	srv.Advance(time.Minute)
	const path = "/v1/public-ranges"
	advertised := func() (cidrs []string) {
		t.Helper()
		page, err := srv.Operator().Routes(t.Context(), id, url.Values{"direction": {"advertised"}})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page.Routes {
			cidrs = append(cidrs, r.CIDR.String())
		}
		return cidrs
	}
	if got := advertised(); len(got) == 0 || got[0] != "198.18.0.0/18" {
		t.Fatalf("by default %v are announced", got)
	}
	steps(t, srv, []step{
		{"by default", "GET", path, "", 200, `[{"cidr":"198.18.0.0/18","region":"us-east-1"}`},
		{"nothing set", "PUT", path, "", 400, "no list of ranges"},
		{"null set", "PUT", path, "null", 400, "no list of ranges"},
		{"an object", "PUT", path, "{}", 400, "not the JSON expected"},
		{"unknown member", "PUT", path, `[{"cidr":"192.0.2.0/24","color":"red"}]`, 400, "unknown field"},
		{"twice", "PUT", path, `[{"cidr":"192.0.2.0/24"},{"cidr":"192.0.2.0/24"}]`, 400, "Public range 192.0.2.0/24 is there twice."},
		{"host bits", "PUT", path, `[{"cidr":"192.0.2.1/24"}]`, 400, "it has host bits set"},
		{"no prefix", "PUT", path, `[{"region":"us-east-1"}]`, 400, "is not valid"},
		{"no Region", "PUT", path, `[{"cidr":"192.0.2.0/24","region":"nowhere"}]`, 400, `\"nowhere\" is not the name of a Region.`},
		{"unchanged by these", "GET", path, "", 200, `[{"cidr":"198.18.0.0/18","region":"us-east-1"}`},
		{"set", "PUT", path, `[{"cidr":"192.0.2.128/25"},{"cidr":"192.0.2.0/25","region":"us-east-1"}]`, 200, `[{"cidr":"192.0.2.0/25","region":"us-east-1"},{"cidr":"192.0.2.128/25"}]`},
	})
	srv.Settle()
	if got := advertised(); len(got) != 2 || got[0] != "192.0.2.0/25" || got[1] != "192.0.2.128/25" {
		t.Errorf("announced are %v", got)
	}
	steps(t, srv, []step{{"none", "PUT", path, "[]", 200, "[]"}, {"none there", "GET", path, "", 200, "[]"}})
	srv.Settle()
	if got := advertised(); len(got) > 0 {
		t.Errorf("announced are still %v", got)
	}
}

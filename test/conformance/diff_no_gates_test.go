package conformance

import (
	"net/http"
	"testing"

	"onramp/internal/directconnect"
)

// TestNoThrottling: there is no rate above which calls are refused.
func TestNoThrottling(t *testing.T) {
	t.Parallel()
	a := open(t).as(t, alice)
	for range 300 {
		if x := a.send("DescribeCustomerMetadata", `{}`); x.status != http.StatusOK {
			t.Fatalf("HTTP %d %s", x.status, x.body)
		}
	}
}

// TestNoPolicies: an access key may do all that its account may.
func TestNoPolicies(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.configure(alice, "Alice", directconnect.PartnerV2)
	a := w.as(t, alice)
	got(a.tag(t, arn(a.order(t, ashburn, "1Gbps", "x")), "k", "v"))(t)
	a.interconnect(t, "1Gbps")
}

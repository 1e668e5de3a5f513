package conformance

import (
	"net/http"
	"testing"
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

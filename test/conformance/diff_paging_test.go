package conformance

import (
	"testing"
	"time"

	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"

	"onramp/internal/directconnect"
)

// TestPageSize: a hundred when nothing is asked or more is; the last page has no token, full or not; the deprecated list
// knows no pages and answers all.
func TestPageSize(t *testing.T) {
	t.Parallel()
	w := open(t, directconnect.Quotas{})
	a := w.as(t, alice)
	parent := a.interconnect(t, "10Gbps")
	for vlan := range int32(101) {
		a.host(t, parent, bob, "50Mbps", vlan+1)
	}
	list := pagers(t, a, parent)[1]
	for _, asked := range []*int32{nil, num(100), num(101), num(1 << 30)} {
		ids, next, err := list.ask(asked, nil)
		if err != nil || len(ids) != 100 || next == nil {
			t.Fatalf("%d items, token %v, %v", len(ids), next, err)
		}
		ids, next, err = list.ask(asked, next)
		if err != nil || len(ids) != 1 || next != nil {
			t.Fatalf("second page: %d items, token %v, %v", len(ids), next, err)
		}
	}
	out := got(a.DescribeConnectionsOnInterconnect(t.Context(), &dc.DescribeConnectionsOnInterconnectInput{InterconnectId: &parent}))(t)
	if len(out.Connections) != 101 || out.NextToken != nil {
		t.Errorf("%d items, token %v", len(out.Connections), out.NextToken)
	}
}

// TestTokensAreBound: to what they were made for, for ever; a page of nothing or less is refused.
func TestTokensAreBound(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	a.order(t, ashburn, "1Gbps", "1")
	a.order(t, ashburn, "1Gbps", "2")
	_, token, err := pagers(t, a, "")[0].ask(num(1), nil)
	if err != nil || token == nil {
		t.Fatal(token, err)
	}
	w.turn(365 * 24 * time.Hour)
	if ids, _, err := pagers(t, a, "")[0].ask(nil, token); err != nil || len(ids) != 1 {
		t.Errorf("a year later: %v, %v", ids, err)
	}
	refused(a.DescribeInterconnects(t.Context(), &dc.DescribeInterconnectsInput{NextToken: token}))(t, client, "nextToken is not valid.")
	refused(a.DescribeConnections(t.Context(), &dc.DescribeConnectionsInput{MaxResults: num(0)}))(
		t, client, "maxResults 0 is not valid. It must be at least 1.")
}

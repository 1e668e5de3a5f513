package conformance

import (
	"testing"

	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
)

// TestLoaOfALAG: one letter with a page for each member; none while one of them is still requested.
func TestLoaOfALAG(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	lag := a.orderLAG(t, ashburn, "10Gbps", "x", 2)
	m := a.memberIDs(t, lag)
	ask := &dc.DescribeLoaInput{ConnectionId: &lag}
	w.approve(m[0])
	w.unchanged(t, func() {
		refused(a.DescribeLoa(t.Context(), ask))(t, client, "The LOA-CFA for connection "+m[1]+" is not yet available.")
	})
	w.approve(m[1])
	if n := pages(t, got(a.DescribeLoa(t.Context(), ask))(t).LoaContent); n != 2 {
		t.Errorf("%d pages for 2 members", n)
	}
	for _, id := range m {
		holds(t, a.connection(t, id)["loaIssueTime"], w.now().Unix())
	}
	for _, id := range m {
		got(a.disassociate(t, id, lag))(t)
	}
	refused(a.DescribeLoa(t.Context(), ask))(t, client, "Lag "+lag+" has no connections.")
}

// TestLoaForAnyProvider: the letter names whom the caller names, and is not held against the location's list.
func TestLoaForAnyProvider(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	id := a.order(t, ashburn, "10Gbps", "x")
	refused(a.DescribeLoa(t.Context(), &dc.DescribeLoaInput{ConnectionId: &id}))(t, client, "The LOA-CFA for connection "+id+" is not yet available.")
	w.approve(id)
	got(a.DescribeLoa(t.Context(), &dc.DescribeLoaInput{ConnectionId: &id, ProviderName: str("A Carrier Nobody Knows")}))(t)
}

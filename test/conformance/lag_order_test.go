package conformance

import (
	"context"
	"testing"

	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"

	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// orderLAG orders a LAG of n new connections.
func (c *caller) orderLAG(t testing.TB, location, bandwidth, name string, n int32, further ...func(*dc.CreateLagInput)) string {
	t.Helper()
	in := &dc.CreateLagInput{Location: &location, ConnectionsBandwidth: &bandwidth, LagName: &name, NumberOfConnections: n}
	for _, f := range further {
		f(in)
	}
	out := got(c.CreateLag(t.Context(), in))(t)
	if out.LagId == nil || !directconnect.IsLAGID(*out.LagId) {
		t.Fatalf("lagId is %v", out.LagId)
	}
	return *out.LagId
}

// lagShown is one LAG as DescribeLags shows it on the wire.
func (c *caller) lagShown(t testing.TB, id string) map[string]any {
	t.Helper()
	got(c.DescribeLags(t.Context(), &dc.DescribeLagsInput{LagId: &id}))(t)
	all := c.object()["lags"].(list)
	if len(all) != 1 {
		t.Fatalf("%d LAGs with ID %s", len(all), id)
	}
	return all[0].(map[string]any)
}

// memberIDs are the connections of a LAG.
func (c *caller) memberIDs(t testing.TB, lag string) (ids []string) {
	t.Helper()
	for _, m := range c.lagShown(t, lag)["connections"].(list) {
		ids = append(ids, m.(map[string]any)["connectionId"].(string))
	}
	return ids
}

func (c *caller) lagState(t testing.TB, id, want string) {
	t.Helper()
	if got := c.lagShown(t, id)["lagState"]; got != want {
		t.Errorf("%s is %s, want %s", id, got, want)
	}
}

// lag is a LAG as it is stored.
func (w *world) lag(id string) directconnect.LAG {
	w.t.Helper()
	var g directconnect.LAG
	err := w.store.View(context.Background(), func(tx *store.Tx) (err error) {
		g, err = tx.LAG(id)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return g
}

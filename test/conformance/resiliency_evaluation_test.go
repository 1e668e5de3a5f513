package conformance

import (
	"context"
	"slices"
	"testing"
	"time"

	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"

	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
)

// evaluate reports on a group, with what the failure of an element would do if one is named as KIND:NAME.
func (w *world) evaluate(group, without string) controlplane.ResiliencyReport {
	w.t.Helper()
	var element *directconnect.Element
	if without != "" {
		e, err := directconnect.ParseElement(without)
		if err != nil {
			w.t.Fatal(err)
		}
		element = &e
	}
	r, err := w.service.Resiliency(context.Background(), group, element)
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

func texts(all []directconnect.Destination) (out []string) {
	for _, d := range all {
		out = append(out, d.String())
	}
	return out
}

// TestResiliencyOfTraffic: two ports on two routers and one elsewhere, of which first none, then two carry sessions to a
// gateway, with prefixes of which one comes over one router only; cables, routers and sessions fail.
func TestResiliencyOfTraffic(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	one, two, far := a.port(t, "10Gbps"), a.port(t, "10Gbps"), a.order(t, vienna, "10Gbps", "x")
	w.light(far)
	id := a.gather(t, "x") // meant for high resiliency
	got(a.putInto(t, id, one, two, far))(t)
	if r := w.evaluate(id, ""); r.Evaluation.Reached != directconnect.NoResiliency || len(r.Layout.Links) != 0 {
		t.Errorf("with connections that are only being associated: %+v", r.Evaluation)
	}
	w.turn(time.Hour)
	if r := w.evaluate(id, ""); !r.Evaluation.Met || len(r.Evaluation.Points) != 0 {
		t.Errorf("three ports at two locations: %+v", r.Evaluation)
	}
	routers := []string{w.noun(one).Router, w.noun(two).Router}

	gateway := a.dxgw(t)
	first, second := a.private(t, one, 1, toDXGW(gateway)), a.private(t, two, 1, toDXGW(gateway))
	w.turn(time.Hour)
	a.vifState(t, first, "available")
	w.script(first, `{"announce":[{"cidr":"10.1.0.0/16"},{"cidr":"10.2.0.0/16"}]}`)
	w.script(second, `{"announce":[{"cidr":"10.1.0.0/16"}]}`)
	r := w.evaluate(id, "router:"+routers[0])
	gw, only := "gateway "+gateway, "prefix 10.2.0.0/16 accepted by gateway "+gateway
	var reached []string
	for _, s := range r.Evaluation.Standings {
		reached = append(reached, s.Destination.String()+": "+string(s.Reached))
	}
	want := []string{
		"all connections: high-resiliency", gw + ": basic-resiliency",
		"prefix 10.1.0.0/16 accepted by " + gw + ": basic-resiliency", only + ": none",
	}
	if !slices.Equal(reached, want) || r.Evaluation.Met || r.Evaluation.Reached != directconnect.NoResiliency {
		t.Errorf("reached %s: %q, want %q", r.Evaluation.Reached, reached, want)
	}
	var points []string
	for _, p := range r.Evaluation.Points {
		points = append(points, p.String()+" cuts off "+texts(p.Loses)[0])
	}
	want = []string{
		"location " + ashburn + " cuts off " + gw, "router " + routers[0] + " cuts off " + only, "connection " + one + " cuts off " + only,
		"interface " + first + " cuts off " + only,
	}
	if !slices.Equal(points, want) {
		t.Errorf("single points of failure are %q, want %q", points, want)
	}
	if lost := texts(r.WhatIf.Lost); !slices.Equal(lost, []string{only}) {
		t.Errorf("without %s: %q, want %q", routers[0], lost, only)
	}

	w.cut(two) // then everything hangs on the first
	r = w.evaluate(id, "connection:"+one)
	if lost := texts(r.WhatIf.Lost); !slices.Equal(lost, []string{gw}) {
		t.Errorf("with the second port dark, without the first: %q, want %q", lost, gw)
	}
	if e := r.WhatIf.After; e.Reached != directconnect.NoResiliency || len(e.Standings) < 2 || len(e.Standings[1].Over) != 0 {
		t.Errorf("with both ports dark: %+v", e)
	}
	w.restore(two)
	w.script(second, `{"silent":true}`)
	a.vifState(t, second, "down")
	if lost := texts(w.evaluate(id, "interface:"+first).WhatIf.Lost); !slices.Equal(lost, []string{gw}) {
		t.Errorf("with a silent customer: %q, want %q", lost, gw)
	}
}

// TestResiliencyOfLAGs: members of one LAG are one endpoint, and one way.
func TestResiliencyOfLAGs(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	lag := a.orderLAG(t, ashburn, "10Gbps", "x", 2)
	m := a.memberIDs(t, lag)
	w.light(m...)
	id := a.gather(t, "x")
	got(a.putInto(t, id, m...))(t)
	w.turn(time.Hour)
	r := w.evaluate(id, "lag:"+lag)
	if len(r.Layout.Links) != 1 || r.Evaluation.Reached != directconnect.NoResiliency || !slices.Equal(texts(r.WhatIf.Lost), []string{"all connections"}) {
		t.Errorf("a LAG of two: %+v", r)
	}
	w.cut(m[0])
	if r := w.evaluate(id, ""); !r.Layout.Links[0].Up {
		t.Errorf("a LAG with one dark member: %+v", r.Layout.Links)
	}
	got(a.UpdateLag(t.Context(), &dc.UpdateLagInput{LagId: &lag, MinimumLinks: 2}))(t)
	if r := w.evaluate(id, ""); r.Layout.Links[0].Up {
		t.Errorf("a LAG with one dark member of two that it needs: %+v", r.Layout.Links)
	}
}

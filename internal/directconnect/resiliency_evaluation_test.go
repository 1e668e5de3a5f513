package directconnect

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// links makes links that are up of texts such as "A/1": location, slash, router. A minus before one has it down, an
// L one a LAG.
func links(texts ...string) (out []LayoutLink) {
	for i, text := range texts {
		text, down := strings.CutPrefix(text, "-")
		text, lag := strings.CutPrefix(text, "L")
		location, _, _ := strings.Cut(text, "/")
		id := fmt.Sprintf("dxcon-ffabc12%d", i)
		if lag {
			id = fmt.Sprintf("dxlag-ffabc12%d", i)
		}
		out = append(out, LayoutLink{ID: id, Location: location, Router: text, Up: !down})
	}
	return out
}

// attach puts an interface over the n-th link, with prefixes that the customer announces.
func attach(l *Layout, gateway string, n int, accepted ...string) {
	v := LayoutInterface{
		ID: fmt.Sprintf("dxvif-ffabc12%d", len(l.Interfaces)), LinkID: l.Links[n].ID, Gateway: gateway, Up: true,
		Advertised: []netip.Prefix{netip.MustParsePrefix("172.31.0.0/16")},
	}
	for _, p := range accepted {
		v.Accepted = append(v.Accepted, netip.MustParsePrefix(p))
	}
	l.Interfaces = append(l.Interfaces, v)
}

// TestModelsOfConnections: locations, and endpoints at them, decide; ports of one endpoint count as one.
func TestModelsOfConnections(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		links            string
		reached, planned ResiliencyModel
		points           string
	}{
		{"", NoResiliency, NoResiliency, ""},
		{"A/1", NoResiliency, NoResiliency, "location A, router A/1, connection dxcon-ffabc120"},
		{"LA/1", NoResiliency, NoResiliency, "location A, router A/1, lag dxlag-ffabc120"},
		{"A/1 A/1", NoResiliency, NoResiliency, "location A, router A/1"},
		{"A/1 LA/1 A/1", NoResiliency, NoResiliency, "location A, router A/1"},
		{"A/1 A/2", BasicResiliency, BasicResiliency, "location A"},
		{"A/1 A/2 A/3 A/4", BasicResiliency, BasicResiliency, "location A"},
		{"A/1 B/1", HighResiliency, HighResiliency, ""},
		{"A/1 B/1 C/1", HighResiliency, HighResiliency, ""},
		{"A/1 A/2 B/1", HighResiliency, HighResiliency, ""},
		{"A/1 A/2 B/1 B/1", HighResiliency, HighResiliency, ""},
		{"A/1 A/2 B/1 B/2", MaximumResiliency, MaximumResiliency, ""},
		{"LA/1 LA/2 LB/1 LB/2", MaximumResiliency, MaximumResiliency, ""},
		{"A/1 -A/2 B/1 B/2", HighResiliency, MaximumResiliency, ""},
		{"A/1 A/2 -B/1 -B/2", BasicResiliency, MaximumResiliency, "location A"},
		{"-A/1 -B/1", NoResiliency, HighResiliency, ""},
	} {
		l := Layout{Intended: BasicResiliency, Links: links(strings.Fields(c.links)...)}
		e := l.Evaluate()
		if e.Reached != c.reached || e.Planned != c.planned || e.Met != (c.reached != NoResiliency) || names(e.Points) != c.points {
			t.Errorf("%q reaches %s of %s, met %t, with %s; want %s of %s with %s", c.links, e.Reached, e.Planned, e.Met, names(e.Points), c.reached, c.planned, c.points)
		}
	}
}

func names(points []FailurePoint) string {
	var all []string
	for _, p := range points {
		all = append(all, p.String())
	}
	return strings.Join(all, ", ")
}

func TestMeets(t *testing.T) {
	t.Parallel()
	all := append([]ResiliencyModel{NoResiliency}, ResiliencyModels...)
	for i, a := range all {
		for j, b := range all {
			if a.Meets(b) != (i >= j) {
				t.Errorf("%s meets %s: %t", a, b, a.Meets(b))
			}
		}
	}
}

// fourWays has two routers at each of two locations, and a gateway whose prefixes come over some of them only.
func fourWays() Layout {
	l := Layout{Intended: MaximumResiliency, Links: links("A/1", "A/2", "B/1", "B/2")}
	attach(&l, "gw", 0, "10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24")
	attach(&l, "gw", 1, "10.0.0.0/24", "10.0.1.0/24")
	attach(&l, "gw", 2, "10.0.0.0/16")
	attach(&l, "gw", 3, "10.0.0.0/24")
	return l
}

// TestPrefixesFallShort: the layout is the best there is, and what is announced over it is not.
func TestPrefixesFallShort(t *testing.T) {
	t.Parallel()
	e := fourWays().Evaluate()
	accepted := func(p string) Destination {
		return Destination{ToPrefix, "gw", RouteAccepted, netip.MustParsePrefix(p)}
	}
	all := []string{"dxvif-ffabc120", "dxvif-ffabc121", "dxvif-ffabc122", "dxvif-ffabc123"}
	want := Evaluation{
		Intended: MaximumResiliency, Reached: NoResiliency, Planned: MaximumResiliency, Prefixes: 5,
		Standings: []Standing{
			{Destination{Kind: ToProvider}, MaximumResiliency, []string{"dxcon-ffabc120", "dxcon-ffabc121", "dxcon-ffabc122", "dxcon-ffabc123"}},
			{Destination{Kind: ToGateway, Gateway: "gw"}, MaximumResiliency, all},
			{accepted("10.0.0.0/16"), NoResiliency, all[2:3]},
			// 10.0.0.0/24 comes over all four: one of them has the /16 that covers it.
			{accepted("10.0.1.0/24"), HighResiliency, all[:3]},
			{accepted("10.0.2.0/24"), HighResiliency, []string{all[0], all[2]}},
		},
		Points: []FailurePoint{
			{Element{LocationElement, "B"}, []Destination{accepted("10.0.0.0/16")}},
			{Element{RouterElement, "B/1"}, []Destination{accepted("10.0.0.0/16")}},
			{Element{ConnectionElement, "dxcon-ffabc122"}, []Destination{accepted("10.0.0.0/16")}},
			{Element{InterfaceElement, "dxvif-ffabc122"}, []Destination{accepted("10.0.0.0/16")}},
		},
	}
	if diff := cmp.Diff(want, e, cmp.Comparer(func(a, b netip.Prefix) bool { return a == b })); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestToldBack: with SiteLink the one that stands by is told the customer's own prefix by the other; it is not a prefix of the
// far side that one of them alone leads to.
func TestToldBack(t *testing.T) {
	t.Parallel()
	l := Layout{Intended: HighResiliency, Links: links("A/1", "B/1")}
	attach(&l, "gw", 0, "10.44.0.0/16")
	attach(&l, "gw", 1, "10.44.0.0/16")
	far := l.Interfaces[1].Advertised
	l.Interfaces[1].Advertised = append(slices.Clone(far), netip.MustParsePrefix("10.44.0.0/16"))
	if e := l.Evaluate(); !e.Met || len(e.Points) != 0 {
		t.Errorf("evaluated as %+v", e)
	}
	l.Interfaces[1].Advertised = append(slices.Clone(far), netip.MustParsePrefix("10.45.0.0/16")) // of the far side
	if e := l.Evaluate(); e.Met || len(e.Points) == 0 {
		t.Errorf("a prefix of the far side that only one leads to: %+v", e)
	}
}

// TestGatewayFallsShort: four connections, and an interface over one.
func TestGatewayFallsShort(t *testing.T) {
	t.Parallel()
	l := Layout{Intended: HighResiliency, Links: links("A/1", "A/2", "B/1", "LB/2")}
	attach(&l, PublicGateway, 3, "192.0.2.0/24")
	e := l.Evaluate()
	if e.Met || e.Reached != NoResiliency || e.Standings[0].Reached != MaximumResiliency {
		t.Errorf("evaluated as %+v", e)
	}
	if got := names(e.Points); got != "location B, router B/2, lag dxlag-ffabc123, interface dxvif-ffabc120" {
		t.Errorf("points are %s", got)
	}
	for _, p := range e.Points { // the gateway, not each of its prefixes
		if len(p.Loses) != 1 || p.Loses[0] != (Destination{Kind: ToGateway, Gateway: PublicGateway}) {
			t.Errorf("%s loses %v", p.Element, p.Loses)
		}
	}
}

func TestImagine(t *testing.T) {
	t.Parallel()
	two := Layout{Intended: BasicResiliency, Links: links("A/1", "A/2")}
	attach(&two, "gw", 0, "10.0.0.0/24")
	attach(&two, "gw", 1)
	one := Layout{Intended: BasicResiliency, Links: links("A/1")}
	attach(&one, "gw", 0, "10.0.0.0/24")
	for _, c := range []struct {
		l     Layout
		e     Element
		lost  string
		after ResiliencyModel
	}{
		{fourWays(), Element{RouterElement, "B/1"}, "prefix 10.0.0.0/16 accepted by gateway gw", NoResiliency},
		{fourWays(), Element{RouterElement, "A/1"}, "", NoResiliency},
		{two, Element{RouterElement, "A/1"}, "prefix 10.0.0.0/24 accepted by gateway gw", NoResiliency},
		{two, Element{RouterElement, "A/2"}, "", NoResiliency},
		{two, Element{LocationElement, "A"}, "all connections, gateway gw", NoResiliency},
		{one, Element{InterfaceElement, "dxvif-ffabc120"}, "gateway gw", NoResiliency},
		{Layout{Links: links("A/1", "A/2", "B/1", "B/2")}, Element{RouterElement, "A/1"}, "", HighResiliency},
		{Layout{Links: links("A/1", "A/2", "B/1", "B/2")}, Element{LocationElement, "A"}, "", BasicResiliency},
	} {
		if !c.l.Has(c.e) {
			t.Errorf("%s is not there", c.e)
		}
		w := c.l.Imagine(c.e)
		var lost []string
		for _, d := range w.Lost {
			lost = append(lost, d.String())
		}
		if got := strings.Join(lost, ", "); got != c.lost || w.After.Reached != c.after || w.Without != c.e {
			t.Errorf("without %s: lost %q and %s, want %q and %s", c.e, got, w.After.Reached, c.lost, c.after)
		}
	}
}

func TestParseElement(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]Element{
		"router:EqDC2-1": {RouterElement, "EqDC2-1"}, "location:EqDC2": {LocationElement, "EqDC2"}, "lag:x": {LAGElement, "x"},
		"connection:dxcon-ffabc123": {ConnectionElement, "dxcon-ffabc123"}, "interface:x:y": {InterfaceElement, "x:y"},
	} {
		if got, err := ParseElement(s); err != nil || got != want {
			t.Errorf("%s: %+v %v", s, got, err)
		}
	}
	for _, s := range []string{"", "router", "router:", ":x", "building:x", "Router:x"} {
		if _, err := ParseElement(s); err == nil {
			t.Errorf("%q is taken", s)
		}
	}
	if fourWays().Has(Element{RouterElement, "C/1"}) || fourWays().Has(Element{LocationElement, "A/1"}) {
		t.Error("the layout has what it has not")
	}
}

func drawLayout(t *rapid.T) Layout {
	l := Layout{Intended: rapid.SampledFrom(ResiliencyModels).Draw(t, "intended")}
	texts := rapid.SliceOfN(rapid.SampledFrom([]string{"A/1", "A/2", "B/1", "B/2", "LA/1", "LB/2", "C/1", "-A/1", "-C/1"}), 1, 6).Draw(t, "links")
	l.Links = links(texts...)
	for range rapid.IntRange(0, 6).Draw(t, "interfaces") {
		attach(&l, rapid.SampledFrom([]string{"gw", "vgw"}).Draw(t, "gateway"), rapid.IntRange(0, len(texts)-1).Draw(t, "over"),
			rapid.SliceOfN(rapid.SampledFrom(announced), 0, 4).Draw(t, "announced")...)
		l.Interfaces[len(l.Interfaces)-1].Up = rapid.IntRange(0, 4).Draw(t, "up") > 0
	}
	return l
}

var announced = []string{"10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24", "192.168.0.0/16", "2001:db8::/32"}

// betterPath adds a path, drawn: a connection, another way to a gateway and prefixes that are there, or one that comes up.
func betterPath(t *rapid.T, l Layout) Layout {
	l.Links, l.Interfaces = slices.Clone(l.Links), slices.Clone(l.Interfaces)
	choice := rapid.IntRange(0, 3).Draw(t, "path")
	if len(l.Interfaces) == 0 {
		choice = min(choice, 1)
	}
	switch choice {
	case 0:
		k := links(rapid.SampledFrom([]string{"A/3", "B/1", "D/1"}).Draw(t, "more"))[0]
		k.ID = "dxcon-ffmore12"
		l.Links = append(l.Links, k)
	case 1:
		l.Links[rapid.IntRange(0, len(l.Links)-1).Draw(t, "link")].Up = true
	case 2:
		l.Interfaces[rapid.IntRange(0, len(l.Interfaces)-1).Draw(t, "interface")].Up = true
	default:
		twin := l.Interfaces[rapid.IntRange(0, len(l.Interfaces)-1).Draw(t, "twin of")]
		twin.ID, twin.Up = "dxvif-ffmore12", true
		twin.LinkID = l.Links[rapid.IntRange(0, len(l.Links)-1).Draw(t, "over")].ID
		l.Interfaces = append(l.Interfaces, twin)
	}
	return l
}

// TestMorePathsAreNeverWorse: adding a path makes neither the verdict nor anything that is reached worse, and makes no
// destination depend on an element that it did not depend on before while it was reached.
func TestMorePathsAreNeverWorse(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l := drawLayout(t)
		more := betterPath(t, l)
		before, after := l.Evaluate(), more.Evaluate()
		if !after.Reached.Meets(before.Reached) || !after.Planned.Meets(before.Planned) || before.Met && !after.Met {
			t.Fatalf("%+v\nbecame\n%+v", before, after)
		}
		then, now := l.targets(), more.targets()
		if len(then) != len(now) {
			t.Fatalf("destinations were %d and are %d", len(then), len(now))
		}
		for i, d := range then {
			if now[i].Destination != d.Destination || !now[i].reached.Meets(d.reached) || len(now[i].over) < len(d.over) {
				t.Fatalf("%+v became %+v", d, now[i])
			}
			for _, e := range now[i].common {
				if len(d.over) > 0 && !slices.Contains(d.common, e) {
					t.Fatalf("%s depends on %s since there is another path to it", d.Destination, e)
				}
			}
		}
	})
}

// TestPointsAreWhatFails: an element is a single point of failure for exactly what is reached with it and not without it.
func TestPointsAreWhatFails(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l := drawLayout(t)
		elements := map[Element]bool{}
		for _, k := range l.Links {
			for _, e := range k.elements() {
				elements[e] = true
			}
		}
		for _, v := range l.Interfaces {
			elements[v.element()] = true
		}
		for e := range elements {
			before, after := l.targets(), l.Without(e).targets()
			var want []Destination
			gone := map[string]bool{}
			for i, d := range before {
				if len(d.over) == 0 || len(after[i].over) > 0 {
					continue
				}
				if d.Kind != ToPrefix {
					gone[d.Gateway] = true
				}
				if d.Kind != ToPrefix || !gone[d.Gateway] {
					want = append(want, d.Destination)
				}
			}
			if got := l.Imagine(e).Lost; !slices.Equal(got, want) {
				t.Fatalf("without %s: lost %v, want %v", e, got, want)
			}
		}
	})
}

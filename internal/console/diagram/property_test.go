package diagram

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

var carrierStates = []string{"available", "down", "pending", "requested", "ordering", "unknown", "deleting", "never heard of"}

// network draws a network of any size and shape that the API allows, and some that it does not.
func network(t *rapid.T) Network {
	var n Network
	for i := range rapid.IntRange(1, 40).Draw(t, "locations") {
		n.Sites = append(n.Sites, Site{Code: fmt.Sprintf("Loc%d", i), Name: fmt.Sprintf("Location %d", i), Region: fmt.Sprintf("region-%d", i%rapid.IntRange(1, 30).Draw(t, "regions"))})
	}
	state := rapid.SampledFrom(carrierStates[:rapid.IntRange(1, len(carrierStates)).Draw(t, "states")])
	routers := rapid.IntRange(1, 5).Draw(t, "routers")
	kinds := rapid.SampledFrom([]Kind{Connection, Connection, Connection, Hosted, Interconnect, LAG, Foreign})
	sizes := rapid.SampledFrom([]int{0, 1, 3, 20, 60, 500, 3000})
	riders := rapid.IntRange(0, 3).Draw(t, "riders")
	customers := rapid.IntRange(1, 40).Draw(t, "customers")
	gateways := rapid.IntRange(0, 30).Draw(t, "gateways")
	for i := range gateways {
		n.Gateways = append(n.Gateways, Endpoint{fmt.Sprintf("gw%d", i), Gateway, rapid.SampledFrom([]string{"available", "pending", "deleting"}).Draw(t, "gateway")})
	}
	for i := range sizes.Draw(t, "size") {
		site := n.Sites[(i*7)%len(n.Sites)]
		c := Carrier{
			ID: fmt.Sprintf("c%d", i), Kind: Connection, State: "available", Region: site.Region, Location: site.Code,
			Router: fmt.Sprintf("%s-r%d", site.Code, i%routers), Customer: fmt.Sprint("customer ", i%customers),
		}
		if i < 200 { // the rest is as it mostly is
			c.Kind, c.State = kinds.Draw(t, "kind"), state.Draw(t, "state")
		}
		if c.Kind == LAG {
			for m := range rapid.IntRange(0, 9).Draw(t, "members") {
				c.Members = append(c.Members, Member{fmt.Sprintf("c%dm%d", i, m), state.Draw(t, "member")})
			}
		}
		n.Carriers = append(n.Carriers, c)
		for r := range riders {
			rider := Rider{ID: fmt.Sprintf("v%d.%d", i, r), Kind: Interface, State: carrierStates[(i+r)%5], Carrier: c.ID}
			if gateways > 0 {
				rider.Gateway = n.Gateways[i%gateways].ID
			}
			n.Riders = append(n.Riders, rider)
		}
	}
	for i := range rapid.IntRange(0, 30).Draw(t, "fars") {
		n.Fars = append(n.Fars, Endpoint{fmt.Sprintf("far%d", i), VirtualGateway, ""})
		if gateways > 0 {
			n.Joins = append(n.Joins, Join{n.Gateways[i%gateways].ID, n.Fars[i].ID, "associated"})
		}
	}
	return n
}

func scope(t *rapid.T, n Network) (s Scope) {
	if len(n.Carriers) == 0 || rapid.Bool().Draw(t, "whole") {
		return s
	}
	c := rapid.SampledFrom(n.Carriers).Draw(t, "scope of")
	for _, part := range []struct {
		field *string
		value string
	}{{&s.Region, c.Region}, {&s.Location, c.Location}, {&s.Router, c.Router}, {&s.State, word(c.State, c.health())}} {
		if rapid.Bool().Draw(t, "narrow") {
			*part.field = part.value
		}
	}
	s.Page = rapid.IntRange(0, 5).Draw(t, "page")
	return s
}

// Whatever the network: shapes do not overlap and stand inside the picture, there are no more than can be taken in, and each
// thing in scope is shown by itself or counted in exactly one group, with others in the same state only.
func TestEveryPictureIsWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := network(t)
		s := scope(t, n)
		p := Arrange(n, s, sampleOptions())
		checkPlaces(t, p)
		checkContents(t, n, s, p)
	})
}

func checkPlaces(t rapid.TB, p *Picture) {
	shapes := len(p.Shapes)
	for i, a := range p.Shapes {
		shapes += len(a.Chips)
		if a.X < 0 || a.Y < 0 || a.X+a.W > p.Width || a.Y+a.H > p.Height {
			t.Fatalf("%s stands outside of the picture", a.Title)
		}
		for _, b := range p.Shapes[:i] {
			if a.X < b.X+b.W && b.X < a.X+a.W && a.Y < b.Y+b.H && b.Y < a.Y+a.H {
				t.Fatalf("%q and %q overlap", a.Title, b.Title)
			}
		}
		if a.Href == "" || a.Tip == "" || a.Title == "" {
			t.Fatalf("%+v has no link, tip or title", a)
		}
		for _, c := range a.Chips {
			if c.X < a.X || c.Y < a.Y || c.X+chipSize > a.X+a.W || c.Y+chipSize > a.Y+a.H || c.Href == "" || c.Tip == "" {
				t.Fatalf("a chip of %q stands outside of it, or has no link", a.Title)
			}
		}
	}
	if shapes > MaxShapes {
		t.Fatalf("%d shapes", shapes)
	}
	for i, f := range p.Frames {
		if f.X < 0 || f.Y < 0 || f.X+f.W > p.Width || f.Y+f.H > p.Height {
			t.Fatalf("the frame %q stands outside of the picture", f.Title)
		}
		for _, g := range p.Frames[:i] {
			if f.Y < g.Y+g.H && g.Y < f.Y+f.H {
				t.Fatalf("the frames %q and %q overlap", f.Title, g.Title)
			}
		}
	}
	for _, e := range p.Edges {
		if p.Shapes[e.From].column+1 != p.Shapes[e.To].column {
			t.Fatalf("an edge leads from %q to %q", p.Shapes[e.From].Title, p.Shapes[e.To].Title)
		}
	}
}

func checkContents(t rapid.TB, n Network, s Scope, p *Picture) {
	want := map[string]string{} // by ID what it is in
	connections := 0
	for _, c := range n.Carriers {
		if !s.has(c) {
			continue
		}
		connections += c.connections()
		want[c.ID] = word(c.State, c.health())
		for _, m := range c.Members {
			want[m.ID] = ""
		}
	}
	for _, r := range n.Riders {
		if _, there := want[r.Carrier]; there {
			want[r.ID] = r.State
		}
	}
	if connections != p.Connections {
		t.Fatalf("the picture says that it has %d connections, and has %d", p.Connections, connections)
	}
	seen := func(id, state string, group bool) {
		if is, there := want[id]; !there {
			t.Fatalf("%s is shown twice, or is not in scope", id)
		} else if group && is != "" && is != state {
			t.Fatalf("%s is %s and counted among what is %s", id, is, state)
		}
		delete(want, id)
	}
	for _, shape := range p.Shapes {
		if shape.column != carrierColumn && shape.column != riderColumn {
			continue
		}
		for _, id := range shape.IDs {
			seen(id, shape.State, shape.Group)
		}
		for _, c := range shape.Chips {
			for _, id := range c.IDs {
				seen(id, "", false)
			}
		}
		if shape.Group && len(shape.IDs) < 1 {
			t.Fatalf("%q is a group of nothing", shape.Title)
		}
	}
	if len(want) > 0 {
		t.Fatalf("%d are not shown and not counted, such as %v", len(want), firstOf(want))
	}
}

func firstOf(m map[string]string) string {
	for k := range m {
		return k
	}
	return ""
}

// Following the links of groups one comes to every single connection.
func TestGroupsOpen(t *testing.T) {
	n := samples["ten_thousand"]
	found := map[string]bool{}
	visited := map[Scope]bool{}
	options := sampleOptions()
	var links []Scope
	options.Open = func(s Scope) string { links = append(links, s); return "?" + s.Query() }
	for todo := []Scope{{}}; len(todo) > 0; todo = todo[1:] {
		if visited[todo[0]] {
			continue
		}
		visited[todo[0]] = true
		links = nil
		for _, s := range Arrange(n, todo[0], options).Shapes {
			if s.column == carrierColumn && !s.Group {
				found[s.IDs[0]] = true
			}
		}
		todo = append(todo, links...)
	}
	if len(found) != len(n.Carriers) {
		t.Errorf("%d of %d connections can be reached", len(found), len(n.Carriers))
	}
}

func TestScopesSurviveTheirLinks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := Scope{
			Region: rapid.String().Draw(t, "region"), Location: rapid.String().Draw(t, "location"), Router: rapid.String().Draw(t, "router"),
			State: rapid.String().Draw(t, "state"), Page: rapid.IntRange(0, 1e6).Draw(t, "page"),
		}
		q, err := parseQuery(s.Query())
		if err != nil || ScopeOf(q) != s {
			t.Fatalf("%+v becomes %+v (%v)", s, ScopeOf(q), err)
		}
	})
}

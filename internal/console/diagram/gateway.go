package diagram

import "slices"

// placeGateways shows where the interfaces lead, and in the picture of everything the gateways without any.
func (a *arranger) placeGateways() {
	used := map[string]bool{}
	for _, r := range a.n.Riders {
		if _, ok := a.riderOf[r.ID]; ok {
			used[r.Gateway] = true
		}
	}
	a.placeEndpoints(a.n.Gateways, gatewayColumn, maxGateways, func(e Endpoint) (string, Health, bool) {
		return e.State, HealthOf(e.State), used[e.ID] || a.s.Whole()
	})
	for _, r := range a.n.Riders {
		from, runs := a.riderOf[r.ID]
		if to, there := a.shapeOf[r.Gateway]; runs && there {
			a.join(from, to, HealthOf(r.State), 1)
		}
	}
}

// placeFars shows what the gateways that are shown are associated with. The state of a far side is that of its associations.
func (a *arranger) placeFars() {
	state := map[string]string{}
	health := map[string]Health{}
	for _, j := range a.n.Joins {
		if _, there := a.shapeOf[j.Gateway]; !there {
			continue
		}
		h := HealthOf(j.State)
		if known, there := health[j.Far]; !there || h.rank() < known.rank() {
			health[j.Far], state[j.Far] = h, j.State
		}
	}
	a.placeEndpoints(a.n.Fars, farColumn, maxFars, func(e Endpoint) (string, Health, bool) {
		h, there := health[e.ID]
		return state[e.ID], h, there
	})
	for _, j := range a.n.Joins {
		from, shown := a.shapeOf[j.Gateway]
		if to, there := a.shapeOf[j.Far]; shown && there {
			a.join(from, to, HealthOf(j.State), 1)
		}
	}
}

func (a *arranger) placeEndpoints(all []Endpoint, column, room int, of func(Endpoint) (state string, h Health, shown bool)) {
	var shown []Endpoint
	for _, e := range all {
		state, _, ok := of(e)
		if ok {
			e.State = state
			shown = append(shown, e)
		}
	}
	buckets := gather(len(shown), func(i int) (bucket, int) {
		e := shown[i]
		_, h, _ := of(e)
		return bucket{kind: e.Kind, word: e.State, health: h}, 1
	})
	if len(buckets) > room { // more kinds and states than there is room for: then what is alike in health is alike enough
		buckets = gather(len(shown), func(i int) (bucket, int) {
			_, h, _ := of(shown[i])
			return bucket{kind: all[0].Kind, word: string(h), health: h}, 1
		})
	}
	slices.SortStableFunc(buckets, func(b, c bucket) int { return b.health.rank() - c.health.rank() })
	opened := open(buckets, room)
	for i, b := range buckets {
		a.addEndpoints(shown, b, opened[i], column)
	}
}

func (a *arranger) addEndpoints(shown []Endpoint, b bucket, opened bool, column int) {
	if opened {
		for _, i := range b.items {
			e := shown[i]
			s := Shape{
				Kind: e.Kind, IDs: []string{e.ID}, State: e.State, Health: b.health, Title: e.ID, Detail: joined(e.State, nameOf(e.Kind)),
				Tip: joined(nameOf(e.Kind)+" "+e.ID, e.State), Href: a.o.Href(e.Kind, e.ID), column: column, key: e.ID,
			}
			if e.Kind == PublicNetworks {
				s.Title, s.Detail, s.Tip = "Public networks", "of the provider", "the provider's public networks"
			}
			a.shapeOf[e.ID] = a.add(s)
		}
		return
	}
	s := Shape{Kind: b.kind, Group: true, State: b.word, Health: b.health, Href: a.o.Href(b.kind, ""), column: column}
	at := len(a.p.Shapes)
	for _, i := range b.items {
		s.IDs = append(s.IDs, shown[i].ID)
		a.shapeOf[shown[i].ID] = at
	}
	s.Title = Thousands(len(b.items)) + " " + b.word
	s.Detail = nameOf(b.kind) + "s"
	s.mark(a, s.Title+" "+s.Detail)
	a.add(s)
}

// joined puts a comma between what is there.
func joined(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + ", " + b
}

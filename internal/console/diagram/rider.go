package diagram

import "slices"

// placeRiders shows what runs over the carriers: grouped by carrier if that is few enough groups, otherwise by place,
// otherwise over all.
func (a *arranger) placeRiders() {
	var there []Rider
	for _, r := range a.n.Riders {
		if _, ok := a.carrierOf[r.Carrier]; ok {
			there = append(there, r)
		}
	}
	owners := []func(r Rider) int{
		func(r Rider) int { return a.shapeOf[r.Carrier] },
		func(r Rider) int { return a.placeOf[a.carrierOf[r.Carrier]] },
		func(Rider) int { return -1 },
	}
	for level, owner := range owners {
		buckets := gather(len(there), func(i int) (bucket, int) {
			r := there[i]
			return bucket{owner: owner(r), kind: r.Kind, word: r.State, health: HealthOf(r.State)}, 1
		})
		if len(buckets) > maxRiders && level < len(owners)-1 {
			continue
		}
		slices.SortStableFunc(buckets, func(b, c bucket) int {
			if b.owner != c.owner {
				return b.owner - c.owner
			}
			return b.health.rank() - c.health.rank()
		})
		a.addRiders(there, buckets, level)
		return
	}
}

func (a *arranger) addRiders(there []Rider, buckets []bucket, level int) {
	opened := open(buckets, maxRiders)
	for i, b := range buckets {
		if !opened[i] {
			at := a.add(a.riderGroup(there, b, level))
			a.own(level, b.owner, at)
			for _, item := range b.items {
				a.carry(there[item], at)
			}
			continue
		}
		for _, item := range b.items {
			r := there[item]
			s := Shape{
				Kind: r.Kind, IDs: []string{r.ID}, State: r.State, Health: b.health, Title: r.ID, Detail: r.State,
				Tip: nameOf(r.Kind) + " " + r.ID + ": " + r.State, Href: a.o.Href(r.Kind, r.ID), column: riderColumn, key: r.ID,
			}
			_, s.Alone = a.alone(s.IDs)
			at := a.add(s)
			a.own(level, b.owner, at)
			a.carry(r, at)
		}
	}
}

// own notes that a shape of riders belongs to one shape of a carrier, beside which it will stand.
func (a *arranger) own(level, owner, shape int) {
	if level == 0 {
		a.riders[owner] = append(a.riders[owner], shape)
	}
}

// carry draws what a rider runs over, and remembers it by the shape of its gateway.
func (a *arranger) carry(r Rider, shape int) {
	a.join(a.shapeOf[r.Carrier], shape, HealthOf(r.State), 1)
	if r.Gateway != "" {
		a.riderOf[r.ID] = shape
	}
}

func (a *arranger) riderGroup(there []Rider, b bucket, level int) Shape {
	s := Shape{Kind: b.kind, Group: true, State: b.word, Health: b.health, column: riderColumn}
	for _, i := range b.items {
		s.IDs = append(s.IDs, there[i].ID)
	}
	s.Title = Thousands(len(b.items)) + " " + b.word
	s.Detail = nameOf(b.kind) + "s"
	switch level {
	case 0: // of one connection or LAG, whose page has them, or of a group
		s.Href = a.p.Shapes[b.owner].Href
	case 1:
		if scope := a.s.within(a.places[b.owner]); scope == a.s {
			s.Href = a.o.Href(b.kind, "")
		} else {
			s.Href = a.o.Open(scope)
		}
	default:
		s.Href = a.o.Href(b.kind, "")
	}
	s.mark(a, s.Title+" "+s.Detail)
	return s
}

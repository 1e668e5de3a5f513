package diagram

// placeCustomers shows who is at the other end of the cables: one shape for each customer at each location if those are few
// enough, otherwise one for each customer, otherwise one for all.
func (a *arranger) placeCustomers() {
	owners := []func(i int) bucket{
		func(i int) bucket { return bucket{owner: a.places[a.placeOf[i]].frame, word: a.carriers[i].Customer} },
		func(i int) bucket { return bucket{owner: -1, word: a.carriers[i].Customer} },
		func(int) bucket { return bucket{owner: -1} },
	}
	for level, owner := range owners {
		buckets := gather(len(a.carriers), func(i int) (bucket, int) { return owner(i), 1 })
		if len(buckets) > maxCustomers && level < len(owners)-1 {
			continue
		}
		for _, b := range buckets {
			a.addCustomer(b, level)
		}
		return
	}
}

func (a *arranger) addCustomer(b bucket, level int) {
	s := Shape{Kind: Customer, Health: Untold, Title: b.word, key: b.word, column: customerColumn}
	n := 0
	for _, i := range b.items {
		n += max(1, a.carriers[i].connections())
	}
	s.Detail = count(n, "connection")
	switch {
	case level == 2:
		customers := map[string]bool{}
		for _, i := range b.items {
			customers[a.carriers[i].Customer] = true
		}
		s.Title, s.key, s.Group = count(len(customers), "customer"), "", true
	case b.word == "":
		s.Title = a.o.Self
	}
	s.Href = a.o.Href(Customer, s.key)
	s.Tip = s.Title + ": " + s.Detail
	at := a.add(s)
	if level == 0 {
		a.frames[b.owner].customers = append(a.frames[b.owner].customers, at)
	}
	for _, i := range b.items {
		c := a.carriers[i]
		a.join(at, a.places[a.placeOf[i]].shape, c.health(), max(1, c.connections()))
	}
}

package diagram

import (
	"net/url"
	"slices"
	"strconv"
)

// Scope is the part of a network that a picture shows. What is empty does not restrict.
type Scope struct {
	Region, Location, Router string
	State                    string // of connections and LAGs, in the picture's words
	Page                     int    // of what is left when nothing more can be told apart; from 0
}

// ScopeOf reads a scope from the query of a link. A page that is no number is the first.
func ScopeOf(q url.Values) Scope {
	s := Scope{Region: q.Get("in"), Location: q.Get("location"), Router: q.Get("router"), State: q.Get("state")}
	if n, err := strconv.Atoi(q.Get("page")); err == nil && n > 0 {
		s.Page = n
	}
	return s
}

// Query is the inverse of ScopeOf, as it stands behind the question mark of a link.
func (s Scope) Query() string {
	q := url.Values{}
	for name, value := range map[string]string{"in": s.Region, "location": s.Location, "router": s.Router, "state": s.State} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if s.Page > 0 {
		q.Set("page", strconv.Itoa(s.Page))
	}
	return q.Encode()
}

// Whole reports whether the scope leaves nothing out.
func (s Scope) Whole() bool { return s == Scope{} }

func (s Scope) has(c Carrier) bool {
	return (s.Region == "" || s.Region == c.Region) && (s.Location == "" || s.Location == c.Location) &&
		(s.Router == "" || s.Router == c.Router) && (s.State == "" || s.State == word(c.State, c.health()))
}

// within narrows the scope to a place.
func (s Scope) within(p place) Scope {
	s.Page = 0
	switch p.kind {
	case Router:
		s.Region, s.Location, s.Router = "", p.location, p.name
	case Location:
		s.Region, s.Location = "", p.name
	case Region:
		s.Region = p.name
	}
	return s
}

// Census is how many connections and LAGs are in one state.
type Census struct {
	Word   string // the state, in the picture's words
	Health Health
	Count  int
}

// CensusOf counts the connections and LAGs of a part of a network by state, whatever state the part is restricted to: the most
// urgent first.
func CensusOf(n Network, s Scope) []Census {
	s.State = ""
	at := map[string]int{}
	var all []Census
	for _, c := range n.Carriers {
		if c.Kind == Foreign || !s.has(c) {
			continue
		}
		h := c.health()
		w := word(c.State, h)
		i, there := at[w]
		if !there {
			i = len(all)
			at[w], all = i, append(all, Census{Word: w, Health: h})
		}
		all[i].Count++
	}
	slices.SortStableFunc(all, func(a, b Census) int { return a.Health.rank() - b.Health.rank() })
	return all
}

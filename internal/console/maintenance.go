package console

import (
	"net/url"

	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
)

// workOn is the planned and running work that hits one of the visitor's resources; without any there is no such section.
func (v *visit) workOn(id string) []section {
	s := section{ID: "work", Title: "Planned work"}
	all, err := v.console.Service.WorkOf(v.Context(), v.Who.Account, id)
	if err != nil {
		s.Empty = told(err)
		return []section{s}
	}
	if len(all) == 0 {
		return nil
	}
	s.Table = &table{Caption: "Work that hits " + id, Head: []string{"Work", "State", "From", "Until", "Impact on it", "What else of yours"}}
	for _, w := range all {
		impact := w.Impact
		for _, h := range w.Hits {
			if h.ID == id {
				impact = h.Impact
			}
		}
		beside := ""
		if n := len(w.Hits) - 1; n > 0 {
			beside = plural(n, "resource", "resources")
		}
		work := plain(w.Reason)
		work.Note = w.ID
		s.Table.Rows = append(s.Table.Rows, []cell{work, stated(string(w.Status)), plain(when(w.From)), plain(when(w.To)), plain(string(impact)), plain(beside)})
	}
	return []section{s}
}

// networkWork is one line of the network's page about work that hits what is shown.
type networkWork struct {
	Work controlplane.AccountWork
	Hits []link
	More int // that it hits beside Hits
}

const (
	networkWorks = 5 // lines about work
	networkHits  = 3 // resources in each that are named
)

// networkWork is the work that hits what a visitor sees of the account's network, and how much more there is of it.
func (v *visit) networkWork(n controlplane.Network) (lines []networkWork, more int, err error) {
	all, err := v.console.Service.WorkOf(v.Context(), v.Who.Account, "")
	if err != nil || len(all) == 0 {
		return nil, 0, err
	}
	seen := shownIn(n)
	for _, w := range all {
		line := networkWork{Work: w}
		for _, h := range w.Hits {
			switch {
			case !seen[h.ID]:
			case len(line.Hits) < networkHits:
				line.Hits = append(line.Hits, link{Text: h.ID, Href: hitPath(h)})
			default:
				line.More++
			}
		}
		switch {
		case len(line.Hits) == 0:
		case len(lines) < networkWorks:
			lines = append(lines, line)
		default:
			more++
		}
	}
	return lines, more, nil
}

// shownIn are the resources that a network shows: what is withheld from its reader is not among them.
func shownIn(n controlplane.Network) map[string]bool {
	seen := make(map[string]bool, len(n.Carriers)+len(n.Riders))
	for _, c := range n.Carriers {
		seen[c.ID] = !c.Foreign
		for _, m := range c.Members {
			seen[m.ID] = true
		}
	}
	for _, r := range n.Riders {
		seen[r.ID] = true
	}
	return seen
}

// hitPath is the page of what work hits.
func hitPath(h directconnect.WorkHit) string {
	at := connectionsPath
	switch h.Kind {
	case string(directconnect.Interconnect):
		at = interconnectsPath
	case directconnect.HitLAG:
		at = lagsPath
	case directconnect.HitInterface:
		at = interfacesPath
	}
	return pathWith(at+"/"+url.PathEscape(h.ID), "region", h.Region)
}

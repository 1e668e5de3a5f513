package inventory

import (
	"fmt"
	"strings"

	"onramp/internal/directconnect"
)

// String prints the changes as a diff: one line each, "+" added, "-" removed, "~" altered. What is added with its router
// or location, or removed with it, is counted there instead of listed.
func (c Changes) String() string {
	if c.Empty() {
		return "no changes\n"
	}
	var b strings.Builder
	of := c.countPorts()
	for _, l := range c.Locations {
		writeChange(&b, "location", l, "")
	}
	for _, r := range c.Routers {
		note := ""
		if !r.Altered() {
			note = fmt.Sprintf(" (%d ports)", of[portsOf{r.ID, r.Added()}])
		}
		writeChange(&b, "router", r, note)
	}
	whole := c.wholeRouters()
	for _, p := range c.Ports {
		noun := p.After
		if noun == nil {
			noun = p.Before
		}
		if p.Altered() || !whole[noun.Router] {
			writeChange(&b, "port", p, " ("+noun.Bandwidth.Speed()+")")
		}
	}
	fmt.Fprintf(&b, "%s\n", c.Summary())
	return b.String()
}

type portsOf struct {
	router string
	added  bool
}

// countPorts counts the added and removed ports of each router.
func (c Changes) countPorts() map[portsOf]int {
	n := map[portsOf]int{}
	for _, p := range c.Ports {
		switch {
		case p.Added():
			n[portsOf{p.After.Router, true}]++
		case p.Removed():
			n[portsOf{p.Before.Router, false}]++
		}
	}
	return n
}

// wholeRouters are those that come or go, and all their ports with them.
func (c Changes) wholeRouters() map[string]bool {
	whole := map[string]bool{}
	for _, r := range c.Routers {
		if !r.Altered() {
			whole[r.ID] = true
		}
	}
	return whole
}

func writeChange[T directconnect.Location | directconnect.Router | directconnect.Port](
	b *strings.Builder, noun string, c Change[T], note string,
) {
	mark := "~"
	switch {
	case c.Added():
		mark = "+"
	case c.Removed():
		mark = "-"
	}
	fmt.Fprintf(b, "%s %s %s%s", mark, noun, c.ID, note)
	for i, f := range c.Fields {
		sep := ";"
		if i == 0 {
			sep = ":"
		}
		fmt.Fprintf(b, "%s %s %q -> %q", sep, f.Name, f.Before, f.After)
	}
	if c.Needs != "" {
		fmt.Fprintf(b, "  [needs: %s]", c.Needs)
	}
	b.WriteByte('\n')
}

// Summary counts the changes in one line.
func (c Changes) Summary() string {
	return strings.Join([]string{
		summary("locations", c.Locations), summary("routers", c.Routers), summary("ports", c.Ports),
	}, "; ")
}

func summary[T any](noun string, changes []Change[T]) string {
	var added, altered, removed int
	for _, c := range changes {
		switch {
		case c.Added():
			added++
		case c.Removed():
			removed++
		default:
			altered++
		}
	}
	return fmt.Sprintf("%s: %d added, %d changed, %d removed", noun, added, altered, removed)
}

package inventory

import (
	"fmt"
	"slices"
	"strings"

	"onramp/internal/directconnect"
)

// Changes is what separates two inventories, in the order of a reader's walk: by location, then router, then port.
type Changes struct {
	Locations []Change[directconnect.Location]
	Routers   []Change[directconnect.Router]
	Ports     []Change[directconnect.Port]
}

// Change is one thing that is added (no Before), removed (no After) or altered.
type Change[T any] struct {
	ID            string
	Before, After *T
	Fields        []Field // of an alteration: what differs
	// Needs says what must be free for the change, empty if it may be made at any time.
	Needs string
}

// Field is one difference, as text.
type Field struct {
	Name, Before, After string
}

// Added reports whether it was not there before.
func (c Change[T]) Added() bool { return c.Before == nil }

// Removed reports whether it is not there any more.
func (c Change[T]) Removed() bool { return c.After == nil }

// Altered reports whether it was there before and still is.
func (c Change[T]) Altered() bool { return c.Before != nil && c.After != nil }

// Empty reports whether the two inventories were alike.
func (c Changes) Empty() bool { return len(c.Locations)+len(c.Routers)+len(c.Ports) == 0 }

// Diff answers what turns current into wanted. Both must have passed Check.
func Diff(current, wanted Inventory) Changes {
	before, after := flatten(current), flatten(wanted)
	return Changes{
		Locations: compare(before.locations, after.locations, before.codes, after.codes, locationFields, needsOfLocation),
		Routers:   compare(before.routers, after.routers, before.names, after.names, routerFields, needsOfRouter),
		Ports:     compare(before.ports, after.ports, before.ids, after.ids, portFields, needsOfPort),
	}
}

// flat is an inventory as the rows of a store, with the order they come in.
type flat struct {
	locations         map[string]directconnect.Location
	routers           map[string]directconnect.Router
	ports             map[string]directconnect.Port
	codes, names, ids []string
}

func flatten(inv Inventory) flat {
	n := inv.Ports()
	f := flat{
		locations: make(map[string]directconnect.Location, len(inv.Locations)), routers: map[string]directconnect.Router{},
		ports: make(map[string]directconnect.Port, n), ids: make([]string, 0, n),
	}
	for _, l := range inv.Sorted().Locations {
		f.locations[l.Code], f.codes = l.Noun(), append(f.codes, l.Code)
		for _, r := range l.Routers {
			f.routers[r.Name] = r.Noun(l)
			f.names = append(f.names, r.Name)
			for i, p := range r.Ports {
				noun := p.Noun(l.Code, r.Name, int64(i)+1)
				f.ports[noun.ID], f.ids = noun, append(f.ids, noun.ID)
			}
		}
	}
	return f
}

// compare walks both sides in order, what is gone after what is there.
func compare[T any](before, after map[string]T, was, is []string, fields func(a, b T) []Field,
	needs func(removed bool, id string, f []Field) string,
) []Change[T] {
	var changes []Change[T]
	for _, id := range is {
		b := after[id]
		a, ok := before[id]
		if !ok {
			changes = append(changes, Change[T]{ID: id, After: &b})
			continue
		}
		if f := fields(a, b); len(f) > 0 {
			changes = append(changes, Change[T]{ID: id, Before: &a, After: &b, Fields: f, Needs: needs(false, id, f)})
		}
	}
	for _, id := range was {
		if _, ok := after[id]; !ok {
			a := before[id]
			changes = append(changes, Change[T]{ID: id, Before: &a, Needs: needs(true, id, nil)})
		}
	}
	return changes
}

// differences keeps the pairs that differ, of name, before and after.
func differences(texts ...[3]string) []Field {
	var fields []Field
	for _, t := range texts {
		if t[1] != t[2] {
			fields = append(fields, Field{Name: t[0], Before: t[1], After: t[2]})
		}
	}
	return fields
}

func list[S ~string](values []S) string {
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = string(v)
	}
	return strings.Join(texts, " | ")
}

func locationFields(a, b directconnect.Location) []Field {
	return differences(
		[3]string{"region", a.Region, b.Region}, [3]string{"name", a.Name, b.Name},
		[3]string{"partition", a.Partition, b.Partition}, [3]string{"country", a.Country, b.Country},
		[3]string{"operator", a.Operator, b.Operator}, [3]string{"address", list(a.Address), list(b.Address)},
		[3]string{"portSpeeds", list(a.PortSpeeds), list(b.PortSpeeds)},
		[3]string{"macsecSpeeds", list(a.MACsecSpeeds), list(b.MACsecSpeeds)},
		[3]string{"providers", list(a.Providers), list(b.Providers)},
		[3]string{"billingModes", list(a.BillingModes), list(b.BillingModes)},
	)
}

func routerFields(a, b directconnect.Router) []Field {
	backbone := func(r directconnect.Router) string {
		if !r.Backbone.IsValid() {
			return ""
		}
		return r.Backbone.String()
	}
	return differences(
		[3]string{"location", a.Location, b.Location}, [3]string{"region", a.Region, b.Region},
		[3]string{"fabric", string(a.Fabric), string(b.Fabric)}, [3]string{"backbone", backbone(a), backbone(b)},
	)
}

func portFields(a, b directconnect.Port) []Field {
	fields := differences(
		[3]string{"speed", a.Bandwidth.Speed(), b.Bandwidth.Speed()},
		[3]string{"macsec", fmt.Sprint(a.MACsec), fmt.Sprint(b.MACsec)},
		[3]string{"position", fmt.Sprint(a.Position), fmt.Sprint(b.Position)},
		[3]string{"optic", a.Optic, b.Optic},
	)
	names := [...]string{"building", "room", "cage", "rack", "panel", "port", "strands", "connector"}
	pa, pb := panelTexts(&a.Panel), panelTexts(&b.Panel)
	for i, name := range names {
		fields = append(fields, differences([3]string{"panel." + name, *pa[i], *pb[i]})...)
	}
	return fields
}

func needsOfLocation(removed bool, code string, f []Field) string {
	if removed || touches(f, "region") {
		return "no connection or LAG at " + code
	}
	return ""
}

func needsOfRouter(removed bool, name string, f []Field) string {
	if removed || touches(f, "location", "region", "fabric") {
		return "no connection or LAG on " + name
	}
	return ""
}

func needsOfPort(removed bool, _ string, f []Field) string {
	if removed || touches(f, "speed", "macsec") {
		return "no connection on it"
	}
	return ""
}

func touches(fields []Field, names ...string) bool {
	return slices.ContainsFunc(fields, func(f Field) bool { return slices.Contains(names, f.Name) })
}

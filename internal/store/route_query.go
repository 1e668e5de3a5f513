package store

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"onramp/internal/directconnect"
)

// RouteQuery chooses routes of one virtual interface. What is empty does not restrict.
type RouteQuery struct {
	InterfaceID string // is set

	Direction directconnect.RouteDirection
	Family    directconnect.Family
	CIDRs     []string    // exactly these prefixes
	After     RouteCursor // behind this one
	Limit     int         // 0: all
}

// RouteCursor is a place in the order of routes: by direction, family, address, length and device.
type RouteCursor struct {
	Direction directconnect.RouteDirection
	CIDR      netip.Prefix
	Device    string
}

// CursorOf is the place of a route: where a page ends with it and the next begins.
func CursorOf(r Route) RouteCursor {
	return RouteCursor{Direction: r.Direction, CIDR: r.CIDR, Device: r.Device}
}

// key is the place as columns.
func (c RouteCursor) key() []string {
	family, cidr := cidrKey(c.CIDR)
	return []string{string(c.Direction), family, cidr, c.Device}
}

// routeOrder are the columns behind vif_id that routes are ordered by.
var routeOrder = []string{"direction", "family", "cidr", "device"}

// directions are those to look through one after another, so that each is read in the order of the index. With neither
// direction nor family given the whole is in that order.
func (q RouteQuery) directions() []directconnect.RouteDirection {
	if q.Direction == "" && (q.Family != "" || len(q.CIDRs) > 0) {
		return directions
	}
	return []directconnect.RouteDirection{q.Direction}
}

// filter chooses in one direction, or in both when it is empty.
func (q RouteQuery) filter(direction directconnect.RouteDirection) (*filter, error) {
	if q.InterfaceID == "" {
		return nil, errWideQuery
	}
	f := &filter{}
	f.equal("vif_id", q.InterfaceID)
	f.equal("direction", string(direction))
	if len(q.CIDRs) == 0 {
		f.equal("family", string(q.Family))
		return f, nil
	}
	var families, keys []string
	for _, text := range q.CIDRs {
		p, err := netip.ParsePrefix(text)
		if err != nil || p.Addr().Is4In6() {
			return nil, fmt.Errorf("store: %q is not a prefix", text)
		}
		family, key := cidrKey(p)
		if p == p.Masked() && (q.Family == "" || family == string(q.Family)) {
			families, keys = append(families, family), append(keys, key)
		}
	}
	if len(keys) == 0 {
		return nil, nil
	}
	f.in("family", distinct(families))
	f.in("cidr", distinct(keys))
	return f, nil
}

func distinct(all []string) []string {
	slices.Sort(all)
	return slices.Compact(all)
}

// behind adds that rows are behind the cursor. It answers false when none that the filter chooses can be.
func (q RouteQuery) behind(f *filter, direction directconnect.RouteDirection) bool {
	if q.After == (RouteCursor{}) {
		return true
	}
	key, fixed := q.After.key(), []string{string(direction), string(q.Family)}
	open := 0
	for ; open < len(fixed) && fixed[open] != ""; open++ {
		if order := cmp.Compare(fixed[open], key[open]); order != 0 {
			return order > 0
		}
	}
	rest := make([]any, len(key)-open)
	for i := range rest {
		rest[i] = key[open+i]
	}
	f.add("("+strings.Join(routeOrder[open:], ", ")+") > ("+marks(len(rest))+")", rest...)
	return true
}

// Routes answers what q chooses, ordered by direction, family, address, length and device. A page costs what is on it,
// however many routes the interface or the others have.
func (tx *Tx) Routes(q RouteQuery) ([]Route, error) {
	var all []Route
	for _, direction := range q.directions() {
		f, err := q.filter(direction)
		if f == nil {
			return nil, err
		}
		if !q.behind(f, direction) {
			continue
		}
		end := " ORDER BY " + strings.Join(routeOrder, ", ") + limit(q.Limit-len(all))
		if len(q.CIDRs) > 0 {
			end = "" // few, and not read in order
		}
		some, err := rows(tx, "SELECT "+routeColumns+" FROM route"+f.String()+end, f.args, scanRoute)
		if err != nil {
			return nil, err
		}
		if len(q.CIDRs) > 0 {
			slices.SortFunc(some, func(a, b Route) int { return slices.Compare(CursorOf(a).key(), CursorOf(b).key()) })
		}
		all = append(all, some...)
		if q.Limit > 0 && len(all) >= q.Limit {
			return all[:q.Limit], nil
		}
	}
	return all, nil
}

// CountRoutes counts what q chooses; After and Limit do not matter.
func (tx *Tx) CountRoutes(q RouteQuery) (int, error) {
	total := 0
	for _, direction := range q.directions() {
		f, err := q.filter(direction)
		if f == nil {
			return 0, err
		}
		n := 0
		if err := tx.one("SELECT count(*) FROM route"+f.String(), f.args, &n); err != nil {
			return 0, err
		}
		total += n
	}
	return total, nil
}

package store

import (
	"cmp"
	"database/sql"
	"encoding/hex"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"onramp/internal/directconnect"
)

// Route is a prefix that goes over a virtual interface.
type Route = directconnect.Route

// RouteKey names a route among those of one interface in one direction.
type RouteKey struct {
	CIDR   netip.Prefix
	Device string
}

// KeysOf are the keys of routes.
func KeysOf(routes []Route) []RouteKey {
	keys := make([]RouteKey, len(routes))
	for i, r := range routes {
		keys[i] = RouteKey{CIDR: r.CIDR, Device: r.Device}
	}
	return keys
}

// directions are both, in the order of a list of routes.
var directions = []directconnect.RouteDirection{directconnect.RouteAccepted, directconnect.RouteAdvertised}

// routeBatches are the numbers of routes that one statement writes: few texts, so that each is prepared once.
var routeBatches = []int{64, 8, 1}

// ReplaceRoutes removes routes of an interface in one direction and adds others. One to add that is there with other
// attributes gets the new ones; with the same it is not written. One to remove that is not there is passed over.
func (tx *Tx) ReplaceRoutes(vifID string, direction directconnect.RouteDirection, add []Route, remove []RouteKey) error {
	if !slices.Contains(directions, direction) {
		return fmt.Errorf("store: routes have no direction %q", direction)
	}
	gone := make([]routeRow, len(remove))
	for i, k := range remove {
		var err error
		if gone[i], err = keyRow(k); err != nil {
			return err
		}
	}
	if err := tx.removeRoutes(vifID, string(direction), once(gone)); err != nil {
		return err
	}
	added := make([]routeRow, len(add))
	for i, r := range add {
		if r.InterfaceID != "" && r.InterfaceID != vifID || r.Direction != "" && r.Direction != direction {
			return fmt.Errorf("store: route %s is %s on %s, not %s on %s", r.CIDR, r.Direction, r.InterfaceID, direction, vifID)
		}
		var err error
		if added[i], err = keyRow(RouteKey{CIDR: r.CIDR, Device: r.Device}); err != nil {
			return err
		}
		if added[i].body, err = encodeBody(r); err != nil {
			return err
		}
	}
	return tx.addRoutes(vifID, string(direction), once(added))
}

// routeRow is what tells the rows of one interface and direction apart, and their body.
type routeRow struct{ family, cidr, device, body string }

func keyRow(k RouteKey) (routeRow, error) {
	if !k.CIDR.IsValid() || k.CIDR.Addr().Is4In6() {
		return routeRow{}, fmt.Errorf("store: route %s is not a prefix", k.CIDR)
	}
	family, cidr := cidrKey(k.CIDR)
	return routeRow{family: family, cidr: cidr, device: k.Device}, nil
}

func (r routeRow) compare(o routeRow) int {
	return cmp.Or(cmp.Compare(r.family, o.family), cmp.Compare(r.cidr, o.cidr), cmp.Compare(r.device, o.device))
}

// once sorts rows as they are kept, and leaves the last of those with equal keys.
func once(all []routeRow) []routeRow {
	slices.Reverse(all)
	slices.SortStableFunc(all, routeRow.compare)
	return slices.CompactFunc(all, func(a, b routeRow) bool { return a.compare(b) == 0 })
}

// cidrKey puts a prefix into a text whose order is that of the prefixes of its family: the address in hexadecimal and the
// length.
func cidrKey(p netip.Prefix) (family, key string) {
	p = p.Masked()
	return string(directconnect.FamilyOf(p)), hex.EncodeToString(p.Addr().AsSlice()) + "/" + fmt.Sprintf("%03d", p.Bits())
}

func parseCIDRKey(key string) (netip.Prefix, error) {
	digits, length, _ := strings.Cut(key, "/")
	b, err := hex.DecodeString(digits)
	addr, ok := netip.AddrFromSlice(b)
	bits, err2 := strconv.Atoi(length)
	if err != nil || err2 != nil || !ok {
		return netip.Prefix{}, fmt.Errorf("store: route %q is not a prefix", key)
	}
	return netip.PrefixFrom(addr, bits), nil
}

func (tx *Tx) removeRoutes(vifID, direction string, all []routeRow) error {
	return inBatches(all, func(batch []routeRow) error {
		args := []any{vifID, direction}
		for _, r := range batch {
			args = append(args, r.family, r.cidr, r.device)
		}
		_, err := tx.exec("DELETE FROM route WHERE vif_id = ? AND direction = ? AND (family, cidr, device) IN (VALUES "+
			tuples(3, len(batch))+")", args...)
		return err
	})
}

func (tx *Tx) addRoutes(vifID, direction string, all []routeRow) error {
	return inBatches(all, func(batch []routeRow) error {
		var args []any
		for _, r := range batch {
			args = append(args, vifID, direction, r.family, r.cidr, r.device, r.body)
		}
		_, err := tx.exec("INSERT INTO route (vif_id, direction, family, cidr, device, body) VALUES "+tuples(6, len(batch))+
			" ON CONFLICT (vif_id, direction, family, cidr, device) DO UPDATE SET body = excluded.body WHERE route.body <> excluded.body",
			args...)
		return err
	})
}

// tuples is "(?, ?), (?, ?)".
func tuples(width, n int) string {
	return strings.TrimSuffix(strings.Repeat("("+marks(width)+"), ", n), ", ")
}

func inBatches(all []routeRow, write func(batch []routeRow) error) error {
	for _, size := range routeBatches {
		for len(all) >= size {
			if err := write(all[:size]); err != nil {
				return err
			}
			all = all[size:]
		}
	}
	return nil
}

// DeleteRoutes removes all routes of an interface.
func (tx *Tx) DeleteRoutes(vifID string) error {
	_, err := tx.exec("DELETE FROM route WHERE vif_id = ?", vifID)
	return err
}

const routeColumns = "vif_id, direction, cidr, device, body"

func scanRoute(rows *sql.Rows) (r Route, err error) {
	var cidr, body string
	if err := rows.Scan(&r.InterfaceID, (*string)(&r.Direction), &cidr, &r.Device, &body); err != nil {
		return r, err
	}
	if r.CIDR, err = parseCIDRKey(cidr); err != nil {
		return r, err
	}
	return r, decodeRouteBody(body, &r)
}

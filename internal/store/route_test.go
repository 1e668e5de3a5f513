package store

import (
	"fmt"
	"net/netip"
	"testing"

	"onramp/internal/directconnect"
)

// A route that is added as it is there is not written, and one that is removed and is not there costs nothing.
func TestRoutesWriteOnlyWhatChanges(t *testing.T) {
	t.Parallel()
	// What the transaction, or the connection until now, has written.
	written := map[string]string{
		"sqlite":   "SELECT total_changes()",
		"postgres": "SELECT count(*) FROM route WHERE xmin = pg_current_xact_id()::xid",
	}
	onEngines(t, func(t *testing.T, url string) {
		s := mustOpen(t, url)
		var all []Route
		for n := range 100 {
			all = append(all, Route{CIDR: netip.MustParsePrefix(fmt.Sprintf("10.%d.0.0/16", n)), Device: "a"})
		}
		replace := func(add []Route, remove []RouteKey) (rows int) {
			t.Helper()
			before, after := 0, 0
			err := s.Update(t.Context(), func(tx *Tx) error {
				if err := tx.one(written[s.Engine()], nil, &before); err != nil {
					return err
				}
				if err := tx.ReplaceRoutes("dxvif-fg000000", directconnect.RouteAccepted, add, remove); err != nil {
					return err
				}
				return tx.one(written[s.Engine()], nil, &after)
			})
			if err != nil {
				t.Fatal(err)
			}
			return after - before
		}
		if n := replace(all, nil); n != len(all) {
			t.Errorf("%d rows written for %d new routes", n, len(all))
		}
		if n := replace(all, []RouteKey{{CIDR: netip.MustParsePrefix("192.0.2.0/24")}}); n != 0 {
			t.Errorf("%d rows written for none that changes", n)
		}
		all[7].LocalPref, all[70].LocalPref = 300, 300
		if n := replace(all, nil); n != 2 {
			t.Errorf("%d rows written for 2 that change", n)
		}
	})
}

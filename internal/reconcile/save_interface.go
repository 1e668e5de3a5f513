package reconcile

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"

	"onramp/internal/directconnect"
	"onramp/internal/fabric"
	"onramp/internal/store"
)

// tables are the routes that cross an interface, as the observation has them, with their marks.
type tables struct {
	accepted, advertised []directconnect.Route
	in, out              uint64
}

// tabulate works out what crosses each interface, before the transaction that saves it. Nothing of a router that could not
// be read: its routes stay as they were last known.
func (sc *scene) tabulate() {
	if sc.observed == nil {
		return
	}
	sc.tables = make(map[string]tables, len(sc.traffic.interfaces))
	for _, v := range sc.traffic.interfaces {
		up := map[directconnect.Family]bool{}
		var heard []directconnect.HeardRoute
		seen := sc.observed.Interfaces[v.ID].Neighbors
		for _, p := range v.Peers {
			if n := seen[p.ID]; n.Up {
				up[p.Family] = true
				heard = appendHeard(heard, n.Accepted)
			}
		}
		t := tables{
			accepted:   v.AcceptRoutes(heard),
			advertised: v.AdvertisedRoutes(sc.traffic.announced[v.ID], func(f directconnect.Family) bool { return up[f] }),
		}
		t.in, t.out = directconnect.RouteMark(t.accepted), directconnect.RouteMark(t.advertised)
		sc.tables[v.ID] = t
	}
}

func appendHeard(heard []directconnect.HeardRoute, seen []fabric.RouteSeen) []directconnect.HeardRoute {
	heard = slices.Grow(heard, len(seen))
	for _, r := range seen {
		h := directconnect.HeardRoute{CIDR: r.Prefix, Communities: r.Communities, ASPath: make([]directconnect.ASPathSegment, 0, len(r.ASPath))}
		for _, s := range r.ASPath {
			h.ASPath = append(h.ASPath, directconnect.ASPathSegment{Path: s.ASNs, Set: s.Set})
		}
		heard = append(heard, h)
	}
	return heard
}

// interfaces lets the router's interfaces advance: all of them, claimed or not, because what was seen concerns them all.
func (s *saving) interfaces(v *visit, sc *scene) error {
	loaded := map[string]bool{}
	for _, planned := range sc.traffic.interfaces {
		loaded[planned.ID] = true
		_, claimed := v.interfaces[planned.ID]
		if err := s.virtualInterface(planned, sc, claimed || s.dueHere(planned)); err != nil {
			return fmt.Errorf("interface %s: %w", planned.ID, err)
		}
	}
	for id := range v.interfaces {
		if !loaded[id] { // it has ended, or moved to another router, since it was claimed
			if err := s.handBackInterface(id); err != nil {
				return err
			}
		}
	}
	return nil
}

// dueHere reports whether an interface that nobody has claimed can be dealt with as if this visit had: it has cost what it
// costs already. Should another server claim it meanwhile, the version tells whoever saves second. What has left other
// routers waits for a visit that goes there.
func (s *saving) dueHere(v directconnect.VirtualInterface) bool {
	return !v.Due.IsZero() && !v.Due.After(s.now) && len(v.Left) == 0
}

// virtualInterface lets one row advance, if it is still as the plan had it. One that was not claimed is written only if it
// changes.
func (s *saving) virtualInterface(planned directconnect.VirtualInterface, sc *scene, claimed bool) error {
	next, ended := s.advanceInterface(planned, sc)
	t, seen := sc.tables[planned.ID]
	if next.State == directconnect.InterfacePending {
		t = tables{} // what its sessions exchange while it is being provisioned does not count yet
	}
	if seen && next.Live() {
		next.Accepted, next.Offered = t.in, t.out
		next.AcceptedCount, next.OfferedCount = int32(len(t.accepted)), int32(len(t.advertised))
	}
	if !claimed {
		same := next
		same.Due = planned.Due
		if reflect.DeepEqual(same, planned) {
			return nil
		}
		if next.Live() { // what has ended is never due
			next.Due = earlier(next.Due, planned.Due)
		}
	}
	s.tx.Known(planned)
	err := s.tx.PutInterface(&next)
	if errors.Is(err, store.ErrConflict) { // it is not as the plan had it, if it is there at all
		if !claimed {
			return nil
		}
		return s.handBackInterface(planned.ID)
	}
	if err != nil {
		return err
	}
	if planned.TestID != next.TestID || ended != nil {
		if err := s.endTest(planned.TestID, ended); err != nil {
			return err
		}
	}
	if next.State != planned.State {
		s.rep.Moved++
		if sc.router.Backbone.IsValid() && next.GatewayID != "" {
			s.wakeGateway(next.GatewayID) // the other routers that have the gateway's table are this one's peers, or no more
		}
	}
	s.changedInterface(planned, next)
	if !next.Live() { // and its routes have gone with it
		next.Accepted = 0
	}
	if next.Accepted != planned.Accepted && next.SiteLink && next.GatewayID != "" {
		s.wakeGateway(next.GatewayID) // the others tell their customers what is heard here
	}
	if !next.Live() || !seen {
		return nil
	}
	return s.putRoutes(planned, next, t)
}

// advanceInterface is VirtualInterface.Advance by what was seen, with what only the reconciler knows: the routers that must
// still forget the interface, failing routers, customers that change with time, and tests whose interface has gone.
func (s *saving) advanceInterface(v directconnect.VirtualInterface, sc *scene) (directconnect.VirtualInterface, *directconnect.FailoverTest) {
	seen := sc.traffic.seenInterface(v, sc.observed)
	left := sc.stillLeft(v.Left)
	seen.Configured = seen.Configured || len(left) > 0 && v.State == directconnect.InterfaceDeleting
	var test *directconnect.FailoverTest
	if t, running := sc.traffic.tests[v.ID]; running {
		test = &t
	}
	v.Left = left // a session that was left behind is there for as long
	next, ended := v.Advance(seen, test, s.pace, s.now)
	if next.State != directconnect.InterfaceTesting {
		next.TestID = ""
	}
	if !next.Live() {
		return next, ended
	}
	if !sc.retry.IsZero() {
		next.Due = earlier(next.Due, sc.retry)
		if sc.observed == nil && next.State == directconnect.InterfaceDeleting && next.Due.Before(sc.retry) {
			next.Due = sc.retry // it ends when the router has let go of it, not before
		}
	}
	for _, router := range left {
		if retry := sc.left[router]; !retry.IsZero() {
			next.Due = earlier(next.Due, retry)
		}
	}
	if flap, flaps := sc.traffic.flaps[v.ID]; flaps {
		if at := flap.Next(s.now); !at.IsZero() {
			next.Due = earlier(next.Due, at)
		}
	}
	return next, ended
}

// endTest keeps how a failover test ended; one that did not end by itself has lost its interface, and failed.
func (s *saving) endTest(id string, ended *directconnect.FailoverTest) error {
	test, err := s.tx.FailoverTest(id)
	if errors.Is(err, store.ErrNotFound) || err == nil && test.Status != directconnect.TestInProgress {
		return nil
	}
	if err != nil {
		return err
	}
	running := test
	test = test.End(directconnect.TestLost, s.now)
	if ended != nil {
		test.Status, test.Ended = ended.Status, ended.Ended
	}
	s.changedTest(running, test)
	return s.tx.PutFailoverTest(&test)
}

// putRoutes makes the kept routes of an interface what they are now, writing the differences.
func (s *saving) putRoutes(before, now directconnect.VirtualInterface, t tables) error {
	if before.Accepted != now.Accepted {
		have, err := s.putTable(now.ID, directconnect.RouteAccepted, t.accepted)
		if err == nil {
			err = s.nearLimit(now, have, t.accepted)
		}
		if err != nil {
			return err
		}
	}
	if before.Offered != now.Offered {
		_, err := s.putTable(now.ID, directconnect.RouteAdvertised, t.advertised)
		return err
	}
	return nil
}

// putTable answers the routes as they were.
func (s *saving) putTable(id string, direction directconnect.RouteDirection, routes []directconnect.Route) ([]directconnect.Route, error) {
	have, err := s.tx.Routes(store.RouteQuery{InterfaceID: id, Direction: direction})
	if err != nil {
		return nil, err
	}
	change := directconnect.DiffRoutes(have, routes, s.now)
	s.rep.Routes += len(change.Add) + len(change.Remove)
	return have, s.tx.ReplaceRoutes(id, direction, change.Add, store.KeysOf(change.Remove))
}

// wakeGateway has the interfaces of a gateway looked at again, when the transaction is done with its own rows: waking moves
// versions on.
func (s *saving) wakeGateway(id string) {
	if !slices.Contains(s.wake, id) {
		s.wake = append(s.wake, id)
	}
}

func (s *saving) wakeGateways() error {
	for _, id := range s.wake {
		if _, err := s.tx.WakeInterfaces(store.InterfaceQuery{GatewayID: id}, s.now); err != nil {
			return fmt.Errorf("waking the interfaces of gateway %s: %w", id, err)
		}
	}
	return nil
}

// handBackInterface and wakeLeasedInterface are handBack and wakeLeased for interfaces.
func (s *saving) handBackInterface(id string) error {
	v, err := s.tx.Interface(id)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return s.wakeLeasedInterface(v)
}

func (s *saving) wakeLeasedInterface(v directconnect.VirtualInterface) error {
	if !v.Live() || !v.Due.Equal(s.until) {
		return nil
	}
	v.Due = s.now
	return s.tx.PutInterface(&v)
}

// stillLeft are those of the routers, which a row has left, that do not know it yet.
func (sc *scene) stillLeft(left []string) []string {
	var still []string
	for _, router := range left {
		if retry, told := sc.left[router]; !told || !retry.IsZero() {
			still = append(still, router)
		}
	}
	return still
}

// keepInterfaces is how long an ended interface stays listed (API reference, DescribeVirtualInterfaces: fewer than 15 minutes).
const keepInterfaces = 15 * time.Minute

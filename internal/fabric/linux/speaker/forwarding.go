package speaker

import (
	"log/slog"
	"net/netip"
	"slices"
	"time"
)

// forwarding is a VRF's kernel table as it should be and as it is thought to be. One goroutine uses it.
type forwarding struct {
	vrf    string
	kernel Kernel
	log    *slog.Logger
	wanted map[netip.Prefix][]Hop
	there  map[netip.Prefix][]Hop // as last written or read
	failed map[netip.Prefix]bool  // could not be written
	// until is when routes from before a restart go that no neighbour has announced again; zero: they are gone.
	until time.Time
}

// readKernel takes over what an earlier speaker has left in the kernel, for as long as keep.
func readKernel(vrf string, k Kernel, log *slog.Logger, keep time.Duration) (*forwarding, error) {
	f := &forwarding{vrf: vrf, kernel: k, log: log, wanted: make(map[netip.Prefix][]Hop), there: make(map[netip.Prefix][]Hop), failed: make(map[netip.Prefix]bool)}
	routes, err := k.List(vrf)
	if err != nil {
		return nil, err
	}
	f.seen(routes)
	if len(routes) > 0 {
		f.until = time.Now().Add(keep)
	}
	return f, nil
}

func (f *forwarding) seen(routes []Route) {
	for _, r := range routes {
		ways := slices.Clone(r.Hops)
		slices.SortFunc(ways, compareHops)
		f.there[r.Prefix] = ways
	}
}

// settle makes hops the ways to a prefix; none: it is not reachable any more.
func (f *forwarding) settle(p netip.Prefix, ways []Hop) {
	_, was := f.wanted[p]
	if len(ways) > 0 {
		f.wanted[p] = ways
		f.write(p)
		return
	}
	delete(f.wanted, p)
	if was || f.failed[p] {
		f.write(p)
	}
}

// write brings one prefix of the kernel in line.
func (f *forwarding) write(p netip.Prefix) {
	want := f.wanted[p]
	have, there := f.there[p]
	var err error
	switch {
	case there == (len(want) > 0) && slices.Equal(want, have):
	case len(want) == 0:
		if err = f.kernel.Unset(f.vrf, p); err == nil {
			delete(f.there, p)
		}
	default:
		if err = f.kernel.Set(f.vrf, Route{Prefix: p, Hops: slices.Clone(want)}); err == nil {
			f.there[p] = want
		}
	}
	if err == nil {
		delete(f.failed, p)
		return
	}
	if !f.failed[p] {
		f.log.Warn("kernel route not written", "vrf", f.vrf, "prefix", p, "error", err)
	}
	f.failed[p] = true
}

// again tries what has failed, and reports whether anything still fails.
func (f *forwarding) again() bool {
	for p := range f.failed {
		f.write(p)
	}
	return len(f.failed) > 0
}

// purge removes what is left from before a restart.
func (f *forwarding) purge() {
	f.until = time.Time{}
	for p := range f.there {
		if _, wanted := f.wanted[p]; !wanted {
			f.write(p)
		}
	}
}

// audit reads the kernel and repairs what differs.
func (f *forwarding) audit() {
	routes, err := f.kernel.List(f.vrf)
	if err != nil {
		f.log.Warn("kernel routes not read", "vrf", f.vrf, "error", err)
		return
	}
	clear(f.there)
	f.seen(routes)
	for p := range f.wanted {
		f.write(p)
	}
	if f.until.IsZero() {
		f.purge()
	}
}

// clear removes everything of ours.
func (f *forwarding) clear() {
	clear(f.wanted)
	f.purge()
}

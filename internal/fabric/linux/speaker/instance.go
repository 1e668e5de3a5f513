package speaker

import (
	"context"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/osrg/gobgp/v4/api"
	"github.com/osrg/gobgp/v4/pkg/packet/bgp"

	"onramp/internal/fabric"
	"onramp/internal/fabric/linux/speaker/bfd"
)

// instance is one VRF: its server, its sessions and its table.
//
// Events change the table under mu and kick the worker, which alone writes to the kernel and tells the other routers. What
// is asked of GoBGP is asked under ask, and never under mu: GoBGP's own goroutines may wait for mu.
type instance struct {
	speaker    *Speaker
	name       string
	device     string
	asn        int64
	server     *server
	detector   *bfd.Server // nil: no BFD
	patients   *sync.Map
	restarting bool // the kernel had routes: neighbours are told so (RFC 4724, Restart State)
	ctx        context.Context
	stop       context.CancelFunc
	kicked     chan struct{}
	working    sync.WaitGroup

	ask     sync.Mutex
	numbers uint32     // of GoBGP VRFs made
	spare   []*exports // empty ones: GoBGP cannot delete a VRF without a table for route targets
	relay   *exports   // what the other routers are told; nil: there is none

	mu        sync.Mutex
	sessions  map[string]*session // changes under both locks
	byAddress map[netip.Addr]*session
	table     map[netip.Prefix][]*route // routes taken
	reserved  map[netip.Prefix]bool     // the VRF's own: no neighbour's routes to them are used
	dirty     map[netip.Prefix]bool
	unsettled map[*session]bool // to be opened or closed, and not seen to be so yet
	auditing  bool
	relaying  bool

	forwarding *forwarding // the worker's
}

func start(s *Speaker, v VRF) (*instance, error) {
	f, err := readKernel(v.Name, s.cfg.Routes, s.cfg.Log, s.set.restartTime)
	if err != nil {
		return nil, fmt.Errorf("reading kernel routes: %w", err)
	}
	i := &instance{
		speaker: s, name: v.Name, device: v.Device, asn: v.LocalASN, patients: new(sync.Map), forwarding: f, restarting: !f.until.IsZero(),
		kicked: make(chan struct{}, 1), sessions: make(map[string]*session), byAddress: make(map[netip.Addr]*session),
		table: make(map[netip.Prefix][]*route), dirty: make(map[netip.Prefix]bool), unsettled: make(map[*session]bool),
	}
	if i.server, err = startServer(s, v, ear{log: s.cfg.Log.With("vrf", v.Name), patients: i.patients}); err != nil {
		return nil, err
	}
	i.ctx, i.stop = context.WithCancel(context.Background())
	if err := i.watch(); err != nil {
		i.stop()
		i.server.Stop()
		return nil, err
	}
	if s.set.bfd {
		i.detector = bfd.Open(bfd.Config{Device: v.Device, Log: s.cfg.Log.With("vrf", v.Name), Lost: i.onLost})
	}
	i.working.Go(i.work)
	return i, nil
}

// serves reports whether the instance can become v.
func (i *instance) serves(v VRF) bool { return i.device == v.Device && i.asn == v.LocalASN }

// asked are the sessions that v has, by a key that is stable, and why some of them cannot be: which their status says too.
func (i *instance) asked(v VRF) (map[string]*session, []error) {
	var failed []error
	taken := make(map[netip.Addr]string)
	all := make(map[string]*session)
	for _, f := range v.Interfaces {
		for _, n := range f.Neighbors {
			s := &session{iface: f.Name, name: n.Name, local: n.Local.Addr(), remote: n.Remote, want: wish{n, f.Device}}
			if other, there := taken[n.Remote]; there {
				s.blocked = fmt.Sprintf("%s is also the address of %s, in the same VRF", n.Remote, other)
				failed = append(failed, fmt.Errorf("%w: interface %s, neighbour %s: %s", fabric.ErrInvalid, f.Name, n.Name, s.blocked))
			}
			taken[n.Remote] = f.Name
			all["i/"+f.Name+"/"+n.Name] = s
		}
	}
	for _, t := range v.Tunnels {
		all["t/"+t.Remote.String()] = &session{local: t.Local, remote: t.Remote, tunnel: &t, want: wish{fabric.Neighbor{
			Local: netip.PrefixFrom(t.Local, t.Local.BitLen()), Remote: t.Remote, LocalASN: v.LocalASN, RemoteASN: v.LocalASN,
		}, t.Device}}
	}
	return all, failed
}

// apply makes the VRF's sessions those of v.
func (i *instance) apply(v VRF) error {
	i.ask.Lock()
	defer i.ask.Unlock()
	wanted, refused := i.asked(v)
	failed := lacks{errs: refused}
	for _, key := range slices.Sorted(maps.Keys(i.sessions)) {
		s, w := i.sessions[key], wanted[key]
		if w == nil || !s.want.same(w.want) || s.blocked != w.blocked {
			i.removeSession(key)
		}
	}
	i.prepare(v)
	for _, key := range slices.Sorted(maps.Keys(wanted)) {
		w := wanted[key]
		export := w.want.neighbor.Export
		w.want.neighbor = keep(w.want.neighbor)
		var err error
		if i.sessions[key] == nil {
			err = i.addSession(key, w, export)
		} else {
			err = i.changeSession(i.sessions[key], w, export)
		}
		if err != nil {
			failed.add(w, err)
		}
	}
	i.restarting = false // whoever is added later has not seen us before
	i.kick()
	return failed.or()
}

// prepare sets what concerns the VRF as a whole.
func (i *instance) prepare(v VRF) {
	reserved := make(map[netip.Prefix]bool)
	for _, p := range v.Networks {
		reserved[p] = true
	}
	for _, f := range v.Interfaces {
		for _, n := range f.Neighbors {
			reserved[n.Local.Masked()] = true
		}
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	for p := range i.reserved {
		if !reserved[p] {
			i.dirty[p] = true
		}
	}
	for p := range reserved {
		if !i.reserved[p] {
			i.dirty[p] = true
		}
	}
	i.reserved = reserved
	if i.relaying != (len(v.Tunnels) > 0) {
		i.relaying = len(v.Tunnels) > 0
		i.touch()
	}
}

// addSession configures a session; under ask.
func (i *instance) addSession(key string, s *session, export []fabric.Announcement) error {
	s.routes, s.since = make(map[netip.Prefix]*route), time.Now()
	s.endings = make(map[bgp.Family]bool)
	d, _ := i.patients.LoadOrStore(s.remote.String(), new(diagnosis))
	s.diagnosis = d.(*diagnosis)
	s.diagnosis.reset(false)
	if s.blocked != "" {
		i.enlist(key, s)
		return nil
	}
	if err := i.assignTable(s); err != nil {
		return err
	}
	s.bornShut = s.want.neighbor.Shutdown
	i.enlist(key, s)
	err := i.export(s, export) // what can be said of it is said, and the session comes up
	if failed := i.server.AddPeer(i.ctx, &api.AddPeerRequest{Peer: i.peer(s, 0)}); failed != nil {
		i.removeSession(key)
		return failed
	}
	if i.detector != nil {
		i.detector.Add(bfd.Neighbor{Local: s.local, Remote: s.remote, Device: s.want.device})
	}
	return err
}

func (i *instance) enlist(key string, s *session) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.sessions[key] = s
	if s.blocked == "" {
		i.byAddress[s.remote] = s
	}
}

// assignTable gives the session its GoBGP VRF: the tunnels' is one.
func (i *instance) assignTable(s *session) error {
	if s.tunnel != nil && i.relay != nil {
		s.table = i.relay.table
		return nil
	}
	e, err := i.emptyTable()
	if err != nil {
		return err
	}
	s.table = e.table
	if s.tunnel != nil {
		i.relay = e
	} else {
		s.told = e
	}
	return nil
}

func (i *instance) emptyTable() (*exports, error) {
	if last := len(i.spare) - 1; last >= 0 {
		e := i.spare[last]
		i.spare = i.spare[:last]
		return e, nil
	}
	i.numbers++
	e := &exports{server: i.server, table: fmt.Sprintf("%d", i.numbers), sent: make(map[netip.Prefix]announcement)}
	return e, i.server.addTable(e.table, i.numbers)
}

// export makes the session announce the list, and only that.
func (i *instance) export(s *session, list []fabric.Announcement) error {
	if s.told == nil {
		return nil
	}
	want := make([]announcement, 0, len(list))
	for _, a := range list {
		out, err := exported(a)
		if err != nil {
			return err
		}
		want = append(want, out)
	}
	return s.told.become(want)
}

// changeSession changes what can be changed without a reset; under ask.
func (i *instance) changeSession(s, w *session, export []fabric.Announcement) error {
	if s.blocked != "" {
		return nil
	}
	err := i.export(s, export)
	if i.adopt(s, w.want) {
		s.asked = time.Time{}
		i.settle(s)
	}
	return err
}

// adopt takes over what the events go by, and reports whether the session is to be opened or closed: it is shut, or no
// longer, or another limit holds for one that was over its own.
func (i *instance) adopt(s *session, w wish) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	old, now := s.want.neighbor, w.neighbor
	s.want = w
	if !samePolicy(old.Import, now.Import) {
		i.rejudge(s)
	}
	limit, toggled := old.MaxPrefixes != now.MaxPrefixes, old.Shutdown != now.Shutdown
	switch {
	case s.overLimit && (limit || toggled):
		s.overLimit, s.reason = false, ""
		i.unsettled[s] = true
	case limit && s.over():
		i.trip(s)
	}
	if toggled {
		i.forget(s)
		s.reason, s.since = "", time.Now()
		i.unsettled[s] = true
	}
	return i.unsettled[s]
}

// removeSession ends a session with Cease 6/3 and forgets it; under ask.
func (i *instance) removeSession(key string) {
	s := i.sessions[key]
	i.mu.Lock()
	delete(i.sessions, key)
	i.mu.Unlock()
	if s.blocked != "" {
		return
	}
	if i.detector != nil {
		i.detector.Remove(s.remote)
	}
	_ = i.server.DeletePeer(i.ctx, &api.DeletePeerRequest{Address: s.remote.String()}) // fails only if there is none
	if s.told != nil {
		if s.told.become(nil) == nil {
			i.spare = append(i.spare, s.told)
		}
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.forget(s)
	delete(i.unsettled, s)
	delete(i.byAddress, s.remote)
	i.kick()
}

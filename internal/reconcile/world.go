package reconcile

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"sync"
	"time"

	"onramp/internal/directconnect"
	"onramp/internal/fabric/sim"
	"onramp/internal/store"
)

// StoreWorld is the world of a simulated fabric whose cables are kept with the connections: plugged since CrossConnected,
// broken while Cut, with what Fault says; and whose customers' routers follow the scripts in the settings (directconnect.CustomerSetting). So
// every server on a database sees the same, and a restart neither pulls cables out nor makes a silent customer speak.
func StoreWorld(s *store.Store, options ...WorldOption) sim.World {
	w := world{store: s, now: time.Now, lately: &reel{}}
	for _, o := range options {
		o(&w)
	}
	return w
}

// WorldOption changes a StoreWorld.
type WorldOption func(*world)

// WithClock has scripts that change with time follow a clock; without it that is the machine's.
func WithClock(now func() time.Time) WorldOption { return func(w *world) { w.now = now } }

// WithoutCustomers leaves the far ends of interfaces without routers, but for those that have a script.
func WithoutCustomers() WorldOption { return func(w *world) { w.absent = true } }

type world struct {
	store  *store.Store
	now    func() time.Time
	absent bool
	lately *reel
}

// reel keeps the cables of routers as they were last read, with the stamps of the connections that they were read from.
type reel struct {
	mu      sync.Mutex
	routers map[string]plugged
}

type plugged struct {
	stamps string
	cables map[string]sim.Cable          // never changed
	flaps  map[string]directconnect.Flap // of those that come and go
}

// at is the cables as they are at a time.
func (p plugged) at(now time.Time) map[string]sim.Cable {
	if len(p.flaps) == 0 {
		return p.cables
	}
	cables := maps.Clone(p.cables)
	for name, flap := range p.flaps {
		cable := cables[name]
		cable.Broken = cable.Broken || flap.Down(now)
		cables[name] = cable
	}
	return cables
}

// keptReels bounds of how many routers a process keeps the cables.
const keptReels = 1 << 10

func (l *reel) of(router string) plugged {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.routers[router]
}

func (l *reel) put(router string, p plugged) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.routers == nil {
		l.routers = map[string]plugged{}
	}
	for other := range l.routers {
		if len(l.routers) < keptReels {
			break
		}
		delete(l.routers, other)
	}
	l.routers[router] = p
}

// Cables answers the cables of the router's live connections, and reads those anew only when some row of them is another
// than it was.
func (w world) Cables(ctx context.Context, router string) (map[string]sim.Cable, error) {
	last := w.lately.of(router)
	var now plugged
	err := w.store.View(ctx, func(tx *store.Tx) (err error) {
		now = last
		stamps, err := tx.ConnectionStamps(router)
		if err != nil || stamps == last.stamps {
			return err
		}
		now = plugged{stamps: stamps, cables: map[string]sim.Cable{}, flaps: map[string]directconnect.Flap{}}
		connections, err := tx.Connections(store.ConnectionQuery{Router: router, Kinds: physical, LiveOnly: true})
		for _, c := range connections {
			if name, ok := portName(c); ok && !c.CrossConnected.IsZero() {
				now.plug(name, c)
			}
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("cables of router %s: %w", router, err)
	}
	w.lately.put(router, now)
	return now.at(w.now()), nil
}

// plug puts in the cable of a connection, with what is wrong with it.
func (p plugged) plug(port string, c directconnect.Connection) {
	cable := sim.Cable{Plugged: true, Broken: c.Cut}
	if f := c.Fault; f != nil {
		cable.Dark, cable.WrongKey, cable.LightDBm = f.Silent, f.WrongKey, f.LightDBm
		if f.Flap != nil {
			p.flaps[port] = *f.Flap
		}
	}
	p.cables[port] = cable
}

// Customers answers all scripts, whichever router they are for: they are few, as somebody has written each.
func (w world) Customers(ctx context.Context, router string) (sim.Customers, error) {
	var scripts map[string]directconnect.CustomerScript
	err := w.store.View(ctx, func(tx *store.Tx) (err error) {
		scripts, err = customerScripts(tx)
		return err
	})
	if err != nil {
		return sim.Customers{}, fmt.Errorf("customers of router %s: %w", router, err)
	}
	c := sim.Customers{Absent: w.absent, Scripts: make(map[string]sim.Script, len(scripts))}
	for id, s := range scripts {
		c.Scripts[id] = played(s, w.now())
	}
	return c, nil
}

// customerScripts are the scripts by interface ID. One that cannot be read is passed over: only this program writes them.
func customerScripts(tx *store.Tx) (map[string]directconnect.CustomerScript, error) {
	settings, err := tx.Settings(directconnect.CustomerSettings)
	scripts := make(map[string]directconnect.CustomerScript, len(settings))
	for name, text := range settings {
		if s, err := directconnect.ParseCustomerScript(text); err == nil {
			scripts[strings.TrimPrefix(name, directconnect.CustomerSettings)] = s
		}
	}
	return scripts, err
}

// played is the script as it stands at a time.
func played(s directconnect.CustomerScript, now time.Time) sim.Script {
	p := sim.Script{
		Sessions: s.Peers, Silent: s.Silent, WrongKey: s.WrongKey, ASN: s.ASN, Closed: s.Flap != nil && s.Flap.Down(now),
	}
	if s.Announce != nil {
		p.Announce = make([]sim.Announced, 0, len(s.Announce))
	}
	for _, r := range s.Announce {
		p.Announce = append(p.Announce, sim.Announced{Prefix: r.CIDR, Path: r.Path, Communities: r.Communities})
	}
	return p
}

// portName is the name of the connection's port on its router: see directconnect.PortID.
func portName(c directconnect.Connection) (string, bool) {
	return strings.CutPrefix(c.PortID, directconnect.PortID(c.Router, ""))
}

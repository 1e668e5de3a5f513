// Package sim is a fabric of simulated routers. A router is the intent it was last given, its links follow the cables of
// a World that somebody else keeps, and its light is computed. At the far end of every interface is a customer's router that
// does as the World's script says, and without one all that is right: so BGP comes up, flaps, carries routes and exceeds its
// limits without hardware. Sessions are computed at each look, they have no timers.
//
// It forwards no frames and remembers nothing across a restart: whoever drives it applies the intents again. It keeps
// what is configured and nothing else, so its size follows the configured ports, not the inventory.
package sim

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"onramp/internal/fabric"
)

// World is where the cables are, and the customers.
type World interface {
	// Cables answers the cables of a router by the name of the port that they end in. A port without a cable is absent.
	Cables(ctx context.Context, router string) (map[string]Cable, error)
	// Customers answers what is at the far ends of a router's interfaces.
	Customers(ctx context.Context, router string) (Customers, error)
}

// Cable is a cross connect that ends in a port.
type Cable struct {
	Plugged  bool    // it is in the port
	Broken   bool    // it does not carry light, either way
	Dark     bool    // it is sound, and the far side sends nothing
	WrongKey bool    // the far side has another MACsec key
	LightDBm float64 // what arrives of the far side's light; 0: as usual
}

// lit reports whether light from the far side arrives.
func (c Cable) lit() bool { return c.Plugged && !c.Broken && !c.Dark }

// carries reports whether that is enough for a receiver of a line rate.
func (c Cable) carries(speedMbps int64) bool {
	return c.lit() && (c.LightDBm == 0 || c.LightDBm >= sensitivity(speedMbps))
}

// Fabric is a set of simulated routers. It implements fabric.Driver. Any name is a router.
type Fabric struct {
	world World

	mu          sync.RWMutex
	intents     map[string]fabric.Intent // by router; none for an empty intent. Never changed in place
	unreachable map[string]bool
	closed      bool
}

var _ fabric.Driver = (*Fabric)(nil)

// New is a fabric in the given world, no router of which is configured.
func New(world World) *Fabric {
	return &Fabric{world: world, intents: map[string]fabric.Intent{}, unreachable: map[string]bool{}}
}

var errClosed = errors.New("sim: the fabric is closed")

// Unreachable cuts a router's management off, or mends it: Apply and Observe fail with fabric.ErrUnreachable meanwhile,
// and its ports go on as configured.
func (f *Fabric) Unreachable(router string, cut bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if cut {
		f.unreachable[router] = true
	} else {
		delete(f.unreachable, router)
	}
}

// Apply makes in the router's configuration.
func (f *Fabric) Apply(ctx context.Context, router string, in fabric.Intent) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := in.Check(); err != nil {
		return fmt.Errorf("sim: router %s: %w", router, err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.answers(router); err != nil {
		return err
	}
	if in.Empty() {
		delete(f.intents, router)
	} else {
		f.intents[router] = in.Clone()
	}
	return nil
}

// Observe computes the router from its configuration and its cables.
func (f *Fabric) Observe(ctx context.Context, router string) (fabric.Observed, error) {
	if err := ctx.Err(); err != nil {
		return fabric.Observed{}, err
	}
	f.mu.RLock()
	in, err := f.intents[router], f.answers(router)
	f.mu.RUnlock()
	if err != nil {
		return fabric.Observed{}, err
	}
	var cables map[string]Cable
	if len(in.Ports) > 0 {
		// Outside the lock: the world may be as slow as a database.
		if cables, err = f.world.Cables(ctx, router); err != nil {
			return fabric.Observed{}, fmt.Errorf("sim: cables of router %s: %w", router, err)
		}
	}
	var customers Customers
	if len(in.Interfaces) > 0 {
		if customers, err = f.world.Customers(ctx, router); err != nil {
			return fabric.Observed{}, fmt.Errorf("sim: customers of router %s: %w", router, err)
		}
	}
	return observe(router, in, cables, customers), nil
}

// Close ends the fabric.
func (f *Fabric) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed, f.intents = true, nil
	return nil
}

// answers is the error of a call to the router, if it cannot be made. The caller holds the lock.
func (f *Fabric) answers(router string) error {
	if f.closed {
		return errClosed
	}
	if f.unreachable[router] {
		return fmt.Errorf("sim: router %s: %w", router, fabric.ErrUnreachable)
	}
	return nil
}

func observe(router string, in fabric.Intent, cables map[string]Cable, customers Customers) fabric.Observed {
	o := fabric.Observed{
		Ports:      make(map[string]fabric.PortStatus, len(in.Ports)),
		Bundles:    make(map[string]fabric.BundleStatus, len(in.Bundles)),
		Interfaces: make(map[string]fabric.InterfaceStatus, len(in.Interfaces)),
	}
	active := make(map[string]int, len(in.Bundles))
	for _, p := range in.Ports {
		status := observePort(router, p, cables[p.Name])
		if status.Carrier && p.Bundle != "" {
			active[p.Bundle]++
		}
		o.Ports[p.Name] = status
	}
	for _, b := range in.Bundles {
		n := active[b.Name]
		o.Bundles[b.Name] = fabric.BundleStatus{Up: n >= max(1, b.MinLinks), ActiveMembers: n}
	}
	down := frames(in, o)
	for _, i := range in.Interfaces {
		o.Interfaces[i.Name] = observeInterface(i, down[i.Link], customers.far(i.Name))
	}
	return o
}

func observePort(router string, p fabric.Port, cable Cable) fabric.PortStatus {
	s := fabric.PortStatus{Enabled: p.Enabled, Carrier: p.Enabled && cable.carries(p.SpeedMbps), Bundle: p.Bundle, SpeedMbps: p.SpeedMbps}
	s.Bundled = s.Carrier && p.Bundle != ""
	if p.MACsec != nil {
		for _, k := range p.MACsec.Keys {
			s.CKNs = append(s.CKNs, k.CKN)
		}
		// The far side is taken to have every key that this side has, unless it is said to have another.
		s.Encrypted = s.Carrier && len(p.MACsec.Keys) > 0 && p.MACsec.Mode != fabric.MACsecOff && !cable.WrongKey
	}
	s.TxPowerDBm = powers(router, p, "tx", p.Enabled)
	s.RxPowerDBm = powers(router, p, "rx", cable.lit())
	if cable.lit() && cable.LightDBm != 0 {
		for lane := range s.RxPowerDBm {
			s.RxPowerDBm[lane] = cable.LightDBm
		}
	}
	return s
}

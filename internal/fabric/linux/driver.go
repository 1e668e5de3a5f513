// Package linux is the driver of the Linux router that it runs on: the ports, bundles, MACsec devices, VLANs, VRFs,
// addresses, tunnels, limits and filters of one network namespace, by netlink. It composes the speaker (BGP) and mka (key
// agreement), which know nothing of each other.
//
// An intent is drawn as the devices that it asks for; what the kernel has is read; and the difference is a list of steps.
// These three are plain values and pure functions, so that what would be done can be shown (Plan) and tested without a kernel.
//
// It touches what it has made or marked, and nothing else: devices carry an alias that begins with "onramp:", routes and
// rules are by protocol 114, tables begin at 10000. It needs CAP_NET_ADMIN, CAP_NET_RAW and CAP_NET_BIND_SERVICE. It does
// not know the control plane, and keeps no intent on disk: that is package router.
package linux

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"onramp/internal/fabric"
	"onramp/internal/fabric/linux/mka"
)

// Config is what a driver needs.
type Config struct {
	Router   string            // the one router name that it answers to
	Ports    map[string]string // device by port name; a port that is missing is a device of the same name
	Log      *slog.Logger      // nil: discards
	Changed  func()            // something that Observe answers may have changed; called without locks held; may be nil
	StateDir string            // survives a reboot
	RunDir   string            // survives the agent, not a reboot: absolute, at most 70 bytes
}

// Driver is a fabric.Driver for this network namespace.
type Driver struct {
	cfg    Config
	socket *socket
	watch  *watch
	keys   *mka.Agreement
	keyed  func() (map[int]bool, error) // MACsec devices with keys, by index
	light  lights
	stop   context.CancelFunc
	done   sync.WaitGroup

	applying sync.Mutex // one Apply, Remove or tend at a time

	mu       sync.Mutex // guards what follows
	closed   bool
	trouble  string         // of the last tend; empty: none
	applied  *fabric.Intent // the last intent of this run; its keys of sessions and ports are held in memory only
	session  *sessions
	devices  map[string]int32 // index by device name, and back: for the speaker's routes
	names    map[int32]string
	tables   map[string]uint32 // by VRF name
	unserved map[string]bool   // interfaces that the speaker does not serve as was last said
}

var _ fabric.Driver = (*Driver)(nil)

var errClosed = errors.New("the driver is closed")

// Open makes a driver of the calling process's network namespace. It changes nothing.
func Open(cfg Config) (*Driver, error) {
	if cfg.Router == "" || cfg.StateDir == "" || cfg.RunDir == "" {
		return nil, errors.New("linux: a driver needs a router's name, a state directory and a run directory")
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Changed == nil {
		cfg.Changed = func() {}
	}
	d := &Driver{cfg: cfg, devices: map[string]int32{}, names: map[int32]string{}, tables: map[string]uint32{}, keyed: mka.Keyed}
	var err error
	if d.socket, err = openSocket(); err != nil {
		return nil, err
	}
	if d.watch, err = openWatch(func(err error) { cfg.Log.Error("changes of the kernel are not heard any more", "error", err) }); err != nil {
		d.socket.close()
		return nil, err
	}
	d.keys, err = mka.Open(mka.Config{StateDir: cfg.StateDir, RunDir: cfg.RunDir, Log: cfg.Log, Changed: d.stir})
	if err != nil {
		d.watch.close()
		d.socket.close()
		return nil, err
	}
	ctx, stop := context.WithCancel(context.Background())
	d.stop = stop
	d.done.Go(func() { d.watch.run(ctx, d.changed) })
	d.done.Go(func() { d.attend(ctx) })
	return d, nil
}

// tending is how often MACsec devices are looked at: the kernel says nothing when they get keys.
const tending = 500 * time.Millisecond

func (d *Driver) attend(ctx context.Context) {
	ticker := time.NewTicker(tending)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			d.follow()
		}
	}
}

// stir has changed called soon.
func (d *Driver) stir() {
	select {
	case d.watch.ready <- struct{}{}:
	default:
	}
}

// changed follows what has happened: what rides on a port that must encrypt has no carrier while there is no association.
func (d *Driver) changed() {
	d.follow()
	if d.watch.risen() {
		d.mend()
	}
	d.cfg.Changed()
}

// mend has the speaker put its routes back: a device that was switched off has lost those that lead through it, and the
// kernel does not say so of each.
func (d *Driver) mend() {
	d.applying.Lock()
	defer d.applying.Unlock()
	if s := d.current(); s != nil {
		s.Repair()
	}
}

func (d *Driver) follow() {
	err, text := d.tend(), ""
	if err != nil {
		text = err.Error()
	}
	d.mu.Lock()
	said := d.trouble == text
	d.trouble = text
	d.mu.Unlock()
	if err != nil && !said && !errors.Is(err, errClosed) { // once, not at every look
		d.cfg.Log.Warn("MACsec devices could not follow their keys", "error", err)
	}
}

// Close ends the sessions and lets go; forwarding goes on with the routes that are there, and so does MACsec.
func (d *Driver) Close() error {
	d.mu.Lock()
	if d.closed {
		d.mu.Unlock()
		return nil
	}
	d.closed = true
	d.mu.Unlock()
	d.stop()
	d.done.Wait()
	d.applying.Lock()
	defer d.applying.Unlock()
	err := errors.Join(d.closeSpeaker(), d.keys.Close())
	d.watch.close()
	d.socket.close()
	return err
}

// answers is the error of a call for a router, if it cannot be made.
func (d *Driver) answers(ctx context.Context, router string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return errClosed
	}
	if router != d.cfg.Router {
		return fmt.Errorf("router %s is not this machine, which is %s: %w", router, d.cfg.Router, fabric.ErrUnreachable)
	}
	return nil
}

package linux

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"onramp/internal/fabric"
	"onramp/internal/fabric/linux/mka"
	"onramp/internal/fabric/linux/speaker"
)

// Apply makes this machine the router that in describes. What cannot be had, because a port's device is missing or
// belongs to somebody else, is named in the error; everything else is done.
func (d *Driver) Apply(ctx context.Context, router string, in fabric.Intent) error {
	if err := d.answers(ctx, router); err != nil {
		return err
	}
	if err := in.Check(); err != nil {
		return fmt.Errorf("router %s: %w", router, err)
	}
	d.applying.Lock()
	defer d.applying.Unlock()
	in = in.Clone()
	s, err := d.read()
	if err != nil {
		return err
	}
	want, missing := d.drawn(in, &s)
	steps := plan(s.world, want)
	for _, st := range steps {
		d.cfg.Log.Debug("router changes", "step", st.String())
	}
	var errs []error
	// Sessions end with a word to the neighbour before what they run over is taken away; and are new ones where it is made
	// again, as the routes through it are gone.
	if err := d.retire(ctx, doomed(steps)); !ofParts(err) { // of what a VRF lacks speak has the last word
		errs = append(errs, err)
	}
	errs = append(errs, d.execute(&s, steps), d.unfallback(&s, want))
	if !settled(steps) {
		if s, err = d.read(); err != nil {
			return errors.Join(append(errs, err)...)
		}
		want, missing = d.drawn(in, &s)
		errs = append(errs, d.execute(&s, plan(s.world, want)))
	}
	if err := ctx.Err(); err != nil {
		return errors.Join(append(errs, err)...)
	}
	d.remember(in, want)
	errs = append(errs, d.applyKeys(ctx, in, want), d.speak(ctx, in, want), ctx.Err())
	return lacking(missing, errors.Join(errs...))
}

// lacking is the error of an Apply: what is missing, or is the matter with single ports' keys and single VRFs, keeps nobody
// from the rest.
func lacking(missing, err error) error {
	all := errors.Join(missing, err)
	if all == nil || !ofParts(err) {
		return all
	}
	// As text only: whatever a part was refused for, the whole was not.
	return fmt.Errorf("%w: %v", fabric.ErrIncomplete, all)
}

// ofParts reports whether an error is about nothing but single ports' keys and single VRFs.
func ofParts(err error) bool {
	switch e := err.(type) {
	case nil, *mka.PortError, *speaker.VRFError:
		return true
	case interface{ Unwrap() []error }:
		return !slices.ContainsFunc(e.Unwrap(), func(err error) bool { return !ofParts(err) })
	}
	return false
}

// Plan answers what Apply would do to the kernel, a line each, and does nothing.
func (d *Driver) Plan(ctx context.Context, in fabric.Intent) ([]string, error) {
	if err := d.answers(ctx, d.cfg.Router); err != nil {
		return nil, err
	}
	if err := in.Check(); err != nil {
		return nil, err
	}
	s, err := d.read()
	if err != nil {
		return nil, err
	}
	want, missing := d.drawn(in, &s)
	return lines(plan(s.world, want)), lacking(missing, nil)
}

// Remove takes everything away that is ours, whoever made it: sessions, key agreement, devices, routes and settings. Ports
// are left dark.
func (d *Driver) Remove(ctx context.Context) error {
	if err := d.Apply(ctx, d.cfg.Router, fabric.Intent{}); err != nil {
		return err
	}
	d.applying.Lock()
	defer d.applying.Unlock()
	return errors.Join(restoreLocal(), restoreForwarding6(d.cfg.StateDir))
}

// remember keeps what was applied, for Observe and for tend.
func (d *Driver) remember(in fabric.Intent, want world) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.applied = &in
	d.tables = map[string]uint32{}
	for _, v := range want.sorted(kindVRF) {
		d.tables[v.Label] = v.Table
	}
}

// learn keeps the indexes of the devices, which the speaker's routes are written with.
func (d *Driver) learn(index map[string]int32) {
	names := make(map[int32]string, len(index))
	for name, i := range index {
		names[i] = name
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.devices, d.names = index, names
}

// state is that of the ports which encrypt. While the kernel's keys cannot be seen, which is the error, a device that follows
// them is to stay as it is.
func (d *Driver) state(in fabric.Intent, s *snapshot) (map[string]portState, error) {
	if !follows(in) {
		return nil, nil
	}
	with, err := d.keyed()
	if err != nil {
		err = fmt.Errorf("MACsec keys of the kernel cannot be seen: %w", err)
	}
	state := map[string]portState{}
	for _, p := range in.Ports {
		if l, there := s.links[cmp.Or(d.cfg.Ports[p.Name], p.Name)]; there && encrypts(p) {
			of := portState{carrier: hasCarrier(l), keyed: err != nil && s.Devices[deviceName(kindMACsec, macsecLabel(p.Name))].Up}
			for n := 1; n <= mka.Slots; n++ {
				of.keyed = of.keyed || with[int(s.index[deviceName(kindSlot, slotLabel(p.Name, n))])]
			}
			state[p.Name] = of
		}
	}
	return state, err
}

// drawn is what is to be, with what it lacks. tend says it when keys are not seen, and puts right what they ask for.
func (d *Driver) drawn(in fabric.Intent, s *snapshot) (want world, missing error) {
	state, err := d.state(in, s)
	if err != nil {
		d.cfg.Log.Debug("devices stay as they are", "error", err)
	}
	return draw(in, s.world, d.cfg.Ports, state)
}

// follows reports whether there is a device that follows a port's keys: of one that must encrypt, or a bundle's member.
func follows(in fabric.Intent) bool {
	return slices.ContainsFunc(in.Ports, func(p fabric.Port) bool {
		return encrypts(p) && (p.MACsec.Mode == fabric.MACsecRequire || p.Bundle != "")
	})
}

// applyKeys gives the ports that are there their keys.
func (d *Driver) applyKeys(ctx context.Context, in fabric.Intent, want world) error {
	var ports []mka.Port
	for _, p := range in.Ports {
		v, there := want.Devices[deviceName(kindMACsec, macsecLabel(p.Name))]
		if !there || p.MACsec == nil {
			continue
		}
		port := mka.Port{Name: p.Name, Device: v.Lower, MACsecDevice: v.Name, Mode: p.MACsec.Mode, Keys: p.MACsec.Keys}
		for i := range port.SlotDevices {
			port.SlotDevices[i] = deviceName(kindSlot, slotLabel(p.Name, i+1))
		}
		ports = append(ports, port)
	}
	return d.keys.Apply(ctx, ports)
}

// tend lets devices follow their ports' keys and carrier: a MACsec device that must encrypt is off while it cannot, so that
// what rides on it has no carrier; and so is a bundle's member, or while its port has no carrier.
func (d *Driver) tend() error {
	d.applying.Lock()
	defer d.applying.Unlock()
	d.mu.Lock()
	in, closed := d.applied, d.closed
	d.mu.Unlock()
	if closed {
		return errClosed
	}
	if in == nil || !follows(*in) {
		return nil
	}
	s := snapshot{world: emptyWorld()}
	if err := readLinks(&s); err != nil {
		return err
	}
	state, err := d.state(*in, &s)
	if err != nil {
		return err
	}
	want, _ := draw(*in, s.world, d.cfg.Ports, state) // what is missing was said by Apply
	var steps []step
	for _, v := range append(want.sorted(kindMACsec), want.sorted(kindPatch)...) {
		if have, there := s.Devices[v.Name]; there && have.Up != v.Up {
			change := step{Op: opDown, Device: v}
			if v.Up {
				change.Op = opUp
			}
			steps = append(steps, change)
		}
	}
	if len(steps) == 0 {
		return nil
	}
	return d.execute(&s, steps)
}

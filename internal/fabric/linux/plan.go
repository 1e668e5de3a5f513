package linux

import "slices"

// plan is what makes have into want, in the order in which the kernel takes it: first what must go, from the top down; then
// what is new or otherwise, from the ground up. Nothing is named that is already so.
func plan(have, want world) []step {
	p := planner{have: have, want: want, gone: map[string]bool{}}
	p.removals()
	p.settings()
	for k := range kinds {
		for _, d := range want.sorted(k) {
			p.device(d)
		}
		if k == kindBundle {
			p.members()
		}
	}
	slices.Reverse(p.last) // from the top down
	return append(p.steps, p.last...)
}

type planner struct {
	have, want world
	gone       map[string]bool // devices that are removed, or vanish with what they stand on
	steps      []step
	joints     []step // rules between MACsec devices and patches, when both are there
	last       []step
}

func (p *planner) do(s step) { p.steps = append(p.steps, s) }

// removals takes away what is not wanted and what must be made again.
func (p *planner) removals() {
	for k := range kinds { // what stands on something that goes, goes too: the kernel sees to it for a VLAN, a VRF's are ours to see to
		for _, d := range p.have.sorted(k) {
			w, wanted := p.want.Devices[d.Name]
			if !wanted || !sameMake(d, w) || p.gone[d.Lower] || k >= kindOuter && p.gone[d.Master] {
				p.gone[d.Name] = true
			}
		}
	}
	for k := kindPort; k <= kindMember; k++ {
		for _, d := range p.have.sorted(k) {
			if p.leaves(d) {
				p.do(step{Op: opLeave, Device: d})
			}
		}
	}
	for k := kinds - 1; k >= 0; k-- {
		for _, d := range p.have.sorted(k) {
			switch {
			case !p.gone[d.Name]:
			case k == kindPort:
				p.do(step{Op: opRelease, Device: d}) // its rules with it
			default:
				p.do(step{Op: opRemove, Device: d})
			}
		}
	}
}

// leaves reports whether a port or MACsec device must go out of the bundle that it is in.
func (p *planner) leaves(d device) bool {
	return d.Kind.joins() && d.Master != "" && (p.gone[d.Name] || p.gone[d.Master] || p.want.Devices[d.Name].Master != d.Master)
}

func (p *planner) settings() {
	if p.want.Settings.Forwarding6 && !p.have.Settings.Forwarding6 {
		p.do(step{Op: opForwarding6})
	}
	if p.want.Settings.LocalLast4 && !p.have.Settings.LocalLast4 {
		p.do(step{Op: opLocalLast})
	}
	if p.want.Settings.LocalLast6 && !p.have.Settings.LocalLast6 {
		p.do(step{Op: opLocalLast, Fallback: fallback{Six: true}})
	}
}

// device makes one device so.
func (p *planner) device(want device) {
	have, there := p.have.Devices[want.Name]
	there = there && !p.gone[want.Name]
	switch {
	case !there && want.Kind == kindPort:
		p.do(step{Op: opClaim, Device: want})
		f := p.have.Foreign[want.Name]
		have = device{Kind: kindPort, Name: want.Name, Label: want.Label, FoundMTU: want.FoundMTU, MTU: f.MTU, Up: f.Up, Conf: want.Conf}
	case !there:
		p.do(step{Op: opAdd, Device: want})
		have = want
		have.Up, have.Addresses, have.ShapeMbps, have.Rules = false, nil, 0, nil
		if want.Kind.joins() {
			have.Master = ""
		}
	case have.Label != want.Label:
		p.do(step{Op: opLabel, Device: want})
	}
	if there && p.leaves(have) {
		have.Master, have.Up = "", false
	}
	if want.MTU > have.MTU {
		p.do(step{Op: opMTU, Device: want})
	} else if want.MTU > 0 && want.MTU < have.MTU {
		p.last = append(p.last, step{Op: opMTU, Device: want}) // after those that stand on it
	}
	if have.Conf != want.Conf {
		p.do(step{Op: opConf, Device: want})
	}
	if want.Kind == kindBundle && have.MinLinks != want.MinLinks {
		p.do(step{Op: opMinLinks, Device: want})
	}
	if have.MACsec != want.MACsec {
		p.do(step{Op: opMACsec, Device: want})
	}
	p.traffic(have, want)
	if want.Kind == kindVRF {
		p.fallbacks(want)
	}
	p.power(have, want)
	p.addresses(have, want) // an IPv6 one has its subnet's route only on a device that is on
}

// power switches a device on or off. What is yet to join a bundle is switched on when it has: a bundle takes in none that is up.
func (p *planner) power(have, want device) {
	if want.Free {
		return
	}
	if want.Master != "" && want.Kind.joins() && (have.Master != want.Master || p.gone[want.Master]) {
		return
	}
	switch {
	case want.Up && !have.Up:
		p.do(step{Op: opUp, Device: want})
	case have.Up && !want.Up:
		p.do(step{Op: opDown, Device: want})
	}
}

// members puts ports and what stands for MACsec devices into their bundles, when those are there.
func (p *planner) members() {
	p.steps = append(p.steps, p.joints...)
	for k := kindPort; k <= kindMember; k++ {
		for _, want := range p.want.sorted(k) {
			have := p.have.Devices[want.Name]
			if !k.joins() || want.Master == "" || have.Master == want.Master && !p.gone[want.Name] && !p.gone[want.Master] {
				continue
			}
			p.do(step{Op: opJoin, Device: want})
			switch {
			case want.Free:
			case want.Up:
				p.do(step{Op: opUp, Device: want})
			default:
				p.do(step{Op: opDown, Device: want})
			}
		}
	}
}

// traffic sets what passes. New rules come before old ones go, so that nothing is lost between; but where a new one takes the
// place of an old one, that goes first.
func (p *planner) traffic(have, want device) {
	if have.ShapeMbps != want.ShapeMbps {
		p.do(step{Op: opShape, Device: want})
	}
	var late []step
	is, wanted, places := map[rule]bool{}, map[rule]bool{}, map[rule]bool{}
	for _, r := range have.Rules {
		is[r] = true
	}
	for _, r := range want.Rules {
		wanted[r], places[r.place()] = true, true
	}
	for _, r := range have.Rules {
		if wanted[r] {
			continue
		}
		s := step{Op: opNoRule, Device: want, Rule: r}
		if places[r.place()] {
			p.do(s)
		} else {
			late = append(late, s)
		}
	}
	for _, r := range want.Rules {
		s := step{Op: opRule, Device: want, Rule: r}
		switch {
		case is[r]:
		case r.Verdict == detour && want.Kind < kindBundle:
			p.joints = append(p.joints, s)
		default:
			p.do(s)
		}
	}
	p.steps = append(p.steps, late...)
}

func (p *planner) addresses(have, want device) {
	for _, a := range have.Addresses {
		if !slices.Contains(want.Addresses, a) {
			p.do(step{Op: opNoAddress, Device: want, Address: a})
		}
	}
	for _, a := range want.Addresses {
		if !slices.Contains(have.Addresses, a) {
			p.do(step{Op: opAddress, Device: want, Address: a})
		}
	}
}

// fallbacks ends the lookups in a VRF's table, before the VRF is up.
func (p *planner) fallbacks(want device) {
	for _, six := range []bool{false, true} {
		f := fallback{want.Table, six}
		if p.want.Defaults[f] && !p.have.Defaults[f] {
			p.do(step{Op: opFallback, Device: want, Fallback: f})
		}
	}
}

// settled reports whether the kernel changes nothing by itself on account of the steps. A member that leaves its bundle gets
// the MTU back that it came with.
func settled(steps []step) bool {
	return !slices.ContainsFunc(steps, func(s step) bool { return s.Op == opLeave || s.Op == opJoin })
}

// doomed are the interfaces, VRFs and tunnels that the steps take away, for good or to be made again, by device name.
func doomed(steps []step) map[string]bool {
	names := map[string]bool{}
	for _, s := range steps {
		if s.Op == opRemove {
			names[s.Device.Name] = true
		}
	}
	return names
}

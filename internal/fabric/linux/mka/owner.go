package mka

import (
	"errors"
	"maps"
	"slices"
	"time"
)

// sci is a secure channel identifier (IEEE 802.1AE clause 9.9): an address and a port identifier.
type sci = [8]byte

// claim is what a slot has to do with one secure channel of the far end.
type claim struct {
	last, began time.Time // the far end's hellos under this SCI with the slot's key: the last, and the first without a gap
	up          bool      // the slot is secured
	holds       bool      // the kernel's device of the slot knows the channel
}

// owner is the slot that a secure channel of the far end is left to.
type owner struct {
	slot  int // or none
	since time.Time
}

// inherit answers to which slot a channel is left. The kernel lets only one MACsec device of a port know an SCI. A far end
// that keeps its SCI when it changes keys, as a plain wpa_supplicant does, must therefore be given up under the old key before
// it can be agreed with under the new one. So the channel goes where the far end begins to use another of our keys, for then
// no moment is to be lost; where it is heard when the slot that has it hears nothing any more; and where it is heard when the
// slot that has it comes to no agreement. A far end that goes on with both has made its choice by then, or the last rule
// makes it.
func inherit(is owner, claims [Slots]claim, now time.Time) owner {
	heard := func(i int, lately time.Duration) bool { return i != none && now.Sub(claims[i].last) <= lately }
	next := none
	for i := range claims {
		if i != is.slot && heard(i, present) && (next == none || claims[i].began.After(claims[next].began)) {
			next = i
		}
	}
	switch {
	case is.slot == none:
		return owner{first(claims, next), now}
	case next == none:
		return is
	case claims[next].began.Sub(is.since) > present, // it begins
		!heard(is.slot, silence) && claims[next].last.After(claims[is.slot].last):
		return owner{next, now}
	case !claims[is.slot].up && now.Sub(is.since) > stuck: // in turn
		for next = (is.slot + 1) % Slots; !heard(next, present); {
			next = (next + 1) % Slots
		}
		return owner{next, now}
	}
	return is
}

// first answers the slot whose device knows a channel, or otherwise.
func first(claims [Slots]claim, otherwise int) int {
	for i, c := range claims {
		if c.holds {
			return i
		}
	}
	return otherwise
}

// claims gathers what the slots have to do with each secure channel of the far end that is heard or known.
func (p *port) claims() map[sci][Slots]claim {
	all := map[sci][Slots]claim{}
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, s := range p.slots {
		if s.key.CKN == "" {
			continue
		}
		add := func(id sci, change func(c *claim)) {
			of := all[id]
			change(&of[i])
			all[id] = of
		}
		if id, heard := p.ears.from[s.key.CKN]; heard {
			add(id, func(c *claim) { c.last, c.began = p.ears.proved[s.key.CKN], p.ears.began[s.key.CKN] })
		}
		for _, id := range s.seen.rxSCs {
			add(id, func(c *claim) { c.holds = true })
		}
		for id := range all {
			add(id, func(c *claim) { c.up = !s.up.IsZero() })
		}
	}
	return all
}

// unshadow leaves each secure channel of the far end to one slot, and takes it from the others.
func (p *port) unshadow(now time.Time) error {
	all := p.claims()
	maps.DeleteFunc(p.owners, func(id sci, _ owner) bool { _, there := all[id]; return !there })
	var errs []error
	for id, claims := range all {
		is, known := p.owners[id]
		if !known {
			is.slot = none
		}
		is = inherit(is, claims, now)
		p.owners[id] = is
		for i, s := range p.slots {
			if i == is.slot || !claims[i].holds || is.slot == none {
				continue
			}
			p.log("the far end protects with another key", "no longer", s.key.CKN)
			errs = append(errs, p.a.kernel.deafen(s.links.secy, id))
			s.seen.rxSCs = slices.DeleteFunc(s.seen.rxSCs, func(other sci) bool { return other == id })
			s.up, s.stripped = time.Time{}, true
		}
	}
	return errors.Join(errs...)
}

// yields reports whether the far end's channel with the slot's key is left to another slot.
func (p *port) yields(s *slot) bool {
	p.mu.Lock()
	id, heard := p.ears.from[s.key.CKN]
	p.mu.Unlock()
	is, known := p.owners[id]
	return heard && known && is.slot != s.number-1
}

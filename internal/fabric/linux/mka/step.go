package mka

import (
	"context"
	"errors"
	"slices"
	"time"
)

// step looks at everything that a port consists of, does what is missing and answers what is there. What is sent is led
// elsewhere before the slot that it went through ends.
func (p *port) step(ctx context.Context) (Status, error) {
	at, carrier, err := look(p.device)
	if err != nil {
		return Status{}, err
	}
	ride, err := at.with(p.want.MACsecDevice)
	if err != nil {
		return Status{}, err
	}
	if err := p.listenAt(at); err != nil {
		return Status{}, err
	}
	now := time.Now()
	var errs []error
	stay, leave := p.order()
	for _, s := range stay {
		errs = append(errs, s.step(ctx, at, carrier, now))
	}
	if len(leave) > 0 && slices.ContainsFunc(stay, func(s *slot) bool { return !s.up.IsZero() }) && ctx.Err() == nil {
		errs = append(errs, p.transmit(ride.secy))
	}
	for _, s := range leave {
		errs = append(errs, s.step(ctx, at, carrier, now))
		s.other = s.other && ctx.Err() != nil
	}
	if err := ctx.Err(); err != nil {
		return Status{}, err // what a slot could not be asked is no reason to send elsewhere
	}
	errs = append(errs, p.unshadow(now), p.transmit(ride.secy))
	for _, s := range p.slots {
		if s.key.CKN == "" && !s.ended {
			errs = append(errs, s.end(ctx, at))
		}
	}
	return p.judge(carrier), errors.Join(errs...)
}

// order answers the slots with keys, and apart those whose key takes another's place: that one is not ended before what is
// sent is led to a slot that stays, if any can take it.
func (p *port) order() (stay, leave []*slot) {
	for _, s := range p.slots {
		switch {
		case s.key.CKN == "":
		case s.other:
			leave = append(leave, s)
		default:
			stay = append(stay, s)
		}
	}
	return stay, leave
}

// transmit has what is sent on the port go through the slot that is chosen.
func (p *port) transmit(ride int) error {
	have, err := outlets(ride)
	if err != nil {
		return err
	}
	var up [Slots]time.Time
	for i, s := range p.slots {
		up[i] = s.up
	}
	now := inForce(have)
	chosen, to := choose(now, up), 0
	if chosen != none {
		to = p.slots[chosen].links.secy
	}
	if err := lead(ride, have, chosen, to); err != nil {
		p.sends = none
		return err
	}
	if chosen != now && chosen != none {
		p.log("key taken into use", "ckn", p.slots[chosen].key.CKN)
	}
	p.sends = chosen
	return nil
}

const plainAsked = "the far end asks for frames without MACsec"

// judge puts what is there into words.
func (p *port) judge(carrier bool) Status {
	var status Status
	asked := false
	for _, s := range p.slots {
		if s.key.CKN != "" {
			status.NotValid += s.seen.notValid
			status.Late += s.seen.late
			asked = asked || s.asked
		}
	}
	switch {
	case p.sends != none:
		status.Secured, status.CKN = true, p.slots[p.sends].key.CKN
	case !carrier:
		status.Reason = "no carrier"
	case asked:
		status.Reason = plainAsked
	default:
		p.mu.Lock()
		status.Reason = p.ears.why(time.Now())
		p.mu.Unlock()
	}
	return status
}

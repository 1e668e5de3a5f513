package mka

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"onramp/internal/fabric"
)

// stuck is how long the far end may be heard with the key in use, without an association, before ours begins anew; and
// how long a port that must encrypt stays idle after the far end has asked for plain frames.
const stuck = 20 * time.Second

// hangs is how many times in a row a supplicant fails to answer before it is ended by force: six seconds, the time after
// which the far end gives it up.
const hangs = 2

// step looks at everything that a port consists of, does what is missing and answers what is there.
func (p *port) step(ctx context.Context) (Status, error) {
	at, carrier, err := look(p.device, p.want.MACsecDevice)
	if err != nil {
		return Status{}, err
	}
	if err := p.listenAt(at); err != nil {
		return Status{}, err
	}
	if p.want.Mode == fabric.MACsecRequire && p.plainWanted(time.Now()) {
		p.quiet = time.Now().Add(stuck)
	}
	if time.Now().Before(p.quiet) {
		return Status{Reason: plainAsked}, p.hush(ctx, at)
	}
	if err := p.attend(ctx, at); errors.Is(err, errSilent) && p.silent > 0 {
		_, before := p.seen() // the kernel forwards without it
		return before, nil
	} else if err != nil {
		return Status{}, err
	}
	if p.numbers == nil {
		if err := p.hand(ctx); err != nil {
			return Status{}, err
		}
	}
	said, err := p.supplicant().report(ctx)
	if err != nil {
		return Status{}, err
	}
	kernel, there, err := p.a.kernel.secy(at.secy)
	switch {
	case err != nil:
		return Status{}, err
	case !there || kernel.sci != at.sci():
		return Status{}, fmt.Errorf("device %s: its SCI is not the address of %s with port 1", p.want.MACsecDevice, p.device)
	case said.address != net.HardwareAddr(at.address[:]).String():
		p.log("the device's address has changed: its supplicant begins anew")
		return Status{}, errors.Join(errAnew, p.supplicant().stop(ctx))
	}
	up := carrier && said.secured && kernel.protect && kernel.transmitting && kernel.receiving
	if err := p.steer(ctx, at, said, up, carrier); err != nil {
		return Status{}, err
	}
	return p.judge(said, kernel, up && said.ckn == p.current, carrier), nil
}

const plainAsked = "the far end asks for frames without MACsec"

// hush ends key agreement for a while: wpa_supplicant would oblige a far end that asks for frames without MACsec, and tell
// the MACsec device to send in clear. It must end for that; while it runs it agrees, whatever networks are disabled.
func (p *port) hush(ctx context.Context, at links) error {
	if p.supplicant().process() == 0 {
		return nil
	}
	p.numbers, p.current, p.up = nil, "", time.Time{}
	return errors.Join(p.supplicant().stop(ctx), p.a.kernel.shut(at.secy))
}

var errAnew = errors.New("begins anew")

// attend sees to it that a supplicant runs on these very devices.
func (p *port) attend(ctx context.Context, at links) error {
	s := p.supplicant()
	err := s.ping(ctx)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err == nil && (p.links == links{} || p.links == at):
		p.links, p.silent = at, 0
		return nil
	case err == nil:
		p.log("a device was made anew: its supplicant begins anew")
		if err := s.stop(ctx); err != nil {
			return err
		}
	case errors.Is(err, errSilent) && p.silent+1 < hangs:
		p.silent++
		return err
	case time.Now().Before(p.retry):
		return cmp.Or(p.failed, err)
	case p.numbers != nil:
		p.log("its supplicant is lost and begins anew", "error", err)
	}
	p.pause = min(max(2*p.pause, time.Second), 30*time.Second)
	p.retry = time.Now().Add(p.pause)
	p.numbers, p.current, p.up, p.silent = nil, "", time.Time{}, 0
	p.failed = s.kill() // one that hangs
	if p.failed == nil {
		p.failed = p.a.kernel.shut(at.secy)
	}
	if p.failed == nil {
		p.failed = s.start(ctx)
	}
	if p.failed == nil {
		p.links = at
	}
	return p.failed
}

// hand gives the supplicant the port's keys, as far as it does not have them.
func (p *port) hand(ctx context.Context) error {
	s := p.supplicant()
	have, err := s.networks(ctx)
	if err != nil {
		return err
	}
	if len(have) == 0 {
		if err := s.prepare(ctx); err != nil {
			return err
		}
	}
	numbers := map[string]string{}
	for _, k := range p.want.Keys {
		number, there := have[k.CKN]
		if there {
			err = s.renew(ctx, number, k)
		} else {
			number, err = s.add(ctx, k)
		}
		if err != nil {
			return err
		}
		numbers[k.CKN] = number
		delete(have, k.CKN)
	}
	p.numbers, p.stale = numbers, nil
	for _, number := range have {
		p.stale = append(p.stale, number)
	}
	return nil
}

// steer chooses the key to use and sees to it that it is used, and no other one is left.
func (p *port) steer(ctx context.Context, at links, said report, up, carrier bool) error {
	now := time.Now()
	if p.want.Mode == fabric.MACsecRequire && said.authenticated && !said.secured {
		p.quiet = now.Add(stuck)
		return p.hush(ctx, at)
	}
	if p.current != said.ckn && now.Sub(p.since) > hello { // taken over from an earlier agent; or lost
		p.current, p.since = said.ckn, now
	}
	up = up && p.current == said.ckn
	switch {
	case up && p.up.IsZero():
		p.up = now
		fallthrough
	case up:
		p.since, p.pause = now, 0
		p.remember(p.current)
	default:
		p.up = time.Time{}
	}
	v := view{last: p.last, current: p.current, secured: up, since: p.since, up: p.up, chance: p.chance, carrier: carrier, now: now}
	v.heard, v.began = p.heard()
	for _, k := range p.want.Keys {
		v.keys = append(v.keys, k.CKN)
	}
	next := v.choose()
	jammed := !up && now.Sub(p.since) > stuck && v.within(next, silence)
	if next != p.current || p.again || jammed {
		if err := p.supplicant().use(ctx, p.numbers[next]); err != nil {
			return err
		}
		p.log("key taken into use", "ckn", next, "instead of", p.current)
		p.current, p.since, p.up, p.chance, p.again = next, now, time.Time{}, newChance(), false
	}
	for len(p.stale) > 0 { // only now: the one in use would end with its network
		if err := p.supplicant().forget(ctx, p.stale[0]); err != nil {
			return err
		}
		p.stale = p.stale[1:]
	}
	return nil
}

// judge puts what is there into words.
func (p *port) judge(said report, kernel secy, up, carrier bool) Status {
	status := Status{NotValid: kernel.notValid, Late: kernel.late}
	now := time.Now()
	switch {
	case up:
		status.Secured, status.CKN = true, p.current
	case !carrier:
		status.Reason = "no carrier"
	case said.authenticated && !said.secured:
		status.Reason = plainAsked
	default:
		p.mu.Lock()
		status.Reason = p.ears.why(p.current, now)
		p.mu.Unlock()
	}
	return status
}

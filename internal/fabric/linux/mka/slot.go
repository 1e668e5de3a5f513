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

// stuck is how long the far end may be heard with a key, without an association, before ours begins anew; and how long a
// slot that must encrypt stays idle after the far end has asked for plain frames.
const stuck = 20 * time.Second

// hangs is how many times in a row a supplicant fails to answer before it is ended by force: six seconds, the time after
// which the far end gives it up.
const hangs = 2

// freshness is how old what is known of the kernel's MACsec devices may be: less than the time between looks. Ports share what
// is known, so a port that looks more often than others has it read more often.
func (p *port) freshness(now time.Time) time.Duration {
	if p.expects(now) {
		return quick / 2
	}
	return beat * 3 / 4
}

// slot is the key agreement with one of a port's keys, on a MACsec device of its own. Its port's turn guards it.
type slot struct {
	p      *port
	number int        // from 1: the port identifier of the device's SCI
	key    fabric.Key // without a CKN: none
	anew   string     // why the supplicant is to begin anew; empty: it is not
	ended  bool       // it has no key, and nothing is left of one
	other  bool       // it has had another key, which may still be what is sent with

	links links // as they were when the supplicant was last seen well
	knows bool  // the supplicant has the key
	began time.Time
	retry time.Time     // none is started before
	pause time.Duration // that was waited last
	fails error         // why the last one could not be started

	silent   int       // times in a row that it did not answer
	since    time.Time // when the agreement began, or last was up
	up       time.Time // since when it protects frames both ways; zero: it does not
	quiet    time.Time // plain frames were asked for where they may not be: idle until then
	asked    bool      // plain frames are asked for
	stripped bool      // a channel was taken from it
	seen     secy
}

func (s *slot) supplicant() supplicant { return s.p.a.supplicant(s.p.device, s.number) }
func (s *slot) device() string         { return s.p.want.SlotDevices[s.number-1] }

// learn replaces the slot's key. The same key again changes nothing: what is waited for is not waited for anew.
func (s *slot) learn(key fabric.Key) {
	switch {
	case key.CKN != s.key.CKN:
		s.up, s.asked, s.ended, s.quiet = time.Time{}, false, false, time.Time{}
		s.knows, s.retry, s.since = false, time.Time{}, time.Time{}
		s.other = s.key.CKN != ""
	case s.key.CAK != "" && key.CAK != s.key.CAK:
		s.anew = "its key is another one under its old name"
		s.knows, s.retry = false, time.Time{}
	}
	s.key = key
}

// step sees to it that the key is agreed on, and notes whether it is.
func (s *slot) step(ctx context.Context, at links, carrier bool, now time.Time) error {
	at, err := at.with(s.device())
	if err != nil {
		s.up = time.Time{}
		return err
	}
	require := s.p.want.Mode == fabric.MACsecRequire
	if require && s.p.plainWanted(s.key.CKN, now) {
		s.quiet = now.Add(stuck)
	}
	if now.Before(s.quiet) {
		return s.hush(ctx, at)
	}
	if err := s.attend(ctx, at); errors.Is(err, errSilent) && s.silent > 0 {
		return nil // the kernel forwards without it
	} else if err != nil {
		s.up = time.Time{}
		return err
	}
	said, err := s.supplicant().report(ctx)
	if err != nil {
		if !errors.Is(err, errSilent) {
			s.up = time.Time{}
		}
		return err
	}
	kernel, there, err := s.p.a.kernel.secy(at.secy, s.p.freshness(now))
	switch {
	case err != nil:
		return err
	case !there || kernel.sci != at.sci(s.number):
		s.up = time.Time{}
		return fmt.Errorf("device %s: its SCI is not the address of %s with port %d", s.device(), s.p.device, s.number)
	case said.address != net.HardwareAddr(at.address[:]).String():
		s.up, s.anew = time.Time{}, "the device's address has changed"
		return nil
	}
	s.asked = said.authenticated && !said.secured
	if require && s.asked {
		s.quiet = now.Add(stuck)
		return s.hush(ctx, at)
	}
	s.note(kernel, said, carrier, now)
	return nil
}

// note takes in what the supplicant and the kernel say.
func (s *slot) note(kernel secy, said report, carrier bool, now time.Time) {
	up := carrier && said.secured && said.ckn == s.key.CKN && kernel.protect && kernel.transmitting && kernel.receiving
	s.seen = kernel
	if up == s.up.IsZero() {
		s.p.a.cfg.Log.Debug("MACsec: slot", "port", s.p.want.Name, "number", s.number, "up", up, "carrier", carrier, "agreed", said.secured,
			"ckn", said.ckn, "sends", kernel.transmitting, "takes", kernel.receiving)
	}
	switch {
	case up && s.up.IsZero():
		s.up = now
		fallthrough
	case up:
		s.since, s.stripped = now, false
		return
	case !said.secured:
		s.stripped = false
	}
	s.up = time.Time{}
	last, first := s.p.heard(s.key.CKN)
	if first.Before(s.since) {
		first = s.since
	}
	switch {
	case said.ckn != s.key.CKN && now.Sub(s.since) > 2*hello:
		s.anew = "its agreement was not begun"
	case !carrier, s.p.yields(s):
	case s.stripped:
		s.anew = "the far end protects with this key again"
	case now.Sub(last) <= silence && now.Sub(first) > stuck:
		s.anew = "the far end is heard, and there is no association"
	}
}

// hush ends key agreement for a while: wpa_supplicant would oblige a far end that asks for frames without MACsec, and tell
// the MACsec device to send in clear. It must end for that; while it runs it agrees, whatever networks are disabled.
func (s *slot) hush(ctx context.Context, at links) error {
	s.knows, s.up, s.asked = false, time.Time{}, true
	if s.supplicant().process() == 0 {
		return nil
	}
	return errors.Join(s.supplicant().stop(ctx), s.p.a.kernel.shut(at.secy))
}

// end leaves no supplicant and no keys in the slot. Devices at of which there is none any more have none.
func (s *slot) end(ctx context.Context, at links) error {
	s.knows, s.up, s.seen = false, time.Time{}, secy{}
	if err := s.supplicant().stop(ctx); err != nil {
		return err
	}
	if at, err := at.with(s.device()); err == nil {
		if err := s.p.a.kernel.shut(at.secy); err != nil {
			return err
		}
	}
	s.ended = true
	return nil
}

// errAnew is that of a supplicant which answers and is not to go on.
var errAnew = errors.New("begins anew")

// steady is how long a supplicant has to live until its end is no reason to wait with the next.
const steady = 15 * time.Second

// attend sees to it that a supplicant runs on these very devices, with the slot's key.
func (s *slot) attend(ctx context.Context, at links) error {
	err := s.supplicant().ping(ctx)
	if err == nil {
		err = s.adopt(ctx, at)
	}
	now := time.Now()
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err == nil:
		s.silent = 0
		if now.Sub(s.began) > steady {
			s.pause = 0
		}
		return nil
	case errors.Is(err, errSilent) && s.silent+1 < hangs:
		s.silent++
		return err
	case !errors.Is(err, errAnew) && now.Before(s.retry):
		return cmp.Or(s.fails, err)
	case s.knows:
		s.p.log("its supplicant is lost and begins anew", "ckn", s.key.CKN, "error", err)
	}
	return s.begin(ctx, at, errors.Is(err, errAnew))
}

// adopt answers nil for a supplicant that is to go on, otherwise errAnew.
func (s *slot) adopt(ctx context.Context, at links) error {
	if s.links != (links{}) && s.links != at && s.anew == "" {
		s.anew = "a device was made anew"
	}
	if s.anew != "" {
		s.p.log(s.anew+": its supplicant begins anew", "ckn", s.key.CKN)
		return errAnew
	}
	if s.knows {
		return nil
	}
	ckn, err := s.supplicant().uses(ctx)
	if err != nil {
		return err
	}
	if ckn != s.key.CKN {
		s.p.log("a supplicant with another key is ended", "ckn", ckn)
		return errAnew
	}
	if s.links != at || s.since.IsZero() {
		s.since = time.Now()
	}
	s.knows, s.links = true, at
	return nil
}

// begin starts a supplicant in place of one that answers, or that may hang.
func (s *slot) begin(ctx context.Context, at links, answers bool) error {
	sup, now := s.supplicant(), time.Now()
	s.pause = min(max(2*s.pause, time.Second), 30*time.Second)
	s.retry = now.Add(s.pause)
	s.knows, s.up, s.silent, s.anew, s.stripped = false, time.Time{}, 0, "", false
	if answers {
		s.fails = sup.stop(ctx)
	} else {
		s.fails = sup.kill()
	}
	for _, do := range []func() error{
		func() error { return s.p.a.kernel.shut(at.secy) },
		func() error { return sup.start(ctx) },
		func() error { return sup.use(ctx, s.key) },
	} {
		if s.fails == nil {
			s.fails = do()
		}
	}
	if s.fails == nil {
		s.links, s.knows, s.began, s.since = at, true, now, now
	}
	return s.fails
}

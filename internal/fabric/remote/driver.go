package remote

import (
	"context"
	"errors"
	"fmt"

	"onramp/internal/fabric"
	"onramp/internal/fabric/remote/wire"
)

var (
	// ErrStale is wrapped by a station's refusal of an order that is not later than the one it has, or of an intent to be
	// applied again that it does not have. It has changed nothing.
	ErrStale = errors.New("the agent has another intent")
	// ErrWaiting is wrapped by the answer of a station that keeps an intent and has not applied it.
	ErrWaiting = errors.New("the router waits for its operator to accept the first plan, with onramp router plan")
)

// unreachable is the error of a call to a router whose agent is not there.
func unreachable(router, why string) error {
	return fmt.Errorf("router %s: %w: %s", router, fabric.ErrUnreachable, why)
}

// reach is the router's link.
func (s *Server) reach(ctx context.Context, router string) (*link, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if l := s.links[router]; l != nil {
		return l, nil
	}
	return nil, unreachable(router, "its agent is not connected")
}

// Apply has the router's agent apply the intent. An agent that has it already is only told to apply it again, so that the
// cost of a second Apply does not follow its size.
func (s *Server) Apply(ctx context.Context, router string, in fabric.Intent) error {
	if err := in.Check(); err != nil {
		return fmt.Errorf("router %s: %w", router, err)
	}
	l, err := s.reach(ctx, router)
	if err != nil {
		return err
	}
	// One at a time: each order comes after the one before.
	select {
	case l.applying <- struct{}{}:
		defer func() { <-l.applying }()
	case <-ctx.Done():
		return ctx.Err()
	case <-l.ctx.Done():
		return unreachable(router, "its agent has gone")
	}
	mark := in.Fingerprint()
	s.tell(router, mark, true) // before, so that the agent's report of it is not taken for somebody else's doing
	err = l.apply(ctx, in, mark)
	s.tell(router, mark, err == nil || errors.Is(err, fabric.ErrIncomplete)) // it has heard, and cannot have all of it
	return err
}

// tell remembers what a router was told, if it is known to have heard.
func (s *Server) tell(router string, mark fabric.Fingerprint, heard bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if heard {
		s.told[router] = mark
	} else {
		delete(s.told, router)
	}
}

// strayed reports whether a router has something else than this server told it last.
func (s *Server) strayed(router string, has fabric.Fingerprint) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	told, ever := s.told[router]
	return !ever || told != has
}

// overtakings bounds how often an order is made anew because another server was faster. Each time one of them gets on, so
// that this many in a row are not met.
const overtakings = 64

func (l *link) apply(ctx context.Context, in fabric.Intent, mark fabric.Fingerprint) error {
	for range overtakings {
		known := l.known()
		call := &wire.Call{Kind: &wire.Call_Again{Again: mark[:]}}
		if known.Sequence == 0 || known.Fingerprint != mark {
			order, err := seal(l.router, known.Sequence+1, in, mark, l.sealingKey)
			if err != nil {
				return fmt.Errorf("router %s: %w", l.router, err)
			}
			call.Kind = &wire.Call_Apply{Apply: order.m}
		}
		answer, err := l.call(ctx, call)
		if err != nil {
			return err
		}
		if err := outcome(l.router, answer.result); !errors.Is(err, ErrStale) {
			return err
		}
	}
	return fmt.Errorf("router %s: another server keeps telling it something else: %w", l.router, ErrStale)
}

// Observe has the router's agent look.
func (s *Server) Observe(ctx context.Context, router string) (fabric.Observed, error) {
	l, err := s.reach(ctx, router)
	if err != nil {
		return fabric.Observed{}, err
	}
	answer, err := l.call(ctx, &wire.Call{Kind: &wire.Call_Observe{Observe: &wire.Observe{}}})
	if err == nil {
		err = outcome(router, answer.result)
	}
	if err != nil {
		return fabric.Observed{}, err
	}
	return answer.observed, nil
}

// outcome is the error of a result.
func outcome(router string, r *wire.Result) error {
	var kind error
	switch r.GetOutcome() {
	case wire.Outcome_OUTCOME_DONE:
		return nil
	case wire.Outcome_OUTCOME_INVALID:
		kind = fabric.ErrInvalid
	case wire.Outcome_OUTCOME_STALE:
		kind = ErrStale
	case wire.Outcome_OUTCOME_UNREACHABLE:
		kind = fabric.ErrUnreachable
	case wire.Outcome_OUTCOME_INCOMPLETE:
		kind = fabric.ErrIncomplete
	case wire.Outcome_OUTCOME_WAITING:
		return fmt.Errorf("router %s: %w", router, ErrWaiting)
	default:
		return fmt.Errorf("router %s: %s", router, r.GetMessage())
	}
	return fmt.Errorf("router %s: %w: %s", router, kind, r.GetMessage())
}

// Connected reports whether a router's agent has a stream to this server.
func (s *Server) Connected(router string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.links[router] != nil
}

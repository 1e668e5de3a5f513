package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// side is one of the two that take turns.
type side struct {
	name     string
	server   *process
	requests [][]byte
	once     bool // no request may be sent twice: each round has its own
	rested   bool // begins when the server has nothing left to do of what came before, and pays for what it leaves to do
}

// forRound is the side with what it sends in one of several rounds.
func (s side) forRound(n, rounds, clients int) side {
	if s.once {
		part := len(s.requests) / rounds / clients * clients // so that each client sends what is its own
		s.requests = s.requests[n*part:][:part]
	}
	return s
}

// figures are the medians of one side.
type figures struct {
	rate   float64       // calls a second
	cpu    time.Duration // of the process, a call; of a rested side with what is done after the round because of it
	length int           // bytes of an answer, on average
}

// turns loads two sides alternately, each first as often as the other, and answers the medians of both and the median of
// the ratio a/b within a round: what disturbs a whole round disturbs both.
func (b *bench) turns(ctx context.Context, a, z side) (fa, fz figures, ratio float64, err error) {
	var as, zs []figures
	var ratios []float64
	for round := -1; round < b.rounds; round++ { // the first one warms up
		pair := []side{a, z}
		if round%2 != 0 {
			slices.Reverse(pair)
		}
		measured := map[string]figures{}
		for _, s := range pair {
			if measured[s.name], err = b.turn(ctx, s.forRound(round+1, b.rounds+1, b.clients)); err != nil {
				return fa, fz, 0, fmt.Errorf("%s: %w", s.name, err)
			}
		}
		if round >= 0 {
			as, zs = append(as, measured[a.name]), append(zs, measured[z.name])
			ratios = append(ratios, measured[a.name].rate/measured[z.name].rate)
		}
	}
	return middle(as), middle(zs), median(ratios), nil
}

// turn loads one side for a round.
func (b *bench) turn(ctx context.Context, s side) (figures, error) {
	if s.rested {
		if err := s.server.rest(ctx); err != nil {
			return figures{}, err
		}
	}
	before, err := s.server.processor()
	if err != nil {
		return figures{}, err
	}
	v, err := drive(ctx, s, b.clients, b.round)
	if err != nil {
		return figures{}, err
	}
	if s.rested {
		if err := s.server.rest(ctx); err != nil {
			return figures{}, err
		}
	}
	after, err := s.server.processor()
	if err != nil {
		return figures{}, err
	}
	if v.calls == 0 {
		return figures{}, fmt.Errorf("no answer within %v", b.round)
	}
	f := figures{rate: float64(v.calls) / v.took.Seconds(), cpu: (after - before) / time.Duration(v.calls), length: v.bytes / v.calls}
	fmt.Fprintf(os.Stderr, "  %-16s %8.0f/s  %6.1f µs of its processor time a call, %d bytes\n",
		s.name, f.rate, float64(f.cpu.Nanoseconds())/1000, f.length)
	return f, nil
}

func middle(all []figures) figures {
	return figures{
		rate:   median(each(all, func(f figures) float64 { return f.rate })),
		cpu:    median(each(all, func(f figures) time.Duration { return f.cpu })),
		length: median(each(all, func(f figures) int { return f.length })),
	}
}

func each[A, B any](all []A, f func(A) B) []B {
	out := make([]B, len(all))
	for i, a := range all {
		out[i] = f(a)
	}
	return out
}

func median[T cmp.Ordered](all []T) T {
	sorted := slices.Sorted(slices.Values(all))
	return sorted[len(sorted)/2]
}

// profiled profiles the server while f runs, if profiles are asked for.
func (b *bench) profiled(name string, p *process, f func() error) error {
	if b.profile == "" {
		return f()
	}
	folder, err := filepath.Abs(b.profile)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	file := strings.NewReplacer(",", "", " ", "-").Replace(name) + ".pprof"
	if err := p.order("profile " + filepath.Join(folder, file)); err != nil {
		return err
	}
	if err := f(); err != nil {
		return err
	}
	return p.order("end")
}

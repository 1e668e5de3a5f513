package router

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"onramp/internal/fabric"
)

// storm is what a sequence does to two servers, two wires and one router.
type storm struct {
	*lab
	router *station
	random *rand.Rand
	down   [2]bool
}

var gusts = []struct {
	name string
	blow func(s *storm)
}{
	{"a wire is cut or mended", func(s *storm) {
		i := s.random.IntN(2)
		s.down[i] = !s.down[i]
		s.servers[i].wire.cut(s.down[i])
	}},
	{"an intent is applied", func(s *storm) { s.apply(s.random.IntN(2), s.intent()) }},
	{"two servers apply", func(s *storm) {
		done := make(chan struct{})
		one, two := s.intent(), s.intent()
		go func() {
			defer close(done)
			s.apply(0, one)
		}()
		s.apply(1, two)
		<-done
	}},
	{"the agent starts again", func(s *storm) {
		s.router.stop()
		s.router.begin(Config{Beat: 20 * time.Millisecond})
	}},
	{"somebody changes the router", func(s *storm) {
		if err := s.router.driver.Fabric.Apply(s.t.Context(), "r1", s.intent()); err != nil {
			s.t.Error(err)
		}
		s.router.driver.changed()
	}},
	{"the driver fails", func(s *storm) { s.router.driver.set(func(m *machine) { m.refuse = errors.New("busy") }) }},
	{"the driver works", func(s *storm) { s.router.driver.set(func(m *machine) { m.refuse = nil }) }},
	{"the router is looked at", func(s *storm) { _, _ = s.servers[s.random.IntN(2)].Observe(s.t.Context(), "r1") }},
}

func (s *storm) intent() fabric.Intent {
	if s.random.IntN(8) == 0 {
		return fabric.Intent{}
	}
	return routed(1+s.random.IntN(4), s.random.IntN(3))
}

// apply may fail for the weather and for nothing else.
func (s *storm) apply(server int, in fabric.Intent) {
	err := s.servers[server].Apply(s.t.Context(), "r1", in)
	if err != nil && !errors.Is(err, fabric.ErrUnreachable) && err.Error() != "router r1: busy" {
		s.t.Errorf("Apply: %v", err)
	}
}

// Whatever happens, when it is over one Apply brings the router to what it should be, both servers see it so, and it stays.
func TestWeather(t *testing.T) {
	t.Parallel()
	for seed := range uint64(8) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			s := &storm{lab: newLab(t, 2), random: rand.New(rand.NewPCG(seed, 4))}
			s.router = s.lab.router("r1")
			for range 40 {
				gusts[s.random.IntN(len(gusts))].blow(s)
			}
			s.router.driver.set(func(m *machine) { m.refuse = nil })
			for _, server := range s.servers {
				server.wire.cut(false)
			}
			want := keyed()
			await(t, "an apply succeeds", func() bool { return s.servers[seed%2].Apply(t.Context(), "r1", want) == nil })
			for i, server := range s.servers {
				await(t, "the server sees it", func() bool {
					o, err := server.Observe(t.Context(), "r1")
					return err == nil && len(o.Drift(want)) == 0
				})
				if err := server.Apply(t.Context(), "r1", want); err != nil {
					t.Errorf("server %d: %v", i, err)
				}
			}
			if o, err := s.router.folder.order(); err != nil || o.Fingerprint() != want.Fingerprint() {
				t.Errorf("kept is another order; error %v", err)
			}
			await(t, "the agent reports that all is well", func() bool {
				r := s.router.agent.current()
				return len(r.Drift) == 0 && !r.Waiting && r.Fingerprint == want.Fingerprint()
			})
		})
	}
}

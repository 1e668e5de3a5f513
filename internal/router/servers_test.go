package router

import (
	"fmt"
	"sync"
	"testing"

	"onramp/internal/fabric"
)

// Two servers of one control plane, and the agent has a stream to each: either may tell it something, and what was told
// last is what it is.
func TestTwoServers(t *testing.T) {
	t.Parallel()
	b := newLab(t, 2)
	r := b.router("r1")
	for i := range 10 {
		in := plain(fmt.Sprint("et-", i))
		b.servers[i%2].apply(t, "r1", in)
		if !r.follows(in) {
			t.Fatalf("after %d orders the router is not as the last says", i+1)
		}
		if seq := r.agent.current().Sequence; seq != uint64(i+1) {
			t.Errorf("order %d is the %dth", seq, i+1)
		}
		for _, s := range b.servers {
			if o, err := s.Observe(t.Context(), "r1"); err != nil || len(o.Drift(in)) > 0 {
				t.Errorf("seen otherwise: %v, error %v", o, err)
			}
		}
	}
	for i, s := range b.servers { // each was overtaken by the other
		await(t, "it hears that its order is not the last", func() bool { return s.counted(s.strayed, "r1") >= 5-i })
	}
	var both sync.WaitGroup
	for i, s := range b.servers {
		both.Go(func() {
			for n := range 20 {
				if err := s.Apply(t.Context(), "r1", plain(fmt.Sprintf("p-%d-%d", i, n))); err != nil {
					t.Error(err)
				}
			}
		})
	}
	both.Wait()
	if seq := r.agent.current().Sequence; seq != 50 {
		t.Errorf("50 orders, and the last is %d", seq)
	}
	in := plain("et-0")
	b.servers[0].apply(t, "r1", in)
	b.servers[0].wire.cut(true)
	await(t, "one server is out of reach", func() bool { return !b.servers[0].Connected("r1") })
	b.servers[1].apply(t, "r1", fabric.Intent{})
	if !r.follows(fabric.Intent{}) {
		t.Error("the other server is not followed")
	}
	b.servers[0].wire.cut(false)
	await(t, "it is back", func() bool { return b.servers[0].Connected("r1") })
	await(t, "the server that was away is told that its order is not the last", func() bool {
		return b.servers[0].counted(b.servers[0].strayed, "r1") >= 2
	})
	b.servers[0].apply(t, "r1", plain("et-5"))
	if !r.follows(plain("et-5")) {
		t.Error("the first server is not followed again")
	}
}

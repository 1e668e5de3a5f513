package router

import (
	"fmt"
	"testing"
	"time"

	"onramp/internal/fabric"
)

// A thousand interfaces with a hundred prefixes each reach the router well below a second, and a second time in no time.
func TestLargeIntent(t *testing.T) {
	t.Parallel()
	b := newLab(t, 1)
	server, r := b.servers[0], b.router("r1")
	in := routed(1000, 100)
	took := func(what string, in fabric.Intent) time.Duration {
		t.Helper()
		began := time.Now()
		server.apply(t, "r1", in)
		d := time.Since(began)
		text, err := r.agent.order.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %v (%d bytes kept)", what, d, len(text))
		return d
	}
	first := took("1,000 interfaces of 100 prefixes", in)
	again := took("the same again", in)
	in.Interfaces[500].Neighbors[0].Shutdown = true
	took("one change", in)
	if again >= first {
		t.Errorf("the same again took %v, the first time %v", again, first)
	}
	if !r.follows(in) {
		t.Error("the router is not as the intent says")
	}
	for range 2 {
		began := time.Now()
		o, err := server.Observe(t.Context(), "r1")
		if err != nil || len(o.Interfaces) != 1000 {
			t.Fatalf("%d interfaces; error %v", len(o.Interfaces), err)
		}
		t.Logf("observed: %v", time.Since(began))
	}
}

// What an Apply costs over the wire, with a driver that costs next to nothing: 1,000 interfaces of few and of many prefixes.
func BenchmarkApply(b *testing.B) {
	for _, exports := range []int{5, 100} {
		b.Run(fmt.Sprint("Prefixes", exports), func(b *testing.B) {
			l := newLab(b, 1)
			server := l.servers[0]
			l.router("r1")
			full := routed(1000, exports)
			server.apply(b, "r1", full)
			b.Run("OneChange", func(b *testing.B) {
				for i := 0; b.Loop(); i++ {
					n := &full.Interfaces[i%1000].Neighbors[0]
					n.Shutdown = !n.Shutdown
					server.apply(b, "r1", full)
				}
			})
			b.Run("TheSameAgain", func(b *testing.B) {
				for b.Loop() {
					server.apply(b, "r1", full)
				}
			})
			b.Run("Observe", func(b *testing.B) {
				for b.Loop() {
					if _, err := server.Observe(b.Context(), "r1"); err != nil {
						b.Fatal(err)
					}
				}
			})
		})
	}
}

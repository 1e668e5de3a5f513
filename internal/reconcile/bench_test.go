package reconcile

import (
	"fmt"
	"testing"

	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// BenchmarkPass looks at one due connection among many stored ones: the cost must be that of the one.
func BenchmarkPass(b *testing.B) {
	const perRouter = 20
	for _, stored := range []int{1_000, 100_000} {
		b.Run(fmt.Sprint(stored), func(b *testing.B) {
			bed := newBed(b, directconnect.Manual)
			fill(bed, stored/perRouter, perRouter)
			id := fmt.Sprintf("dxcon-fg%06d", stored/2)
			cut := false
			for b.Loop() {
				if cut = !cut; cut {
					bed.do(id, directconnect.Connection.CutCable)
				} else {
					bed.do(id, directconnect.Connection.RestoreCable)
				}
				if rep := bed.passOnce(); rep.Moved != 1 {
					b.Fatalf("a pass did %+v", rep)
				}
			}
		})
	}
}

// BenchmarkIdle is a pass with nothing to do.
func BenchmarkIdle(b *testing.B) {
	bed := newBed(b, directconnect.Manual)
	for b.Loop() {
		bed.passOnce()
	}
}

// BenchmarkSteps is the cost of one connection's whole way from its order to available and to its end, many at a time.
func BenchmarkSteps(b *testing.B) {
	const routers, perRouter = 50, 20
	for b.Loop() {
		b.StopTimer()
		bed := newBed(b, directconnect.Instant)
		place(bed, routers, perRouter)
		b.StartTimer()
		bed.settle()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*routers*perRouter), "ns/connection")
}

// fill stores available connections without going through their lives.
func fill(b *bed, routers, perRouter int) {
	b.t.Helper()
	place(b, routers, perRouter)
	for r := range routers {
		b.update(func(tx *store.Tx) error {
			rows, err := tx.Connections(store.ConnectionQuery{Router: benchRouter(r)})
			for _, c := range rows {
				c, _ = c.IssueLOA("CODE", b.now())
				c, _ = c.Plug(b.now())
				c, _ = c.LinkUp(b.now())
				c.Due = c.Deleted
				if err := tx.PutConnection(&c); err != nil {
					return err
				}
			}
			return err
		})
	}
}

func benchRouter(n int) string { return fmt.Sprintf("EqDC2-%013d", n) }

func place(b *bed, routers, perRouter int) {
	b.t.Helper()
	for r := range routers {
		b.update(func(tx *store.Tx) error {
			if err := putRouter(tx, benchRouter(r), perRouter); err != nil {
				return err
			}
			for range perRouter {
				b.orders++
				if err := b.place(tx, fmt.Sprintf("dxcon-fg%06d", b.orders), directconnect.Dedicated, benchRouter(r), false); err != nil {
					return err
				}
			}
			return nil
		})
	}
}

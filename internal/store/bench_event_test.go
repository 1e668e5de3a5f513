package store_test

import (
	"fmt"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"onramp/internal/audit"
	dc "onramp/internal/directconnect"
	"onramp/internal/store"
)

// spent is the processor time of this process so far.
func spent() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u) // never fails
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkOrderTold measures an order's transaction with its event beside the same without one, by turns, with its audit
// record, 64 callers at once and no webhook: time and processor time each, and with/without as a ratio.
func BenchmarkOrderTold(b *testing.B) {
	engines(b, func(b *testing.B, s *store.Store) {
		const callers, each, rounds = 64, 12, 10
		n := 0
		var took, cpu [2]time.Duration
		round := func(side int) {
			base := n
			n += callers * each
			var all sync.WaitGroup
			begun, before := time.Now(), spent()
			for i := range callers {
				all.Go(func() {
					for j := range each {
						id := fmt.Sprintf("dxcon-%08x", uint32((base+i*each+j)*2654435761)) // all over the index, as real ones
						err := s.Update(b.Context(), func(tx *store.Tx) error {
							c := dc.Connection{
								ID: id, Kind: dc.Dedicated, Account: "123456789012", Region: "us-east-1", Location: benchLocation,
								State: dc.ConnectionRequested, Router: "r", Created: began, Name: "measured", Bandwidth: dc.Gbps10, Since: began,
							}
							if err := tx.Record(audit.Entry{Time: began.UnixMicro(), Account: c.Account, Name: "CreateConnection",
								Resources: []string{id}, Body: strings.Repeat("x", 1100)}); err != nil {
								return err
							}
							if side == 1 {
								return tx.PutConnection(&c)
							}
							return tx.Untold(&c)
						})
						if err != nil {
							b.Error(err)
						}
					}
				})
			}
			all.Wait()
			took[side] += time.Since(begun)
			cpu[side] += spent() - before
		}
		round(0)
		round(1)
		took, cpu = [2]time.Duration{}, [2]time.Duration{}
		for b.Loop() {
			for i := range rounds {
				round(i % 2)
				round(1 - i%2)
			}
		}
		per := float64(callers * each * rounds * b.N)
		b.ReportMetric(took[0].Seconds()/took[1].Seconds(), "rate-with/without")
		b.ReportMetric(float64(cpu[0].Microseconds())/per, "µs-cpu-without")
		b.ReportMetric(float64(cpu[1].Microseconds())/per, "µs-cpu-with")
	})
}

package store_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	dc "onramp/internal/directconnect"
	"onramp/internal/store"
	"onramp/test/postgres"
)

// engines opens an empty store of each kind for a benchmark.
func engines(b *testing.B, f func(b *testing.B, s *store.Store)) {
	b.Run("sqlite", func(b *testing.B) { f(b, openSQLite(b)) })
	b.Run("postgres", func(b *testing.B) { f(b, open(b, postgres.Start(b).Database(b))) })
}

func openSQLite(t testing.TB) *store.Store { return open(t, "sqlite://"+t.TempDir()+"/onramp.db") }

func open(t testing.TB, url string) *store.Store {
	t.Helper()
	s, err := store.Open(context.Background(), store.Options{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("closing the store: %v", err)
		}
	})
	return s
}

var began = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

const benchLocation = "EqDC2"

func fill(b *testing.B, s *store.Store, ports int) []string {
	b.Helper()
	routers := []string{"EqDC2-1a2b3c4d5e6f", "EqDC2-7a8b9c0d1e2f"}
	err := s.Update(b.Context(), func(tx *store.Tx) error {
		err := tx.PutLocation(&dc.Location{Code: benchLocation, Region: "us-east-1", Name: "Equinix DC2", PortSpeeds: []string{"10G"}})
		for _, r := range routers {
			err = errors.Join(err, tx.PutRouter(&dc.Router{Name: r, Location: benchLocation, Region: "us-east-1"}))
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	for n := 0; n < ports; n += 1000 {
		err := s.Update(b.Context(), func(tx *store.Tx) error {
			for i := n; i < min(n+1000, ports); i++ {
				r := routers[i%2]
				p := dc.Port{ID: fmt.Sprintf("%s/et-0/0/%d", r, i), Router: r, Location: benchLocation, Bandwidth: dc.Gbps10,
					Position: int64(i), Name: fmt.Sprintf("et-0/0/%d", i)}
				if err := tx.PutPort(&p); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	return routers
}

func connection(n uint64, account string) dc.Connection {
	return dc.Connection{
		ID: dc.ShortID(dc.ConnectionPrefix, n), Kind: dc.Dedicated, Account: account, Region: "us-east-1", Location: benchLocation,
		State: dc.ConnectionRequested, Created: began.Add(time.Duration(n%1e9) * time.Microsecond), Due: began,
		Name: fmt.Sprintf("connection %d", n), Bandwidth: dc.Gbps10, BillingMode: dc.PayAsYouGo,
		Tags:  []dc.Tag{{Key: "project", Value: "seed"}, {Key: "team", Value: "network"}},
		Since: began, Approved: began, LOARead: began, LOACode: "ABCD-EFGH", CrossConnected: began, FirstLight: began,
	}
}

// order is what CreateConnection does.
func order(s *store.Store, account string, n uint64) error {
	return s.Update(context.Background(), func(tx *store.Tx) error {
		site, err := tx.Site(account, benchLocation, 10)
		if err != nil {
			return err
		}
		c := connection(n, account)
		for _, r := range dc.RoutersByDiversity(site.Routers, site.Use, n) {
			p, err := tx.TakePort(r, dc.Gbps10, false, n, c.ID)
			if errors.Is(err, store.ErrNotFound) {
				continue
			}
			if err != nil {
				return err
			}
			c = c.WithPort(p)
			return tx.PutConnection(&c)
		}
		return dc.NoFreePort(benchLocation, dc.Gbps10)
	})
}

func BenchmarkUpdate(b *testing.B) {
	for _, clients := range []int{1, 64} {
		for _, accounts := range []int{1, 1000} {
			b.Run(fmt.Sprintf("clients=%d/accounts=%d", clients, accounts), func(b *testing.B) {
				engines(b, func(b *testing.B, s *store.Store) {
					fill(b, s, b.N+64)
					var next atomic.Uint64
					b.SetParallelism((clients + 1) / 2)
					b.ResetTimer()
					if clients == 1 {
						for n := range b.N {
							if err := order(s, fmt.Sprintf("%012d", n%accounts), uint64(n)*2654435761); err != nil {
								b.Fatal(err)
							}
						}
						return
					}
					b.RunParallel(func(pb *testing.PB) {
						for pb.Next() {
							n := next.Add(1)
							if err := order(s, fmt.Sprintf("%012d", n%uint64(accounts)), n*2654435761); err != nil {
								b.Error(err)
								return
							}
						}
					})
				})
			})
		}
	}
}

// stored is how many connections, of a hundredth as many accounts, the benchmarks of reading find: set
// ONRAMP_BENCH_STORED=1000000 to see that it does not matter.
func stored(b *testing.B) int {
	b.Helper()
	text := os.Getenv("ONRAMP_BENCH_STORED")
	if text == "" {
		return 10_000
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		b.Fatal(err)
	}
	return n
}

func fillConnections(b *testing.B, s *store.Store, n int) {
	b.Helper()
	for i := 0; i < n; i += 500 {
		err := s.Update(b.Context(), func(tx *store.Tx) error {
			for j := i; j < min(i+500, n); j++ {
				c := connection(uint64(j)*2654435761, fmt.Sprintf("%012d", j/100))
				if err := tx.PutConnection(&c); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkViewOne(b *testing.B) {
	engines(b, func(b *testing.B, s *store.Store) {
		n := stored(b)
		fillConnections(b, s, n)
		b.ResetTimer()
		for b.Loop() {
			id := dc.ShortID(dc.ConnectionPrefix, rand.Uint64N(uint64(n))*2654435761)
			err := s.View(context.Background(), func(tx *store.Tx) error {
				_, err := tx.Connection(id)
				return err
			})
			if err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkViewPage(b *testing.B) {
	engines(b, func(b *testing.B, s *store.Store) {
		n := stored(b)
		fillConnections(b, s, n)
		b.ResetTimer()
		for b.Loop() {
			account := fmt.Sprintf("%012d", rand.IntN(n/100))
			err := s.View(context.Background(), func(tx *store.Tx) error {
				page, err := tx.Connections(store.ConnectionQuery{Account: account, Region: "us-east-1", Limit: 100})
				if err == nil && len(page) != 100 {
					err = fmt.Errorf("%d rows", len(page))
				}
				return err
			})
			if err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/100, "µs/row")
	})
}

package conformance

import (
	"fmt"
	"io"
	"net/http"
	"runtime"
	"syscall"
	"testing"
	"time"

	"onramp/internal/directconnect"
	"onramp/internal/onramptest"
	"onramp/internal/store"
)

// BenchmarkScrape measures a scrape of a server with 100,000 connections, each with a virtual interface.
func BenchmarkScrape(b *testing.B) {
	const each, batch = 100_000, 1000
	w := open(b)
	w.server.Stop() // nothing else is to be measured: another server is started on the same data
	s, err := store.Open(b.Context(), store.Options{URL: "sqlite://" + w.server.Data + "/onramp.db"})
	if err != nil {
		b.Fatal(err)
	}
	for n := 0; n < each; n += batch {
		err := s.Update(b.Context(), func(tx *store.Tx) error {
			for i := n; i < n+batch; i++ {
				if err := putMetered(tx, i, w.now()); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	again := openOn(b, w.server.Data)
	var size int64
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	spent := processorTime(b)
	for b.Loop() {
		answer, err := http.Get(again + "/metrics")
		if err != nil {
			b.Fatal(err)
		}
		if size, err = io.Copy(io.Discard, answer.Body); err != nil {
			b.Fatal(err)
		}
		_ = answer.Body.Close()
	}
	runtime.ReadMemStats(&after)
	b.ReportMetric((processorTime(b)-spent).Seconds()/float64(b.N), "cpu-s/scrape") // of the server and of who scrapes
	b.ReportMetric(float64(size)/1e6, "MB/scrape")
	b.ReportMetric(float64(after.HeapSys-before.HeapSys)/1e6, "MB-heap-grown")
}

// processorTime is what this process has taken so far.
func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// putMetered puts an available connection with an interface whose session is up.
func putMetered(tx *store.Tx, n int, at time.Time) error {
	c := directconnect.Connection{
		ID: fmt.Sprintf("dxcon-%08d", n), Kind: directconnect.Hosted, Account: alice, Region: "us-east-1", Location: ashburn, Partner: bob,
		ParentID: fmt.Sprintf("dxcon-p%07d", n), VLAN: 100, State: directconnect.ConnectionAvailable, Router: fmt.Sprintf("%s-%08d", ashburn, n/1000),
		Created: at, Name: "metered", Bandwidth: directconnect.Gbps1, Since: at, FirstLight: at,
	}
	v := directconnect.VirtualInterface{
		ID: fmt.Sprintf("dxvif-%08d", n), Account: alice, ParentID: c.ID, ConnectionOwner: alice, Region: c.Region, Location: c.Location,
		Router: c.Router, Type: directconnect.Private, State: directconnect.InterfaceAvailable, VLAN: 100, Created: at, Name: "metered",
		AcceptedCount: 10, OfferedCount: 20,
		Peers: []directconnect.BGPPeer{{ID: fmt.Sprintf("dxpeer-%08d", n), Family: directconnect.IPv4, ASN: 65000, State: directconnect.PeerAvailable, Up: true, Readable: true}},
	}
	if err := tx.PutConnection(&c); err != nil {
		return err
	}
	return tx.PutInterface(&v)
}

// openOn starts a server on the data of another and answers the address of its operator's API.
func openOn(b *testing.B, data string) string {
	b.Helper()
	return onramptest.Start(b, onramptest.Data(data)).OperatorURL
}

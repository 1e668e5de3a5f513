package console

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"regexp"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	dc "onramp/internal/directconnect"
	"onramp/internal/onramptest"
	"onramp/test/console/consoletest"
)

// BenchmarkPages reads every page of the navigation, and those of one thing, of an account with 10,000 connections and half as
// many interfaces. Beside each page it makes an API call, turn by turn: DescribeConnections, which answers the first hundred.
// They are signed requests over HTTP whose answers are read and thrown away. page-ms and api-ms are medians, page/api is their
// ratio, and page-cpu-ms is the processor time of a page, the visitor's included, which a busy machine changes less. api/all
// reads all connections, a hundred a call.
func BenchmarkPages(b *testing.B) {
	s := onramptest.Start(b, onramptest.Account(acme, dc.NonPartner))
	put(b, s, func(c *scene) { c.places(48); c.gateway(acme) })
	for n := 0; n < 10_000; n += 1000 {
		put(b, s, func(c *scene) { c.many(acme, n, 1000) })
	}
	call := bareCall(b, s)
	b.Run("api/all", func(b *testing.B) {
		var all []time.Duration
		before := processorTime(b)
		for b.Loop() {
			all = append(all, took(func() {
				calls := 0
				for token := call(b, ""); token != ""; token = call(b, token) {
					calls++
				}
				if calls != 99 {
					b.Fatalf("%d more calls answered all connections", calls)
				}
			}))
		}
		b.ReportMetric(milliseconds(all), "page-ms")
		b.ReportMetric(float64((processorTime(b)-before).Microseconds())/1000/float64(len(all)), "page-cpu-ms")
		b.ReportMetric(milliseconds(all)/100, "api-ms")
		b.ReportMetric(100, "page/api")
		b.ReportMetric(0, "ns/op")
	})
	for _, visitor := range []struct {
		name  string
		v     *consoletest.Visitor
		start string
		more  []string
	}{
		{"customer", consoletest.For(b, s, acme), "/console/", []string{
			"/console/?location=ScnDC2&router=" + sceneRouters[0] + "&state=available",
			"/console/connections/" + dc.ShortID(dc.ConnectionPrefix, 2654435761),
			"/console/connections?after=", "/console/connections/order", "/console/interfaces/new",
		}},
		{"operator", consoletest.Operator(b, s), "/console/network", []string{"/console/routers/" + sceneRouters[0]}},
	} {
		for _, path := range pagesFrom(b, visitor.v, visitor.start, visitor.more) {
			b.Run(visitor.name+path, func(b *testing.B) {
				readPage(b, visitor.v, path, call)
			})
		}
	}
}

// readPage reads a page and makes the call, turn by turn.
func readPage(b *testing.B, v *consoletest.Visitor, path string, call func(b *testing.B, token string) string) {
	var page, api []time.Duration
	var spent time.Duration
	for b.Loop() {
		before := processorTime(b)
		page = append(page, took(func() {
			if p := v.Get(path); p.Status != http.StatusOK {
				b.Fatalf("%s: status %d: %s", path, p.Status, p.Alert())
			}
		}))
		spent += processorTime(b) - before
		api = append(api, took(func() { call(b, "") }))
	}
	b.ReportMetric(milliseconds(page), "page-ms")
	b.ReportMetric(float64(spent.Microseconds())/1000/float64(len(page)), "page-cpu-ms")
	b.ReportMetric(milliseconds(api), "api-ms")
	b.ReportMetric(milliseconds(page)/milliseconds(api), "page/api")
	b.ReportMetric(0, "ns/op") // of both together it says nothing
}

var sideLink = regexp.MustCompile(`<li><a href="(/console/[^"]*)"`)

// pagesFrom are the pages of the navigation, and more.
func pagesFrom(b *testing.B, v *consoletest.Visitor, start string, more []string) (all []string) {
	for _, link := range sideLink.FindAllStringSubmatch(v.Get(start).Body, -1) {
		if !slices.Contains(all, link[1]) {
			all = append(all, link[1])
		}
	}
	if len(all) == 0 {
		b.Fatalf("%s has no navigation", start)
	}
	return append(all, more...)
}

// bareCall is the API call without a client's decoding. It answers the token of the next page.
func bareCall(b *testing.B, s *onramptest.Server) func(b *testing.B, token string) string {
	c := s.Client(acme, sceneRegion)
	key := aws.Credentials{AccessKeyID: c.AccessKeyID, SecretAccessKey: c.SecretAccessKey}
	signer := v4.NewSigner()
	return func(b *testing.B, token string) string {
		b.Helper()
		body := []byte("{}")
		if token != "" {
			body = []byte(`{"nextToken":"` + token + `"}`)
		}
		r, err := http.NewRequestWithContext(b.Context(), http.MethodPost, c.Endpoint+"/", bytes.NewReader(body))
		if err != nil {
			b.Fatal(err)
		}
		r.Header.Set("X-Amz-Target", "OvertureService.DescribeConnections")
		r.Header.Set("Content-Type", "application/x-amz-json-1.1")
		sum := sha256.Sum256(body)
		if err := signer.SignHTTP(b.Context(), key, r, hex.EncodeToString(sum[:]), "directconnect", c.Region, time.Now()); err != nil {
			b.Fatal(err)
		}
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			b.Fatal(err)
		}
		defer answer.Body.Close()
		text, err := io.ReadAll(answer.Body)
		if err != nil || answer.StatusCode != http.StatusOK || len(text) < 100*300 {
			b.Fatalf("the call is answered %d with %d bytes (%v)", answer.StatusCode, len(text), err)
		}
		if next := nextToken.FindSubmatch(text); next != nil {
			return string(next[1])
		}
		return ""
	}
}

var nextToken = regexp.MustCompile(`"nextToken":"([^"]+)"`)

// processorTime is what this process has used: the server's and the visitor's.
func processorTime(b *testing.B) time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

func took(what func()) time.Duration {
	began := time.Now()
	what()
	return time.Since(began)
}

// milliseconds is the median.
func milliseconds(all []time.Duration) float64 {
	all = slices.Sorted(slices.Values(all))
	return float64(all[len(all)/2].Microseconds()) / 1000
}

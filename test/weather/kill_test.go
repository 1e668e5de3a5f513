package weather

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"onramp/internal/daemon"
	"onramp/internal/directconnect"
	"onramp/internal/operator"
	"onramp/internal/store"
)

// childVariable names the data folder of a server that this test binary becomes: a whole server as `onramp serve` runs
// it, started faster than the program, whose default inventory is large.
const childVariable = "ONRAMP_WEATHER_CHILD"

const (
	killClients = 8
	killHall    = "WxK1"
)

// serveAsChild runs a server until it is killed or its standard input ends, and does not return.
func serveAsChild(data string) {
	first := halls(killHall, 4, 40)
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	d, err := daemon.Start(ctx, daemon.Config{
		Listen: "127.0.0.1:0", OperatorListen: "127.0.0.1:0", Data: data, Pace: directconnect.Instant, FirstInventory: &first, Version: "test",
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Printf("customers' API %s\noperator API %s\n", d.Endpoint(), d.OperatorEndpoint())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(3)
	}()
	if err := d.Run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// asChild is the command that makes a child of this test binary.
func asChild(t *testing.T, data string) startable {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return func() *exec.Cmd {
		cmd := exec.Command(program)
		cmd.Env = append(os.Environ(), childVariable+"="+data)
		return cmd
	}
}

// TestKilledAndKilledAgain kills a server under load, again and again, on one data folder: real processes, real files, a
// real SIGKILL. After each death what is stored is held against what every customer was answered: nothing that was
// answered is missing, and of the one request that each had not been answered all is there or nothing.
func TestKilledAndKilledAgain(t *testing.T) {
	rounds := 200
	if long() {
		rounds = 2000
	}
	seed := uint64(time.Now().UnixNano())
	if text := os.Getenv("ONRAMP_WEATHER_SEED"); text != "" {
		var err error
		if seed, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("ONRAMP_WEATHER_SEED=%d", seed)
	data := t.TempDir()
	customers := make([]*ledger, killClients)
	for i := range customers {
		customers[i] = newLedger(fmt.Sprintf("%012d", 800000000000+i), rand.New(rand.NewPCG(seed, uint64(i))))
	}
	dice := rand.New(rand.NewPCG(seed, 1<<32))
	began := time.Now()
	for round := range rounds {
		killRound(t, data, customers, 1+dice.Int64N(120))
		if round%20 == 19 { // it grows: not after every one
			trailOfFile(t, data)
		}
		if t.Failed() {
			t.Fatalf("after %d rounds", round+1)
		}
	}
	asksInAll, lost, kept := 0, 0, 0
	for _, l := range customers {
		asksInAll, lost, kept = asksInAll+l.asked, lost+l.lost, kept+l.kept
	}
	t.Logf("%d rounds in %v: %d answered requests, %d unanswered, of which %d had been carried out", rounds, time.Since(began).Round(time.Millisecond), asksInAll, lost, kept)
	if lost == 0 || kept == 0 || kept == lost {
		t.Errorf("of %d unanswered requests %d had been carried out: the server was not killed in the middle of its work", lost, kept)
	}
	allSettles(t, data)
}

// killRound starts a server, has the customers ask, kills it after so many answers and looks at what is left.
func killRound(t *testing.T, data string, customers []*ledger, answers int64) {
	t.Helper()
	p, err := launch(data, asChild(t, data))
	if err != nil {
		t.Fatal(err)
	}
	turn(t, p, "30m")
	shared := transport(killClients)
	defer shared.CloseIdleConnections()
	var answered atomic.Int64
	var g errgroup.Group
	for _, l := range customers {
		client := customer(p.endpoint, l.account, shared)
		g.Go(func() error {
			for {
				done, err := l.ask(t.Context(), client)
				if err != nil || !done {
					return err
				}
				if answered.Add(1) == answers {
					p.kill() // and this one's next request finds nobody
				}
			}
		})
	}
	err = g.Wait()
	p.kill()
	if err != nil {
		t.Fatalf("%v\nthe server said: %s", err, p.errors)
	}
	snap := lookAtFile(t, data)
	say := func(format string, args ...any) { t.Errorf(format, args...) }
	laws(snap, snap, true, say)
	for _, l := range customers {
		l.compare(snap, say)
	}
	if t.Failed() {
		t.Logf("the server said: %s", p.errors)
	}
}

// turn turns the server's clock: the leases of the dead end, so that a round does not have to wait for them, and what was
// deleted long ago is forgotten.
func turn(t *testing.T, p *process, by string) *operator.Client {
	t.Helper()
	c, err := p.client()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.AdvanceClock(t.Context(), by); err != nil {
		t.Fatalf("%v\nthe server said: %s", err, p.errors)
	}
	return c
}

// lookAtFile reads what a dead server has left, through the recovery that its next start would do.
func lookAtFile(t *testing.T, data string) snapshot {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{URL: "sqlite://" + filepath.Join(data, "onramp.db")})
	if err != nil {
		t.Fatal(err)
	}
	snap, err := look(t.Context(), s)
	if err = errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	return snap
}

// allSettles starts the server once more: everything that was ordered comes up, everything that was deleted goes, and the
// ports held are those of what is there.
func allSettles(t *testing.T, data string) {
	t.Helper()
	p := start(t, data, asChild(t, data))
	c := turn(t, p, "30m")
	states := func() (found []string, err error) {
		all, err := c.Connections(t.Context(), nil)
		for _, one := range all.Connections {
			found = append(found, one.State)
		}
		slices.Sort(found)
		return slices.Compact(found), err
	}
	var last []string
	err := poll(t.Context(), time.Minute, "coming to rest", func() (done bool, err error) {
		last, err = states()
		return slices.Equal(last, []string{"available"}), err
	})
	if err != nil {
		t.Errorf("%v: connections are %v", err, last)
	}
	p.kill()
	trailOfFile(t, data)
	snap := lookAtFile(t, data)
	laws(snap, snap, true, func(format string, args ...any) { t.Errorf(format, args...) })
}

// Command bench measures the server beside its limit: a bare net/http handler, in a process of its own, that reads the
// same body and writes the same bytes. This process is the load; it runs the two by turns, on the same signed requests
// over keep-alive connections, and prints ratios. They hold on a busy machine where absolute numbers do not.
//
// It is not a test: nothing fails when a target is missed. docs/performance.md says what the numbers mean.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// run is the load, or one of the two processes that the load starts.
func run(ctx context.Context, args []string) error {
	if len(args) > 0 {
		switch args[0] {
		case limitRole:
			return runLimit()
		case serverRole:
			return runServer(ctx, args[1:])
		}
	}
	o, err := readOptions(args)
	if err != nil {
		return err
	}
	return measure(ctx, o)
}

// options are what a run measures and how long.
type options struct {
	only    []string
	rounds  int
	round   time.Duration
	clients int
	most    int // connections of the large store
	pace    string
	keep    string // folder for filled stores; empty: they are removed
	profile string // folder for CPU profiles of the server; empty: none
}

// parts are what can be asked for with -only, in the order in which they run.
var parts = []struct {
	name string
	run  func(ctx context.Context, b *bench) error
}{
	{"describe", describeByID},
	{"page", describePage},
	{"create", createOnSQLite},
	{"postgres", createOnPostgres},
	{"vif", createInterface},
	{"audit", withAudit},
	{"audit-postgres", withAuditOnPostgres},
	{"stored", withManyStored},
	{"pass", reconcilerPass},
}

func readOptions(args []string) (options, error) {
	o := options{}
	var names []string
	for _, p := range parts {
		names = append(names, p.name)
	}
	flags := flag.NewFlagSet("bench", flag.ExitOnError)
	only := flags.String("only", strings.Join(names, ","), "what to measure")
	quick := flags.Bool("quick", false, "three rounds of a second, and a tenth of the connections in the large store")
	flags.IntVar(&o.rounds, "rounds", 7, "rounds that each side is loaded for")
	flags.DurationVar(&o.round, "round", 3*time.Second, "length of a round")
	flags.IntVar(&o.clients, "clients", 64, "keep-alive connections of the load")
	flags.StringVar(&o.pace, "pace", "realistic", "pace of the server: how much the reconciler does meanwhile")
	flags.StringVar(&o.keep, "keep", "", "folder to keep filled stores in, so that a later run need not fill them again")
	flags.StringVar(&o.profile, "profile", "", "folder for CPU profiles of the server")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	o.most = manyStored
	if *quick {
		o.rounds, o.round, o.most = 3, time.Second, manyStored/10
	}
	o.only = strings.Split(*only, ",")
	for _, name := range o.only {
		if !slices.Contains(names, name) {
			return o, fmt.Errorf("-only %s: want some of %s", name, strings.Join(names, ","))
		}
	}
	return o, nil
}

func measure(ctx context.Context, o options) (err error) {
	b, err := newBench(o)
	if err != nil {
		return err
	}
	defer func() {
		if closed := b.close(); err == nil {
			err = closed
		}
	}()
	for _, p := range parts {
		if !slices.Contains(o.only, p.name) {
			continue
		}
		fmt.Fprintf(os.Stderr, "%s ...\n", p.name)
		if err := p.run(ctx, b); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
	}
	return b.report(os.Stdout)
}

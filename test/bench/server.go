package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/pprof"
	"strings"

	"onramp/internal/daemon"
	"onramp/internal/directconnect"
)

const serverRole = "server"

// runServer is `onramp serve --quotas none` that can be profiled: the same daemon with the same log, in a file.
func runServer(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet(serverRole, flag.ExitOnError)
	data := flags.String("data", "", "data folder")
	database := flags.String("database", "", "URL; empty: SQLite in the data folder")
	pace := flags.String("pace", "", "pace")
	level := flags.String("audit", "writes", "what the audit trail holds: writes, all or off")
	if err := flags.Parse(args); err != nil {
		return err
	}
	c := daemon.Config{Listen: "127.0.0.1:0", OperatorListen: "127.0.0.1:0", Data: *data, Database: *database}
	ok := false
	if c.Pace, ok = directconnect.PaceNamed(*pace); !ok {
		return fmt.Errorf("there is no pace %q", *pace)
	}
	if c.Audit, ok = daemon.AuditLevels[*level]; !ok {
		return fmt.Errorf("there is no audit level %q", *level)
	}
	log, err := os.Create(filepath.Join(*data, "log"))
	if err != nil {
		return err
	}
	defer log.Close()
	c.Log = slog.New(slog.NewTextHandler(log, nil))
	daemon.SpendMemory()
	d, err := daemon.Start(ctx, c)
	if err != nil {
		return err
	}
	fmt.Println(strings.TrimPrefix(d.Endpoint(), "http://"))
	err = obey(profileOnOrder)
	return errors.Join(err, d.Close(context.WithoutCancel(ctx)))
}

// profileOnOrder begins a CPU profile in a file ("profile FILE") or ends it ("end").
func profileOnOrder(command, file string) error {
	if command == "end" {
		pprof.StopCPUProfile()
		return nil
	}
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	return pprof.StartCPUProfile(f) // which writes until it is stopped: f stays open
}

package main

import (
	"github.com/spf13/pflag"

	"onramp/internal/daemon"
	"onramp/internal/directconnect"
)

// stored are the flags that say where an installation is kept: for a server, and for verbs without one.
type stored struct {
	data, database, keyset string
}

func (f *stored) add(flags *pflag.FlagSet) {
	flags.StringVar(&f.data, "data", "", "data folder (default ${XDG_DATA_HOME:-~/.local/share}/onramp)")
	flags.StringVar(&f.database, "database", "sqlite", "sqlite: a file in the data folder; or postgres://user:password@host/name")
	flags.StringVar(&f.keyset, "keyset", "", "file of the keyset that secrets are sealed with (default keyset.json in the data folder)")
}

func (f *stored) config() (daemon.Config, error) {
	data, err := dataFolder(f.data)
	if err != nil {
		return daemon.Config{}, err
	}
	c := daemon.Config{Data: data, Database: f.database, Keyset: f.keyset, Version: version(), Quotas: directconnect.DocumentedQuotas}
	return c, nil
}

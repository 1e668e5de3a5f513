package store_test

import (
	"testing"

	"onramp/internal/store"
	"onramp/internal/store/storetest"
	"onramp/test/postgres"
)

func TestSQLite(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) *store.Store { return openSQLite(t) })
}

// Two processes may have one file open: the server and the command line.
func TestSQLiteTwice(t *testing.T) {
	t.Parallel()
	storetest.RunShared(t, func(t *testing.T) (a, b *store.Store) {
		url := "sqlite://" + t.TempDir() + "/onramp.db"
		return open(t, url), open(t, url)
	})
}

func TestPostgres(t *testing.T) {
	t.Parallel()
	c := postgres.Shared(t, postgres.WithoutFsync())
	storetest.Run(t, func(t *testing.T) *store.Store { return open(t, c.Database(t)) })
}

// Two servers on one database.
func TestPostgresTwice(t *testing.T) {
	t.Parallel()
	c := postgres.Shared(t, postgres.WithoutFsync())
	storetest.RunShared(t, func(t *testing.T) (a, b *store.Store) {
		url := c.Database(t)
		return open(t, url), open(t, url)
	})
}

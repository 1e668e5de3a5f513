// Package postgres gives tests a PostgreSQL of their own: a new cluster in a
// temporary folder, reachable on a free loopback port and a Unix socket, and
// gone with the test, whether the test passes, fails, panics or is killed.
//
// It needs PostgreSQL's server programs on the machine (initdb and postgres;
// Debian package postgresql) and no running server. Without them a test ends
// as package need says. It is not a driver and knows nothing of Onramp's
// tables.
package postgres

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // driver "pgx"

	"onramp/test/need"
)

// superuser owns the cluster and every database in it.
const superuser = "onramp"

// A Cluster is one running PostgreSQL server. Its methods may be called by
// several tests at once.
type Cluster struct {
	folder    string // all that the server writes; removed by Stop
	port      int
	password  string
	server    *server
	databases atomic.Int64
	stop      sync.Once
	stopErr   error
}

// An Option changes how a cluster is set up.
type Option func(*settings)

type settings struct {
	fsync bool
}

// WithoutFsync lets the server answer before its writes are on disk. It makes
// writes several times faster and is for tests that do not prove durability or
// measure speed.
func WithoutFsync() Option { return func(s *settings) { s.fsync = false } }

func newSettings(opts []Option) settings {
	s := settings{fsync: true}
	for _, opt := range opts {
		opt(&s)
	}
	return s
}

// Start starts a cluster that is stopped and removed when t ends. It has fsync
// on, 200 connections, UTF-8, a linguistic default collation (as servers in
// the field have, so that a query that needs "C" and does not say so fails),
// and asks every connection for the password that is part of its URLs.
func Start(t testing.TB, opts ...Option) *Cluster {
	t.Helper()
	c, err := open(newSettings(opts))
	if err != nil {
		giveUp(t, err)
	}
	t.Cleanup(func() {
		if err := c.Stop(); err != nil {
			t.Errorf("stopping PostgreSQL: %v", err)
		}
	})
	return c
}

// Open is Start for a program that is no test. The caller stops the cluster.
func Open(opts ...Option) (*Cluster, error) { return open(newSettings(opts)) }

// giveUp ends the test: through package need if PostgreSQL is not installed,
// as a failure otherwise.
func giveUp(t testing.TB, err error) {
	t.Helper()
	if missing, ok := err.(missingError); ok {
		need.Missing(t, missing.Error())
	}
	t.Fatalf("starting PostgreSQL: %v", err)
}

// Stop ends the server at once, whoever is connected, and removes its folder.
// Calling it again does nothing and returns the same error. Tests seldom need
// it: Start arranges for it.
func (c *Cluster) Stop() error {
	c.stop.Do(func() {
		c.stopErr = c.server.stop()
		if err := os.RemoveAll(c.folder); c.stopErr == nil {
			c.stopErr = err
		}
	})
	return c.stopErr
}

// Database creates an empty database for one test and returns its URL. When
// the test ends the database is dropped, with whoever is still connected.
func (c *Cluster) Database(t testing.TB) string {
	t.Helper()
	name := fmt.Sprintf("test_%d", c.databases.Add(1))
	if err := c.exec(t.Context(), "CREATE DATABASE "+name); err != nil {
		t.Fatalf("creating a database: %v", err)
	}
	t.Cleanup(func() {
		// t.Context is cancelled by now.
		if err := c.exec(context.Background(), "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Errorf("dropping a database: %v", err)
		}
	})
	return c.URL(name)
}

// URL returns the address of a database over TCP, password included:
// postgres://USER:PASSWORD@127.0.0.1:PORT/DATABASE?sslmode=disable
func (c *Cluster) URL(database string) string {
	return c.address("127.0.0.1:"+strconv.Itoa(c.port), database, url.Values{"sslmode": {"disable"}})
}

// SocketURL returns the address of a database over the Unix socket, as libpq
// and pgx read it: postgres://USER:PASSWORD@/DATABASE?host=FOLDER&port=PORT
func (c *Cluster) SocketURL(database string) string {
	return c.address("", database, url.Values{"host": {c.folder}, "port": {strconv.Itoa(c.port)}, "sslmode": {"disable"}})
}

func (c *Cluster) address(host, database string, query url.Values) string {
	u := url.URL{Scheme: "postgres", User: url.UserPassword(superuser, c.password), Host: host, Path: "/" + database, RawQuery: query.Encode()}
	return u.String()
}

// exec runs one statement in the maintenance database.
func (c *Cluster) exec(ctx context.Context, statement string) error {
	db, err := sql.Open("pgx", c.URL("postgres"))
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.ExecContext(ctx, statement)
	return err
}

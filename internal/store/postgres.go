package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"runtime"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
)

var postgresDialect = &dialect{
	name:  "postgres",
	goose: goose.DialectPostgres,
	ddl: strings.NewReplacer("KEYTEXT", `text COLLATE "C"`, "BIGKEY", "bigint NOT NULL PRIMARY KEY", " CLUSTERED;", ";",
		"EVENTSEQUENCE", "CREATE SEQUENCE event_position INCREMENT BY 1024;"),
	dollars:       true,
	beginView:     "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
	beginUpdate:   []string{"BEGIN ISOLATION LEVEL SERIALIZABLE"},
	savepoint:     []string{"SAVEPOINT s"},
	nextSavepoint: []string{"RELEASE SAVEPOINT s; SAVEPOINT s"}, // one round trip
	claim:         " FOR UPDATE SKIP LOCKED",
	rowKey:        "id", // not ctid: not all that speak the protocol have it
	restored:      "SELECT setval('event_position', 1 + GREATEST((SELECT max(position) FROM event), (SELECT max(position) FROM delivery), 0))",
	hasTable:      "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = current_schema() AND c.relname = ?",
	hashSpread:    true,
	limitParts:    true,
	deadline:      postgresDeadline,
	retryable:     postgresRetryable,
	eventBlock:    "nextval('event_position')",
	ownChain:      "SELECT n FROM generate_series(0, 255) AS n WHERE pg_try_advisory_lock(1869509217, n) LIMIT 1",
	lost:          postgresLost,
	broken:        postgresBroken,
}

// postgresLanes is how many transactions write at once, at most.
const postgresLanes = 8

func openPostgres(ctx context.Context, o Options, log *slog.Logger) (*Store, error) {
	config, err := postgresConfig(o.URL)
	if err != nil {
		return nil, err
	}
	db := stdlib.OpenDB(*config, stdlib.OptionAfterConnect(preferIndexes))
	if err := migrate(ctx, db, postgresDialect, log); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	conns := o.MaxConns
	if conns <= 0 {
		conns = max(16, 4*runtime.GOMAXPROCS(0))
	}
	lanes := max(1, min(postgresLanes, conns/2))
	readers := max(1, conns-lanes)
	db.SetMaxIdleConns(conns)
	return &Store{
		dialect: postgresDialect,
		log:     log,
		dbs:     []*sql.DB{db},
		readers: newPool(db, postgresDialect, readers),
		writer:  newWriter(newPool(db, postgresDialect, lanes), postgresDialect, lanes, log),
	}, nil
}

// postgresConfig reads a URL.
func postgresConfig(url string) (*pgx.ConnConfig, error) {
	config, err := pgx.ParseConfig(url) // its errors hide the password
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "onramp"
	}
	return config, nil
}

// preferIndexes keeps a serializable transaction from reading, and so locking, whole tables while they are small, and
// spares planning the same statements again. A server that does not know these settings does without.
func preferIndexes(ctx context.Context, conn *pgx.Conn) error {
	for _, setting := range []string{"SET enable_seqscan = off", "SET plan_cache_mode = force_generic_plan"} {
		var refused *pgconn.PgError
		if _, err := conn.Exec(ctx, setting); err != nil && !errors.As(err, &refused) {
			return err
		}
	}
	return nil
}

func postgresDeadline(conn *sql.Conn, at time.Time) error {
	return conn.Raw(func(driver any) error { return driver.(*stdlib.Conn).Conn().PgConn().Conn().SetDeadline(at) })
}

func postgresRetryable(err error) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && (e.Code == "40001" || e.Code == "40P01")
}

// postgresLost reports that the connection, or the server behind it, has gone.
func postgresLost(err error) bool {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		// 08: connection exception. 57P01..57P03: shut down by an administrator, crashed, starting up.
		return strings.HasPrefix(e.Code, "08") || strings.HasPrefix(e.Code, "57P0")
	}
	var n net.Error
	var connect *pgconn.ConnectError
	return errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) || errors.Is(err, io.EOF) ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) || errors.As(err, &connect) || errors.As(err, &n) ||
		pgconn.SafeToRetry(err)
}

func postgresBroken(err error) (constraint string, unique, foreign bool) {
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		return "", false, false
	}
	return e.ConstraintName, e.Code == "23505", e.Code == "23503"
}

package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"

	_ "github.com/jackc/pgx/v5/stdlib"

	"onramp/test/postgres"
)

// withAudit: what the audit trail takes from the calls that may change something, and from reads: of the former not more
// than 0.15.
func withAudit(ctx context.Context, b *bench) error {
	s := stock{fewStored, freePorts / 2}
	servers := map[string]*process{}
	for _, level := range []string{"all", "off"} {
		name := "audit-" + level
		data := filepath.Join(b.folder, name)
		if err := b.provide(ctx, s, data); err != nil {
			return err
		}
		p, err := b.serve(name, data, "", "-audit", level)
		if err != nil {
			return err
		}
		servers[level] = p
	}
	if err := b.auditedCall(ctx, "CreateConnection, SQLite, with its audit record", servers, s.create, 0.85); err != nil {
		return err
	}
	return b.auditedCall(ctx, "DescribeConnections by ID, with its audit record", servers, s.byID, 0)
}

func (b *bench) auditedCall(ctx context.Context, what string, servers map[string]*process, call func(*signer) []byte, target float64) error {
	with, without := servers["all"], servers["off"]
	return b.compare(ctx, what, side{name: "with", server: with, requests: requests(with, call)},
		side{name: "without", server: without, requests: requests(without, call)}, target)
}

// withAuditOnPostgres is withAudit for orders on PostgreSQL, each server on a database of its own.
func withAuditOnPostgres(ctx context.Context, b *bench) (err error) {
	if b.cluster == nil {
		if b.cluster, err = postgres.Open(); err != nil {
			return err
		}
	}
	s := stock{fewStored, freePorts / 4}
	servers := map[string]*process{}
	for _, level := range []string{"all", "off"} {
		name := "audit_" + level
		if err := createDatabase(ctx, b.cluster.URL("postgres"), name); err != nil {
			return err
		}
		url := b.cluster.URL(name)
		if err := b.fill(ctx, s, url); err != nil {
			return err
		}
		if servers[level], err = b.serve(name, filepath.Join(b.folder, name), url, "-audit", level); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return b.auditedCall(ctx, "CreateConnection, PostgreSQL, with its audit record", servers, s.create, 0.85)
}

func createDatabase(ctx context.Context, url, name string) error {
	db, err := sql.Open("pgx", url)
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, "CREATE DATABASE "+name)
	return errors.Join(err, db.Close())
}

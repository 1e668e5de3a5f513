package main

import (
	"context"
	"fmt"

	"onramp/test/postgres"
)

// beside measures a load on a server beside the limit.
func (b *bench) beside(ctx context.Context, name string, p *process, load [][]byte, target float64) error {
	if err := teach(b.limit, p, load[0]); err != nil {
		return err
	}
	return b.compare(ctx, name, side{name: "server", server: p, requests: load}, side{name: "limit", server: b.limit, requests: load}, target)
}

// compare measures a server beside another side.
func (b *bench) compare(ctx context.Context, name string, server, other side, target float64) error {
	return b.profiled(name, server.server, func() error {
		fs, fo, ratio, err := b.turns(ctx, server, other)
		if err == nil {
			b.add(row{what: name, value: perSecond(fs), beside: other.name + ": " + perSecond(fo), ratio: ratio, target: target})
		}
		return err
	})
}

// describeByID: at least 0.6 of the limit.
func describeByID(ctx context.Context, b *bench) error {
	p, err := b.onSQLite(ctx, few())
	if err != nil {
		return err
	}
	return b.beside(ctx, "DescribeConnections by ID", p, requests(p, few().byID), 0.6)
}

// describePage: an item of a page of 100 takes no longer than a tenth of a call by ID.
func describePage(ctx context.Context, b *bench) error {
	p, err := b.onSQLite(ctx, few())
	if err != nil {
		return err
	}
	page, one := side{name: "page", server: p, requests: requests(p, few().page)}, side{name: "by ID", server: p, requests: requests(p, few().byID)}
	return b.compare(ctx, "DescribeConnections, pages of 100", page, one, 10.0/perAccount)
}

// createOnSQLite: at least 0.25 of the limit.
func createOnSQLite(ctx context.Context, b *bench) error {
	p, err := b.onSQLite(ctx, few())
	if err != nil {
		return err
	}
	return b.beside(ctx, "CreateConnection, SQLite", p, requests(p, few().create), 0.25)
}

// createOnPostgres: at least 0.10 of the limit, on a PostgreSQL of its own with fsync.
func createOnPostgres(ctx context.Context, b *bench) (err error) {
	if b.cluster, err = postgres.Open(); err != nil {
		return err
	}
	s, url := stock{fewStored, freePorts / 2}, b.cluster.URL("postgres")
	if err := b.fill(ctx, s, url); err != nil {
		return err
	}
	p, err := b.serve("postgres", b.folder+"/postgres", url)
	if err != nil {
		return err
	}
	return b.beside(ctx, "CreateConnection, PostgreSQL", p, requests(p, s.create), 0.10)
}

// withManyStored: with 1,000,000 connections stored, calls run at 0.85 or more of their speed with 1,000, and the server
// stays below 300 MB.
func withManyStored(ctx context.Context, b *bench) error {
	crowded, err := b.onSQLite(ctx, b.many())
	if err != nil {
		return err
	}
	empty, err := b.onSQLite(ctx, few())
	if err != nil {
		return err
	}
	for _, call := range []struct {
		name    string
		request func(stock, *signer) []byte
	}{
		{"DescribeConnections by ID", stock.byID},
		{"CreateConnection", stock.create},
	} {
		load := func(p *process, s stock) [][]byte {
			return requests(p, func(sign *signer) []byte { return call.request(s, sign) })
		}
		many := side{name: fmt.Sprint(b.most, " stored"), server: crowded, requests: load(crowded, b.many())}
		few := side{name: fmt.Sprint(fewStored, " stored"), server: empty, requests: load(empty, few())}
		if err := b.compare(ctx, call.name+", "+many.name, many, few, 0.85); err != nil {
			return err
		}
	}
	bytes, err := crowded.resident()
	if err == nil {
		const allowed = 300e6
		b.add(row{what: fmt.Sprintf("most memory resident, %d stored", b.most), value: fmt.Sprintf("%.0f MB", float64(bytes)/1e6),
			beside: "allowed: 300 MB", ratio: allowed / float64(bytes), target: 1})
	}
	return err
}

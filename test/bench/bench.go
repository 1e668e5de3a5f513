package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"

	"onramp/test/postgres"
)

// bench is a run: its processes, started when they are first needed, and the rows of its table.
type bench struct {
	options
	folder  string
	limit   *process
	servers map[string]*process
	cluster *postgres.Cluster
	rows    []row
}

func newBench(o options) (*bench, error) {
	folder, err := os.MkdirTemp("", "onramp-bench-")
	if err != nil {
		return nil, err
	}
	b := &bench{options: o, folder: folder, servers: map[string]*process{}}
	if b.limit, err = startProcess(limitRole); err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	return b, nil
}

func (b *bench) close() error {
	errs := []error{b.limit.stop()}
	for _, p := range b.servers {
		errs = append(errs, p.stop())
	}
	if b.cluster != nil {
		errs = append(errs, b.cluster.Stop())
	}
	return errors.Join(append(errs, os.RemoveAll(b.folder))...)
}

// freePorts are for the connections that a run creates: enough for a machine a few times as fast.
const freePorts = 400_000

func few() stock { return stock{fewStored, freePorts} }

func (b *bench) many() stock { return stock{b.most, freePorts} }

// onSQLite is the server of a stock in SQLite.
func (b *bench) onSQLite(ctx context.Context, s stock) (*process, error) {
	name := fmt.Sprintf("sqlite-%d", s.connections)
	if p := b.servers[name]; p != nil {
		return p, nil
	}
	data := filepath.Join(b.folder, name)
	if err := b.provide(ctx, s, data); err != nil {
		return nil, err
	}
	return b.serve(name, data, "")
}

func (b *bench) serve(name, data, database string, more ...string) (*process, error) {
	if err := os.MkdirAll(data, 0o700); err != nil {
		return nil, err
	}
	p, err := startProcess(append([]string{serverRole, "-data", data, "-database", database, "-pace", b.pace}, more...)...)
	if err == nil {
		b.servers[name] = p
	}
	return p, err
}

const databaseFile = "onramp.db"

// provide makes a data folder with the stock, from a kept one where there is one.
func (b *bench) provide(ctx context.Context, s stock, data string) error {
	if err := os.MkdirAll(data, 0o700); err != nil {
		return err
	}
	file := filepath.Join(data, databaseFile)
	if b.keep == "" {
		return b.fill(ctx, s, "sqlite://"+file)
	}
	folder, err := filepath.Abs(b.keep)
	if err != nil {
		return err
	}
	kept := filepath.Join(folder, fmt.Sprintf("%d-%d.db", s.connections, s.free))
	if _, err := os.Stat(kept); errors.Is(err, fs.ErrNotExist) {
		if err := b.fill(ctx, s, "sqlite://"+kept+".part"); err != nil {
			return err
		}
		if err := os.Rename(kept+".part", kept); err != nil {
			return err
		}
	}
	return copyFile(file, kept)
}

func (b *bench) fill(ctx context.Context, s stock, url string) error {
	fmt.Fprintf(os.Stderr, "  filling a store with %d connections of %d accounts and %d ports more\n", s.connections, s.accounts(), s.free)
	return s.fill(ctx, url)
}

func copyFile(to, from string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close())
}

// distinct is how many different requests the load has, so that they do not all find what they ask for in a cache.
const distinct = 1 << 16

// requests are what a load sends, each made by chance.
func requests(p *process, request func(sign *signer) []byte) [][]byte {
	sign := newSigner(p.address)
	all := make([][]byte, distinct)
	for i := range all {
		all[i] = request(sign)
	}
	return all
}

// byID asks for one of the stock's connections.
func (s stock) byID(sign *signer) []byte {
	n := rand.IntN(s.connections)
	return sign.request(s.account(n), "DescribeConnections", `{"connectionId":"`+connectionID(n)+`"}`)
}

// page asks for all connections of one of the stock's accounts: perAccount, which is the largest page.
func (s stock) page(sign *signer) []byte {
	return sign.request(accountID(rand.IntN(s.accounts())), "DescribeConnections", `{}`)
}

// create orders a port for one of the stock's accounts at one of its locations.
func (s stock) create(sign *signer) []byte {
	return sign.request(accountID(rand.IntN(s.accounts())), "CreateConnection", fmt.Sprintf(
		`{"location":"%s","bandwidth":"10Gbps","connectionName":"uplink","providerName":"Example Carrier",`+
			`"tags":[{"key":"project","value":"seed"},{"key":"team","value":"network"}]}`, s.place()))
}

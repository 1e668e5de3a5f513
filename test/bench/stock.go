package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	dc "onramp/internal/directconnect"
	"onramp/internal/store"
)

// stock is a store as it is filled: accounts with a hundred connections each, every one on a port of its own, router
// after router filled to the same part, and behind them routers with nothing but free ports.
type stock struct {
	connections int
	free        int // ports beside those that connections hold
}

const (
	manyStored         = 1_000_000
	fewStored          = 1_000
	perAccount         = 100 // 1,000,000 connections of 10,000 accounts
	routersPerLocation = 4
	portsPerRouter     = 256
	heldPerRouter      = 200
	freePerStocked     = portsPerRouter - heldPerRouter
	perUpdate          = 10_000
)

func (s stock) accounts() int { return s.connections / perAccount }

func accountID(n int) string { return fmt.Sprintf("%012d", 300_000_000_000+n) }

func (s stock) account(connection int) string { return accountID(connection / perAccount) }

// connectionID is that of the nth connection. No two are alike: the factor is prime to the number of identifiers.
func connectionID(n int) string {
	const identifiers = 3 * 36 * 36 * 36 * 36 * 36 * 36
	return dc.ShortID(dc.ConnectionPrefix, uint64(n)*2_654_435_761%identifiers)
}

// stocked is how many routers hold connections.
func (s stock) stocked() int { return (s.connections + heldPerRouter - 1) / heldPerRouter }

func (s stock) routers() int {
	rest := max(0, s.free-s.stocked()*freePerStocked)
	return s.stocked() + (rest+portsPerRouter-1)/portsPerRouter
}

// place is the location of a free port, chosen by chance.
func (s stock) place() string {
	among := s.stocked() * freePerStocked
	port := rand.IntN(among + (s.routers()-s.stocked())*portsPerRouter)
	router := port / freePerStocked
	if port >= among {
		router = s.stocked() + (port-among)/portsPerRouter
	}
	return locationCode(router / routersPerLocation)
}

func (s stock) locations() int { return (s.routers() + routersPerLocation - 1) / routersPerLocation }

func locationCode(n int) string { return fmt.Sprintf("Bench%d", n) }

func routerName(n int) string {
	return fmt.Sprintf("%s-%012d", locationCode(n/routersPerLocation), n)
}

// fill writes the stock into an empty store.
func (s stock) fill(ctx context.Context, url string) (err error) {
	st, err := store.Open(ctx, store.Options{URL: url})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	for n := range s.locations() {
		l := dc.Location{
			Code: locationCode(n), Region: region, Name: fmt.Sprintf("Benchmark %d, Springfield", n), Country: "US",
			PortSpeeds: []string{"1G", "10G"}, MACsecSpeeds: []string{"10G"}, Providers: []string{"Example Carrier"},
		}
		if err := st.Update(ctx, func(tx *store.Tx) error { return tx.PutLocation(new(l)) }); err != nil {
			return err
		}
	}
	const routersPerUpdate = perUpdate / portsPerRouter
	for first := 0; first < s.routers(); first += routersPerUpdate {
		err := st.Update(ctx, func(tx *store.Tx) error {
			for n := first; n < min(first+routersPerUpdate, s.routers()); n++ {
				if err := s.putRouter(tx, n); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// putRouter puts the nth router, its ports and the connections on them.
func (s stock) putRouter(tx *store.Tx, n int) error {
	r := dc.Router{Name: routerName(n), Location: locationCode(n / routersPerLocation), Region: region}
	if err := tx.PutRouter(&r); err != nil {
		return err
	}
	for i := range portsPerRouter {
		p := dc.Port{
			Router: r.Name, Location: r.Location, Bandwidth: dc.Gbps10, Position: int64(i + 1),
			Name: fmt.Sprintf("xe-0/0/%d", i), Optic: dc.Gbps10.Optic(),
			Panel: dc.Panel{Building: "Benchmark", Room: "MMR-1", Cage: "C01", Rack: "R01", Panel: "PP-01",
				Port: fmt.Sprint(i + 1), Strands: fmt.Sprintf("%d/%d", 2*i+1, 2*i+2), Connector: "LC duplex"},
		}
		p.ID = dc.PortID(r.Name, p.Name)
		if c := n*heldPerRouter + i; i < heldPerRouter && c < s.connections {
			p.ConnectionID = connectionID(c)
			if err := s.putConnection(tx, c, p); err != nil {
				return err
			}
		}
		if err := tx.PutPort(&p); err != nil {
			return err
		}
	}
	return nil
}

var stockedAt = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// putConnection puts the nth connection, available on its port. Its account's were made at different times.
func (s stock) putConnection(tx *store.Tx, n int, p dc.Port) error {
	at := stockedAt.Add(time.Duration(n%perAccount)*time.Hour + time.Duration(n)*time.Microsecond)
	o := dc.Order{
		Kind: dc.Dedicated, Account: s.account(n), Region: region, Name: fmt.Sprintf("uplink %d", n), Bandwidth: dc.Gbps10,
		ProviderName: "Example Carrier", BillingMode: dc.PayAsYouGo, Tags: []dc.Tag{{Key: "project", Value: "seed"}, {Key: "team", Value: "network"}},
	}
	l := dc.Location{Code: p.Location, Region: region, PortSpeeds: []string{"10G"}, Providers: []string{"Example Carrier"}}
	c, err := dc.NewConnection(connectionID(n), o, l, p, at)
	if err != nil {
		return err
	}
	c, err = c.IssueLOA("BENC-HMRK", at.Add(time.Minute))
	if err != nil {
		return err
	}
	if c, err = c.ReadLOA(at.Add(2 * time.Minute)); err != nil {
		return err
	}
	if c, err = c.Plug(at.Add(time.Hour)); err != nil {
		return err
	}
	if c, err = c.LinkUp(at.Add(time.Hour)); err != nil {
		return err
	}
	c.Due = time.Time{} // it is settled
	return tx.PutConnection(&c)
}

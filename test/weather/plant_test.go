package weather

import (
	"context"
	"database/sql"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
	"onramp/internal/fabric/sim"
	"onramp/internal/inventory"
	"onramp/internal/reconcile"
	"onramp/internal/seal"
	"onramp/internal/store"
)

// The accounts of a sequence: two configured customers, a configured partner, and two that nobody configured.
const (
	alice   = "111111111111" // with quotas small enough to be met
	bob     = "222222222222" // without quotas
	carrier = "333333333333" // a declared partner
	open1   = "444444444444"
	open2   = "000000000000"
)

var accounts = []string{alice, bob, carrier, open1, open2}

const (
	home = "us-east-1"
	away = "eu-west-1"
)

var regions = []string{home, away}

// keep is how long ended resources stay listed; short enough for a sequence to outlive it.
const keep = 6 * time.Hour

// smallInventory runs out of ports soon: two locations at home, the first with two routers, and one away.
func smallInventory() inventory.Inventory {
	router := func(code string, n, ones, tens, secure, hundreds int) inventory.Router {
		r := inventory.Router{Name: inventory.DeviceName(code, n)}
		add := func(count int, speed string, macsec bool) {
			for range count {
				r.Ports = append(r.Ports, inventory.Port{
					Name: "et-" + strconv.Itoa(len(r.Ports)), Speed: speed, MACsec: macsec,
					Optic: directconnect.BandwidthOfSpeed(speed).Optic(), Panel: directconnect.Panel{Room: "1", Port: strconv.Itoa(len(r.Ports))},
				})
			}
		}
		add(ones, "1G", false)
		add(tens, "10G", false)
		add(secure, "10G", true)
		add(hundreds, "100G", true)
		return r
	}
	location := func(code, region string, routers ...inventory.Router) inventory.Location {
		return inventory.Location{
			Code: code, Region: region, Name: "Facility " + code, Partition: "aws", Country: "US",
			PortSpeeds: []string{"1G", "10G", "100G"}, MACsecSpeeds: []string{"10G", "100G"}, Providers: []string{"Fibre Ltd"},
			BillingModes: []directconnect.BillingMode{"FlatRateTier1"}, Routers: routers,
		}
	}
	return inventory.Inventory{Locations: []inventory.Location{
		location("WxA1", home, router("WxA1", 1, 2, 3, 3, 1), router("WxA1", 2, 1, 2, 4, 2)),
		location("WxB1", home, router("WxB1", 1, 1, 2, 2, 0)),
		location("WxC1", away, router("WxC1", 1, 1, 2, 3, 0)),
	}}
}

// hand is a clock that only the sequence turns.
type hand struct {
	mu sync.Mutex
	at time.Time
}

func (h *hand) now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.at
}

func (h *hand) turn(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.at = h.at.Add(d)
}

// plant is an installation without its listeners: a store, the control plane, simulated routers, and the reconcilers of
// two servers that share all of it.
type plant struct {
	ctx     context.Context
	store   *store.Store
	raw     *sql.DB // reads the tables behind the store's back
	clock   *hand
	pace    directconnect.Pace
	service *controlplane.Service
	fabric  *sim.Fabric
	servers [2]*reconcile.Reconciler
	keys    *seal.Sealer
	routers []string
	file    string // of the database, if it is SQLite
}

// site is where plants are built: each gets a database of its own, with inventory and accounts in it.
type site struct {
	keys   *seal.Sealer
	folder string        // for SQLite
	seed   string        // a finished SQLite database to copy, or empty
	url    func() string // of a fresh PostgreSQL database; nil for SQLite
	n      int
}

func newSite(t *testing.T, postgresURL func() string) *site {
	t.Helper()
	folder := memoryFolder(t)
	keys, err := seal.Open(filepath.Join(folder, "keyset.json"))
	if err != nil {
		t.Fatal(err)
	}
	s := &site{keys: keys, folder: folder, url: postgresURL}
	if postgresURL != nil {
		return s
	}
	p, err := s.open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := p.close(); err != nil {
		t.Fatal(err)
	}
	s.seed = filepath.Join(folder, "1.db")
	return s
}

// memoryFolder is on a file system in memory where there is one: sequences prove nothing about disks.
func memoryFolder(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("/dev/shm", "onramp-weather-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(folder); err != nil {
			t.Error(err)
		}
	})
	return folder
}

// open builds a plant.
func (s *site) open(ctx context.Context) (*plant, error) {
	s.n++
	url, driver, dsn, file := "", "pgx", "", ""
	if s.url != nil {
		url = s.url()
		dsn = url
	} else {
		file = filepath.Join(s.folder, strconv.Itoa(s.n)+".db")
		if s.seed != "" {
			if err := copyFile(s.seed, file); err != nil {
				return nil, err
			}
		}
		url, driver, dsn = "sqlite://"+file, "sqlite", "file:"+file+"?_pragma=query_only(1)&_pragma=busy_timeout(1000)"
	}
	st, err := store.Open(ctx, store.Options{URL: url})
	if err != nil {
		return nil, err
	}
	raw, err := sql.Open(driver, dsn)
	if err != nil {
		return nil, err
	}
	p := &plant{ctx: ctx, store: st, raw: raw, keys: s.keys, file: file, clock: &hand{at: time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC)}}
	p.service = &controlplane.Service{
		Store: st, Now: p.clock.now, Wake: func() {}, Seal: s.keys, Quotas: directconnect.DocumentedQuotas, Keep: keep, Provider: "Weather",
	}
	p.fabric = sim.New(reconcile.StoreWorld(st, reconcile.WithClock(p.clock.now)))
	for i := range p.servers {
		p.restart(i)
	}
	for _, l := range smallInventory().Locations {
		for _, r := range l.Routers {
			p.routers = append(p.routers, r.Name)
		}
	}
	if s.seed == "" {
		return p, p.furnish()
	}
	return p, nil
}

// restart gives one of the servers a reconciler that remembers nothing.
func (p *plant) restart(i int) {
	p.servers[i] = reconcile.New(reconcile.Config{
		Store: p.store, Driver: p.fabric, Pace: func() directconnect.Pace { return p.pace }, Now: p.clock.now,
		Open: p.keys.Open, NewCode: controlplane.NewLOACode, Server: strconv.Itoa(i), Keep: keep, Simulated: true,
	})
}

// furnish puts the inventory and the configured accounts into an empty database.
func (p *plant) furnish() error {
	if _, err := p.service.EnsureInventory(p.ctx, smallInventory()); err != nil {
		return err
	}
	two, three, none := 2, 3, 0
	partner := directconnect.PartnerV2
	for id, change := range map[string]controlplane.AccountChange{
		alice:   {Quotas: controlplane.QuotaChange{ConnectionsPerLocation: &three, LAGsPerRegion: &two, MACsecKeys: &two}},
		bob:     {Quotas: controlplane.QuotaChange{ConnectionsPerLocation: &none, LAGsPerRegion: &none, MACsecKeys: &none}},
		carrier: {Partner: &partner},
	} {
		if _, err := p.service.AddAccount(p.ctx, id, change); err != nil {
			return err
		}
	}
	for _, f := range registry {
		if _, err := p.service.AddFarGateway(p.ctx, f.id, f.account, f.region, f.asn, f.cidrs); err != nil {
			return err
		}
	}
	return nil
}

func (p *plant) close() error {
	_ = p.raw.Close()
	_ = p.fabric.Close()
	return p.store.Close()
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		return err
	}
	return out.Close()
}

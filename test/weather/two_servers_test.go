package weather

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
	"github.com/aws/aws-sdk-go-v2/service/directconnect/types"
	"golang.org/x/sync/errgroup"

	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
	"onramp/internal/seal"
	"onramp/internal/store"
	"onramp/test/postgres"
)

const (
	rushClients = 64
	rushPorts   = 10
	rushHall    = "WxR1"
)

// pair is two real servers on one database with ten free ports.
type pair struct {
	t       *testing.T
	store   *store.Store
	servers [2]*process
}

func startPair(t *testing.T) *pair {
	t.Helper()
	program, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	url, folder := postgres.Shared(t, postgres.WithoutFsync()).Database(t), t.TempDir()
	keyset := filepath.Join(folder, "keyset.json")
	p := &pair{t: t, store: openStore(t, url)}
	keys, err := seal.Open(keyset)
	if err != nil {
		t.Fatal(err)
	}
	service := &controlplane.Service{Store: p.store, Now: time.Now, Wake: func() {}, Seal: keys, Keep: keep}
	if _, err := service.EnsureInventory(t.Context(), halls(rushHall, 2, rushPorts/2)); err != nil {
		t.Fatal(err)
	}
	var g errgroup.Group
	for i := range p.servers {
		data := filepath.Join(folder, fmt.Sprint(i))
		g.Go(func() (err error) { // both at once, on a database that neither has seen
			p.servers[i], err = launch(data, func() *exec.Cmd {
				cmd := exec.Command(program, "serve", "--listen", "127.0.0.1:0", "--operator-listen", "127.0.0.1:0", "--data", data,
					"--keyset", keyset, "--pace", "instant", "--quotas", "none", "--log-level", "warn")
				cmd.Env = append(os.Environ(), "ONRAMP_DATABASE="+url) // the address holds a password
				return cmd
			})
			return err
		})
	}
	err = g.Wait()
	for _, s := range p.servers {
		if s != nil {
			t.Cleanup(s.kill)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { trailTells(t, p.store) })
	return p
}

// rush is 64 customers who want a port each at the same moment, half of them at either server.
type rush struct {
	pair     *pair
	began    chan struct{}
	answered atomic.Int64
	tellAt   int64         // so many answers
	told     chan struct{} // close this; nil: nobody is killed
	again    atomic.Int64  // customers who asked the other server again

	mu      sync.Mutex
	made    map[string]string // connection ID: account, of every answered create
	refused int
}

// order is one customer's order, repeated at the other server as long as there is no answer.
func (r *rush) order(ctx context.Context, i int, clients [2]*dc.Client) error {
	<-r.began
	server := i % 2
	for try := 0; ; try++ {
		out, err := clients[server].CreateConnection(ctx, &dc.CreateConnectionInput{
			Bandwidth: ptr("10Gbps"), ConnectionName: ptr("rush"), Location: ptr(rushHall), Tags: []types.Tag{{Key: ptr("customer"), Value: ptr(fmt.Sprint(i))}},
		})
		refusal, refused := errors.AsType[*types.DirectConnectClientException](err)
		switch {
		case err == nil:
			r.mu.Lock()
			r.made[*out.ConnectionId] = *out.OwnerAccount
			r.mu.Unlock()
		case refused:
			if want := "No 10Gbps port is available at location " + rushHall + "."; refusal.ErrorMessage() != want {
				return fmt.Errorf("customer %d was refused with %q, want %q", i, refusal.ErrorMessage(), want)
			}
			r.mu.Lock()
			r.refused++
			r.mu.Unlock()
		case r.told == nil || try == 3:
			return fmt.Errorf("customer %d was answered neither way: %w", i, err)
		default: // its server was killed: whether it ordered is not known
			server = 1 - server
			r.again.Add(1)
			continue
		}
		if r.answered.Add(1) == r.tellAt && r.told != nil {
			close(r.told)
		}
		return nil
	}
}

func (r *rush) run(ctx context.Context) error {
	r.began, r.made = make(chan struct{}), map[string]string{}
	shared := transport(rushClients)
	defer shared.CloseIdleConnections()
	var g errgroup.Group
	for i := range rushClients {
		account := fmt.Sprintf("%012d", 700000000000+i)
		clients := [2]*dc.Client{
			customer(r.pair.servers[0].endpoint, account, shared), customer(r.pair.servers[1].endpoint, account, shared),
		}
		g.Go(func() error { return r.order(ctx, i, clients) })
	}
	close(r.began)
	return g.Wait()
}

// check: ten ports are held by ten live connections, and every answered create is among them.
func (r *rush) check() {
	t := r.pair.t
	t.Helper()
	snap, err := look(t.Context(), r.pair.store)
	if err != nil {
		t.Fatal(err)
	}
	say := func(format string, args ...any) { t.Errorf(format, args...) }
	laws(snap, snap, true, say)
	if n := len(snap.connections); n != rushPorts {
		t.Errorf("%d connections, want %d", n, rushPorts)
	}
	for _, p := range snap.ports {
		if p.ConnectionID == "" {
			t.Errorf("port %s is free, and customers were refused", p.ID)
		}
	}
	for id, account := range r.made {
		if c, ok := snap.connections[id]; !ok || !c.Working() || c.Account != account {
			t.Errorf("%s was answered to %s and is stored as %+v", id, account, c)
		}
	}
}

// allAvailable waits until every connection works.
func (p *pair) allAvailable() {
	p.t.Helper()
	var snap snapshot
	err := poll(p.t.Context(), 2*time.Minute, "all connections becoming available", func() (bool, error) {
		var err error
		if snap, err = look(p.t.Context(), p.store); err != nil {
			return false, err
		}
		for _, c := range snap.connections {
			if c.State != directconnect.ConnectionAvailable {
				return false, nil
			}
		}
		return true, nil
	})
	if err != nil {
		p.t.Errorf("%v: %+v", err, snap.connections)
	}
}

// TestTwoServersSellTenPorts has 64 customers of two servers on one database buy the last ten ports: ten get one, nobody
// gets another's, and the rest are told that there are none.
func TestTwoServersSellTenPorts(t *testing.T) {
	rounds := 3
	if long() {
		rounds = 30
	}
	for range rounds {
		r := &rush{pair: startPair(t)}
		if err := r.run(t.Context()); err != nil {
			t.Fatal(err)
		}
		if len(r.made) != rushPorts || r.refused != rushClients-rushPorts {
			t.Errorf("%d customers got a connection and %d were refused, want %d and %d", len(r.made), r.refused, rushPorts, rushClients-rushPorts)
		}
		r.check()
		r.pair.allAvailable()
		r.pair.discreet()
	}
}

// discreet: what the servers logged has no password of the database in it.
func (p *pair) discreet() {
	p.t.Helper()
	for _, s := range p.servers {
		if text := s.errors.String(); strings.Contains(text, "postgres://") || strings.Contains(text, "password") {
			p.t.Errorf("a server said: %s", text)
		}
	}
}

// TestKilledServersCustomersGoOn is the same with one of the servers killed in the middle. Its customers ask the other one
// again. What the killed one had answered is there; what it had not answered is there as a whole or not at all; and the
// other one finishes its work.
func TestKilledServersCustomersGoOn(t *testing.T) {
	rounds := 5
	if long() {
		rounds = 50
	}
	unanswered, again := 0, int64(0)
	for round := range rounds {
		p := startPair(t)
		r := &rush{pair: p, told: make(chan struct{}), tellAt: int64(1 + 3*round%10)}
		victim, survivor := p.servers[round%2], p.servers[1-round%2]
		killed := make(chan struct{})
		go func() {
			defer close(killed)
			<-r.told
			victim.kill()
		}()
		if err := r.run(t.Context()); err != nil {
			t.Fatalf("%v\nthe survivor said: %s", err, survivor.errors)
		}
		<-killed
		r.check()
		unanswered += rushPorts - len(r.made)
		again += r.again.Load()
		// What the killed server had claimed is another's business when its lease ends.
		turn(t, survivor, "1m")
		p.allAvailable()
	}
	if again == 0 {
		t.Error("nobody was waiting for the server when it was killed: that was not in the middle")
	}
	t.Logf("%d of %d connections were made and never answered; %d customers asked again", unanswered, rounds*rushPorts, again)
}

package daemon_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"onramp/internal/daemon"
	"onramp/internal/directconnect"
	"onramp/internal/fabric"
	"onramp/internal/fabric/sim"
	"onramp/internal/inventory"
	"onramp/internal/operator"
	"onramp/internal/router"
)

const realRouter = "LAB1-0123456789ab"

// lab is one location with one router that is real, or said to be.
func lab(of directconnect.Fabric) *inventory.Inventory {
	r := inventory.Router{Name: realRouter, Fabric: of, Ports: []inventory.Port{{Name: "et-0", Speed: "10G", Optic: "10GBASE-LR 1310 nm"}}}
	if of == directconnect.Linux {
		r.Backbone = netip.MustParseAddr("192.0.2.1")
	}
	return &inventory.Inventory{Locations: []inventory.Location{{
		Code: "LAB1", Region: "us-east-1", Name: "Laboratory", Partition: "aws", PortSpeeds: []string{"10G"}, Routers: []inventory.Router{r},
	}}}
}

// plant is hardware for an agent: a simulated router whose cables a test plugs.
type plant struct {
	mu      sync.Mutex
	plugged bool
	changed func()
	*sim.Fabric
}

func newPlant() *plant {
	p := &plant{changed: func() {}}
	p.Fabric = sim.New(p)
	return p
}

func (p *plant) Cables(context.Context, string) (map[string]sim.Cable, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return map[string]sim.Cable{"et-0": {Plugged: p.plugged}}, nil
}

func (p *plant) Customers(context.Context, string) (sim.Customers, error) {
	return sim.Customers{}, nil
}

func (p *plant) plug(in bool) {
	p.mu.Lock()
	p.plugged = in
	changed := p.changed
	p.mu.Unlock()
	changed()
}

func (p *plant) open(s router.Site) (fabric.Driver, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.changed = s.Changed
	return p, nil
}

// order orders the lab's port and answers the connection's ID.
func order(t *testing.T, d *daemon.Daemon) string {
	t.Helper()
	text := `{"location":"LAB1","bandwidth":"10Gbps","connectionName":"x"}`
	status, body := call(t, http.DefaultClient, d.Endpoint(), "CreateConnection", text, "111122223333", "us-east-1")
	var c struct{ ConnectionID string }
	if err := json.Unmarshal([]byte(body), &c); status != http.StatusOK || err != nil {
		t.Fatalf("%d %s", status, body)
	}
	return c.ConnectionID
}

// becomes waits until the connection is in the state.
func becomes(t *testing.T, d *daemon.Daemon, id, want string) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(20 * time.Second)
	for last := ""; ; {
		_, body := call(t, http.DefaultClient, d.Endpoint(), "DescribeConnections", `{"connectionId":"`+id+`"}`, "111122223333", "us-east-1")
		if last = body; strings.Contains(body, `"connectionState":"`+want+`"`) {
			return
		}
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("not %s: %s", want, last)
		}
	}
}

// follow plugs and pulls the cable of an order, and sees the order follow.
func follow(t *testing.T, d *daemon.Daemon, p *plant) {
	t.Helper()
	id := order(t, d)
	becomes(t, d, id, "pending")
	p.plug(true)
	becomes(t, d, id, "available")
	p.plug(false)
	becomes(t, d, id, "down")
	p.plug(true)
	becomes(t, d, id, "available")
}

// TestRealRouter: an agent enrols with a token and connects; what happens to its cables is known at once, not at the next look.
func TestRealRouter(t *testing.T) {
	t.Parallel()
	c := config(t)
	c.FirstInventory, c.RouterListen, c.Pace = lab(directconnect.Linux), "127.0.0.1:0", directconnect.Instant
	d := start(t, c)
	ops := &operator.Client{Base: d.OperatorEndpoint(), Token: d.OperatorToken()}
	token, err := ops.NewRouterToken(t.Context(), realRouter, "")
	if err != nil || !slices.Equal(token.Addresses, []string{d.RouterEndpoint()}) {
		t.Fatalf("token for %v: %v", token.Addresses, err)
	}
	state := filepath.Join(t.TempDir(), "router")
	if name, err := router.Enroll(t.Context(), state, token.Token); err != nil || name != realRouter {
		t.Fatalf("enrolled as %q: %v", name, err)
	}
	folder, err := router.OpenFolder(state)
	if err != nil {
		t.Fatal(err)
	}
	p := newPlant()
	agent, err := router.Start(t.Context(), router.Config{Folder: folder, Open: p.open, Accepted: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := agent.Close(); err != nil {
			t.Error(err)
		}
	})
	follow(t, d, p)
	all, err := ops.Routers(t.Context(), "")
	if err != nil || len(all) != 1 || all[0].ConnectedSince.IsZero() {
		t.Errorf("routers %+v: %v", all, err)
	}
}

// TestLocalRouter: the machine of the server is the router.
func TestLocalRouter(t *testing.T) {
	t.Parallel()
	c, p := config(t), newPlant()
	c.FirstInventory, c.Pace, c.LocalRouter, c.OpenRouter = lab(directconnect.Linux), directconnect.Instant, realRouter, p.open
	follow(t, start(t, c), p)
}

func TestLocalRouterRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		router string
		of     directconnect.Fabric
		want   string
	}{
		"unknown":   {"LAB1-0123456789ac", directconnect.Linux, "there is no such router in the inventory"},
		"simulated": {realRouter, directconnect.Simulated, "the inventory calls it simulated"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conf := config(t)
			conf.FirstInventory, conf.LocalRouter, conf.OpenRouter = lab(c.of), c.router, newPlant().open
			if _, err := daemon.Start(t.Context(), conf); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
		})
	}
}

// TestRouterWithoutAgents: a real router is out of reach where no agent can connect; the order waits, and says so to nobody
// but the operator.
func TestRouterWithoutAgents(t *testing.T) {
	t.Parallel()
	c := config(t)
	c.FirstInventory, c.Pace = lab(directconnect.Linux), directconnect.Instant
	d := start(t, c)
	becomes(t, d, order(t, d), "pending")
	ops := &operator.Client{Base: d.OperatorEndpoint(), Token: d.OperatorToken()}
	if _, err := ops.NewRouterToken(t.Context(), realRouter, ""); err == nil || !strings.Contains(err.Error(), "No router can connect here") {
		t.Errorf("a token: %v", err)
	}
}

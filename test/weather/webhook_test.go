package weather

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"

	"onramp/internal/daemon"
	"onramp/internal/directconnect"
	"onramp/internal/onramptest"
	"onramp/internal/operator"
	"onramp/test/postgres"
)

// orders has an account order n ports, each of which is available at once and deleted after it: four or more events each.
func orders(t *testing.T, c *dc.Client, n int, remove bool) {
	t.Helper()
	for i := range n {
		out, err := c.CreateConnection(t.Context(), &dc.CreateConnectionInput{
			Bandwidth: ptr("1Gbps"), ConnectionName: ptr(fmt.Sprint("told ", i)), Location: ptr("EqDC2"),
		})
		if err != nil {
			t.Fatal(err)
		}
		if remove {
			if _, err := c.DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: out.ConnectionId}); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// TestWebhookReceiverDown: the receiver is down for an hour of turned clock, in which the server is restarted. Each event
// arrives, in the order of its resource.
func TestWebhookReceiverDown(t *testing.T) {
	t.Parallel()
	postgres.EachEngine(t, func(t *testing.T, url string) {
		options := []onramptest.Option{
			onramptest.Pace(directconnect.Pace{Name: "slow", Approve: 10 * time.Minute, Plug: 15 * time.Minute}),
			onramptest.Configure(func(c *daemon.Config) { c.PrivateWebhooks, c.WebhookTimeout = true, 5*time.Second }),
		}
		if url != "" {
			options = append(options, onramptest.Database(url))
		}
		first := onramptest.Start(t, options...)
		r := receive(t)
		r.set(true)
		r.hook(first.Operator())
		shared := transport(4)
		defer shared.CloseIdleConnections()
		orders(t, customer(first.URL, "700000000001", shared), 5, false)
		tried := func(times int) {
			t.Helper()
			if err := poll(t.Context(), time.Minute, "trying", func() (bool, error) {
				now, _ := r.counts()
				return now >= times, nil
			}); err != nil {
				t.Fatal(err)
			}
		}
		tried(5)
		first.Advance(30 * time.Minute)
		tried(10) // each resource's first event once more, and no other
		first.Stop()
		second := onramptest.Start(t, append(options, onramptest.Data(first.Data))...)
		second.Advance(30 * time.Minute)
		tried(15)
		if _, taken := r.counts(); taken != 0 {
			t.Fatalf("%d events were taken by a receiver that is down", taken)
		}
		orders(t, customer(second.URL, "700000000001", shared), 2, true)
		r.set(false)
		second.Advance(7 * time.Hour)
		r.all(second.Operator(), 5*3+2*2)
		for id, n := range r.taken {
			if n != 1 {
				t.Errorf("event %s was delivered %d times although each answer was kept", id, n)
			}
		}
	})
}

// TestWebhookKilled: servers with webhooks are killed in the middle of deliveries. On SQLite the server is started again, on
// PostgreSQL another one is there: each event arrives, in order, once or with the same ID.
func TestWebhookKilled(t *testing.T) {
	t.Parallel()
	program, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	postgres.EachEngine(t, func(t *testing.T, url string) {
		folder := t.TempDir()
		serve := func(name string) *process {
			data := filepath.Join(folder, name)
			return start(t, data, func() *exec.Cmd {
				cmd := exec.Command(program, "serve", "--listen", "127.0.0.1:0", "--operator-listen", "127.0.0.1:0", "--data", data,
					"--keyset", filepath.Join(folder, "keyset.json"), "--pace", "instant", "--quotas", "none", "--log-level", "warn",
					"--allow-private-webhooks", "--webhook-timeout", "1s")
				cmd.Env = os.Environ()
				if url != "" {
					cmd.Env = append(cmd.Env, "ONRAMP_DATABASE="+url) // the address holds a password
				}
				return cmd
			})
		}
		doomed := serve("one")
		r := receive(t)
		r.hook(operatorOf(t, doomed))
		r.stall()
		orders(t, customer(doomed.endpoint, "700000000002", http.DefaultTransport), 6, true)
		waitFor(t, r.held) // deliveries are under way
		doomed.kill()
		survivor := "one"
		if url != "" {
			survivor = "two"
		}
		other := serve(survivor)
		orders(t, customer(other.endpoint, "700000000003", http.DefaultTransport), 6, true)
		r.release()
		r.all(operatorOf(t, other), 2*6*2)
	})
}

// TestWebhookTwoServers: two servers share the deliveries of one database while both take orders.
func TestWebhookTwoServers(t *testing.T) {
	t.Parallel()
	url, keyset := postgres.Shared(t, postgres.WithoutFsync()).Database(t), filepath.Join(t.TempDir(), "keyset.json")
	var servers []*onramptest.Server
	for range 2 {
		servers = append(servers, onramptest.Start(t, onramptest.Database(url), onramptest.Keyset(keyset),
			onramptest.Configure(func(c *daemon.Config) { c.PrivateWebhooks = true })))
	}
	r := receive(t)
	r.hook(servers[0].Operator())
	shared := transport(4)
	defer shared.CloseIdleConnections()
	for i := range 20 {
		orders(t, customer(servers[i%2].URL, "700000000004", shared), 1, i%4 < 2)
	}
	servers[0].Settle()
	servers[1].Settle()
	r.all(servers[1].Operator(), 20*2)
}

// TestWebhookSlowReceiver: one that does not answer holds up nobody else.
func TestWebhookSlowReceiver(t *testing.T) {
	t.Parallel()
	s := onramptest.Start(t, onramptest.Configure(func(c *daemon.Config) { c.PrivateWebhooks, c.WebhookTimeout = true, time.Minute }))
	slow, quick := receive(t), receive(t)
	slow.hook(s.Operator())
	slow.stall()
	quick.hook(s.Operator())
	orders(t, customer(s.URL, "700000000005", http.DefaultTransport), 12, false)
	s.Settle()
	waitFor(t, slow.held)
	quick.all(s.Operator(), 12*3)
	if _, taken := slow.counts(); taken != 0 {
		t.Errorf("the slow receiver has taken %d events", taken)
	}
	slow.release()
	slow.all(s.Operator(), 12*3)
}

func operatorOf(t *testing.T, p *process) *operator.Client {
	t.Helper()
	c, err := p.client()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// waitFor waits until something is told, for a minute.
func waitFor(t *testing.T, told <-chan struct{}) {
	t.Helper()
	timer := time.NewTimer(time.Minute)
	defer timer.Stop()
	select {
	case <-told:
	case <-timer.C:
		t.Fatal("nothing has happened for a minute")
	}
}

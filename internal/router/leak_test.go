package router

import (
	"errors"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"testing"

	"onramp/internal/fabric/remote"
	"onramp/internal/fabric/remote/remotetest"
)

// leakVariable tells the test that it runs alone in a process: other tests have goroutines of their own.
const leakVariable = "ROUTER_TEST_LEAK"

// Agents, streams and servers that have ended leave no goroutine behind.
func TestNoGoroutineIsLeft(t *testing.T) {
	if os.Getenv(leakVariable) == "" {
		t.Parallel()
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestNoGoroutineIsLeft$", "-test.count=1")
		cmd.Env = append(os.Environ(), leakVariable+"=1")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	cable := newCable(t, l.Addr().String())
	server, err := remote.NewServer(t.Context(), remote.Config{Ledger: &remotetest.Memory{}, Addresses: []string{cable.address()}})
	if err != nil {
		t.Fatal(err)
	}
	web := &http.Server{Handler: server, TLSConfig: server.TLS()}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = web.ServeTLS(l, "", "")
	}()
	b := &lab{t: t, log: &journal{}, world: &world{}, servers: []*control{{Server: server, wire: cable}}}
	b.world.cables = nil
	r := b.fresh("r1")
	before := 0
	for round := range 20 {
		r.start(Config{Accepted: true})
		b.servers[0].apply(t, "r1", plain("et-0"))
		switch round % 3 {
		case 0:
			cable.cut(true)
			await(t, "the server notices", func() bool { return !server.Connected("r1") })
			cable.cut(false)
		case 1:
			if _, err := server.Observe(t.Context(), "r1"); err != nil {
				t.Error(err)
			}
		}
		r.stop()
		await(t, "the server notices", func() bool { return !server.Connected("r1") })
		cable.cut(true)
		cable.cut(false)
		if round == 3 {
			before = runtime.NumGoroutine()
		}
	}
	await(t, "the goroutines end", func() bool { return runtime.NumGoroutine() <= before })
	if err := errors.Join(server.Close(), web.Close()); err != nil {
		t.Error(err)
	}
	<-done
}

package speaker

import (
	"bytes"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/osrg/gobgp/v4/api"
	"github.com/osrg/gobgp/v4/pkg/apiutil"

	"onramp/internal/fabric"
)

func TestWrongKey(t *testing.T) {
	t.Parallel()
	net := network()
	l := newLab(t, addr(net+".1"), newKernel())
	n := l.neighbor("a", net+".2", 65001)
	l.apply(t, gateway(n))
	l.customer(t, n, habits{key: "not-the-same-key"})
	const want = "TCP segments with a wrong MD5 digest arrive"
	l.await(t, want, func() bool { return strings.Contains(l.status("a").Reason, want) })
	if s := l.status("a"); s.Up || !strings.HasPrefix(s.Reason, "no answer from "+net+".2, and ") || strings.Contains(s.Reason, keyText) {
		t.Errorf("%+v", s)
	}
}

func TestNobodyThere(t *testing.T) {
	t.Parallel()
	network := network()
	l := newLab(t, addr(network+".1"), newKernel())
	refused, silent := l.neighbor("refused", network+".2", 65001), l.neighbor("silent", network+".3", 65001)
	refused.Key, silent.Key = "", "" // with a key, a refusal is not heard: it has no digest
	deaf, err := net.Listen("tcp", netip.AddrPortFrom(silent.Remote, uint16(l.away)).String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = deaf.Close() }()
	gone := l.neighbor("gone", network+".4", 65001)
	twin := l.neighbor("twin", network+".4", 65001)
	wrong := l.neighbor("wrong", network+".5", 65001)
	v := gateway(refused, silent, gone, wrong)
	v.Interfaces[0].Device = "no-such-device"
	l.apply(t, v)
	other := l.neighbor("wrong", network+".5", 65002)
	l.customer(t, other, habits{})
	for name, want := range map[string]string{
		"refused": network + ".2 refuses BGP connections", "silent": "no answer from " + network + ".3", "gone": "interface is not there",
		"wrong": "notification sent: open message error, bad peer as",
	} {
		l.await(t, name+": "+want, func() bool { return strings.Contains(l.status(name).Reason, want) })
	}
	if err := l.Apply(t.Context(), []VRF{gateway(gone, twin)}); err == nil || !strings.Contains(err.Error(), "twin") {
		t.Errorf("two neighbours with one address: %v", err)
	}
	if s := l.status("twin"); s.Up || !strings.Contains(s.Reason, "also the address of vif-gone") {
		t.Errorf("the second of them: %+v", s)
	}
}

func TestHoldTimer(t *testing.T) {
	t.Parallel()
	net := network()
	l := newLab(t, addr(net+".1"), newKernel())
	n := l.neighbor("a", net+".2", 65001)
	n.HoldSeconds = 3
	l.apply(t, gateway(n))
	c := l.customer(t, n, habits{restart: true}, plain("10.1.0.0/16")...)
	l.awaitUp(t, "a")
	hold := negotiated(t, l, n.Remote)
	if hold != 3 {
		t.Errorf("hold time %d", hold)
	}
	c.halt()
	l.await(t, "down", func() bool { return !l.status("a").Up })
}

func negotiated(t *testing.T, l *lab, remote netip.Addr) (hold uint64) {
	t.Helper()
	if err := l.instances()[0].server.ListPeer(t.Context(), &api.ListPeerRequest{Address: remote.String()}, func(p *api.Peer) {
		hold = p.GetTimers().GetState().GetNegotiatedHoldTime()
	}); err != nil {
		t.Fatal(err)
	}
	return hold
}

func TestDisconnected(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		reason   api.PeerState_DisconnectReason
		message  string
		log      symptoms
		graceful bool
		want     string
	}{
		{reason: api.PeerState_DISCONNECT_REASON_HOLD_TIMER_EXPIRED, want: "hold timer expired"},
		{reason: api.PeerState_DISCONNECT_REASON_GRACEFUL_RESTART, log: symptoms{holdExpired: true}, graceful: true, want: "hold timer expired"},
		{reason: api.PeerState_DISCONNECT_REASON_GRACEFUL_RESTART, graceful: true, want: "connection lost; its routes are kept while it may be restarting"},
		{reason: api.PeerState_DISCONNECT_REASON_NOTIFICATION_RECEIVED, message: "notification-received code 6(cease) subcode 2(administrative shutdown)",
			log: symptoms{communicated: "bye\n"}, want: `notification received: cease, administrative shutdown ("bye\n")`},
		{reason: api.PeerState_DISCONNECT_REASON_NOTIFICATION_RECEIVED, message: "notification-received code 6(cease) subcode 10(undefined)",
			want: "notification received: cease, BFD down"},
		{reason: api.PeerState_DISCONNECT_REASON_NOTIFICATION_SENT, message: "notification-sent code 6(cease) subcode 4(administrative reset)",
			want: "notification sent: cease, administrative reset"},
		{reason: api.PeerState_DISCONNECT_REASON_NOTIFICATION_SENT, message: "notification-sent code 2(open message error) subcode 2(bad peer as)",
			want: "notification sent: open message error, bad peer as"},
		{reason: api.PeerState_DISCONNECT_REASON_INVALID_MSG, want: refusedByNeighbour},
		{reason: api.PeerState_DISCONNECT_REASON_READ_FAILED, want: "connection lost"},
		{reason: api.PeerState_DISCONNECT_REASON_IDLE_TIMER_EXPIRED},
	} {
		got := disconnected(apiutil.PeerState{DisconnectReason: c.reason, DisconnectMessage: c.message}, c.log, c.graceful)
		if got != c.want {
			t.Errorf("%v: %q, want %q", c.reason, got, c.want)
		}
	}
}

func TestDialled(t *testing.T) {
	t.Parallel()
	s := &session{local: addr("192.0.2.1"), remote: addr("192.0.2.2")}
	for trouble, want := range map[string]string{
		"dial tcp: connect: connection refused": "192.0.2.2 refuses BGP connections", "connect: network is unreachable": "no route to neighbour 192.0.2.2",
		"connect: no route to host": "no route to neighbour 192.0.2.2: it does not answer on the link", "i/o timeout": "no answer from 192.0.2.2",
		"bind: cannot assign requested address": "192.0.2.1 is not an address of the interface",
	} {
		if got := s.dialled(trouble); got != want {
			t.Errorf("%s: %q", trouble, got)
		}
	}
}

func TestEar(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	patients, d := new(sync.Map), new(diagnosis)
	patients.Store("192.0.2.2", d)
	log := slog.New(ear{log: slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug})), patients: patients})
	of := log.With("Topic", "Peer", "Key", "192.0.2.2")
	of.Debug("failed to connect", "Error", "no way")
	of.Warn("hold timer expired")
	of.Info("received notification", "Communicated-Reason", "bye")
	log.Warn("failed to set md5", "Key", "192.0.2.2", "Err", "no memory")
	log.With("Key", "192.0.2.3").Warn("hold timer expired")
	if got, want := d.take(), (symptoms{dialling: "no way", holdExpired: true, communicated: "bye", keyless: true}); got != want {
		t.Errorf("heard %+v", got)
	}
	if d.read().holdExpired || strings.Count(out.String(), "BGP: hold timer expired") != 2 {
		t.Errorf("heard again, or not passed on: %s", out.String())
	}
	d.reset(true)
	of.Debug("failed to connect", "Error", "still no way")
	if d.read() != (symptoms{}) {
		t.Errorf("heard of a session that is up: %+v", d.read())
	}
}

func TestDigests(t *testing.T) {
	t.Parallel()
	d := newDigests(nil)
	d.file = filepath.Join(t.TempDir(), "netstat")
	count := func(notFound, failure string) bool {
		t.Helper()
		text := "TcpExt: SyncookiesSent TCPMD5NotFound TCPMD5Failure\nTcpExt: 7 " + notFound + " " + failure + "\nIpExt: TCPMD5Failure\nIpExt: 9\n"
		if err := os.WriteFile(d.file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return d.sample()
	}
	before := time.Now()
	if d.sample() || count("1", "5") || count("1", "5") || d.wrong(before) != "" {
		t.Error("a rise where there was none")
	}
	if !count("2", "5") || d.wrong(before) != "TCP segments without an MD5 digest arrive" {
		t.Errorf("without a digest: %q", d.wrong(before))
	}
	if !count("2", "6") || d.wrong(before) != "TCP segments with a wrong MD5 digest arrive" || d.wrong(time.Now()) != "" {
		t.Errorf("a wrong digest: %q", d.wrong(before))
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	for name, cfg := range map[string]Config{
		"no router ID": {Routes: newKernel()}, "IPv6": {RouterID: addr("::1"), Routes: newKernel()}, "no kernel": {RouterID: addr("10.0.0.1")},
	} {
		if _, err := Open(cfg); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	s, err := Open(Config{RouterID: addr("10.0.0.1"), Routes: newKernel()})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil || s.Close() != nil {
		t.Error(err)
	}
	if err := s.Apply(t.Context(), []VRF{{VRF: fabric.VRF{Name: "gw", LocalASN: 1}}}); err == nil {
		t.Error("applied after Close")
	}
}

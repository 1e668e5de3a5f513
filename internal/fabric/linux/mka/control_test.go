package mka

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// scripted is the control socket of a supplicant of which the test says what it answers; "" is silence.
type scripted struct {
	supplicant
	mu    sync.Mutex
	heard []string
}

func script(t *testing.T, answer func(command string) string) *scripted {
	t.Helper()
	s := &scripted{supplicant: supplicant{run: t.TempDir(), device: "p0", slot: 2}}
	path := s.control().path
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Net: "unixgram", Name: path})
	if err != nil {
		t.Fatal(err)
	}
	var done sync.WaitGroup
	done.Go(func() {
		command := make([]byte, 4096)
		for {
			n, from, err := conn.ReadFromUnix(command)
			if err != nil {
				return
			}
			s.mu.Lock()
			s.heard = append(s.heard, string(command[:n]))
			s.mu.Unlock()
			if text := answer(string(command[:n])); text != "" {
				_, _ = conn.WriteToUnix([]byte(text+"\n"), from)
			}
		}
	})
	t.Cleanup(func() { _ = conn.Close(); done.Wait() })
	return s
}

func (s *scripted) commands() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.heard
}

func TestControl(t *testing.T) {
	t.Parallel()
	s := script(t, func(command string) string {
		switch command {
		case "PING":
			return "PONG"
		case "SILENT":
			return ""
		case "SET_NETWORK 0 mka_cak 5ec4e7":
			return "FAIL"
		case "WHAT":
			return "UNKNOWN COMMAND"
		}
		return "OK"
	})
	ctx := t.Context()
	if err := s.ping(ctx); err != nil {
		t.Error(err)
	}
	if err := s.control().do(ctx, "RECONNECT"); err != nil {
		t.Error(err)
	}
	if err := s.control().do(ctx, "PING"); !errors.Is(err, errRefused) {
		t.Errorf("an answer that is not OK: %v", err)
	}
	if err := s.control().do(ctx, "WHAT"); !errors.Is(err, errRefused) {
		t.Errorf("an unknown command: %v", err)
	}
	err := s.control().do(ctx, "SET_NETWORK 0 mka_cak 5ec4e7")
	if !errors.Is(err, errRefused) || strings.Contains(err.Error(), "5ec4e7") || !strings.Contains(err.Error(), "SET_NETWORK 0 mka_cak:") {
		t.Errorf("a key that is refused: %v", err)
	}
	ended, end := context.WithCancel(ctx)
	end()
	if _, err := s.control().ask(ended, "SILENT"); !errors.Is(err, context.Canceled) {
		t.Errorf("a call that was given up: %v", err)
	}
	soon, end := context.WithTimeout(ctx, 50*time.Millisecond)
	defer end()
	if _, err := s.control().ask(soon, "SILENT"); err == nil {
		t.Error("silence is no error")
	}
	if _, err := s.control().ask(ctx, "SILENT"); !errors.Is(err, errSilent) {
		t.Errorf("silence: %v", err)
	}
	if err := (supplicant{run: t.TempDir(), device: "p9"}).ping(ctx); !errors.Is(err, errAbsent) {
		t.Errorf("nobody there: %v", err)
	}
}

func TestUses(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]string{`"` + keyLong.CKN + `"`: keyLong.CKN, "FAIL": ""} {
		s := script(t, func(command string) string {
			if command == "GET_NETWORK 0 id_str" {
				return answer
			}
			return "OK"
		})
		if ckn, err := s.uses(t.Context()); err != nil || ckn != want {
			t.Errorf("%s: %q %v, want %q", answer, ckn, err, want)
		}
	}
	if _, err := (supplicant{run: t.TempDir(), device: "p9"}).uses(t.Context()); !errors.Is(err, errAbsent) {
		t.Errorf("nobody there: %v", err)
	}
}

func TestUse(t *testing.T) {
	t.Parallel()
	s := script(t, func(command string) string {
		if command == "ADD_NETWORK" {
			return "0"
		}
		return "OK"
	})
	if err := s.use(t.Context(), keyShort); err != nil {
		t.Fatal(err)
	}
	want := []string{"AP_SCAN 0", "SET eapol_version 3", "ADD_NETWORK"}
	for _, setting := range []string{"key_mgmt NONE", "eapol_flags 0", "macsec_policy 1", "macsec_integ_only 0", "macsec_port 2", "macsec_replay_protect 1",
		"macsec_replay_window 64", "mka_priority 16", "mka_ckn " + keyShort.CKN, "mka_cak " + keyShort.CAK.Reveal(), `id_str "` + keyShort.CKN + `"`} {
		want = append(want, "SET_NETWORK 0 "+setting)
	}
	want = append(want, "SELECT_NETWORK 0")
	if diff := cmp.Diff(want, s.commands()); diff != "" {
		t.Error(diff)
	}
}

func TestParseReport(t *testing.T) {
	t.Parallel()
	const text = "bssid=01:80:c2:00:00:03\nid=0\nwpa_state=COMPLETED\naddress=32:B1:b1:65:af:2c\nPAE KaY status=Active\nAuthenticated=No\n" +
		"Secured=Yes\nFailed=No\nactor_sci=32:b1:b1:65:af:2c@1\nparticipant_idx=0\nckn=AA11\nmi=be99\nlive_peers=1\n"
	want := report{address: "32:b1:b1:65:af:2c", ckn: "aa11", secured: true}
	if got := parseReport(text); got != want {
		t.Errorf("%+v", got)
	}
	want = report{address: "32:b1:b1:65:af:2c"}
	if got := parseReport("wpa_state=INACTIVE\naddress=32:b1:b1:65:af:2c\n"); got != want {
		t.Errorf("without a participant: %+v", got)
	}
}

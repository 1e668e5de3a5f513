package mkatest

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"onramp/internal/fabric"
	"onramp/test/guest/lab"
)

// silent is the longest that a change of keys may be without an answer where the customer's end has one association at a
// time: three to six seconds were measured, nearly all of them the customer's own, and a busy machine adds to it.
const silent = 20 * time.Second

// beyond is how many times longer it may be, in the middle, with us at one end than between two supplicants that are told at
// the same moment. It was measured not to be longer: our end says hello with the new key all along.
const beyond = 3

// TestRolloverBeside measures whose the silence is when a customer changes the key: rollovers with us at one end, and beside
// them rollovers between two plain supplicants whose operators do it at the same moment, which is the least that a
// wpa_supplicant at the customer's end allows.
func TestRolloverBeside(t *testing.T) {
	t.Parallel()
	const times = 4
	w := newWorld(t, first, second)
	o := open(t, t.TempDir())
	defer o.end()
	o.apply(w.port)
	w.customerUses(first)
	o.secured(w.port.Name, first)
	var ours, beside []time.Duration
	for n := range times {
		key := []fabric.Key{second, first}[n%2]
		ours = append(ours, w.silence(func() { w.customerUses(key) }, func() { o.secured(w.port.Name, key) }))
	}

	v := newCable(t)
	plain(lab.Here(t), v.port.Device, v.port.MACsecDevice, v.ours)
	plain(v.customer, "c", "s", v.theirs)
	here := &supplicant{w: v, host: lab.Here(t), device: v.port.Device, control: filepath.Join(t.TempDir(), "wpa")}
	here.start()
	change := func(k fabric.Key) {
		here.use(k)
		v.customerUses(k)
	}
	secured := func() {
		lab.Eventually(t, func() string { return missing(here.cli("status")+v.cli("status"), "Secured=Yes") })
	}
	change(first)
	secured()
	reaches(v)
	for n := range times {
		key := []fabric.Key{second, first}[n%2]
		beside = append(beside, v.silence(func() { change(key) }, secured))
	}
	slices.Sort(ours)
	slices.Sort(beside)
	t.Logf("silence when a customer changes the key: %v; between two supplicants that do so at once: %v", rounded(ours), rounded(beside))
	if middle, other := ours[times/2], beside[times/2]; middle > silent && middle > beyond*other {
		t.Errorf("in the middle %v, beside %v", middle, other)
	}
}

func rounded(all []time.Duration) (short []string) {
	for _, d := range all {
		short = append(short, d.Round(50*time.Millisecond).String())
	}
	return short
}

// silence measures the longest time without an answer while something is changed, until it is done and pings are answered.
func (w *world) silence(change, done func()) time.Duration {
	w.t.Helper()
	reaches(w)
	pings := w.ping()
	answered(w.t, pings, 20)
	change()
	done()
	answered(w.t, pings, 20)
	return pings.Stop().Silence
}

func reaches(w *world) {
	w.t.Helper()
	lab.Eventually(w.t, func() string {
		out, err := w.customer.Try("ping", "-c", "1", "-W", "1", w.ours.String())
		if err != nil {
			return out
		}
		return ""
	})
}

// supplicant is a plain wpa_supplicant at our end of the cable.
type supplicant struct {
	w               *world
	host            *lab.Host
	device, control string
}

func (s *supplicant) start() {
	s.w.t.Helper()
	s.host.Start("wpa_supplicant", "-i", s.device, "-D", "macsec_linux", "-C", s.control)
	lab.Eventually(s.w.t, func() string { return missing(s.cli("ping"), "PONG") })
	s.cli("ap_scan", "0")
	s.cli("set", "eapol_version", "3")
}

// use makes a key the only one, as we do it: with the priority that makes our end the key server.
func (s *supplicant) use(k fabric.Key) {
	s.w.t.Helper()
	number := strings.TrimSpace(s.cli("add_network"))
	for _, setting := range []string{"key_mgmt NONE", "eapol_flags 0", "macsec_policy 1", "mka_priority 16", "mka_ckn " + k.CKN, "mka_cak " + k.CAK.Reveal()} {
		if out := s.cli(append([]string{"set_network", number}, strings.Fields(setting)...)...); !strings.HasPrefix(out, "OK") {
			s.w.t.Fatalf("set_network %s: %s", strings.Fields(setting)[0], out)
		}
	}
	if out := s.cli("select_network", number); !strings.HasPrefix(out, "OK") {
		s.w.t.Fatalf("select_network: %s", out)
	}
}

func (s *supplicant) cli(words ...string) string {
	out, _ := s.host.Try("wpa_cli", append([]string{"-p", s.control, "-i", s.device}, words...)...)
	return out
}

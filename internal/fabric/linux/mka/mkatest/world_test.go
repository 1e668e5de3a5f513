// Package mkatest proves package mka against wpa_supplicant at the far end of a cable, in a kernel that has MACsec. It
// holds tests only.
package mkatest

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"onramp/internal/fabric"
	"onramp/internal/fabric/linux/mka"
	"onramp/test/guest"
	"onramp/test/guest/lab"
)

// agentVariable makes the test binary an agent of its own, for the tests that end one by force: it does what the
// variable's value, an order, says until its standard input ends.
const agentVariable = "MKATEST_AGENT"

func TestMain(m *testing.M) {
	if text := os.Getenv(agentVariable); text != "" {
		if err := agent(text); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	// The tests wait for hellos most of the time: one processor serves several.
	if err := flag.Set("test.parallel", "4"); err != nil {
		panic(err)
	}
	guest.Main(m, guest.Options{Modules: []string{"8021q", "macsec", "veth", "bonding max_bonds=0"}})
}

// order is what an agent process is told.
type order struct {
	Dir   string
	Ports []wire
}

// wire is a port as an order says it: fabric.Secret does not marshal.
type wire struct {
	Device, Secy string
	Slots        [mka.Slots]string
	Keys         [][2]string // CKN, CAK
}

func agent(text string) error {
	var o order
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		return err
	}
	a, err := mka.Open(mka.Config{StateDir: o.Dir + "/state", RunDir: o.Dir + "/run"})
	if err != nil {
		return err
	}
	var ports []mka.Port
	for _, w := range o.Ports {
		p := mka.Port{Name: w.Device, Device: w.Device, MACsecDevice: w.Secy, SlotDevices: w.Slots, Mode: fabric.MACsecRequire}
		for _, k := range w.Keys {
			p.Keys = append(p.Keys, fabric.Key{CKN: k[0], CAK: fabric.Secret(k[1])})
		}
		ports = append(ports, p)
	}
	if err := a.Apply(context.Background(), ports); err != nil {
		return err
	}
	fmt.Println("applied")
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}

var (
	first  = fabric.Key{CKN: strings.Repeat("1a", 32), CAK: fabric.Secret(strings.Repeat("c1", 32))}
	second = fabric.Key{CKN: strings.Repeat("2b", 32), CAK: fabric.Secret(strings.Repeat("c2", 32))}
	third  = fabric.Key{CKN: strings.Repeat("3c", 32), CAK: fabric.Secret(strings.Repeat("c3", 32))}
)

// world is a port of ours in the guest's own namespace, a cable, and a customer with wpa_supplicant at its far end. VLAN 7
// rides on both ends' MACsec devices, with 10.0.N.1 and 10.0.N.2.
type world struct {
	t        *testing.T
	port     mka.Port
	customer *lab.Host
	cable    *lab.Cable
	ours     netip.Addr
	theirs   netip.Addr
	control  string
}

// newWorld has a customer of one wpa_supplicant and one MACsec device, "s".
func newWorld(t *testing.T, keys ...fabric.Key) *world {
	t.Helper()
	w := newOpen(t, keys...)
	plain(w.customer, "c", "s", w.theirs)
	return w
}

// newOpen is newWorld of which the customer has nothing but a port, "c".
func newOpen(t *testing.T, keys ...fabric.Key) *world {
	t.Helper()
	w := newCable(t, keys...)
	build(lab.Here(t), w.port.Device, w.port.MACsecDevice, w.ours)
	return w
}

// newCable is newOpen of which we have nothing but a port, either.
func newCable(t *testing.T, keys ...fabric.Key) *world {
	t.Helper()
	n := worlds.Add(1)
	w := &world{
		t: t, customer: lab.NewHost(t, fmt.Sprintf("customer%d", n)),
		port: mka.Port{Name: fmt.Sprintf("port %d", n), Device: fmt.Sprintf("p%d", n), MACsecDevice: fmt.Sprintf("s%d", n),
			SlotDevices: slotsOf(fmt.Sprintf("s%d", n)), Mode: fabric.MACsecRequire, Keys: keys},
		ours: netip.AddrFrom4([4]byte{10, 0, byte(n), 1}), theirs: netip.AddrFrom4([4]byte{10, 0, byte(n), 2}),
	}
	w.control = filepath.Join(w.customer.Dir, "wpa")
	w.cable = lab.NewCable(t, lab.End{Host: lab.Here(t), Device: w.port.Device}, lab.End{Host: w.customer, Device: "c"})
	// The ports themselves say nothing.
	w.customer.Sysctl("net.ipv6.conf.c.disable_ipv6", "1")
	if err := os.WriteFile("/proc/sys/net/ipv6/conf/"+w.port.Device+"/disable_ipv6", []byte("1"), 0); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if out, err := exec.Command("ip", "link", "del", w.port.Device).CombinedOutput(); err != nil {
			t.Errorf("ip link del %s: %v: %s", w.port.Device, err, out)
		}
	})
	return w
}

// build makes a port's MACsec devices as package linux does: one that VLAN 7 rides on, and one for each slot, which gives
// it what it takes.
func build(h *lab.Host, ether, secy string, address netip.Addr) {
	const like = "encrypt on protect on validate strict\n"
	var links, filters strings.Builder
	fmt.Fprintf(&links, "link set %s up\nlink add link %s name %s type macsec port %d "+like, ether, ether, secy, mka.Slots+1)
	for i, slot := range slotsOf(secy) {
		fmt.Fprintf(&links, "link add link %s name %s type macsec port %d "+like+"link set dev %s addrgenmode none\n", ether, slot, i+1, slot)
	}
	h.Batch("ip", links.String())
	ride(h, secy, address)
	for _, slot := range slotsOf(secy) {
		fmt.Fprintf(&filters, "qdisc add dev %s clsact\nfilter add dev %s ingress matchall action mirred ingress redirect dev %s\n", slot, slot, secy)
	}
	h.Batch("tc", filters.String())
}

// plain makes the one MACsec device of a port with one wpa_supplicant, and VLAN 7 on it.
func plain(h *lab.Host, ether, secy string, address netip.Addr) {
	h.Batch("ip", fmt.Sprintf("link set %s up\nlink add link %s name %s type macsec encrypt on protect on validate strict\n", ether, ether, secy))
	ride(h, secy, address)
}

func slotsOf(secy string) (devices [mka.Slots]string) {
	for i := range devices {
		devices[i] = fmt.Sprintf("%s.k%d", secy, i+1)
	}
	return devices
}

// ride puts VLAN 7 on a device.
func ride(h *lab.Host, secy string, address netip.Addr) {
	h.Batch("ip", fmt.Sprintf("link set %s up\nlink add link %s name %s.7 type vlan id 7 loose_binding on\naddr add %v/24 dev %s.7\nlink set %s.7 up\n",
		secy, secy, secy, address, secy, secy))
}

// worlds counts the worlds so far: tests run side by side in one kernel.
var worlds atomic.Int64

// customerUses starts the customer's wpa_supplicant if there is none, and has it use exactly this key.
func (w *world) customerUses(k fabric.Key) {
	w.t.Helper()
	if _, err := os.Stat(filepath.Join(w.control, "c")); err != nil {
		w.customer.Start("wpa_supplicant", "-i", "c", "-D", "macsec_linux", "-C", w.control)
		lab.Eventually(w.t, func() string { return missing(w.cli("ping"), "PONG") })
		w.cli("ap_scan", "0")
		w.cli("set", "eapol_version", "3")
	}
	number := strings.TrimSpace(w.cli("add_network"))
	for _, s := range []string{"key_mgmt NONE", "eapol_flags 0", "macsec_policy 1", "mka_ckn " + k.CKN, "mka_cak " + k.CAK.Reveal()} {
		if out := w.cli(append([]string{"set_network", number}, strings.Fields(s)...)...); !strings.HasPrefix(out, "OK") {
			w.t.Fatalf("customer: set_network %s: %s", strings.Fields(s)[0], out)
		}
	}
	if out := w.cli("select_network", number); !strings.HasPrefix(out, "OK") {
		w.t.Fatalf("customer: select_network: %s", out)
	}
}

func (w *world) cli(words ...string) string {
	out, _ := w.customer.Try("wpa_cli", append([]string{"-p", w.control, "-i", "c"}, words...)...)
	return out
}

func missing(text, want string) string {
	if strings.Contains(text, want) {
		return ""
	}
	return "no " + want + " in: " + text
}

// ping pings the customer from our side of the VLAN, 20 times a second.
func (w *world) ping() *lab.Pings {
	w.t.Helper()
	return w.customer.Ping(netip.Addr{}, w.ours, 50*time.Millisecond)
}

// journal is a log that tests can read.
type journal struct {
	mu   sync.Mutex
	text strings.Builder
}

func (j *journal) Write(b []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(b)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

// ours is an agreement on this machine's side.
type ours struct {
	*mka.Agreement
	t       *testing.T
	dir     string
	journal *journal
	changed *counter
}

type counter struct {
	mu sync.Mutex
	n  int
}

func (c *counter) add() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n++
}

func open(t *testing.T, dir string) *ours {
	t.Helper()
	o := &ours{t: t, dir: dir, journal: &journal{}, changed: &counter{}}
	var err error
	o.Agreement, err = mka.Open(mka.Config{
		StateDir: dir + "/state", RunDir: dir + "/run", Changed: o.changed.add,
		Log: slog.New(slog.NewTextHandler(o.journal, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(o.journal.String())
		}
	})
	return o
}

// end stops everything that o runs.
func (o *ours) end() {
	o.t.Helper()
	if err := o.Apply(o.t.Context(), nil); err != nil {
		o.t.Error(err)
	}
	if err := o.Close(); err != nil {
		o.t.Error(err)
	}
}

func (o *ours) apply(ports ...mka.Port) {
	o.t.Helper()
	lab.Eventually(o.t, func() string { // a supplicant on a busy machine answers late
		if err := o.Apply(o.t.Context(), ports); err != nil {
			return err.Error()
		}
		return ""
	})
}

func (o *ours) status(name string) mka.Status {
	o.t.Helper()
	seen, err := o.Observe()
	if err != nil {
		o.t.Fatal(err)
	}
	s, there := seen[name]
	if !there {
		o.t.Fatalf("no port %q in %v", name, seen)
	}
	return s
}

// secured waits until the port is secured with k, and answers how long that took.
func (o *ours) secured(name string, k fabric.Key) time.Duration {
	o.t.Helper()
	begun := time.Now()
	lab.Eventually(o.t, func() string {
		if s := o.status(name); !s.Secured || s.CKN != k.CKN {
			return fmt.Sprintf("%s: %+v, want it secured with %s", name, s, k.CKN)
		}
		return ""
	})
	return time.Since(begun)
}

// insecure waits until the port is not secured, for a reason that contains why.
func (o *ours) insecure(name, why string) time.Duration {
	o.t.Helper()
	begun := time.Now()
	lab.Eventually(o.t, func() string {
		if s := o.status(name); s.Secured || !strings.Contains(s.Reason, why) {
			return fmt.Sprintf("%s: %+v, want it not secured because %q", name, s, why)
		}
		return ""
	})
	return time.Since(begun)
}

// supplicant is the process that serves a device's slot.
func (o *ours) supplicant(device string, slot int) string {
	o.t.Helper()
	text, err := os.ReadFile(filepath.Join(o.dir, "run", "mka", fmt.Sprintf("%s.%d.pid", device, slot)))
	if err != nil {
		o.t.Fatal(err)
	}
	return strings.TrimSpace(string(text))
}

// start runs an agent process, in the namespace of host if there is one, until the test ends or it is killed.
func start(t *testing.T, host *lab.Host, o order) *exec.Cmd {
	t.Helper()
	text, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(binary)
	if host != nil {
		cmd = exec.Command("ip", "netns", "exec", host.Name, binary)
	}
	cmd.Env = append(os.Environ(), agentVariable+"="+string(text))
	if _, err := cmd.StdinPipe(); err != nil { // held open
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	said := make([]byte, 200)
	if n, err := out.Read(said); err != nil || string(said[:n]) != "applied\n" {
		t.Fatalf("agent: %v: %s", err, said[:n])
	}
	return cmd
}

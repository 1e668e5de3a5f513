// Package mka keeps MACsec key agreement (MKA, IEEE 802.1X clause 9) running on this machine's ports. The protocol is
// spoken by wpa_supplicant with its driver macsec_linux, one process per key, which outlives the agent: forwarding and
// rekeying go on while the agent is away, and the next agent takes the processes over. The package starts them, hands
// them keys over their control sockets, decides which of a port's keys is sent with, and reads back what is secured.
//
// A port has a slot for each key that it may know: a MACsec device with a secure channel of its own (SCI: the port's address
// and the number of the slot) and a supplicant of its own. All of them run at once. What they take is led to one more MACsec
// device, which has no keys, and on which everything rides; what that one sends is led to the slot whose keys were agreed
// last. Changing keys is then to agree on the second while the first still carries, and to lead what is sent from the one
// device to the other, by one filter more and one less. A far end that can do the same loses nothing.
//
// Under systemd the agent's unit needs KillMode=process, or the processes end with it.
//
// It does not make, move or delete network devices: those of a port are there beforehand and survive every association,
// with whatever rides on them. It knows no connections, LAGs or VLANs.
//
// wpa_supplicant 2.10 negotiates GCM-AES-128, for CAKs of 128 and 256 bits alike; choosing GCM-AES-256 needs 2.11, and its
// Linux driver has no XPN.
package mka

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"onramp/internal/fabric"
)

// Config is what an Agreement needs of its surroundings.
type Config struct {
	StateDir string       // survives a reboot; in its folder mka: which key has which slot of a device (names, never keys)
	RunDir   string       // survives the agent; in its folder mka: control sockets and process numbers; absolute, at most 80 bytes long
	Program  string       // wpa_supplicant; empty: the one in PATH or in /usr/sbin or /sbin
	Log      *slog.Logger // nil: discards
	Changed  func()       // something that Observe answers has changed; called without locks held; may be nil
}

// Slots is how many keys a port may know.
const Slots = 3

// Port is the MACsec of one port.
type Port struct {
	Name         string
	Device       string        // the Ethernet device that the cable is in
	MACsecDevice string        // a MACsec device on it that gets no keys: what rides on the port, rides on this
	SlotDevices  [Slots]string // MACsec devices on it with port identifiers 1, 2 and 3; what they take goes to MACsecDevice by tc
	Mode         string        // fabric.MACsecOff, fabric.MACsecPrefer or fabric.MACsecRequire
	Keys         []fabric.Key  // at most Slots, in any order, each CKN once; CKNs of 1 to 32 bytes, CAKs of 16 or 32 bytes, hexadecimal
}

// runs reports whether key agreement runs on the port at all.
func (p Port) runs() bool { return p.Mode != fabric.MACsecOff && len(p.Keys) > 0 }

// Status is the MACsec of one port as seen.
type Status struct {
	Secured bool          // frames are protected both ways: the peers agree, and the kernel has the keys of both directions
	CKN     string        // name of the key that what is sent is protected by, lower case; empty when not secured
	Held    [Slots]string // names of the keys that a supplicant has, or is to have again when the far end lets it, by slot; empty: none
	Reason  string        // why not secured, in words for an operator; empty when secured or off

	NotValid uint64 // frames that failed the integrity check since the association began (IEEE 802.1AE InPktsNotValid)
	Late     uint64 // frames that replay protection refused since then (InPktsLate)
}

// PortError is why key agreement does not run on a port as it should.
type PortError struct {
	Port string // its name
	Err  error
}

func (e *PortError) Error() string { return fmt.Sprintf("mka: port %s: %v", e.Port, e.Err) }
func (e *PortError) Unwrap() error { return e.Err }

// Agreement is the key agreement of all ports of this machine. It is safe for concurrent use.
type Agreement struct {
	cfg    Config
	kernel kernel

	mu    sync.Mutex // of Apply and Close
	ports map[string]*port
	off   []string // names of ports without key agreement
}

// Open prepares the directories and finds wpa_supplicant; it starts nothing and stops nothing.
func Open(cfg Config) (*Agreement, error) {
	if !filepath.IsAbs(cfg.RunDir) || len(cfg.RunDir) > 80 {
		return nil, fmt.Errorf("mka: run directory %q: want an absolute path of at most 80 bytes, as a socket's name goes below it", cfg.RunDir)
	}
	if strings.ContainsAny(cfg.RunDir, " \t\n") {
		return nil, fmt.Errorf("mka: run directory %q: wpa_supplicant takes no spaces in it", cfg.RunDir)
	}
	if cfg.StateDir == "" {
		return nil, errors.New("mka: no state directory")
	}
	cfg.RunDir, cfg.StateDir = filepath.Join(cfg.RunDir, "mka"), filepath.Join(cfg.StateDir, "mka") // others' files are not ours to remove
	for _, dir := range []string{cfg.RunDir, cfg.StateDir} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, fmt.Errorf("mka: %w", err)
		}
	}
	if cfg.Program == "" {
		cfg.Program = findProgram()
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Changed == nil {
		cfg.Changed = func() {}
	}
	return &Agreement{cfg: cfg, ports: map[string]*port{}}, nil
}

// Apply makes key agreement run on ports as they say, and on no others of ours: processes that an earlier agent left
// behind are taken over or stopped. It answers once every supplicant has its keys; whether the far end agrees shows in
// Observe. Ports that contradict themselves or each other are refused with an error wrapping fabric.ErrInvalid that
// changes nothing. Errors of single ports are joined, each a *PortError; the others are applied, and those are tried again
// in the background.
func (a *Agreement) Apply(ctx context.Context, ports []Port) error {
	ports = slices.Clone(ports)
	for i := range ports {
		ports[i].Keys = normal(ports[i].Keys)
	}
	if err := check(ports); err != nil {
		return err
	}
	a.mu.Lock()
	defer a.mu.Unlock()

	wanted := map[string]bool{} // by device
	var off []string
	for _, p := range ports {
		if p.runs() {
			wanted[p.Device] = true
		} else {
			off = append(off, p.Name)
		}
	}
	failed := a.retire(ctx, wanted)

	var each errgroup.Group
	each.SetLimit(8)
	errs := make([]error, len(ports))
	for i, want := range ports {
		if !want.runs() {
			continue
		}
		p, there := a.ports[want.Device]
		if !there {
			p = newPort(a, want.Device)
			a.ports[want.Device] = p
		}
		each.Go(func() error {
			if err := p.apply(ctx, want); err != nil {
				errs[i] = &PortError{want.Name, err}
			}
			return nil
		})
	}
	_ = each.Wait() // errors are in errs
	a.off = off
	return errors.Join(append(errs, failed)...)
}

// retire ends key agreement on every device of ours that is not wanted any more, those of earlier agents included.
func (a *Agreement) retire(ctx context.Context, wanted map[string]bool) error {
	var errs []error
	for device, p := range maps.Clone(a.ports) {
		if !wanted[device] {
			errs = append(errs, p.retire(ctx))
			delete(a.ports, device)
		}
	}
	left, err := filepath.Glob(filepath.Join(a.cfg.RunDir, "*"+pidSuffix))
	if err != nil {
		errs = append(errs, err)
	}
	for _, file := range left {
		device, number, _ := cutLast(strings.TrimSuffix(filepath.Base(file), pidSuffix), ".")
		if n, err := strconv.Atoi(number); err == nil && !wanted[device] {
			errs = append(errs, a.supplicant(device, n).stop(ctx))
		}
	}
	kept, err := filepath.Glob(filepath.Join(a.cfg.StateDir, "*"+slotsSuffix))
	errs = append(errs, err)
	for _, file := range kept {
		if device := strings.TrimSuffix(filepath.Base(file), slotsSuffix); !wanted[device] {
			errs = append(errs, newPort(a, device).forgetAll())
		}
	}
	return errors.Join(errs...)
}

// Observe answers what is secured, by port name: every port of the last Apply. It asks nobody; the answer is at most
// a quarter of a second old.
func (a *Agreement) Observe() (map[string]Status, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	seen := make(map[string]Status, len(a.ports)+len(a.off))
	for _, p := range a.ports {
		name, s := p.seen()
		seen[name] = s
	}
	for _, name := range a.off {
		seen[name] = Status{}
	}
	return seen, nil
}

// Close lets go of the supplicants and leaves them running, so that what is secured stays so. No call may follow it.
func (a *Agreement) Close() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, p := range a.ports {
		p.close()
	}
	a.ports = nil
	return nil
}

func (a *Agreement) supplicant(device string, slot int) supplicant {
	return supplicant{program: a.cfg.Program, run: a.cfg.RunDir, device: device, slot: slot}
}

// cutLast is strings.Cut at the last separator.
func cutLast(text, separator string) (before, after string, found bool) {
	if i := strings.LastIndex(text, separator); i >= 0 {
		return text[:i], text[i+len(separator):], true
	}
	return text, "", false
}

// normal answers keys in lower case and sorted by CKN.
func normal(keys []fabric.Key) []fabric.Key {
	keys = slices.Clone(keys)
	for i, k := range keys {
		keys[i] = fabric.Key{CKN: strings.ToLower(k.CKN), CAK: fabric.Secret(strings.ToLower(k.CAK.Reveal()))}
	}
	slices.SortFunc(keys, func(a, b fabric.Key) int { return strings.Compare(a.CKN, b.CKN) })
	return keys
}

func check(ports []Port) error {
	names, devices := map[string]bool{}, map[string]bool{}
	for _, p := range ports {
		refuse := func(format string, args ...any) error {
			return fmt.Errorf("%w: MACsec of port %s: %s", fabric.ErrInvalid, p.Name, fmt.Sprintf(format, args...))
		}
		switch {
		case p.Name == "" || names[p.Name]:
			return refuse("ports without a name, or twice")
		case p.Mode != fabric.MACsecOff && p.Mode != fabric.MACsecPrefer && p.Mode != fabric.MACsecRequire:
			return refuse("mode %q", p.Mode)
		}
		names[p.Name] = true
		if len(p.Keys) > Slots {
			return refuse("%d keys, and room for %d", len(p.Keys), Slots)
		}
		for i, k := range p.Keys {
			ckn, err := hex.DecodeString(k.CKN)
			if err != nil || len(ckn) < 1 || len(ckn) > 32 {
				return refuse("CKN %q: want 1 to 32 bytes in hexadecimal", k.CKN)
			}
			if i > 0 && p.Keys[i-1].CKN == k.CKN {
				return refuse("CKN %s is there twice", k.CKN)
			}
			if cak, err := hex.DecodeString(k.CAK.Reveal()); err != nil || len(cak) != 16 && len(cak) != 32 {
				return refuse("the CAK of CKN %s: want 16 or 32 bytes in hexadecimal", k.CKN)
			}
		}
		if !p.runs() {
			continue
		}
		switch {
		case !p.devicesDiffer():
			return refuse("devices %q, %q and %q", p.Device, p.MACsecDevice, p.SlotDevices)
		case devices[p.Device]:
			return refuse("device %s belongs to another port already", p.Device)
		}
		devices[p.Device] = true
	}
	return nil
}

// devicesDiffer reports whether the port names a device for each purpose.
func (p Port) devicesDiffer() bool {
	seen := map[string]bool{}
	for _, name := range append(p.SlotDevices[:], p.Device, p.MACsecDevice) {
		if !deviceName(name) || seen[name] {
			return false
		}
		seen[name] = true
	}
	return true
}

// deviceName reports whether name could be a network device's: the kernel's own rule, and none that would lead out of
// the run directory or be read as an option.
func deviceName(name string) bool {
	return name != "" && len(name) <= 15 && name != "." && name != ".." && name[0] != '-' && !strings.ContainsAny(name, "/: \t\n\x00")
}

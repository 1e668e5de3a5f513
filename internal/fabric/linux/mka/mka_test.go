package mka

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"onramp/internal/fabric"
)

func TestRefusals(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	a, err := Open(Config{StateDir: filepath.Join(dir, "state"), RunDir: filepath.Join(dir, "run"), Program: "/nonexistent"})
	if err != nil {
		t.Fatal(err)
	}
	good := func(change func(*Port)) Port {
		p := Port{Name: "port", Device: "p0", MACsecDevice: "s0", SlotDevices: [Slots]string{"s1", "s2", "s3"}, Mode: fabric.MACsecRequire, Keys: []fabric.Key{keyLong}}
		change(&p)
		return p
	}
	none := func(*Port) {}
	for name, ports := range map[string][]Port{
		"no name":          {good(func(p *Port) { p.Name = "" })},
		"no such mode":     {good(func(p *Port) { p.Mode = "must" })},
		"one name twice":   {good(none), good(func(p *Port) { p.Device = "p1" })},
		"one device twice": {good(none), good(func(p *Port) { p.Name = "other" })},
		"no device":        {good(func(p *Port) { p.Device = "" })},
		"a path":           {good(func(p *Port) { p.Device = "../p0" })},
		"an option":        {good(func(p *Port) { p.Device = "-p0" })},
		"no MACsec device": {good(func(p *Port) { p.MACsecDevice = "" })},
		"no slot's device": {good(func(p *Port) { p.SlotDevices[2] = "" })},
		"two slots in one": {good(func(p *Port) { p.SlotDevices[2] = p.SlotDevices[0] })},
		"four keys": {good(func(p *Port) {
			p.Keys = []fabric.Key{keyLong, keyShort, {CKN: "03", CAK: keyLong.CAK}, {CKN: "04", CAK: keyLong.CAK}}
		})},
		"no CKN":            {good(func(p *Port) { p.Keys = []fabric.Key{{CAK: keyLong.CAK}} })},
		"a CKN of 33 bytes": {good(func(p *Port) { p.Keys = []fabric.Key{{CKN: strings.Repeat("1a", 33), CAK: keyLong.CAK}} })},
		"CKN not hex":       {good(func(p *Port) { p.Keys = []fabric.Key{{CKN: "zz", CAK: keyLong.CAK}} })},
		"one CKN twice": {good(func(p *Port) {
			p.Keys = []fabric.Key{keyLong, keyShort, {CKN: strings.ToUpper(keyLong.CKN), CAK: keyShort.CAK}}
		})},
		"a CAK of 17 bytes": {good(func(p *Port) { p.Keys = []fabric.Key{{CKN: "1a", CAK: "000102030405060708090a0b0c0d0e0f10"}} })},
		"CAK not hex":       {good(func(p *Port) { p.Keys = []fabric.Key{{CKN: "1a", CAK: "g00102030405060708090a0b0c0d0e0f"}} })},
	} {
		err := a.Apply(t.Context(), ports)
		if !errors.Is(err, fabric.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
		for _, k := range ports[0].Keys {
			if err != nil && k.CAK != "" && strings.Contains(err.Error(), k.CAK.Reveal()) {
				t.Errorf("%s: the error tells the key", name)
			}
		}
	}
	if seen, err := a.Observe(); err != nil || len(seen) > 0 {
		t.Errorf("what was refused is there: %v %v", seen, err)
	}
	off := good(func(p *Port) {
		p.Mode, p.Device, p.MACsecDevice, p.SlotDevices = fabric.MACsecOff, "", "", [Slots]string{}
	})
	if err := a.Apply(t.Context(), []Port{off}); err != nil {
		t.Errorf("off needs no devices: %v", err)
	}
	if seen, err := a.Observe(); err != nil || len(seen) != 1 || seen["port"] != (Status{}) {
		t.Errorf("off: %v %v", seen, err)
	}
	if err := a.Close(); err != nil {
		t.Error(err)
	}
}

func TestOpen(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, c := range []Config{
		{StateDir: dir, RunDir: "run"},
		{StateDir: dir, RunDir: "/" + strings.Repeat("r", 80)},
		{StateDir: dir, RunDir: dir + "/a b"},
		{RunDir: dir},
	} {
		if _, err := Open(c); err == nil {
			t.Errorf("opened with %+v", c)
		}
	}
	run := filepath.Join(dir, "run")
	if _, err := Open(Config{StateDir: dir, RunDir: run}); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(filepath.Join(run, "mka")); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("others may look into the run directory: %v %v", info, err)
	}
}

// TestProcess: a number in a file that a killed supplicant left may be anybody's by now.
func TestProcess(t *testing.T) {
	t.Parallel()
	s := supplicant{run: t.TempDir(), device: "p0", slot: 1}
	if pid := s.process(); pid != 0 {
		t.Errorf("without a file: %d", pid)
	}
	for _, text := range []string{fmt.Sprint(os.Getpid()), "1", "-1", "0", "none", ""} {
		if err := os.WriteFile(s.pidFile(), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if pid := s.process(); pid != 0 {
			t.Errorf("%q: would end process %d", text, pid)
		}
	}
	if err := s.stop(t.Context()); err != nil {
		t.Errorf("nothing to stop: %v", err)
	}
	if _, err := os.Stat(s.pidFile()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the file is left: %v", err)
	}
}

// TestSlotsForgotten: what an earlier process kept of a port goes with the port, and what it kept of others stays.
func TestSlotsForgotten(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	a, err := Open(Config{StateDir: dir, RunDir: filepath.Join(dir, "run"), Program: "/nonexistent"})
	if err != nil {
		t.Fatal(err)
	}
	for _, device := range []string{"p0", "p1"} {
		newPort(a, device).remember([Slots]string{"1a"})
	}
	if err := a.retire(t.Context(), map[string]bool{"p1": true}); err != nil {
		t.Fatal(err)
	}
	if had := newPort(a, "p0").recall(); had != [Slots]string{} {
		t.Errorf("of a port that is gone: %q", had)
	}
	if had := newPort(a, "p1").recall(); had != [Slots]string{"1a"} {
		t.Errorf("of one that is not: %q", had)
	}
}

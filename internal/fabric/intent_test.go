package fabric

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
)

const cak = Secret("c0ffee00c0ffee00")

func intent() Intent {
	return Intent{
		Ports: []Port{
			{Name: "a", Enabled: true, SpeedMbps: 1000, Bundle: "x"},
			{Name: "b", Enabled: true, SpeedMbps: 1000, MACsec: &MACsec{Mode: MACsecPrefer, Keys: []Key{{CKN: "1", CAK: cak}, {CKN: "2", CAK: cak}}}},
		},
		Bundles: []Bundle{{Name: "x", MinLinks: 1}},
	}
}

// changes are every single difference that two intents can have.
var changes = map[string]func(*Intent){
	"name":        func(in *Intent) { in.Ports[1].Name = "c" },
	"enabled":     func(in *Intent) { in.Ports[0].Enabled = false },
	"speed":       func(in *Intent) { in.Ports[0].SpeedMbps = 10_000 },
	"bundle":      func(in *Intent) { in.Ports[0].Bundle = "" },
	"description": func(in *Intent) { in.Ports[0].Description = "x" },
	"no MACsec":   func(in *Intent) { in.Ports[1].MACsec = nil },
	"mode":        func(in *Intent) { in.Ports[1].MACsec.Mode = MACsecRequire },
	"CKN":         func(in *Intent) { in.Ports[1].MACsec.Keys[1].CKN = "3" },
	"CAK":         func(in *Intent) { in.Ports[1].MACsec.Keys[1].CAK = "c0" },
	"fewer keys":  func(in *Intent) { in.Ports[1].MACsec.Keys = in.Ports[1].MACsec.Keys[:1] },
	"fewer ports": func(in *Intent) { in.Ports = in.Ports[:1] },
	"min links":   func(in *Intent) { in.Bundles[0].MinLinks = 2 },
	"bundle name": func(in *Intent) { in.Bundles[0].Name = "y" },
	"no bundle":   func(in *Intent) { in.Bundles = nil },
}

func TestFingerprint(t *testing.T) {
	t.Parallel()
	seen := map[Fingerprint]string{intent().Fingerprint(): "unchanged"}
	for name, change := range changes {
		in := intent()
		original := in.Clone()
		change(&in)
		if original.Fingerprint() != intent().Fingerprint() {
			t.Errorf("%s: the clone has changed too", name)
		}
		if other, twice := seen[in.Fingerprint()]; twice {
			t.Errorf("%s has the fingerprint of %s", name, other)
		}
		seen[in.Fingerprint()] = name
	}
	if (Intent{}).Fingerprint() != (Intent{Ports: []Port{}, Bundles: []Bundle{}}).Fingerprint() {
		t.Error("absent and empty lists differ")
	}
}

func TestDrift(t *testing.T) {
	t.Parallel()
	seen := func() Observed {
		return Observed{
			Ports:   map[string]PortStatus{"a": {Enabled: true, Bundle: "x"}, "b": {Enabled: true, CKNs: []string{"1", "2"}}, "c": {}},
			Bundles: map[string]BundleStatus{"x": {}},
		}
	}
	if drift := seen().Drift(intent()); drift != nil {
		t.Errorf("drift of a router that follows: %v", drift)
	}
	for name, c := range map[string]struct {
		change func(Observed)
		want   []string
	}{
		"gone":         {func(o Observed) { delete(o.Ports, "a") }, []string{"a"}},
		"off":          {func(o Observed) { o.Ports["a"] = PortStatus{Bundle: "x"} }, []string{"a"}},
		"wrong bundle": {func(o Observed) { o.Ports["a"] = PortStatus{Enabled: true} }, []string{"a"}},
		"key missing":  {func(o Observed) { o.Ports["b"] = PortStatus{Enabled: true, CKNs: []string{"1"}} }, []string{"b"}},
		"on":           {func(o Observed) { o.Ports["c"] = PortStatus{Enabled: true} }, []string{"c"}},
		"no bundle":    {func(o Observed) { delete(o.Bundles, "x") }, []string{"x"}},
		"bundle":       {func(o Observed) { o.Bundles["y"] = BundleStatus{} }, []string{"y"}},
	} {
		o := seen()
		c.change(o)
		if got := o.Drift(intent()); !slices.Equal(got, c.want) {
			t.Errorf("%s: drift %v, want %v", name, got, c.want)
		}
	}
}

func TestSecretIsHidden(t *testing.T) {
	t.Parallel()
	in := routed()
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t"} {
		fmt.Fprintf(&out, verb+verb+verb+"\n", cak, in.Ports[1].MACsec, in)
	}
	if err := json.NewEncoder(&out).Encode(in); err != nil {
		t.Fatal(err)
	}
	for _, h := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
		slog.New(h).Info("applied", "intent", in, "keys", in.Ports[1].MACsec, "cak", cak, "neighbor", in.Interfaces[0].Neighbors[0])
	}
	text := strings.ToLower(out.String())
	for _, key := range []Secret{cak, bgpKey} {
		if strings.Contains(text, key.Reveal()) || strings.Contains(text, fmt.Sprintf("%x", key.Reveal())) {
			t.Error("a key is shown")
		}
	}
	if !strings.Contains(text, hidden) {
		t.Error("nothing was printed")
	}
	if cak.Reveal() != "c0ffee00c0ffee00" {
		t.Error("Reveal does not give the key")
	}
}

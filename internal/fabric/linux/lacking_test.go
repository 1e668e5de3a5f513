package linux

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"onramp/internal/fabric"
	"onramp/internal/fabric/linux/mka"
	"onramp/internal/fabric/linux/speaker"
)

// TestLacking: what single ports and VRFs lack keeps nobody from the rest, and anything else does.
func TestLacking(t *testing.T) {
	t.Parallel()
	key := &mka.PortError{Port: "et0", Err: errors.New("no wpa_supplicant")}
	vrf := &speaker.VRFError{VRF: "a", Err: fmt.Errorf("%w: an address twice", fabric.ErrInvalid)}
	missing, other := errors.New("there is no device et1"), errors.New("no netlink")
	for name, c := range map[string]struct {
		missing, err error
		part         bool
	}{
		"a device":        {missing, nil, true},
		"a key":           {nil, errors.Join(nil, errors.Join(key)), true},
		"all of it":       {missing, errors.Join(errors.Join(key), errors.Join(vrf, vrf)), true},
		"something else":  {missing, errors.Join(errors.Join(key), other), false},
		"within a part":   {nil, errors.Join(errors.Join(vrf, other)), false},
		"the time is out": {missing, errors.Join(key, context.DeadlineExceeded), false},
	} {
		err := lacking(c.missing, c.err)
		if errors.Is(err, fabric.ErrIncomplete) != c.part || errors.Is(err, fabric.ErrInvalid) && c.part {
			t.Errorf("%s: error %v", name, err)
		}
		for _, said := range []error{c.missing, c.err} {
			if said != nil && !strings.Contains(err.Error(), said.Error()) {
				t.Errorf("%s: %q is not said by %q", name, said, err)
			}
		}
	}
	if err := lacking(nil, errors.Join(nil, nil)); err != nil {
		t.Error(err)
	}
}

// TestUnserved names the interfaces whose sessions are not as they should be.
func TestUnserved(t *testing.T) {
	t.Parallel()
	var vrfs []speaker.VRF
	for _, name := range []string{"a", "b"} {
		v := speaker.VRF{VRF: fabric.VRF{Name: name}}
		for _, f := range []string{"1", "2"} {
			v.Interfaces = append(v.Interfaces, speaker.Interface{Interface: fabric.Interface{Name: name + f}})
		}
		vrfs = append(vrfs, v)
	}
	whole := &speaker.VRFError{VRF: "a", Whole: true}
	part := &speaker.VRFError{VRF: "b", Interfaces: []string{"b2"}}
	for _, c := range []struct {
		err  error
		want []string
	}{{nil, nil}, {errors.Join(whole), []string{"a1", "a2"}}, {errors.Join(part), []string{"b2"}}, {errors.Join(part, whole), []string{"a1", "a2", "b2"}}} {
		if got := slices.Sorted(maps.Keys(unserved(vrfs, c.err))); !slices.Equal(got, c.want) {
			t.Errorf("%v: %v, want %v", c.err, got, c.want)
		}
	}
}

// TestInstalled: a key that no supplicant has is not installed, unless none is to have it.
func TestInstalled(t *testing.T) {
	t.Parallel()
	w := witness{keys: map[string]mka.Status{"et0": {Held: [mka.Slots]string{1: "2b"}}}}
	keys := []fabric.Key{{CKN: "1a"}, {CKN: "2B"}}
	for mode, want := range map[string][]string{fabric.MACsecRequire: {"2B"}, fabric.MACsecPrefer: {"2B"}, fabric.MACsecOff: {"1a", "2B"}} {
		if got := w.installed(fabric.Port{Name: "et0", MACsec: &fabric.MACsec{Mode: mode, Keys: keys}}); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", mode, got, want)
		}
	}
	if got := w.installed(fabric.Port{Name: "et1", MACsec: &fabric.MACsec{Mode: fabric.MACsecRequire, Keys: keys}}); got != nil {
		t.Errorf("of a port without agreement: %v", got)
	}
}

package linuxtest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"onramp/internal/fabric"
	"onramp/test/guest/lab"
)

// TestLacksAKey has one port whose supplicant cannot start: its keys are not installed, and the next port is not concerned.
func TestLacksAKey(t *testing.T) {
	b := newBench(t, 2)
	in := fabric.Intent{Ports: []fabric.Port{secure(0, "", fabric.MACsecRequire), secure(1, "", fabric.MACsecRequire)}}
	obstacle := filepath.Join(b.here.Dir, "run", "mka", "ctrl", "1", "et0") // where its control socket would be
	if err := os.MkdirAll(filepath.Join(obstacle, "full"), 0o700); err != nil {
		t.Fatal(err)
	}
	err := b.driver.Apply(t.Context(), "r1", in)
	if !errors.Is(err, fabric.ErrIncomplete) || !strings.Contains(err.Error(), "port et0") || strings.Contains(err.Error(), "port et1") {
		t.Errorf("error %v is none of ErrIncomplete that says et0 alone", err)
	}
	o := b.observe()
	if drift := o.Drift(in); !slices.Equal(drift, []string{"et0"}) || len(o.Ports["et0"].CKNs) > 0 || !slices.Equal(o.Ports["et1"].CKNs, []string{ckn}) {
		t.Errorf("drift %v; seen %+v", drift, o.Ports)
	}
	if err := os.RemoveAll(obstacle); err != nil {
		t.Fatal(err)
	}
	lab.Eventually(t, func() string { return strings.Join(b.observe().Drift(in), " ") })
}

// TestLacksAVRF has one VRF in which somebody else has the port of BGP: its interface is not as it should be, and that of the
// next VRF is.
func TestLacksAVRF(t *testing.T) {
	b := newBench(t, 2)
	in := fabric.Intent{Ports: []fabric.Port{port(0, ""), port(1, "")},
		VRFs: []fabric.VRF{{Name: "a", LocalASN: 64512}, {Name: "b", LocalASN: 64512}}}
	for i, vrf := range []string{"a", "b"} {
		in.Interfaces = append(in.Interfaces, fabric.Interface{Name: "dxvif-" + vrf, Link: fmt.Sprint("et", i), VLAN: 100, MTU: 1500, VRF: vrf,
			Neighbors: []fabric.Neighbor{neighbor("169.254.0.1/30", "169.254.0.2")}})
	}
	b.apply(in)
	if err := b.driver.Close(); err != nil {
		t.Fatal(err)
	}
	var device string
	for _, line := range strings.Split(b.here.IP("-o link show dev dxvif-a"), " ") {
		if strings.HasPrefix(line, "dxr-") {
			device = line
		}
	}
	taken, err := (&net.ListenConfig{Control: func(_, _ string, c syscall.RawConn) (failed error) {
		err := c.Control(func(fd uintptr) { failed = syscall.BindToDevice(int(fd), device) })
		return errors.Join(failed, err)
	}}).Listen(context.WithoutCancel(t.Context()), "tcp4", ":179")
	if err != nil {
		t.Fatalf("VRF device %q: %v", device, err)
	}
	b.driver = b.open()
	err = b.driver.Apply(t.Context(), "r1", in)
	if !errors.Is(err, fabric.ErrIncomplete) || !strings.Contains(err.Error(), "VRF a") || strings.Contains(err.Error(), "VRF b") {
		t.Errorf("error %v is none of ErrIncomplete that says a alone", err)
	}
	if o := b.observe(); !slices.Equal(o.Drift(in), []string{"dxvif-a"}) || o.Interfaces["dxvif-a"].Configured {
		t.Errorf("drift %v; seen %+v", o.Drift(in), o.Interfaces)
	}
	if err := taken.Close(); err != nil {
		t.Fatal(err)
	}
	b.apply(in)
	if o := b.observe(); len(o.Drift(in)) > 0 {
		t.Errorf("drift %v", o.Drift(in))
	}
}

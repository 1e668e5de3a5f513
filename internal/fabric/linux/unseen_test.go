package linux

import (
	"errors"
	"testing"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"onramp/internal/fabric"
)

// TestKeysUnseen: while the kernel does not say which devices have keys, those that follow their keys stay as they are.
func TestKeysUnseen(t *testing.T) {
	t.Parallel()
	in := full()
	secured, name := in.Ports[3].Name, deviceName(kindMACsec, macsecLabel(in.Ports[3].Name))
	for _, up := range []bool{true, false} {
		trouble := errors.New("dump interrupted")
		d := &Driver{keyed: func() (map[int]bool, error) { return nil, trouble }}
		s := snapshot{world: bare(), links: map[string]netlink.Link{
			secured: &netlink.Dummy{LinkAttrs: netlink.LinkAttrs{RawFlags: unix.IFF_UP | unix.IFF_LOWER_UP}}}}
		s.Devices[name] = device{Kind: kindMACsec, Name: name, Label: macsecLabel(secured), Up: up}
		state, err := d.state(in, &s)
		if !errors.Is(err, trouble) {
			t.Fatalf("error %v", err)
		}
		if in.Ports[3].MACsec.Mode != fabric.MACsecRequire {
			t.Fatal("the port need not encrypt")
		}
		want, _ := draw(in, s.world, nil, state)
		if v, there := want.Devices[name]; !there || v.Up != up {
			t.Errorf("up %v: %+v", up, v)
		}
	}
}

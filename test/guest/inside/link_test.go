package inside

import (
	"net"
	"net/netip"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/vishvananda/netlink"

	"onramp/test/guest"
)

// ip runs iproute2 and fails the test if it fails.
func ip(t *testing.T, arguments string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "ip", strings.Fields(arguments)...).CombinedOutput()
	if err != nil {
		t.Fatalf("ip %s: %v\n%s", arguments, err, out)
	}
	return string(out)
}

func kind(t *testing.T, name string) string {
	t.Helper()
	link, err := netlink.LinkByName(name)
	if err != nil {
		t.Fatal(err)
	}
	return link.Type()
}

func TestLinks(t *testing.T) {
	ip(t, "link add port0 type veth peer name far0")
	ip(t, "link add port1 type veth peer name far1")
	ip(t, "link add bond0 type bond mode 802.3ad miimon 100 lacp_rate fast")
	ip(t, "link set port1 master bond0")
	ip(t, "link add link bond0 name bond0.7 type vlan id 7")
	ip(t, "link add link bond0.7 name inner type vlan id 8")
	ip(t, "link add vrf0 type vrf table 100")
	ip(t, "link set inner master vrf0")
	ip(t, "link add link port0 name port0.s type macsec cipher gcm-aes-256 encrypt on")
	ip(t, "link add gre1 type gre local 192.0.2.1 remote 192.0.2.2 key 7")
	for name, want := range map[string]string{
		"bond0": "bond", "bond0.7": "vlan", "inner": "vlan", "vrf0": "vrf", "port0.s": "macsec", "port0": "veth", "gre1": "gre",
	} {
		if got := kind(t, name); got != want {
			t.Errorf("%s is a %s, want %s", name, got, want)
		}
	}
	out, err := exec.CommandContext(t.Context(), "tc", "qdisc", "add", "dev", "port0", "root", "tbf", "rate", "100mbit", "burst", "64k", "latency", "50ms").CombinedOutput()
	if err != nil {
		t.Errorf("a queueing discipline whose module nobody named: %v\n%s", err, out)
	}
}

func TestNamespaces(t *testing.T) {
	ip(t, "netns add customer")
	ip(t, "link add near type veth peer name far netns customer")
	ip(t, "addr add 192.0.2.1/30 dev near")
	ip(t, "link set near up")
	ip(t, "-n customer addr add 192.0.2.2/30 dev far")
	ip(t, "-n customer link set far up")
	if out, err := exec.CommandContext(t.Context(), "ping", "-c", "1", "-W", "5", "192.0.2.2").CombinedOutput(); err != nil {
		t.Errorf("ping: %v\n%s", err, out)
	}
}

func TestLoopback(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:179")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if got := netip.MustParseAddrPort(l.Addr().String()).Port(); got != 179 {
		t.Errorf("port %d", got)
	}
}

func TestFolders(t *testing.T) {
	for _, folder := range []string{"/run", "/tmp", "/var/tmp", t.TempDir()} {
		f, err := os.CreateTemp(folder, "")
		if err != nil {
			t.Error(err)
			continue
		}
		f.Close()
	}
	if !strings.HasPrefix(t.TempDir(), "/tmp/") {
		t.Errorf("the test's folder is %s", t.TempDir())
	}
	if _, err := os.Stat("link_test.go"); err != nil {
		t.Error(err)
	}
	self, err := os.Executable()
	if err == nil {
		_, err = os.Stat(self)
	}
	if err != nil {
		t.Errorf("the test binary: %v", err)
	}
}

func TestProgram(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), guest.Program(t, "cmd/test2json"), "echo", "hello").CombinedOutput()
	if err != nil || !strings.Contains(string(out), "hello") {
		t.Errorf("%v\n%s", err, out)
	}
}

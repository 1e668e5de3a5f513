package routerconfig

import (
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"onramp/test/need"
)

// host is a machine of its own for routing daemons: a network namespace, a process namespace, so that all that runs in it
// ends with it, and a mount namespace, so that what FRR leaves in /var/tmp ends with it, too.
type host struct {
	pid int
	dir string
	log *os.File
}

func newHost(t *testing.T) *host {
	t.Helper()
	dir, err := os.MkdirTemp("", "routerconfig") // t.TempDir is closed to others, and FRR's daemons run as a user of their own
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	h := &host{dir: dir}
	log, err := os.Create(filepath.Join(h.dir, "log"))
	if err != nil {
		t.Fatal(err)
	}
	h.log = log
	// The first process of the namespaces ends when its input does: with the test, however that ends.
	first := exec.Command(need.Program(t, "cat"))
	first.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET | syscall.CLONE_NEWPID | syscall.CLONE_NEWNS}
	input, err := first.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := first.Start(); err != nil {
		need.Missing(t, fmt.Sprintf("network namespaces, which take root and the right to make them: %v", err))
	}
	h.pid = first.Process.Pid
	t.Cleanup(func() {
		_ = input.Close()
		_ = first.Wait()
		if t.Failed() {
			said, _ := os.ReadFile(log.Name())
			t.Logf("daemons said:\n%s", said)
		}
		_ = log.Close()
	})
	h.run(t, "mount", "--make-rprivate", "/")
	h.run(t, "mount", "-t", "tmpfs", "-o", "mode=1777", "tmpfs", "/var/tmp")
	h.run(t, "ip", "link", "set", "lo", "up")
	h.run(t, "sh", "-c", "echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad")
	return h
}

// command is a command inside the host.
func (h *host) command(t *testing.T, name string, args ...string) *exec.Cmd {
	t.Helper()
	inside := append([]string{"-t", fmt.Sprint(h.pid), "-n", "-p", "-m", "--wd=" + h.dir, need.Program(t, name)}, args...)
	return exec.Command(need.Program(t, "nsenter"), inside...)
}

func (h *host) run(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := h.command(t, name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

// daemon starts a program that runs for as long as the host.
func (h *host) daemon(t *testing.T, name string, args ...string) {
	t.Helper()
	cmd := h.command(t, name, args...)
	cmd.Stdout, cmd.Stderr = h.log, h.log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Wait() }) // runs before the one that ends the host, so:
	t.Cleanup(func() { _ = cmd.Process.Kill() })
}

// eventually waits until f returns an empty string, which otherwise says what is missing.
func eventually(t *testing.T, f func() string) {
	t.Helper()
	deadline, tick := time.After(60*time.Second), time.NewTicker(100*time.Millisecond)
	defer tick.Stop()
	for {
		missing := f()
		if missing == "" {
			return
		}
		select {
		case <-deadline:
			t.Fatalf("after a minute still: %s", missing)
		case <-tick.C:
		}
	}
}

// farSide is a BIRD configuration for the other end of i, which announces what a provider would and what one should not.
// It is slow with BFD, as the slower end decides and a busy test machine is late, and quick to try again.
func farSide(i Interface) string {
	var b strings.Builder
	fmt.Fprintf(&b, "router id 192.0.2.77;\nlog stderr all;\nprotocol device {}\n"+
		"protocol bfd { interface \"far0\" { interval 2 s; multiplier 5; }; }\n")
	for _, family := range []string{"ipv4", "ipv6"} {
		fmt.Fprintf(&b, "protocol static { %s;\n", family)
		for _, p := range announced[family] {
			fmt.Fprintf(&b, " route %s blackhole;\n", p)
		}
		b.WriteString("}\n")
	}
	for n, p := range i.Peers {
		fmt.Fprintf(&b, "protocol bgp peer%d { local %s as %d; neighbor %s as %d; password \"%s\"; bfd on; connect delay time 1; error wait time 1, 2;\n"+
			" direct; %s { import all; export where source = RTS_STATIC; }; }\n",
			n, p.AmazonAddress.Addr(), i.AmazonASN, p.CustomerAddress.Addr(), p.ASN, p.Key, p.Family)
	}
	return b.String()
}

// announced by the far side: the first is always to be taken, the second on all but public interfaces, the others never.
var announced = map[string][]string{
	"ipv4": {"52.95.0.0/16", "10.64.0.0/16", "0.0.0.0/0", "169.254.77.0/24"},
	"ipv6": {"2600:1f00::/24", "fd00:64::/32", "::/0"},
}

// startFRR runs a whole FRR with the text as its frr.conf.
func startFRR(t *testing.T, h *host, text string) {
	t.Helper()
	write(t, filepath.Join(h.dir, "vtysh.conf"), "")
	write(t, filepath.Join(h.dir, "frr.conf"), text)
	zserv := filepath.Join(h.dir, "zserv.api")
	start := func(name string, more ...string) {
		h.daemon(t, name, append(more, "--vty_socket", h.dir, "-i", filepath.Join(h.dir, name+".pid"), "-z", zserv, "-P", "0", "--log", "stdout")...)
		eventually(t, func() string {
			if _, err := os.Stat(filepath.Join(h.dir, name+".vty")); err != nil {
				return err.Error()
			}
			return ""
		})
	}
	start("zebra")
	start("staticd")
	start("bfdd", "--bfdctl", filepath.Join(h.dir, "bfdd.sock"))
	start("bgpd")
	h.run(t, "vtysh", "--vty_socket", h.dir, "--config_dir", h.dir, "-f", "frr.conf")
}

// startBIRD runs BIRD with the text as its bird.conf, and does first what its comments say.
func startBIRD(t *testing.T, h *host, text string) {
	t.Helper()
	for line := range strings.Lines(text) {
		if command, ok := strings.CutPrefix(line, "#   ip address add "); ok {
			h.run(t, "ip", append([]string{"address", "add"}, strings.Fields(command)...)...)
		}
	}
	write(t, filepath.Join(h.dir, "bird.conf"), text)
	h.daemon(t, "bird", "-f", "-c", "bird.conf", "-s", "bird.ctl", "-P", "bird.pid")
}

// TestSession runs the configurations as they are, against a far side of BIRD over a virtual wire, with the kernel's TCP
// MD5 between them: every session and its BFD must come up, exactly the right routes must be in the kernel here and
// exactly the interface's prefixes there. The wire is named as the VLAN interface would be; tags are not what is tested.
func TestSession(t *testing.T) {
	t.Parallel()
	for _, program := range []string{"zebra", "bird", "birdc", "nsenter", "ip"} {
		need.Program(t, program)
	}
	punctuated := publicDual(100)
	punctuated.Peers[0].Key, punctuated.Peers[1].Key = `aB!#|?$\';<>&()[]{}*~^%@`, strings.Repeat("x7_.", 20)
	punctuated.Peers[1].ASN = 64600
	for name, i := range map[string]Interface{
		"public": punctuated, "two routers": redundant(), "ipv6": private(ipv6Peer()), "four-octet ASNs": fourOctets(),
	} {
		for identifier, start := range map[string]func(*testing.T, *host, string){"FRRouting-FRR-8": startFRR, "CZNIC-BIRD-2": startBIRD} {
			t.Run(identifier+"/"+name, func(t *testing.T) {
				t.Parallel()
				here, there := newHost(t), newHost(t)
				wire := fmt.Sprintf("eth0.%d", i.VLAN)
				link := exec.Command(need.Program(t, "nsenter"), "-t", fmt.Sprint(here.pid), "-n", need.Program(t, "ip"),
					"link", "add", wire, "type", "veth", "peer", "name", "far0", "netns", fmt.Sprint(there.pid))
				if out, err := link.CombinedOutput(); err != nil {
					t.Fatalf("%v: %s", err, out)
				}
				here.run(t, "ip", "link", "set", wire, "up")
				there.run(t, "ip", "link", "set", "far0", "up")
				for _, p := range i.Peers {
					there.run(t, "ip", "address", "add", p.AmazonAddress.String(), "dev", "far0")
				}
				write(t, filepath.Join(there.dir, "bird.conf"), farSide(i))
				there.daemon(t, "bird", "-f", "-c", "bird.conf", "-s", "bird.ctl", "-P", "bird.pid")
				start(t, here, render(t, identifier, i))
				eventually(t, func() string { return notUp(t, there, len(i.Peers)) })
				eventually(t, func() string { return notLearned(t, here, i) })
				eventually(t, func() string { return notAnnounced(t, there, i) })
			})
		}
	}
}

func birdc(t *testing.T, h *host, args ...string) string {
	t.Helper()
	out, err := h.command(t, "birdc", append([]string{"-s", "bird.ctl"}, args...)...).CombinedOutput()
	if err != nil {
		return fmt.Sprintf("birdc: %v: %s", err, out)
	}
	return string(out)
}

// notUp says so unless n sessions and their BFD sessions are up.
func notUp(t *testing.T, far *host, n int) string {
	protocols, bfd := birdc(t, far, "show", "protocols"), birdc(t, far, "show", "bfd", "sessions")
	if strings.Count(protocols, "Established") == n && strings.Count(bfd, " Up ") == n {
		return ""
	}
	return fmt.Sprintf("not %d sessions up:\n%s%s", n, protocols, bfd)
}

// notLearned says so unless the kernel has exactly the routes of the far side that it should have.
func notLearned(t *testing.T, h *host, i Interface) string {
	for _, family := range []string{"ipv4", "ipv6"} {
		_, has := firstPeer(i.Peers, family)
		flag := map[string]string{"ipv4": "-4", "ipv6": "-6"}[family]
		routes := "\n" + h.run(t, "ip", flag, "route", "show", "scope", "global")
		for n, p := range announced[family] {
			name := p
			if netip.MustParsePrefix(p).Bits() == 0 {
				name = "default"
			}
			want := has && (n == 0 || n == 1 && i.Type != "public")
			if got := strings.Contains(routes, "\n"+name+" "); got != want {
				return fmt.Sprintf("%s: want it %v, have it %v:%s", p, want, got, routes)
			}
		}
	}
	return ""
}

// notAnnounced says so unless the far side has the interface's prefixes, with the peer's ASN alone as their path, and
// no others.
func notAnnounced(t *testing.T, far *host, i Interface) string {
	routes := birdc(t, far, "show", "route", "where", "source", "=", "RTS_BGP")
	for _, text := range i.Prefixes {
		p := prefix(text)
		peer, _ := firstPeer(i.Peers, map[bool]string{true: "ipv4", false: "ipv6"}[p.Addr().Is4()])
		found := false
		for line := range strings.Lines(routes) {
			found = found || strings.HasPrefix(line, p.String()+" ") && strings.Contains(line, fmt.Sprintf("[AS%di]", peer.ASN))
		}
		if !found {
			return fmt.Sprintf("%s is not there with path %d:\n%s", p, peer.ASN, routes)
		}
	}
	if n := strings.Count(routes, "unicast ["); n != len(i.Prefixes) {
		return fmt.Sprintf("%d routes for %d prefixes:\n%s", n, len(i.Prefixes), routes)
	}
	return ""
}

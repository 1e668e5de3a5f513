package fabric

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"

	"onramp/internal/operator"
	"onramp/test/guest"
	"onramp/test/guest/lab"
)

// account is the customer of open mode.
const account, region = "000000000000", "us-east-1"

const (
	apiAddress, operatorAddress = "127.0.0.1:7224", "127.0.0.1:7225"
	routerAddress               = "198.18.0.254:7226" // where the agents reach the control plane
	token                       = "the-operator-of-the-lab"
)

// world is an installation in a lab: the program itself as the control plane here and as the agent on each router, at one
// location a router. A router has a port et0, et1, ... to each of the customers that it is made with.
type world struct {
	t        *testing.T
	program  string
	here     *lab.Host
	server   *lab.Daemon
	operator *operator.Client
	api      *dc.Client
	routers  map[string]*provider
}

// provider is one router of the provider.
type provider struct {
	name     string // in the inventory
	host     *lab.Host
	location string
	backbone netip.Addr
	cables   []*lab.Cable // by port, unplugged at first
	agent    *lab.Daemon
}

// socket is a port of a customer's host that a cable is laid to.
type socket struct {
	customer *lab.Host
	device   string
}

// newWorld starts a control plane and a router for each list of sockets, named r1, r2, ... at LAB1, LAB2, ...
func newWorld(t *testing.T, routers ...[]socket) *world {
	t.Helper()
	w := layOut(t, routers...)
	w.serve()
	if _, err := w.operator.ApplyInventory(t.Context(), w.inventory(), false); err != nil {
		t.Fatal(err)
	}
	for name := range w.routers {
		w.enroll(name)
		w.run(name)
	}
	return w
}

// layOut is newWorld before any program has begun.
func layOut(t *testing.T, routers ...[]socket) *world {
	t.Helper()
	w := &world{t: t, program: guest.Program(t, "onramp/cmd/onramp"), here: lab.Here(t), routers: map[string]*provider{}}
	management := lab.NewSegment(w.here, "mgmt", netip.MustParsePrefix("198.18.0.254/24"))
	core := lab.NewSegment(lab.NewHost(t, "core"), "core", netip.Prefix{})
	for i, sockets := range routers {
		name := fmt.Sprintf("r%d", i+1)
		location := fmt.Sprintf("LAB%d", i+1)
		r := &provider{name: location + "-000000router", host: lab.NewHost(t, name), location: location, backbone: netip.AddrFrom4([4]byte{10, 255, 0, byte(i + 1)})}
		management.Join(r.host, "mgmt", netip.PrefixFrom(netip.AddrFrom4([4]byte{198, 18, 0, byte(i + 1)}), 24))
		core.Join(r.host, "core", netip.PrefixFrom(r.backbone, 24))
		for port, s := range sockets {
			c := lab.NewCable(t, lab.End{Host: r.host, Device: fmt.Sprintf("et%d", port)}, lab.End{Host: s.customer, Device: s.device})
			s.customer.IP("link set " + s.device + " up")
			c.Unplug()
			r.cables = append(r.cables, c)
		}
		w.routers[name] = r
		w.tell(r)
	}
	return w
}

// tell shows what a router looked like in the end if the test failed.
func (w *world) tell(r *provider) {
	w.t.Cleanup(func() {
		if !w.t.Failed() {
			return
		}
		for _, arguments := range []string{"-br addr show", "-d -s link show type gre", "route show table all proto 114", "-6 route show table all proto 114"} {
			w.t.Logf("%s: ip %s\n%s", r.host.Name, arguments, r.host.IP(arguments))
		}
	})
}

func (w *world) inventory() []byte {
	var b bytes.Buffer
	b.WriteString("locations:\n")
	for i := range len(w.routers) {
		r := w.routers[fmt.Sprintf("r%d", i+1)]
		fmt.Fprintf(&b, "- code: %s\n  region: %s\n  name: Laboratory, room %d\n  portSpeeds: [10G]\n  macsecSpeeds: [10G]\n  providers: [Own fibre]\n"+
			"  routers:\n  - name: %s\n    fabric: linux\n    backbone: %v\n    ports:\n    - names: et[0-%d]\n      speed: 10G\n      macsec: true\n"+
			"      panel: {room: MMR, rack: R%d, panel: PP, port: \"[1-%d]\", strands: \"[1-%d:2]/[2-%d:2]\", connector: LC duplex}\n",
			r.location, region, i+1, r.name, r.backbone, len(r.cables)-1, i+1, len(r.cables), 2*len(r.cables)-1, 2*len(r.cables))
	}
	return b.Bytes()
}

// serve starts the control plane, on the data that it had if it ran before.
func (w *world) serve() {
	w.t.Helper()
	w.serveBy(w.here.Command(w.program, w.serving("--router-listen", routerAddress)...))
}

// serving are the control plane's arguments.
func (w *world) serving(more ...string) []string {
	return append([]string{"serve", "--data", filepath.Join(w.here.Dir, "data"), "--listen", apiAddress,
		"--operator-listen", operatorAddress, "--pace", "instant", "--no-customers"}, more...)
}

// serveBy starts the control plane as a command on the world's first host.
func (w *world) serveBy(cmd *exec.Cmd) {
	w.t.Helper()
	cmd.Env = append(os.Environ(), "ONRAMP_OPERATOR_TOKEN="+token)
	w.server = w.here.StartCommand("serve", cmd)
	client := &http.Client{Transport: &http.Transport{DialContext: w.dial}}
	w.t.Cleanup(client.CloseIdleConnections)
	w.operator = &operator.Client{Base: "http://" + operatorAddress, Token: token, HTTP: client}
	w.api = dc.New(dc.Options{
		Region: region, BaseEndpoint: aws.String("http://" + apiAddress), HTTPClient: client,
		Credentials: credentials.NewStaticCredentialsProvider(account, "test", ""),
	})
	lab.Eventually(w.t, func() string {
		answer, err := client.Get("http://" + operatorAddress + "/readyz")
		if err != nil {
			return err.Error()
		}
		answer.Body.Close()
		if answer.StatusCode != http.StatusOK {
			return answer.Status
		}
		return ""
	})
}

// dial calls from the host of the control plane: it listens there on the loopback.
func (w *world) dial(ctx context.Context, network, address string) (conn net.Conn, err error) {
	err = w.here.Do(func() error {
		conn, err = new(net.Dialer).DialContext(ctx, network, address)
		return err
	})
	return conn, err
}

// onramp runs one of the program's verbs on a host, as the operator.
func (w *world) onramp(h *lab.Host, arguments ...string) string {
	w.t.Helper()
	cmd := h.Command(w.program, arguments...)
	cmd.Env = append(os.Environ(), "ONRAMP_OPERATOR_TOKEN="+token)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		w.t.Fatalf("onramp %s: %v\n%s%s", strings.Join(arguments[:2], " "), err, out.String(), errs.String())
	}
	return strings.TrimSpace(out.String())
}

func (r *provider) state() string { return filepath.Join(r.host.Dir, "state") }

// enroll gives a router's agent its identity.
func (w *world) enroll(name string) {
	w.t.Helper()
	r := w.routers[name]
	words := strings.Fields(w.onramp(w.here, "router", "token", r.name)) // onramp router enroll TOKEN
	w.onramp(r.host, "router", "enroll", words[len(words)-1], "--state", r.state())
}

// run starts a router's agent.
func (w *world) run(name string) {
	w.t.Helper()
	r := w.routers[name]
	r.agent = r.host.StartCommand("agent", r.host.Command(w.program, "router", "run", "--state", r.state(), "--yes", "--log-level", "debug"))
}

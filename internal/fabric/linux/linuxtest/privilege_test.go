package linuxtest

import (
	"bytes"
	"context"
	"encoding/gob"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"onramp/internal/fabric"
	"onramp/internal/fabric/linux"
	"onramp/test/guest/lab"
)

// agentVariable makes the test binary a driver that applies the full intent and removes it again, in the folder that the
// variable names.
const agentVariable = "LINUXTEST_AGENT"

// otherVariable makes it a driver that applies the intent in the variable's folder, and runs until it is stopped.
const otherVariable = "LINUXTEST_OTHER"

// other runs another driver at the customer's end, with devices by port name. It ends with the test.
func (b *bench) other(in fabric.Intent, ports map[string]string) {
	b.t.Helper()
	self, err := os.Executable()
	if err != nil {
		b.t.Fatal(err)
	}
	var text bytes.Buffer
	if err := gob.NewEncoder(&text).Encode(order{ports, in}); err != nil {
		b.t.Fatal(err)
	}
	for _, dir := range []string{"state", "run"} {
		if err := os.MkdirAll(filepath.Join(b.customer.Dir, dir), 0o700); err != nil {
			b.t.Fatal(err)
		}
	}
	cmd := b.customer.Command(self)
	cmd.Env = append(os.Environ(), otherVariable+"="+b.customer.Dir)
	cmd.Stdin = &text
	b.customer.StartCommand("other", cmd)
}

// order is what such a driver is told.
type order struct {
	Ports  map[string]string
	Intent fabric.Intent
}

// serve answers the process's exit status.
func serve(dir string) int {
	var o order
	if err := gob.NewDecoder(os.Stdin).Decode(&o); err != nil {
		fmt.Println(err)
		return 1
	}
	d, err := linux.Open(linux.Config{Router: "r2", Ports: o.Ports, StateDir: filepath.Join(dir, "state"), RunDir: filepath.Join(dir, "run")})
	if err != nil {
		fmt.Println(err)
		return 1
	}
	if err := d.Apply(context.Background(), "r2", o.Intent); err != nil {
		fmt.Println("Apply:", err)
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	<-stop
	if err := d.Remove(context.Background()); err != nil {
		fmt.Println("Remove:", err)
		return 1
	}
	return 0
}

// agent answers the process's exit status.
func agent(dir string) int {
	d, err := linux.Open(linux.Config{Router: "r1", StateDir: filepath.Join(dir, "state"), RunDir: filepath.Join(dir, "run")})
	if err != nil {
		fmt.Println(err)
		return 1
	}
	in := full()
	if err := d.Apply(context.Background(), "r1", in); err != nil {
		fmt.Println("Apply:", err)
		return 1
	}
	steps, err := d.Plan(context.Background(), in)
	if err != nil || len(steps) > 0 {
		fmt.Println("left to do:", err, steps)
		return 1
	}
	if err := d.Remove(context.Background()); err != nil {
		fmt.Println("Remove:", err)
		return 1
	}
	steps, err = d.Plan(context.Background(), fabric.Intent{})
	if err != nil || len(steps) > 0 {
		fmt.Println("left to remove:", err, steps)
		return 1
	}
	if err := d.Close(); err != nil {
		fmt.Println("Close:", err)
		return 1
	}
	return 0
}

// TestPrivileges runs a driver as a user who may nothing but CAP_NET_ADMIN, CAP_NET_RAW and CAP_NET_BIND_SERVICE.
func TestPrivileges(t *testing.T) {
	h := lab.NewHost(t, "bounded")
	for i := range 4 {
		h.IP(fmt.Sprintf("link add et%d type veth peer name far%d", i, i))
	}
	h.IP("link set lo up")
	h.IP("addr add 192.0.2.1/32 dev lo")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"state", "run"} {
		path := filepath.Join(h.Dir, dir)
		if err := os.MkdirAll(path, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Chown(path, 65534, 65534); err != nil {
			t.Fatal(err)
		}
	}
	const may = "+net_admin,+net_raw,+net_bind_service"
	cmd := h.Command("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--no-new-privs", "--inh-caps=-all,"+may,
		"--ambient-caps=-all,"+may, "--bounding-set=-all,"+may, self)
	cmd.Env = append(os.Environ(), agentVariable+"="+h.Dir)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("%v: %s", err, strings.TrimSpace(string(out)))
	}
}

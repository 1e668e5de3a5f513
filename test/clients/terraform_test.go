package clients

import (
	"cmp"
	"context"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"onramp/internal/directconnect"
	"onramp/internal/onramptest"
	"onramp/test/need"
)

// terraform is a folder with a configuration, in which Terraform runs without a network.
type terraform struct {
	t       *testing.T
	path    string
	folder  string
	env     []string
	secrets []string
}

// newTerraform copies a configuration and initializes it. vars are its variables.
func newTerraform(t *testing.T, configuration string, vars map[string]string) *terraform {
	t.Helper()
	tools := need.Terraform(t)
	tf := &terraform{t: t, path: tools.Path, folder: filepath.Join(t.TempDir(), "configuration")}
	if err := os.CopyFS(tf.folder, os.DirFS(configuration)); err != nil {
		t.Fatal(err)
	}
	tf.prepare(tools, vars)
	return tf
}

// prepare sets the environment up and initializes the folder.
func (tf *terraform) prepare(tools need.TerraformTools, vars map[string]string) {
	tf.t.Helper()
	environment, err := tools.Environ(tf.t.TempDir())
	if err != nil {
		tf.t.Fatal(err)
	}
	// What Environ adds to this process's environment stands behind it. A larger heap saves a third of the time that the
	// provider, a program of 700 MB, takes for its schemas.
	tf.env = append(environ("GOGC=800"), environment[len(os.Environ()):]...)
	for name, value := range vars {
		tf.env = append(tf.env, "TF_VAR_"+name+"="+value)
	}
	tf.secrets = slices.DeleteFunc([]string{vars["cak"]}, func(s string) bool { return s == "" })
	tf.run("init", "-input=false")
}

// set changes variables for the runs to come.
func (tf *terraform) set(vars map[string]string) {
	for name, value := range vars {
		tf.env = append(tf.env, "TF_VAR_"+name+"="+value) // the last one counts
	}
}

// run runs Terraform, which must end with status 0.
func (tf *terraform) run(args ...string) string {
	tf.t.Helper()
	return tf.runFor(tf.t.Context(), args...)
}

func (tf *terraform) runFor(ctx context.Context, args ...string) string {
	tf.t.Helper()
	cmd := exec.CommandContext(ctx, tf.path, append(args, "-no-color")...)
	cmd.Dir, cmd.Env = tf.folder, tf.env
	out, err := cmd.CombinedOutput()
	shown := masked(string(out), tf.secrets...)
	if err != nil {
		tf.t.Fatalf("terraform %s: %v\n%s", strings.Join(args, " "), err, shown)
	}
	return shown
}

func (tf *terraform) apply() string {
	tf.t.Helper()
	out := tf.run("apply", "-auto-approve", "-input=false")
	covered.note(out)
	tf.notes(applied)
	return out
}

// mustBeEmpty plans once more: there must be nothing to do.
func (tf *terraform) mustBeEmpty() {
	tf.t.Helper()
	tf.run("plan", "-detailed-exitcode", "-input=false") // status 2 when there are changes
	tf.notes(planEmpty)
}

func (tf *terraform) destroy() {
	tf.t.Helper()
	covered.note(tf.run("destroy", "-auto-approve", "-input=false"))
}

// TestTerraform orders with Terraform and looks at the server's side with the Go SDK. Together the parts go through every
// resource and data source for Direct Connect that the provider has.
func TestTerraform(t *testing.T) {
	t.Parallel()
	if types := providerTypes(t); allParts() {
		t.Cleanup(func() { // when the parts have ended
			if !t.Failed() {
				checkCoverage(t, types)
			}
		})
	}
	for name, part := range map[string]func(*testing.T){
		"order": orderWithTerraform, "adopt": adoptWithTerraform, "traffic": trafficWithTerraform,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			part(t)
		})
	}
}

// orderWithTerraform has the test attend to the orders, between the runs: at the instant pace a port could be plugged in
// before Terraform comes to put it into its LAG, on another router.
func orderWithTerraform(t *testing.T) {
	s := start(t, onramptest.Pace(directconnect.Manual))
	buyer, seller := newObserver(t, s, customer), newObserver(t, s, partner)
	port := seller.interconnect("exchange")
	ckn, cak := randomKey(), randomKey()
	tf := newTerraform(t, "testdata/terraform/order", map[string]string{
		"endpoint": s.URL, "secret_key": openSecret, "customer": customer, "partner": partner, "interconnect": port,
		"team": "network", "bundle": "bundle", "encryption_mode": "should_encrypt", "ckn": ckn, "cak": cak,
	})
	tf.apply()
	attend(t, s)
	first := buyer.look()
	checkOrdered(t, first, ckn, expectation{bundle: "bundle", team: "network", mode: "should_encrypt"})
	tf.mustBeEmpty()

	tf.set(map[string]string{"team": "core", "bundle": "renamed", "encryption_mode": "must_encrypt"})
	if out := tf.apply(); !strings.Contains(out, "0 added, 2 changed, 0 destroyed") {
		t.Errorf("the change was not made in place:\n%s", out)
	}
	s.Settle()
	second := buyer.look()
	checkOrdered(t, second, ckn, expectation{bundle: "renamed", team: "core", mode: "must_encrypt"})
	tf.reimport("aws_dx_connection.plain", "aws_dx_lag.bundle", "aws_dx_macsec_key_association.secret")
	if a, b := first.identifiers(), buyer.look().identifiers(); !slices.Equal(a, b) {
		t.Errorf("the change replaced something: %q became %q", a, b)
	}
	tf.mustBeEmpty()

	tf.destroy()
	s.Settle()
	if left := buyer.look().identifiers(); len(left) > 0 {
		t.Errorf("destroy left %q", left)
	}
	if left := seller.look().identifiers(); !slices.Equal(left, []string{port}) {
		t.Errorf("destroy left the partner %q, want the interconnect %s alone", left, port)
	}
}

// expectation is what changes between the two orders.
type expectation struct{ bundle, team, mode string }

func checkOrdered(t *testing.T, got order, ckn string, want expectation) {
	t.Helper()
	wantConnections := map[string]string{
		"plain":      "1Gbps available",
		"secure":     "10Gbps available Zayo Group " + want.mode + " Encryption Up key associated " + ckn,
		"secure too": "10Gbps available should_encrypt Encryption Up key associated " + ckn,
		"member":     "10Gbps available in " + want.bundle,
		"first":      "100Gbps available in around",
		"hosted":     "500Mbps available VLAN 101",
	}
	if !maps.Equal(got.connections, wantConnections) {
		t.Errorf("the server has the connections\n%s\nwant\n%s", masked(lines(got.connections)), masked(lines(wantConnections)))
	}
	wantLAGs := map[string]string{want.bundle: "10Gbps available 1", "around": "100Gbps available 1"}
	if !maps.Equal(got.lags, wantLAGs) {
		t.Errorf("the server has the LAGs\n%s\nwant\n%s", lines(got.lags), lines(wantLAGs))
	}
	wantTags := map[string]string{"secure": "empty= team=" + want.team, want.bundle: "team=" + want.team}
	if !maps.Equal(got.tags, wantTags) {
		t.Errorf("the server has the tags\n%s\nwant\n%s", lines(got.tags), lines(wantTags))
	}
}

func lines(m map[string]string) string {
	var b strings.Builder
	for _, name := range slices.SortedFunc(maps.Keys(m), cmp.Compare) {
		b.WriteString("  " + name + ": " + m[name] + "\n")
	}
	return b.String()
}

func adoptWithTerraform(t *testing.T) {
	s := start(t)
	buyer := newObserver(t, s, customer)
	connection, lag := buyer.ordered("adopted")
	gateway, virtualInterface := buyer.orderedTraffic("adopted", connection)
	tf := newTerraform(t, "testdata/terraform/adopt", map[string]string{
		"endpoint": s.URL, "secret_key": openSecret, "customer": customer, "connection": connection, "lag": lag,
		"gateway": gateway, "gateway_name": "adopted", "interface": virtualInterface, "vgw": endVGW,
	})
	before, running := buyer.look(), buyer.traffic()
	if out := tf.apply(); !strings.Contains(out, "4 imported, 0 added") || !strings.Contains(out, "0 destroyed") {
		t.Errorf("the orders were not adopted as they are:\n%s", out)
	}
	if a, b := before.identifiers(), buyer.look().identifiers(); !slices.Equal(a, b) {
		t.Errorf("adopting changed %q into %q", a, b)
	}
	if after := buyer.traffic(); !maps.Equal(running.ids, after.ids) || !maps.Equal(running.interfaces, after.interfaces) {
		t.Errorf("adopting changed %q into %q", running, after)
	}
	tf.mustBeEmpty()

	tf.set(map[string]string{"gateway_name": "renamed"})
	if out := tf.apply(); !strings.Contains(out, "0 added, 1 changed, 0 destroyed") {
		t.Errorf("the gateway was not renamed in place:\n%s", out)
	}
	if id := buyer.traffic().ids["gateway renamed"]; id != gateway {
		t.Errorf("the gateway renamed is %q, was %q", id, gateway)
	}
	tf.destroy()
	s.Settle()
	if left := buyer.look().identifiers(); len(left) > 0 {
		t.Errorf("destroy left %q", left)
	}
	if left := buyer.traffic().ids; len(left) > 0 {
		t.Errorf("destroy left %q", left)
	}
}

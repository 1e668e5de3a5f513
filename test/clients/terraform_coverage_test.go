package clients

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"onramp/test/need"
)

// What is to be shown of a type: of a data source the first two.
const (
	applied   = "applied"
	planEmpty = "planned again without a change"
	changed   = "changed in place"
	imported  = "imported"
	destroyed = "destroyed"
)

// notChanged are the types for which the provider has no update: each of their arguments makes a new one.
var notChanged = []string{
	"aws_dx_bgp_peer", "aws_dx_connection_association", "aws_dx_connection_confirmation", "aws_dx_gateway_association_proposal",
	"aws_dx_hosted_connection", "aws_dx_hosted_private_virtual_interface", "aws_dx_hosted_public_virtual_interface",
	"aws_dx_hosted_transit_virtual_interface", "aws_dx_macsec_key_association",
}

// notImported are the types that the provider refuses to import, which TestTerraformRefusesImports holds it to.
var notImported = []string{
	"aws_dx_bgp_peer", "aws_dx_connection_association", "aws_dx_connection_confirmation", "aws_dx_hosted_connection",
}

// coverage is what was shown of every type, "data." before those of data sources.
type coverage struct {
	mu    sync.Mutex
	shown map[string]map[string]bool
}

// covered is what all runs of Terraform in this package have shown.
var covered coverage

func (c *coverage) add(what string, kinds ...string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.shown == nil {
		c.shown = map[string]map[string]bool{}
	}
	for _, kind := range kinds {
		if c.shown[kind] == nil {
			c.shown[kind] = map[string]bool{}
		}
		c.shown[kind][what] = true
	}
}

// told are the lines in which Terraform says that it has done something to a resource, and what that is.
var told = map[string]*regexp.Regexp{
	changed:   regexp.MustCompile(`(?m)^(aws_dx_\w+)\.\S+: Modifications complete`),
	imported:  regexp.MustCompile(`(?m)^(aws_dx_\w+)\.\S+: Import complete`),
	destroyed: regexp.MustCompile(`(?m)^(aws_dx_\w+)\.\S+: Destruction complete`),
}

// note takes down what the output of a run tells.
func (c *coverage) note(output string) {
	for what, line := range told {
		for _, m := range line.FindAllStringSubmatch(output, -1) {
			c.add(what, m[1])
		}
	}
}

// gaps lists what was not shown of the types that the provider has.
func (c *coverage) gaps(types []string) []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var missing []string
	for _, kind := range types {
		wanted := map[string]bool{applied: true, planEmpty: true}
		if !strings.HasPrefix(kind, "data.") {
			wanted[changed], wanted[imported] = !slices.Contains(notChanged, kind), !slices.Contains(notImported, kind)
			wanted[destroyed] = true
		}
		for what := range maps.Keys(wanted) {
			switch shown := c.shown[kind][what]; {
			case wanted[what] && !shown:
				missing = append(missing, kind+" was not "+what)
			case !wanted[what] && shown:
				missing = append(missing, kind+" is said never to be "+what+", but it was")
			}
		}
	}
	slices.Sort(missing)
	return missing
}

// TestCoverageGaps shows the check above what it is to find.
func TestCoverageGaps(t *testing.T) {
	t.Parallel()
	var c coverage
	c.add(applied, "aws_dx_lag", "aws_dx_bgp_peer", "data.aws_dx_location")
	c.add(planEmpty, "aws_dx_lag", "aws_dx_bgp_peer")
	c.note("aws_dx_lag.x: Modifications complete after 0s [id=dxlag-1]\naws_dx_bgp_peer.x[0]: Import complete [id=x]\n" +
		"aws_dx_bgp_peer.x: Destruction complete after 1s\naws_dx_lag.x: Destroying...\n")
	want := []string{
		"aws_dx_bgp_peer is said never to be imported, but it was", "aws_dx_lag was not destroyed", "aws_dx_lag was not imported",
		"data.aws_dx_location was not planned again without a change",
	}
	if got := c.gaps([]string{"aws_dx_bgp_peer", "aws_dx_lag", "data.aws_dx_location"}); !slices.Equal(got, want) {
		t.Errorf("gaps are %q, want %q", got, want)
	}
}

// checkCoverage holds what was shown against everything of Direct Connect in the provider's own schemas.
func checkCoverage(t *testing.T, types []string) {
	t.Helper()
	if missing := covered.gaps(types); len(missing) > 0 {
		t.Errorf("of %d types of the provider:\n  %s", len(types), strings.Join(missing, "\n  "))
	}
	for _, kind := range slices.Concat(notChanged, notImported) {
		if !slices.Contains(types, kind) {
			t.Errorf("the provider has no %s", kind)
		}
	}
}

// providerTypes lists the resources and data sources for Direct Connect that the provider has.
func providerTypes(t *testing.T) []string {
	t.Helper()
	tf := scratch(t, "")
	cmd := exec.CommandContext(t.Context(), tf.path, "providers", "schema", "-json")
	cmd.Dir, cmd.Env = tf.folder, tf.env
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("terraform providers schema: %v", err)
	}
	var found struct {
		Providers map[string]struct {
			Resources   map[string]json.RawMessage `json:"resource_schemas"`
			DataSources map[string]json.RawMessage `json:"data_source_schemas"`
		} `json:"provider_schemas"`
	}
	if err := json.Unmarshal(out, &found); err != nil {
		t.Fatal(err)
	}
	var types []string
	for _, p := range found.Providers {
		for kind := range p.Resources {
			if strings.HasPrefix(kind, "aws_dx_") {
				types = append(types, kind)
			}
		}
		for kind := range p.DataSources {
			if strings.HasPrefix(kind, "aws_dx_") {
				types = append(types, "data."+kind)
			}
		}
	}
	if len(types) == 0 {
		t.Fatal("the provider has no types of Direct Connect")
	}
	slices.Sort(types)
	return types
}

// scratch is a configuration of its own: the provider, without a server to speak to, and more.
func scratch(t *testing.T, more string) *terraform {
	t.Helper()
	tools := need.Terraform(t)
	tf := &terraform{t: t, path: tools.Path, folder: filepath.Join(t.TempDir(), "configuration")}
	if err := os.MkdirAll(tf.folder, 0o755); err != nil {
		t.Fatal(err)
	}
	text := "terraform {\n  required_providers {\n    aws = {\n      source = \"hashicorp/aws\"\n    }\n  }\n}\n" + `
provider "aws" {
  region                      = "us-east-1"
  access_key                  = "nobody"
  secret_key                  = "nothing"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
  endpoints { directconnect = "http://127.0.0.1:9" }
}
` + more
	if err := os.WriteFile(filepath.Join(tf.folder, "main.tf"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	tf.prepare(tools, nil)
	return tf
}

// TestTerraformRefusesImports: the types said not to be imported are those that the provider does not import. It says so
// before it asks the server.
func TestTerraformRefusesImports(t *testing.T) {
	t.Parallel()
	arguments := map[string]string{
		"aws_dx_bgp_peer":                `virtual_interface_id = "dxvif-fg31dyv6", address_family = "ipv4", bgp_asn = 65000`,
		"aws_dx_connection_association":  `connection_id = "dxcon-fg31dyv6", lag_id = "dxlag-fg31dyv6"`,
		"aws_dx_connection_confirmation": `connection_id = "dxcon-fg31dyv6"`,
		"aws_dx_hosted_connection":       `connection_id = "dxcon-fg31dyv6", owner_account_id = "111122223333", name = "x", bandwidth = "50Mbps", vlan = 1`,
	}
	var text strings.Builder
	for _, kind := range notImported {
		fmt.Fprintf(&text, "resource %q \"x\" {\n  %s\n}\nimport {\n  to = %s.x\n  id = \"x\"\n}\n", kind,
			strings.ReplaceAll(arguments[kind], ", ", "\n  "), kind)
	}
	tf := scratch(t, text.String())
	cmd := exec.CommandContext(t.Context(), tf.path, "plan", "-input=false", "-no-color")
	cmd.Dir, cmd.Env = tf.folder, tf.env
	out, err := cmd.CombinedOutput()
	if err == nil {
		t.Fatalf("the plan was made:\n%s", out)
	}
	for _, kind := range notImported {
		if !strings.Contains(string(out), "resource "+kind+" doesn't support import") {
			t.Errorf("the provider does not refuse to import %s:\n%s", kind, out)
		}
	}
}

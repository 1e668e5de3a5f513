// Package clients shows that programs which know nothing of Onramp work with it: boto3, the AWS CLI and Terraform, as
// they come, and the README's commands as a reader would paste them. Each runs against a whole server over real HTTP.
//
// The Go SDK is in test/conformance, which goes through every rule; here it is the clients that are on trial, and the
// server as they see it. What is not installed is skipped loudly (test/need). There is no code to import here.
package clients

import (
	"flag"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
	"onramp/internal/inventory"
	"onramp/internal/onramptest"
	"onramp/test/need"
)

// The accounts of open mode that the tests order as, and the secret that all of them have there.
const (
	customer   = "111122223333"
	partner    = "444455556666"
	openSecret = "test"
	region     = "us-east-1"
)

// start runs a server as it comes: open mode, the documented quotas and a clock that goes; but with everybody around the
// routers acting at once.
func start(t *testing.T, more ...onramptest.Option) *onramptest.Server {
	t.Helper()
	return onramptest.Start(t, append([]onramptest.Option{
		onramptest.RealTime(), onramptest.Inventory(market()), onramptest.Quotas(directconnect.DocumentedQuotas),
	}, more...)...)
}

// attend does the work of the people around the routers: every order is approved, every cable plugged.
func attend(t *testing.T, s *onramptest.Server) {
	t.Helper()
	for _, step := range []struct{ state, move string }{{"requested", "approve"}, {"pending", "plug"}} {
		found, err := s.Operator().Connections(t.Context(), url.Values{"state": {step.state}})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range found.Connections {
			if _, err := s.Operator().MoveConnection(t.Context(), c.ID, step.move, ""); err != nil {
				t.Fatalf("%s %s: %v", step.move, c.ID, err)
			}
		}
	}
	s.Settle()
}

// market is a small inventory in which one location alone sells at a flat rate, too.
func market() inventory.Inventory {
	inv := onramptest.Small()
	for i := range inv.Locations {
		inv.Locations[i].BillingModes = nil
		if inv.Locations[i].Code == "EqDC2" {
			inv.Locations[i].BillingModes = []directconnect.BillingMode{"FlatRateTier1"}
		}
	}
	return inv
}

// environ is that of this process without what would make an AWS client look elsewhere, and with more.
func environ(more ...string) []string {
	env := slices.DeleteFunc(os.Environ(), func(entry string) bool {
		return strings.HasPrefix(entry, "AWS_") || strings.HasPrefix(entry, "ONRAMP_") || strings.HasPrefix(entry, "TF_")
	})
	return append(append(env,
		"AWS_CONFIG_FILE="+os.DevNull, "AWS_SHARED_CREDENTIALS_FILE="+os.DevNull, "AWS_EC2_METADATA_DISABLED=true", "AWS_PAGER=",
		"PYTHONDONTWRITEBYTECODE=1"), more...)
}

// key is what a CKN, a CAK or any other 256-bit secret looks like.
var key = regexp.MustCompile(`[0-9a-fA-F]{64}`)

// masked is output as it may be shown: without keys and without the secrets given.
func masked(output string, secrets ...string) string {
	for _, s := range secrets {
		output = strings.ReplaceAll(output, s, "[secret]")
	}
	return key.ReplaceAllString(output, "[key]")
}

func TestMasked(t *testing.T) {
	t.Parallel()
	got := masked("cak "+strings.Repeat("aB", 32)+" secret wJalr, id dxcon-ffabcdef", "wJalr")
	if want := "cak [key] secret [secret], id dxcon-ffabcdef"; got != want {
		t.Errorf("masked is %q, want %q", got, want)
	}
}

// distinct answers the first path and Debian's, if that is another program and passes the test works.
func distinct(t *testing.T, first, debian string, works ...string) []string {
	t.Helper()
	paths := []string{first}
	if same(first, debian) {
		return paths
	}
	if err := exec.CommandContext(t.Context(), debian, works...).Run(); err != nil {
		return paths
	}
	return append(paths, debian)
}

func same(a, b string) bool {
	x, err := filepath.EvalSymlinks(a)
	y, err2 := filepath.EvalSymlinks(b)
	return err == nil && err2 == nil && x == y
}

// pdftotext makes sure that the letters can be read back.
func pdftotext(t *testing.T) string {
	t.Helper()
	return need.Program(t, "pdftotext")
}

// operations lists the names of the operations that are built, or of those that are not.
func operations(built bool) []string {
	var names []string
	for _, o := range controlplane.OperationNames() {
		if o.Built == built {
			names = append(names, o.Name)
		}
	}
	return names
}

// allParts reports whether a test that runs has all its subtests run: one of them proves nothing about the whole.
func allParts() bool {
	return !strings.Contains(flag.Lookup("test.run").Value.String(), "/") && flag.Lookup("test.skip").Value.String() == ""
}

package inventory

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDefault(t *testing.T) {
	t.Parallel()
	inv := Default()
	if err := inv.Check(); err != nil {
		t.Fatal(err)
	}
	if got := len(inv.Locations); got != 151 {
		t.Errorf("%d locations, want all 151 of the data file", got)
	}
	shape := regexp.MustCompile(`^[A-Za-z0-9]+-[0-9a-z]{12,13}$`)
	for _, l := range inv.Locations {
		if len(l.Routers) != 2 {
			t.Errorf("%s has %d routers, want 2", l.Code, len(l.Routers))
		}
		if len(l.Providers) == 0 || len(l.Address) < 2 {
			t.Errorf("%s has providers %q and address %q", l.Code, l.Providers, l.Address)
		}
		for _, r := range l.Routers {
			if !shape.MatchString(r.Name) {
				t.Errorf("router %s has not the recorded shape", r.Name)
			}
			checkDefaultPorts(t, l, r)
		}
	}
}

// checkDefaultPorts holds the ports of a router against what its location sells.
func checkDefaultPorts(t *testing.T, l Location, r Router) {
	t.Helper()
	counts := map[string]int{}
	for _, p := range r.Ports {
		counts[p.Speed]++
		if p.MACsec != slices.Contains(l.MACsecSpeeds, p.Speed) {
			t.Errorf("port %s/%s: macsec is %v", r.Name, p.Name, p.MACsec)
		}
		if p.Optic == "" || slices.ContainsFunc(panelTexts(&p.Panel), func(s *string) bool { return *s == "" }) {
			t.Errorf("port %s/%s has optic %q and panel %+v", r.Name, p.Name, p.Optic, p.Panel)
		}
	}
	want := map[string]int{}
	for _, s := range l.PortSpeeds {
		want[s] = map[string]int{"1G": 24, "10G": 24, "100G": 8, "400G": 4}[s]
	}
	if diff := cmp.Diff(want, counts); diff != "" {
		t.Errorf("ports of %s by speed (-want +got):\n%s", r.Name, diff)
	}
}

// The names of devices are in customers' records: a new release must not change them.
func TestDeviceNamesAreForEver(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		code string
		n    int
		want string
	}{{"EqDC2", 1, "EqDC2-1c8urhs73i9f6"}, {"EqDC2", 2, "EqDC2-ctlpi8lxci8f"}, {"165HS", 1, "165HS-3utq5bxnsqz15"}} {
		if got := DeviceName(test.code, test.n); got != test.want {
			t.Errorf("DeviceName(%q, %d) = %q, want %q", test.code, test.n, got, test.want)
		}
	}
}

func TestFormatAndParseAreInverse(t *testing.T) {
	t.Parallel()
	want := Default()
	text, err := want.Format()
	if err != nil {
		t.Fatal(err)
	}
	if len(text) > 400_000 {
		t.Errorf("the form is %d bytes long: rows are not folded", len(text))
	}
	got, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, addresses); diff != "" {
		t.Errorf("parsed again (-want +got):\n%s", diff)
	}
}

// JSON is YAML, so what is exported as JSON can be applied too.
func TestParseReadsJSON(t *testing.T) {
	t.Parallel()
	want := Inventory{Locations: Default().Locations[:2]}
	text, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, addresses); diff != "" {
		t.Errorf("parsed again (-want +got):\n%s", diff)
	}
}

func TestIsRegion(t *testing.T) {
	t.Parallel()
	for _, l := range Default().Locations {
		if !IsRegion(l.Region) {
			t.Errorf("%s is refused", l.Region)
		}
	}
	for _, good := range []string{"us-gov-west-1", "us-iso-east-1", "ap-southeast-7"} {
		if !IsRegion(good) {
			t.Errorf("%s is refused", good)
		}
	}
	for _, bad := range []string{"", "us", "us-east", "us-east-", "us-east-1a", "US-east-1", "us--1", "us-east-1\n", strings.Repeat("us-", 20) + "1"} {
		if IsRegion(bad) {
			t.Errorf("%q is taken", bad)
		}
	}
}

package inventory

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDiff(t *testing.T) {
	t.Parallel()
	current, err := Parse([]byte(small))
	if err != nil {
		t.Fatal(err)
	}
	router := DeviceName("LAB1", 1)
	for _, test := range []struct{ name, old, new, want string }{
		{"nothing", "# one", "# 1", "no changes\n"},
		{"rename", "Laboratory, Darmstadt", "Laboratory, Berlin", `~ location LAB1: name "Laboratory, Darmstadt" -> "Laboratory, Berlin"` + "\n" +
			"locations: 0 added, 1 changed, 0 removed; routers: 0 added, 0 changed, 0 removed; ports: 0 added, 0 changed, 0 removed\n"},
		{"region", "eu-central-1", "eu-west-1", `~ location LAB1: region "eu-central-1" -> "eu-west-1"  [needs: no connection or LAG at LAB1]` + "\n" +
			`~ router LAB1-0123456789ab: region "eu-central-1" -> "eu-west-1"  [needs: no connection or LAG on LAB1-0123456789ab]` + "\n"},
		{"port removed", "names: ge-[0-1]\n      speed: 1G\n      panel: {rack: R1, port: \"[01-02]\", strands: \"[1-3:2]/[2-4:2]\"}", "name: ge-0\n      speed: 1G\n      panel: {rack: R1, port: \"01\", strands: 1/2}",
			"~ port " + router + `/xe-9 (10G): position "3" -> "2"` + "\n- port " + router + "/ge-1 (1G)  [needs: no connection on it]\n"},
		{"port's speed", "name: xe-9, speed: 10G, macsec: true", "name: xe-9, speed: 1G", "~ port " + router + `/xe-9 (1G): speed "10G" -> "1G"; macsec "true" -> "false"  [needs: no connection on it]` + "\n"},
		{"panel only", "rack: R1", "rack: R2", "~ port " + router + `/ge-0 (1G): panel.rack "R1" -> "R2"` + "\n~ port " + router + `/ge-1 (1G): panel.rack "R1" -> "R2"` + "\n"},
		{"router renamed", "LAB1-0123456789ab", "LAB1-ba9876543210", "+ router LAB1-ba9876543210 (0 ports)\n- router LAB1-0123456789ab (0 ports)  [needs: no connection or LAG on LAB1-0123456789ab]\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			text := strings.Replace(small, test.old, test.new, 1)
			if text == small {
				t.Fatal("the test changes nothing")
			}
			wanted, err := Parse([]byte(text))
			if err != nil {
				t.Fatal(err)
			}
			if got := Diff(current, wanted).String(); !strings.HasPrefix(sortRouters(got), test.want) {
				t.Errorf("diff:\n%swant it to begin with:\n%s", got, test.want)
			}
		})
	}
}

// sortRouters drops the generated router's line of a region change, whose place depends on its name.
func sortRouters(diff string) string {
	var kept []string
	for line := range strings.Lines(diff) {
		if !strings.HasPrefix(line, "~ router "+DeviceName("LAB1", 1)) {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "")
}

func TestDiffOfEverything(t *testing.T) {
	t.Parallel()
	all := Default()
	for _, test := range []struct {
		name         string
		before, want Inventory
		summary      string
	}{
		{"first start", Inventory{}, all, "locations: 151 added, 0 changed, 0 removed; routers: 302 added, 0 changed, 0 removed; ports: 15224 added, 0 changed, 0 removed"},
		{"closing down", all, Inventory{}, "locations: 0 added, 0 changed, 151 removed; routers: 0 added, 0 changed, 302 removed; ports: 0 added, 0 changed, 15224 removed"},
		{"no change", all, all, "locations: 0 added, 0 changed, 0 removed; routers: 0 added, 0 changed, 0 removed; ports: 0 added, 0 changed, 0 removed"},
	} {
		c := Diff(test.before, test.want)
		if diff := cmp.Diff(test.summary, c.Summary()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
		for _, p := range c.Ports {
			if p.Removed() != (p.Needs != "") {
				t.Errorf("%s: port %s needs %q", test.name, p.ID, p.Needs)
			}
		}
	}
}

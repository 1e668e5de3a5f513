package inventory

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"onramp/internal/directconnect"
)

var addresses = cmpopts.EquateComparable(netip.Addr{})

const small = `# one building
locations:
- code: LAB1
  region: eu-central-1
  name: Laboratory, Darmstadt
  portSpeeds: [1G, 10G]
  macsecSpeeds: [10G]
  providers: [Own fibre]
  routers:
  - ports:
    - names: ge-[0-1]
      speed: 1G
      panel: {rack: R1, port: "[01-02]", strands: "[1-3:2]/[2-4:2]"}
    - {name: xe-9, speed: 10G, macsec: true, optic: 10GBASE-ER}
  - name: LAB1-0123456789ab
    fabric: linux
    backbone: 192.0.2.1
`

func TestParse(t *testing.T) {
	t.Parallel()
	got, err := Parse([]byte(small))
	if err != nil {
		t.Fatal(err)
	}
	want := Inventory{Locations: []Location{{
		Code: "LAB1", Region: "eu-central-1", Name: "Laboratory, Darmstadt", Partition: "aws",
		PortSpeeds: []string{"1G", "10G"}, MACsecSpeeds: []string{"10G"}, Providers: []string{"Own fibre"},
		Routers: []Router{
			{Name: DeviceName("LAB1", 1), Ports: []Port{
				{
					Name: "ge-0", Speed: "1G", Optic: "1000BASE-LX 1310 nm",
					Panel: directconnect.Panel{Rack: "R1", Port: "01", Strands: "1/2"},
				},
				{
					Name: "ge-1", Speed: "1G", Optic: "1000BASE-LX 1310 nm",
					Panel: directconnect.Panel{Rack: "R1", Port: "02", Strands: "3/4"},
				},
				{Name: "xe-9", Speed: "10G", MACsec: true, Optic: "10GBASE-ER"},
			}},
			{Name: "LAB1-0123456789ab", Fabric: directconnect.Linux, Backbone: netip.MustParseAddr("192.0.2.1")},
		},
	}}}
	if diff := cmp.Diff(want, got, addresses); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, old, new, want string }{
		{"unknown key of a location", "providers:", "provider:", "line 8: unknown field"},
		{"unknown key of a port", "speed: 1G\n", "sped: 1G\n", "line 12: unknown field"},
		{"not YAML", "- code: LAB1", "- code: [LAB1", "line "},
		{"a list for a text", "code: LAB1", "code: [LAB1]", "line 3: "},
		{"bad code", "code: LAB1", "code: LAB/1", "line 3: location LAB/1: a code is"},
		{"no code", "code: LAB1", "code: ''", "line 3: a location has no code"},
		{"bad region", "eu-central-1", "europe", `line 3: location LAB1: region "europe" is not`},
		{"no name", "Laboratory, Darmstadt", "''", "line 3: location LAB1: name is missing"},
		{"bad speed", "[1G, 10G]", "[1G, 40G]", `line 3: location LAB1: portSpeeds: "40G" is not one of`},
		{"speed twice", "[1G, 10G]", "[1G, 1G]", `line 3: location LAB1: portSpeeds: "1G" is there twice`},
		{"no speeds", "[1G, 10G]", "[]", "line 3: location LAB1: portSpeeds is missing"},
		{"unknown fabric", "fabric: linux", "fabric: cloth", `line 15: fabric "cloth" is not one of simulated, linux`},
		{"no address", "192.0.2.1", "x", `line 15: backbone "x" is not an IP address`},
		{"simulated backbone", "fabric: linux", "fabric: simulated", "a simulated router has no backbone address"},
		{"multicast backbone", "192.0.2.1", "224.0.0.5", "backbone 224.0.0.5 is not a unicast address"},
		{
			"backbone twice", "backbone: 192.0.2.1", "backbone: 192.0.2.1\n  - {fabric: linux, backbone: 192.0.2.1}",
			"line 18: router LAB1-", // made up by its place
		},
		{"MACsec not sold", "macsecSpeeds: [10G]", "macsecSpeeds: [100G]", `macsecSpeeds: "100G" is not among portSpeeds`},
		{"MACsec at 1G", "macsecSpeeds: [10G]", "macsecSpeeds: [1G]", "there is no MACsec on 1G ports"},
		{"empty provider", "[Own fibre]", "[Own fibre, '']", "providers: an entry is empty"},
		{"billing mode", "providers: [Own fibre]", "billingModes: [Free]", `billingModes: "Free" is not a billing mode`},
		{"router of another place", "LAB1-0123456789ab", "LAB2-0123456789ab", `line 15: router "LAB2-0123456789ab"`},
		{"router's token too short", "LAB1-0123456789ab", "LAB1-1", `line 15: router "LAB1-1"`},
		{"range backwards", "ge-[0-1]", "ge-[1-0]", "line 11: names: range [1-0] is empty"},
		{"range too long", "ge-[0-1]", "ge-[0-99999]", "line 11: names: range [0-99999] stands for more than 4096"},
		{"no range", "ge-[0-1]", "ge-[a-b]", `line 11: names: "ge-[a-b]" is no range`},
		{"ranges of two lengths", "[01-02]", "[1-3]", `line 11: panel: the ranges of "[1-3]" do not count 2`},
		{"steps past the end", "[1-3:2]", "[1-4:2]", "line 11: panel: range [1-4:2] does not reach its end"},
		{"steps of nothing", "[1-3:2]", "[1-3:0]", "line 11: panel: range [1-3:0] is empty"},
		{"name and names", "names: ge-[0-1]", "names: ge-[0-1]\n      name: x", "line 11: a port has either name or names"},
		{"port speed", "speed: 1G", "speed: 2G", `line 11: port LAB1-`},
		{"port twice", "name: xe-9", "name: ge-1", "/ge-1: the name is there twice"},
		{"MACsec port at 1G", "speed: 10G, macsec", "speed: 1G, macsec", "line 14: port "},
		{"control character", "Own fibre", `"Own\tfibre"`, "cannot be printed"},
		{"nothing at all", small, "", "line 1: locations is missing"},
		{"location twice", small, small + strings.TrimPrefix(small, "# one building\nlocations:\n"), "line 18: location LAB1: the code is there twice"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			text := strings.Replace(small, test.old, test.new, 1)
			if text == small {
				t.Fatal("the test changes nothing")
			}
			_, err := Parse([]byte(text))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("error %v, want one with %q", err, test.want)
			}
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("the error is longer than a line: %q", err)
			}
		})
	}
}

// Rows of every kind come back as they were, however they are folded.
func TestFoldedRowsComeBack(t *testing.T) {
	t.Parallel()
	names := []string{"a1", "a2", "a3", "a5", "b07", "b08", "b09", "b10", "b11", "c98", "c100", "c102", "x", "y", "1/9", "2/9", "3/9", "99", "100", "101", "0", "00", "1234567890123", "1234567890124"}
	r := Router{Name: "LAB1-0123456789ab"}
	for i, n := range names {
		r.Ports = append(r.Ports, Port{Name: n, Speed: "10G", MACsec: i%5 != 0, Optic: "10GBASE-LR 1310 nm"})
	}
	want := Inventory{Locations: []Location{{
		Code: "LAB1", Region: "eu-central-1", Name: "Laboratory", Partition: "aws", PortSpeeds: []string{"10G"},
		Routers: []Router{r},
	}}}
	text, err := want.Format()
	if err != nil {
		t.Fatal(err)
	}
	got, err := Parse(text)
	if err != nil {
		t.Fatalf("%v in:\n%s", err, text)
	}
	if diff := cmp.Diff(want, got, addresses); diff != "" {
		t.Errorf("(-want +got):\n%s\n%s", diff, text)
	}
}

// What is taken can be written and taken again, and is the same.
func FuzzParse(f *testing.F) {
	f.Add([]byte(small))
	f.Add([]byte("locations: []"))
	f.Add([]byte(`{"locations": [{"code": "X1", "region": "us-east-1", "name": "X", "portSpeeds": ["1G"], "routers": [{"ports": [{"names": "a[08-11]b[1-4]", "speed": "1G"}]}]}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		want, err := Parse(text)
		if err != nil {
			return
		}
		written, err := want.Format()
		if err != nil {
			t.Fatal(err)
		}
		got, err := Parse(written)
		if err != nil {
			t.Fatalf("%v in:\n%s", err, written)
		}
		if c := Diff(want, got); !c.Empty() {
			t.Errorf("it comes back with changes:\n%s\n%s", c, written)
		}
	})
}

package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The committed files are what the generator writes now, byte for byte.
func TestGeneratedFilesAreCurrent(t *testing.T) {
	t.Parallel()
	m, err := readModel()
	if err != nil {
		t.Fatal(err)
	}
	files, err := render(m)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		committed, err := os.ReadFile(filepath.Join("..", name))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(committed), string(want)); diff != "" {
			t.Errorf("internal/api/%s is not what the generator writes; run make gen (-committed +generated):\n%s", name, diff)
		}
	}
}

func TestRequiredMembers(t *testing.T) {
	t.Parallel()
	m, err := readModel()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		shape, member string
		want          bool
	}{
		{"CreateConnectionRequest", "location", true},
		{"CreateConnectionRequest", "lagId", false},
		{"CreateLagRequest", "numberOfConnections", true},                            // a number
		{"CreatePrivateVirtualInterfaceRequest", "newPrivateVirtualInterface", true}, // a structure
		{"NewPrivateVirtualInterface", "vlan", true},                                 // a number in a structure
		{"NewPrivateVirtualInterface", "asn", false},
		{"AssociateConnectionsToResiliencyGroupRequest", "connectionIdentifiers", true}, // a list
		{"Tag", "key", true}, // a string in a list
		{"Tag", "value", false},
	} {
		got := m.member(c.shape, c.member)
		if got == nil {
			t.Errorf("%s has no member %s", c.shape, c.member)
		} else if got.required != c.want {
			t.Errorf("%s.%s required = %t, want %t", c.shape, c.member, got.required, c.want)
		}
	}
}

func TestGoName(t *testing.T) {
	t.Parallel()
	for wire, want := range map[string]string{
		"id":                    "ID",
		"connectionId":          "ConnectionID",
		"connectionIds":         "ConnectionIDs",
		"connectionIdentifiers": "ConnectionIdentifiers",
		"resourceArns":          "ResourceARNs",
		"secretARN":             "SecretARN",
		"asn":                   "ASN",
		"asnLong":               "ASNLong",
		"amazonSideAsn":         "AmazonSideASN",
		"macSecKeys":            "MacSecKeys",
		"awsDeviceV2":           "AwsDeviceV2",
		"awsLogicalDeviceId":    "AwsLogicalDeviceID",
		"prefixPoolSizeIpv4":    "PrefixPoolSizeIpv4",
		"requestMACSec":         "RequestMACSec",
		"mtu":                   "Mtu",
	} {
		if got := goName(wire); got != want {
			t.Errorf("goName(%q) = %q, want %q", wire, got, want)
		}
	}
}

package directconnect

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestFarKindOf(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]FarKind{
		"vgw-0a1b2c3d": VirtualPrivateGateway, "vgw-0a1b2c3d4e5f60718": VirtualPrivateGateway, "tgw-0a1b2c3d4e5f60718": TransitGateway,
		"tgw-0a1b2c3d": "", "vgw-": "", "vgw-0a1b2c3": "", "vgw-0a1b2c3g": "", "vgw-0A1B2C3D": "", "0a1b2c3d": "", "": "",
		"vgw-0a1b2c3d ": "", "vgw-0a1b-c3d": "", "igw-0a1b2c3d": "", "vgw-0a1b2c3d4e5f607180": "",
	} {
		if kind, ok := FarKindOf(id); kind != want || ok != (want != "") {
			t.Errorf("%q is %q, %t", id, kind, ok)
		}
	}
}

// TestOpenFarGateway: the same identifier is always the same gateway, and one that the registry would take.
func TestOpenFarGateway(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		id := rapid.SampledFrom([]string{"vgw", "tgw"}).Draw(t, "kind") + fmt.Sprintf("-%017x", rapid.Uint64().Draw(t, "number"))
		f, ok := OpenFarGateway(id, "111122223333", "us-east-1")
		again, _ := OpenFarGateway(id, "444455556666", "us-west-2")
		if !ok || f.ASN != again.ASN || !slices.Equal(f.CIDRs, again.CIDRs) {
			t.Fatalf("%s is %+v and %+v", id, f, again)
		}
		entered, err := NewFarGateway(id, f.Account, f.Region, f.ASN, f.CIDRs)
		if err != nil || entered.Kind != f.Kind || !slices.Equal(entered.CIDRs, f.CIDRs) {
			t.Fatalf("entered it is %+v, %v", entered, err)
		}
		p := netip.MustParsePrefix(f.CIDRs[0])
		if len(f.CIDRs) != 1 || !p.Addr().IsPrivate() || p.Bits() != 24 || (f.Kind == TransitGateway) == (f.ASN == 64512) {
			t.Fatalf("%s is %+v", id, f)
		}
	})
	if _, ok := OpenFarGateway("vgw-x", "111122223333", "us-east-1"); ok {
		t.Error("a malformed identifier stands for a gateway")
	}
}

func TestFarGatewayChange(t *testing.T) {
	t.Parallel()
	f, err := NewFarGateway("tgw-0a1b2c3d4e5f60718", "111122223333", "us-east-1", 0, []string{"10.1.0.0/16", "2001:db8::/56", "10.1.0.0/16"})
	if err != nil || f.ASN != 64512 || strings.Join(f.CIDRs, " ") != "10.1.0.0/16 2001:0db8:0000:0000:0000:0000:0000:0000/56" {
		t.Fatalf("%+v, %v", f, err)
	}
	asn := func(n int64) *int64 { return &n }
	if same, err := f.Change(nil, nil); err != nil || same.ASN != f.ASN || !slices.Equal(same.CIDRs, f.CIDRs) {
		t.Errorf("a change of nothing: %+v, %v", same, err)
	}
	if bare, err := f.Change(asn(4294967294), []string{}); err != nil || bare.ASN != 4294967294 || len(bare.CIDRs) != 0 {
		t.Errorf("without networks: %+v, %v", bare, err)
	}
	many := make([]string, 1001)
	for i := range many {
		many[i] = fmt.Sprintf("10.%d.%d.0/24", i/256, i%256)
	}
	for want, change := range map[string]func() (FarGateway, error){
		"ASN 0 is not valid. Valid values are 1 to 4294967294.":          func() (FarGateway, error) { return f.Change(asn(0), nil) },
		"ASN 4294967295 is not valid. Valid values are 1 to 4294967294.": func() (FarGateway, error) { return f.Change(asn(4294967295), nil) },
		"CIDR x is not valid.":                                         func() (FarGateway, error) { return f.Change(nil, []string{"x"}) },
		"CIDR 10.0.0.0/8 overlaps another one of " + f.ID + ".":        func() (FarGateway, error) { return f.Change(nil, []string{"10.0.0.0/9", "10.0.0.0/8"}) },
		"You have reached the limit of 1000 networks of " + f.ID + ".": func() (FarGateway, error) { return f.Change(nil, many) },
	} {
		if _, err := change(); err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

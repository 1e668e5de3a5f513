package controlplane

import (
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"onramp/internal/directconnect"
)

// TestPublicRanges: the default ones hold until an operator sets others, and then live public interfaces are looked at again
// and no others.
func TestPublicRanges(t *testing.T) {
	t.Parallel()
	s := operatorsService(t)
	private := interfaceRow(t, s, "1", nil)
	public := interfaceRow(t, s, "2", func(v *directconnect.VirtualInterface) { v.Type = directconnect.Public })
	ended := interfaceRow(t, s, "3", func(v *directconnect.VirtualInterface) {
		v.Type, v.State, v.Deleted, v.Due = directconnect.Public, directconnect.InterfaceDeleted, s.Now(), time.Time{}
	})
	hold := func(want []directconnect.PublicRange) {
		t.Helper()
		got, err := s.PublicRanges(t.Context())
		if diff := cmp.Diff(want, got, cmpopts.EquateComparable(netip.Prefix{}), cmpopts.EquateEmpty()); diff != "" || err != nil {
			t.Errorf("%v, (-want +got):\n%s", err, diff)
		}
	}
	a := directconnect.PublicRange{CIDR: netip.MustParsePrefix("192.0.2.0/25"), Region: "us-east-1"}
	b := directconnect.PublicRange{CIDR: netip.MustParsePrefix("192.0.2.128/25")}
	for name, bad := range map[string][]directconnect.PublicRange{
		"twice": {a, b, a}, "no prefix": {{}}, "host bits": {{CIDR: netip.MustParsePrefix("192.0.2.1/24")}},
		"no Region": {a, {CIDR: b.CIDR, Region: "nowhere"}},
	} {
		if _, err := s.SetPublicRanges(t.Context(), bad); reasonOf(t, err) != Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	hold(directconnect.DefaultPublicRanges)
	if !due(t, s, public).Equal(later) {
		t.Errorf("what was refused made an interface due")
	}
	if _, err := s.SetPublicRanges(t.Context(), []directconnect.PublicRange{b, a}); err != nil {
		t.Fatal(err)
	}
	hold([]directconnect.PublicRange{a, b})
	if !due(t, s, public).Equal(s.Now()) || !due(t, s, private).Equal(later) || !due(t, s, ended).IsZero() {
		t.Errorf("due: public %s, private %s, ended %s", due(t, s, public), due(t, s, private), due(t, s, ended))
	}
	if _, err := s.SetPublicRanges(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	hold(nil)
}

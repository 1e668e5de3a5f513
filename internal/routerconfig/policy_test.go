package routerconfig

import (
	"net/netip"
	"testing"
)

// TestPublicRangesAreTaken: a public interface's filter lets in what an installation without addresses of its own announces,
// and keeps out what is not public.
func TestPublicRangesAreTaken(t *testing.T) {
	t.Parallel()
	for prefix, taken := range map[string]bool{
		"198.18.0.0/18": true, "198.19.0.0/16": true, "2001:2::/52": true, "2001:2:0:8000::/49": true, "8.8.8.0/24": true,
		"10.1.0.0/16": false, "100.64.0.0/16": false, "192.168.7.0/24": false, "0.0.0.0/0": false, "fd00:1::/48": false, "::/0": false,
	} {
		p := netip.MustParsePrefix(prefix)
		f := family{V4: p.Addr().Is4()}
		f.policy(true)
		got := f.Accepted.matches(p)
		for _, r := range f.Refused {
			got = got && !r.matches(p)
		}
		if got != taken {
			t.Errorf("%s is taken: %t", p, got)
		}
	}
}

// matches reports whether the line of a filter is about a prefix.
func (f filter) matches(p netip.Prefix) bool {
	return f.Prefix == p || f.Longer && f.Prefix.Bits() <= p.Bits() && f.Prefix.Contains(p.Addr())
}

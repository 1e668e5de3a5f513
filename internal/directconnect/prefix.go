package directconnect

import (
	"net/netip"
	"slices"
)

// longestV6 is the longest IPv6 prefix one may announce or allow (API reference, RouteFilterPrefix).
const longestV6 = 64

// ParsePrefix reads a prefix in CIDR notation whose host bits are zero.
func ParsePrefix(s string) (netip.Prefix, error) {
	p, err := netip.ParsePrefix(s)
	if err != nil || p.Addr().Is4In6() || p.Addr().Zone() != "" {
		return p, Clientf("CIDR %s is not valid.", s)
	}
	if p != p.Masked() {
		return p, Clientf("CIDR %s is not valid: it has host bits set.", s)
	}
	if p.Addr().Is6() && p.Bits() > longestV6 {
		return p, Clientf("CIDR %s is not valid: IPv6 prefixes must be /%d or shorter.", s, longestV6)
	}
	return p, nil
}

// ParsePrefixes reads several, each once, in the wire's spelling.
func ParsePrefixes(cidrs []string) ([]string, error) {
	var out []string
	for _, s := range cidrs {
		p, err := ParsePrefix(s)
		if err != nil {
			return nil, err
		}
		if f := FormatPrefix(p); !slices.Contains(out, f) {
			out = append(out, f)
		}
	}
	return out, nil
}

// FamilyOf is the family of a prefix.
func FamilyOf(p netip.Prefix) Family {
	if p.Addr().Is4() {
		return IPv4
	}
	return IPv6
}

// maxRouteFilter is how many prefixes a public interface may announce (user guide, "Quotas").
const maxRouteFilter = 1000

// notPublic are the networks that no public prefix has a part in (RFC 1918, RFC 6598, RFC 1122, RFC 3927, RFC 4193).
var notPublic = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("10.0.0.0/8"), carrierGrade,
	netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("169.254.0.0/16"), netip.MustParsePrefix("172.16.0.0/12"),
	netip.MustParsePrefix("192.168.0.0/16"), netip.MustParsePrefix("fc00::/7"),
}

// checkRouteFilter refuses what a customer may not announce on a public interface: nothing at all over IPv4, private
// space, too much.
func checkRouteFilter(cidrs []string, family Family) error {
	if len(cidrs) == 0 && family == IPv4 {
		return Clientf("routeFilterPrefixes must name at least one prefix for an IPv4 public virtual interface.")
	}
	if len(cidrs) > maxRouteFilter {
		return QuotaExceeded("route filter prefixes on a public virtual interface", maxRouteFilter)
	}
	for _, s := range cidrs {
		p, err := ParsePrefix(s)
		if err != nil {
			return err
		}
		if !p.Addr().IsGlobalUnicast() || slices.ContainsFunc(notPublic, p.Overlaps) {
			return Clientf("Prefix %s is not public.", s)
		}
	}
	return nil
}

// Without answers have less what is in keep: what an update to keep has to remove.
func Without(have, keep []string) []string {
	return slices.DeleteFunc(slices.Clone(have), func(p string) bool { return slices.Contains(keep, p) })
}

package directconnect

import (
	"net/netip"
	"slices"
)

// prefixCover answers quickly whether one of many prefixes covers another. It is a sorted list without those that lie
// inside others, so that one search finds the only one that can.
type prefixCover []netip.Prefix

// coverOf is the cover of the given prefixes, of either family. It keeps no reference to them.
func coverOf(prefixes []netip.Prefix) prefixCover {
	sorted := slices.SortedFunc(slices.Values(prefixes), ComparePrefixes)
	cover := sorted[:0]
	for _, p := range sorted {
		if n := len(cover); n == 0 || !covers(cover[n-1], p) {
			cover = append(cover, p)
		}
	}
	return cover
}

// covers reports whether inner is outer or lies inside it.
func covers(outer, inner netip.Prefix) bool {
	return outer.Bits() <= inner.Bits() && outer.Contains(inner.Addr())
}

// covers reports whether p is one of the prefixes or lies inside one.
func (c prefixCover) covers(p netip.Prefix) bool {
	i, found := slices.BinarySearchFunc(c, p, ComparePrefixes)
	return found || i > 0 && covers(c[i-1], p)
}

// parsedPrefixes are those of the texts that are prefixes: what the rules have let into the store.
func parsedPrefixes(cidrs []string) []netip.Prefix {
	parsed := make([]netip.Prefix, 0, len(cidrs))
	for _, s := range cidrs {
		if p, err := netip.ParsePrefix(s); err == nil {
			parsed = append(parsed, p.Masked())
		}
	}
	return parsed
}

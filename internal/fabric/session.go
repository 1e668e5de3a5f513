package fabric

import (
	"encoding/binary"
	"hash/fnv"
	"net/netip"
)

// InterfaceStatus is one interface as seen.
type InterfaceStatus struct {
	Configured bool
	Up         bool // its link carries frames
	Counters   Counters
	Neighbors  map[string]NeighborStatus // by name, those that are configured
}

// NeighborStatus is one BGP session as seen.
type NeighborStatus struct {
	Up       bool   // established
	Shutdown bool   // configured to be shut
	Reason   string // why it is not established, in words; empty when it is
	// OverLimit says that the router has closed the session with Cease 6/1 (RFC 4486), because the neighbour announced more
	// prefixes than it may.
	OverLimit bool
	// Accepted is what was taken of what the neighbour announces, as it was announced, sorted by prefix; none while the
	// session is not established.
	Accepted []RouteSeen
	// AcceptedVersion differs when Accepted does: see RoutesVersion.
	AcceptedVersion uint64
}

// RouteSeen is a route as a neighbour announced it.
type RouteSeen struct {
	Prefix      netip.Prefix
	ASPath      []PathSegment // the neighbour's own number first
	Communities []string
}

// PathSegment is a part of an AS path (RFC 4271, section 4.3).
type PathSegment struct {
	ASNs []int64
	Set  bool // their order says nothing
}

// RoutesVersion is a number that is the same for tables of routes that say the same, and 0 for an empty one (FNV-1a).
func RoutesVersion(routes []RouteSeen) uint64 {
	if len(routes) == 0 {
		return 0
	}
	h := fnv.New64a()
	var b []byte
	for _, r := range routes {
		b, _ = r.Prefix.AppendBinary(b[:0]) // never fails
		b = binary.AppendUvarint(b, uint64(len(r.ASPath)))
		for _, s := range r.ASPath {
			n := uint64(len(s.ASNs)) << 1
			if s.Set {
				n |= 1
			}
			b = binary.AppendUvarint(b, n)
			for _, asn := range s.ASNs {
				b = binary.AppendVarint(b, asn)
			}
		}
		b = binary.AppendUvarint(b, uint64(len(r.Communities)))
		for _, c := range r.Communities {
			b = binary.AppendUvarint(b, uint64(len(c)))
			b = append(b, c...)
		}
		_, _ = h.Write(b) // never fails: hash.Hash
	}
	return max(1, h.Sum64())
}

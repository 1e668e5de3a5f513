package directconnect

import (
	"encoding/json"
	"net/netip"
	"slices"
)

// PublicRange is a prefix of the provider's own, announced on public interfaces.
type PublicRange struct {
	CIDR   netip.Prefix `json:"cidr"`
	Region string       `json:"region,omitempty"` // that it is used in; empty: everywhere
}

// PublicRangesSetting is the name of the installation's setting that holds the provider's ranges, as FormatPublicRanges
// writes them. While it is not set they are DefaultPublicRanges.
const PublicRangesSetting = "public-ranges"

// DefaultPublicRanges are cut from the blocks for benchmarks (RFC 2544, RFC 5180), which are in use in no network: an
// installation that has addresses of its own names them instead.
var DefaultPublicRanges = []PublicRange{
	{netip.MustParsePrefix("198.18.0.0/18"), "us-east-1"},
	{netip.MustParsePrefix("198.18.64.0/18"), "us-west-2"},
	{netip.MustParsePrefix("198.18.128.0/18"), "eu-west-1"},
	{netip.MustParsePrefix("198.18.192.0/18"), "ap-northeast-1"},
	{netip.MustParsePrefix("198.19.0.0/16"), ""},
	{netip.MustParsePrefix("2001:2::/52"), "us-east-1"},
	{netip.MustParsePrefix("2001:2:0:1000::/52"), "us-west-2"},
	{netip.MustParsePrefix("2001:2:0:2000::/52"), "eu-west-1"},
	{netip.MustParsePrefix("2001:2:0:3000::/52"), "ap-northeast-1"},
	{netip.MustParsePrefix("2001:2:0:8000::/49"), ""},
}

// ParsePublicRanges reads a list of ranges and refuses prefixes that are not valid or are there twice. Empty is a provider
// without any.
func ParsePublicRanges(text string) ([]PublicRange, error) {
	var ranges []PublicRange
	if err := json.Unmarshal([]byte(text), &ranges); err != nil {
		return nil, Clientf("Public ranges are not valid: %v.", err)
	}
	slices.SortFunc(ranges, func(a, b PublicRange) int { return ComparePrefixes(a.CIDR, b.CIDR) })
	for i, r := range ranges {
		if _, err := ParsePrefix(r.CIDR.String()); err != nil {
			return nil, err
		}
		if i > 0 && ranges[i-1].CIDR == r.CIDR {
			return nil, Clientf("Public range %s is there twice.", r.CIDR)
		}
	}
	return ranges, nil
}

// FormatPublicRanges is what ParsePublicRanges reads.
func FormatPublicRanges(ranges []PublicRange) (string, error) {
	text, err := json.Marshal(ranges)
	return string(text), err
}

// publicPrepend makes the path of a public range three long (user guide, "Routing policies and BGP communities").
var publicPrepend = []int64{PublicASN, PublicASN}

// announced is the range as a public interface in a Region announces it; false: it does not, since the range is of another
// partition.
func (r PublicRange) announced(region string) (Announcement, bool) {
	a := Announcement{CIDR: r.CIDR, NoExport: true, Prepend: publicPrepend}
	switch {
	case r.Region == "":
	case !ScopeWorld.Reaches(r.Region, region):
		return a, false
	case r.Region == region:
		a.Communities = []string{CommunityOfRegion}
	case ScopeContinent.Reaches(r.Region, region):
		a.Communities = []string{CommunityOfContinent}
	}
	return a, true
}

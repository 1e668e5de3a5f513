package directconnect

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// Communities with a meaning (user guide, "Routing policies and BGP communities"). Everything from 7224:1 to 7224:65535 is
// the provider's; what it gives no meaning to is taken off a customer's routes.
const (
	CommunityLow         = "7224:7100" // private and transit, from the customer: local preference
	CommunityMedium      = "7224:7200"
	CommunityHigh        = "7224:7300"
	CommunityToRegion    = "7224:9100" // public, from the customer: how far the prefix is told
	CommunityToContinent = "7224:9200"
	CommunityToWorld     = "7224:9300"
	CommunityOfRegion    = "7224:8100" // public, to the customer: where the prefix is from; none: anywhere
	CommunityOfContinent = "7224:8200"

	// CommunityNoExport is the well-known NO_EXPORT (RFC 1997): not to be told to another autonomous system.
	CommunityNoExport = "65535:65281"
)

const reservedCommunities = "7224:"

// supportedCommunities are those of the provider's that a customer's route may carry, by the type of its interface.
var supportedCommunities = map[InterfaceType][]string{
	Private: {CommunityLow, CommunityMedium, CommunityHigh},
	Transit: {CommunityLow, CommunityMedium, CommunityHigh},
	Public:  {CommunityToRegion, CommunityToContinent, CommunityToWorld},
}

// CheckCommunity refuses what is not two numbers of 16 bits (RFC 1997), "65000:1".
func CheckCommunity(s string) error {
	high, low, ok := strings.Cut(s, ":")
	if ok && shortNumber(high) && shortNumber(low) {
		return nil
	}
	return Clientf("Community %s is not valid: it must be two numbers from 0 to 65535 joined by a colon.", s)
}

// shortNumber reports whether the text is a number of 16 bits in its shortest spelling, so that equal communities are equal
// texts.
func shortNumber(s string) bool {
	_, err := strconv.ParseUint(s, 10, 16)
	return err == nil && (s == "0" || s[0] != '0')
}

// takenCommunities are the communities that a route keeps when it is taken on an interface of type t, sorted, each once.
func takenCommunities(t InterfaceType, told []string) []string {
	var kept []string
	for _, c := range told {
		if strings.HasPrefix(c, reservedCommunities) && !slices.Contains(supportedCommunities[t], c) || CheckCommunity(c) != nil {
			continue
		}
		kept = append(kept, c)
	}
	slices.Sort(kept)
	return slices.Compact(kept)
}

// passedCommunities are the customer's own: none of the provider's leaves it with a route of a customer.
func passedCommunities(taken []string) []string {
	var passed []string
	for _, c := range taken {
		if !strings.HasPrefix(c, reservedCommunities) && c != CommunityNoExport {
			passed = append(passed, c)
		}
	}
	return passed
}

// Local preferences that the communities stand for; the numbers are ours, their order is documented.
const (
	PreferLow    = 100
	PreferMedium = 200
	PreferHigh   = 300
)

// LocalPreference is what a customer's communities ask for. They exclude each other: a route with two of them is as one
// with none, medium.
func LocalPreference(communities []string) int {
	asked := 0
	for _, c := range communities {
		pref := 0
		switch c {
		case CommunityLow:
			pref = PreferLow
		case CommunityMedium:
			pref = PreferMedium
		case CommunityHigh:
			pref = PreferHigh
		default:
			continue
		}
		if asked != 0 && asked != pref {
			return PreferMedium
		}
		asked = pref
	}
	return cmp.Or(asked, PreferMedium)
}

// Scope is how far a prefix that a customer announces on a public interface is told.
type Scope string

const (
	ScopeRegion    Scope = "region"
	ScopeContinent Scope = "continent"
	ScopeWorld     Scope = "world"
)

// ScopeOf is the scope that a route's communities ask for: the narrowest of those named, the world when none is.
func ScopeOf(communities []string) Scope {
	switch {
	case slices.Contains(communities, CommunityToRegion):
		return ScopeRegion
	case slices.Contains(communities, CommunityToContinent):
		return ScopeContinent
	}
	return ScopeWorld
}

// Reaches reports whether a prefix of that scope, announced in one Region, is told in another. Nothing crosses the border
// of a partition.
func (s Scope) Reaches(from, to string) bool {
	switch {
	case PartitionOf(from) != PartitionOf(to):
		return false
	case s == ScopeRegion:
		return from == to
	case s == ScopeContinent:
		return Continent(from) == Continent(to)
	}
	return true
}

// continents are the documented ones by how their Regions' names begin.
var continents = map[string]string{
	"us": "North America", "ca": "North America", "mx": "North America", "sa": "South America",
	"ap": "Asia Pacific", "cn": "Asia Pacific",
	"eu": "Europe, the Middle East and Africa", "me": "Europe, the Middle East and Africa",
	"af": "Europe, the Middle East and Africa", "il": "Europe, the Middle East and Africa",
}

// Continent is the part of the world that a Region is in; a Region of unknown name is a part of its own.
func Continent(region string) string {
	head, _, _ := strings.Cut(region, "-")
	if c := continents[head]; c != "" {
		return c
	}
	return region
}

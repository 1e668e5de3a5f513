// Package inventory is the plant as data: the locations where ports are sold, the routers that stand there and the ports
// on them. It reads and writes the YAML that operators keep, checks it, compares two inventories, and holds the one that
// a fresh installation starts with.
//
// It does no I/O beyond its embedded data: what an installation really has lies in the store, and whether a change may be
// made to it is for package controlplane to say.
package inventory

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"onramp/internal/directconnect"
)

// Inventory is everything that can be ordered.
type Inventory struct {
	Locations []Location `json:"locations"`
}

// Location is a colocation and what stands in it (API reference, Location).
type Location struct {
	Code         string                      `json:"code"`
	Region       string                      `json:"region"` // whose endpoint lists it
	Name         string                      `json:"name"`
	Partition    string                      `json:"partition,omitempty"`
	Country      string                      `json:"country,omitempty"`  // ISO 3166-1 alpha-2
	Operator     string                      `json:"operator,omitempty"` // of the building
	Address      []string                    `json:"address,omitempty"`  // lines, as on a letter
	PortSpeeds   []string                    `json:"portSpeeds"`         // "1G", "10G", "100G", "400G": what is sold
	MACsecSpeeds []string                    `json:"macsecSpeeds,omitempty"`
	Providers    []string                    `json:"providers,omitempty"`
	BillingModes []directconnect.BillingMode `json:"billingModes,omitempty"`
	Routers      []Router                    `json:"routers,omitempty"`
}

// Router is an endpoint. Its Name is what customers see as awsDevice.
type Router struct {
	Name     string               `json:"name"`
	Fabric   directconnect.Fabric `json:"fabric,omitempty"`
	Backbone netip.Addr           `json:"backbone,omitzero"`
	Ports    []Port               `json:"ports,omitempty"` // in the order in which they are given out
}

// Noun is the router at its location as the store keeps it.
func (r Router) Noun(at Location) directconnect.Router {
	return directconnect.Router{Name: r.Name, Location: at.Code, Region: at.Region, Fabric: r.Fabric, Backbone: r.Backbone}
}

// RouterOf is the inverse of Noun, without the ports.
func RouterOf(r directconnect.Router) Router {
	return Router{Name: r.Name, Fabric: r.Fabric, Backbone: r.Backbone}
}

// Port is one place where a cable can end.
type Port struct {
	Name   string              `json:"name"`  // unique on its router
	Speed  string              `json:"speed"` // "1G", "10G", "100G", "400G"
	MACsec bool                `json:"macsec,omitempty"`
	Optic  string              `json:"optic,omitempty"`
	Panel  directconnect.Panel `json:"panel,omitzero"`
}

// Noun is the location without its routers, as the store keeps it.
func (l Location) Noun() directconnect.Location {
	return directconnect.Location{
		Code: l.Code, Region: l.Region, Name: l.Name, Partition: l.Partition, Country: l.Country, Operator: l.Operator,
		Address: l.Address, PortSpeeds: l.PortSpeeds, MACsecSpeeds: l.MACsecSpeeds, Providers: l.Providers,
		BillingModes: l.BillingModes,
	}
}

// LocationOf is the inverse of Noun.
func LocationOf(l directconnect.Location) Location {
	return Location{
		Code: l.Code, Region: l.Region, Name: l.Name, Partition: l.Partition, Country: l.Country, Operator: l.Operator,
		Address: l.Address, PortSpeeds: l.PortSpeeds, MACsecSpeeds: l.MACsecSpeeds, Providers: l.Providers,
		BillingModes: l.BillingModes,
	}
}

// Noun is the port as the store keeps it: free, at the given position (from 1) of a router.
func (p Port) Noun(location, router string, position int64) directconnect.Port {
	return directconnect.Port{
		ID: directconnect.PortID(router, p.Name), Router: router, Location: location,
		Bandwidth: directconnect.BandwidthOfSpeed(p.Speed), MACsec: p.MACsec, Position: position,
		Name: p.Name, Optic: p.Optic, Panel: p.Panel,
	}
}

// PortOf is the inverse of Noun.
func PortOf(p directconnect.Port) Port {
	return Port{Name: p.Name, Speed: p.Bandwidth.Speed(), MACsec: p.MACsec, Optic: p.Optic, Panel: p.Panel}
}

// Ports counts the ports of all routers.
func (inv Inventory) Ports() int {
	n := 0
	for _, l := range inv.Locations {
		for _, r := range l.Routers {
			n += len(r.Ports)
		}
	}
	return n
}

// Sorted answers the inventory with its locations in order of their codes and each location's routers in order of their
// names. Ports keep their order: it is the order in which they are given out.
func (inv Inventory) Sorted() Inventory {
	sorted := Inventory{Locations: slices.Clone(inv.Locations)}
	slices.SortFunc(sorted.Locations, func(a, b Location) int { return strings.Compare(a.Code, b.Code) })
	for i := range sorted.Locations {
		l := &sorted.Locations[i]
		l.Routers = slices.Clone(l.Routers)
		slices.SortFunc(l.Routers, func(a, b Router) int { return strings.Compare(a.Name, b.Name) })
	}
	return sorted
}

// deviceDigits is how many base-36 digits 64 bits are written with at least; recorded names have 12 or 13.
const deviceDigits = 12

// DeviceName is the name of a location's n-th router (from 1) that was given none: the code, a dash and 64 bits of a hash
// in base 36, so that it has the recorded shape and never changes (fact sheet 2.1).
func DeviceName(code string, n int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s/%d", code, n))
	token := strconv.FormatUint(binary.BigEndian.Uint64(sum[:8]), 36)
	return code + "-" + strings.Repeat("0", max(0, deviceDigits-len(token))) + token
}

// regionShape covers every Region of every partition, eusc-de-east-1 included.
var regionShape = regexp.MustCompile(`^[a-z]{2,4}(-[a-z]+)+-[0-9]$`)

// IsRegion reports whether s looks like the name of a Region.
func IsRegion(s string) bool { return len(s) <= 32 && regionShape.MatchString(s) }

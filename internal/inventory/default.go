package inventory

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"sync"

	"onramp/internal/directconnect"
)

// locationData is the public list of locations with what they sell. Codes, names, Regions and speeds are facts; what
// stands behind them below (routers, panels) is ours.
//
//go:embed locations.json
var locationData []byte

// routersPerLocation is the least that lets a customer order two ports on different devices.
const routersPerLocation = 2

// line is a row of like ports on a router of the default inventory: how many, and what their names begin with.
type line struct {
	speed, prefix, panel string
	ports                int
}

var defaultLines = []line{
	{"1G", "ge-0/0/", "PP-01", 24},
	{"10G", "xe-1/0/", "PP-02", 24},
	{"100G", "et-2/0/", "PP-03", 8},
	{"400G", "et-3/0/", "PP-04", 4},
}

// usualProviders are offered where the real list is not established: names of the one list that is, after the building's
// own operator, which that list opens with.
var usualProviders = []string{"AT&T", "CenturyLink", "Verizon", "Zayo Group"}

// Default is the inventory of a fresh installation: every location of the data file, two routers each, and ports of every
// speed that is sold there. Every call answers the same.
func Default() Inventory {
	data := readData()
	inv := Inventory{Locations: make([]Location, 0, len(data.Locations))}
	for _, d := range data.Locations {
		l := Location{
			Code: d.Code, Region: d.Region, Name: d.Name, Partition: d.Partition, Country: d.Country, Operator: d.Operator,
			Address: address(d.Name, data.Countries[d.Country]), PortSpeeds: d.Speeds, MACsecSpeeds: d.MACsec,
			Providers: providers(d), BillingModes: directconnect.RequestBillingModes[1:], // which ones are sold where is not published
		}
		for n := 1; n <= routersPerLocation; n++ {
			l.Routers = append(l.Routers, defaultRouter(l, n))
		}
		inv.Locations = append(inv.Locations, l)
	}
	return inv.Sorted()
}

type datum struct {
	Code, Region, Partition, Country, Name, Operator string
	Speeds, MACsec, Providers                        []string
}

type dataFile struct {
	Countries map[string]string
	Locations []datum
}

var readData = sync.OnceValue(func() dataFile {
	var data dataFile
	if err := json.Unmarshal(locationData, &data); err != nil {
		panic(fmt.Sprintf("inventory: embedded locations.json: %v", err)) // a fault of the build, not of a user
	}
	return data
})

func providers(d datum) []string {
	if len(d.Providers) > 0 {
		return d.Providers
	}
	if d.Operator == "" || slices.Contains(usualProviders, d.Operator) {
		return usualProviders
	}
	return append([]string{d.Operator}, usualProviders...)
}

// address makes the lines of a letter from a name such as "Equinix CH2, Chicago, IL" and the country.
func address(name, country string) []string {
	site, city, _ := strings.Cut(name, ", ")
	lines := []string{site}
	city, _ = strings.CutSuffix(city, country)
	if city = strings.TrimSuffix(strings.TrimSpace(city), ","); city != "" {
		lines = append(lines, city)
	}
	return append(lines, country)
}

func defaultRouter(l Location, n int) Router {
	r := Router{Name: DeviceName(l.Code, n)}
	h := fnv.New32a()
	fmt.Fprintf(h, "%s/%d", l.Code, n)
	place := h.Sum32() // spreads cages and racks, the same at every start
	building, _, _ := strings.Cut(l.Name, ", ")
	for _, row := range defaultLines {
		if !slices.Contains(l.PortSpeeds, row.speed) {
			continue
		}
		for i := range row.ports {
			r.Ports = append(r.Ports, Port{
				Name: fmt.Sprint(row.prefix, i), Speed: row.speed, MACsec: slices.Contains(l.MACsecSpeeds, row.speed),
				Optic: directconnect.BandwidthOfSpeed(row.speed).Optic(),
				Panel: directconnect.Panel{
					Building: building, Room: fmt.Sprintf("MMR-%d", n), Cage: fmt.Sprintf("C%02d", 1+place%40),
					Rack: fmt.Sprintf("R%02d", 1+place/40%60), Panel: row.panel, Port: fmt.Sprint(i + 1),
					Strands: fmt.Sprintf("%d/%d", 2*i+1, 2*i+2), Connector: "LC duplex",
				},
			})
		}
	}
	return r
}

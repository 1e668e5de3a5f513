package inventory

import (
	"fmt"

	"github.com/goccy/go-yaml"

	"onramp/internal/directconnect"
)

// Format writes the inventory in the form that Parse reads, rows of like ports folded into one line each. Parsing it
// again gives the same inventory.
func (inv Inventory) Format() ([]byte, error) {
	f := form{Locations: make([]lined[locationForm], 0, len(inv.Locations))}
	for _, l := range inv.Locations {
		lf := locationForm{
			Code: l.Code, Region: l.Region, Name: l.Name, Partition: l.Partition, Country: l.Country,
			Operator: l.Operator, Address: l.Address, PortSpeeds: l.PortSpeeds, MACsecSpeeds: l.MACsecSpeeds,
			Providers: l.Providers, BillingModes: l.BillingModes,
		}
		if lf.Partition == directconnect.PartitionOf(l.Region) {
			lf.Partition = ""
		}
		for _, r := range l.Routers {
			rf := routerForm{Name: r.Name, Fabric: string(r.Fabric)}
			if r.Backbone.IsValid() {
				rf.Backbone = r.Backbone.String()
			}
			for _, p := range foldPorts(r.Ports) {
				rf.Ports = append(rf.Ports, lined[portForm]{value: p})
			}
			lf.Routers = append(lf.Routers, lined[routerForm]{value: rf})
		}
		f.Locations = append(f.Locations, lined[locationForm]{value: lf})
	}
	text, err := yaml.MarshalWithOptions(f, yaml.IndentSequence(false))
	if err != nil {
		return nil, fmt.Errorf("writing the inventory: %w", err)
	}
	return text, nil
}

// foldPorts makes as few lines as it can without looking back: each takes all the ports that continue its first two.
func foldPorts(ports []Port) []portForm {
	var lines []portForm
	for len(ports) > 0 {
		line, n := foldRow(ports)
		lines, ports = append(lines, line), ports[n:]
	}
	return lines
}

// foldRow makes a line of the first ports and answers how many it stands for.
func foldRow(ports []Port) (portForm, int) {
	first := ports[0]
	line := portForm{Name: first.Name, Speed: first.Speed, MACsec: first.MACsec, Optic: first.Optic, Panel: first.Panel}
	if line.Optic == directconnect.BandwidthOfSpeed(line.Speed).Optic() {
		line.Optic = ""
	}
	if len(ports) < 2 {
		return line, 1
	}
	patterns, ok := foldTexts(texts(&ports[0]), texts(&ports[1]))
	if !ok {
		return line, 1
	}
	n := 0
	for n < len(ports) && n < maxRange && continues(patterns, first, &ports[n], n) {
		n++
	}
	if n < 2 {
		return line, 1
	}
	line.Name, line.Names = "", patterns[0].String(n)
	for k, text := range panelTexts(&line.Panel) {
		*text = patterns[k+1].String(n)
	}
	return line, n
}

// texts are the parts of a port that may count along a row: its name, then its panel.
func texts(p *Port) []*string { return append([]*string{&p.Name}, panelTexts(&p.Panel)...) }

func foldTexts(a, b []*string) ([]pattern, bool) {
	patterns := make([]pattern, len(a))
	for k := range a {
		p, ok := foldPattern(*a[k], *b[k])
		if !ok {
			return nil, false
		}
		patterns[k] = p
	}
	return patterns, true
}

func continues(patterns []pattern, first Port, p *Port, n int) bool {
	if p.Speed != first.Speed || p.MACsec != first.MACsec || p.Optic != first.Optic {
		return false
	}
	for k, text := range texts(p) {
		if patterns[k].text(n) != *text {
			return false
		}
	}
	return true
}

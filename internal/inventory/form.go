package inventory

import (
	"errors"
	"fmt"
	"net/netip"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"

	"onramp/internal/directconnect"
)

// The form is how an operator writes an inventory: like Inventory, but one line may stand for a row of ports, and router
// names, optics and partitions may be left out.

type form struct {
	Locations []lined[locationForm] `yaml:"locations"`
}

type locationForm struct {
	Code         string                      `yaml:"code"`
	Region       string                      `yaml:"region"`
	Name         string                      `yaml:"name"`
	Partition    string                      `yaml:"partition,omitempty"`
	Country      string                      `yaml:"country,omitempty"`
	Operator     string                      `yaml:"operator,omitempty"`
	Address      []string                    `yaml:"address,flow,omitempty"`
	PortSpeeds   []string                    `yaml:"portSpeeds,flow"`
	MACsecSpeeds []string                    `yaml:"macsecSpeeds,flow,omitempty"`
	Providers    []string                    `yaml:"providers,flow,omitempty"`
	BillingModes []directconnect.BillingMode `yaml:"billingModes,flow,omitempty"`
	Routers      []lined[routerForm]         `yaml:"routers,omitempty"`
}

type routerForm struct {
	Name     string            `yaml:"name,omitempty"`
	Fabric   string            `yaml:"fabric,omitempty"`   // simulated (the default) or linux
	Backbone string            `yaml:"backbone,omitempty"` // an IP address
	Ports    []lined[portForm] `yaml:"ports,omitempty"`
}

// portForm is a port, or with ranges in Names a row of them.
type portForm struct {
	Name   string              `yaml:"name,omitempty"`  // exactly one port
	Names  string              `yaml:"names,omitempty"` // may hold ranges
	Speed  string              `yaml:"speed"`
	MACsec bool                `yaml:"macsec,omitempty"`
	Optic  string              `yaml:"optic,omitempty"` // empty: the speed's usual one
	Panel  directconnect.Panel `yaml:"panel,flow,omitempty"`
}

// lined remembers the line that a value begins on.
type lined[T any] struct {
	line  int
	value T
}

func (l *lined[T]) UnmarshalYAML(node ast.Node) error {
	l.line = node.GetToken().Position.Line
	return yaml.NodeToValue(node, &l.value, yaml.Strict())
}

func (l lined[T]) MarshalYAML() (any, error) { return l.value, nil }

// maxPorts bounds what a form can unfold to.
const maxPorts = 1_000_000

// Parse reads the YAML (or JSON) form, fills in what was left out and checks the result. Errors begin with the line.
func Parse(text []byte) (Inventory, error) {
	f, err := decodeForm(text)
	if err != nil {
		return Inventory{}, err
	}
	if f.Locations == nil {
		return Inventory{}, errors.New("line 1: locations is missing; an inventory without any is written locations: []")
	}
	u := unfolding{}
	for _, l := range f.Locations {
		if err := u.location(l); err != nil {
			return Inventory{}, err
		}
	}
	if at, err := u.inv.check(); err != nil {
		return Inventory{}, fmt.Errorf("line %d: %w", u.lineOf(at), err)
	}
	return u.inv, nil
}

// decodeForm reads the YAML. Some texts that are no sensible YAML, such as a tag without a value, make the library panic.
func decodeForm(text []byte) (f form, err error) {
	defer func() {
		if v := recover(); v != nil {
			f, err = form{}, errors.New("the text is not YAML that can be read; it has a tag or value where none may be")
		}
	}()
	if err := yaml.UnmarshalWithOptions(text, &f, yaml.Strict()); err != nil {
		return form{}, yamlError(err)
	}
	return f, nil
}

// yamlError makes one line of the parser's several.
func yamlError(err error) error {
	if detailed, ok := errors.AsType[yaml.Error](err); ok && detailed.GetToken() != nil {
		return fmt.Errorf("line %d: %s", detailed.GetToken().Position.Line, detailed.GetMessage())
	}
	return err
}

// unfolding makes an inventory of a form and remembers which line each part of it came from.
type unfolding struct {
	inv   Inventory
	lines []locationLines
	ports int
}

type locationLines struct {
	line    int
	routers []routerLines
}

type routerLines struct {
	line  int
	ports []int
}

func (u *unfolding) location(in lined[locationForm]) error {
	f := in.value
	l := Location{
		Code: f.Code, Region: f.Region, Name: f.Name, Partition: f.Partition, Country: f.Country, Operator: f.Operator,
		Address: f.Address, PortSpeeds: f.PortSpeeds, MACsecSpeeds: f.MACsecSpeeds, Providers: f.Providers,
		BillingModes: f.BillingModes,
	}
	if l.Partition == "" {
		l.Partition = directconnect.PartitionOf(l.Region)
	}
	lines := locationLines{line: in.line}
	for n, rf := range f.Routers {
		r, err := rf.value.router()
		if err != nil {
			return fmt.Errorf("line %d: %w", rf.line, err)
		}
		if r.Name == "" {
			r.Name = DeviceName(l.Code, n+1)
		}
		at := routerLines{line: rf.line}
		for _, pf := range rf.value.Ports {
			ports, err := pf.value.unfold()
			if err != nil {
				return fmt.Errorf("line %d: %w", pf.line, err)
			}
			if u.ports += len(ports); u.ports > maxPorts {
				return fmt.Errorf("line %d: more than %d ports", pf.line, maxPorts)
			}
			r.Ports = append(r.Ports, ports...)
			for range ports {
				at.ports = append(at.ports, pf.line)
			}
		}
		l.Routers, lines.routers = append(l.Routers, r), append(lines.routers, at)
	}
	u.inv.Locations, u.lines = append(u.inv.Locations, l), append(u.lines, lines)
	return nil
}

// router is the form's router without its ports; its name may be empty.
func (f routerForm) router() (Router, error) {
	r := Router{Name: f.Name}
	var known bool
	if r.Fabric, known = directconnect.Fabrics[f.Fabric]; !known {
		return r, fmt.Errorf("fabric %q is not one of simulated, linux", f.Fabric)
	}
	if f.Backbone == "" {
		return r, nil
	}
	var err error
	if r.Backbone, err = netip.ParseAddr(f.Backbone); err != nil {
		return r, fmt.Errorf("backbone %q is not an IP address", f.Backbone)
	}
	return r, nil
}

func (u *unfolding) lineOf(at place) int {
	l := u.lines[at.location]
	if at.router < 0 {
		return l.line
	}
	r := l.routers[at.router]
	if at.port < 0 {
		return r.line
	}
	return r.ports[at.port]
}

// unfold makes the ports that the line stands for.
func (f portForm) unfold() ([]Port, error) {
	if (f.Name == "") == (f.Names == "") {
		return nil, errors.New("a port has either name or names")
	}
	optic := f.Optic
	if optic == "" {
		optic = directconnect.BandwidthOfSpeed(f.Speed).Optic()
	}
	if f.Name != "" {
		return []Port{{Name: f.Name, Speed: f.Speed, MACsec: f.MACsec, Optic: optic, Panel: f.Panel}}, nil
	}
	names, err := parsePattern(f.Names)
	if err != nil {
		return nil, fmt.Errorf("names: %w", err)
	}
	n := names.count()
	if n == 0 {
		return nil, fmt.Errorf("names: the ranges of %q do not count alike", f.Names)
	}
	panel := make([]pattern, 0, 8)
	for _, text := range panelTexts(&f.Panel) {
		p, err := parsePattern(*text)
		if err != nil {
			return nil, fmt.Errorf("panel: %w", err)
		}
		if len(p.spans) > 0 && p.count() != n {
			return nil, fmt.Errorf("panel: the ranges of %q do not count %d texts, as names does", *text, n)
		}
		panel = append(panel, p)
	}
	ports := make([]Port, n)
	for i := range ports {
		ports[i] = Port{Name: names.text(i), Speed: f.Speed, MACsec: f.MACsec, Optic: optic}
		for k, text := range panelTexts(&ports[i].Panel) {
			*text = panel[k].text(i)
		}
	}
	return ports, nil
}

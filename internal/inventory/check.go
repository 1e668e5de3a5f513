package inventory

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"onramp/internal/directconnect"
)

var (
	codeShape      = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]{1,30}$`)
	countryShape   = regexp.MustCompile(`^[A-Z]{2}$`)
	partitionShape = regexp.MustCompile(`^aws(-[a-z]+){0,2}$`)
	tokenShape     = regexp.MustCompile(`^[0-9a-z]{12,13}$`)
)

// maxText bounds every name and text.
const maxText = 255

// Check refuses an inventory that breaks a rule: codes, Regions, speeds, device names, doubles. The error names the
// location, router or port.
func (inv Inventory) Check() error {
	_, err := inv.check()
	return err
}

// place is where in an inventory something is: indexes of location, router and port, -1 where it is above them.
type place struct{ location, router, port int }

func (inv Inventory) check() (place, error) {
	c := checker{codes: map[string]bool{}, routers: map[string]bool{}, backbone: map[netip.Addr]string{}}
	for i, l := range inv.Locations {
		if err := c.location(l); err != nil {
			return place{i, -1, -1}, err
		}
		for j, r := range l.Routers {
			if err := c.router(l, r); err != nil {
				return place{i, j, -1}, err
			}
			c.ports = make(map[string]bool, len(r.Ports))
			for k, p := range r.Ports {
				if err := c.port(r.Name, p); err != nil {
					return place{i, j, k}, err
				}
			}
		}
	}
	return place{}, nil
}

// checker holds what has been seen, to find doubles.
type checker struct {
	codes, routers map[string]bool
	backbone       map[netip.Addr]string // router by its address
	ports          map[string]bool       // of the router at hand
}

func (c *checker) location(l Location) error {
	fail := func(format string, args ...any) error {
		return fmt.Errorf("location %s: %s", l.Code, fmt.Sprintf(format, args...))
	}
	switch {
	case l.Code == "":
		return fmt.Errorf("a location has no code")
	case !codeShape.MatchString(l.Code):
		return fail("a code is 2 to 31 letters, digits and dashes")
	case c.codes[l.Code]:
		return fail("the code is there twice")
	case !IsRegion(l.Region):
		return fail("region %q is not the name of a Region", l.Region)
	case l.Name == "":
		return fail("name is missing")
	case l.Partition != "" && !partitionShape.MatchString(l.Partition):
		return fail("partition %q is not the name of a partition", l.Partition)
	case l.Country != "" && !countryShape.MatchString(l.Country):
		return fail("country %q is not a two-letter ISO 3166 code", l.Country)
	case len(l.PortSpeeds) == 0:
		return fail("portSpeeds is missing")
	}
	c.codes[l.Code] = true
	for _, list := range []struct {
		key    string
		values []string
	}{
		{"portSpeeds", l.PortSpeeds}, {"macsecSpeeds", l.MACsecSpeeds}, {"providers", l.Providers},
		{"name", []string{l.Name}}, {"operator", nonEmpty(l.Operator)}, {"address", l.Address},
	} {
		if err := checkTexts(list.key, list.values); err != nil {
			return fail("%v", err)
		}
	}
	return c.sold(l, fail)
}

// sold checks what is offered at a location.
func (c *checker) sold(l Location, fail func(string, ...any) error) error {
	for _, s := range l.PortSpeeds {
		if !isSpeed(s) {
			return fail("portSpeeds: %q is not one of 1G, 10G, 100G, 400G", s)
		}
	}
	for _, s := range l.MACsecSpeeds {
		switch {
		case s == directconnect.Gbps1.Speed():
			return fail("macsecSpeeds: there is no MACsec on 1G ports")
		case !slices.Contains(l.PortSpeeds, s):
			return fail("macsecSpeeds: %q is not among portSpeeds", s)
		}
	}
	for i, m := range l.BillingModes {
		if !slices.Contains(directconnect.RequestBillingModes, m) {
			return fail("billingModes: %q is not a billing mode", m)
		}
		if slices.Contains(l.BillingModes[:i], m) {
			return fail("billingModes: %q is there twice", m)
		}
	}
	return nil
}

func (c *checker) router(l Location, r Router) error {
	token, ok := strings.CutPrefix(r.Name, l.Code+"-")
	switch {
	case !ok || !tokenShape.MatchString(token):
		return fmt.Errorf("router %q: a name is %s- and 12 or 13 digits and lower-case letters; leave it out to have one made",
			r.Name, l.Code)
	case c.routers[r.Name]:
		return fmt.Errorf("router %s: the name is there twice", r.Name)
	case r.Fabric != directconnect.Simulated && r.Fabric != directconnect.Linux:
		return fmt.Errorf("router %s: fabric %q is not one of simulated, linux", r.Name, r.Fabric)
	case r.Backbone.IsValid() && r.Fabric == directconnect.Simulated:
		return fmt.Errorf("router %s: a simulated router has no backbone address", r.Name)
	case r.Backbone.IsValid() && (!r.Backbone.IsGlobalUnicast() || r.Backbone.Zone() != "" || r.Backbone.Is4In6()):
		return fmt.Errorf("router %s: backbone %s is not a unicast address", r.Name, r.Backbone)
	case r.Backbone.IsValid() && c.backbone[r.Backbone] != "":
		return fmt.Errorf("router %s: backbone %s is that of %s", r.Name, r.Backbone, c.backbone[r.Backbone])
	}
	if r.Backbone.IsValid() {
		c.backbone[r.Backbone] = r.Name
	}
	c.routers[r.Name] = true
	return nil
}

func (c *checker) port(router string, p Port) error {
	fail := func(format string, args ...any) error {
		return fmt.Errorf("port %s/%s: %s", router, p.Name, fmt.Sprintf(format, args...))
	}
	switch {
	case p.Name == "":
		return fail("name is missing")
	case c.ports[p.Name]:
		return fail("the name is there twice")
	case !isSpeed(p.Speed):
		return fail("speed %q is not one of 1G, 10G, 100G, 400G", p.Speed)
	case p.MACsec && p.Speed == directconnect.Gbps1.Speed():
		return fail("there is no MACsec on 1G ports")
	}
	c.ports[p.Name] = true
	for _, t := range append(panelTexts(&p.Panel), &p.Name, &p.Optic) {
		if err := checkText(*t); err != nil {
			return fail("%v", err)
		}
		if strings.ContainsAny(*t, "[]") {
			return fail("%q has brackets, which only ranges may", *t)
		}
	}
	return nil
}

func isSpeed(s string) bool { return directconnect.BandwidthOfSpeed(s).IsPort() }

func nonEmpty(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

// checkTexts refuses empty, unprintable and repeated texts.
func checkTexts(key string, texts []string) error {
	for i, t := range texts {
		if t == "" {
			return fmt.Errorf("%s: an entry is empty", key)
		}
		if err := checkText(t); err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
		if slices.Contains(texts[:i], t) {
			return fmt.Errorf("%s: %q is there twice", key, t)
		}
	}
	return nil
}

func checkText(s string) error {
	switch {
	case !utf8.ValidString(s):
		return fmt.Errorf("%q is not UTF-8", s)
	case utf8.RuneCountInString(s) > maxText:
		return fmt.Errorf("a text is longer than %d characters", maxText)
	case strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }):
		return fmt.Errorf("%q has characters that cannot be printed", s)
	case strings.TrimSpace(s) != s:
		return fmt.Errorf("%q begins or ends with a blank", s)
	}
	return nil
}

// panelTexts are the fields of a panel, in the order in which one walks to it.
func panelTexts(p *directconnect.Panel) []*string {
	return []*string{&p.Building, &p.Room, &p.Cage, &p.Rack, &p.Panel, &p.Port, &p.Strands, &p.Connector}
}

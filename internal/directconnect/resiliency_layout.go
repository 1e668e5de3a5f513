package directconnect

import (
	"net/netip"
	"slices"
	"strings"
)

// Layout is what a resiliency group consists of at one moment. Only what runs over its own connections counts.
type Layout struct {
	Intended   ResiliencyModel
	Links      []LayoutLink
	Interfaces []LayoutInterface
}

// LayoutLink is a connection of the group, or a LAG that several of them are members of, as one. Hosted connections that
// share their partner's port or LAG are one too, under the partner's identifier: they fail together.
type LayoutLink struct {
	ID       string `json:"id"` // dxcon-... or dxlag-...
	Location string `json:"location"`
	Router   string `json:"router"`
	State    string `json:"state"`
	Up       bool   `json:"up"`
}

// LayoutInterface is a virtual interface over one of the links.
type LayoutInterface struct {
	ID         string
	LinkID     string
	Gateway    string // the Direct Connect gateway's or the virtual private gateway's ID, or PublicGateway
	State      string
	Up         bool           // a session is up; it carries nothing while its link is down
	Accepted   []netip.Prefix // announced by the customer
	Advertised []netip.Prefix // announced to the customer
}

// PublicGateway stands for where public interfaces lead.
const PublicGateway = "public"

// LeadsTo answers the gateway that an interface leads to; empty: none yet.
func (v VirtualInterface) LeadsTo() string {
	switch {
	case v.Type == Public:
		return PublicGateway
	case v.GatewayID != "":
		return v.GatewayID
	}
	return v.VirtualGatewayID
}

// ElementKind sorts what can fail.
type ElementKind string

const (
	LocationElement   ElementKind = "location"
	RouterElement     ElementKind = "router"
	ConnectionElement ElementKind = "connection"
	LAGElement        ElementKind = "lag"
	InterfaceElement  ElementKind = "interface"
)

// elementKinds lists the kinds, the largest first.
var elementKinds = []ElementKind{LocationElement, RouterElement, ConnectionElement, LAGElement, InterfaceElement}

// Element is one thing that can fail, by its name: a location code, a router, the ID of a connection, LAG or interface.
type Element struct {
	Kind ElementKind `json:"kind"`
	Name string      `json:"name"`
}

func (e Element) String() string { return string(e.Kind) + " " + e.Name }

// ParseElement reads kind:name.
func ParseElement(s string) (Element, error) {
	kind, name, _ := strings.Cut(s, ":")
	if name == "" || !slices.Contains(elementKinds, ElementKind(kind)) {
		return Element{}, Clientf("%q is not an element such as router:EqDC2-2r4nx1ka30uo, location:EqDC2 or connection:dxcon-ffabc123.", s)
	}
	return Element{ElementKind(kind), name}, nil
}

// Has reports whether the element is part of the layout.
func (l Layout) Has(e Element) bool {
	return slices.ContainsFunc(l.Links, func(k LayoutLink) bool { return slices.Contains(k.elements(), e) }) ||
		slices.ContainsFunc(l.Interfaces, func(v LayoutInterface) bool { return v.element() == e })
}

// Without is the layout after the element has failed: what it carried is down.
func (l Layout) Without(e Element) Layout {
	l.Links, l.Interfaces = slices.Clone(l.Links), slices.Clone(l.Interfaces)
	for i, k := range l.Links {
		if slices.Contains(k.elements(), e) {
			l.Links[i].Up = false
		}
	}
	for i, v := range l.Interfaces {
		if v.element() == e {
			l.Interfaces[i].Up = false
		}
	}
	return l
}

// mended is the layout with everything up.
func (l Layout) mended() Layout {
	l.Links, l.Interfaces = slices.Clone(l.Links), slices.Clone(l.Interfaces)
	for i := range l.Links {
		l.Links[i].Up = true
	}
	for i := range l.Interfaces {
		l.Interfaces[i].Up = true
	}
	return l
}

// elements are what a link stands and falls with.
func (k LayoutLink) elements() []Element {
	own := Element{ConnectionElement, k.ID}
	if IsLAGID(k.ID) {
		own.Kind = LAGElement
	}
	return []Element{{LocationElement, k.Location}, {RouterElement, k.Router}, own}
}

func (v LayoutInterface) element() Element { return Element{InterfaceElement, v.ID} }

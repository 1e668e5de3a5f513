package fabric

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
)

// Intent is all that one router should be: its ports, bundles, VRFs and interfaces, each sorted by name, each name once. The
// zero Intent is a router without configuration of ours.
type Intent struct {
	// Backbone is the router's own address on the provider's backbone, which leads to the other routers; not valid: it has
	// none. It is not configured by us.
	Backbone   netip.Addr
	Ports      []Port
	Bundles    []Bundle
	VRFs       []VRF
	Interfaces []Interface
}

// Empty reports whether the intent asks for nothing.
func (in Intent) Empty() bool {
	return len(in.Ports)+len(in.Bundles)+len(in.VRFs)+len(in.Interfaces) == 0
}

// Port is one physical port that should be configured.
type Port struct {
	Name        string
	Enabled     bool   // false: configured, but its laser is off
	SpeedMbps   int64  // line rate, megabits per second
	Bundle      string // the bundle that it is a member of; empty: none
	MACsec      *MACsec
	Description string
}

// Bundle is an 802.1AX link aggregation group.
type Bundle struct {
	Name     string
	MinLinks int // members with carrier below which the bundle is down; 0 is as 1
}

// What a MACsec port does with frames in the clear (IEEE 802.1AE, controlled and uncontrolled port).
const (
	MACsecOff     = "off"     // does not encrypt; keys stay installed
	MACsecPrefer  = "prefer"  // encrypts when a key is agreed, passes plain frames when none is
	MACsecRequire = "require" // drops plain frames
)

// MACsec is the encryption of a port.
type MACsec struct {
	Mode string // MACsecOff, MACsecPrefer or MACsecRequire
	Keys []Key  // sorted by CKN, each CKN once
}

// Key is a connectivity association key (IEEE 802.1X, MKA) with the name that both sides know it by.
type Key struct {
	CKN string // hexadecimal
	CAK Secret // hexadecimal
}

// Check refuses an intent that contradicts itself, with an error wrapping ErrInvalid that names the port, bundle, VRF or
// interface.
func (in Intent) Check() error {
	for i, b := range in.Bundles {
		switch {
		case b.Name == "":
			return fmt.Errorf("%w: a bundle has no name", ErrInvalid)
		case i > 0 && in.Bundles[i-1].Name >= b.Name:
			return fmt.Errorf("%w: bundle %s is there twice or out of order", ErrInvalid, b.Name)
		case b.MinLinks < 0:
			return fmt.Errorf("%w: bundle %s: %d minimum links", ErrInvalid, b.Name, b.MinLinks)
		}
	}
	for i, p := range in.Ports {
		if i > 0 && in.Ports[i-1].Name >= p.Name {
			return fmt.Errorf("%w: port %s is there twice or out of order", ErrInvalid, p.Name)
		}
		if err := in.checkPort(p); err != nil {
			return err
		}
	}
	if err := in.checkVRFs(); err != nil {
		return err
	}
	return in.checkInterfaces()
}

func (in Intent) checkPort(p Port) error {
	if p.Name == "" {
		return fmt.Errorf("%w: a port has no name", ErrInvalid)
	}
	if p.SpeedMbps <= 0 {
		return fmt.Errorf("%w: port %s: %d Mbps", ErrInvalid, p.Name, p.SpeedMbps)
	}
	if p.Bundle != "" {
		_, found := slices.BinarySearchFunc(in.Bundles, p.Bundle, func(b Bundle, name string) int { return cmp.Compare(b.Name, name) })
		if !found {
			return fmt.Errorf("%w: port %s: there is no bundle %s", ErrInvalid, p.Name, p.Bundle)
		}
	}
	if p.MACsec == nil {
		return nil
	}
	switch p.MACsec.Mode {
	case MACsecOff, MACsecPrefer, MACsecRequire:
	default:
		return fmt.Errorf("%w: port %s: MACsec mode %q", ErrInvalid, p.Name, p.MACsec.Mode)
	}
	for i, k := range p.MACsec.Keys {
		switch {
		case k.CKN == "" || k.CAK == "":
			return fmt.Errorf("%w: port %s: a MACsec key without a name or without its key", ErrInvalid, p.Name)
		case i > 0 && p.MACsec.Keys[i-1].CKN >= k.CKN:
			return fmt.Errorf("%w: port %s: MACsec key %s is there twice or out of order", ErrInvalid, p.Name, k.CKN)
		}
	}
	return nil
}

// Clone is a copy that shares nothing with in.
func (in Intent) Clone() Intent {
	out := Intent{
		Backbone: in.Backbone,
		Ports:    slices.Clone(in.Ports), Bundles: slices.Clone(in.Bundles), VRFs: slices.Clone(in.VRFs),
		Interfaces: slices.Clone(in.Interfaces),
	}
	for i, p := range out.Ports {
		if p.MACsec != nil {
			out.Ports[i].MACsec = &MACsec{Mode: p.MACsec.Mode, Keys: slices.Clone(p.MACsec.Keys)}
		}
	}
	for i, v := range out.VRFs {
		out.VRFs[i].Networks, out.VRFs[i].Peers = slices.Clone(v.Networks), slices.Clone(v.Peers)
	}
	for i, f := range out.Interfaces {
		out.Interfaces[i].Neighbors = slices.Clone(f.Neighbors)
		for j, n := range f.Neighbors {
			n.Import.Allow, n.Import.Prefer, n.Export = slices.Clone(n.Import.Allow), slices.Clone(n.Import.Prefer), slices.Clone(n.Export)
			for k, a := range n.Export {
				n.Export[k].Communities, n.Export[k].ASPathPrepend = slices.Clone(a.Communities), slices.Clone(a.ASPathPrepend)
			}
			out.Interfaces[i].Neighbors[j] = n
		}
	}
	return out
}

package fabric

import "slices"

// Observed is what a router was seen to be: by port name, bundle name and interface name. A port that is not configured is
// absent, or there with Enabled false; an interface likewise with Configured.
type Observed struct {
	Ports      map[string]PortStatus
	Bundles    map[string]BundleStatus
	Interfaces map[string]InterfaceStatus
}

// PortStatus is one port as seen.
type PortStatus struct {
	Enabled   bool     // configured and switched on
	Carrier   bool     // the link is up: light from the far side, and no fault on the way
	Encrypted bool     // a MACsec association is up
	CKNs      []string // names of the MACsec keys installed, sorted; whether or not one is in use
	Bundle    string   // the bundle that it is a member of; empty: none
	Bundled   bool     // the bundle sends and takes frames on it (IEEE 802.1AX: collecting and distributing)
	SpeedMbps int64    // line rate in use, megabits per second; 0: the port does not say
	Counters  Counters

	// MACsec frames that were thrown away since the association began: those that failed the integrity check (IEEE 802.1AE
	// InPktsNotValid) and those that replay protection refused (InPktsLate).
	MACsecNotValid, MACsecLate uint64

	// Optical power in dBm, one figure per lane of the transceiver; empty where the port cannot measure it.
	RxPowerDBm []float64
	TxPowerDBm []float64
}

// Counters are what has passed an interface since it came up, each way (RFC 2863). They start again from zero when it is
// made again.
type Counters struct {
	RxBytes, TxBytes     uint64
	RxPackets, TxPackets uint64
	RxErrors, TxErrors   uint64
	RxDropped, TxDropped uint64
}

// BundleStatus is one bundle as seen.
type BundleStatus struct {
	Up            bool // as many members have carrier as its minimum links, and at least one
	ActiveMembers int  // members with carrier
}

// Drift names the ports, bundles and interfaces that do not look as in says, sorted: those that should be there and are
// not or are otherwise, and those that are configured and should not be. Empty: the router does as it was told. Links, light
// and sessions are not the router's to decide and do not count.
func (o Observed) Drift(in Intent) []string {
	names := slices.Concat(o.portDrift(in.Ports), o.bundleDrift(in.Bundles), o.interfaceDrift(in.Interfaces))
	slices.Sort(names)
	return names
}

func (o Observed) portDrift(ports []Port) (names []string) {
	wanted := make(map[string]bool, len(ports))
	for _, p := range ports {
		wanted[p.Name] = true
		seen, there := o.Ports[p.Name]
		if !there || seen.Enabled != p.Enabled || seen.Bundle != p.Bundle || !slices.Equal(seen.CKNs, p.ckns()) {
			names = append(names, p.Name)
		}
	}
	for name, seen := range o.Ports {
		if seen.Enabled && !wanted[name] {
			names = append(names, name)
		}
	}
	return names
}

func (o Observed) bundleDrift(bundles []Bundle) (names []string) {
	wanted := make(map[string]bool, len(bundles))
	for _, b := range bundles {
		wanted[b.Name] = true
		if _, there := o.Bundles[b.Name]; !there {
			names = append(names, b.Name)
		}
	}
	for name := range o.Bundles {
		if !wanted[name] {
			names = append(names, name)
		}
	}
	return names
}

func (o Observed) interfaceDrift(interfaces []Interface) (names []string) {
	wanted := make(map[string]bool, len(interfaces))
	for _, f := range interfaces {
		wanted[f.Name] = true
		seen := o.Interfaces[f.Name]
		differs := !seen.Configured || len(seen.Neighbors) != len(f.Neighbors)
		for _, n := range f.Neighbors {
			s, there := seen.Neighbors[n.Name]
			differs = differs || !there || s.Shutdown != n.Shutdown
		}
		if differs {
			names = append(names, f.Name)
		}
	}
	for name, seen := range o.Interfaces {
		if seen.Configured && !wanted[name] {
			names = append(names, name)
		}
	}
	return names
}

func (p Port) ckns() []string {
	if p.MACsec == nil {
		return nil
	}
	names := make([]string, 0, len(p.MACsec.Keys))
	for _, k := range p.MACsec.Keys {
		names = append(names, k.CKN)
	}
	return names
}

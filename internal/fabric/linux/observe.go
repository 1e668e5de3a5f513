package linux

import (
	"context"
	"slices"
	"strings"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"onramp/internal/fabric"
	"onramp/internal/fabric/linux/mka"
)

// Observe reads what this machine is and does. An interface that the kernel does not have as it was applied, down to its
// addresses and limits and those of what it stands on, is not configured: it is named by Observed.Drift, and the next Apply
// repairs it. Neither is one whose sessions could not be made, and a MACsec key is installed when a supplicant has it.
func (d *Driver) Observe(ctx context.Context, router string) (fabric.Observed, error) {
	if err := d.answers(ctx, router); err != nil {
		return fabric.Observed{}, err
	}
	s, err := d.read()
	if err != nil {
		return fabric.Observed{}, err
	}
	associations, err := d.keys.Observe()
	if err != nil {
		return fabric.Observed{}, err
	}
	d.mu.Lock()
	in, session, unserved := fabric.Intent{}, d.session, d.unserved
	if d.applied != nil {
		in = *d.applied
	}
	d.mu.Unlock()
	w := witness{d: d, s: s, in: in, keys: associations, unserved: unserved, o: fabric.Observed{
		Ports: map[string]fabric.PortStatus{}, Bundles: map[string]fabric.BundleStatus{}, Interfaces: map[string]fabric.InterfaceStatus{}}}
	if session != nil {
		w.neighbors = session.Observe()
	}
	w.bundles()
	w.ports()
	w.interfaces()
	return w.o, nil
}

// witness puts together what was seen.
type witness struct {
	d         *Driver
	s         snapshot
	in        fabric.Intent
	keys      map[string]mka.Status
	unserved  map[string]bool
	neighbors map[string]map[string]fabric.NeighborStatus
	o         fabric.Observed
}

// hasCarrier reports whether a device is on and its link is up.
func hasCarrier(l netlink.Link) bool {
	const both = unix.IFF_UP | unix.IFF_LOWER_UP
	return l.Attrs().RawFlags&both == both
}

func (w *witness) ports() {
	wanted := map[string]fabric.Port{}
	for _, p := range w.in.Ports {
		wanted[p.Name] = p
	}
	for _, v := range w.s.sorted(kindPort) {
		l := w.s.links[v.Name]
		p := fabric.PortStatus{Enabled: v.Up, Carrier: hasCarrier(l), Counters: counters(l), Encrypted: w.keys[v.Label].Secured}
		p.Encrypted = p.Encrypted && p.Carrier
		p.MACsecNotValid, p.MACsecLate = w.keys[v.Label].NotValid, w.keys[v.Label].Late
		member := v
		if m, there := w.s.Devices[deviceName(kindMember, memberLabel(v.Label))]; there {
			member = m
		}
		if b, there := w.s.Devices[member.Master]; there {
			p.Bundle = b.Label
			p.Bundled = p.Carrier && bundled(w.s.links[member.Name])
			if p.Bundled {
				status := w.o.Bundles[b.Label]
				status.ActiveMembers++
				w.o.Bundles[b.Label] = status
			}
		}
		p.CKNs = w.installed(wanted[v.Label])
		p.SpeedMbps = speedMbps(v.Name)
		light := w.d.light.of(v.Name)
		p.RxPowerDBm, p.TxPowerDBm = slices.Clone(light.rx), slices.Clone(light.tx)
		w.o.Ports[v.Label] = p
	}
}

// installed are the port's keys that key agreement has; where it is off, there is none to have them.
func (w *witness) installed(p fabric.Port) (ckns []string) {
	if p.MACsec == nil {
		return nil
	}
	held := w.keys[p.Name].Held
	for _, k := range p.MACsec.Keys {
		if !encrypts(p) || slices.Contains(held[:], strings.ToLower(k.CKN)) {
			ckns = append(ckns, k.CKN)
		}
	}
	return ckns
}

// The states of a port in its bundle (IEEE 802.1AX, Actor_State).
const (
	lacpSynchronized = 1 << 3
	lacpCollecting   = 1 << 4
	lacpDistributing = 1 << 5
	lacpDefaulted    = 1 << 6 // no partner has been heard
	lacpExpired      = 1 << 7 // nor lately
)

// bundled reports whether the bundle sends and takes frames on a member, agreed with a partner who does too.
func bundled(l netlink.Link) bool {
	m, is := l.Attrs().Slave.(*netlink.BondSlave)
	if !is {
		return false
	}
	const working = lacpCollecting | lacpDistributing | lacpSynchronized
	own, partner := m.AdActorOperPortState, m.AdPartnerOperPortState
	return own&working == working && own&(lacpDefaulted|lacpExpired) == 0 && partner&lacpSynchronized != 0
}

// bundles starts the bundles' status; their members are counted with the ports.
func (w *witness) bundles() {
	for _, v := range w.s.sorted(kindBundle) {
		w.o.Bundles[v.Label] = fabric.BundleStatus{Up: hasCarrier(w.s.links[v.Name])}
	}
}

// interfaces comes after ports and bundles: a bundle without members that work is down, whatever the kernel thinks of a
// link whose far end speaks no LACP.
func (w *witness) interfaces() {
	for _, v := range w.s.sorted(kindBundle) {
		b := w.o.Bundles[v.Label]
		b.Up = b.Up && b.ActiveMembers >= max(1, v.MinLinks)
		w.o.Bundles[v.Label] = b
	}
	astray := w.astray()
	links := map[string]string{}
	for _, f := range w.in.Interfaces {
		links[f.Name] = f.Link
	}
	for _, v := range w.s.sorted(kindInterface) {
		l := w.s.links[v.Name]
		status := fabric.InterfaceStatus{Configured: !astray[v.Label] && !w.unserved[v.Label], Up: hasCarrier(l) && w.passes(links[v.Label]), Counters: counters(l),
			Neighbors: w.neighbors[v.Label]}
		if status.Neighbors == nil {
			status.Neighbors = map[string]fabric.NeighborStatus{}
		}
		w.o.Interfaces[v.Label] = status
	}
}

// passes reports whether a link carries frames: a bundle that is up, and one that must be encrypted if it is.
func (w *witness) passes(link string) bool {
	if b, is := w.o.Bundles[link]; is && !b.Up {
		return false
	}
	require, secured := false, false
	for _, p := range w.in.Ports {
		if p.Name == link || p.Bundle == link && p.Bundle != "" {
			if p.MACsec != nil && p.MACsec.Mode == fabric.MACsecRequire {
				require = true
				secured = secured || w.o.Ports[p.Name].Encrypted
			} else {
				secured = true
			}
		}
	}
	return !require || secured
}

// astray are the interfaces that are not, or stand on something that is not, as it was applied.
func (w *witness) astray() map[string]bool {
	wrong := map[string]bool{}
	want, _ := draw(w.in, w.s.world, w.d.cfg.Ports, nil)
	for _, st := range plan(w.s.world, want) {
		if st.Op == opLocalLast || st.Op == opForwarding6 {
			for _, f := range w.in.Interfaces {
				wrong[f.Name] = true
			}
		}
		if keyed := st.Device.Kind >= kindMACsec && st.Device.Kind <= kindPatch; !keyed || st.Op == opAdd { // the rest follows its keys by itself
			wrong[st.Device.Name] = true
		}
	}
	out := map[string]bool{}
	for _, v := range w.s.Devices {
		if v.Kind != kindInterface {
			continue
		}
		out[v.Label] = wrong[v.Label] || wrong[v.Master] || wrong[deviceName(kindNetwork, networkLabel(w.s.Devices[v.Master].Label))]
		for name := v.Name; name != "" && !out[v.Label]; name = w.s.Devices[name].Lower {
			out[v.Label] = wrong[name] || wrong[deviceName(kindShaper, shaperLabel(w.s.Devices[name].Label))]
		}
	}
	return out
}

// counters are those of a device.
func counters(l netlink.Link) fabric.Counters {
	s := l.Attrs().Statistics
	if s == nil {
		return fabric.Counters{}
	}
	return fabric.Counters{RxBytes: s.RxBytes, TxBytes: s.TxBytes, RxPackets: s.RxPackets, TxPackets: s.TxPackets,
		RxErrors: s.RxErrors, TxErrors: s.TxErrors, RxDropped: s.RxDropped, TxDropped: s.TxDropped}
}

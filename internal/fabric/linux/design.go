package linux

import (
	"cmp"
	"errors"
	"fmt"
	"net/netip"
	"slices"

	"golang.org/x/sys/unix"

	"onramp/internal/fabric"
	"onramp/internal/fabric/linux/mka"
)

const (
	firstTable   = 10_000 // of our VRFs
	ethernetMTU  = 1500
	tagLength    = 4  // 802.1Q, 802.1ad
	macsecLength = 32 // SecTAG with SCI, and ICV (IEEE 802.1AE, clause 9.3)
)

// design is what an intent means for this namespace.
type design struct {
	want   world
	have   world
	in     fabric.Intent
	ports  map[string]string // device by port name
	state  map[string]portState
	broken map[string]bool // links that cannot be made
	errs   []error
}

// portState is what of a port's state decides how its MACsec devices are set.
type portState struct {
	keyed   bool // one of its slots has keys to send and to receive with
	carrier bool
}

// draw works out the devices that in asks for. What cannot be had, because a port's device is missing or somebody else's,
// is left out with all that stands on it, and named by the error: the rest must not wait for it.
func draw(in fabric.Intent, have world, ports map[string]string, state map[string]portState) (world, error) {
	d := design{want: emptyWorld(), have: have, in: in, ports: ports, state: state, broken: map[string]bool{}}
	d.want.Foreign = have.Foreign
	d.want.Settings = have.Settings
	need := d.needs()
	for _, p := range in.Ports {
		d.port(p, need)
	}
	for _, b := range in.Bundles {
		d.put(device{Kind: kindBundle, Label: b.Name, Up: true, MTU: need[b.Name], MinLinks: max(1, b.MinLinks), Rules: untagged()})
	}
	d.vrfs()
	for _, f := range in.Interfaces {
		d.iface(f)
	}
	d.shares()
	if len(in.VRFs) > 0 {
		d.want.Settings = settings{Forwarding6: true, LocalLast4: true, LocalLast6: true}
	}
	return d.want, errors.Join(d.errs...)
}

// put adds a device; its name and what its kind alone decides are filled in.
func (d *design) put(v device) device {
	if v.Name == "" {
		v.Name = deviceName(v.Kind, v.Label)
	}
	v.Conf = confOf(v.Kind)
	if _, taken := d.have.Foreign[v.Name]; taken && v.Kind != kindPort {
		d.errs = append(d.errs, fmt.Errorf("%s %s: there is a device %s that is not ours", v.Kind, v.Label, v.Name))
		d.broken[v.Label] = true
		return v
	}
	if other, taken := d.want.Devices[v.Name]; taken && (other.Kind != v.Kind || other.Label != v.Label) {
		d.errs = append(d.errs, fmt.Errorf("%s %s and %s %s would both be device %s", other.Kind, other.Label, v.Kind, v.Label, v.Name))
		d.broken[v.Label] = true
		return v
	}
	d.want.Devices[v.Name] = v
	return v
}

// encrypts reports whether the port's frames pass a MACsec device.
func encrypts(p fabric.Port) bool { return p.MACsec != nil && p.MACsec.Mode != fabric.MACsecOff }

// needs is how long an IP packet each link must carry, with the tags that count: Ethernet has room for one, but a frame that
// is encrypted carries all of them inside.
func (d *design) needs() map[string]int {
	inside := map[string]int{}
	need := map[string]int{}
	for _, p := range d.in.Ports {
		if encrypts(p) {
			inside[cmp.Or(p.Bundle, p.Name)] = tagLength
		}
		need[p.Name] = ethernetMTU
	}
	for _, b := range d.in.Bundles {
		need[b.Name] = ethernetMTU
	}
	for _, f := range d.in.Interfaces {
		length := f.MTU + inside[f.Link]
		if f.OuterVLAN > 0 {
			length += tagLength
		}
		need[f.Link] = max(need[f.Link], length)
	}
	return need
}

func (d *design) deviceOf(port string) string { return cmp.Or(d.ports[port], port) }

// port adds a port's device, and the MACsec device on it.
func (d *design) port(p fabric.Port, need map[string]int) {
	name := d.deviceOf(p.Name)
	found, err := d.claim(p.Name, name)
	if err != nil {
		d.errs, d.broken[p.Name] = append(d.errs, err), true
		return
	}
	length := need[cmp.Or(p.Bundle, p.Name)]
	v := device{Kind: kindPort, Name: name, Label: p.Name, Up: p.Enabled, FoundMTU: found, MTU: max(found, length), Rules: untagged()}
	if p.Bundle != "" {
		v.Master, v.MTU = deviceName(kindBundle, p.Bundle), length
	}
	if !encrypts(p) {
		d.put(v)
		return
	}
	v.Master, v.MTU = "", max(found, length+macsecLength)
	require := p.MACsec.Mode == fabric.MACsecRequire
	if require {
		v.Rules = encryptedOnly()
	}
	d.put(v)
	d.secure(p, name, length)
}

// secure makes a port's MACsec devices: one for each key that key agreement may run with, which encrypts whatever the mode,
// and one that all rides on. What that one sends, key agreement leads to a slot; without one it goes out in the clear, or not
// at all where it must be encrypted. Then it is off, so that what rides on it has no carrier.
func (d *design) secure(p fabric.Port, name string, length int) {
	require, state := p.MACsec.Mode == fabric.MACsecRequire, d.state[p.Name]
	m := device{Kind: kindMACsec, Label: macsecLabel(p.Name), Lower: name, Channel: mka.Slots + 1, Up: !require || state.keyed, MTU: length,
		MACsec: protection{Protect: require, Strict: require}, Rules: untagged()}
	if p.Bundle != "" {
		m.Rules = d.patch(p, length, state.carrier && m.Up)
	}
	m.Rules = sortedRules(append(m.Rules, led(p.Name, d.have.Devices[deviceName(kindMACsec, m.Label)].Rules)...))
	m = d.put(m)
	for n := 1; n <= mka.Slots; n++ {
		d.put(device{Kind: kindSlot, Label: slotLabel(p.Name, n), Lower: name, Channel: uint16(n), Free: true, MTU: length,
			MACsec: protection{Protect: true, Strict: true}, Rules: []rule{{Order: orderRest, Proto: unix.ETH_P_ALL, Verdict: enter, Via: m.Name}}})
	}
}

// led are those of a port's MACsec device's rules that key agreement has made: they are not ours to set.
func led(port string, rules []rule) (kept []rule) {
	for n := 1; n <= mka.Slots; n++ {
		r := rule{Sent: true, Order: uint16(mka.TransmitOrder + n), Proto: unix.ETH_P_ALL, Verdict: detour, Via: deviceName(kindSlot, slotLabel(port, n))}
		if slices.Contains(rules, r) {
			kept = append(kept, r)
		}
	}
	return kept
}

// patch makes what a bundle takes in place of a MACsec device, and answers the MACsec device's rules. 802.3ad takes no member
// whose speed it is not told, and MACsec devices do not tell theirs (seen with 6.1): so the member is one end of a veth pair,
// and tc passes frames between the MACsec device and the other end, which is off while the port has no carrier, or must
// encrypt and cannot.
func (d *design) patch(p fabric.Port, mtu int, passes bool) []rule {
	through := func(k kind, label string) []rule {
		return []rule{{Order: orderRest, Proto: unix.ETH_P_ALL, Verdict: detour, Via: deviceName(k, label)}}
	}
	member := deviceName(kindMember, memberLabel(p.Name))
	a := d.put(device{Kind: kindPatch, Label: patchLabel(p.Name), Twin: member, Up: passes, MTU: mtu, Rules: through(kindMACsec, macsecLabel(p.Name))})
	d.put(device{Kind: kindMember, Label: memberLabel(p.Name), Lower: a.Name, Master: deviceName(kindBundle, p.Bundle), Up: true, MTU: mtu, Rules: untagged()})
	return through(kindPatch, patchLabel(p.Name))
}

// claim answers the MTU that a port was found with, or why the device is not to be touched.
func (d *design) claim(port, name string) (int, error) {
	if v, ours := d.have.Devices[name]; ours {
		if v.Kind != kindPort {
			return 0, fmt.Errorf("port %s: device %s is a %s of ours", port, name, v.Kind)
		}
		return v.FoundMTU, nil
	}
	switch f, there := d.have.Foreign[name]; {
	case !there:
		return 0, fmt.Errorf("port %s: there is no device %s", port, name)
	case f.Addressed:
		return 0, fmt.Errorf("port %s: device %s has addresses of its own and stays untouched", port, name)
	case f.Master != "":
		return 0, fmt.Errorf("port %s: device %s belongs to %s and stays untouched", port, name, f.Master)
	default:
		return f.MTU, nil
	}
}

// carrier is the device that a link's VLANs stand on.
func (d *design) carrier(link string) string {
	for _, p := range d.in.Ports {
		if p.Name == link && encrypts(p) {
			return deviceName(kindMACsec, macsecLabel(link))
		}
		if p.Name == link {
			return d.deviceOf(link)
		}
	}
	return deviceName(kindBundle, link)
}

func (d *design) vrfs() {
	taken := map[uint32]bool{}
	for _, v := range d.have.Devices {
		taken[v.Table] = true
	}
	for _, f := range d.have.Foreign {
		taken[f.Table] = true
	}
	next := uint32(firstTable)
	for _, v := range d.in.VRFs {
		name := deviceName(kindVRF, v.Name)
		table := d.have.Devices[name].Table
		for ; table == 0; next++ {
			if !taken[next] {
				table = next
			}
		}
		d.put(device{Kind: kindVRF, Label: v.Name, Table: table, Up: true})
		d.want.Defaults[fallback{table, false}], d.want.Defaults[fallback{table, true}] = true, true
		if own := hosts(v.Networks); len(own) > 0 {
			d.put(device{Kind: kindNetwork, Label: networkLabel(v.Name), Master: name, Up: true, Addresses: own})
		}
		for _, peer := range v.Peers {
			self := netip.PrefixFrom(d.in.Backbone, d.in.Backbone.BitLen())
			d.put(device{Kind: kindTunnel, Label: tunnelLabel(v.Name, peer), Master: name, Up: true, Key: v.Segment, Local: d.in.Backbone,
				Remote: peer, Addresses: []address{{self, peer}}})
		}
	}
}

func tunnelLabel(vrf string, peer netip.Addr) string { return vrf + " to " + peer.String() }

// hosts are the addresses that answer for networks: the first host of each. A default route has none.
func hosts(networks []netip.Prefix) []address {
	var own []address
	for _, p := range networks {
		first := p.Addr()
		if p.Bits() < first.BitLen()-1 {
			first = first.Next()
		}
		if p.Bits() > 0 {
			own = append(own, address{Prefix: netip.PrefixFrom(first, p.Bits())})
		}
	}
	slices.SortFunc(own, compareAddresses)
	return own
}

// iface adds an interface's device, and the outer one under it.
func (d *design) iface(f fabric.Interface) {
	if d.broken[f.Link] || d.broken[f.VRF] {
		return // named by the error already
	}
	lower, limit := d.carrier(f.Link), f.RateMbps
	if f.OuterVLAN > 0 {
		label := outerLabel(f.Link, f.OuterVLAN)
		if d.broken[label] {
			return
		}
		outer := device{Kind: kindOuter, Label: label, Lower: lower, VLAN: f.OuterVLAN, Up: true}
		lower = deviceName(kindOuter, label)
		if known, there := d.want.Devices[lower]; there {
			outer = known
		}
		outer.MTU = max(outer.MTU, f.MTU+tagLength)
		outer.ShapeMbps = tighter(outer.ShapeMbps, f.PoliceMbps)
		if d.put(outer); d.broken[label] {
			return
		}
	} else {
		limit = tighter(limit, f.PoliceMbps)
	}
	v := device{Kind: kindInterface, Label: f.Name, Lower: lower, Master: deviceName(kindVRF, f.VRF), VLAN: f.VLAN, Up: true, MTU: f.MTU,
		ShapeMbps: limit, Rules: d.limited(f.Name, limit, entrance(f))}
	for _, n := range f.Neighbors {
		v.Addresses = append(v.Addresses, address{Prefix: n.Local})
	}
	slices.SortFunc(v.Addresses, compareAddresses)
	v.Addresses = slices.Compact(v.Addresses)
	d.put(v)
}

// shares gives the outer devices their rules, when all that they carry is known.
func (d *design) shares() {
	for _, v := range d.want.sorted(kindOuter) {
		v.Rules = d.limited(v.Label, v.ShapeMbps, untagged())
		d.want.Devices[v.Name] = v
	}
}

// limited are the rules of a device that takes at most so much, with the shaper that it needs for it.
func (d *design) limited(label string, mbps int64, rules []rule) []rule {
	if mbps == 0 {
		return rules
	}
	return shaped(rules, d.put(device{Kind: kindShaper, Label: shaperLabel(label), Up: true, ShapeMbps: mbps}).Name)
}

// tighter is the lower of two limits, of which 0 is none.
func tighter(a, b int64) int64 {
	if a <= 0 || b > 0 && b < a {
		return b
	}
	return a
}

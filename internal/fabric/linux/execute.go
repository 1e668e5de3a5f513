package linux

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"syscall"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netlink/nl"
	"golang.org/x/sys/unix"
)

// protocol is who the routes and rules are by (RTPROT): ours.
const protocol = 114

// firstIndex is the lowest index that we choose for a device. The kernel counts its own up from 1, and takes some while a
// request of ours is carried out: a module that is loaded for the first tunnel, bond or dummy comes with devices that nobody
// asked for (gre0, gretap0, erspan0; bond0; dummy0; ifb0). They must not have an index that what follows takes for ours.
const firstIndex = 1 << 24

// executor turns steps into requests.
type executor struct {
	d        *Driver
	s        *snapshot
	index    map[string]int32
	next     int32 // index for the next device that we make
	clsact   map[string]bool
	requests []request
}

// execute carries the steps out, in order, and remembers which device has which index.
func (d *Driver) execute(s *snapshot, steps []step) error {
	e := executor{d: d, s: s, index: maps.Clone(s.index), clsact: maps.Clone(s.clsact), next: firstIndex}
	for _, i := range s.index {
		e.next = max(e.next, i+1)
	}
	var errs []error
	for _, st := range steps {
		if err := e.step(st); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", st, err))
		}
	}
	if err := e.flush(); err != nil {
		errs = append(errs, err)
	}
	for _, st := range steps { // the kernel's word on what we did may be behind what we read next
		if st.Op == opRule || st.Op == opNoRule {
			d.watch.drop(e.index[st.Device.Name])
		}
	}
	d.learn(e.index)
	return errors.Join(errs...)
}

// flush sends what has been gathered.
func (e *executor) flush() error {
	err := e.d.socket.do(e.requests)
	e.requests = e.requests[:0]
	return err
}

func (e *executor) ask(st step, r *nl.NetlinkRequest, forgive ...syscall.Errno) {
	e.requests = append(e.requests, request{NetlinkRequest: r, about: st.String(), forgive: forgive})
}

// step gathers the requests of one step. What netlink's batch cannot do is done at once, after what comes before it.
func (e *executor) step(st step) error {
	d := st.Device
	index := e.index[d.Name]
	switch st.Op {
	case opAdd:
		e.add(st)
	case opRemove:
		e.ask(st, first(linkRequest(unix.RTM_DELLINK, 0, index)), unix.ENODEV) // it may have gone with what it stood on
		delete(e.index, d.Name)
		delete(e.clsact, d.Name) // another device may have its name next
	case opClaim:
		e.ask(st, setLink(index, unix.IFLA_IFALIAS, []byte(d.alias())))
		e.ask(st, setConf(d.Conf, index))
	case opRelease:
		e.release(st, index)
	case opLabel:
		e.ask(st, setLink(index, unix.IFLA_IFALIAS, []byte(d.alias())))
	case opJoin:
		e.ask(st, setPower(index, false))
		e.ask(st, setLink(index, unix.IFLA_MASTER, nl.Uint32Attr(uint32(e.index[d.Master]))))
	case opLeave:
		e.ask(st, setLink(index, unix.IFLA_MASTER, nl.Uint32Attr(0)))
		e.ask(st, setPower(index, false))
	case opUp, opDown:
		e.ask(st, setPower(index, st.Op == opUp))
	case opMTU:
		e.ask(st, setLink(index, unix.IFLA_MTU, nl.Uint32Attr(uint32(d.MTU))))
	case opMinLinks, opMACsec:
		e.ask(st, changeLink(d, index))
	case opConf:
		e.ask(st, setConf(d.Conf, index))
	case opAddress:
		e.ask(st, addressRequest(unix.RTM_NEWADDR, unix.NLM_F_CREATE|unix.NLM_F_REPLACE, st.Address, index))
	case opNoAddress:
		e.ask(st, addressRequest(unix.RTM_DELADDR, 0, st.Address, index), unix.EADDRNOTAVAIL)
	default:
		return e.setting(st, index)
	}
	return nil
}

func first[A, B any](a A, _ B) A { return a }

// add makes a device; it is marked and configured before it is up.
func (e *executor) add(st step) {
	index, made := e.index[st.Device.Name] // a member is made with its patch
	if st.Device.Twin != "" {
		e.index[st.Device.Twin] = e.next
		e.next++
	}
	if !made || st.Device.Kind != kindMember {
		index = e.next
		e.next++
		e.ask(st, newLink(st.Device, index, e.index))
		e.index[st.Device.Name] = index
	}
	e.ask(st, mark(st.Device))
	e.ask(st, setConf(st.Device.Conf, index))
}

// release gives a port back.
func (e *executor) release(st step, index int32) {
	d := st.Device
	e.ask(st, setPower(index, false))
	if e.clsact[d.Name] {
		e.ask(st, tcRequest(unix.RTM_DELQDISC, 0, nl.TcMsg{Ifindex: index, Handle: clsactHandle, Parent: netlink.HANDLE_CLSACT}))
	}
	e.ask(st, setConf(e.s.lo, index))
	if d.FoundMTU > 0 {
		e.ask(st, setLink(index, unix.IFLA_MTU, nl.Uint32Attr(uint32(d.FoundMTU))))
	}
	e.ask(st, setLink(index, unix.IFLA_IFALIAS, []byte{})) // the kernel takes an empty alias for none
}

// setting is step of what concerns filters, routes and the namespace.
func (e *executor) setting(st step, index int32) error {
	d := st.Device
	switch st.Op {
	case opShape:
		e.ask(st, shape(index, d.ShapeMbps))
	case opRule:
		if !e.clsact[d.Name] {
			e.ask(st, clsact(index), unix.EEXIST)
			e.clsact[d.Name] = true
		}
		r, err := addRule(index, st.Rule, e.index[st.Rule.Via])
		if err != nil {
			return err
		}
		e.ask(st, r, unix.EEXIST)
		if d.Kind == kindMACsec && st.Rule.bundled() { // a bundle's members all have one address
			e.ask(st, setPromiscuous(index, true))
		}
	case opNoRule:
		e.ask(st, removeRule(index, st.Rule, e.s.handles[d.Name][st.Rule]), unix.ENOENT)
		if d.Kind == kindMACsec && st.Rule.bundled() {
			e.ask(st, setPromiscuous(index, false))
		}
	case opFallback:
		e.ask(st, fallbackRoute(st.Fallback))
	case opForwarding6:
		return errors.Join(e.flush(), setForwarding6(e.d.cfg.StateDir))
	case opLocalLast:
		family := netlink.FAMILY_V4
		if st.Fallback.Six {
			family = netlink.FAMILY_V6
		}
		return errors.Join(e.flush(), moveLocal(family, 0, localPreference))
	}
	return nil
}

// fallbackRoute is the route that ends the lookups in a VRF's table: without it they would go on in the main table, and
// with that out of the VRF (kernel documentation, networking/vrf).
func fallbackRoute(f fallback) *nl.NetlinkRequest {
	r := nl.NewNetlinkRequest(unix.RTM_NEWROUTE, unix.NLM_F_CREATE|unix.NLM_F_REPLACE)
	m := &nl.RtMsg{RtMsg: unix.RtMsg{Family: unix.AF_INET, Table: unix.RT_TABLE_UNSPEC, Protocol: protocol, Type: unix.RTN_UNREACHABLE}}
	if f.Six {
		m.Family = unix.AF_INET6
	}
	r.AddData(m)
	r.AddData(nl.NewRtAttr(unix.RTA_TABLE, nl.Uint32Attr(f.Table)))
	r.AddData(nl.NewRtAttr(unix.RTA_PRIORITY, nl.Uint32Attr(fallbackMetric)))
	return r
}

// unfallback removes the fallbacks of tables whose VRF is gone; the kernel keeps routes that lead to no device.
func (d *Driver) unfallback(s *snapshot, want world) error {
	var requests []request
	for f := range s.Defaults {
		if !want.Defaults[f] {
			r := fallbackRoute(f)
			r.Type, r.Flags = unix.RTM_DELROUTE, unix.NLM_F_REQUEST
			requests = append(requests, request{NetlinkRequest: r, about: fmt.Sprintf("remove unreachable default of table %d", f.Table),
				forgive: []syscall.Errno{unix.ESRCH}})
		}
	}
	return d.socket.do(requests)
}

// lines are the steps as an operator reads them.
func lines(steps []step) []string {
	text := make([]string, 0, len(steps))
	for _, s := range steps {
		text = append(text, s.String())
	}
	return slices.Clip(text)
}

package linux

import (
	"fmt"
	"net/netip"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netlink/nl"
	"golang.org/x/sys/unix"
)

// readQdiscs gives our devices their shapers.
func readQdiscs(s *snapshot) error {
	shaped := map[string]int64{}
	s.clsact = map[string]bool{}
	reset := func() { clear(shaped); clear(s.clsact) }
	err := dump(unix.RTM_GETQDISC, &nl.TcMsg{Family: nl.FAMILY_ALL}, reset, func(m []byte) error {
		head := nl.DeserializeTcMsg(m)
		attributes, err := nl.ParseRouteAttr(m[head.Len():])
		if err != nil {
			return fmt.Errorf("a qdisc: %w", err)
		}
		name, what := s.names[head.Ifindex], ""
		for _, a := range attributes {
			switch {
			case a.Attr.Type == nl.TCA_KIND:
				what = nl.BytesToString(a.Value)
				s.clsact[name] = s.clsact[name] || what == "clsact"
			case a.Attr.Type == nl.TCA_OPTIONS && what == "tbf" && head.Parent == netlink.HANDLE_ROOT:
				if shaped[name], err = tbfRate(a.Value); err != nil {
					return err
				}
			}
		}
		return nil
	})
	for name, mbps := range shaped {
		if v, ours := s.Devices[name]; ours {
			v.ShapeMbps = mbps
			s.Devices[name] = v
		}
	}
	return err
}

func tbfRate(options []byte) (int64, error) {
	attributes, err := nl.ParseRouteAttr(options)
	if err != nil {
		return 0, fmt.Errorf("a shaper: %w", err)
	}
	var rate uint64
	for _, a := range attributes {
		switch {
		case a.Attr.Type == nl.TCA_TBF_PARMS && len(a.Value) >= nl.SizeofTcTbfQopt:
			rate = max(rate, uint64(nl.DeserializeTcTbfQopt(a.Value).Rate.Rate))
		case a.Attr.Type == nl.TCA_TBF_RATE64:
			rate = nl.NativeEndian().Uint64(a.Value)
		}
	}
	return int64(rate * 8 / 1_000_000), nil
}

// filters are those of one device, with their handles.
type filters map[rule]uint32

// readRules gives our devices their rules. Filters can only be asked for device by device, so what was read is kept until
// the kernel says that something of the device has changed.
func (d *Driver) readRules(s *snapshot) error {
	s.handles = make(map[string]map[rule]uint32, len(s.Devices))
	for name, v := range s.Devices {
		if !s.clsact[name] {
			continue
		}
		index := s.index[name]
		found, kept := d.watch.filters(index)
		if !kept {
			stamp := d.watch.stamp()
			found = filters{}
			for _, sent := range []bool{false, true} {
				if err := s.readFilters(index, sent, found); err != nil {
					return err
				}
			}
			d.watch.keep(index, found, stamp)
		}
		rules := make([]rule, 0, len(found))
		for r := range found {
			rules = append(rules, r)
		}
		v.Rules = sortedRules(rules)
		s.Devices[name], s.handles[name] = v, found
	}
	return nil
}

func (s *snapshot) readFilters(index int32, sent bool, found filters) error {
	h := &nl.TcMsg{Family: nl.FAMILY_ALL, Ifindex: index, Parent: rule{Sent: sent}.hook()}
	return dump(unix.RTM_GETTFILTER, h, func() {}, func(m []byte) error {
		head := nl.DeserializeTcMsg(m)
		if head.Handle == 0 {
			return nil // the head of a list
		}
		r := rule{Sent: sent, Order: uint16(head.Info >> 16), Proto: nl.Swap16(uint16(head.Info))}
		known, err := r.parse(m[head.Len():], s.names)
		if known {
			found[r] = head.Handle
		}
		return err
	})
}

// parse reads the rest of a rule from its filter, and reports whether it is of a kind that we make.
func (r *rule) parse(m []byte, names map[int32]string) (bool, error) {
	attributes, err := nl.ParseRouteAttr(m)
	if err != nil {
		return false, fmt.Errorf("a filter: %w", err)
	}
	var to netip.Addr
	var mask []byte
	known, what := false, ""
	for _, a := range attributes {
		if a.Attr.Type == nl.TCA_KIND {
			what = nl.BytesToString(a.Value)
			known = what == "flower" || what == "matchall"
		}
		if a.Attr.Type != nl.TCA_OPTIONS || !known {
			continue
		}
		options, err := nl.ParseRouteAttr(a.Value)
		if err != nil {
			return false, fmt.Errorf("a filter: %w", err)
		}
		for _, o := range options {
			switch t := o.Attr.Type & nl.NLA_TYPE_MASK; {
			case what == "matchall" && t == nl.TCA_MATCHALL_ACT, what == "flower" && t == nl.TCA_FLOWER_ACT:
				err = r.parseActions(o.Value, names)
			case what == "flower" && (t == nl.TCA_FLOWER_KEY_IPV4_DST || t == nl.TCA_FLOWER_KEY_IPV6_DST):
				to, _ = netip.AddrFromSlice(o.Value)
			case what == "flower" && (t == nl.TCA_FLOWER_KEY_IPV4_DST_MASK || t == nl.TCA_FLOWER_KEY_IPV6_DST_MASK):
				mask = o.Value
			}
			if err != nil {
				return false, err
			}
		}
	}
	if to.IsValid() {
		r.To = netip.PrefixFrom(to, bitsOf(mask))
	}
	return known, nil
}

func bitsOf(mask []byte) (n int) {
	for _, b := range mask {
		for ; b != 0; b <<= 1 {
			n++
		}
	}
	return n
}

// parseActions reads the verdict from a list of actions.
func (r *rule) parseActions(list []byte, names map[int32]string) error {
	actions, err := nl.ParseRouteAttr(list)
	if err != nil {
		return fmt.Errorf("a filter's actions: %w", err)
	}
	for _, action := range actions {
		parts, err := nl.ParseRouteAttr(action.Value)
		if err != nil {
			return fmt.Errorf("a filter's action: %w", err)
		}
		what := ""
		for _, p := range parts {
			switch {
			case p.Attr.Type == nl.TCA_ACT_KIND:
				what = nl.BytesToString(p.Value)
			case p.Attr.Type&nl.NLA_TYPE_MASK == nl.TCA_ACT_OPTIONS:
				if err := r.parseVerdict(what, p.Value, names); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// Where struct tc_mirred has what to do, and the index of the device (linux/tc_act/tc_mirred.h).
const (
	mirredAction = 20
	mirredDevice = 24
)

func (r *rule) parseVerdict(what string, options []byte, names map[int32]string) error {
	attributes, err := nl.ParseRouteAttr(options)
	if err != nil {
		return fmt.Errorf("a filter's action: %w", err)
	}
	for _, a := range attributes {
		switch {
		case what == "mirred" && a.Attr.Type == nl.TCA_MIRRED_PARMS && len(a.Value) >= mirredDevice+4:
			r.Verdict, r.Via = detour, names[int32(nl.NativeEndian().Uint32(a.Value[mirredDevice:]))]
			if nl.NativeEndian().Uint32(a.Value[mirredAction:]) == uint32(netlink.TCA_INGRESS_REDIR) {
				r.Verdict = enter
			}
		case what == "gact" && a.Attr.Type == nl.TCA_GACT_PARMS && len(a.Value) >= 12:
			if int32(nl.NativeEndian().Uint32(a.Value[8:])) == int32(netlink.TC_ACT_SHOT) {
				r.Verdict = drop
			}
		}
	}
	return nil
}

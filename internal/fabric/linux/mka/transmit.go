package mka

import (
	"errors"
	"fmt"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// TransmitOrder is the tc preference of the filter that leads what a port's MACsecDevice sends to a slot's device, less the
// slot's number, 1 to Slots. Filters between are key agreement's to set; what nobody leads away is sent as that device does
// it, in clear or not at all.
const TransmitOrder = 40

// outlets answers to which devices, by slot, a device's filters lead what it sends. More than one is an unfinished change,
// of which the first is in force.
func outlets(index int) (map[int]*netlink.MatchAll, error) {
	var all []netlink.Filter
	err := whole(func() (err error) {
		all, err = netlink.FilterList(&netlink.Device{LinkAttrs: netlink.LinkAttrs{Index: index}}, netlink.HANDLE_MIN_EGRESS)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("filters: %w", err)
	}
	found := map[int]*netlink.MatchAll{}
	for _, f := range all {
		m, is := f.(*netlink.MatchAll)
		if slot := int(f.Attrs().Priority) - TransmitOrder - 1; is && slot >= 0 && slot < Slots {
			found[slot] = m
		}
	}
	return found, nil
}

// leadsTo answers the index of the device that a filter leads to, 0 for none.
func leadsTo(m *netlink.MatchAll) int {
	for _, a := range m.Actions {
		if to, is := a.(*netlink.MirredAction); is {
			return to.Ifindex
		}
	}
	return 0
}

// lead has what a device sends, which goes by the filters have, go to one slot's device and to no other; none: nowhere. A
// filter cannot be changed, but which of two is in force changes at once when the one before it comes or goes.
func lead(index int, have map[int]*netlink.MatchAll, slot, to int) error {
	if m, there := have[slot]; there && leadsTo(m) != to { // to a device that has gone
		if err := gone(netlink.FilterDel(m)); err != nil {
			return fmt.Errorf("a filter: %w", err)
		}
		delete(have, slot)
	}
	if _, there := have[slot]; !there && slot != none {
		if err := addOutlet(index, slot, to); err != nil {
			return fmt.Errorf("a filter: %w", err)
		}
	}
	for other, m := range have {
		if other == slot {
			continue
		}
		if err := gone(netlink.FilterDel(m)); err != nil {
			return fmt.Errorf("a filter: %w", err)
		}
	}
	return nil
}

func addOutlet(index, slot, to int) error {
	f := &netlink.MatchAll{FilterAttrs: netlink.FilterAttrs{LinkIndex: index, Parent: netlink.HANDLE_MIN_EGRESS,
		Priority: uint16(TransmitOrder + 1 + slot), Protocol: unix.ETH_P_ALL}, Actions: []netlink.Action{netlink.NewMirredAction(to)}}
	hooks := &netlink.GenericQdisc{QdiscAttrs: netlink.QdiscAttrs{LinkIndex: index, Handle: netlink.MakeHandle(0xffff, 0),
		Parent: netlink.HANDLE_CLSACT}, QdiscType: "clsact"}
	if err := netlink.QdiscAdd(hooks); err != nil && !errors.Is(err, unix.EEXIST) {
		return err
	}
	return netlink.FilterAdd(f)
}

// gone forgives that somebody else was faster.
func gone(err error) error {
	if errors.Is(err, unix.ENOENT) || errors.Is(err, unix.ENODEV) || errors.Is(err, unix.EINVAL) {
		return nil
	}
	return err
}

// inForce answers the slot that filters lead to, or none.
func inForce(have map[int]*netlink.MatchAll) int {
	for slot := range Slots {
		if _, there := have[slot]; there {
			return slot
		}
	}
	return none
}

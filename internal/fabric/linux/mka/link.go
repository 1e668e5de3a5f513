package mka

import (
	"errors"
	"fmt"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// links are the identities of a port's Ethernet device and of one MACsec device on it. Equal links are the same devices
// with the same addresses.
type links struct {
	index   int // of the Ethernet device
	secy    int // of the MACsec device
	address [6]byte
}

// sci is the secure channel identifier that key agreement uses in a slot: the Ethernet device's address, and the slot's
// number as the port identifier.
func (l links) sci(slot int) sci {
	id := sci{7: byte(slot)}
	copy(id[:], l.address[:])
	return id
}

// look finds a port's Ethernet device and whether its cable carries.
func look(device string) (links, bool, error) {
	ether, err := find(device)
	if err != nil {
		return links{}, false, err
	}
	at := ether.Attrs()
	if len(at.HardwareAddr) != 6 {
		return links{}, false, fmt.Errorf("device %s is no Ethernet device", device)
	}
	return links{index: at.Index, address: [6]byte(at.HardwareAddr)}, at.RawFlags&unix.IFF_LOWER_UP != 0, nil
}

// with is l with a MACsec device. Without it no supplicant may begin: it would make one of its own.
func (l links) with(secy string) (links, error) {
	on, err := find(secy)
	if err != nil {
		return links{}, err
	}
	if on.Type() != "macsec" || on.Attrs().ParentIndex != l.index {
		return links{}, fmt.Errorf("device %s is no MACsec device on this port", secy)
	}
	l.secy = on.Attrs().Index
	return l, nil
}

func find(device string) (netlink.Link, error) {
	l, err := netlink.LinkByName(device)
	var missing netlink.LinkNotFoundError
	if errors.As(err, &missing) {
		return nil, fmt.Errorf("there is no device %s", device)
	}
	if err != nil {
		return nil, fmt.Errorf("device %s: %w", device, err)
	}
	return l, nil
}

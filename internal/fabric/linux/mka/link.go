package mka

import (
	"errors"
	"fmt"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// links are the identities of a port's two devices. Equal links are the same devices with the same addresses.
type links struct {
	index   int // of the Ethernet device
	secy    int // of the MACsec device
	address [6]byte
}

// sci is the secure channel identifier that key agreement uses: the Ethernet device's address and port identifier 1.
func (l links) sci() [8]byte {
	sci := [8]byte{7: 1}
	copy(sci[:], l.address[:])
	return sci
}

// look finds a port's devices and whether its cable carries. Without the MACsec device no supplicant may begin: it would
// make one of its own.
func look(device, secy string) (links, bool, error) {
	ether, err := find(device)
	if err != nil {
		return links{}, false, err
	}
	on, err := find(secy)
	if err != nil {
		return links{}, false, err
	}
	at := ether.Attrs()
	if on.Type() != "macsec" || on.Attrs().ParentIndex != at.Index {
		return links{}, false, fmt.Errorf("device %s is no MACsec device on %s", secy, device)
	}
	if len(at.HardwareAddr) != 6 {
		return links{}, false, fmt.Errorf("device %s is no Ethernet device", device)
	}
	carrier := at.RawFlags&unix.IFF_LOWER_UP != 0
	return links{index: at.Index, secy: on.Attrs().Index, address: [6]byte(at.HardwareAddr)}, carrier, nil
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

package mka

import (
	"encoding/binary"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netlink/nl"
	"golang.org/x/sys/unix"
)

// Names from linux/if_macsec.h and linux/if_link.h, which no library of ours has.
const (
	cmdGet, cmdDelRXSC, cmdDelTXSA, cmdUpdTXSA = 0, 2, 5, 6

	attrIndex, attrRXSC, attrSA, attrSecY, attrTXSAs, attrRXSCs = 1, 2, 3, 4, 5, 6

	secySCI                                    = 1
	secyProtect                                = 6
	rxscSCI, rxscActive, rxscSAs, rxscCounters = 1, 2, 3, 4
	saNumber, saActive                         = 1, 2
	countLate, countNotValid                   = 7, 8

	linkProtect = 8 // IFLA_MACSEC_PROTECT

	attrNameMask = 0x3fff // NLA_TYPE_MASK of linux/netlink.h: the two bits above it are flags
)

// secy is a MACsec device's protection as the kernel has it (IEEE 802.1AE: SecY).
type secy struct {
	sci          sci
	protect      bool // frames without protection are not sent
	transmitting bool // it has a key to send with
	receiving    bool // it has a key to receive with
	txSAs        []byte
	rxSCs        []sci
	notValid     uint64
	late         uint64
}

// kernel reads and clears MACsec devices by generic netlink. The kernel answers for all of them at once or not at all,
// so one answer serves every port for a while.
type kernel struct {
	mu   sync.Mutex
	read time.Time
	all  map[int]secy
}

// secy answers the protection of the device with this index, at most so old, and whether there is one.
func (k *kernel) secy(index int, age time.Duration) (secy, bool, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if time.Since(k.read) > age {
		all, err := readSecYs()
		if err != nil {
			return secy{}, false, fmt.Errorf("MACsec devices: %w", err)
		}
		k.read, k.all = time.Now(), all
	}
	s, there := k.all[index]
	return s, there, nil
}

func readSecYs() (map[int]secy, error) {
	var messages [][]byte
	err := whole(func() (err error) {
		messages, err = macsecRequest(cmdGet, unix.NLM_F_DUMP)
		return err
	})
	if err != nil {
		return nil, err
	}
	all := map[int]secy{}
	for _, m := range messages {
		index, s := 0, secy{}
		eachAttr(m[nl.SizeofGenlmsg:], func(name uint16, value []byte) {
			switch name {
			case attrIndex:
				index = int(number(value))
			case attrSecY:
				eachAttr(value, func(name uint16, value []byte) {
					switch name {
					case secySCI:
						copy(s.sci[:], value)
					case secyProtect:
						s.protect = number(value) == 1
					}
				})
			case attrTXSAs:
				eachAttr(value, func(_ uint16, value []byte) {
					sa, active := parseSA(value)
					s.txSAs = append(s.txSAs, sa)
					s.transmitting = s.transmitting || active
				})
			case attrRXSCs:
				eachAttr(value, func(_ uint16, value []byte) { s.addRXSC(value) })
			}
		})
		all[index] = s
	}
	return all, nil
}

func (s *secy) addRXSC(attrs []byte) {
	var id sci
	on, holds := false, false
	eachAttr(attrs, func(name uint16, value []byte) {
		switch name {
		case rxscSCI:
			copy(id[:], value)
		case rxscActive:
			on = number(value) == 1
		case rxscSAs:
			eachAttr(value, func(_ uint16, value []byte) {
				_, active := parseSA(value)
				holds = holds || active
			})
		case rxscCounters:
			eachAttr(value, func(name uint16, value []byte) {
				switch name {
				case countLate:
					s.late += number(value)
				case countNotValid:
					s.notValid += number(value)
				}
			})
		}
	})
	s.rxSCs = append(s.rxSCs, id)
	s.receiving = s.receiving || on && holds
}

func parseSA(attrs []byte) (an byte, active bool) {
	eachAttr(attrs, func(name uint16, value []byte) {
		switch name {
		case saNumber:
			an = byte(number(value))
		case saActive:
			active = number(value) == 1
		}
	})
	return an, active
}

// shut takes all keys out of a MACsec device and forbids it plain frames: what a supplicant that died left there would
// stand in the way of the next one, and one that was told not to protect leaves the device sending in clear.
func (k *kernel) shut(index int) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.read = time.Time{}
	all, err := readSecYs()
	if err != nil {
		return fmt.Errorf("MACsec devices: %w", err)
	}
	s, there := all[index]
	if !there {
		return nil
	}
	if err := protect(index); err != nil {
		return fmt.Errorf("MACsec device: protect: %w", err)
	}
	for _, id := range s.rxSCs {
		if err := removeChannel(index, id); err != nil {
			return err
		}
	}
	device := nl.NewRtAttr(attrIndex, nl.Uint32Attr(uint32(index)))
	for _, an := range s.txSAs { // one that is active stays: first it is not, then it goes
		still, which := nl.NewRtAttr(attrSA, nil), nl.NewRtAttr(attrSA, nil)
		still.AddRtAttr(saNumber, []byte{an})
		still.AddRtAttr(saActive, []byte{0})
		which.AddRtAttr(saNumber, []byte{an})
		_, err := macsecRequest(cmdUpdTXSA, unix.NLM_F_ACK, device, still)
		if err == nil {
			_, err = macsecRequest(cmdDelTXSA, unix.NLM_F_ACK, device, which)
		}
		if err != nil && !errors.Is(err, unix.ENODEV) {
			return fmt.Errorf("MACsec device: send key: %w", err)
		}
	}
	return nil
}

// deafen has a MACsec device take nothing more of one secure channel.
func (k *kernel) deafen(index int, id sci) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.read = time.Time{}
	return removeChannel(index, id)
}

// removeChannel removes a receive channel with its keys, if it is there.
func removeChannel(index int, id sci) error {
	which := nl.NewRtAttr(attrRXSC, nil)
	which.AddRtAttr(rxscSCI, id[:])
	_, err := macsecRequest(cmdDelRXSC, unix.NLM_F_ACK, nl.NewRtAttr(attrIndex, nl.Uint32Attr(uint32(index))), which)
	if err != nil && !errors.Is(err, unix.ENODEV) {
		return fmt.Errorf("MACsec device: receive channel: %w", err)
	}
	return nil
}

// protect forbids a MACsec device to send frames without protection.
func protect(index int) error {
	req := nl.NewNetlinkRequest(unix.RTM_NEWLINK, unix.NLM_F_ACK)
	which := nl.NewIfInfomsg(unix.AF_UNSPEC)
	which.Index = int32(index)
	info := nl.NewRtAttr(unix.IFLA_LINKINFO, nil)
	info.AddRtAttr(nl.IFLA_INFO_KIND, nl.NonZeroTerminated("macsec"))
	info.AddRtAttr(nl.IFLA_INFO_DATA, nil).AddRtAttr(linkProtect, []byte{1})
	req.AddData(which)
	req.AddData(info)
	_, err := req.Execute(unix.NETLINK_ROUTE, 0)
	return err
}

// whole reads again what was changed while it was read, after a pause that grows.
func whole(read func() error) (err error) {
	const attempts = 10
	for n := range attempts {
		time.Sleep(time.Duration(n) * time.Millisecond)
		if err = read(); !errors.Is(err, nl.ErrDumpInterrupted) {
			return err
		}
	}
	return err
}

func macsecRequest(command uint8, flags int, attrs ...*nl.RtAttr) ([][]byte, error) {
	family, err := netlink.GenlFamilyGet("macsec")
	if err != nil {
		return nil, fmt.Errorf("the kernel has no MACsec: %w", err)
	}
	req := nl.NewNetlinkRequest(int(family.ID), flags)
	req.AddData(&nl.Genlmsg{Command: command, Version: 1})
	for _, a := range attrs {
		req.AddData(a)
	}
	return req.Execute(unix.NETLINK_GENERIC, 0)
}

// eachAttr walks netlink attributes as far as they are whole.
func eachAttr(attrs []byte, take func(name uint16, value []byte)) {
	for len(attrs) >= unix.SizeofNlAttr {
		length := int(binary.NativeEndian.Uint16(attrs))
		if length < unix.SizeofNlAttr || length > len(attrs) {
			return
		}
		take(binary.NativeEndian.Uint16(attrs[2:])&attrNameMask, attrs[unix.SizeofNlAttr:length])
		attrs = attrs[min(len(attrs), (length+unix.NLA_ALIGNTO-1)&^(unix.NLA_ALIGNTO-1)):]
	}
}

// number reads an unsigned attribute in the machine's byte order.
func number(value []byte) uint64 {
	switch len(value) {
	case 1:
		return uint64(value[0])
	case 4:
		return uint64(binary.NativeEndian.Uint32(value))
	case 8:
		return binary.NativeEndian.Uint64(value)
	}
	return 0
}

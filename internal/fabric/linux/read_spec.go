package linux

import (
	"encoding/binary"
	"fmt"

	"github.com/vishvananda/netlink/nl"
	"golang.org/x/sys/unix"
)

// spec is what a device's message says that the netlink library does not read.
type spec struct {
	conf       conf
	protection protection
	channel    uint16
}

// attributes calls f with each attribute in b.
func attributes(b []byte, f func(number uint16, value []byte) error) error {
	all, err := nl.ParseRouteAttr(b)
	if err != nil {
		return fmt.Errorf("netlink: attributes: %w", err)
	}
	for _, a := range all {
		if err := f(a.Attr.Type&nl.NLA_TYPE_MASK, a.Value); err != nil {
			return err
		}
	}
	return nil
}

// parseSpec reads a message about a device.
func parseSpec(m []byte) (s spec, err error) {
	err = attributes(m[unix.SizeofIfInfomsg:], func(number uint16, value []byte) error {
		switch number {
		case unix.IFLA_AF_SPEC:
			return s.conf.parse(value)
		case unix.IFLA_LINKINFO:
			return s.parseMACsec(value)
		}
		return nil
	})
	return s, err
}

// parse reads how a device takes part in IP.
func (c *conf) parse(families []byte) error {
	return attributes(families, func(family uint16, value []byte) error {
		if family != unix.AF_INET && family != unix.AF_INET6 {
			return nil
		}
		return attributes(value, func(number uint16, value []byte) error {
			switch {
			case family == unix.AF_INET && number == inetConf:
				c.four(value)
			case family == unix.AF_INET6 && number == inet6GenMode && len(value) > 0:
				c.NoLinkLocal = value[0] == genModeNone
			}
			return nil
		})
	})
}

// parseMACsec reads the port identifier of a MACsec device's SCI, and what the device does with frames in the clear; other
// devices have nothing to say about it.
func (s *spec) parseMACsec(info []byte) error {
	what := ""
	return attributes(info, func(number uint16, value []byte) error {
		if number == nl.IFLA_INFO_KIND {
			what = nl.BytesToString(value)
		}
		if number != nl.IFLA_INFO_DATA || what != "macsec" {
			return nil
		}
		return attributes(value, func(number uint16, value []byte) error {
			switch {
			case number == macsecSCI && len(value) == 8:
				s.channel = binary.BigEndian.Uint16(value[6:])
			case number == macsecProtect && len(value) > 0:
				s.protection.Protect = value[0] != 0
			case number == macsecValidation && len(value) > 0:
				s.protection.Strict = value[0] == validateStrict
			}
			return nil
		})
	})
}

// four reads the array of net.ipv4.conf.
func (c *conf) four(values []byte) {
	at := func(number int) uint32 {
		if number*4 > len(values) {
			return 0
		}
		return nl.NativeEndian().Uint32(values[(number-1)*4:])
	}
	c.Forwarding, c.RPFilter = at(confForwarding), at(confRPFilter)
	c.ARPIgnore, c.ARPAnnounce = at(confARPIgnore), at(confARPAnnounce)
	c.SendRedirects, c.AcceptRedirects, c.IgnoreLinkdown = at(confSendRedirects), at(confAcceptRedirects), at(confIgnoreLinkdown)
	c.AcceptLocal = at(confAcceptLocal)
}

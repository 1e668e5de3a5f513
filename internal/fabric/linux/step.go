package linux

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// op is what a step does.
type op int

const (
	opAdd         op = iota // make the device, marked and configured, down and without addresses
	opRemove                // of a device that we made
	opClaim                 // mark a port that we found
	opRelease               // leave a port as we found it, but dark
	opLabel                 // mark a device that was being made when we died
	opJoin                  // make it a member of Master
	opLeave                 // take it out of its bundle
	opUp                    // switch on
	opDown                  // switch off
	opMTU                   // to Device.MTU
	opMinLinks              // to Device.MinLinks
	opMACsec                // to Device.MACsec
	opConf                  // to Device.Conf
	opAddress               // add Address
	opNoAddress             // remove Address
	opShape                 // to Device.ShapeMbps, 0: lift
	opRule                  // add Rule
	opNoRule                // remove Rule
	opFallback              // add the unreachable default of Fallback
	opForwarding6           // switch net.ipv6.conf.all.forwarding on
	opLocalLast             // move the local table's rule behind the VRFs', of the family of Fallback.Six
)

// step is one change of the kernel's state.
type step struct {
	Op       op
	Device   device // as it should be; of opRemove, opRelease and opLeave: as it is
	Address  address
	Rule     rule
	Fallback fallback
}

// String is the step as an operator reads it in a plan.
func (s step) String() string {
	d := s.Device
	switch s.Op {
	case opAdd:
		return "add " + d.what()
	case opRemove:
		return "remove " + d.what()
	case opClaim:
		return fmt.Sprintf("use device %s as port %s", d.Name, d.Label)
	case opRelease:
		return fmt.Sprintf("release port %s: device %s back to mtu %d, and down", d.Label, d.Name, d.FoundMTU)
	case opLabel:
		return fmt.Sprintf("mark %s as %q", d.Name, d.alias())
	case opJoin:
		return fmt.Sprintf("put %s into %s", d.Name, d.Master)
	case opLeave:
		return fmt.Sprintf("take %s out of %s", d.Name, d.Master)
	case opUp:
		return fmt.Sprintf("switch %s on", d.Name)
	case opDown:
		return fmt.Sprintf("switch %s off", d.Name)
	case opAddress:
		return fmt.Sprintf("add address %s to %s", s.Address.Prefix, d.Name)
	case opNoAddress:
		return fmt.Sprintf("remove address %s from %s", s.Address.Prefix, d.Name)
	}
	return s.setting()
}

// setting is String of the steps that set something.
func (s step) setting() string {
	d := s.Device
	switch s.Op {
	case opMTU:
		return fmt.Sprintf("set mtu %d on %s", d.MTU, d.Name)
	case opMinLinks:
		return fmt.Sprintf("set min_links %d on %s", d.MinLinks, d.Name)
	case opMACsec:
		return fmt.Sprintf("set %s to send frames in the clear: %t, take them: %t", d.Name, !d.MACsec.Protect, !d.MACsec.Strict)
	case opConf:
		return fmt.Sprintf("set forwarding %d, rp_filter %d, arp_ignore %d on %s", d.Conf.Forwarding, d.Conf.RPFilter, d.Conf.ARPIgnore, d.Name)
	case opShape:
		if d.ShapeMbps == 0 {
			return fmt.Sprintf("shape %s no longer", d.Name)
		}
		return fmt.Sprintf("shape %s to %d Mbps", d.Name, d.ShapeMbps)
	case opRule:
		return fmt.Sprintf("filter %s: %s", d.Name, s.Rule)
	case opNoRule:
		return fmt.Sprintf("filter %s no longer: %s", d.Name, s.Rule)
	case opFallback:
		return fmt.Sprintf("add unreachable default to table %d (%s)", s.Fallback.Table, family(s.Fallback.Six))
	case opForwarding6:
		return "set net.ipv6.conf.all.forwarding 1"
	default: // opLocalLast
		return fmt.Sprintf("move the rule of table local from preference 0 to %d (%s)", localPreference, family(s.Fallback.Six))
	}
}

func family(six bool) string {
	if six {
		return "IPv6"
	}
	return "IPv4"
}

// what names the device and what it is made with.
func (d device) what() string {
	text := fmt.Sprintf("%s %s", d.Kind, d.Name)
	switch d.Kind {
	case kindInterface, kindOuter:
		text += fmt.Sprintf(" (%d) on %s", d.VLAN, d.Lower)
	case kindMACsec, kindSlot:
		text += " on " + d.Lower
	case kindVRF:
		text += fmt.Sprintf(" (table %d)", d.Table)
	case kindTunnel:
		text += fmt.Sprintf(" (key %d) from %s to %s", d.Key, d.Local, d.Remote)
	}
	if d.Master != "" {
		text += " in " + d.Master
	}
	if d.Label != d.Name {
		text += ": " + d.Label
	}
	return text
}

// String is the rule as an operator reads it.
func (r rule) String() string {
	what, known := map[uint16]string{unix.ETH_P_ALL: "anything", unix.ETH_P_IP: "IPv4", unix.ETH_P_IPV6: "IPv6", unix.ETH_P_ARP: "ARP",
		etherMACsec: "MACsec", etherEAPOL: "802.1X"}[r.Proto]
	if !known {
		what = fmt.Sprintf("protocol %04x", r.Proto)
	}
	if r.To.IsValid() {
		what += " to " + r.To.String()
	}
	way := "take"
	if r.Sent {
		way = "send"
	}
	switch r.Verdict {
	case drop:
		if r.Proto == unix.ETH_P_ALL {
			return way + " nothing else"
		}
		return way + " no other " + what
	case detour:
		return fmt.Sprintf("%s %s through %s", way, what, r.Via)
	case enter:
		return fmt.Sprintf("%s %s for %s", way, what, r.Via)
	default:
		return way + " " + what
	}
}

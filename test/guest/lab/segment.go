package lab

import (
	"fmt"
	"net/netip"
	"sync/atomic"
)

// Segment is an Ethernet segment that any number of hosts are on: a bridge on one of them.
type Segment struct {
	on   *Host
	name string
}

// joined numbers the bridges' ports: a namespace that has ended may take a moment to take its own away.
var joined atomic.Int64

// NewSegment makes a segment with the bridge on h, where it has the address; not valid: none.
func NewSegment(h *Host, name string, address netip.Prefix) *Segment {
	h.t.Helper()
	h.IP("link add " + name + " type bridge")
	h.t.Cleanup(func() { _, _ = h.Try("ip", "link", "del", name) })
	h.IP("link set " + name + " up")
	if address.IsValid() {
		h.IP(fmt.Sprintf("addr add %v dev %s", address, name))
	}
	return &Segment{on: h, name: name}
}

// Join puts a host on the segment, with a device of this name and address.
func (s *Segment) Join(h *Host, device string, address netip.Prefix) {
	h.t.Helper()
	port := fmt.Sprintf("%s-%d", s.name, joined.Add(1))
	namespace := End{Host: h}.where()
	s.on.IP(fmt.Sprintf("link add %s type veth peer name %s netns %s", port, device, namespace))
	s.on.IP(fmt.Sprintf("link set %s master %s up", port, s.name))
	h.IP("link set " + device + " up")
	h.IP(fmt.Sprintf("addr add %v dev %s", address, device))
}

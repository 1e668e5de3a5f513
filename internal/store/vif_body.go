package store

import (
	"net/netip"
	"strconv"
	"strings"

	"onramp/internal/directconnect"
)

// decodeInterfaceBody reads the JSON column of a virtual interface into v, by hand for the same reason and with the same
// way out as decodeConnectionBody: an order reads all interfaces of its connection.
func decodeInterfaceBody(body string, v *directconnect.VirtualInterface) error {
	read := *v
	s := scanner{text: body}
	if s.object(func(name string) { s.interfaceMember(name, &read) }); s.whole() {
		*v = read
		return nil
	}
	return decodeBody(body, v)
}

func (s *scanner) interfaceMember(name string, v *directconnect.VirtualInterface) {
	switch name {
	case "name":
		v.Name = s.string()
	case "vgw":
		v.VirtualGatewayID = s.string()
	case "aasn":
		v.AmazonASN = s.number(64)
	case "mtu":
		v.MTU = int32(s.number(32))
	case "sitelink":
		v.SiteLink = s.true()
	case "filter":
		s.array(func() { v.RouteFilter = append(v.RouteFilter, s.string()) })
	case "rate":
		v.RateLimit = directconnect.RateLimit(s.string())
	case "pool4":
		v.PoolIPv4 = int32(s.number(32))
	case "pool6":
		v.PoolIPv6 = int32(s.number(32))
	case "tags":
		s.array(func() { v.Tags = append(v.Tags, s.tag()) })
	case "peers":
		v.Peers = make([]directconnect.BGPPeer, 0, 2)
		s.array(func() { v.Peers = append(v.Peers, s.peer()) })
	default:
		s.interfaceHistory(name, v)
	}
}

func (s *scanner) interfaceHistory(name string, v *directconnect.VirtualInterface) {
	switch name {
	case "hosted":
		v.Hosted = s.true()
	case "since":
		v.Since = s.time()
	case "verified":
		v.Verified = s.time()
	case "test":
		v.TestID = s.string()
	case "drained":
		v.Drained = s.string()
	case "in":
		v.Accepted = s.mark()
	case "out":
		v.Offered = s.mark()
	case "inn":
		v.AcceptedCount = int32(s.number(32))
	case "outn":
		v.OfferedCount = int32(s.number(32))
	case "reason":
		v.Reason = s.string()
	case "left":
		s.array(func() { v.Left = append(v.Left, s.string()) })
	default:
		s.failed = true
	}
}

func (s *scanner) peer() (p directconnect.BGPPeer) {
	s.object(func(name string) {
		switch name {
		case "id":
			p.ID = s.string()
		case "family":
			p.Family = directconnect.Family(s.string())
		case "asn":
			p.ASN = s.number(64)
		case "key":
			p.Key = s.string()
		case "amazon":
			p.Amazon = s.prefix()
		case "customer":
			p.Customer = s.prefix()
		case "state":
			p.State = directconnect.PeerState(s.string())
		case "up":
			p.Up = s.true()
		case "since":
			p.Since = s.time()
		case "reason":
			p.Reason = s.string()
		case "readable":
			p.Readable = s.true()
		case "held":
			p.Held = s.time()
		case "router":
			p.Router = s.string()
		default:
			s.failed = true
		}
	})
	return p
}

// number is an integer of at most so many bits.
func (s *scanner) number(bits int) int64 {
	n, err := strconv.ParseInt(s.digits(), 10, bits)
	s.failed = s.failed || err != nil
	return n
}

// mark is a RouteMark.
func (s *scanner) mark() uint64 {
	n, err := strconv.ParseUint(s.digits(), 10, 64)
	s.failed = s.failed || err != nil
	return n
}

func (s *scanner) digits() string {
	end := strings.IndexFunc(s.text, func(c rune) bool { return c != '-' && (c < '0' || c > '9') })
	if end < 0 {
		end = len(s.text)
	}
	digits := s.text[:end]
	s.text = s.text[end:]
	return digits
}

func (s *scanner) prefix() netip.Prefix {
	text := s.string()
	if text == "" {
		return netip.Prefix{}
	}
	p, err := netip.ParsePrefix(text)
	if err != nil {
		s.failed = true
	}
	return p
}

package bfd

import (
	"encoding/binary"
	"errors"
	"fmt"
	"time"
)

// State is that of a session (RFC 5880, section 4.1, Sta).
type State uint8

// States, with their numbers on the wire.
const (
	AdminDown State = iota
	Down
	Init
	Up
)

func (s State) String() string { return [...]string{"admin down", "down", "init", "up"}[s&3] }

// Diagnostic codes (RFC 5880, section 4.1, Diag).
const (
	diagNone         = 0
	diagExpired      = 1 // control detection time expired
	diagNeighborDown = 3 // neighbour signalled session down
	diagAdminDown    = 7
)

// packet is a BFD control packet without authentication (RFC 5880, section 4.1).
type packet struct {
	diag         uint8
	state        State
	poll, final  bool
	multiplier   uint8
	mine, yours  uint32        // discriminators of the sender and of the receiver
	minTx, minRx time.Duration // desired min TX interval, required min RX interval; whole microseconds
}

const (
	length  = 24
	version = 1

	flagPoll, flagFinal, flagAuth, flagMultipoint = 0x20, 0x10, 0x04, 0x01
)

func (p packet) encode() []byte {
	b := make([]byte, length)
	b[0], b[1] = version<<5|p.diag, uint8(p.state)<<6
	if p.poll {
		b[1] |= flagPoll
	}
	if p.final {
		b[1] |= flagFinal
	}
	b[2], b[3] = p.multiplier, length
	for i, n := range []uint32{p.mine, p.yours, uint32(p.minTx.Microseconds()), uint32(p.minRx.Microseconds()), 0} {
		binary.BigEndian.PutUint32(b[4+4*i:], n)
	}
	return b
}

var errShort = errors.New("shorter than a control packet")

// decode reads a packet and holds it to what can be said of it alone (RFC 5880, section 6.8.6).
func decode(b []byte) (packet, error) {
	if len(b) < length || int(b[3]) < length || int(b[3]) > len(b) {
		return packet{}, errShort
	}
	number := func(at int) uint32 { return binary.BigEndian.Uint32(b[at:]) }
	p := packet{
		diag: b[0] & 0x1f, state: State(b[1] >> 6), poll: b[1]&flagPoll != 0, final: b[1]&flagFinal != 0, multiplier: b[2],
		mine: number(4), yours: number(8),
		minTx: time.Duration(number(12)) * time.Microsecond, minRx: time.Duration(number(16)) * time.Microsecond,
	}
	switch {
	case b[0]>>5 != version:
		return p, fmt.Errorf("version %d", b[0]>>5)
	case b[1]&flagMultipoint != 0:
		return p, errors.New("multipoint")
	case b[1]&flagAuth != 0:
		return p, errors.New("authentication, and none is in use")
	case p.multiplier == 0:
		return p, errors.New("detect multiplier 0")
	case p.mine == 0:
		return p, errors.New("discriminator 0")
	case p.yours == 0 && (p.state == Init || p.state == Up):
		return p, fmt.Errorf("state %v without a discriminator of ours", p.state)
	}
	return p, nil
}

package linux

import (
	"encoding/binary"
	"math"
	"sync"
	"time"
)

// What a transceiver's memory follows (linux/ethtool.h, ETH_MODULE_*).
const (
	moduleSFF8472 = 2 // SFP with digital diagnostics
	moduleSFF8636 = 3 // QSFP28
	moduleSFF8436 = 4 // QSFP+
)

// power is the light of a port's lanes in dBm.
type power struct{ rx, tx []float64 }

// darkness is told for no light at all: 0.1 microwatt is the least that the modules tell from it.
const darkness = -40.0

// dBm of tenths of a microwatt.
func dBm(tenths float64) float64 {
	if tenths <= 1 {
		return darkness
	}
	return math.Round(100*10*math.Log10(tenths/10_000)) / 100
}

// decodeLight reads the optical power from a transceiver's memory; nothing from one that does not measure it.
func decodeLight(standard uint32, m []byte) power {
	switch {
	case standard == moduleSFF8472 && len(m) >= 512:
		return decodeSFP(m[:256], m[256:512])
	case (standard == moduleSFF8636 || standard == moduleSFF8436) && len(m) >= 256:
		return decodeQSFP(m)
	}
	return power{}
}

// decodeSFP reads SFF-8472: A0h byte 92 says whether there are diagnostics (bit 6) and whether they are calibrated by us
// (bit 4); A2h has TX power at 102 and RX power at 104, in tenths of a microwatt.
func decodeSFP(id, diagnostics []byte) power {
	const measures, external = 1 << 6, 1 << 4
	if id[92]&measures == 0 {
		return power{}
	}
	tx := float64(binary.BigEndian.Uint16(diagnostics[102:]))
	rx := float64(binary.BigEndian.Uint16(diagnostics[104:]))
	if id[92]&external != 0 { // section 9.3: five coefficients for RX from 56, the highest first; slope and offset for TX at 80
		raw, sum := rx, 0.0
		for i := range 5 {
			sum = sum*raw + float64(math.Float32frombits(binary.BigEndian.Uint32(diagnostics[56+4*i:])))
		}
		rx = sum
		tx = tx*float64(binary.BigEndian.Uint16(diagnostics[80:]))/256 + float64(int16(binary.BigEndian.Uint16(diagnostics[82:])))
	}
	return power{rx: []float64{dBm(rx)}, tx: []float64{dBm(tx)}}
}

// decodeQSFP reads SFF-8636: four lanes, RX power from byte 34, TX power from 50 if byte 220 bit 2 says that it is measured.
// A cable without light measures none: all zero, with byte 220 zero too.
func decodeQSFP(m []byte) power {
	const measuresTx, averageRx = 1 << 2, 1 << 3
	var p power
	for lane := range 4 {
		rx, tx := binary.BigEndian.Uint16(m[34+2*lane:]), binary.BigEndian.Uint16(m[50+2*lane:])
		if m[220]&(averageRx|measuresTx) != 0 {
			p.rx = append(p.rx, dBm(float64(rx)))
		}
		if m[220]&measuresTx != 0 {
			p.tx = append(p.tx, dBm(float64(tx)))
		}
	}
	return p
}

// lights remembers the light of ports for a while: a module is read over a slow bus, and not every call needs it anew.
type lights struct {
	mu   sync.Mutex
	seen map[string]sighting
}

type sighting struct {
	at    time.Time
	power power
}

const lightFor = 10 * time.Second

func (l *lights) of(device string) power {
	l.mu.Lock()
	defer l.mu.Unlock()
	if s, there := l.seen[device]; there && time.Since(s.at) < lightFor {
		return s.power
	}
	var p power
	if standard, memory, err := module(device); err == nil { // a port without a module has no light
		p = decodeLight(standard, memory)
	}
	if l.seen == nil {
		l.seen = map[string]sighting{}
	}
	l.seen[device] = sighting{time.Now(), p}
	return p
}

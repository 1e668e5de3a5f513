package linux

import (
	"encoding/binary"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLight(t *testing.T) {
	t.Parallel()
	sfp := func(kind byte) []byte {
		m := make([]byte, 512)
		m[92] = kind
		binary.BigEndian.PutUint16(m[256+102:], 5_000) // 0.5 mW
		binary.BigEndian.PutUint16(m[256+104:], 10_000)
		return m
	}
	calibrated := sfp(1<<6 | 1<<4)
	binary.BigEndian.PutUint32(calibrated[256+68:], math.Float32bits(0.5)) // RX: half of the raw value, and 1000
	binary.BigEndian.PutUint32(calibrated[256+72:], math.Float32bits(1_000))
	binary.BigEndian.PutUint16(calibrated[256+80:], 2<<8)                  // TX: twice
	binary.BigEndian.PutUint16(calibrated[256+82:], uint16(0x10000-2_500)) // less 2500
	qsfp := make([]byte, 256)
	for lane := range 4 {
		binary.BigEndian.PutUint16(qsfp[34+2*lane:], uint16(1_000*lane))
		binary.BigEndian.PutUint16(qsfp[50+2*lane:], 10_000)
	}
	qsfp[220] = 1<<2 | 1<<3
	rxOnly := append([]byte(nil), qsfp...)
	rxOnly[220] = 1 << 3
	lanes := []float64{darkness, -10, -6.99, -5.23}
	for name, c := range map[string]struct {
		standard uint32
		memory   []byte
		want     power
	}{
		"SFP":                    {moduleSFF8472, sfp(1 << 6), power{rx: []float64{0}, tx: []float64{-3.01}}},
		"SFP, to be calibrated":  {moduleSFF8472, calibrated, power{rx: []float64{-2.22}, tx: []float64{-1.25}}},
		"SFP without a meter":    {moduleSFF8472, sfp(0), power{}},
		"SFP, cut short":         {moduleSFF8472, sfp(1 << 6)[:300], power{}},
		"QSFP":                   {moduleSFF8636, qsfp, power{rx: lanes, tx: []float64{0, 0, 0, 0}}},
		"QSFP, only what comes":  {moduleSFF8436, rxOnly, power{rx: lanes}},
		"direct attach":          {moduleSFF8636, make([]byte, 256), power{}},
		"a standard not decoded": {9, qsfp, power{}},
	} {
		if diff := cmp.Diff(c.want, decodeLight(c.standard, c.memory), cmp.AllowUnexported(power{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

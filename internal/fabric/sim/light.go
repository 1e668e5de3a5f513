package sim

import (
	"hash/fnv"
	"math"
	"strconv"

	"onramp/internal/fabric"
)

const (
	typicalDBm = -3.0  // a healthy single-mode link of a cross connect's length
	spreadDBm  = 0.8   // how far a transceiver may lie from it
	darkDBm    = -40.0 // what a receiver reports where there is no light
)

// lanes is how many wavelengths a transceiver of that line rate uses: LR has one, LR4 four, LR8 eight.
func lanes(speedMbps int64) int {
	switch {
	case speedMbps >= 400_000:
		return 8
	case speedMbps >= 40_000:
		return 4
	}
	return 1
}

// sensitivity is the least light, in dBm, that a receiver of that line rate still makes frames of: the average receive power of
// 1000BASE-LX (IEEE 802.3 clause 38), 10GBASE-LR (52), 100GBASE-LR4 (88) and 400GBASE-LR8 (122), each lane.
func sensitivity(speedMbps int64) float64 {
	switch {
	case speedMbps >= 400_000:
		return -9.1
	case speedMbps >= 40_000:
		return -10.6
	case speedMbps >= 10_000:
		return -14.4
	}
	return -19
}

// powers are the lanes' readings in dBm, to a tenth. A lane always reads the same: it is computed from its name.
func powers(router string, p fabric.Port, direction string, lit bool) []float64 {
	readings := make([]float64, lanes(p.SpeedMbps))
	for lane := range readings {
		if !lit {
			readings[lane] = darkDBm
			continue
		}
		h := fnv.New64a()
		_, _ = h.Write([]byte(router + "/" + p.Name + "/" + direction + "/" + strconv.Itoa(lane)))
		x := h.Sum64()
		x = (x ^ x>>32) * 0x9e3779b97f4a7c15 // FNV leaves names that differ in their last letter close together
		part := float64(x>>40) / (1 << 24)
		readings[lane] = math.Round((typicalDBm+spreadDBm*(2*part-1))*10) / 10
	}
	return readings
}

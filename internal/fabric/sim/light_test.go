package sim

import (
	"testing"

	"onramp/internal/fabric"
)

// TestFadedLight: the receiver shows what arrives, and the carrier goes when that is less than it needs at its rate.
func TestFadedLight(t *testing.T) {
	t.Parallel()
	for _, k := range []struct {
		mbps    int64
		light   float64
		carrier bool
	}{
		{1_000, -19, true}, {1_000, -19.1, false}, {10_000, -14.4, true}, {10_000, -14.5, false}, {100_000, -10.6, true},
		{100_000, -10.7, false}, {400_000, -9.1, true}, {400_000, -9.2, false},
	} {
		p := observePort("r", fabric.Port{Name: "p", Enabled: true, SpeedMbps: k.mbps}, Cable{Plugged: true, LightDBm: k.light})
		if p.Carrier != k.carrier {
			t.Errorf("%g dBm at %d Mbps: carrier %t", k.light, k.mbps, p.Carrier)
		}
		for lane, dbm := range p.RxPowerDBm {
			if dbm != k.light || p.TxPowerDBm[lane] == k.light {
				t.Errorf("%g dBm at %d Mbps: lane %d receives %g and sends %g", k.light, k.mbps, lane, dbm, p.TxPowerDBm[lane])
			}
		}
	}
	if p := observePort("r", fabric.Port{Name: "p", Enabled: true, SpeedMbps: 1000}, Cable{Plugged: true, Dark: true, LightDBm: -3}); p.Carrier || p.RxPowerDBm[0] != darkDBm {
		t.Errorf("a far side that sends nothing: %+v", p)
	}
}

// TestWrongKey: the link stays, and nothing is encrypted.
func TestWrongKey(t *testing.T) {
	t.Parallel()
	port := fabric.Port{Name: "p", Enabled: true, SpeedMbps: 10_000, MACsec: &fabric.MACsec{Mode: fabric.MACsecPrefer, Keys: []fabric.Key{{CKN: "ab", CAK: "cd"}}}}
	if p := observePort("r", port, Cable{Plugged: true}); !p.Carrier || !p.Encrypted {
		t.Errorf("with the right key: %+v", p)
	}
	if p := observePort("r", port, Cable{Plugged: true, WrongKey: true}); !p.Carrier || p.Encrypted {
		t.Errorf("with the wrong key: %+v", p)
	}
}

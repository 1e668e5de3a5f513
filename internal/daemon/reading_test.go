package daemon

import (
	"testing"
	"time"

	"onramp/internal/fabric"
)

// TestReadingsForRates: a rate is of five seconds or more, of the newest two looks that are so far apart; a router that does
// not answer has none.
func TestReadingsForRates(t *testing.T) {
	t.Parallel()
	begin := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	seen := func(bytes uint64) fabric.Observed {
		c := fabric.Counters{RxBytes: bytes, TxBytes: 2 * bytes, RxErrors: 1}
		return fabric.Observed{
			Ports:      map[string]fabric.PortStatus{"p": {Enabled: true, Counters: c}, "off": {Counters: c}},
			Interfaces: map[string]fabric.InterfaceStatus{"dxvif-1": {Configured: true, Counters: c}},
		}
	}
	var r readings
	for _, look := range []struct {
		second int
		bytes  uint64
		before int    // the second that a rate is since; -1: none
		rate   string // of what the customer sent
	}{
		{0, 1000, -1, "0.0 bit/s"}, {2, 2000, -1, "0.0 bit/s"}, {8, 9000, 2, "9.3 kbit/s"}, {9, 9000, 2, "8.0 kbit/s"}, {60, 9000, 9, "0.0 bit/s"},
	} {
		at := begin.Add(time.Duration(look.second) * time.Second)
		r.saw("r", seen(look.bytes), nil, at)
		before := r.before("r")
		if look.before < 0 != (before.ports == nil) || look.before >= 0 && !before.at.Equal(begin.Add(time.Duration(look.before)*time.Second)) {
			t.Errorf("second %d: before is %+v", look.second, before)
		}
		for _, got := range []string{
			traffic(seen(look.bytes).Ports["p"].Counters, before.ports, "p", before.at, at).In.BitsPerSecond.String(),
			traffic(seen(look.bytes).Interfaces["dxvif-1"].Counters, before.interfaces, "dxvif-1", before.at, at).In.BitsPerSecond.String(),
		} {
			if got != look.rate {
				t.Errorf("second %d: %s, want %s", look.second, got, look.rate)
			}
		}
	}
	r.saw("r", fabric.Observed{}, fabric.ErrUnreachable, begin.Add(2*time.Minute))
	if before := r.before("r"); before.ports != nil {
		t.Errorf("of a router that does not answer: %+v", before)
	}
	if traffic(fabric.Counters{}, nil, "p", begin, begin) != nil {
		t.Error("a router that counts nothing has counted")
	}
}

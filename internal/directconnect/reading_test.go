package directconnect

import (
	"testing"
	"time"
)

func TestRates(t *testing.T) {
	t.Parallel()
	now := Traffic{In: Count{Bytes: 5000}, Out: Count{Bytes: 1_000_000_000}}
	for name, c := range map[string]struct {
		in, out  uint64
		over     time.Duration
		rateIn   string
		rateOut  string
		measured time.Duration
	}{
		"ten seconds":     {0, 0, 10 * time.Second, "4.0 kbit/s", "800.0 Mbit/s", 10 * time.Second},
		"nothing passed":  {5000, 1_000_000_000, time.Minute, "0.0 bit/s", "0.0 bit/s", time.Minute},
		"less than a bit": {4999, 999_999_999, time.Minute, "0.1 bit/s", "0.1 bit/s", time.Minute},
		"began again":     {6000, 0, time.Minute, "0.0 bit/s", "0.0 bit/s", 0},
		"no time":         {0, 0, 0, "0.0 bit/s", "0.0 bit/s", 0},
	} {
		got := now.Rate(c.in, c.out, c.over)
		if in, out := got.In.BitsPerSecond.String(), got.Out.BitsPerSecond.String(); in != c.rateIn || out != c.rateOut || got.Over != c.measured {
			t.Errorf("%s: %s, %s over %s; want %s, %s over %s", name, in, out, got.Over, c.rateIn, c.rateOut, c.measured)
		}
	}
	if got := BitRate(2.5e15).String(); got != "2500.0 Tbit/s" {
		t.Errorf("the largest unit: %s", got)
	}
}

func TestReadingSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	whole := Reading{Ports: map[string]PortReading{"r/1": {Carrier: true}}, Interfaces: map[string]InterfaceReading{"dxvif-1": {Up: true}}}
	if p, trouble := whole.PortReading("r/1"); trouble != "" || !p.Carrier {
		t.Errorf("%+v, %q", p, trouble)
	}
	if v, trouble := whole.InterfaceReading("dxvif-1"); trouble != "" || !v.Up {
		t.Errorf("%+v, %q", v, trouble)
	}
	for id, want := range map[string]string{"r/2": "the router does not have it in use"} {
		if _, trouble := whole.PortReading(id); trouble != want {
			t.Errorf("%s: %q", id, trouble)
		}
	}
	if _, trouble := whole.InterfaceReading("dxvif-2"); trouble != "the router does not have it" {
		t.Errorf("an interface that is not there: %q", trouble)
	}
	none := Reading{Trouble: "it does not answer"}
	_, port := none.PortReading("r/1")
	_, vif := none.InterfaceReading("dxvif-1")
	if port != none.Trouble || vif != none.Trouble {
		t.Errorf("of a router that does not answer: %q, %q", port, vif)
	}
}

// TestSessionSince: the time is that of the last change, not of the last look.
func TestSessionSince(t *testing.T) {
	t.Parallel()
	v := onGateway()
	v.State, v.Peers = InterfacePending, []BGPPeer{{ID: "p", State: PeerPending}}
	for i, step := range []struct {
		up   bool
		want time.Time
	}{{true, noon}, {true, noon}, {false, noon.Add(2 * time.Hour)}, {false, noon.Add(2 * time.Hour)}, {true, noon.Add(4 * time.Hour)}} {
		v, _ = v.Advance(sessions(SeenSession{Up: step.up}, "p"), nil, Instant, noon.Add(time.Duration(i)*time.Hour))
		if p := v.Peers[0]; p.Up != step.up || !p.Since.Equal(step.want) {
			t.Errorf("step %d: up %t since %v, want since %v", i, p.Up, p.Since, step.want)
		}
	}
}

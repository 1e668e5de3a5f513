package diagram

import (
	"fmt"
	"strings"
	"testing"
)

func TestPanel(t *testing.T) {
	var slots []Slot
	for i := range 44 {
		name, under := fmt.Sprintf("et-0/0/%d", i), "100G"
		if i >= 40 {
			name, under = fmt.Sprintf("xe-1/0/%d", i-40), "10G"
		}
		state := SlotStates[i*i%len(SlotStates)]
		slots = append(slots, Slot{Name: name, Under: under, State: state, Tip: name + ": " + state, Href: "?port=" + name, Here: i == 5})
	}
	svg := Panel("EqDC2-2r4nx1ka30uo", slots)
	wellFormed(t, svg)
	look(t, "panel", svg)
	golden(t, "panel.svg", svg)
	if n := strings.Count(string(svg), "<a "); n != len(slots) {
		t.Errorf("%d links of %d ports", n, len(slots))
	}
}

func TestEveryStateOfAPortHasASign(t *testing.T) {
	for _, state := range SlotStates {
		if sign := SlotSign(state); !strings.Contains(symbols, `id="dg-`+sign+`"`) {
			t.Errorf("a port that is %s has the sign %q, which is not drawn", state, sign)
		}
	}
	for h := range map[Health]bool{Up: true, Weak: true, Down: true, Unknown: true, Testing: true, Waiting: true, Ending: true, Untold: true} {
		if !strings.Contains(symbols, `id="dg-`+string(h)+`"`) || h.rank() < 0 {
			t.Errorf("%s has no sign or no urgency", h)
		}
	}
}

func TestPanelsOfNothing(t *testing.T) {
	wellFormed(t, Panel("empty", nil))
	wellFormed(t, Panel("<odd>", []Slot{{Name: "", State: "free"}, {Name: "/", State: "lit"}, {Name: "a<b>/\"c", State: "down"}}))
}

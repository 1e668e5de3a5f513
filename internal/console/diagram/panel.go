package diagram

import (
	"math"
	"strings"
)

// Slot is a port of a router's panel.
type Slot struct {
	Name  string // of the port, such as et-0/0/12
	Under string // a few letters below it, such as its speed
	State string // one of SlotStates
	Tip   string
	Href  string
	Here  bool // the one that is looked at
}

// slotSigns is the sign of each state of a port.
var slotSigns = map[string]string{
	"free": "free", "reserved": string(Waiting), "dark": "dark", "lit": string(Up), "down": string(Down), "unknown": string(Unknown),
	"leaving": string(Ending),
}

// SlotStates are the states that a port may be in, as one looks for them.
var SlotStates = []string{"free", "reserved", "dark", "lit", "down", "unknown", "leaving"}

// SlotSign is the sign of a port's state.
func SlotSign(state string) string { return slotSigns[state] }

// A panel is rows of pairs of ports, one above the other as on most line cards.
const (
	slotWidth    = 58.0
	slotHeight   = 58.0
	slotGap      = 6.0
	pairsInRow   = 16
	cardHead     = 26.0
	panelMargin  = 14.0
	slotNameSize = 10.0
	// MaxSlots is how many ports one picture shows.
	MaxSlots = 96
)

// Panel draws the ports of a router as they sit on it, in the order given: a row of pairs for each line card, that is for each
// beginning of names up to the last slash. The caller divides what is more than MaxSlots into several pictures.
func Panel(router string, slots []Slot) []byte {
	var cards [][]Slot
	for i, s := range slots {
		if i == 0 || card(s.Name) != card(slots[i-1].Name) {
			cards = append(cards, nil)
		}
		last := len(cards) - 1
		cards[last] = append(cards[last], s)
	}
	width := panelMargin*2 + math.Min(pairsInRow, math.Max(4, pairs(cards)))*(slotWidth+slotGap) - slotGap
	height := panelMargin
	for _, c := range cards {
		height += cardHeight(len(c))
	}
	height = math.Max(height, 3*panelMargin)
	w := &writer{}
	w.open("svg", "xmlns", "http://www.w3.org/2000/svg", "class", "dg dg-panel", "viewBox", "0 0 "+number(width)+" "+number(height),
		"width", number(width), "height", number(height), "role", "group", "aria-label", "Panel of router "+router)
	w.raw(symbols)
	w.empty("rect", "class", "dg-chassis", "x", "1", "y", "1", "width", number(width-2), "height", number(height-2), "rx", "10")
	y := panelMargin / 2
	for _, c := range cards {
		name := card(c[0].Name)
		w.text("dg-frame-title", panelMargin, y+17, fit(name, headSize, width-2*panelMargin))
		for i, s := range c {
			row := i / (2 * pairsInRow)
			pair := i % (2 * pairsInRow)
			x := panelMargin + float64(pair/2)*(slotWidth+slotGap)
			s.draw(w, x, y+cardHead+float64(2*row+pair%2)*(slotHeight+slotGap))
		}
		y += cardHeight(len(c))
	}
	w.close("svg")
	return []byte(w.String())
}

// card is the line card that a port is on, by its name.
func card(port string) string {
	if i := strings.LastIndexByte(port, '/'); i > 0 {
		return port[:i]
	}
	return "Ports"
}

func pairs(cards [][]Slot) (most float64) {
	for _, c := range cards {
		most = math.Max(most, math.Ceil(float64(len(c))/2))
	}
	return most
}

func cardHeight(ports int) float64 {
	lines := 2 * ((ports + 2*pairsInRow - 1) / (2 * pairsInRow))
	if ports == 1 {
		lines = 1
	}
	return cardHead + float64(lines)*(slotHeight+slotGap) + slotGap
}

func (s Slot) draw(w *writer, x, y float64) {
	class := "dg-port dg-" + slotSigns[s.State]
	if s.Here {
		class += " dg-chosen"
	}
	name := fit(s.Name[strings.LastIndexByte(s.Name, '/')+1:], slotNameSize, slotWidth-4)
	under := fit(s.Under, slotNameSize, slotWidth-4)
	w.link(class, s.Href, s.Tip, name, under)
	w.empty("rect", "class", "dg-card", "x", number(x), "y", number(y), "width", number(slotWidth), "height", number(slotHeight), "rx", "6")
	w.empty("use", "href", "#dg-"+slotSigns[s.State], "class", "dg-badge", "x", number(x+(slotWidth-chipSize)/2), "y", number(y+6),
		"width", number(chipSize), "height", number(chipSize))
	w.text("dg-port-name", x+slotWidth/2, y+39, name)
	w.text("dg-port-speed", x+slotWidth/2, y+51, under)
	w.close("a")
}

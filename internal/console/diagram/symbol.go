package diagram

// symbols are the signs, 20 units wide: a form for each health that no other has, filled with its colour, and on it a mark.
// The signs of kinds are outlines.
const symbols = `<defs>
<symbol id="dg-up" viewBox="0 0 20 20"><circle class="dg-form" cx="10" cy="10" r="9"/><path class="dg-mark" d="M5.5 10.5 9 14 15 7"/></symbol>
<symbol id="dg-weak" viewBox="0 0 20 20"><path class="dg-form" d="M10 1.5 19 18H1Z"/><path class="dg-mark" d="M10 7v5.5M10 15v.6"/></symbol>
<symbol id="dg-down" viewBox="0 0 20 20"><path class="dg-form" d="M6 1h8l5 5v8l-5 5H6l-5-5V6Z"/><path class="dg-mark" d="M6.3 6.3l7.4 7.4M13.7 6.3l-7.4 7.4"/></symbol>
<symbol id="dg-unknown" viewBox="0 0 20 20"><path class="dg-form" d="M10 0 20 10 10 20 0 10Z"/><path class="dg-mark" d="M7.4 8a2.6 2.6 0 1 1 3.7 2.3c-.8.4-1.1.9-1.1 1.7M10 14.6v.5"/></symbol>
<symbol id="dg-waiting" viewBox="0 0 20 20"><circle class="dg-ring" cx="10" cy="10" r="8"/><path class="dg-hand" d="M10 5.5V10l3 2"/></symbol>
<symbol id="dg-testing" viewBox="0 0 20 20"><rect class="dg-ring" x="2" y="2" width="16" height="16" rx="4"/><path class="dg-hand" d="M7.7 6.3v7.4M12.3 6.3v7.4"/></symbol>
<symbol id="dg-ending" viewBox="0 0 20 20"><circle class="dg-ring dg-broken" cx="10" cy="10" r="8"/><path class="dg-hand" d="M6 10h8"/></symbol>
<symbol id="dg-free" viewBox="0 0 20 20"><rect class="dg-ring dg-broken" x="2" y="2" width="16" height="16" rx="2"/></symbol>
<symbol id="dg-dark" viewBox="0 0 20 20"><circle class="dg-ring" cx="10" cy="10" r="8"/><circle class="dg-form" cx="10" cy="10" r="3"/></symbol>
<symbol id="dg-untold" viewBox="0 0 20 20"><circle class="dg-line" cx="10" cy="10" r="7.5"/><path class="dg-line" d="M6.5 10h7M11 7l3 3-3 3"/></symbol>
<symbol id="dg-customer" viewBox="0 0 20 20"><path class="dg-line" d="M4 18V3h8v15M12 8h4.5v10M2 18h16M6.5 6.5h3M6.5 10h3M6.5 13.5h3"/></symbol>
<symbol id="dg-router" viewBox="0 0 20 20"><circle class="dg-line" cx="10" cy="10" r="8.5"/><path class="dg-line" d="M10 8.5V4M8.2 5.6 10 3.8l1.8 1.8M10 11.5V16M8.2 14.4 10 16.2l1.8-1.8M3.5 10h4M6 8.4 7.6 10 6 11.6M16.5 10h-4M14 8.4 12.4 10 14 11.6"/></symbol>
<symbol id="dg-location" viewBox="0 0 20 20"><path class="dg-line" d="M10 18.5C6 13.5 4 10.5 4 8a6 6 0 0 1 12 0c0 2.5-2 5.5-6 10.5Z"/><circle class="dg-line" cx="10" cy="8" r="2.2"/></symbol>
<symbol id="dg-world" viewBox="0 0 20 20"><circle class="dg-line" cx="10" cy="10" r="8"/><path class="dg-line" d="M2 10h16M10 2c-5.3 5-5.3 11 0 16M10 2c5.3 5 5.3 11 0 16"/></symbol>
</defs>
`

// Meaning explains a sign.
type Meaning struct {
	Health Health
	Words  string
}

// Key explains the signs that a picture has, in the order of how urgent they are.
func (p *Picture) Key() []Meaning {
	seen := map[Health]bool{}
	for _, s := range p.Shapes {
		seen[s.Health] = true
		for _, c := range s.Chips {
			seen[c.Health] = true
		}
	}
	words := map[Health]string{
		Up: "up", Weak: "up, but not all of it", Testing: "in a failover test", Waiting: "waiting or being set up",
		Ending: "ending", Unknown: "the router does not answer", Down: "down",
	}
	var key []Meaning
	for _, h := range urgency {
		if seen[h] && words[h] != "" {
			key = append(key, Meaning{h, words[h]})
		}
	}
	return key
}

// Single reports whether the picture marks a single point of failure.
func (p *Picture) Single() bool {
	for _, s := range p.Shapes {
		if s.Alone != "" {
			return true
		}
	}
	for _, f := range p.Frames {
		if f.Alone != "" {
			return true
		}
	}
	return false
}

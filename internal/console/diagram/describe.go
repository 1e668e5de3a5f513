package diagram

// Text is what is known of one thing beside its state.
type Text struct {
	Title  string // its name; empty: it keeps its identifier
	Detail string // a few words, such as "10Gbps, MACsec"; they stand behind the state. Places keep theirs
	Tip    string // a sentence more for who points at it
	Weak   bool   // it is up, but not all of it
}

// Wanted answers what Describe can describe: the identifiers, names and codes of what is shown by itself.
func (p *Picture) Wanted() []string {
	var all []string
	for _, s := range p.Shapes {
		if s.key != "" {
			all = append(all, s.key)
		}
	}
	return all
}

// Describe gives what is shown by itself its names and details, by what Wanted answers.
func (p *Picture) Describe(texts map[string]Text) {
	for i := range p.Shapes {
		s := &p.Shapes[i]
		t, ok := texts[s.key]
		if !ok || s.key == "" {
			continue
		}
		if t.Weak && s.Health == Up {
			s.Health, s.State = Weak, weakWord
		}
		if t.Title != "" && t.Title != s.Title {
			s.Tip = t.Title + ", " + s.Tip
			s.Title = t.Title
		}
		if t.Detail != "" && s.column != placeColumn {
			s.Tip += ", " + t.Detail
			s.Detail = joined(s.State, t.Detail)
		}
		if t.Tip != "" {
			s.Tip += ". " + t.Tip
		}
	}
	p.layout() // texts may take a line more by now
}

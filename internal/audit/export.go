package audit

import (
	"slices"
	"strings"
)

// Export verifies exported lines, in any order: that the records of each chain follow one another from the first that is
// there to the last.
type Export struct{ chains map[int][]Link }

// Take reads a line.
func (e *Export) Take(line string) error {
	l, err := ParseLine(strings.TrimRight(line, "\r\n"))
	if err != nil {
		return err
	}
	if e.chains == nil {
		e.chains = map[int][]Link{}
	}
	e.chains[l.Position.Chain()] = append(e.chains[l.Position.Chain()], l)
	return nil
}

// Chains is how many there are.
func (e *Export) Chains() int { return len(e.chains) }

// End answers what was found, when all lines have been taken.
func (e *Export) End() (findings []Finding) {
	for chain, links := range e.chains {
		slices.SortStableFunc(links, func(a, b Link) int { return int(a.Position - b.Position) })
		first, last := links[0], links[len(links)-1]
		c := NewCheck(Head{Chain: chain, First: first.Position.Sequence(), Base: first.Previous, Last: last.Position.Sequence(), Hash: last.Hash})
		for _, l := range links {
			c.Take(l)
		}
		findings = append(findings, c.End()...)
	}
	slices.SortStableFunc(findings, func(a, b Finding) int { return int(a.Position - b.Position) })
	return findings
}

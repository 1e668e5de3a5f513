package inventory

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// A text of a port line may hold ranges in brackets: "xe-0/0/[0-23]" stands for 24 texts, "[1-47:2]" counts in twos and
// "[01-24]" keeps its zeros. Several ranges in one line run side by side, so they must count alike.

var rangeShape = regexp.MustCompile(`\[([0-9]{1,9})-([0-9]{1,9})(?::([0-9]{1,9}))?\]`)

// maxRange bounds what one line can stand for.
const maxRange = 4096

// span is one range: first, first+step, ... written with at least width digits.
type span struct {
	first, last, step int64
	width             int
}

func (s span) count() int64 { return (s.last-s.first)/s.step + 1 }

func (s span) text(i int) string { return fmt.Sprintf("%0*d", s.width, s.first+int64(i)*s.step) }

// pattern is a text cut at its ranges: literal, range, literal, ..., literal.
type pattern struct {
	literals []string
	spans    []span
}

// parsePattern reads a text. Brackets that are no range are refused.
func parsePattern(s string) (pattern, error) {
	var p pattern
	at := 0
	for _, m := range rangeShape.FindAllStringSubmatchIndex(s, -1) {
		first, last := s[m[2]:m[3]], s[m[4]:m[5]]
		r := span{first: number(first), last: number(last), step: 1}
		if m[6] >= 0 {
			r.step = number(s[m[6]:m[7]])
		}
		if len(first) > 1 && first[0] == '0' {
			r.width = len(first)
		}
		switch {
		case r.step == 0 || r.last < r.first:
			return p, fmt.Errorf("range %s is empty", s[m[0]:m[1]])
		case (r.last-r.first)%r.step != 0:
			return p, fmt.Errorf("range %s does not reach its end in steps of %d", s[m[0]:m[1]], r.step)
		case r.count() > maxRange:
			return p, fmt.Errorf("range %s stands for more than %d texts", s[m[0]:m[1]], maxRange)
		}
		p.literals = append(p.literals, s[at:m[0]])
		p.spans = append(p.spans, r)
		at = m[1]
	}
	p.literals = append(p.literals, s[at:])
	for _, l := range p.literals {
		if strings.ContainsAny(l, "[]") {
			return p, fmt.Errorf("%q is no range: write [first-last] or [first-last:step]", s)
		}
	}
	return p, nil
}

func number(digits string) int64 {
	n, _ := strconv.ParseInt(digits, 10, 64) // at most nine digits
	return n
}

// count is how many texts the pattern stands for: 1 without ranges, 0 if its ranges disagree.
func (p pattern) count() int64 {
	if len(p.spans) == 0 {
		return 1
	}
	n := p.spans[0].count()
	for _, s := range p.spans {
		if s.count() != n {
			return 0
		}
	}
	return n
}

// text is the i-th text, from 0.
func (p pattern) text(i int) string {
	if len(p.spans) == 0 {
		return p.literals[0]
	}
	var b strings.Builder
	for k, s := range p.spans {
		b.WriteString(p.literals[k])
		b.WriteString(s.text(i))
	}
	b.WriteString(p.literals[len(p.spans)])
	return b.String()
}

// String writes the pattern for its first n texts.
func (p pattern) String(n int) string {
	var b strings.Builder
	for k, s := range p.spans {
		fmt.Fprintf(&b, "%s[%s-%s", p.literals[k], s.text(0), s.text(n-1))
		if s.step != 1 {
			fmt.Fprintf(&b, ":%d", s.step)
		}
		b.WriteByte(']')
	}
	return b.String() + p.literals[len(p.spans)]
}

var digitRuns = regexp.MustCompile(`[0-9]{1,9}`)

// foldPattern finds the pattern that a is the first and b the second text of, if there is one.
func foldPattern(a, b string) (pattern, bool) {
	p := pattern{}
	runsA, runsB := digitRuns.FindAllStringIndex(a, -1), digitRuns.FindAllStringIndex(b, -1)
	if len(runsA) != len(runsB) {
		return p, false
	}
	at := 0
	for k, ra := range runsA {
		da, db := a[ra[0]:ra[1]], b[runsB[k][0]:runsB[k][1]]
		if da == db {
			continue
		}
		s := span{first: number(da), step: number(db) - number(da)}
		if s.step <= 0 {
			return p, false
		}
		if da[0] == '0' && len(da) > 1 {
			s.width = len(da)
		}
		p.literals, p.spans, at = append(p.literals, a[at:ra[0]]), append(p.spans, s), ra[1]
	}
	p.literals = append(p.literals, a[at:])
	return p, p.text(0) == a && p.text(1) == b
}

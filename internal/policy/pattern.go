package policy

import (
	"slices"
	"strings"
)

// What stands in a pattern for more than itself. No rune has these values.
const (
	anyRunes rune = -1 // *
	oneRune  rune = -2 // ?
)

// pattern is text with wildcards and, in the newer language, variables: pieces one after the other.
type pattern []piece

// piece is runes, of which some are wildcards, or a variable.
type piece struct {
	runes       []rune
	variable    string // a condition key in lower case
	fallback    string // for when the key has no value
	hasFallback bool
}

// wildcards makes a pattern of text without variables.
func wildcards(text string) pattern {
	runes := []rune(text)
	for i, r := range runes {
		switch r {
		case '*':
			runes[i] = anyRunes
		case '?':
			runes[i] = oneRune
		}
	}
	return pattern{{runes: runes}}
}

// literal makes a pattern that only the text itself matches.
func literal(text string) pattern { return pattern{{runes: []rune(text)}} }

// compile makes a pattern of text with wildcards and, if wanted, variables: ${key}, ${key, 'fallback'}, and ${*}, ${?} and
// ${$} for the characters themselves.
func compile(path, text string, variables bool) (pattern, error) {
	if !variables || !strings.Contains(text, "${") {
		return wildcards(text), nil
	}
	var p pattern
	for {
		before, rest, found := strings.Cut(text, "${")
		p = append(p, wildcards(before)...)
		if !found {
			return p, nil
		}
		inside, after, closed := strings.Cut(rest, "}")
		if !closed {
			return nil, wrong(path, "a policy variable is not closed: %s", quoted("${"+rest))
		}
		text = after
		if inside == "*" || inside == "?" || inside == "$" {
			p = append(p, literal(inside)...)
			continue
		}
		key, fallback, hasFallback := strings.Cut(inside, ",")
		v := piece{variable: strings.ToLower(strings.TrimSpace(key)), hasFallback: hasFallback}
		if hasFallback {
			fallback = strings.TrimSpace(fallback)
			if len(fallback) < 2 || fallback[0] != '\'' || fallback[len(fallback)-1] != '\'' {
				return nil, wrong(path, "the default of a policy variable stands in single quotes: %s", quoted("${"+inside+"}"))
			}
			v.fallback = fallback[1 : len(fallback)-1]
		}
		if !knownKey(v.variable) {
			return nil, wrong(path, "%s is no policy variable that this server has a value for", quoted("${"+inside+"}"))
		}
		p = append(p, v)
	}
}

// resolve puts values in the place of variables; false: one has none, so that nothing matches.
func (p pattern) resolve(c Context) ([]rune, bool) {
	if len(p) == 1 && p[0].variable == "" {
		return p[0].runes, true
	}
	var runes []rune
	for _, piece := range p {
		if piece.variable == "" {
			runes = append(runes, piece.runes...)
			continue
		}
		// A key with several values names none of them.
		switch values := c[piece.variable]; {
		case len(values) == 1:
			runes = append(runes, []rune(values[0])...)
		case piece.hasFallback:
			runes = append(runes, []rune(piece.fallback)...)
		default:
			return nil, false
		}
	}
	return runes, true
}

func (p pattern) mentions(key string) bool {
	return slices.ContainsFunc(p, func(piece piece) bool { return mentions(piece.variable, key) })
}

// mentions reports whether a key is the one asked for, or begins with it where that ends in a slash.
func mentions(key, asked string) bool {
	return key == asked || strings.HasSuffix(asked, "/") && strings.HasPrefix(key, asked)
}

// matches reports whether the whole text fits.
func (p pattern) matches(text string, c Context) bool {
	runes, ok := p.resolve(c)
	return ok && glob(runes, []rune(text))
}

// glob matches with one step back at most: a later * can do whatever an earlier one could.
func glob(pattern, text []rune) bool {
	star, mark := -1, 0
	p, t := 0, 0
	for t < len(text) {
		switch {
		case p < len(pattern) && pattern[p] == anyRunes:
			star, mark = p, t
			p++
		case p < len(pattern) && (pattern[p] == oneRune || pattern[p] == text[t]):
			p, t = p+1, t+1
		case star >= 0:
			mark++
			p, t = star+1, mark
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == anyRunes {
		p++
	}
	return p == len(pattern)
}

// arnParts is how many parts an ARN has.
const arnParts = 6

// matchesARN reports whether an ARN fits part by part, so that no wildcard reaches over a colon but in the last part. A
// pattern of nothing but stars fits whatever there is; and only such a one fits "*", by which a request says that it is
// about no resource in particular.
func (p pattern) matchesARN(text string, c Context) bool {
	runes, ok := p.resolve(c)
	if !ok {
		return false
	}
	if len(runes) > 0 && !slices.ContainsFunc(runes, func(r rune) bool { return r != anyRunes }) {
		return true
	}
	if text == "*" {
		return false
	}
	wanted, there := cutParts(runes), cutParts([]rune(text))
	if len(wanted) != arnParts || len(there) != arnParts {
		return false
	}
	for i := range wanted {
		if !glob(wanted[i], there[i]) {
			return false
		}
	}
	return true
}

// isARN reports whether the pattern has an ARN's parts. The colons of a variable's name are none of its own.
func (p pattern) isARN() bool {
	var runes []rune
	for _, piece := range p {
		if piece.variable != "" {
			runes = append(runes, 'x')
		}
		runes = append(runes, piece.runes...)
	}
	parts := cutParts(runes)
	return len(parts) == arnParts && string(parts[0]) == "arn" && len(parts[2]) > 0 && len(parts[5]) > 0 &&
		!slices.Contains(parts[2], anyRunes) && !slices.Contains(parts[2], oneRune)
}

// cutParts cuts at the first five colons.
func cutParts(runes []rune) [][]rune {
	parts := make([][]rune, 0, arnParts)
	for len(parts) < arnParts-1 {
		i := slices.Index(runes, ':')
		if i < 0 {
			break
		}
		parts, runes = append(parts, runes[:i]), runes[i+1:]
	}
	return append(parts, runes)
}

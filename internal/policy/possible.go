package policy

import (
	"slices"
	"strings"
)

// Prospect is a request that is not made yet: what will be asked for is known, but not all that it will say.
type Prospect struct {
	Request
	Unchosen bool     // Resource is one of several that may yet be chosen; it ends in *, or is "*"
	Unsaid   []string // condition keys, in lower case, without a value as yet; with a slash in the end all keys that begin so
}

// Possible reports whether a prospect may turn out to be allowed: false means that Decide denies it whatever is said later.
// It is for those who would rather not offer what will be denied, and decides nothing: what is possible is decided when it is
// asked for. A statement that allows counts if it could be about the request; one that denies, if it is whatever is said.
func Possible(policies []Policy, q *Prospect) bool {
	action := strings.ToLower(q.Action)
	possible := false
	for _, p := range policies {
		for i := range p.Statements {
			s := &p.Statements[i]
			switch {
			case !s.isAbout(action):
			case s.Allow:
				possible = possible || s.could(q)
			case s.must(q):
				return false
			}
		}
	}
	return possible
}

// could reports whether a statement, which is about the action, would be about the request if all that is unsaid fitted.
func (s *Statement) could(q *Prospect) bool {
	if !q.Unchosen && !slices.ContainsFunc(s.resources, q.hangs) && s.misses(q) {
		return false
	}
	for i := range s.conditions {
		if k := &s.conditions[i]; !k.open(q) && !k.holds(q.Context) {
			return false
		}
	}
	return true
}

// must reports whether a statement, which is about the action, is about the request whatever is said later.
func (s *Statement) must(q *Prospect) bool {
	if q.Unchosen && s.notRes || slices.ContainsFunc(s.resources, q.hangs) || s.misses(q) {
		return false
	}
	for i := range s.conditions {
		if k := &s.conditions[i]; k.open(q) || !k.holds(q.Context) {
			return false
		}
	}
	return true
}

// misses reports whether a statement is about other resources. Of one that is not chosen yet the name ends in *, which only
// those patterns fit that fit all that may be chosen.
func (s *Statement) misses(q *Prospect) bool {
	return slices.ContainsFunc(s.resources, func(p pattern) bool { return p.matchesARN(q.Resource, q.Context) }) == s.notRes
}

// hangs reports whether a pattern has a variable without a value as yet.
func (q *Prospect) hangs(p pattern) bool {
	return slices.ContainsFunc(q.Unsaid, p.mentions)
}

// open reports whether a condition looks at what is not said yet.
func (k *condition) open(q *Prospect) bool {
	return slices.ContainsFunc(q.Unsaid, func(key string) bool { return mentions(k.key, key) }) || slices.ContainsFunc(k.patterns, q.hangs)
}

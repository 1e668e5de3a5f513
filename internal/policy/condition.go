package policy

import (
	"slices"
	"strings"
	"unicode"
)

// condition is one key under one operator. It holds if the values of the request's key stand to its own as the operator says.
type condition struct {
	operator
	quantifier quantifier
	ifExists   bool
	key        string // in lower case
	patterns   []pattern
	values     []operand // of operators that compare numbers, times, addresses
	absent     bool      // of Null: the key must be absent
}

// quantifier says what several values of a request's key are held to.
type quantifier int

const (
	plain quantifier = iota
	forAllValues
	forAnyValue
)

// holds evaluates the condition ("Condition operators" and "Set operators for multivalued context keys").
func (k *condition) holds(c Context) bool {
	values := c[k.key]
	switch {
	case k.null:
		return (len(values) == 0) == k.absent
	case len(values) == 0:
		switch {
		case k.quantifier == forAllValues || k.ifExists:
			return true
		case k.quantifier == forAnyValue:
			return false
		}
		return k.negated
	}
	// A negated operator asks that none of its values fits, of any of the request's: what ForAllValues says in full.
	quantifier := k.quantifier
	if quantifier == plain {
		quantifier = forAnyValue
		if k.negated {
			quantifier = forAllValues
		}
	}
	one := func(value string) bool { return k.fits(value, c) != k.negated }
	if quantifier == forAllValues {
		return !slices.ContainsFunc(values, func(value string) bool { return !one(value) })
	}
	return slices.ContainsFunc(values, one)
}

// fits reports whether a value of the request is one of the condition's, negation apart.
func (k *condition) fits(value string, c Context) bool {
	switch {
	case k.text:
		if k.foldCase {
			value = strings.ToLower(value)
		}
		return slices.ContainsFunc(k.patterns, func(p pattern) bool {
			runes, ok := p.resolve(c)
			if !ok {
				return false
			}
			if k.foldCase {
				runes = lower(runes)
			}
			return glob(runes, []rune(value))
		})
	case k.arn:
		return slices.ContainsFunc(k.patterns, func(p pattern) bool { return p.matchesARN(value, c) })
	}
	have, err := k.parse(value)
	if err != nil {
		return false
	}
	return slices.ContainsFunc(k.values, func(wanted operand) bool { return k.compare(have, wanted) })
}

func lower(runes []rune) []rune {
	folded := make([]rune, len(runes))
	for i, r := range runes {
		folded[i] = unicode.ToLower(r) // which leaves the wildcards, no runes, as they are
	}
	return folded
}

func parseConditions(kind Kind, path string, o object, variables bool) ([]condition, error) {
	v, ok := o.find("Condition")
	if !ok {
		return nil, nil
	}
	path = join(path, "Condition")
	blocks, ok := v.(object)
	if !ok {
		return nil, wrong(path, "this is an object of operators")
	}
	var all []condition
	for _, block := range blocks {
		at := join(path, block.name)
		head, err := parseOperator(at, block.name)
		if err != nil {
			return nil, err
		}
		tests, ok := block.value.(object)
		if !ok || len(tests) == 0 {
			return nil, wrong(at, "this is an object of condition keys")
		}
		for _, test := range tests {
			k, err := parseTest(kind, at, head, test, variables)
			if err != nil {
				return nil, err
			}
			all = append(all, k)
		}
	}
	return all, nil
}

// parseOperator reads the name of an operator with what may stand before and behind it.
func parseOperator(path, name string) (k condition, err error) {
	rest := name
	if set, after, found := strings.Cut(rest, ":"); found {
		switch set {
		case "ForAllValues":
			k.quantifier = forAllValues
		case "ForAnyValue":
			k.quantifier = forAnyValue
		default:
			return k, wrong(path, "%s is no set operator: those are ForAllValues and ForAnyValue", quoted(set))
		}
		rest = after
	}
	bare, ifExists := strings.CutSuffix(rest, "IfExists")
	k.ifExists = ifExists
	var known bool
	if k.operator, known = operators[bare]; !known {
		return k, wrong(path, "%s is no condition operator that this server knows", quoted(name))
	}
	if k.null && (ifExists || k.quantifier != plain) {
		return k, wrong(path, "Null takes neither IfExists nor a set operator")
	}
	return k, nil
}

func parseTest(kind Kind, path string, k condition, test member, variables bool) (condition, error) {
	k.key = strings.ToLower(test.name)
	path = join(path, test.name)
	switch {
	case !knownKey(k.key):
		return k, wrong(path, "%s is no condition key that this server has a value for", quoted(test.name))
	case kind == Trust && (strings.HasPrefix(k.key, "aws:requesttag/") || k.key == "aws:tagkeys" || strings.HasPrefix(k.key, "aws:resourcetag/")):
		return k, wrong(path, "%s has no value where a role is assumed", quoted(test.name))
	}
	values, err := scalars(path, test.value)
	if err != nil {
		return k, err
	}
	if k.null {
		if len(values) != 1 || values[0] != "true" && values[0] != "false" {
			return k, wrong(path, "Null is true or false")
		}
		k.absent = values[0] == "true"
		return k, nil
	}
	for _, value := range values {
		if k.text || k.arn {
			p, err := k.pattern(path, value, variables)
			if err != nil {
				return k, err
			}
			k.patterns = append(k.patterns, p)
			continue
		}
		parsed, err := k.parse(value)
		if err != nil {
			return k, wrong(path, "%s is not %s", quoted(value), err)
		}
		k.values = append(k.values, parsed)
	}
	return k, nil
}

// pattern compiles a value of an operator for text or ARNs. Only the Like operators, and those for ARNs, know wildcards.
func (k *condition) pattern(path, value string, variables bool) (pattern, error) {
	p, err := compile(path, value, variables)
	if err != nil {
		return nil, err
	}
	if k.arn {
		if !p.isARN() {
			return nil, wrong(path, "%s is not an ARN with its six parts", quoted(value))
		}
		return p, nil
	}
	if !k.like {
		for i := range p {
			for j, r := range p[i].runes {
				switch r {
				case anyRunes:
					p[i].runes[j] = '*'
				case oneRune:
					p[i].runes[j] = '?'
				}
			}
		}
	}
	return p, nil
}

package policy

import (
	"fmt"
	"strings"
)

// Parse reads a policy document. The error is an *Error that says what is wrong, and where.
func Parse(kind Kind, text []byte) (*Document, error) {
	v, err := readJSON(text)
	if err != nil {
		return nil, err
	}
	top, ok := v.(object)
	if !ok {
		return nil, wrong("", "a policy document is a JSON object")
	}
	d := &Document{Version: Version2008}
	var statements any
	for _, m := range top {
		switch m.name {
		case "Version":
			if d.Version, ok = m.value.(string); !ok || d.Version != Version2012 && d.Version != Version2008 {
				return nil, wrong("Version", "this must be %q or %q", Version2012, Version2008)
			}
		case "Id":
			if d.ID, ok = m.value.(string); !ok {
				return nil, wrong("Id", "this must be a string")
			}
		case "Statement":
			statements = m.value
		default:
			return nil, wrong("", "%s is no element of a policy document", quoted(m.name))
		}
	}
	return d, d.parseStatements(kind, statements)
}

func (d *Document) parseStatements(kind Kind, v any) error {
	elements, ok := v.(list)
	if !ok && v != nil {
		elements = list{v}
	}
	if len(elements) == 0 {
		return wrong("", "a policy document needs a Statement")
	}
	sids := map[string]bool{}
	for i, element := range elements {
		path := fmt.Sprintf("Statement[%d]", i)
		if !ok {
			path = "Statement"
		}
		o, isObject := element.(object)
		if !isObject {
			return wrong(path, "a statement is a JSON object")
		}
		s, err := parseStatement(kind, path, o, d.Version == Version2012)
		if err != nil {
			return err
		}
		if s.SID != "" && sids[s.SID] {
			return wrong(path, "the Sid %s stands twice", quoted(s.SID))
		}
		sids[s.SID] = true
		d.Statements = append(d.Statements, s)
	}
	return nil
}

// elements are those of a statement by what they are for; what a kind of document cannot have is refused.
var elements = map[string]struct{ identity, trust bool }{
	"Sid": {true, true}, "Effect": {true, true}, "Action": {true, true}, "NotAction": {true, true}, "Condition": {true, true},
	"Resource": {true, false}, "NotResource": {true, false}, "Principal": {false, true},
}

func parseStatement(kind Kind, path string, o object, variables bool) (s Statement, err error) {
	for _, m := range o {
		may, known := elements[m.name]
		switch {
		case m.name == "NotPrincipal":
			return s, wrong(path, "NotPrincipal cannot be used here; deny with a condition on aws:PrincipalArn instead")
		case !known:
			return s, wrong(path, "%s is no element of a statement", quoted(m.name))
		case kind == Identity && !may.identity:
			return s, wrong(path, "a policy of a user, role or session has no %s", m.name)
		case kind == Trust && !may.trust:
			return s, wrong(path, "a trust policy has no %s: it is about its own role", m.name)
		}
	}
	if v, ok := o.find("Sid"); ok {
		if s.SID, ok = v.(string); !ok || !alphanumeric(s.SID) {
			return s, wrong(join(path, "Sid"), "this must be letters and digits")
		}
	}
	switch effect, _ := o.find("Effect"); effect {
	case "Allow":
		s.Allow = true
	case "Deny":
	default:
		return s, wrong(join(path, "Effect"), `this must be "Allow" or "Deny"`)
	}
	if s.actions, s.notAction, err = parseActions(kind, path, o); err != nil {
		return s, err
	}
	if kind == Trust {
		s.principals, err = parsePrincipals(path, o)
	} else {
		s.resources, s.notRes, err = parseResources(path, o, variables)
	}
	if err != nil {
		return s, err
	}
	s.conditions, err = parseConditions(kind, path, o, variables)
	return s, err
}

// oneOf finds an element that has an opposite: exactly one of both must be there.
func oneOf(path string, o object, name string) (v any, at string, not bool, err error) {
	v, there := o.find(name)
	opposite, notThere := o.find("Not" + name)
	switch {
	case there && notThere:
		return nil, "", false, wrong(path, "%s and Not%s exclude each other", name, name)
	case there:
		return v, join(path, name), false, nil
	case notThere:
		return opposite, join(path, "Not"+name), true, nil
	}
	return nil, "", false, wrong(path, "%s or Not%s is required", name, name)
}

func parseActions(kind Kind, path string, o object) ([]pattern, bool, error) {
	v, path, not, err := oneOf(path, o, "Action")
	if err != nil {
		return nil, false, err
	}
	names, err := texts(path, v)
	if err != nil {
		return nil, false, err
	}
	all := make([]pattern, len(names))
	for i, name := range names {
		service, operation, ok := strings.Cut(name, ":")
		switch {
		case name == "*" && kind == Identity:
		case !ok || !serviceName(service) || !actionName(operation):
			return nil, false, wrong(path, `%s is no action: that is "service:Operation", in which * and ? may stand after the colon, or "*"`, quoted(name))
		case kind == Trust && !strings.EqualFold(service, "sts"):
			return nil, false, wrong(path, "%s: a trust policy is about actions of sts", quoted(name))
		}
		all[i] = wildcards(strings.ToLower(name))
	}
	return all, not, nil
}

func parseResources(path string, o object, variables bool) ([]pattern, bool, error) {
	v, path, not, err := oneOf(path, o, "Resource")
	if err != nil {
		return nil, false, err
	}
	names, err := texts(path, v)
	if err != nil {
		return nil, false, err
	}
	all := make([]pattern, len(names))
	for i, name := range names {
		if all[i], err = compile(path, name, variables); err != nil {
			return nil, false, err
		}
		if name != "*" && !all[i].isARN() {
			return nil, false, wrong(path, `%s is no resource: that is "*" or an ARN with its six parts, arn:partition:service:region:account:resource, each of which may hold * and ?`, quoted(name))
		}
	}
	return all, not, nil
}

func alphanumeric(s string) bool {
	return all(s, func(c byte) bool { return letter(c) || digit(c) })
}

// serviceName reports whether s is the prefix of a service: without wildcards, which AWS does not take there either.
func serviceName(s string) bool {
	return s != "" && all(s, func(c byte) bool { return letter(c) || digit(c) || c == '-' })
}

func actionName(s string) bool {
	return s != "" && all(s, func(c byte) bool { return letter(c) || digit(c) || c == '*' || c == '?' })
}

func all(s string, fits func(byte) bool) bool {
	for i := range len(s) {
		if !fits(s[i]) {
			return false
		}
	}
	return true
}

func letter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
func digit(c byte) bool  { return '0' <= c && c <= '9' }

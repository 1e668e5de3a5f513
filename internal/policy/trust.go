package policy

import (
	"slices"
	"strings"
)

// principal is whom a trust policy names.
type principal struct {
	everybody bool
	account   string // every identity of it that its own policies allow to
	arn       string // one identity, without the partition
}

// Asker is who wants to assume a role.
type Asker struct {
	Account string
	// ARNs are those that stand for the asker: of a user its own, of a session that of its role and its own.
	ARNs []string
}

// Trusted is what a trust policy says of an asker.
type Trusted struct {
	Effect Effect
	// ByName tells that the policy names the asker itself, not only its account or everybody. Within one account that is
	// enough; otherwise the asker's own policies have to allow it as well ("Cross-account policy evaluation logic").
	ByName bool
}

// DecideTrust evaluates a role's trust policy.
func DecideTrust(d *Document, action string, asker Asker, c Context) (t Trusted) {
	action = strings.ToLower(action)
	for i := range d.Statements {
		s := &d.Statements[i]
		named, byName := s.names(asker)
		if !named || !s.isAbout(action) || !s.applies(c) {
			continue
		}
		if !s.Allow {
			return Trusted{Effect: ExplicitDeny}
		}
		t.Effect, t.ByName = Allow, t.ByName || byName
	}
	return t
}

func (s *Statement) names(a Asker) (named, byName bool) {
	for _, p := range s.principals {
		switch {
		case p.arn != "":
			is := slices.ContainsFunc(a.ARNs, func(arn string) bool { return withoutPartition(arn) == p.arn })
			named, byName = named || is, byName || is
		case p.everybody || p.account == a.Account:
			named = true
		}
	}
	return named, byName
}

// withoutPartition leaves out what differs between an identity's ARNs in Regions of several partitions.
func withoutPartition(arn string) string {
	_, rest, _ := strings.Cut(arn, ":")
	_, rest, _ = strings.Cut(rest, ":")
	return rest
}

func parsePrincipals(path string, o object) ([]principal, error) {
	v, ok := o.find("Principal")
	path = join(path, "Principal")
	if !ok {
		return nil, wrong(path, "a trust policy says whom it trusts")
	}
	if v == "*" {
		return []principal{{everybody: true}}, nil
	}
	kinds, ok := v.(object)
	if !ok || len(kinds) == 0 {
		return nil, wrong(path, `this is "*" or an object such as {"AWS": "123456789012"}`)
	}
	var all []principal
	for _, kind := range kinds {
		if kind.name != "AWS" {
			return nil, wrong(path, "%s: only principals of the kind AWS can assume a role here", quoted(kind.name))
		}
		names, err := texts(join(path, kind.name), kind.value)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			p, ok := parsePrincipal(name)
			if !ok {
				return nil, wrong(join(path, kind.name), `%s is no principal: that is an account ID, an ARN of an account's root, a user, a role or its session, or "*"`, quoted(name))
			}
			all = append(all, p)
		}
	}
	return all, nil
}

func parsePrincipal(name string) (principal, bool) {
	if name == "*" {
		return principal{everybody: true}, true
	}
	if accountID(name) {
		return principal{account: name}, true
	}
	parts := strings.SplitN(name, ":", arnParts)
	if len(parts) != arnParts || parts[0] != "arn" || parts[1] == "" || parts[3] != "" || !accountID(parts[4]) {
		return principal{}, false
	}
	if parts[2] == "iam" && parts[5] == "root" {
		return principal{account: parts[4]}, true
	}
	// A wildcard would be taken for itself, which is not what who writes it means; AWS refuses it, too.
	kind, of, _ := strings.Cut(parts[5], "/")
	if of == "" || strings.ContainsAny(of, "*?") ||
		!(parts[2] == "iam" && (kind == "user" || kind == "role") || parts[2] == "sts" && kind == "assumed-role" && strings.Contains(of, "/")) {
		return principal{}, false
	}
	return principal{arn: withoutPartition(name)}, true
}

func accountID(s string) bool { return len(s) == 12 && all(s, digit) }

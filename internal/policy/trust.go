package policy

import (
	"slices"
	"strings"
)

// principal is whom a trust policy names.
type principal struct {
	everybody bool
	account   string // every identity of it that its own policies allow to
	is        Named  // one user or role
	session   string // the only session of that role that is meant, as an ARN without the partition; empty: all
}

// Named is a user or a role that a trust policy names, or one of its sessions.
type Named struct{ Account, Kind, Name string } // Kind: "user" or "role"

// String is an ARN without its partition, which differs between an identity's ARNs in Regions of several.
func (n Named) String() string { return "iam::" + n.Account + ":" + n.Kind + "/" + n.Name }

// Named lists the users and roles that a trust policy names, each once.
func (d *Document) Named() (all []Named) {
	for _, s := range d.Statements {
		for _, p := range s.principals {
			if p.is != (Named{}) && !slices.Contains(all, p.is) {
				all = append(all, p.is)
			}
		}
	}
	return all
}

// Asker is who wants to assume a role.
type Asker struct {
	Named
	ID      string // unique ID of the user or role
	Session string // of a role: the ARN of its session
}

// Grant says to whom a trust policy has given leave, which decides what else an asker of the role's own account needs.
type Grant int

const (
	// ToAccount leaves it to the account: the asker's own policies must allow it.
	ToAccount Grant = iota
	// ToRole stands for the own policies of a role that is named: those of its session must allow it.
	ToRole
	// ToAsker is to the user or the session itself, or to everybody: it is enough, unless something denies it.
	ToAsker
)

// Trusted is what a trust policy says of an asker. For an asker of another account a Grant is not enough, whatever it is to
// ("Cross-account policy evaluation logic").
type Trusted struct {
	Effect Effect
	Grant  Grant
}

// DecideTrust evaluates a role's trust policy. ids are the unique IDs of those whom it named when it was written, by
// Named.String: who has come to such a name since is somebody else. A name that is not in it is taken for whoever has it.
//
// What a grant is worth is in "Determining whether a request is allowed or denied within an account" and "AWS JSON policy
// elements: Principal" of the IAM user guide; there, too, session policies do not limit what is granted to everybody.
func DecideTrust(d *Document, ids map[string]string, action string, asker Asker, c Context) (t Trusted) {
	action = strings.ToLower(action)
	for i := range d.Statements {
		s := &d.Statements[i]
		grant, named := s.names(ids, asker)
		if !named || !s.isAbout(action) || !s.applies(c) {
			continue
		}
		if !s.Allow {
			return Trusted{Effect: ExplicitDeny}
		}
		t.Effect, t.Grant = Allow, max(t.Grant, grant)
	}
	return t
}

// names reports whether a statement is about an asker, and the most direct way in which it is.
func (s *Statement) names(ids map[string]string, a Asker) (grant Grant, named bool) {
	for _, p := range s.principals {
		switch {
		case p.everybody:
			grant, named = ToAsker, true
		case p.account != "":
			named = named || p.account == a.Account
		case p.is == a.Named && (p.session == "" || p.session == withoutPartition(a.Session)):
			if id, bound := ids[p.is.String()]; bound && id != a.ID {
				continue
			}
			named = true
			if p.session == "" && a.Session != "" && p.is.Kind == "role" {
				grant = max(grant, ToRole)
			} else {
				grant = ToAsker
			}
		}
	}
	return grant, named
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

func parsePrincipal(text string) (principal, bool) {
	if text == "*" {
		return principal{everybody: true}, true
	}
	if accountID(text) {
		return principal{account: text}, true
	}
	parts := strings.SplitN(text, ":", arnParts)
	if len(parts) != arnParts || parts[0] != "arn" || parts[1] == "" || parts[3] != "" || !accountID(parts[4]) {
		return principal{}, false
	}
	if parts[2] == "iam" && parts[5] == "root" {
		return principal{account: parts[4]}, true
	}
	// A wildcard would be taken for itself, which is not what who writes it means; AWS refuses it, too.
	kind, name, _ := strings.Cut(parts[5], "/")
	if name == "" || strings.ContainsAny(name, "*?") {
		return principal{}, false
	}
	switch service := parts[2]; {
	case service == "iam" && (kind == "user" || kind == "role"):
		return principal{is: Named{parts[4], kind, name}}, true
	case service == "sts" && kind == "assumed-role":
		role, session, ok := strings.Cut(name, "/")
		return principal{is: Named{parts[4], "role", role}, session: withoutPartition(text)}, ok && role != "" && session != ""
	}
	return principal{}, false
}

func accountID(s string) bool { return len(s) == 12 && all(s, digit) }

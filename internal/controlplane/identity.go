package controlplane

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"onramp/internal/directconnect"
	"onramp/internal/policy"
	"onramp/internal/store"
)

// Identity is a user, a role or a session of those, in whose name a request is made. A Caller without one, or with one whose
// Kind is empty, is the account itself, which may do everything.
type Identity struct {
	Kind        string // store.User, store.Role, or empty: the account's own
	Account     string
	Name        string
	ID          string // AIDA..., AROA...
	AccessKeyID string
	Operator    bool // a user who may assume the operator's role of every account
	Session     *Session
}

// Session is what an Identity with temporary credentials has beside.
type Session struct {
	Name            string // RoleSessionName; empty of GetSessionToken
	Issued, Expires time.Time
	Policies        []policy.Policy // of the session itself, which take away and never give; empty: it has none
	Key             string          // access key that it was asked for with, by GetSessionToken
	By              string          // of the operator's role: the user who opened it, NAME@ACCOUNT
}

// root reports whether the account itself acts.
func (i *Identity) root() bool { return i == nil || i.Kind == "" }

// ARN is the identity as messages and policies name it: of a role its session.
func (i *Identity) ARN(partition string) string {
	switch {
	case i.root():
		return "arn:" + partition + ":iam::" + i.Account + ":root"
	case i.Kind == store.Role:
		return "arn:" + partition + ":sts::" + i.Account + ":assumed-role/" + i.Name + "/" + i.Session.Name
	}
	return "arn:" + partition + ":iam::" + i.Account + ":user/" + i.Name
}

// UserID is what GetCallerIdentity and aws:userid call the identity.
func (i *Identity) UserID() string {
	switch {
	case i.root():
		return i.Account
	case i.Kind == store.Role:
		return i.ID + ":" + i.Session.Name
	}
	return i.ID
}

// roleARN names a role.
func roleARN(partition, account, name string) string {
	return "arn:" + partition + ":iam::" + account + ":role/" + name
}

// asker is the identity as trust policies may name it. Their kinds are those of the store.
func (i *Identity) asker(partition string) policy.Asker {
	a := policy.Asker{Named: policy.Named{Account: i.Account, Kind: i.Kind, Name: i.Name}, ID: i.ID}
	if i.Kind == store.Role {
		a.Session = i.ARN(partition)
	}
	return a
}

// principalType is aws:PrincipalType.
func (i *Identity) principalType() string {
	switch {
	case i.root():
		return "Account"
	case i.Kind == store.Role:
		return "AssumedRole"
	}
	return "User"
}

// Circumstances are what conditions look at beside who asks for what. They are told of identities that policies bind; for the
// account itself nobody asks.
type Circumstances struct {
	SourceIP  string
	UserAgent string
	Secure    bool // over TLS
}

// conditions are the keys that do not depend on the resource.
func (c Caller) conditions(now time.Time) policy.Context {
	id, p := c.Identity, c.Partition()
	now = now.UTC()
	k := policy.Context{
		"aws:currenttime": {now.Format(time.RFC3339)}, "aws:epochtime": {epoch(now)}, "aws:requestedregion": {c.Region},
		"aws:principalaccount": {id.Account}, "aws:principaltype": {id.principalType()}, "aws:userid": {id.UserID()},
	}
	switch id.Kind {
	case store.User:
		k["aws:username"] = []string{id.Name}
		k["aws:principalarn"] = []string{id.ARN(p)}
	case store.Role:
		k["aws:principalarn"] = []string{roleARN(p, id.Account, id.Name)}
	}
	if id.Session != nil {
		k["aws:tokenissuetime"] = []string{id.Session.Issued.UTC().Format(time.RFC3339)}
	}
	if c.Circumstances != nil {
		k["aws:securetransport"] = []string{truth(c.Circumstances.Secure)}
		if c.Circumstances.SourceIP != "" {
			k["aws:sourceip"] = []string{c.Circumstances.SourceIP}
		}
		if c.Circumstances.UserAgent != "" {
			k["aws:useragent"] = []string{c.Circumstances.UserAgent}
		}
	}
	return k
}

func truth(b bool) string {
	if b {
		return "true"
	}
	return "false"
}

// tagKey is the condition key of a tag.
func tagKey(prefix, key string) string { return prefix + strings.ToLower(key) }

func epoch(t time.Time) string { return strconv.FormatInt(t.Unix(), 10) }

// principalARN is a user or role as policies name it.
func principalARN(p store.Principal) string {
	return "arn:aws:iam::" + p.Account + ":" + p.Kind + "/" + p.Name
}

// principalOfARN is the account in the ARN of a user, role or policy, and what the trails of other accounts call it; ok is
// false of all else.
func principalOfARN(arn string) (account, abroad string, ok bool) {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) == 6 && parts[0] == "arn" && parts[2] == "iam" && directconnect.IsAccountID(parts[4]) {
		return parts[4], parts[4] + ":" + parts[5], true
	}
	return "", "", false
}

// policyARN names a policy of an account's own.
func policyARN(account, name string) string { return "arn:aws:iam::" + account + ":policy/" + name }

// ownPolicyName is the name within an account that an ARN says, of whatever partition.
func ownPolicyName(account, arn string) (string, bool) {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) != 6 || parts[0] != "arn" || parts[2] != "iam" || parts[3] != "" || parts[4] != account {
		return "", false
	}
	return strings.CutPrefix(parts[5], "policy/")
}

func sortedNames[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

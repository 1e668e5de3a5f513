// Package policy is AWS's policy language as far as this API needs it: a strict parser of policy documents and the evaluation
// of a request against them, where an explicit deny beats an allow and what nothing allows is denied.
//
// It is pure: it reads no files, asks no database and knows no clock; who asks, for what, and all that conditions look at is
// in the Request. It is not a store of policies (package store), and does not know which operation acts on which resource
// (package controlplane).
//
// The language is that of the IAM User Guide, "IAM JSON policy reference" and "Policy evaluation logic". Stricter than AWS on
// purpose: a member that stands twice, a condition key that this server never has a value for, and what could only be
// evaluated by guessing are refused when a policy is written, not passed over when it is used.
package policy

// The versions of the language. Policy variables exist in the newer one only; a document that names none is of the older.
const (
	Version2012 = "2012-10-17"
	Version2008 = "2008-10-17"
)

// Kind says what a document is for.
type Kind int

const (
	// Identity is a policy of a user, a role or a session: it has resources and no principals.
	Identity Kind = iota
	// Trust says who may assume a role: it has principals and no resources.
	Trust
)

// Document is a parsed policy. It is not changed once it is parsed, and may be used by many at once.
type Document struct {
	Version    string
	ID         string
	Statements []Statement
}

// Statement is one rule of a document.
type Statement struct {
	SID   string
	Allow bool // else Deny

	actions    []pattern // lower case
	notAction  bool      // actions are those that it is not about
	resources  []pattern
	notRes     bool
	principals []principal
	conditions []condition
}

// Mentions reports whether a condition or a variable of the document looks at a key, which is written in lower case: the
// whole name, or a beginning that ends in a slash, as of aws:resourcetag/.
func (d *Document) Mentions(key string) bool {
	for _, s := range d.Statements {
		for _, c := range s.conditions {
			if mentions(c.key, key) {
				return true
			}
			for _, p := range c.patterns {
				if p.mentions(key) {
					return true
				}
			}
		}
		for _, p := range s.resources {
			if p.mentions(key) {
				return true
			}
		}
	}
	return false
}

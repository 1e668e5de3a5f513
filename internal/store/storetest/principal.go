package storetest

import (
	"testing"
	"time"

	dc "onramp/internal/directconnect"
	"onramp/internal/store"
)

var permissionTests = map[string]test{
	"Principal":         principalRoundTrip,
	"PrincipalPages":    principalPages,
	"EveryPrincipal":    everyPrincipal,
	"Policy":            policyRoundTrip,
	"PermissionsMoveOn": permissionsMoveOn,
}

func putPrincipal(tx *store.Tx, p *store.Principal) error { return tx.PutPrincipal(p) }
func putPolicy(tx *store.Tx, p *store.Policy) error       { return tx.PutPolicy(p) }

// twoAccounts puts the two accounts that principals need.
func twoAccounts(t *testing.T, s *store.Store) {
	t.Helper()
	update(t, s, func(tx *store.Tx) error {
		for _, id := range []string{account, other} {
			if err := tx.PutAccount(&dc.Account{ID: id}); err != nil {
				return err
			}
		}
		return nil
	})
}

func principalRoundTrip(t *testing.T, s *store.Store) {
	read := func(account, kind, name string) func(tx *store.Tx) (store.Principal, error) {
		return func(tx *store.Tx) (store.Principal, error) { return tx.Principal(account, kind, name) }
	}
	user := store.Principal{
		Account: account, Kind: store.User, Name: "Bob", ID: "AIDAEXAMPLE", Created: noon, Operator: true,
		Inline: map[string]string{"own": `{"Statement":[]}`}, Attached: []string{"arn:aws:iam::aws:policy/A", "arn:aws:iam::aws:policy/B"},
	}
	role := store.Principal{
		Account: account, Kind: store.Role, Name: "bob", ID: "AROAEXAMPLE", Created: noon, Trust: "<&>", MaxSession: time.Hour,
		TrustIDs: map[string]string{"iam::111122223333:user/bob": "AIDAEXAMPLE"},
		Revoked:  noon.Add(time.Minute),
	}
	fails(t, s, store.ErrReferenced, func(tx *store.Tx) error { p := user; return tx.PutPrincipal(&p) })
	twoAccounts(t, s)
	elsewhere := store.Principal{Account: other, Kind: store.User, Name: "bob", ID: "AIDAOTHER", Created: noon}
	for _, p := range save(t, s, putPrincipal, user, role, elsewhere) {
		same(t, get(t, s, read(p.Account, p.Kind, p.Name)), p)
		same(t, p.Version, int64(1))
	}
	same(t, get(t, s, read(account, store.User, "BOB")).Name, "Bob")
	taken(t, s, "id", func(tx *store.Tx) error {
		return tx.PutPrincipal(&store.Principal{Account: account, Kind: store.User, Name: "bOB"})
	})
	stale := get(t, s, read(account, store.User, "bob"))
	next := stale
	update(t, s, func(tx *store.Tx) error {
		next.Version, next.Attached, next.Inline = stale.Version, nil, nil
		return tx.PutPrincipal(&next)
	})
	same(t, next.Version, int64(2))
	same(t, get(t, s, read(account, store.User, "bob")), next)
	fails(t, s, store.ErrConflict, func(tx *store.Tx) error { p := stale; return tx.PutPrincipal(&p) })
	update(t, s, func(tx *store.Tx) error { return tx.DeletePrincipal(account, store.User, "boB") })
	fails(t, s, store.ErrNotFound, dropping(read(account, store.User, "bob")))
	fails(t, s, store.ErrNotFound, func(tx *store.Tx) error { return tx.DeletePrincipal(account, store.User, "bob") })
	same(t, get(t, s, read(other, store.User, "bob")).ID, "AIDAOTHER")
	same(t, get(t, s, read(account, store.Role, "bob")).ID, "AROAEXAMPLE")
}

// everyPrincipal is of every account; a role that names nobody is not the same as one of which it is not known.
func everyPrincipal(t *testing.T, s *store.Store) {
	twoAccounts(t, s)
	for _, name := range []string{"r2", "R1"} {
		save(t, s, putPrincipal, store.Principal{Account: other, Kind: store.Role, Name: name, TrustIDs: map[string]string{}},
			store.Principal{Account: account, Kind: store.Role, Name: name})
	}
	save(t, s, putPrincipal, store.Principal{Account: account, Kind: store.User, Name: "R3"})
	var all []string
	var last store.Principal
	for {
		page := get(t, s, func(tx *store.Tx) ([]store.Principal, error) { return tx.EveryPrincipal(last, 2) })
		if len(page) == 0 {
			break
		}
		for _, p := range page {
			all = append(all, p.Account+" "+p.Kind+" "+p.Name)
			same(t, p.TrustIDs != nil, p.Account == other)
		}
		last = page[len(page)-1]
	}
	want := []string{account + " role R1", account + " role r2", account + " user R3", other + " role R1", other + " role r2"}
	same(t, all, want) // the accounts are in this order
}

func principalPages(t *testing.T, s *store.Store) {
	twoAccounts(t, s)
	for _, name := range []string{"u3", "u1", "U4", "u2"} {
		save(t, s, putPrincipal, store.Principal{Account: account, Kind: store.User, Name: name})
	}
	save(t, s, putPrincipal, store.Principal{Account: account, Kind: store.Role, Name: "u5"}, store.Principal{Account: other, Kind: store.User, Name: "u6"})
	for _, c := range []struct {
		after string
		most  int
		want  string
	}{{"", 0, "1234"}, {"", 2, "12"}, {"u1", 2, "23"}, {"U3", 2, "4"}, {"u4", 0, ""}} {
		all := get(t, s, func(tx *store.Tx) ([]store.Principal, error) {
			return tx.Principals(account, store.User, c.after, c.most)
		})
		same(t, ends(all, func(p store.Principal) string { return p.Name }), c.want)
	}
}

func policyRoundTrip(t *testing.T, s *store.Store) {
	read := func(account, name string) func(tx *store.Tx) (store.Policy, error) {
		return func(tx *store.Tx) (store.Policy, error) { return tx.Policy(account, name) }
	}
	p := store.Policy{Account: account, Name: "Net1", Document: `{"Statement":[]}`, Created: noon, Updated: noon.Add(time.Hour)}
	fails(t, s, store.ErrReferenced, func(tx *store.Tx) error { p := p; return tx.PutPolicy(&p) })
	twoAccounts(t, s)
	saved := save(t, s, putPolicy, p, store.Policy{Account: account, Name: "net2"}, store.Policy{Account: other, Name: "net3"})
	same(t, get(t, s, read(account, "NET1")), saved[0])
	taken(t, s, "id", func(tx *store.Tx) error { return tx.PutPolicy(&store.Policy{Account: account, Name: "net1"}) })
	next := saved[0]
	update(t, s, func(tx *store.Tx) error { next.Version, next.Document = 1, "{}"; return tx.PutPolicy(&next) })
	same(t, get(t, s, read(account, "net1")), next)
	fails(t, s, store.ErrConflict, func(tx *store.Tx) error { p := saved[0]; return tx.PutPolicy(&p) })
	list := func(after string, most int) string {
		all := get(t, s, func(tx *store.Tx) ([]store.Policy, error) { return tx.Policies(account, after, most) })
		return ends(all, func(p store.Policy) string { return p.Name })
	}
	same(t, []string{list("", 0), list("", 1), list("NET1", 0), list("net2", 0)}, []string{"12", "1", "2", ""})
	update(t, s, func(tx *store.Tx) error { return tx.DeletePolicy(account, "net1") })
	fails(t, s, store.ErrNotFound, dropping(read(account, "net1")))
	fails(t, s, store.ErrNotFound, func(tx *store.Tx) error { return tx.DeletePolicy(account, "net1") })
}

// permissionsMoveOn: every change of what an account's principals may do shows in one number, and in no other account's.
func permissionsMoveOn(t *testing.T, s *store.Store) {
	twoAccounts(t, s)
	version := func(account string) int64 {
		return get(t, s, func(tx *store.Tx) (int64, error) { return tx.Permissions(account) })
	}
	same(t, version(account), int64(0))
	user := store.Principal{Account: account, Kind: store.User, Name: "bob"}
	policy := store.Policy{Account: account, Name: "net"}
	last := int64(0)
	for what, change := range []func(tx *store.Tx) error{
		func(tx *store.Tx) error { user.Version = 0; return tx.PutPrincipal(&user) },
		func(tx *store.Tx) error { user.Version = 1; return tx.PutPrincipal(&user) },
		func(tx *store.Tx) error { policy.Version = 0; return tx.PutPolicy(&policy) },
		func(tx *store.Tx) error { policy.Version = 1; return tx.PutPolicy(&policy) },
		func(tx *store.Tx) error { return tx.DeletePrincipal(account, store.User, "bob") },
		func(tx *store.Tx) error { return tx.DeletePolicy(account, "net") },
	} {
		update(t, s, change)
		now := version(account)
		if now <= last {
			t.Errorf("change %d left the version at %d", what, now)
		}
		last = now
	}
	same(t, version(other), int64(0))
}

package controlplane

import (
	"maps"
	"testing"

	"onramp/internal/store"
)

// unbound puts a role as an earlier program did, of which it is not known whom its trust policy named.
func unbound(t testing.TB, s *Service, account, name, trusted string) {
	t.Helper()
	err := s.Store.Update(t.Context(), func(tx *store.Tx) error {
		return tx.PutPrincipal(&store.Principal{
			Account: account, Kind: store.Role, Name: name, ID: "AROA" + name,
			Trust: `{"Statement":{"Effect":"Allow","Principal":{"AWS":` + trusted + `},"Action":"sts:AssumeRole"}}`,
		})
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestBindTrusts: what an earlier program kept by name is bound to who has the name, once, and a name that nobody has to nobody.
func TestBindTrusts(t *testing.T) {
	t.Parallel()
	s := operatorsService(t)
	const account, other = "111122223333", "444455556666"
	bob := accountWithUser(t, s, account, "Bob")
	accountWithUser(t, s, other, "eve")
	unbound(t, s, other, "people", `["arn:aws:iam::111122223333:user/Bob","arn:aws:iam::111122223333:user/nobody"]`)
	unbound(t, s, other, "roles", `["arn:aws:sts::444455556666:assumed-role/people/night","arn:aws:iam::111122223333:role/OnrampOperator"]`)
	unbound(t, s, other, "account", `"111122223333"`)
	unbound(t, s, other, "unreadable", `"nobody at all"`)
	read := func(name string) store.Principal {
		t.Helper()
		p, _, err := s.Principal(t.Context(), other, store.Role, name)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	if err := s.BindTrusts(t.Context()); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]map[string]string{
		"people":  {"iam::111122223333:user/Bob": bob.Identity.ID, "iam::111122223333:user/nobody": ""},
		"roles":   {"iam::444455556666:role/people": "AROApeople", "iam::111122223333:role/OnrampOperator": "AROAONRAMP111122223333"},
		"account": {},
	} {
		if p := read(name); p.TrustIDs == nil || !maps.Equal(p.TrustIDs, want) {
			t.Errorf("%s is bound to %v, want %v", name, p.TrustIDs, want)
		}
	}
	if p := read("unreadable"); p.TrustIDs != nil || p.Version != 1 {
		t.Errorf("%+v", p)
	}
	lost, err := s.LostTrust(t.Context(), read("people"))
	if want := map[string]string{"arn:aws:iam::111122223333:user/nobody": ""}; err != nil || !maps.Equal(lost, want) {
		t.Errorf("lost %v (%v), want %v", lost, err, want)
	}
	if err := s.RemovePrincipal(t.Context(), account, store.User, "bob"); err != nil {
		t.Fatal(err)
	}
	bound := read("people")
	if _, err := s.AddPrincipal(t.Context(), account, store.User, "Bob", PrincipalChange{}, nil); err != nil {
		t.Fatal(err)
	}
	if err := s.BindTrusts(t.Context()); err != nil {
		t.Fatal(err)
	}
	if p := read("people"); p.Version != bound.Version || p.TrustIDs["iam::111122223333:user/Bob"] != bob.Identity.ID {
		t.Errorf("it was bound again: %+v", p)
	}
}

// TestBindTrustsGoesOn: behind a full page, too.
func TestBindTrustsGoesOn(t *testing.T) {
	t.Parallel()
	s := operatorsService(t)
	accountWithUser(t, s, "111122223333", "bob")
	err := s.Store.Update(t.Context(), func(tx *store.Tx) error {
		for i := range principalsAtOnce {
			p := store.Principal{Account: "111122223333", Kind: store.Role, Name: "a" + string(rune('a'+i%26)) + string(rune('a'+i/26%26)) + string(rune('a'+i/676)), TrustIDs: map[string]string{}}
			if err := tx.PutPrincipal(&p); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	unbound(t, s, "111122223333", "last", `"arn:aws:iam::111122223333:user/bob"`)
	if err := s.BindTrusts(t.Context()); err != nil {
		t.Fatal(err)
	}
	p, _, err := s.Principal(t.Context(), "111122223333", store.Role, "last")
	if err != nil || len(p.TrustIDs) != 1 {
		t.Errorf("%v (%v)", p.TrustIDs, err)
	}
}

package controlplane

import (
	"strings"
	"testing"
	"time"

	"onramp/internal/api"
	"onramp/internal/policy"
	"onramp/internal/store"
)

// accountWithUser makes an account and a user with policies, and answers the user as a caller.
func accountWithUser(t testing.TB, s *Service, account, user string, policies ...string) Caller {
	t.Helper()
	if _, err := s.AddAccount(t.Context(), account, AccountChange{}); err != nil {
		t.Fatal(err)
	}
	p, err := s.AddPrincipal(t.Context(), account, store.User, user, PrincipalChange{}, policies)
	if err != nil {
		t.Fatal(err)
	}
	return Caller{Account: account, Region: "us-east-1", Identity: &Identity{Kind: store.User, Account: account, Name: user, ID: p.ID}}
}

// TestPermissionsAreReadOnce: while nothing changes in its account, what was parsed is used again; another account's changes do
// not matter; another user of the same name does not inherit it.
func TestPermissionsAreReadOnce(t *testing.T) {
	t.Parallel()
	s := operatorsService(t)
	bob := accountWithUser(t, s, "111122223333", "bob", "AWSDirectConnectReadOnlyAccess")
	accountWithUser(t, s, "444455556666", "eve")
	read := func() (p *permissions) {
		t.Helper()
		if err := s.Store.Glance(t.Context(), func(tx *store.Tx) (err error) {
			p, err = s.permissionsOf(tx, bob.Identity)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return p
	}
	first := read()
	if len(first.policies) != 1 || read() != first {
		t.Errorf("%d policies, read again", len(first.policies))
	}
	if _, err := s.AttachPolicy(t.Context(), "444455556666", store.User, "eve", "AWSDirectConnectFullAccess"); err != nil {
		t.Fatal(err)
	}
	if read() != first {
		t.Error("another account's change made them be read again")
	}
	if _, err := s.AttachPolicy(t.Context(), "111122223333", store.User, "bob", "AWSDirectConnectFullAccess"); err != nil {
		t.Fatal(err)
	}
	if p := read(); len(p.policies) != 2 {
		t.Errorf("%d policies after a second was attached", len(p.policies))
	}
	if err := s.RemovePrincipal(t.Context(), "111122223333", store.User, "bob"); err != nil {
		t.Fatal(err)
	}
	if p := read(); p.policies != nil {
		t.Error("who is gone has policies")
	}
	if _, err := s.AddPrincipal(t.Context(), "111122223333", store.User, "bob", PrincipalChange{}, []string{"AWSDirectConnectFullAccess"}); err != nil {
		t.Fatal(err)
	}
	if p := read(); p.policies != nil {
		t.Error("the next user of a name inherits to the one before")
	}
}

// TestUnreadableStoredPolicyDeniesAll: a document that this version cannot read takes everything away rather than nothing.
func TestUnreadableStoredPolicyDeniesAll(t *testing.T) {
	t.Parallel()
	p := parsed("x", `{"Statement":{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"SomeNewOperator":{"aws:username":"x"}}}}`)
	full, _ := policy.ManagedByARN("arn:aws:iam::aws:policy/AWSDirectConnectFullAccess")
	got := policy.Decide([]policy.Policy{full.Policy, p}, &policy.Request{Action: "directconnect:CreateLag", Resource: "*"})
	if got.Effect != policy.ExplicitDeny || got.Policy != "x" {
		t.Errorf("decided %+v", got)
	}
}

// TestLongNamesAreCut: a message repeats what a request named, but not a megabyte of it.
func TestLongNamesAreCut(t *testing.T) {
	t.Parallel()
	s := operatorsService(t)
	bob := accountWithUser(t, s, "111122223333", "bob")
	id := strings.Repeat("x", 100_000) + "\x00"
	err := s.authorize(t.Context(), bob, "DeleteConnection", &api.DeleteConnectionRequest{ConnectionID: &id})
	if err == nil || len(err.Error()) > 1000 {
		t.Errorf("an error of %d characters", len(err.Error()))
	}
}

// TestKeysOfUsers: a key of a user's answers its owner; one that the user's removal took is unknown.
func TestKeysOfUsers(t *testing.T) {
	t.Parallel()
	s := operatorsService(t)
	bob := accountWithUser(t, s, "111122223333", "Bob")
	key, secret, err := s.AddUserAccessKey(t.Context(), "111122223333", "BOB", "", "")
	if err != nil {
		t.Fatal(err)
	}
	c, err := s.Credential(t.Context(), key.ID, "")
	if err != nil || c.Secret != secret || c.Identity == nil || c.Identity.Name != "Bob" || c.Identity.ID != bob.Identity.ID {
		t.Errorf("the credential has the identity %+v (%v)", c.Identity, err)
	}
	if _, err := s.Credential(t.Context(), key.ID, "a token"); err != ErrNoAccessKey {
		t.Errorf("with a token: %v", err)
	}
	if _, err := s.Credential(t.Context(), key.ID, strings.Repeat("x", maxToken+1)); err != ErrNoAccessKey {
		t.Errorf("with a long token: %v", err)
	}
	if err := s.RemovePrincipal(t.Context(), "111122223333", store.User, "bob"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Credential(t.Context(), key.ID, ""); err != ErrNoAccessKey {
		t.Errorf("a removed user's key: %v", err)
	}
}

// BenchmarkAuthorize is what permission costs: of the account itself, of a user, of one whose policies look at tags.
func BenchmarkAuthorize(b *testing.B) {
	s := operatorsService(b)
	bob := accountWithUser(b, s, "111122223333", "bob", "AWSDirectConnectReadOnlyAccess")
	for name, caller := range map[string]Caller{"account": {Account: "111122223333", Region: "us-east-1"}, "user": bob} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			in := &api.DescribeConnectionsRequest{}
			for b.Loop() {
				if err := s.authorize(b.Context(), caller, "DescribeConnections", in); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkSession is a credential of a session: remembered, and read from its token.
func BenchmarkSession(b *testing.B) {
	s := operatorsService(b)
	accountWithUser(b, s, "111122223333", "bob")
	trust := `{"Statement":{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sts:AssumeRole"}}`
	role, err := s.AddPrincipal(b.Context(), "111122223333", store.Role, "ops", PrincipalChange{Trust: &trust}, nil)
	if err != nil {
		b.Fatal(err)
	}
	c, err := s.openSession(sessionToken{
		Kind: store.Role, Account: "111122223333", Name: "ops", ID: role.ID, Session: "x", Issued: time.Now(), Expires: time.Now().Add(time.Hour),
	})
	if err != nil {
		b.Fatal(err)
	}
	for name, find := range map[string]func() (Credential, error){
		"remembered": func() (Credential, error) { return s.Credential(b.Context(), c.AccessKeyID, c.Token) },
		"unsealed":   func() (Credential, error) { return s.sessionCredential(b.Context(), c.AccessKeyID, c.Token) },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := find(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

package main

import "testing"

// Who somebody is must not be what they may choose at the provider (OpenID Connect Core 1.0, section 5.7).
func TestOpenIDUserIsTheSubject(t *testing.T) {
	t.Parallel()
	if claim := newServe().Flags().Lookup("oidc-user-claim").DefValue; claim != "sub" {
		t.Errorf("by default the user is the claim %q", claim)
	}
}

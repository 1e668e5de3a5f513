package sigv4_test

import (
	"context"
	"testing"

	"onramp/internal/sigv4"
)

// TestOwner: a Lookup is shown the token that was sent, and what it says of the owner comes back with the identity.
func TestOwner(t *testing.T) {
	t.Parallel()
	type owner struct{ name string }
	bob := &owner{"bob"}
	for _, token := range []string{"", "FwoGtoken"} {
		shown := "nothing"
		v := exampleVerifier("directconnect")
		v.Lookup = func(_ context.Context, id, token string) (sigv4.Credential, error) {
			shown = token
			return sigv4.Credential{AccessKeyID: id, Secret: exampleSecret, SessionToken: token, Owner: bob}, nil
		}
		r := order(t, nil)
		sign(t, r, nil, token, "eu-west-1", exampleTime)
		id, err := v.Verify(r, nil)
		if err != nil {
			t.Fatal(err)
		}
		if id.Owner != bob || shown != token {
			t.Errorf("token %q: the owner is %v, the token shown %q", token, id.Owner, shown)
		}
	}
}

package sigv4_test

import (
	"context"
	"testing"

	"onramp/internal/sigv4"
)

// TestSecretChanges: a signing key kept from before is worth nothing once the
// access key has another secret.
func TestSecretChanges(t *testing.T) {
	t.Parallel()
	r := order(t, nil)
	sign(t, r, nil, "", "eu-west-1", exampleTime)
	secret := exampleSecret
	v := exampleVerifier("directconnect")
	v.Lookup = func(context.Context, string, string) (sigv4.Credential, error) {
		return sigv4.Credential{AccessKeyID: exampleKey, Secret: secret}, nil
	}
	for range 2 { // derived, then kept
		if _, err := v.Verify(r, nil); err != nil {
			t.Fatal(err)
		}
	}
	secret = "another"
	wantError(t, v, r, nil, sigv4.CodeInvalidSignature, mismatch)
	secret = exampleSecret
	if _, err := v.Verify(r, nil); err != nil {
		t.Error(err)
	}
}

package daemon

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"onramp/internal/awsjson"
	"onramp/internal/directconnect"
	"onramp/internal/inventory"
	"onramp/internal/sigv4"
)

// Whatever let a server into open mode, its credentials are refused where open mode is not allowed.
func TestOpenCredentialsAreRefusedWhereOpenModeIs(t *testing.T) {
	t.Parallel()
	c := Config{Data: filepath.Join(t.TempDir(), "data"), FirstInventory: &inventory.Inventory{}}
	if err := c.check(); err != nil {
		t.Fatal(err)
	}
	k, err := openCore(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer k.close()
	for _, key := range []string{"test", "123456789012"} {
		if _, err := newVerifier(k.service, signingName, false).lookup(t.Context(), key, ""); !errors.Is(err, sigv4.ErrUnknownKey) {
			t.Errorf("key %s where open mode is not allowed: %v", key, err)
		}
		if got, err := newVerifier(k.service, signingName, true).lookup(t.Context(), key, ""); err != nil || got.Secret != "test" {
			t.Errorf("key %s where open mode is allowed: %v", key, err)
		}
	}
}

func TestFaultsAreToldFromRefusals(t *testing.T) {
	t.Parallel()
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for _, test := range []struct {
		name string
		ctx  context.Context
		err  error
		want bool
	}{
		{"nothing", t.Context(), nil, false},
		{"a rule", t.Context(), directconnect.Clientf("no"), false},
		{"the protocol", t.Context(), &awsjson.Error{Type: "X"}, false},
		{"a signature", t.Context(), &sigv4.Error{Code: "X"}, false},
		{"a client that has gone", gone, context.Canceled, false},
		{"anything else", t.Context(), errors.New("disk full"), true},
		{"a panic", t.Context(), &awsjson.PanicError{Value: 1}, true},
	} {
		if got := isFault(test.ctx, test.err); got != test.want {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
}

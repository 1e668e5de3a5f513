package daemon

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"onramp/internal/controlplane"
	"onramp/internal/inventory"
	"onramp/internal/sigv4"
	"onramp/internal/store"
)

// signed is a request as a client of that time sends it.
func signed(t *testing.T, has aws.Credentials, at time.Time) (*http.Request, []byte) {
	t.Helper()
	body := []byte("{}")
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "http://localhost/", bytes.NewReader(body))
	r.Header.Set("X-Amz-Target", targetPrefix+".DescribeLags")
	sum := sha256.Sum256(body)
	if err := v4.NewSigner().SignHTTP(t.Context(), has, r, hex.EncodeToString(sum[:]), signingName, "us-east-1", at); err != nil {
		t.Fatal(err)
	}
	return r, body
}

// TestSessionsExpire: a session is good until the second that it was opened for, and then refused as expired, which only who
// holds its secret is told.
func TestSessionsExpire(t *testing.T) {
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
	s := k.service
	const account = "123456789012"
	trust := `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:user/bob"},"Action":"sts:AssumeRole"}}`
	_, err = s.AddAccount(t.Context(), account, controlplane.AccountChange{})
	if err == nil {
		_, err = s.AddPrincipal(t.Context(), account, controlplane.User, "bob", controlplane.PrincipalChange{}, nil)
	}
	if err == nil {
		_, err = s.AddPrincipal(t.Context(), account, controlplane.Role, "ops", controlplane.PrincipalChange{Trust: &trust}, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	key, secret, err := s.AddUserAccessKey(t.Context(), account, "bob", "", "")
	if err != nil {
		t.Fatal(err)
	}
	user := newVerifier(s, signingName, false)
	r, body := signed(t, aws.Credentials{AccessKeyID: key.ID, SecretAccessKey: secret}, time.Now())
	ctx, err := user.authenticate(r, body)
	if err != nil {
		t.Fatal(err)
	}
	bob, _ := controlplane.CallerOf(ctx)
	role, err := s.AssumeRole(ctx, bob, controlplane.AssumeRoleInput{RoleARN: "arn:aws:iam::123456789012:role/ops", SessionName: "night", Seconds: 900})
	if err != nil {
		t.Fatal(err)
	}
	session := aws.Credentials{AccessKeyID: role.Credentials.AccessKeyID, SecretAccessKey: role.Credentials.Secret, SessionToken: role.Credentials.Token}
	verify := func(has aws.Credentials, at time.Time) error {
		v := newVerifier(s, signingName, false)
		v.Now = func() time.Time { return at }
		r, body := signed(t, has, at)
		_, err := v.Verify(r, body)
		return err
	}
	end := role.Credentials.Expires
	if err := verify(session, end.Add(-time.Second)); err != nil {
		t.Errorf("a second before its end: %v", err)
	}
	code := func(err error) string {
		refused, _ := errors.AsType[*sigv4.Error](err)
		if refused == nil {
			return ""
		}
		return refused.Code
	}
	if got := code(verify(session, end)); got != sigv4.CodeExpiredToken {
		t.Errorf("at its end: %q", got)
	}
	stranger := session
	stranger.SecretAccessKey = "another"
	if got := code(verify(stranger, end)); got != sigv4.CodeInvalidSignature {
		t.Errorf("a stranger is told %q", got)
	}
}

// TestTrustsAreBoundAtTheStart: those that an earlier program kept by name alone.
func TestTrustsAreBoundAtTheStart(t *testing.T) {
	t.Parallel()
	c := Config{Data: filepath.Join(t.TempDir(), "data"), FirstInventory: &inventory.Inventory{}}
	if err := c.check(); err != nil {
		t.Fatal(err)
	}
	const account = "123456789012"
	for _, last := range []bool{false, true} {
		k, err := openCore(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		if last {
			p, _, err := k.service.Principal(t.Context(), account, controlplane.Role, "ops")
			if err != nil || p.TrustIDs["iam::123456789012:role/ops"] != "AROAOPS" {
				t.Errorf("it is bound to %v (%v)", p.TrustIDs, err)
			}
		} else if _, err = k.service.AddAccount(t.Context(), account, controlplane.AccountChange{}); err == nil {
			err = k.store.Update(t.Context(), func(tx *store.Tx) error {
				return tx.PutPrincipal(&store.Principal{Account: account, Kind: store.Role, Name: "ops", ID: "AROAOPS",
					Trust: `{"Statement":{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:role/ops"},"Action":"sts:AssumeRole"}}`})
			})
		}
		if err = errors.Join(err, k.close()); err != nil {
			t.Fatal(err)
		}
	}
}

// TestTokenOperations: those that policies can be checked for are there, and no other is.
func TestTokenOperations(t *testing.T) {
	t.Parallel()
	for _, name := range controlplane.TokenOperations() {
		if _, ok := (tokenOperations{}).lookup(name); !ok {
			t.Errorf("there is no %s", name)
		}
	}
	if _, ok := (tokenOperations{}).lookup("AssumeRoleWithSAML"); ok {
		t.Error("there is one more")
	}
}

// TestForTokens: which requests are for AWS STS.
func TestForTokens(t *testing.T) {
	t.Parallel()
	const form = "application/x-www-form-urlencoded; charset=utf-8"
	for name, c := range map[string]struct {
		method, target, kind, authorization, operation string
		want                                           bool
	}{
		"form":              {"POST", "/", form, "", "", true},
		"JSON":              {"POST", "/", "application/x-amz-json-1.1", "", "", false},
		"form with target":  {"POST", "/", form, "", "OvertureService.DescribeLags", false},
		"other path":        {"POST", "/x", form, "", "", false},
		"presigned":         {"GET", "/?Action=GetCallerIdentity&X-Amz-Credential=x", "", "", "", true},
		"signed query":      {"GET", "/?Action=GetCallerIdentity", "", "AWS4-HMAC-SHA256 Credential=a/20260302/us-east-1/sts/aws4_request", "", true},
		"query of nobody's": {"GET", "/?Action=GetCallerIdentity", "", "", "", false},
		"a browser":         {"GET", "/", "", "", "", false},
	} {
		r := httptest.NewRequestWithContext(context.Background(), c.method, c.target, nil)
		for header, value := range map[string]string{"Content-Type": c.kind, "Authorization": c.authorization, "X-Amz-Target": c.operation} {
			if value != "" {
				r.Header.Set(header, value)
			}
		}
		if got := isForTokens(r); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

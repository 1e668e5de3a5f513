package conformance

import (
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/credentials"
	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
	"github.com/aws/smithy-go/middleware"

	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
)

const (
	fullAccess = "AWSDirectConnectFullAccess"
	readOnly   = "AWSDirectConnectReadOnlyAccess"
)

// openConfigured starts a world with two accounts, of which the second is a partner.
func openConfigured(t testing.TB) *world {
	t.Helper()
	w := open(t)
	w.configure(alice, "Alice", directconnect.PartnerV2)
	w.configure(bob, "Bob", directconnect.PartnerV2)
	return w
}

// user makes a user of an account with policies, by name or as documents, and answers it as a caller.
func (w *world) user(t testing.TB, account, name string, policies ...string) *caller {
	t.Helper()
	w.principal(t, account, controlplane.User, name, controlplane.PrincipalChange{}, policies...)
	_, secret, err := w.service.AddUserAccessKey(t.Context(), account, name, "AKIA"+account+name, "conformance-secret-of-"+name)
	if err != nil {
		t.Fatal(err)
	}
	return w.with(t, account, aws.Credentials{AccessKeyID: "AKIA" + account + name, SecretAccessKey: secret})
}

// role makes a role that a principal, as trust policies name it, may assume.
func (w *world) role(t testing.TB, account, name, trusted string, policies ...string) {
	t.Helper()
	trust := `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"` + trusted + `"},"Action":"sts:AssumeRole"}}`
	w.principal(t, account, controlplane.Role, name, controlplane.PrincipalChange{Trust: &trust}, policies...)
}

// change changes a user or role.
func (w *world) change(t testing.TB, account, kind, name string, change controlplane.PrincipalChange) {
	t.Helper()
	if _, err := w.service.SetPrincipal(t.Context(), account, kind, name, change); err != nil {
		t.Fatal(err)
	}
}

func (w *world) principal(t testing.TB, account, kind, name string, change controlplane.PrincipalChange, policies ...string) {
	t.Helper()
	if _, err := w.service.AddPrincipal(t.Context(), account, kind, name, change, nil); err != nil {
		t.Fatal(err)
	}
	for i, p := range policies {
		var err error
		if strings.ContainsAny(p[:1], "{[") {
			_, err = w.service.PutInlinePolicy(t.Context(), account, kind, name, fmt.Sprintf("own-%d", i), `{"Version":"2012-10-17","Statement":`+p+`}`)
		} else {
			_, err = w.service.AttachPolicy(t.Context(), account, kind, name, p)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// with is a caller with these credentials.
func (w *world) with(t testing.TB, account string, has aws.Credentials) *caller {
	c := w.in(t, account, eastern)
	c.credentials = has
	c.Client = dc.New(dc.Options{
		Region: eastern, BaseEndpoint: aws.String(w.url), Retryer: aws.NopRetryer{},
		HTTPClient:  &http.Client{Transport: c.wiretap, Timeout: time.Minute},
		Credentials: credentials.NewStaticCredentialsProvider(has.AccessKeyID, has.SecretAccessKey, has.SessionToken),
		APIOptions:  []func(*middleware.Stack) error{observed.watch},
	})
	return c
}

// tokenAnswer is what AWS STS answers, of whichever operation, and what it refuses with.
type tokenAnswer struct {
	status int
	AssumeRoleResult,
	GetSessionTokenResult struct {
		AssumedRoleUser struct {
			ID  string `xml:"AssumedRoleId"`
			Arn string
		}
		Credentials struct {
			AccessKeyID                               string `xml:"AccessKeyId"`
			SecretAccessKey, SessionToken, Expiration string
		}
	}
	GetCallerIdentityResult struct {
		Arn, Account string
		UserID       string `xml:"UserId"`
	}
	Error struct{ Type, Code, Message string }
}

// ask sends a form to AWS STS: Action and pairs of parameters.
func (c *caller) ask(t testing.TB, action string, pairs ...string) tokenAnswer {
	t.Helper()
	form := url.Values{"Action": {action}, "Version": {"2011-06-15"}}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	body := form.Encode()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.w.url+"/", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	if err := v4.NewSigner().SignHTTP(t.Context(), c.credentials, r, hash(body), "sts", c.region, time.Now()); err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	a := tokenAnswer{status: resp.StatusCode}
	if err := xml.Unmarshal(text, &a); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return a
}

func (a tokenAnswer) refused(t testing.TB, status int, code, text string) {
	t.Helper()
	if a.status != status || a.Error.Code != code || a.Error.Message != text {
		t.Errorf("HTTP %d %s: %s\nwant %d %s: %s", a.status, a.Error.Code, a.Error.Message, status, code, text)
	}
}

// assume opens a session of a role, which must be allowed.
func (c *caller) assume(t testing.TB, arn string, pairs ...string) *caller {
	t.Helper()
	a := c.ask(t, "AssumeRole", append([]string{"RoleArn", arn, "RoleSessionName", "night"}, pairs...)...)
	if a.status != http.StatusOK {
		t.Fatalf("AssumeRole %s: HTTP %d %s: %s", arn, a.status, a.Error.Code, a.Error.Message)
	}
	has := a.AssumeRoleResult.Credentials
	return c.w.with(t, strings.Split(arn, ":")[4], aws.Credentials{
		AccessKeyID: has.AccessKeyID, SecretAccessKey: has.SecretAccessKey, SessionToken: has.SessionToken,
	})
}

func roleARN(account, name string) string { return "arn:aws:iam::" + account + ":role/" + name }

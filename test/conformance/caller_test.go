package conformance

import (
	"encoding/json"
	"errors"
	"net/http"
	"regexp"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"

	"onramp/internal/directconnect"
)

// The accounts of the tests.
const (
	alice = "111122223333"
	bob   = "444455556666"
)

// caller is an account in a Region: the SDK's client, and requests as written by hand.
type caller struct {
	*dc.Client
	*wiretap
	w           *world
	account     string
	credentials aws.Credentials
	region      string
}

// as is a caller in us-east-1.
func (w *world) as(t testing.TB, account string) *caller { return w.in(t, account, eastern) }

// in is a caller in a Region. In open mode every account may call.
func (w *world) in(t testing.TB, account, region string) *caller {
	c := &caller{
		wiretap: &wiretap{t: t}, w: w, account: account, region: region,
		credentials: aws.Credentials{AccessKeyID: account, SecretAccessKey: w.secret(account)},
	}
	c.Client = dc.New(dc.Options{
		Region: region, BaseEndpoint: aws.String(w.url), Retryer: aws.NopRetryer{},
		HTTPClient:  &http.Client{Transport: c.wiretap, Timeout: time.Minute},
		Credentials: credentials.NewStaticCredentialsProvider(account, c.credentials.SecretAccessKey, ""),
		APIOptions:  []func(*middleware.Stack) error{observed.watch},
	})
	return c
}

// send signs and sends a body as it stands, which the SDK would not let pass.
func (c *caller) send(operation, body string) exchange {
	c.t.Helper()
	return c.do(c.t, c.request(c.t, operation, body))
}

// object is the last answer's body.
func (c *caller) object() map[string]any { return decode(c.t, c.last.body) }

func decode(t testing.TB, body string) map[string]any {
	t.Helper()
	var o map[string]any
	if err := json.Unmarshal([]byte(body), &o); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	return o
}

// got passes on an answer that must not be an error.
func got[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// The exceptions of the service.
const (
	client    = "DirectConnectClientException"
	server    = "DirectConnectServerException"
	duplicate = "DuplicateTagKeysException"
	tooMany   = "TooManyTagsException"
)

// refused checks that a call was refused with this exception and exactly this text.
func refused[T any](v T, err error) func(t testing.TB, exception, text string) {
	return func(t testing.TB, exception, text string) {
		t.Helper()
		var api smithy.APIError
		if !errors.As(err, &api) {
			t.Fatalf("answered %+v, %v; want %s: %s", v, err, exception, text)
		}
		if api.ErrorCode() != exception || api.ErrorMessage() != text {
			t.Errorf("refused with %s: %s\nwant %s: %s", api.ErrorCode(), api.ErrorMessage(), exception, text)
		}
	}
}

// refusedMatching is refused, for texts that name what was made up on the way.
func refusedMatching[T any](v T, err error) func(t testing.TB, exception, pattern string) {
	return func(t testing.TB, exception, pattern string) {
		t.Helper()
		var api smithy.APIError
		if !errors.As(err, &api) {
			t.Fatalf("answered %+v, %v; want %s: %s", v, err, exception, pattern)
		}
		if api.ErrorCode() != exception || !regexp.MustCompile(pattern).MatchString(api.ErrorMessage()) {
			t.Errorf("refused with %s: %s\nwant %s: %s", api.ErrorCode(), api.ErrorMessage(), exception, pattern)
		}
	}
}

// connectionID passes on a well-formed ID.
func connectionID(t testing.TB, id *string) string {
	t.Helper()
	if id == nil || !directconnect.IsConnectionID(*id) {
		t.Fatalf("connectionId is %q", aws.ToString(id))
	}
	return *id
}

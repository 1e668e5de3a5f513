package sigv4_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onramp/internal/sigv4"
)

const (
	mismatch = "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details."
	badToken = "The security token included in the request is invalid."
)

func wantError(t *testing.T, v *sigv4.Verifier, r *http.Request, body []byte, code, message string) {
	t.Helper()
	id, err := v.Verify(r, body)
	var e *sigv4.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v, want %s", err, code)
	}
	if diff := cmp.Diff(&sigv4.Error{Code: code, Message: message}, e); diff != "" {
		t.Errorf("error (-want +got):\n%s", diff)
	}
	if id != (sigv4.Identity{}) {
		t.Errorf("a refused request has the identity %+v", id)
	}
}

// TestTamper flips every bit of everything that is signed, one at a time.
func TestTamper(t *testing.T) {
	t.Parallel()
	body := []byte(`{"location":"EqDC2","bandwidth":"1Gbps","connectionName":"one"}`)
	v := exampleVerifier("directconnect")
	signed := func() *http.Request {
		r := order(t, body)
		r.URL.RawQuery = "a=1"
		sign(t, r, body, "", "eu-west-1", exampleTime)
		return received(t, r)
	}
	if _, err := v.Verify(signed(), body); err != nil {
		t.Fatalf("untouched: %v", err)
	}
	refused := func(what string, r *http.Request, body []byte) {
		t.Helper()
		_, err := v.Verify(r, body)
		var e *sigv4.Error
		if !errors.As(err, &e) {
			t.Errorf("%s: got %v, want a refusal", what, err)
		}
	}
	flips := func(s string) func(yield func(int, string) bool) {
		return func(yield func(int, string) bool) {
			for bit := range len(s) * 8 {
				b := []byte(s)
				b[bit/8] ^= 1 << (bit % 8)
				if !yield(bit, string(b)) {
					return
				}
			}
		}
	}
	for bit, changed := range flips(string(body)) {
		refused(fmt.Sprintf("body, bit %d", bit), signed(), []byte(changed))
	}
	base := signed()
	for _, name := range slices.Sorted(maps.Keys(base.Header)) {
		if name == "User-Agent" {
			continue // the one header here that no SDK signs
		}
		for bit, changed := range flips(base.Header.Get(name)) {
			if name == "Authorization" && strings.Trim(changed, " \t") != changed {
				continue
			}
			r := signed()
			r.Header.Set(name, changed)
			if name == "Authorization" && sameParameters(changed, base.Header.Get(name)) {
				continue // a separator became another one
			}
			refused(fmt.Sprintf("%s, bit %d", name, bit), r, body)
		}
	}
	for bit, changed := range flips(base.Host) {
		r := signed()
		r.Host = changed
		refused(fmt.Sprintf("host, bit %d", bit), r, body)
	}
	for bit, changed := range flips("a=1") {
		r := signed()
		r.URL.RawQuery = changed
		refused(fmt.Sprintf("query, bit %d", bit), r, body)
	}
	r := signed()
	r.Method = http.MethodPut
	refused("method", r, body)
	r = signed()
	r.URL.Path = "/other"
	refused("path", r, body)
	r = signed()
	r.Header.Add("X-Amz-Target", "OvertureService.DeleteConnection")
	refused("a second target", r, body)
	r = signed()
	r.Header.Del("Amz-Sdk-Request")
	refused("a signed header taken away", r, body)
}

// sameParameters reports whether two Authorization headers say the same: blanks
// and commas both separate.
func sameParameters(a, b string) bool {
	split := func(s string) []string {
		return strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == ',' || r == '\t' })
	}
	x, y := split(a), split(b)
	// The algorithm ends at the first blank, whatever else separates.
	return slices.Equal(x, y) && strings.HasPrefix(a, x[0]+" ")
}

func TestSkew(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		now     time.Duration // against the signing time
		message string        // empty: accepted
	}{
		{"at once", 0, ""},
		{"exactly five minutes old", 5 * time.Minute, ""},
		{"within the same second", 5*time.Minute + 999*time.Millisecond, ""},
		{"one second too old", 5*time.Minute + time.Second,
			"Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z (20150830T124101Z - 5 min.)"},
		{"exactly five minutes ahead", -5 * time.Minute, ""},
		{"one second too far ahead", -5*time.Minute - time.Second,
			"Signature not yet current: 20150830T123600Z is still later than 20150830T123559Z (20150830T123059Z + 5 min.)"},
		{"a day old", 24 * time.Hour,
			"Signature expired: 20150830T123600Z is now earlier than 20150831T123100Z (20150831T123600Z - 5 min.)"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := order(t, nil)
			sign(t, r, nil, "", "eu-west-1", exampleTime)
			v := exampleVerifier("directconnect")
			v.Now = func() time.Time { return exampleTime.Add(test.now).In(time.FixedZone("", 7200)) }
			if test.message != "" {
				wantError(t, v, r, nil, sigv4.CodeInvalidSignature, test.message)
			} else if _, err := v.Verify(r, nil); err != nil {
				t.Error(err)
			}
		})
	}

	t.Run("a skew of one's own", func(t *testing.T) {
		t.Parallel()
		r := order(t, nil)
		sign(t, r, nil, "", "eu-west-1", exampleTime)
		v := exampleVerifier("directconnect")
		v.Skew = 90 * time.Second
		v.Now = func() time.Time { return exampleTime.Add(91 * time.Second) }
		wantError(t, v, r, nil, sigv4.CodeInvalidSignature,
			"Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z (20150830T123731Z - 90 sec.)")
	})
}

func TestSessions(t *testing.T) {
	t.Parallel()
	const expired = "The security token included in the request is expired"
	tests := []struct {
		name, stored, sent string
		expires            time.Time
		code, message      string
	}{
		{name: "right token", stored: "FwoGtoken", sent: "FwoGtoken"},
		{name: "wrong token", stored: "FwoGtoken", sent: "FwoGtokem", code: sigv4.CodeUnrecognizedClient, message: badToken},
		{name: "shorter token", stored: "FwoGtoken", sent: "FwoG", code: sigv4.CodeUnrecognizedClient, message: badToken},
		{name: "token missing", stored: "FwoGtoken", code: sigv4.CodeUnrecognizedClient, message: badToken},
		{name: "token for a long-term key", sent: "FwoGtoken", code: sigv4.CodeUnrecognizedClient, message: badToken},
		{name: "live", stored: "x", sent: "x", expires: exampleTime.Add(time.Nanosecond)},
		{name: "expired this instant", stored: "x", sent: "x", expires: exampleTime, code: sigv4.CodeExpiredToken, message: expired},
		{name: "expired, but the token is wrong", stored: "x", sent: "y", expires: exampleTime, code: sigv4.CodeUnrecognizedClient, message: badToken},
		{name: "expired long-term key", expires: exampleTime, code: sigv4.CodeExpiredToken, message: expired},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			v := exampleVerifier("directconnect")
			v.Lookup = only(sigv4.Credential{AccessKeyID: exampleKey, Secret: exampleSecret, SessionToken: test.stored, Expires: test.expires})
			r := order(t, nil)
			sign(t, r, nil, test.sent, "eu-west-1", exampleTime)
			if test.code != "" {
				wantError(t, v, r, nil, test.code, test.message)
			} else if _, err := v.Verify(r, nil); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestLookup(t *testing.T) {
	t.Parallel()
	r := order(t, nil)
	sign(t, r, nil, "", "eu-west-1", exampleTime)
	broken := errors.New("the disk is gone")
	tests := []struct {
		name   string
		answer sigv4.Credential
		err    error
		want   error // nil: an error that is not for the client
	}{
		{"no such key", sigv4.Credential{}, fmt.Errorf("store: %w", sigv4.ErrUnknownKey), &sigv4.Error{Code: sigv4.CodeUnrecognizedClient, Message: badToken}},
		{"another key", sigv4.Credential{AccessKeyID: "akidexample", Secret: exampleSecret}, nil, &sigv4.Error{Code: sigv4.CodeUnrecognizedClient, Message: badToken}},
		{"another secret", sigv4.Credential{AccessKeyID: exampleKey, Secret: exampleSecret + "x"}, nil, &sigv4.Error{Code: sigv4.CodeInvalidSignature, Message: mismatch}},
		{"a failure", sigv4.Credential{}, broken, nil},
		{"no secret", sigv4.Credential{AccessKeyID: exampleKey}, nil, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			v := exampleVerifier("directconnect")
			v.Lookup = func(context.Context, string, string) (sigv4.Credential, error) { return test.answer, test.err }
			_, err := v.Verify(r, nil)
			var e *sigv4.Error
			switch {
			case test.want != nil && (!errors.As(err, &e) || e.Error() != test.want.Error()):
				t.Errorf("got %v, want %v", err, test.want)
			case test.want == nil && (err == nil || errors.As(err, &e)):
				t.Errorf("got %v, want an error that is not a *sigv4.Error", err)
			case test.err == broken && !errors.Is(err, broken):
				t.Errorf("got %v, want the lookup's own error wrapped", err)
			}
			if strings.Contains(fmt.Sprint(err), exampleSecret) {
				t.Error("the error tells the secret")
			}
		})
	}
}

package sigv4_test

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/google/go-cmp/cmp"

	"onramp/internal/sigv4"
)

func hash(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

// order is a request as an SDK makes it, still unsigned.
func order(tb testing.TB, body []byte) *http.Request {
	tb.Helper()
	r, err := http.NewRequestWithContext(tb.Context(), http.MethodPost,
		"https://directconnect.eu-west-1.amazonaws.com/", bytes.NewReader(body))
	if err != nil {
		tb.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-amz-json-1.1")
	r.Header.Set("X-Amz-Target", "OvertureService.CreateConnection")
	r.Header.Set("Amz-Sdk-Invocation-Id", "a2a4f8b0-5c61-4a0c-9d14-5f0c8d1c7c11")
	r.Header.Set("Amz-Sdk-Request", "attempt=1; max=3")
	r.Header.Set("User-Agent", "aws-sdk-go-v2")
	return r
}

// sign signs with the SDK's own signer.
func sign(tb testing.TB, r *http.Request, body []byte, token, region string, at time.Time) {
	tb.Helper()
	cred := aws.Credentials{AccessKeyID: exampleKey, SecretAccessKey: exampleSecret, SessionToken: token}
	if err := v4.NewSigner().SignHTTP(tb.Context(), cred, r, hash(body), "directconnect", region, at); err != nil {
		tb.Fatal(err)
	}
}

// received is r as a server reads it off the connection.
func received(tb testing.TB, r *http.Request) *http.Request {
	tb.Helper()
	var b bytes.Buffer
	if err := r.Write(&b); err != nil {
		tb.Fatal(err)
	}
	got, err := http.ReadRequest(bufio.NewReader(&b))
	if err != nil {
		tb.Fatal(err)
	}
	return got
}

func text(rnd *rand.Rand, alphabet string, most int) string {
	b := make([]byte, rnd.IntN(most+1))
	for i := range b {
		b[i] = alphabet[rnd.IntN(len(alphabet))]
	}
	return string(b)
}

// TestSDKSignsWhatWeVerify: whatever the SDK's signer signs is believed, whether
// the request came over a wire or was handed over in memory.
func TestSDKSignsWhatWeVerify(t *testing.T) {
	t.Parallel()
	const visible = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&'()*+,;=:@%/?# \"<>[]{}|\\^`\xc3\xa9"
	const letters = "abcdefghijklmnopqrstuvwxyz0123456789"
	v := exampleVerifier("directconnect")
	for seed := range uint64(3000) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		body := []byte(text(rnd, visible, 300))
		r := order(t, body)
		r.Method = []string{"POST", "GET", "PUT"}[rnd.IntN(3)]
		// The SDK's signer does not normalise, so no empty or dot segments here.
		for range rnd.IntN(3) {
			r.URL.Path += "p" + strings.ReplaceAll(text(rnd, visible, 8), "/", "") + "/"
		}
		query := url.Values{}
		for range rnd.IntN(4) {
			query.Set("q"+text(rnd, letters, 6), text(rnd, visible, 12))
		}
		r.URL.RawQuery = query.Encode()
		for range rnd.IntN(4) {
			r.Header.Add("X-Extra-"+text(rnd, letters, 2)+"z", strings.Trim("v"+text(rnd, "abc  ,\"", 20), " "))
		}
		region := []string{"eu-west-1", "us-gov-east-1", "mx-central-1"}[rnd.IntN(3)]
		at := exampleTime.Add(time.Duration(rnd.IntN(601)-300) * time.Second)
		sign(t, r, body, "", region, at)

		want := sigv4.Identity{AccessKeyID: exampleKey, Account: "123456789012", Region: region, SignedAt: at}
		for _, request := range []*http.Request{r, received(t, r)} {
			got, err := v.Verify(request, body)
			if err != nil {
				t.Fatalf("seed %d: %s %q: %v", seed, r.Method, r.URL.RequestURI(), err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("seed %d: identity (-want +got):\n%s", seed, diff)
			}
		}
	}
}

func TestSDKPresigned(t *testing.T) {
	t.Parallel()
	body := []byte(`{}`)
	presign := func(token, expires string) *http.Request {
		r := order(t, body)
		// What the signer would move into the query stays a header of this API.
		r.Header.Del("X-Amz-Target")
		if expires != "" {
			r.URL.RawQuery = "X-Amz-Expires=" + expires
		}
		cred := aws.Credentials{AccessKeyID: exampleKey, SecretAccessKey: exampleSecret, SessionToken: token}
		uri, signed, err := v4.NewSigner().PresignHTTP(t.Context(), cred, r, hash(body), "directconnect", "eu-west-1", exampleTime)
		if err != nil {
			t.Fatal(err)
		}
		p, err := http.NewRequestWithContext(t.Context(), r.Method, uri, bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		p.Header = signed
		return received(t, p)
	}
	verifier := func(token string, after time.Duration) *sigv4.Verifier {
		return &sigv4.Verifier{
			Service: "directconnect",
			Lookup:  only(sigv4.Credential{AccessKeyID: exampleKey, Secret: exampleSecret, SessionToken: token}),
			Now:     func() time.Time { return exampleTime.Add(after) },
		}
	}
	tests := []struct {
		name, token, expires string
		after                time.Duration
		want                 error
	}{
		{name: "plain"},
		{name: "with a token", token: "FwoG/+=="},
		{name: "in its life", expires: "3600", after: time.Hour},
		{name: "after its life", expires: "3600", after: time.Hour + time.Second, want: &sigv4.Error{
			Code:    sigv4.CodeInvalidSignature,
			Message: "Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z (20150830T133601Z - 60 min.)"}},
		{name: "no life given", after: 5*time.Minute + time.Second, want: &sigv4.Error{
			Code:    sigv4.CodeInvalidSignature,
			Message: "Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z (20150830T124101Z - 5 min.)"}},
		{name: "life beyond a week", expires: "604801", want: &sigv4.Error{
			Code: sigv4.CodeIncompleteSignature, Message: "X-Amz-Expires must be a number of seconds from 1 to 604800."}},
		{name: "no life at all", expires: "0", want: &sigv4.Error{
			Code: sigv4.CodeIncompleteSignature, Message: "X-Amz-Expires must be a number of seconds from 1 to 604800."}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := verifier(test.token, test.after).Verify(presign(test.token, test.expires), body)
			if diff := cmp.Diff(fmt.Sprint(test.want), fmt.Sprint(err)); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
		})
	}

	t.Run("tampered", func(t *testing.T) {
		t.Parallel()
		r := presign("", "3600")
		r.URL.RawQuery = strings.Replace(r.URL.RawQuery, "X-Amz-Expires=3600", "X-Amz-Expires=7200", 1)
		wantError(t, exampleVerifier("directconnect"), r, body, sigv4.CodeInvalidSignature, mismatch)
		r = presign("", "3600")
		wantError(t, exampleVerifier("directconnect"), r, []byte(`[]`), sigv4.CodeInvalidSignature, mismatch)
	})
}

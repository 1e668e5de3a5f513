package sigv4_test

import (
	"bufio"
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onramp/internal/sigv4"
)

const (
	exampleKey    = "AKIDEXAMPLE"
	exampleSecret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
)

var exampleTime = time.Date(2015, 8, 30, 12, 36, 0, 0, time.UTC)

// only answers a lookup that knows this one credential.
func only(cred sigv4.Credential) sigv4.Lookup {
	return func(_ context.Context, id, _ string) (sigv4.Credential, error) {
		if id != cred.AccessKeyID {
			return sigv4.Credential{}, sigv4.ErrUnknownKey
		}
		return cred, nil
	}
}

func exampleVerifier(service string) *sigv4.Verifier {
	return &sigv4.Verifier{
		Service: service,
		Lookup:  only(sigv4.Credential{AccessKeyID: exampleKey, Secret: exampleSecret, Account: "123456789012"}),
		Now:     func() time.Time { return exampleTime },
	}
}

// wire reads a request as net/http's server would from these lines.
func wire(tb testing.TB, lines ...string) *http.Request {
	tb.Helper()
	text := strings.Join(lines, "\r\n") + "\r\n\r\n"
	r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(text)))
	if err != nil {
		tb.Fatalf("reading the request: %v", err)
	}
	return r
}

// TestPublishedVectors holds the verifier against signatures that AWS published:
// its Signature Version 4 test suite and the worked example of its user guide.
func TestPublishedVectors(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, request string
		headers       []string
		signed        string
		body          string
		signature     string
	}{
		{"get-vanilla", "GET /", nil, "host;x-amz-date", "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
		{"post-vanilla", "POST /", nil, "host;x-amz-date", "", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
		{"get-slash", "GET //", nil, "host;x-amz-date", "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
		{"get-slash-dot-slash", "GET /./", nil, "host;x-amz-date", "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
		{"get-relative", "GET /example/..", nil, "host;x-amz-date", "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
		{"get-relative-relative", "GET /example1/example2/../..", nil, "host;x-amz-date", "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
		{"get-slash-pointless-dot", "GET /./example", nil, "host;x-amz-date", "", "ef75d96142cf21edca26f06005da7988e4f8dc83a165a80865db7089db637ec5"},
		{"get-unreserved", "GET /-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", nil, "host;x-amz-date", "", "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"},
		{"get-vanilla-empty-query-key", "GET /?Param1=value1", nil, "host;x-amz-date", "", "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb"},
		{"get-vanilla-query-order-key-case", "GET /?Param2=value2&Param1=value1", nil, "host;x-amz-date", "", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
		{"get-vanilla-utf8-query", "GET /?ሴ=bar", nil, "host;x-amz-date", "", "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04"},
		{"get-header-key-duplicate", "GET /", []string{"My-Header1: value2", "My-Header1: value2", "My-Header1: value1"}, "host;my-header1;x-amz-date", "", "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"},
		{"get-header-value-order", "GET /", []string{"My-Header1: value4", "My-Header1: value1", "My-Header1: value3", "My-Header1: value2"}, "host;my-header1;x-amz-date", "", "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01"},
		{"get-header-value-trim", "GET /", []string{"My-Header1:  value1", `My-Header2: "a   b   c"`}, "host;my-header1;my-header2;x-amz-date", "", "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"},
		{"post-header-key-sort", "POST /", []string{"My-Header1: value1"}, "host;my-header1;x-amz-date", "", "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c"},
		{"post-header-value-case", "POST /", []string{"My-Header1: VALUE1"}, "host;my-header1;x-amz-date", "", "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d"},
		{"post-x-www-form-urlencoded", "POST /", []string{"Content-Type: application/x-www-form-urlencoded"}, "content-type;host;x-amz-date", "Param1=value1", "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := wire(t, append([]string{
				test.request + " HTTP/1.1", "Host: example.amazonaws.com", "X-Amz-Date: 20150830T123600Z",
				"Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=" +
					test.signed + ", Signature=" + test.signature,
			}, test.headers...)...)
			got, err := exampleVerifier("service").Verify(r, []byte(test.body))
			if err != nil {
				t.Fatal(err)
			}
			want := sigv4.Identity{AccessKeyID: exampleKey, Account: "123456789012", Region: "us-east-1", SignedAt: exampleTime}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("identity (-want +got):\n%s", diff)
			}
		})
	}
}

func TestUserGuideExample(t *testing.T) {
	t.Parallel()
	r := wire(t,
		"GET /?Action=ListUsers&Version=2010-05-08 HTTP/1.1", "Host: iam.amazonaws.com",
		"Content-Type: application/x-www-form-urlencoded; charset=utf-8", "X-Amz-Date: 20150830T123600Z",
		"Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, "+
			"SignedHeaders=content-type;host;x-amz-date, Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7")
	if _, err := exampleVerifier("iam").Verify(r, nil); err != nil {
		t.Error(err)
	}
}

// TestDateHeader takes the date from Date where X-Amz-Date is not sent, as the
// first edition of the test suite did. The signature is the one of get-vanilla's
// scheme over these headers, worked out with openssl.
func TestDateHeader(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ date, signature string }{
		{"Sun, 30 Aug 2015 12:36:00 GMT", "69856604df6c57761996f53c4ba8d566ea6b2ba46e4ecd5f88b54d41cddd206e"},
		{"20150830T123600Z", "b174fc6f0ad7fb9c47afcbce4a9aae2d9b6a662311661896c2588740c4c181ca"},
	} {
		r := wire(t, "POST / HTTP/1.1", "Host: example.amazonaws.com", "Date: "+test.date,
			"Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "+
				"SignedHeaders=date;host, Signature="+test.signature)
		id, err := exampleVerifier("service").Verify(r, nil)
		if err != nil || !id.SignedAt.Equal(exampleTime) {
			t.Errorf("Date: %s: %v, %v", test.date, id.SignedAt, err)
		}
	}
}

package sigv4_test

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"
	"testing"

	"onramp/internal/sigv4"
)

const (
	goodCredential = "AKIDEXAMPLE/20150830/us-east-1/service/aws4_request"
	goodHeader     = "AWS4-HMAC-SHA256 Credential=" + goodCredential +
		", SignedHeaders=host;x-amz-date, Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"
)

// vanilla is the get-vanilla request with another Authorization header.
func vanilla(tb testing.TB, authorization string, headers ...string) *http.Request {
	lines := []string{"GET / HTTP/1.1", "Host: example.amazonaws.com", "X-Amz-Date: 20150830T123600Z"}
	r := wire(tb, append(lines, headers...)...)
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	return r
}

func TestMalformedAuthorization(t *testing.T) {
	t.Parallel()
	const (
		key, sig, names = "Authorization header requires 'Credential' parameter. ",
			"Authorization header requires 'Signature' parameter. ",
			"Authorization header requires 'SignedHeaders' parameter. "
		hashed   = "(Hashed with SHA-256 and encoded with Base64) Authorization="
		equal    = "Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): '"
		five     = "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got (hashed with SHA-256 and encoded with Base64): '"
		inOrder  = "SignedHeaders must be header names in lower case, in order, each once, separated by semicolons."
		hostText = "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."
	)
	replace := func(old, new string) string { return strings.Replace(goodHeader, old, new, 1) }
	const (
		incomplete = sigv4.CodeIncompleteSignature
		invalid    = sigv4.CodeInvalidSignature
	)
	tests := []struct{ name, header, code, message string }{
		{"none", "", sigv4.CodeMissingToken, "Missing Authentication Token"},
		{"algorithm alone", "AWS4-HMAC-SHA256", incomplete, key + sig + names + hashed + "*"},
		{"only commas", "AWS4-HMAC-SHA256 , ,,", incomplete, key + sig + names + hashed + "*"},
		{"bearer token", "Bearer secret", incomplete, equal + "*'."},
		{"basic", "Basic dGVzdDp0ZXN0", incomplete, equal + "*'."},
		{"no credential", replace("Credential="+goodCredential+", ", ""), incomplete, key + hashed + "*"},
		{"empty credential", replace(goodCredential, ""), incomplete, key + hashed + "*"},
		{"no signature", "AWS4-HMAC-SHA256 Credential=" + goodCredential + ", SignedHeaders=host", incomplete, sig + hashed + "*"},
		{"no names", replace("SignedHeaders=host;x-amz-date, ", ""), incomplete, names + hashed + "*"},
		{"blank after equal-sign", replace("Credential=", "Credential= "), incomplete, equal + "*'."},
		{"names in other case", replace("Credential=", "credential="), incomplete, key + hashed + "*"},
		{"credential twice", goodHeader + ", Credential=" + goodCredential, incomplete, "Authorization header must have the 'Credential' parameter only once."},
		{"two headers in one", goodHeader + "," + goodHeader, incomplete, equal + "*'."},
		{"too long", goodHeader + strings.Repeat(" ", 8192) + ",", incomplete, "Authorization header is longer than 8192 bytes."},
		{"SHA-512", replace("SHA256", "SHA512"), incomplete, "Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA512' (only AWS4-HMAC-SHA256 for now)."},
		{"version 4a", replace("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256"), incomplete, "Unsupported AWS 'algorithm': 'AWS4-ECDSA-P256-SHA256' (only AWS4-HMAC-SHA256 for now)."},
		{"algorithm in lower case", replace("AWS4-HMAC", "aws4-hmac"), incomplete, "Unsupported AWS 'algorithm': 'aws4-hmac-SHA256' (only AWS4-HMAC-SHA256 for now)."},
		{"unprintable algorithm", replace("AWS4", "AWS\xff4\x01"), incomplete, "Unsupported AWS 'algorithm': 'AWS?4?-HMAC-SHA256' (only AWS4-HMAC-SHA256 for now)."},
		{"four elements", replace("/aws4_request", ""), incomplete, five + "#'"},
		{"six elements", replace("/aws4_request", "/aws4_request/"), incomplete, five + "#'"},
		{"secret as credential", replace(goodCredential, exampleSecret), incomplete, five + "#'"},
		{"host not signed", replace("host;", ""), invalid, hostText},
		{"date not signed", replace(";x-amz-date", ""), invalid, "'X-Amz-Date' must be a 'SignedHeader' in the AWS Authorization."},
		{"names out of order", replace("host;x-amz-date", "x-amz-date;host"), incomplete, inOrder},
		{"name twice", replace("host;", "host;host;"), incomplete, inOrder},
		{"empty name", replace("host;", "host;;"), incomplete, inOrder},
		{"upper case", replace("host;", "Host;"), incomplete, inOrder},
		{"no header name", replace("host;", "host;(;"), incomplete, inOrder},
		{"too many names", replace("host;", manyNames(99)+"host;"), incomplete, "SignedHeaders must not name more than 100 headers."},
		{"a header that is not there", replace("host;", "host;my-header;"), invalid, mismatch},
		{"another service", replace("/service/", "/ec2/"), invalid, "Credential should be scoped to correct service: 'service'."},
		{"service in other case", replace("/service/", "/Service/"), invalid, "Credential should be scoped to correct service: 'service'."},
		{"another terminator", replace("aws4_request", "aws4"), invalid, "Credential should be scoped with a valid terminator: 'aws4_request', not 'aws4'."},
		{"no region", replace("us-east-1", ""), invalid, "Credential should be scoped to a valid region."},
		{"malformed region", replace("us-east-1", "US_EAST"), invalid, "Credential should be scoped to a valid region."},
		{"unknown region", replace("us-east-1", "us-east-9"), invalid, "Credential should be scoped to a valid region."},
		{"another day", replace("20150830", "20150829"), invalid, "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20150829' != '20150830', from '20150830T123600Z'."},
		{"everything at once", replace("20150830/us-east-1/service/aws4_request", "b/C/d/e"), invalid,
			"Credential should be scoped to a valid region. Credential should be scoped to correct service: 'service'. " +
				"Credential should be scoped with a valid terminator: 'aws4_request', not 'e'. " +
				"Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: 'b' != '20150830', from '20150830T123600Z'."},
		{"unknown key", replace("AKIDEXAMPLE", "AKIDEXAMPLF"), sigv4.CodeUnrecognizedClient, badToken},
		{"no key", replace("AKIDEXAMPLE", ""), sigv4.CodeUnrecognizedClient, badToken},
		{"key of odd characters", replace("AKIDEXAMPLE", "AKID%00"), sigv4.CodeUnrecognizedClient, badToken},
		{"key too long", replace("AKIDEXAMPLE", strings.Repeat("A", 129)), sigv4.CodeUnrecognizedClient, badToken},
		{"another signature", replace("5fa00fa3", "5fa00fa4"), invalid, mismatch},
		{"signature in upper case", replace("5fa00fa3", "5FA00FA3"), invalid, mismatch},
		{"signature cut short", goodHeader[:len(goodHeader)-1], invalid, mismatch},
		{"signature made longer", goodHeader + "0", invalid, mismatch},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			v := exampleVerifier("service")
			v.Regions = func(region string) bool { return region == "us-east-1" }
			r := vanilla(t, test.header)
			message := strings.Replace(test.message, "*", digest(test.header), 1)
			if strings.Contains(message, "#") {
				_, credential, _ := strings.Cut(test.header, "Credential=")
				credential, _, _ = strings.Cut(credential, ",")
				message = strings.Replace(message, "#", digest(credential), 1)
			}
			wantError(t, v, r, nil, test.code, message)
		})
	}
}

// digest is how a text repeats what may be secret. An asterisk in the table
// stands for that of the header, a number sign for that of the credential.
func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return base64.StdEncoding.EncodeToString(sum[:])
}

func manyNames(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("a")
		b.WriteByte(byte('a' + i/26))
		b.WriteByte(byte('a' + i%26))
		b.WriteString(";")
	}
	return b.String()
}

// TestMalformedRest covers what is wrong outside the Authorization header.
func TestMalformedRest(t *testing.T) {
	t.Parallel()
	const basic = "Date must be in ISO-8601 'basic format'. Got "
	const wiki = ". See http://en.wikipedia.org/wiki/ISO_8601"
	with := func(name string, values ...string) *http.Request {
		r := vanilla(t, goodHeader)
		r.Header[name] = values
		return r
	}
	noDate := vanilla(t, goodHeader)
	noDate.Header.Del("X-Amz-Date")
	query := func(raw string) *http.Request {
		r := vanilla(t, "")
		r.URL.RawQuery = raw
		return r
	}
	const presigned = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=a/b/c/d/e&X-Amz-Date=20150830T123600Z&X-Amz-SignedHeaders=host;x-amz-date&X-Amz-Signature=00"
	longPath := vanilla(t, goodHeader)
	longPath.URL.Path = "/" + strings.Repeat("a", 8192)
	opaque := vanilla(t, goodHeader)
	opaque.URL.Opaque = "//other/"
	star := vanilla(t, goodHeader)
	star.URL.Path = "*"
	badEscape := vanilla(t, goodHeader)
	badEscape.URL.RawQuery = "a=%zz"

	const incomplete, invalid = sigv4.CodeIncompleteSignature, sigv4.CodeInvalidSignature
	tests := []struct {
		name    string
		r       *http.Request
		code    string
		message string
	}{
		{"no date", noDate, incomplete, "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. " +
			"(Hashed with SHA-256 and encoded with Base64) Authorization=" + digest(goodHeader)},
		{"date with a fraction", with("X-Amz-Date", "20150830T123600.0Z"), incomplete, basic + "'20150830T123600.0Z'" + wiki},
		{"date in extended format", with("X-Amz-Date", "2015-08-30T12:36:00Z"), incomplete, basic + "'2015-08-30T12:36:00Z'" + wiki},
		{"HTTP date in X-Amz-Date", with("X-Amz-Date", "Sun, 30 Aug 2015 12:36:00 GMT"), incomplete, basic + "'Sun, 30 Aug 2015 12:36:00 GMT'" + wiki},
		{"two dates", with("X-Amz-Date", "20150830T123600Z", "20150830T123600Z"), incomplete, basic + "'20150830T123600Z,20150830T123600Z'" + wiki},
		{"month 13", with("X-Amz-Date", "20151330T123600Z"), incomplete, basic + "'20151330T123600Z'" + wiki},
		{"long date", with("X-Amz-Date", strings.Repeat("9", 100)), incomplete, basic + "'" + strings.Repeat("9", 64) + "...'" + wiki},
		{"unsigned target", with("X-Amz-Target", "OvertureService.DeleteConnection"), invalid, "'X-Amz-Target' must be a 'SignedHeader' in the AWS Authorization."},
		{"unsigned token", with("X-Amz-Security-Token", "x"), invalid, "'X-Amz-Security-Token' must be a 'SignedHeader' in the AWS Authorization."},
		{"two Authorization headers", with("Authorization", goodHeader, goodHeader), incomplete,
			"Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): '" + digest(goodHeader+","+goodHeader) + "'."},
		{"empty Authorization", with("Authorization", ""), sigv4.CodeMissingToken, "Missing Authentication Token"},
		{"long query", query(strings.Repeat("a", 16385)), incomplete, "The request URI is too long to be verified."},
		{"long path", longPath, incomplete, "The request URI is too long to be verified."},
		{"opaque", opaque, invalid, mismatch},
		{"asterisk", star, invalid, mismatch},
		{"bad escape", badEscape, incomplete, "Illegal hex character in escape % pattern of the query string."},
		{"query of another", query("Version=1"), sigv4.CodeMissingToken, "Missing Authentication Token"},
		{"presigned in part", query("X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20150830T123600Z"), incomplete,
			"AWS query-string parameters must include 'X-Amz-Credential'. AWS query-string parameters must include 'X-Amz-Signature'. " +
				"AWS query-string parameters must include 'X-Amz-SignedHeaders'. Re-examine the query-string parameters."},
		{"presigned twice", query(presigned + "&X-Amz-Signature=01"), incomplete, "AWS query-string parameters must include 'X-Amz-Signature' only once."},
		{"presigned by nobody", query(strings.Replace(presigned, "a/b/c/d/e", goodCredential, 1)), invalid, mismatch},
		{"presigned, bad escape", query(presigned + "&X-Amz-%=01"), incomplete, "Illegal hex character in escape % pattern of the query string."},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			wantError(t, exampleVerifier("service"), test.r, nil, test.code, test.message)
		})
	}
}

func TestPayloadHash(t *testing.T) {
	t.Parallel()
	body := []byte(`{}`)
	for _, test := range []struct{ name, sent, message string }{
		{"right", hash(body), ""},
		{"of another body", hash(nil), "The provided 'x-amz-content-sha256' header does not match what was computed."},
		{"in upper case", strings.ToUpper(hash(body)), "The provided 'x-amz-content-sha256' header does not match what was computed."},
		{"unsigned", "UNSIGNED-PAYLOAD", "The payload must be signed: 'UNSIGNED-PAYLOAD' is not accepted by this service."},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := order(t, body)
			r.Header.Set("X-Amz-Content-Sha256", test.sent)
			sign(t, r, body, "", "eu-west-1", exampleTime)
			v := exampleVerifier("directconnect")
			if test.message != "" {
				wantError(t, v, r, body, sigv4.CodeInvalidSignature, test.message)
			} else if _, err := v.Verify(r, body); err != nil {
				t.Error(err)
			}
		})
	}
}

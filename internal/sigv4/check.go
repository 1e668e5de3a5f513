package sigv4

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

const (
	isoBasic   = "20060102T150405Z"
	terminator = "aws4_request"
)

// setTime reads the date of the request: ISO 8601 basic format, or, in a Date
// header, the HTTP format as well (RFC 9110, section 5.6.7).
func (c *claim) setTime(text string, httpDate bool) error {
	// The length is checked because time.Parse takes fractions of a second that
	// the layout does not show.
	if len(text) == len(isoBasic) {
		if at, err := time.Parse(isoBasic, text); err == nil {
			c.signedAt, c.timestamp = at, text
			return nil
		}
	}
	if httpDate {
		if at, err := http.ParseTime(text); err == nil {
			c.signedAt = at.UTC()
			c.timestamp = c.signedAt.Format(isoBasic)
			return nil
		}
	}
	return incomplete("Date must be in ISO-8601 'basic format'. Got " + quote(text) +
		". See http://en.wikipedia.org/wiki/ISO_8601")
}

// checkTime holds the date of the request against the clock. Signatures count
// whole seconds, and so does the comparison; a request exactly skew old is good.
func (c *claim) checkTime(now time.Time, skew time.Duration) error {
	now = now.UTC().Truncate(time.Second)
	window := skew
	if c.window > 0 {
		window = c.window
	}
	if oldest := now.Add(-window); c.signedAt.Before(oldest) {
		return &Error{CodeInvalidSignature, fmt.Sprintf("Signature expired: %s is now earlier than %s (%s - %s)",
			c.timestamp, oldest.Format(isoBasic), now.Format(isoBasic), span(window))}
	}
	if newest := now.Add(skew); c.signedAt.After(newest) {
		return &Error{CodeInvalidSignature, fmt.Sprintf("Signature not yet current: %s is still later than %s (%s + %s)",
			c.timestamp, newest.Format(isoBasic), now.Format(isoBasic), span(skew))}
	}
	return nil
}

// span renders a duration as the texts do: "5 min."; in seconds where minutes
// do not come out even.
func span(d time.Duration) string {
	if d%time.Minute == 0 {
		return fmt.Sprintf("%d min.", d/time.Minute)
	}
	return fmt.Sprintf("%d sec.", d/time.Second)
}

// checkSignedHeaders holds SignedHeaders to its form and to what must be in it.
func (c *claim) checkSignedHeaders(h http.Header) error {
	previous, host, count := "", false, 0
	for name := range strings.SplitSeq(c.signedHeaders, ";") {
		if count++; count > maxSignedHeaders {
			return incomplete(fmt.Sprintf("SignedHeaders must not name more than %d headers.", maxSignedHeaders))
		}
		if name <= previous || !lowerToken(name) {
			return incomplete("SignedHeaders must be header names in lower case, in order, each once, separated by semicolons.")
		}
		previous = name
		host = host || name == "host"
	}
	if !host {
		return &Error{CodeInvalidSignature, "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."}
	}
	unsigned := ""
	for name := range h {
		// The first by name, so that the same request always gets the same text.
		if len(name) > 6 && strings.EqualFold(name[:6], "X-Amz-") && !c.signs(name) && (unsigned == "" || name < unsigned) {
			unsigned = name
		}
	}
	if unsigned != "" {
		return &Error{CodeInvalidSignature, quote(unsigned) + " must be a 'SignedHeader' in the AWS Authorization."}
	}
	return nil
}

func (c *claim) signs(header string) bool {
	for name := range strings.SplitSeq(c.signedHeaders, ";") {
		if len(name) == len(header) && strings.EqualFold(name, header) {
			return true
		}
	}
	return false
}

// lowerToken reports whether s is a header name (RFC 9110, section 5.6.2) without
// upper-case letters.
func lowerToken(s string) bool {
	for i := range len(s) {
		b := s[i]
		if (b < 'a' || b > 'z') && (b < '0' || b > '9') && !strings.Contains("!#$%&'*+-.^_`|~", s[i:i+1]) {
			return false
		}
	}
	return s != ""
}

// checkScope takes the credential apart and holds the scope against the service,
// the Regions and the date. All faults of the scope are told at once, as AWS does.
func (c *claim) checkScope(service string, regions func(string) bool) error {
	if c.algorithm != Algorithm {
		return incomplete("Unsupported AWS 'algorithm': " + quote(c.algorithm) + " (only " + Algorithm + " for now).")
	}
	keyID, scope, _ := strings.Cut(c.credential, "/")
	if strings.Count(c.credential, "/") != 4 {
		// Older texts end in "got '...'"; what is not a scope may be a secret.
		return incomplete("Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, " +
			"got (hashed with SHA-256 and encoded with Base64): '" + digest(c.credential) + "'")
	}
	date, rest, _ := strings.Cut(scope, "/")
	region, rest, _ := strings.Cut(rest, "/")
	scopeService, term, _ := strings.Cut(rest, "/")
	c.accessKeyID, c.date, c.region, c.scope = keyID, date, region, scope

	var faults []string
	if !wellFormedRegion(region) || regions != nil && !regions(region) {
		faults = append(faults, "Credential should be scoped to a valid region.")
	}
	if scopeService != service {
		faults = append(faults, "Credential should be scoped to correct service: '"+service+"'.")
	}
	if term != terminator {
		faults = append(faults, "Credential should be scoped with a valid terminator: '"+terminator+"', not "+quote(term)+".")
	}
	if day := c.timestamp[:len("20060102")]; date != day {
		faults = append(faults, "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "+
			quote(date)+" != '"+day+"', from '"+c.timestamp+"'.")
	}
	if faults != nil {
		return &Error{CodeInvalidSignature, strings.Join(faults, " ")}
	}
	return nil
}

// wellFormedRegion keeps what reaches a Regions function, a key derivation and
// later a row within the alphabet of Region names.
func wellFormedRegion(s string) bool {
	for i := range len(s) {
		if b := s[i]; (b < 'a' || b > 'z') && (b < '0' || b > '9') && b != '-' {
			return false
		}
	}
	return 0 < len(s) && len(s) <= 64
}

// wellFormedKeyID is the pattern of the IAM API reference, [\w]+ up to 128,
// without its lower bound of 16: open mode has shorter keys.
func wellFormedKeyID(s string) bool {
	for i := range len(s) {
		if b := s[i]; (b < 'a' || b > 'z') && (b < 'A' || b > 'Z') && (b < '0' || b > '9') && b != '_' {
			return false
		}
	}
	return 0 < len(s) && len(s) <= 128
}

package sigv4

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Bounds on what is read at all. Real requests are far below: a header of an SDK
// is under 400 bytes and signs under 15 headers; a presigned query with a session
// token is about 2 KiB.
const (
	maxAuthorization = 8 << 10
	maxQuery         = 16 << 10
	maxPath          = 8 << 10
	maxSignedHeaders = 100
)

// claim is what a request says about its own signature, before any of it is
// believed. Strings are parts of the request's own.
type claim struct {
	algorithm     string
	credential    string
	signedHeaders string
	signature     string
	timestamp     string // ISO 8601 basic, as it stands in the string to sign
	token         string
	hasToken      bool
	presigned     bool
	window        time.Duration // presigned with X-Amz-Expires: its life; else 0
	signedAt      time.Time

	// of credential, filled by checkScope
	accessKeyID, date, region, scope string
}

// readClaim finds the claim in the Authorization header or, when there is none,
// in the query of a presigned request.
func readClaim(r *http.Request) (claim, error) {
	if len(r.URL.RawQuery) > maxQuery || len(r.URL.Path) > maxPath || len(r.URL.RawPath) > maxPath {
		return claim{}, incomplete("The request URI is too long to be verified.")
	}
	auth, present := headerValue(r.Header, "Authorization")
	if present && auth != "" {
		return readHeaderClaim(r.Header, auth)
	}
	if strings.Contains(r.URL.RawQuery, "X-Amz-") {
		return readQueryClaim(r.URL.RawQuery, r.Header)
	}
	return claim{}, missingToken()
}

// readHeaderClaim reads `AWS4-HMAC-SHA256 Credential=..., SignedHeaders=...,
// Signature=...`; commas and blanks separate, the order is free.
func readHeaderClaim(h http.Header, auth string) (claim, error) {
	var c claim
	if len(auth) > maxAuthorization {
		return c, incomplete("Authorization header is longer than " + strconv.Itoa(maxAuthorization) + " bytes.")
	}
	if err := c.readParameters(auth); err != nil {
		return c, err
	}
	date, dateName := dateHeader(h)
	if missing := c.missing(dateName != ""); missing != "" {
		return c, incomplete(missing + "(Hashed with SHA-256 and encoded with Base64) Authorization=" + digest(auth))
	}
	c.token, c.hasToken = headerValue(h, "X-Amz-Security-Token")
	return c, c.setTime(date, dateName == "Date")
}

func (c *claim) readParameters(auth string) error {
	algorithm, rest, _ := strings.Cut(auth, " ")
	c.algorithm = algorithm
	for rest != "" {
		var part string
		if end := strings.IndexAny(rest, ", \t"); end >= 0 {
			part, rest = rest[:end], rest[end+1:]
		} else {
			part, rest = rest, ""
		}
		if part == "" {
			continue
		}
		name, value, ok := strings.Cut(part, "=")
		if !ok {
			return incomplete("Invalid key=value pair (missing equal-sign) in Authorization header " +
				"(hashed with SHA-256 and encoded with Base64): '" + digest(auth) + "'.")
		}
		field := c.parameter(name)
		if field == nil {
			continue // not ours; it is not signed and nothing acts on it
		}
		if *field != "" {
			return incomplete("Authorization header must have the '" + name + "' parameter only once.")
		}
		*field = value
	}
	return nil
}

func (c *claim) parameter(name string) *string {
	switch name {
	case "Credential":
		return &c.credential
	case "SignedHeaders":
		return &c.signedHeaders
	case "Signature":
		return &c.signature
	}
	return nil
}

// missing names what the Authorization header lacks, in the wording and order
// observed on AWS; empty when nothing lacks.
func (c *claim) missing(dated bool) string {
	var b strings.Builder
	for _, p := range [...]struct{ name, value string }{
		{"Credential", c.credential}, {"Signature", c.signature}, {"SignedHeaders", c.signedHeaders},
	} {
		if p.value == "" {
			b.WriteString("Authorization header requires '" + p.name + "' parameter. ")
		}
	}
	if !dated {
		b.WriteString("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ")
	}
	return b.String()
}

// headerValue answers a header's value as it is signed, but for inner blanks:
// repeated fields joined by commas. So a repeated date, token or Authorization is
// never mistaken for a good one.
func headerValue(h http.Header, canonicalName string) (value string, present bool) {
	values := h[canonicalName]
	switch len(values) {
	case 0:
		return "", false
	case 1:
		return strings.Trim(values[0], " \t"), true
	}
	return strings.Join(values, ","), true
}

// dateHeader answers the header that dates the request, X-Amz-Date before Date,
// and which it was; no name when there is none.
func dateHeader(h http.Header) (value, name string) {
	for _, name := range [...]string{"X-Amz-Date", "Date"} {
		if value, present := headerValue(h, name); present && value != "" {
			return value, name
		}
	}
	return "", ""
}

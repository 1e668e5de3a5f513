package sigv4

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// maxExpires is the longest life of a presigned request: seven days.
const maxExpires = 7 * 24 * time.Hour

// readQueryClaim reads a claim from the X-Amz-* parameters of a presigned
// request. Without X-Amz-Expires, which AWS asks of S3 only, such a request is
// good for the ordinary skew.
func readQueryClaim(rawQuery string, h http.Header) (claim, error) {
	c := claim{presigned: true}
	var date, expires string
	var hasExpires bool
	seen := make(map[string]bool, 8)
	for pair := range strings.SplitSeq(rawQuery, "&") {
		name, value, err := splitPair(pair)
		if err != nil {
			return c, err
		}
		switch name {
		case "X-Amz-Algorithm":
			c.algorithm = value
		case "X-Amz-Credential":
			c.credential = value
		case "X-Amz-Signature":
			c.signature = value
		case "X-Amz-SignedHeaders":
			c.signedHeaders = value
		case "X-Amz-Date":
			date = value
		case "X-Amz-Expires":
			expires, hasExpires = value, true
		case "X-Amz-Security-Token":
			c.token, c.hasToken = value, true
		default:
			continue
		}
		if seen[name] {
			return c, incomplete("AWS query-string parameters must include '" + name + "' only once.")
		}
		seen[name] = true
	}
	if missing := c.missingFromQuery(date); missing != "" {
		return c, incomplete(missing + "Re-examine the query-string parameters.")
	}
	if hasExpires {
		seconds, err := strconv.Atoi(expires)
		if err != nil || seconds < 1 || seconds > int(maxExpires/time.Second) {
			return c, incomplete("X-Amz-Expires must be a number of seconds from 1 to 604800.")
		}
		c.window = time.Duration(seconds) * time.Second
	}
	if !c.hasToken {
		c.token, c.hasToken = headerValue(h, "X-Amz-Security-Token")
	}
	return c, c.setTime(date, false)
}

func (c *claim) missingFromQuery(date string) string {
	var b strings.Builder
	for _, p := range [...]struct{ name, value string }{
		{"X-Amz-Algorithm", c.algorithm}, {"X-Amz-Credential", c.credential}, {"X-Amz-Signature", c.signature},
		{"X-Amz-SignedHeaders", c.signedHeaders}, {"X-Amz-Date", date},
	} {
		if p.value == "" {
			b.WriteString("AWS query-string parameters must include '" + p.name + "'. ")
		}
	}
	return b.String()
}

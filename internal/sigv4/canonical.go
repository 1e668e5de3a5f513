package sigv4

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/textproto"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// scratch is the buffer in which canonical request and string to sign are
// written, kept between requests because both are needed for every one.
type scratch struct{ buf []byte }

var scratchPool = sync.Pool{New: func() any { return &scratch{buf: make([]byte, 0, 1024)} }}

// release hands the buffer back, unless one large request has blown it up.
func (s *scratch) release() {
	if cap(s.buf) <= 64<<10 {
		scratchPool.Put(s)
	}
}

// canonicalRequest writes step 1 of the signing process: method, path, query,
// headers, names of the headers, hash of the payload, one a line.
func (s *scratch) canonicalRequest(r *http.Request, c *claim, payload []byte) error {
	b := append(s.buf[:0], r.Method...)
	b = append(b, '\n')
	b, err := appendPath(b, r)
	if err != nil {
		return err
	}
	b = append(b, '\n')
	if b, err = appendQuery(b, r.URL.RawQuery, c.presigned); err != nil {
		return err
	}
	b = append(b, '\n')
	for name := range strings.SplitSeq(c.signedHeaders, ";") {
		if b, err = appendHeader(b, r, name); err != nil {
			return err
		}
	}
	b = append(b, '\n')
	b = append(b, c.signedHeaders...)
	b = append(b, '\n')
	s.buf = append(b, payload...)
	return nil
}

// stringToSign writes step 3: algorithm, date, scope, hash of the canonical
// request.
func (s *scratch) stringToSign(c *claim, hashed [sha256.Size]byte) {
	b := append(s.buf[:0], Algorithm...)
	b = append(b, '\n')
	b = append(b, c.timestamp...)
	b = append(b, '\n')
	b = append(b, c.scope...)
	b = append(b, '\n')
	s.buf = hex.AppendEncode(b, hashed[:])
}

// appendHeader writes `name:value,value\n`: values trimmed, runs of blanks made
// one. A signed header that is not there is refused rather than taken as empty:
// something on the way removed it.
func appendHeader(b []byte, r *http.Request, name string) ([]byte, error) {
	b = append(b, name...)
	b = append(b, ':')
	if name == "host" {
		// net/http moves Host (and HTTP/2's :authority) out of the header map.
		return append(appendCollapsed(b, r.Host), '\n'), nil
	}
	values := r.Header[textproto.CanonicalMIMEHeaderKey(name)]
	if len(values) == 0 {
		if name != "content-length" || r.ContentLength < 0 {
			return b, signatureMismatch()
		}
		return append(strconv.AppendInt(b, r.ContentLength, 10), '\n'), nil
	}
	for i, value := range values {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendCollapsed(b, value)
	}
	return append(b, '\n'), nil
}

func appendCollapsed(b []byte, value string) []byte {
	value = strings.Trim(value, " \t")
	if !strings.Contains(value, "  ") {
		return append(b, value...)
	}
	for i := range len(value) {
		if value[i] != ' ' || value[i-1] != ' ' { // value[0] is no blank
			b = append(b, value[i])
		}
	}
	return b
}

// appendPath writes the path as it came on the wire, without dot segments and
// empty segments, and encoded once more: for all services but S3 a path is
// encoded twice, and the client has done so once.
func appendPath(b []byte, r *http.Request) ([]byte, error) {
	wire := r.URL.EscapedPath()
	if r.URL.RawPath == "" && r.URL.Opaque == "" && (wire == "" || wire == "/") {
		return append(b, '/'), nil
	}
	if r.URL.Opaque != "" || !strings.HasPrefix(wire, "/") {
		return b, signatureMismatch()
	}
	clean := path.Clean(wire)
	b = appendEncoded(b, clean, true)
	if clean != "/" && strings.HasSuffix(wire, "/") {
		b = append(b, '/')
	}
	return b, nil
}

// appendQuery writes the parameters encoded anew and sorted by encoded name, then
// value. The signature of a presigned request is not part of what it signs.
func appendQuery(b []byte, raw string, presigned bool) ([]byte, error) {
	if raw == "" {
		return b, nil
	}
	type parameter struct{ name, value string }
	var parameters []parameter
	for pair := range strings.SplitSeq(raw, "&") {
		if pair == "" {
			continue
		}
		name, value, err := splitPair(pair)
		if err != nil {
			return b, err
		}
		if presigned && name == "X-Amz-Signature" {
			continue
		}
		parameters = append(parameters, parameter{encode(name), encode(value)})
	}
	slices.SortFunc(parameters, func(p, q parameter) int {
		if order := strings.Compare(p.name, q.name); order != 0 {
			return order
		}
		return strings.Compare(p.value, q.value)
	})
	for i, p := range parameters {
		if i > 0 {
			b = append(b, '&')
		}
		b = append(b, p.name...)
		b = append(b, '=')
		b = append(b, p.value...)
	}
	return b, nil
}

package awsjson

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"sync"
)

type requestIDKey struct{}

// RequestID answers the ID of the request that ctx belongs to, a lower-case
// UUID; empty outside of one.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}

// WithRequestID answers a context with a new request ID, for a call that does not
// come over a Server.
func WithRequestID(ctx context.Context) context.Context {
	return context.WithValue(ctx, requestIDKey{}, newRequestID())
}

// randomness is drawn from the system a page at a time: a call for each UUID
// would cost more than all the rest of making it.
var randomness = sync.Pool{New: func() any { return new(page) }}

type page struct {
	bytes [4096]byte
	left  int
}

// draw answers 16 bytes that nobody has had before.
func (p *page) draw() []byte {
	if p.left < 16 {
		rand.Read(p.bytes[:]) // never fails: it ends the program instead
		p.left = len(p.bytes)
	}
	p.left -= 16
	return p.bytes[p.left : p.left+16]
}

// newRequestID makes a random UUID (RFC 9562, version 4).
func newRequestID() string {
	p := randomness.Get().(*page)
	raw := [16]byte(p.draw())
	randomness.Put(p)

	raw[6] = raw[6]&0x0f | 0x40
	raw[8] = raw[8]&0x3f | 0x80
	var text [36]byte
	hex.Encode(text[0:], raw[0:4])
	hex.Encode(text[9:], raw[4:6])
	hex.Encode(text[14:], raw[6:8])
	hex.Encode(text[19:], raw[8:10])
	hex.Encode(text[24:], raw[10:16])
	text[8], text[13], text[18], text[23] = '-', '-', '-', '-'
	return string(text[:])
}

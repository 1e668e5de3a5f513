package awsjson

import (
	"errors"
	"io"
	"net/http"
	"os"
	"sync"
)

// buffers are what one exchange reads into and writes from.
type buffers struct{ in, out []byte }

// keep is how large a buffer may be to be used again; one huge request shall
// not pin its size for ever.
const keep = 256 << 10

var pool = sync.Pool{New: func() any {
	return &buffers{in: make([]byte, 0, 4<<10), out: make([]byte, 0, 4<<10)}
}}

func (b *buffers) release() {
	if cap(b.in) <= keep && cap(b.out) <= keep {
		b.in, b.out = b.in[:0], b.out[:0]
		pool.Put(b)
	}
}

// read takes the whole body of a request, of at most limit bytes, into b.in. It
// grows with what arrives, not with what the client says will come.
func (b *buffers) read(r *http.Request, limit int64) *Error {
	if r.ContentLength > limit {
		return tooLarge
	}
	for {
		if len(b.in) == cap(b.in) {
			b.in = append(b.in, 0)[:len(b.in)]
		}
		n, err := r.Body.Read(b.in[len(b.in):cap(b.in)])
		b.in = b.in[:len(b.in)+n]
		switch {
		case int64(len(b.in)) > limit:
			return tooLarge
		case err == io.EOF:
			return nil
		case errors.Is(err, os.ErrDeadlineExceeded):
			return tooSlow
		case err != nil:
			return unreadable
		}
	}
}

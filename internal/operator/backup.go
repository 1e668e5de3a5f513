package operator

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"onramp/internal/controlplane"
)

func (a *api) backupRoutes() []route {
	return []route{{
		pattern: "GET /v1/backup",
		summary: "Back up the installation: a file to restore it from, as it stands at one moment, which says of itself whether it is whole. " +
			"Secrets in it stay sealed; the keyset is not in it.",
		out: backupType, handle: a.backUp,
	}}
}

const backupType mediaType = "application/gzip"

// backUp is recorded although it only reads: it reads everything.
func (a *api) backUp(ctx context.Context, r *http.Request) (any, error) {
	ctx = controlplane.WithCall(ctx, operatorCall(r))
	return stream{string(backupType), func(w io.Writer) error { return a.Service.Backup(ctx, w, a.About.Version) }}, nil
}

// stream is an answer that is written while it is made.
type stream struct {
	contentType string
	write       func(io.Writer) error
}

// serve writes a stream. What fails before anything was sent is answered as any error; what fails after that cuts the
// answer off, so that nobody takes it for a whole one.
func (s stream) serve(a *api, w http.ResponseWriter, r *http.Request) {
	out := &patient{ResponseWriter: w, control: http.NewResponseController(w)}
	w.Header().Set("Content-Type", s.contentType)
	buffered := bufio.NewWriterSize(out, 1<<16)
	err := s.write(buffered)
	if err == nil {
		err = buffered.Flush()
	}
	switch {
	case err == nil:
	case !out.sent:
		a.fail(w, r, err)
	default:
		a.Log.ErrorContext(r.Context(), "an answer was cut off", "method", r.Method, "path", r.URL.Path, "error", err)
		panic(http.ErrAbortHandler)
	}
}

// patient lets an answer take as long as it likes while somebody reads it.
type patient struct {
	http.ResponseWriter
	control *http.ResponseController
	sent    bool
}

// readerPatience is how long a client may take to read what fits between it and us.
const readerPatience = time.Minute

func (p *patient) Write(b []byte) (int, error) {
	p.sent = true
	if err := p.control.SetWriteDeadline(time.Now().Add(readerPatience)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return 0, err
	}
	return p.ResponseWriter.Write(b)
}

// Backup writes a backup of the server's installation. Only its reader can tell whether all of it arrived: see package
// archive.
func (c *Client) Backup(ctx context.Context, to io.Writer) error {
	r, err := http.NewRequestWithContext(ctx, "GET", strings.TrimSuffix(c.Base, "/")+"/v1/backup", nil)
	if err != nil {
		return fmt.Errorf("the operator address %q is not a URL such as http://127.0.0.1:7225", c.Base)
	}
	r.Header.Set("Authorization", "Bearer "+c.Token)
	client := c.HTTP
	if client == nil {
		client = http.DefaultClient
	}
	w, err := client.Do(r)
	if err != nil {
		if _, ok := errors.AsType[*net.OpError](err); ok {
			return fmt.Errorf("%w at %s", ErrNoServer, c.Base)
		}
		return fmt.Errorf("calling the operator API: %w", err)
	}
	defer w.Body.Close()
	if w.StatusCode != http.StatusOK {
		text, err := io.ReadAll(io.LimitReader(w.Body, maxAnswer))
		if err != nil {
			return fmt.Errorf("reading the operator API's answer: %w", err)
		}
		return answer(w, text, nil)
	}
	if _, err := io.Copy(to, w.Body); err != nil {
		return fmt.Errorf("the backup was cut off; the server's log may say why: %w", err)
	}
	return nil
}

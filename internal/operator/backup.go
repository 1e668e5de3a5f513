package operator

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
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
	w, err := c.send(ctx, "GET", "/v1/backup", "", nil)
	if err != nil {
		return err
	}
	defer w.Body.Close()
	if w.StatusCode != http.StatusOK {
		return answer(w, nil)
	}
	if _, err := io.Copy(to, w.Body); err != nil {
		return fmt.Errorf("the backup was cut off; the server's log may say why: %w", err)
	}
	return nil
}

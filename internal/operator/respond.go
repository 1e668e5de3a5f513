package operator

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"onramp/internal/controlplane"
)

// handler answers a request with something to write as JSON, or with an error.
type handler func(ctx context.Context, r *http.Request) (any, error)

// Problem is an error with the HTTP status that it is answered with.
type Problem struct {
	Status  int
	Message string
}

func (p *Problem) Error() string { return p.Message }

func problem(status int, format string, args ...any) *Problem {
	return &Problem{Status: status, Message: fmt.Sprintf(format, args...)}
}

// body is an answer that is not JSON.
type body struct {
	contentType string
	content     []byte
}

// created is an answer with status 201.
type created struct{ value any }

// envelope is how every error is written.
type envelope struct {
	Error string `json:"error"`
}

// maxBody bounds a request: an inventory of a million ports in rows is far smaller.
const maxBody = 32 << 20

// json makes an http.Handler of a handler.
func (a *api) json(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		answer, err := h(r.Context(), r)
		if err != nil {
			a.fail(w, r, err)
			return
		}
		switch answer := answer.(type) {
		case nil:
			w.WriteHeader(http.StatusNoContent)
		case body:
			w.Header().Set("Content-Type", answer.contentType)
			_, _ = w.Write(answer.content) // fails if the client is gone
		case stream:
			answer.serve(a, w, r)
		case created:
			writeJSON(w, http.StatusCreated, answer.value)
		default:
			writeJSON(w, http.StatusOK, answer)
		}
	})
}

// fail writes an error. What is neither a Problem nor a Refusal is a fault of ours: its details go to the log only.
func (a *api) fail(w http.ResponseWriter, r *http.Request, err error) {
	var tooLarge *http.MaxBytesError
	if p, ok := errors.AsType[*Problem](err); ok {
		writeJSON(w, p.Status, envelope{p.Message})
		return
	}
	if refused, ok := errors.AsType[*controlplane.Refusal](err); ok {
		status := map[controlplane.Reason]int{
			controlplane.Invalid: http.StatusBadRequest, controlplane.Missing: http.StatusNotFound,
			controlplane.Conflict: http.StatusConflict,
		}[refused.Reason]
		writeJSON(w, status, envelope{refused.Message})
		return
	}
	switch {
	case errors.As(err, &tooLarge):
		writeJSON(w, http.StatusRequestEntityTooLarge, envelope{"The request body is too large."})
	case r.Context().Err() != nil:
		writeJSON(w, http.StatusServiceUnavailable, envelope{"The request was given up."})
	default:
		a.Log.ErrorContext(r.Context(), "an operator request failed", "method", r.Method, "path", r.URL.Path, "error", err)
		writeJSON(w, http.StatusInternalServerError, envelope{"The request could not be completed because of a server fault; the log says more."})
	}
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	text, err := json.Marshal(v)
	if err != nil {
		status, text = http.StatusInternalServerError, []byte(`{"error":"The answer could not be written."}`)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(append(text, '\n')) // fails if the client is gone
}

// readJSON reads the one JSON object of a request; unknown members are refused. An empty body is an empty object.
// Those of its members that may be are recorded.
func readJSON(r *http.Request, v any) error {
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		if errors.Is(err, io.EOF) {
			return nil
		}
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return err
		}
		return problem(http.StatusBadRequest, "The request body is not the JSON expected: %v.", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return problem(http.StatusBadRequest, "The request body goes on after its JSON.")
	}
	tell(r.Context(), v)
	return nil
}

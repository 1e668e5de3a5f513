package router

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"syscall"

	"onramp/internal/fabric"
)

// Plan is what the next apply would do.
type Plan struct {
	Router   string   `json:"router"`
	Sequence uint64   `json:"sequence"`          // of the intent that is planned for; 0: the control plane has sent none yet
	Running  bool     `json:"running"`           // an agent holds the folder
	Accepted bool     `json:"accepted"`          // the operator need not be waited for
	Steps    []string `json:"steps"`             // none: the router is as it should be
	Problem  string   `json:"problem,omitempty"` // what cannot be done, such as for a device that is missing
}

// ShowPlan answers what the next apply would do: of the agent that is running, or without one from what the folder keeps.
func ShowPlan(ctx context.Context, path string, open Opener, ports map[string]string) (Plan, error) {
	var p Plan
	err := ask(ctx, path, http.MethodGet, "/plan", &p)
	if !errors.Is(err, errNoAgent) {
		return p, err
	}
	err = offline(path, open, ports, func(f *Folder, d fabric.Driver) error {
		p = Plan{Router: f.Router(), Accepted: f.accepted()}
		o, err := f.order()
		if err != nil || o == nil {
			return err
		}
		in, err := o.Open(f.Router(), f.sealing)
		if err != nil {
			return err
		}
		p.Sequence = o.Sequence()
		p.fill(ctx, d, in)
		return nil
	})
	return p, err
}

// AcceptPlan lets the first apply go ahead: at once if an agent is running, or when one is started.
func AcceptPlan(ctx context.Context, path string) error {
	err := ask(ctx, path, http.MethodPost, "/accept", nil)
	if !errors.Is(err, errNoAgent) {
		return err
	}
	f, err := OpenFolder(path)
	if err != nil {
		return err
	}
	return errors.Join(f.accept(), f.Close())
}

// Remove takes away all that the agent has made on the machine, and its folder with it. No agent may be running.
func Remove(ctx context.Context, path string, open Opener, ports map[string]string) error {
	return offline(path, open, ports, func(f *Folder, d fabric.Driver) error {
		var err error
		if remover, ok := d.(Remover); ok {
			err = remover.Remove(ctx)
		} else {
			err = d.Apply(ctx, f.Router(), fabric.Intent{})
		}
		if err != nil {
			return err
		}
		return f.clear()
	})
}

// offline opens the driver without an agent.
func offline(path string, open Opener, ports map[string]string, do func(*Folder, fabric.Driver) error) error {
	f, err := OpenFolder(path)
	if err != nil {
		return err
	}
	if err := f.setPorts(ports); err != nil {
		return errors.Join(err, f.Close())
	}
	d, err := f.open(open, func() {}, slog.New(slog.DiscardHandler))
	if err != nil {
		return errors.Join(err, f.Close())
	}
	return errors.Join(do(f, d), d.Close(), f.Close())
}

// longestSocket is what the kernel takes as the path of one (unix(7), sun_path).
const longestSocket = 107

// Serve answers onramp router plan on the folder's socket until ctx ends.
func (a *Agent) Serve(ctx context.Context) error {
	path := a.Folder.at(socketFile)
	if len(path) > longestSocket {
		return fmt.Errorf("the path of the folder %s is too long for a socket in it", a.Folder.path)
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) { // of an agent that was killed: the lock says so
		return err
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return err
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return errors.Join(err, l.Close())
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /plan", func(w http.ResponseWriter, r *http.Request) {
		p, err := a.Plan(r.Context())
		respond(w, p, err)
	})
	mux.HandleFunc("POST /accept", func(w http.ResponseWriter, r *http.Request) {
		respond(w, struct{}{}, a.Accept(r.Context()))
	})
	server := &http.Server{Handler: mux, ReadHeaderTimeout: defaultBeat, BaseContext: func(net.Listener) context.Context { return ctx }}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// Plan is what the next apply would do.
func (a *Agent) Plan(ctx context.Context) (p Plan, err error) {
	err = a.do(ctx, func(ctx context.Context) error {
		a.mu.Lock()
		in, kept := a.intent, a.kept
		p = Plan{Router: a.router, Running: true, Sequence: a.report.Sequence, Accepted: a.accepted}
		a.mu.Unlock()
		if !kept {
			return nil
		}
		p.fill(ctx, a.driver, in)
		return nil
	})
	return p, err
}

// fill has the driver plan.
func (p *Plan) fill(ctx context.Context, d fabric.Driver, in fabric.Intent) {
	var err error
	if p.Steps, err = plan(ctx, d, p.Router, in); err != nil {
		p.Problem = hide(in, err).Error()
	}
}

// Accept lets the first apply go ahead, and answers when it is done.
func (a *Agent) Accept(ctx context.Context) error {
	return a.do(ctx, func(ctx context.Context) error {
		if err := a.Folder.accept(); err != nil {
			return err
		}
		a.mu.Lock()
		a.accepted = true
		in, kept := a.intent, a.kept
		a.mu.Unlock()
		a.wait(false)
		if !kept {
			return nil
		}
		return a.carryOut(ctx, in)
	})
}

func respond(w http.ResponseWriter, v any, err error) {
	w.Header().Set("Content-Type", "application/json")
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		v = map[string]string{"error": err.Error()}
	}
	_ = json.NewEncoder(w).Encode(v) // fails if the other side is gone
}

// errNoAgent says that nobody answers at the socket.
var errNoAgent = errors.New("no agent is running")

// ask has the running agent answer.
func ask(ctx context.Context, path, method, what string, out any) error {
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", filepath.Join(path, socketFile))
	}}
	defer transport.CloseIdleConnections()
	r, err := http.NewRequestWithContext(ctx, method, "http://agent"+what, nil)
	if err != nil {
		return err
	}
	w, err := (&http.Client{Transport: transport}).Do(r)
	if errors.Is(err, syscall.ENOENT) || errors.Is(err, syscall.ECONNREFUSED) {
		return errNoAgent
	}
	if err != nil {
		return fmt.Errorf("the agent does not answer: %w", err)
	}
	defer w.Body.Close()
	text, err := io.ReadAll(w.Body)
	if err != nil {
		return fmt.Errorf("the agent does not answer: %w", err)
	}
	if w.StatusCode != http.StatusOK {
		var said struct {
			Error string `json:"error"`
		}
		_ = json.Unmarshal(text, &said) // it says nothing then
		return fmt.Errorf("the agent says: %s", said.Error)
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(text, out)
}

package console

import (
	"net/http"
	"strings"
)

// A route is a page or an action. Each noun has a method xRoutes in its own file, which routes joins.
type route struct {
	pattern string // of http.ServeMux, with the method
	who     audience
	handle  handler
}

// handler answers a visit. An error becomes a page that says it.
type handler func(v *visit) (answer, error)

// audience says who may go somewhere.
type audience int

const (
	// operator: operators only. It is what a route is for that says nothing.
	operator audience = iota
	// customer: whoever acts in an account; others are sent to choose one.
	customer
	// somebody: whoever is logged in.
	somebody
	// anybody: logged in or not.
	anybody
)

// routes is everything there is.
func (s *Console) routes() []route {
	var all []route
	for _, some := range [][]route{
		s.loginRoutes(), s.settingRoutes(), s.customerRoutes(), s.ownRoutes(), s.oidcRoutes(), s.operatorRoutes(), s.networkRoutes(),
	} {
		all = append(all, some...)
	}
	return all
}

func (s *Console) add(r route) {
	s.mux.Handle(r.pattern, s.entered(r, r.handle))
	if path, ok := strings.CutPrefix(r.pattern, "GET "); ok {
		s.paths[strings.TrimSuffix(path, "{$}")] = true
	}
}

// ServeHTTP answers one request.
func (s *Console) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	protect(w.Header())
	if s.KnowsHost != nil && !s.KnowsHost(r.Host) {
		http.Error(w, "The request is addressed to a host name that is not this server's.", http.StatusForbidden)
		return
	}
	if err := s.cross.Check(r); err != nil {
		http.Error(w, "The request comes from a page of another origin.", http.StatusForbidden)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	s.mux.ServeHTTP(w, r)
}

// maxForm bounds a request: a form with one small file.
const maxForm = 6 << 20

// protect says to the browser what pages may not do (Content Security Policy Level 3): nothing from elsewhere, no script or
// style that is not a file of ours, no frame around them.
func protect(h http.Header) {
	h.Set("Content-Security-Policy", "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
}

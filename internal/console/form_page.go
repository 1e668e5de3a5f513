package console

import (
	"net/http"
	"net/url"
	"path"
	"strings"
)

// formPage is the page that a form is on which is sent to a path: the nearest one above it. Empty: no form is sent there.
func (s *Console) formPage(sentTo string) string {
	if !s.answers(http.MethodPost, sentTo) {
		return ""
	}
	at := sentTo
	for !s.answers(http.MethodGet, at) {
		if at = path.Dir(at); at == "/console" {
			return "/console/"
		}
	}
	return at
}

// answers reports whether there is a route for a method and a path.
func (s *Console) answers(method, at string) bool {
	_, pattern := s.mux.Handler(&http.Request{Method: method, URL: &url.URL{Path: at}})
	return strings.HasPrefix(pattern, method+" ")
}

// nowhere answers what no route is for. Where a form is sent to, there is no page once the answer to it is left: the address
// leads to the page of the form.
func (s *Console) nowhere(v *visit) (answer, error) {
	if v.Method == http.MethodGet || v.Method == http.MethodHead {
		if at := s.formPage(v.URL.Path); at != "" {
			return redirect((&url.URL{Path: at}).String()), nil
		}
	}
	return nil, notFound("There is no page %s.", v.URL.Path)
}

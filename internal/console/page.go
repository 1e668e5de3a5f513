package console

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
)

// answer is what a handler answers: a page, a redirect or a file.
type answer interface{ isAnswer() }

// A page is one template of the folder template and what goes in.
type page struct {
	template string // its file
	title    string // of the page, and its first heading
	nav      string // the path of the entry in the navigation that it belongs to
	data     any    // .Data in the template
	live     bool   // the element with the ID live is read again when something of the account has changed
	problem  error  // why what was asked for was not done; the form is shown again with it
	status   int    // of HTTP; 0: 200, or what goes with the problem
}

// redirect goes on to another page of the console, after something was done.
type redirect string

// file is something to be downloaded.
type file struct {
	name, contentType string
	content           []byte
	inline            bool // shown in the browser rather than saved
}

// fragment is HTML that goes into a page which is there already.
type fragment struct {
	template string
	data     any
}

func (page) isAnswer()     {}
func (redirect) isAnswer() {}
func (file) isAnswer()     {}
func (fragment) isAnswer() {}

//go:embed template/*.html
var templates embed.FS

// parsePages parses every page with the layout and the parts, whose names begin with part_.
func parsePages() map[string]*template.Template {
	base := template.Must(template.New("").Funcs(functions).ParseFS(templates, "template/layout.html", "template/part_*.html"))
	files, err := fs.Glob(templates, "template/*.html")
	if err != nil {
		panic(err)
	}
	pages := map[string]*template.Template{}
	for _, f := range files {
		name := path.Base(f)
		if name == "layout.html" || strings.HasPrefix(name, "part_") {
			continue
		}
		pages[name] = template.Must(template.Must(base.Clone()).ParseFS(templates, f))
	}
	return pages
}

// screen is what a template sees: the visit (.Who, .Region, .CSRF, .Query), and the page.
type screen struct {
	*visit
	Title   string
	Nav     []navGroup
	Data    any
	Live    bool
	Problem string // empty: none
	Theme   string // light, dark, or empty: the system's
	Version string
	Regions []string
}

// Value is what a field of the form was filled with, for a form that is shown again; of a GET, what the query says.
func (s screen) Value(field string) string { return s.FormValue(field) }

// Or is Value, and preset where the form was not sent yet.
func (s screen) Or(field, preset string) string {
	if s.Method == http.MethodPost || s.URL.Query().Has(field) {
		return s.FormValue(field)
	}
	return preset
}

// Has reports whether a field of several values, such as checkboxes, has this one.
func (s screen) Has(field, value string) bool {
	_ = s.FormValue(field) // parses
	for _, v := range s.Form[field] {
		if v == value {
			return true
		}
	}
	return false
}

// Events is where the page hears of changes since it was made.
func (s screen) Events() string {
	q := url.Values{"seen": {s.seen}}
	if s.everybody() {
		q.Set("of", "all")
	}
	return eventsPath + "?" + q.Encode()
}

// Here is the address of this page, to come back to: without what the last action has done, which is said once.
func (s screen) Here() string { return s.Query("done", "") }

// Asked reports whether something was to be done, rather than shown.
func (s screen) Asked() bool { return s.Method != http.MethodGet && s.Method != http.MethodHead }

// Hidden are the fields that every form needs.
func (s screen) Hidden() template.HTML {
	return template.HTML(`<input type="hidden" name="csrf" value="` + template.HTMLEscapeString(s.CSRF()) + `">`)
}

// write writes an answer, rendered whole before its first byte goes out.
func (s *Console) write(v *visit, a answer) {
	switch a := a.(type) {
	case redirect:
		if v.Header.Get("HX-Request") != "" { // a part of a page must not become another page
			v.w.Header().Set("HX-Redirect", string(a))
			v.w.WriteHeader(http.StatusNoContent)
			return
		}
		http.Redirect(v.w, v.Request, string(a), http.StatusSeeOther)
	case file:
		disposition := "attachment"
		if a.inline {
			disposition = "inline"
		}
		v.w.Header().Set("Content-Disposition", disposition+`; filename="`+strings.Map(plainName, a.name)+`"`)
		s.send(v, http.StatusOK, a.contentType, a.content)
	case fragment:
		s.render(v, http.StatusOK, a.template, "content", a.data)
	case page:
		s.writePage(v, a)
	case nil: // the handler has written
	default:
		panic(fmt.Sprintf("console: an answer of type %T", a))
	}
}

func plainName(c rune) rune {
	if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '.' || c == '_' {
		return c
	}
	return '_'
}

func (s *Console) writePage(v *visit, p page) {
	all, _ := s.regions.get(v.Context(), s.Service, s.Now()) // without them there is no choice of Region
	out := screen{
		visit: v, Title: p.title, Nav: s.navigation(v, p.nav), Data: p.data, Live: p.live, Theme: v.theme(), Version: s.About.Version,
		Regions: all,
	}
	status := http.StatusOK
	if p.problem != nil {
		status, out.Problem = said(p.problem)
		if out.Problem == ours {
			s.Log.ErrorContext(v.Context(), "a page of the console failed", "method", v.Method, "path", v.URL.Path, "error", p.problem)
		}
	}
	if p.status != 0 {
		status = p.status
	}
	s.render(v, status, p.template, "layout", out)
}

func (s *Console) render(v *visit, status int, file, name string, data any) {
	var b bytes.Buffer
	t, ok := s.pages[file]
	err := fmt.Errorf("there is no template %s", file)
	if ok {
		err = t.ExecuteTemplate(&b, name, data)
	}
	if err != nil {
		s.Log.ErrorContext(v.Context(), "a page of the console could not be rendered", "path", v.URL.Path, "error", err)
		http.Error(v.w, ours, http.StatusInternalServerError)
		return
	}
	s.send(v, status, "text/html; charset=utf-8", b.Bytes())
}

func (s *Console) send(v *visit, status int, contentType string, content []byte) {
	v.w.Header().Set("Content-Type", contentType)
	v.w.Header().Set("Content-Length", strconv.Itoa(len(content)))
	v.w.WriteHeader(status)
	_, _ = v.w.Write(content) // fails if the browser is gone
}

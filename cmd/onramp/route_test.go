package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"onramp/internal/operator"
)

// described are the routes of the operator's API, as METHOD PATH.
func described(t *testing.T) []string {
	t.Helper()
	text, err := operator.Description("test")
	if err != nil {
		t.Fatal(err)
	}
	var d struct {
		Paths map[string]map[string]any `json:"paths"`
	}
	if err := json.Unmarshal(text, &d); err != nil {
		t.Fatal(err)
	}
	var routes []string
	for path, item := range d.Paths {
		for method := range item {
			routes = append(routes, strings.ToUpper(method)+" "+path)
		}
	}
	return routes
}

// recorder answers every described route with null, and remembers what was asked.
type recorder struct {
	mu    sync.Mutex
	asked []string // patterns; those that are no route as they came
}

func (r *recorder) handler(routes []string) http.Handler {
	mux := http.NewServeMux()
	note := func(w http.ResponseWriter, asked string) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.asked = append(r.asked, asked)
		_, _ = io.WriteString(w, "null")
	}
	for _, pattern := range routes {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, _ *http.Request) { note(w, pattern) })
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, q *http.Request) { note(w, "none: "+q.Method+" "+q.URL.Path) })
	return mux
}

func (r *recorder) take() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	asked := r.asked
	r.asked = nil
	return asked
}

// local are the commands that ask no server, or one of another kind, and those that only have others.
var local = []string{
	"onramp serve", "onramp version", "onramp router enroll", "onramp router run", "onramp router plan", "onramp router remove",
	"onramp restore", "onramp completion", "onramp help", "onramp __complete", "onramp __completeNoDesc",
}

// TestEveryVerbAsksARoute runs every verb against a server that answers nothing, and every route is asked by some verb but
// those that are for other programs.
func TestEveryVerbAsksARoute(t *testing.T) {
	routes := described(t)
	var r recorder
	srv := httptest.NewServer(r.handler(routes))
	defer srv.Close()
	t.Setenv("ONRAMP_OPERATOR", srv.URL)
	t.Setenv(tokenVariable, "token")
	t.Chdir(t.TempDir())
	reached := map[string]bool{}
	for _, cmd := range verbs(newRoot()) {
		path := cmd.CommandPath()
		if slices.ContainsFunc(local, func(l string) bool { return path == l || strings.HasPrefix(path, l+" ") }) {
			continue
		}
		asked := false
		for _, flags := range wordsFor(cmd) {
			args := append(strings.Fields(path)[1:], flags...)
			if cmd.Flags().Lookup("output") != nil { // so that nobody reads what is nothing
				args = append(args, "--output", "json")
			}
			runBriefly(t.Context(), args)
			for _, pattern := range r.take() {
				if strings.HasPrefix(pattern, "none: ") {
					t.Errorf("%s asks %s, which is no route", strings.Join(args, " "), strings.TrimPrefix(pattern, "none: "))
				}
				reached[pattern], asked = true, true
			}
		}
		if !asked {
			t.Errorf("%s asks nothing: give it the words that it needs in wordsFor", path)
		}
	}
	for _, pattern := range routes {
		if !reached[pattern] && !slices.Contains(forPrograms, pattern) {
			t.Errorf("no verb asks %s", pattern)
		}
	}
}

// runBriefly runs a command line, and ends what would go on.
func runBriefly(ctx context.Context, args []string) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	defer func() { _ = recover() }() // of a verb that takes an answer apart that is nothing: it has asked before
	root := newRoot()
	root.SetArgs(args)
	root.SetIn(strings.NewReader("{}"))
	root.SetOut(io.Discard)
	root.SetErr(io.Discard)
	_ = root.ExecuteContext(ctx) // what is asked counts, not what comes of it
}

// forPrograms are the routes that no verb needs.
var forPrograms = []string{
	"GET /v1/accounts/{id}/users/{name}/console", // verbs change it, and say what came of it
}

func verbs(cmd *cobra.Command) (all []*cobra.Command) {
	if !cmd.HasSubCommands() {
		return []*cobra.Command{cmd}
	}
	for _, c := range cmd.Commands() {
		all = append(all, verbs(c)...)
	}
	return all
}

// words are arguments that make sense where an identifier does not.
var words = map[string]string{"FILE": "-", "PREFIX": "10.0.0.0/8", "URL": "https://hook.invalid/", "CODE": "AAAA-BBBB-CCCC", "ADVANCE": "1s", "DURATION": "1s"}

// wordsFor are command lines that have a verb do its work.
func wordsFor(cmd *cobra.Command) (lines [][]string) {
	var args []string
	for _, word := range strings.Fields(cmd.Use)[1:] {
		name := strings.Trim(word, "[].")
		if strings.HasPrefix(name, "-") {
			break
		}
		value, ok := words[name]
		if !ok {
			value = "x"
		}
		args = append(args, value)
	}
	lines = [][]string{args}
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if strings.HasPrefix(f.Usage, "why; required") {
			args = append(args, "--"+f.Name, "x")
		}
	})
	lines = append(lines, args)
	for _, more := range extra[strings.TrimPrefix(cmd.CommandPath(), "onramp ")] {
		lines = append(lines, append(slices.Clone(args), more...))
	}
	if flags, ok := alone[strings.TrimPrefix(cmd.CommandPath(), "onramp ")]; ok {
		lines = append(lines, flags)
	}
	return lines
}

// alone are flags that a verb takes instead of arguments.
var alone = map[string][]string{"fault heal": {"--all"}, "maintenance ics": {"--account", "x"}}

// extra are the flags that a verb needs beside its arguments.
var extra = map[string][][]string{
	"cross-connect attach": {{"--name", "x"}},
	"cross-connect set":    {{"--who", "x"}},
	"customer flap":        {{"--seconds", "1"}},
	"customer announce":    {{"--nothing"}},
	"fault fade":           {{"--light=-12"}},
	"fault flap":           {{"--seconds", "1"}},
	"gateway add":          {{"--account", "x"}},
	"policy add":           {{"--document", "-"}},
	"policy set":           {{"--document", "-"}},
	"policy attach":        {{"--user", "x"}, {"--role", "x"}},
	"policy detach":        {{"--user", "x"}, {"--role", "x"}},
	"role add":             {{"--trusted", "123456789012"}},
	"role put-policy":      {{"--document", "-"}},
	"user put-policy":      {{"--document", "-"}},
	"webhook add":          {{"--all-accounts"}},
	"maintenance feed":     {{"--close"}},
}

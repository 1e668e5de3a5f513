package awsquery_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"onramp/internal/awsquery"
)

type greeting struct {
	Text  string   `xml:"Text"`
	Names []string `xml:"Names>member"`
}

var errSecret = errors.New("what nobody may see")

func server(seen *awsquery.Call) *awsquery.Server {
	return &awsquery.Server{
		Namespace: "https://example.com/doc/", Version: "2011-06-15",
		NewRequestID: func() string { return "id-1" }, Now: func() time.Time { return time.Unix(0, 0) },
		Authenticate: func(r *http.Request, body []byte) (context.Context, error) {
			if r.Header.Get("Authorization") == "" {
				return r.Context(), &awsquery.Error{Code: "MissingAuthenticationToken", Message: "Missing", Status: 403}
			}
			return r.Context(), nil
		},
		Lookup: func(action string) (awsquery.Operation, bool) {
			switch action {
			case "Greet":
				return func(_ context.Context, form url.Values) (any, error) {
					return greeting{Text: "<" + form.Get("Name") + ">", Names: []string{"a", "b"}}, nil
				}, true
			case "Fail":
				return func(context.Context, url.Values) (any, error) { return nil, errSecret }, true
			case "Panic":
				return func(context.Context, url.Values) (any, error) { panic("x") }, true
			}
			return nil, false
		},
		Observe: func(_ context.Context, c awsquery.Call) { *seen = c },
	}
}

func TestServer(t *testing.T) {
	t.Parallel()
	const version = "&Version=2011-06-15"
	wrong := func(kind, code, message string) string {
		return `<ErrorResponse xmlns="https://example.com/doc/"><Error><Type>` + kind + `</Type><Code>` + code + `</Code><Message>` + message +
			`</Message></Error><RequestId>id-1</RequestId></ErrorResponse>`
	}
	for name, c := range map[string]struct {
		method, form, authorization string
		status                      int
		answer, operation           string
	}{
		"answer": {"POST", "Action=Greet&Name=b%26b" + version, "x", 200,
			`<GreetResponse xmlns="https://example.com/doc/"><GreetResult><Text>&lt;b&amp;b&gt;</Text><Names><member>a</member><member>b</member></Names></GreetResult>` +
				`<ResponseMetadata><RequestId>id-1</RequestId></ResponseMetadata></GreetResponse>`, "Greet"},
		"query":       {"GET", "Action=Fail" + version, "x", 500, wrong("Receiver", "InternalFailure", "The request could not be completed because of a server fault."), "Fail"},
		"panic":       {"POST", "Action=Panic" + version, "x", 500, wrong("Receiver", "InternalFailure", "The request could not be completed because of a server fault."), "Panic"},
		"nobody":      {"POST", "Action=Greet" + version, "", 403, wrong("Sender", "MissingAuthenticationToken", "Missing"), "Greet"},
		"no action":   {"POST", "x=y", "x", 400, wrong("Sender", "MissingAction", "The request must contain the parameter Action."), ""},
		"other":       {"POST", "Action=Dance" + version, "x", 400, wrong("Sender", "InvalidAction", "Could not find operation &#34;Dance&#34;"), ""},
		"old version": {"POST", "Action=Greet&Version=1", "x", 400, wrong("Sender", "InvalidAction", "Could not find operation Greet for version &#34;1&#34;"), "Greet"},
		"no form":     {"POST", "%zz", "x", 400, wrong("Sender", "MalformedInput", "The form could not be read."), ""},
		"too large":   {"POST", "Action=Greet&x=" + strings.Repeat("x", 70<<10), "x", 413, wrong("Sender", "RequestEntityTooLarge", "The request body is too large."), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			target, body := "/", c.form
			if c.method == "GET" {
				target, body = "/?"+c.form, ""
			}
			r := httptest.NewRequestWithContext(t.Context(), c.method, target, strings.NewReader(body))
			if c.authorization != "" {
				r.Header.Set("Authorization", c.authorization)
			}
			w := httptest.NewRecorder()
			var seen awsquery.Call
			server(&seen).ServeHTTP(w, r)
			if w.Code != c.status || w.Body.String() != c.answer {
				t.Errorf("HTTP %d %s\nwant %d %s", w.Code, w.Body, c.status, c.answer)
			}
			if seen.Operation != c.operation || seen.Status != c.status || seen.RequestID != "id-1" || (seen.Err == nil) != (c.status == 200) {
				t.Errorf("observed %+v", seen)
			}
			if w.Header().Get("Content-Type") != "text/xml" || w.Header().Get("X-Amzn-Requestid") != "id-1" {
				t.Errorf("headers are %v", w.Header())
			}
		})
	}
}

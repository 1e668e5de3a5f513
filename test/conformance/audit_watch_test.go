package conformance

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"onramp/internal/audit"
	"onramp/internal/controlplane"
)

// watch keeps what the requests of a world were answered, to be held against its audit trail when the test is over. Every
// test of this package is a test of the trail in this way.
type watch struct {
	mu      sync.Mutex
	asked   map[string]exchange // by request ID
	secrets map[string]bool     // that no record may have in it
}

// watches are the watches of all worlds, by the host and port of the server.
var watches sync.Map

func watchOf(host string) *watch {
	w, _ := watches.LoadOrStore(host, &watch{asked: map[string]exchange{}, secrets: map[string]bool{}})
	return w.(*watch)
}

// secretMembers are those whose values are secrets, or what nobody reads in a trail.
var secretMembers = regexp.MustCompile(`"(?:cak|authKey|customerRouterConfig|loaContent)":"((?:[^"\\]|\\.){6,})"`)

// takeBody takes a request's body and puts it back.
func takeBody(r *http.Request) string {
	if r.Body == nil {
		return ""
	}
	content, err := io.ReadAll(r.Body)
	_ = r.Body.Close()
	r.Body = io.NopCloser(bytes.NewReader(content))
	if err != nil {
		return ""
	}
	return string(content)
}

func (w *watch) saw(request string, x exchange) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked[x.header.Get("X-Amzn-Requestid")] = x
	for _, text := range []string{request, x.body} {
		for _, found := range secretMembers.FindAllStringSubmatch(text, -1) {
			w.secrets[found[1]] = true
		}
	}
}

// recorded is what the check looks at in a record.
type recorded struct {
	EventName, EventType, RequestID, ErrorCode, EventID, EventSource, SharedEventID string
	ReadOnly                                                                        bool
	RequestParameters, ResponseElements                                             json.RawMessage
}

// holdTrail holds the audit trail of a world against what was asked: it is whole, has one record for each call, and no
// secret in any.
func (w *world) holdTrail() {
	w.t.Helper()
	ctx := context.WithoutCancel(w.t.Context()) // the test's own has ended
	if w.store.Ping(ctx) != nil {
		return // the test has stopped the server
	}
	report, err := w.service.VerifyAudit(ctx)
	if err != nil || len(report.Findings) > 0 {
		w.t.Errorf("the audit trail: %v %v", report.Findings, err)
		return
	}
	seen := watchOf(strings.TrimPrefix(w.url, "http://"))
	watches.Delete(strings.TrimPrefix(w.url, "http://"))
	records := map[string]recorded{}
	for after := (controlplane.AuditCursor{}); ; {
		page, err := w.service.AuditRecords(ctx, controlplane.AuditQuery{After: after, Limit: 1000})
		if err != nil {
			w.t.Error(err)
			return
		}
		for _, l := range page {
			holdRecord(w.t, l, seen.secrets, records)
			after = controlplane.AuditCursor{Time: l.Time, Position: l.Position}
		}
		if len(page) < 1000 {
			break
		}
	}
	seen.count(len(records))
	for id, x := range seen.asked {
		holdCall(w.t, records, id, x)
	}
}

// held counts what the trails of all worlds were held against: a check of nothing is none.
var held struct{ calls, records, secrets atomic.Int64 }

func (w *watch) count(records int) {
	held.calls.Add(int64(len(w.asked)))
	held.secrets.Add(int64(len(w.secrets)))
	held.records.Add(int64(records))
}

func unheld() (gaps []string) {
	for what, n := range map[string]int64{"calls": held.calls.Load(), "records": held.records.Load(), "secrets": held.secrets.Load()} {
		if n == 0 {
			gaps = append(gaps, "no "+what+" were held against the audit trail")
		}
	}
	return gaps
}

func holdRecord(t testing.TB, l audit.Link, secrets map[string]bool, records map[string]recorded) {
	t.Helper()
	for secret := range secrets {
		if strings.Contains(l.Body, secret) {
			t.Errorf("a secret is in the audit record of %s", l.Name)
		}
	}
	var r recorded
	if err := json.Unmarshal([]byte(l.Body), &r); err != nil {
		t.Errorf("the audit record of %s is not JSON: %v", l.Name, err)
		return
	}
	unmasked(t, l.Name, json.RawMessage(l.Body))
	if !uuid.MatchString(r.EventID) || r.EventName != l.Name {
		t.Errorf("the audit record of %s has the event ID %q and the name %q", l.Name, r.EventID, r.EventName)
	}
	if r.RequestID == "" {
		return
	}
	if before, twice := records[r.RequestID]; twice && (r.SharedEventID == "" || r.SharedEventID != before.SharedEventID) {
		t.Errorf("request %s has two audit records: %s and %s", r.RequestID, before.EventName, r.EventName)
	}
	records[r.RequestID] = r
}

// unmasked looks for members that must not be recorded as they are.
func unmasked(t testing.TB, name string, text json.RawMessage) {
	t.Helper()
	for _, member := range []string{"authKey", "cak", "customerAddress", "amazonAddress", "customerRouterConfig"} {
		for rest := string(text); ; {
			_, after, found := strings.Cut(rest, `"`+member+`":`)
			if !found {
				break
			}
			if rest = after; !strings.HasPrefix(rest, `"[PROTECTED]"`) {
				t.Errorf("%s is not masked in the audit record of %s", member, name)
			}
		}
	}
	for _, member := range []string{`"asn":`, `"asnLong":`} {
		for _, after := range strings.Split(string(text), member)[1:] {
			if !strings.HasPrefix(after, "-1") {
				t.Errorf("%s is not masked in the audit record of %s", member, name)
			}
		}
	}
}

func holdCall(t testing.TB, records map[string]recorded, id string, x exchange) {
	t.Helper()
	r, found := records[id]
	var refused struct {
		Type string `json:"__type"`
	}
	_ = json.Unmarshal([]byte(x.body), &refused)
	switch {
	case refused.Type == "UnknownOperationException":
		if found {
			t.Errorf("there is an audit record of %q, which is no operation", x.operation)
		}
		return
	case !found:
		t.Errorf("%s (HTTP %d %s) has no audit record", x.operation, x.status, refused.Type)
		return
	}
	if r.EventName != x.operation || r.EventType != audit.APICall || r.EventSource != audit.Service || r.ErrorCode != refused.Type ||
		r.ReadOnly != controlplane.IsRead(x.operation) {
		t.Errorf("%s, answered %q, is recorded as %+v", x.operation, refused.Type, r)
	}
	answered := string(r.ResponseElements) != "null"
	if wants := !r.ReadOnly && x.status == http.StatusOK && x.body != "{}"; answered != wants {
		t.Errorf("%s (HTTP %d): responseElements are %.100s", x.operation, x.status, r.ResponseElements)
	}
	if answered {
		holdResponse(t, x, r)
	}
}

// holdResponse: what is recorded of an answer is the answer, but for what is masked.
func holdResponse(t testing.TB, x exchange, r recorded) {
	t.Helper()
	masked, _, ok := audit.Mask([]byte(x.body))
	if !ok || string(masked) != string(r.ResponseElements) {
		t.Errorf("%s: recorded is the answer\n%s\ninstead of\n%s", x.operation, r.ResponseElements, masked)
	}
}

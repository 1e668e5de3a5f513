package console

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"onramp/internal/onramptest"
	"onramp/test/console/consoletest"
)

var recordLink = regexp.MustCompile(`href="(/console/operator/audit/records/[0-9]+/[0-9]+)"`)

// readsRecord opens the newest record of a connection from the trail's page.
func readsRecord(t *testing.T, op *consoletest.Visitor, id string) {
	t.Helper()
	list := op.Get("/console/operator/audit?resource=" + id)
	if !strings.Contains(list.Body, `href="/console/operator/connections/`+id+`"`) {
		t.Errorf("the trail does not lead to %s: %s", id, list.Text())
	}
	at := recordLink.FindStringSubmatch(list.Body)
	if at == nil {
		t.Fatalf("the trail leads to no record: %s", list.Text())
	}
	p := op.Get(at[1])
	says(t, at[1], p, "ConnectionStateChange", `"serviceEventDetails": {`, `"resourceId": "`+id+`"`, "available", "Hash of the record before")
	if !strings.Contains(p.Body, `href="/console/operator/connections/`+id+`"`) {
		t.Errorf("%s does not lead to %s", at[1], id)
	}
	for path, status := range map[string]int{"/console/operator/audit/records/1/999999": http.StatusNotFound, "/console/operator/audit/records/x/1": http.StatusNotFound} {
		if p := op.Get(path); p.Status != status {
			t.Errorf("%s: status %d, want %d", path, p.Status, status)
		}
	}
}

// What was refused is told with its text, and the same again and again on one line; what was done is not pushed out by it.
func TestHistoryOfRefusedTries(t *testing.T) {
	t.Parallel()
	s := onramptest.Start(t)
	v := consoletest.Enter(t, s, acme)
	id := up(t, s, v, "tried")
	for range 60 {
		p := v.Post("/console/connections/"+id+"/rename", url.Values{"name": {strings.Repeat("long ", 60)}})
		if p.Status != http.StatusBadRequest {
			t.Fatalf("a name of 300 letters: status %d: %s", p.Status, p.Text())
		}
	}
	p := sees(t, v, "/console/connections/"+id, "CreateConnection", "ConnectionStateChange", "refused", "60 times since",
		"DirectConnectClientException", "connectionName")
	if n := strings.Count(p.Text(), "60 times since"); n != 1 {
		t.Errorf("the tries are on %d lines: %s", n, p.Text())
	}
}

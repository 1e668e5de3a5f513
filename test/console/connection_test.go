package console

import (
	"bytes"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"onramp/internal/onramptest"
	"onramp/test/console/consoletest"
)

// does sends a form from a page and follows where it leads.
func does(t *testing.T, v *consoletest.Visitor, from, to string, form url.Values) (at string, p consoletest.Page) {
	t.Helper()
	sent := v.Send(from, to, form)
	if sent.Status != http.StatusSeeOther {
		t.Fatalf("%s answers %d: %s", to, sent.Status, sent.Text())
	}
	at, _, _ = strings.Cut(sent.To, "?")
	return at, sees(t, v, sent.To)
}

// sees reads a page that must be there, and must say all of this.
func sees(t *testing.T, v *consoletest.Visitor, path string, texts ...string) consoletest.Page {
	t.Helper()
	p := v.Get(path)
	if p.Status != http.StatusOK {
		t.Fatalf("%s answers %d: %s", path, p.Status, p.Text())
	}
	says(t, path, p, texts...)
	return p
}

func says(t *testing.T, path string, p consoletest.Page, texts ...string) {
	t.Helper()
	text := p.Text()
	for _, want := range texts {
		if !strings.Contains(text, want) {
			t.Errorf("%s does not say %q:\n%s", path, want, text)
		}
	}
}

// orders makes a connection and answers its page.
func orders(t *testing.T, v *consoletest.Visitor, name, location string, more ...string) string {
	t.Helper()
	form := url.Values{"name": {name}, "location": {location}, "bandwidth": {"10Gbps"}, "billing": {"PayAsYouGo"}}
	for i := 0; i+1 < len(more); i += 2 {
		form.Set(more[i], more[i+1])
	}
	at, _ := does(t, v, "/console/connections/order/summary?"+form.Encode(), "/console/connections", form)
	return at
}

// keeps tests that the inputs of a page still have what was typed in.
func keeps(t *testing.T, p consoletest.Page, values ...string) {
	t.Helper()
	for _, v := range values {
		if !strings.Contains(p.Body, `value="`+html.EscapeString(v)+`"`) && !strings.Contains(p.Body, ">"+html.EscapeString(v)+"</textarea>") {
			t.Errorf("the form has lost %q", v)
		}
	}
}

var peerOn = regexp.MustCompile(`peers/remove\?peer=(dxpeer-[a-z0-9]+)"`)

func idOf(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }

func TestOrderingAConnection(t *testing.T) {
	t.Parallel()
	s := onramptest.Start(t)
	v := consoletest.Enter(t, s, acme)

	sees(t, v, "/console/connections", "There are no connections here.", "Order a connection")
	sees(t, v, "/console/connections/order", "Equinix DC2", "EqDC2", "10G", "CSVA1", "maximum resiliency")
	sees(t, v, "/console/connections/order?text=cOrEsItE&speed=10G", "CSVA1")
	if p := sees(t, v, "/console/connections/order?text=nowhere"); strings.Contains(p.Body, "EqDC2") {
		t.Error("a location that is not like the filter is listed")
	}
	sees(t, v, "/console/connections/order/port?location=EqDC2", "Speed", "10Gbps", "A port that can do MACsec", "Go on to the summary")
	order := url.Values{"location": {"EqDC2"}, "name": {"first"}, "bandwidth": {"10Gbps"}, "billing": {"PayAsYouGo"}, "tags": {"site=Ashburn"}, "macsec": {"true"}}
	summary := "/console/connections/order/summary?" + order.Encode()
	sees(t, v, summary, "first", "Equinix DC2", "10Gbps", "MACsec yes", "site=Ashburn", "This is your first connection")

	tagged := url.Values{"location": {"EqDC2"}, "name": {"first"}, "bandwidth": {"10Gbps"}, "billing": {"PayAsYouGo"}, "tags": {"site=Ashburn, first floor\r\nowner"}}
	const refusal = `Tags: "owner" has no = between key and value.`
	sees(t, v, "/console/connections/order/summary?"+tagged.Encode(), refusal, "site=Ashburn, first floor")
	says(t, "a tag without a value", v.Send(summary, "/console/connections", tagged), refusal)
	sees(t, v, "/console/connections", "There are no connections here.")
	tagged.Set("tags", "site=Ashburn, first floor\nowner=")
	sees(t, v, "/console/connections/order/summary?"+tagged.Encode(), "Tags site=Ashburn, first floor, owner=")

	at, p := does(t, v, summary, "/console/connections", order)
	says(t, at, p, "first", "EqDC2", "Ordered", "Approved", "site", "Ashburn", "The port is ordered and reserved.", "CreateConnection")
	s.Settle()
	sees(t, v, at, "available", "Download the LOA-CFA", "ConnectionStateChange", "Encryption Down", "First light")

	letter := v.Get(at + "/loa")
	if letter.Status != http.StatusOK || !bytes.HasPrefix([]byte(letter.Body), []byte("%PDF")) || !strings.Contains(letter.Header.Get("Content-Disposition"), idOf(at)) {
		t.Errorf("the letter: status %d, %s, %.10q", letter.Status, letter.Header.Get("Content-Disposition"), letter.Body)
	}

	sees(t, v, "/console/connections/order/summary?"+order.Encode(), "You have connections at this location only.")
	_, p = does(t, v, at, at+"/rename", url.Values{"name": {"second name"}})
	says(t, at, p, "second name", "It has its new name.")
	sees(t, v, "/console/connections", "second name", "available")

	_, p = does(t, v, at, at+"/tag", url.Values{"arn": {arnOn(t, p)}, "key": {"owner"}, "value": {"network"}})
	says(t, at, p, "owner", "network", "The tag is set.")
	_, p = does(t, v, at, at+"/untag", url.Values{"arn": {arnOn(t, p)}, "key": {"owner", "site"}})
	says(t, at, p, "No tags.")

	sees(t, v, at+"/delete", "What goes", idOf(at), "EqDC2", "The port is given back", "Keep it", "Delete "+idOf(at))
	does(t, v, at+"/delete", at+"/delete", nil)
	s.Settle()
	sees(t, v, at, "deleted")
}

var arnField = regexp.MustCompile(`name="arn" value="([^"]+)"`)

// arnOn is the ARN that the forms for tags of a page have.
func arnOn(t *testing.T, p consoletest.Page) string {
	t.Helper()
	found := arnField.FindStringSubmatch(p.Body)
	if found == nil {
		t.Fatal("the page has no form for tags")
	}
	return found[1]
}

// What the API refuses is said word for word beside the form, which keeps what was typed in.
func TestARefusedOrderKeepsTheForm(t *testing.T) {
	t.Parallel()
	s := onramptest.Start(t)
	v := consoletest.Enter(t, s, acme)
	order := url.Values{"location": {"EqDC2"}, "name": {`<script>alert("x")</script>`}, "bandwidth": {"400Gbps"}, "billing": {"PayAsYouGo"}, "provider": {"Nobody"}}
	p := v.Send("/console/connections/order", "/console/connections", order)
	if p.Status != http.StatusBadRequest {
		t.Errorf("status %d", p.Status)
	}
	says(t, "the summary", p, "Provider Nobody is not available at location EqDC2.", `<script>alert("x")</script>`, "Nobody")
	if strings.Contains(p.Body, "<script>alert") {
		t.Error("a name is not escaped")
	}
	if !strings.Contains(p.Body, `aria-describedby="order-error"`) || !strings.Contains(p.Body, `id="order-error"`) {
		t.Error("the refusal is not tied to its form")
	}
	if !strings.Contains(p.Body, `name="bandwidth" value="400Gbps"`) {
		t.Error("the form has lost what was typed in")
	}
	sees(t, v, "/console/connections", "There are no connections here.")

	at := orders(t, v, `<b>bold & "quoted"</b>`, "EqDC2")
	for _, page := range []string{at, "/console/connections", at + "/delete"} {
		if p := sees(t, v, page, `<b>bold & "quoted"</b>`); strings.Contains(p.Body, "<b>bold") {
			t.Errorf("%s does not escape a name", page)
		}
	}
	refused := v.Send(at, at+"/rename", url.Values{"name": {strings.Repeat("n", 256)}})
	if refused.Status != http.StatusBadRequest || !strings.Contains(refused.Body, strings.Repeat("n", 256)) {
		t.Errorf("a refused name: status %d, kept %v", refused.Status, strings.Contains(refused.Body, strings.Repeat("n", 256)))
	}
	says(t, "the refused name", refused, "Name must be at most 255 characters long.")
}

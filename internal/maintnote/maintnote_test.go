package maintnote

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	ics "github.com/arran4/golang-ical"
	"github.com/google/go-cmp/cmp"
)

var begin = time.Date(2026, time.March, 5, 22, 0, 0, 0, time.UTC)

func notice() Notice {
	return Notice{
		Provider: "Example, Inc.", Contact: "NOC, noc@example.com, +1 555 0100", Account: "111122223333", ID: "mnt-ffabc123",
		Objects: []Object{{"dxcon-ffabc123", "OUTAGE"}, {"dxvif-ffabc123", "REDUCED-REDUNDANCY"}},
		Impact:  "OUTAGE", Status: Confirmed, Reason: "new line card; router restarts, 2 times\\maybe",
		From: begin, To: begin.Add(4 * time.Hour), Stamp: begin.Add(-240 * time.Hour), Sequence: 2,
	}
}

// read parses a calendar and answers each event's properties, with their parameters where there are any.
func read(t *testing.T, text []byte) (events []map[string][]string) {
	t.Helper()
	c, err := ics.ParseCalendar(bytes.NewReader(text))
	if err != nil {
		t.Fatalf("the calendar cannot be read: %v\n%s", err, text)
	}
	for _, e := range c.Events() {
		found := map[string][]string{}
		for _, p := range e.Properties {
			value := p.Value
			if impact := p.ICalParameters["X-MAINTNOTE-OBJECT-IMPACT"]; impact != nil {
				value += " " + strings.Join(impact, ",")
			}
			found[p.IANAToken] = append(found[p.IANAToken], value)
		}
		events = append(events, found)
	}
	return events
}

// TestRoundTrip: what is told comes back from a parser.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	other := notice()
	other.Account, other.Objects = "444455556666", []Object{{"dxcon-ffzzz999", "OUTAGE"}}
	got := read(t, File([]Notice{notice(), other}))
	if len(got) != 2 {
		t.Fatalf("%d events, and not one for each account", len(got))
	}
	want := map[string][]string{
		"UID": {"mnt-ffabc123.111122223333@example--inc."}, "DTSTAMP": {"20260223T220000Z"}, "LAST-MODIFIED": {"20260223T220000Z"},
		"SEQUENCE": {"2"}, "DTSTART": {"20260305T220000Z"}, "DTEND": {"20260306T020000Z"},
		"SUMMARY":     {"Example Inc.: maintenance mnt-ffabc123, outage"},
		"DESCRIPTION": {"new line card; router restarts, 2 times\\maybe\n\nAccount 111122223333:\ndxcon-ffabc123 outage\ndxvif-ffabc123 reduced-redundancy"},
		"STATUS":      {"CONFIRMED"}, "TRANSP": {"TRANSPARENT"}, "ORGANIZER": {"mailto:noc@example.com"},
		"X-MAINTNOTE-PROVIDER": {"Example, Inc."}, "X-MAINTNOTE-ACCOUNT": {"111122223333"}, "X-MAINTNOTE-MAINTENANCE-ID": {"mnt-ffabc123"},
		"X-MAINTNOTE-OBJECT-ID": {"dxcon-ffabc123 OUTAGE", "dxvif-ffabc123 REDUCED-REDUNDANCY"},
		"X-MAINTNOTE-IMPACT":    {"OUTAGE"}, "X-MAINTNOTE-STATUS": {"CONFIRMED"},
	}
	if diff := cmp.Diff(want, got[0]); diff != "" {
		t.Errorf("the first event (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"dxcon-ffzzz999 OUTAGE"}, got[1]["X-MAINTNOTE-OBJECT-ID"]); diff != "" {
		t.Errorf("the other account is told of (-want +got):\n%s", diff)
	}
	if got[0]["UID"][0] == got[1]["UID"][0] {
		t.Error("both accounts' events have one UID")
	}
}

// TestCancelled: a cancelled notice says so in both vocabularies, and the file that carries it is a cancellation.
func TestCancelled(t *testing.T) {
	t.Parallel()
	n := notice()
	n.Status = Cancelled
	text := File([]Notice{n})
	e := read(t, text)[0]
	if e["STATUS"][0] != "CANCELLED" || e["X-MAINTNOTE-STATUS"][0] != "CANCELLED" || !bytes.Contains(text, []byte("\r\nMETHOD:CANCEL\r\n")) {
		t.Errorf("not cancelled:\n%s", text)
	}
	if mixed := File([]Notice{n, notice()}); !bytes.Contains(mixed, []byte("\r\nMETHOD:PUBLISH\r\n")) {
		t.Errorf("a file of which only a part is cancelled cancels all:\n%s", mixed)
	}
	if feed := Feed([]Notice{n}); bytes.Contains(feed, []byte("METHOD")) {
		t.Errorf("a feed has a method:\n%s", feed)
	}
}

// TestLines: lines end in CR LF, none is longer than 75 octets, and none is broken inside a character (RFC 5545, section 3.1).
func TestLines(t *testing.T) {
	t.Parallel()
	n := notice()
	n.Reason = strings.Repeat("Wartung an der Glasfaser, größer als sonst; 日本語 ", 12)
	for i := range 100 {
		n.Objects = append(n.Objects, Object{fmt.Sprintf("dxcon-%08d", i), "OUTAGE"})
	}
	text := string(File([]Notice{n}))
	if strings.Count(text, "\n") != strings.Count(text, "\r\n") {
		t.Error("a line does not end in CR LF")
	}
	for line := range strings.SplitSeq(text, "\r\n") {
		if len(line) > 75 || !utf8.ValidString(line) {
			t.Errorf("%d octets, valid %v: %q", len(line), utf8.ValidString(line), line)
		}
	}
	e := read(t, []byte(text))[0]
	if got := e["DESCRIPTION"][0]; !strings.HasPrefix(got, n.Reason) || !strings.HasSuffix(got, "and 82 more") {
		t.Errorf("the description reads %q", got)
	}
	if got := len(e["X-MAINTNOTE-OBJECT-ID"]); got != 102 {
		t.Errorf("%d objects, and not 102", got)
	}
}

// TestOrganizer: an address is found where there is one.
func TestOrganizer(t *testing.T) {
	t.Parallel()
	for contact, want := range map[string]string{
		"": nobody, "+49 30 1234": nobody, "noc@example.com": "noc@example.com",
		"NOC <noc@example.com>": "noc@example.com", "Tel. 1; write to a@b.example": "a@b.example",
	} {
		if got := address(contact); got != want {
			t.Errorf("%q gives %q, and not %q", contact, got, want)
		}
	}
}

package directconnect

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestCrossConnectChange(t *testing.T) {
	t.Parallel()
	text := func(s string) *string { return &s }
	date := func(h int) *time.Time { at := noon.Add(time.Duration(h) * time.Hour); return &at }
	x := CrossConnect{ConnectionID: connectionID, Version: 3}
	made, changes, err := x.Change(CrossConnectChange{Reference: text("XC-1"), Requested: date(0), Who: text("remote hands")})
	want := x
	want.Reference, want.Requested, want.Who = "XC-1", noon, "remote hands"
	if diff := cmp.Diff(want, made); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if diff := cmp.Diff([]FieldChange{{"reference", "", "XC-1"}, {"requested", "", "2026-03-01T12:00:00Z"}, {"who", "", "remote hands"}}, changes); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
	if _, changes, err := made.Change(CrossConnectChange{Reference: text("XC-1")}); changes != nil || err != nil {
		t.Errorf("nothing new: %v, %v", changes, err)
	}
	if _, changes, _ := made.Change(CrossConnectChange{Requested: &time.Time{}}); len(changes) != 1 || changes[0] != (FieldChange{"requested", "2026-03-01T12:00:00Z", ""}) {
		t.Errorf("taken away: %v", changes)
	}
	for name, k := range map[string]struct {
		change CrossConnectChange
		want   string
	}{
		"too early":       {CrossConnectChange{Connected: date(-1)}, "A cross connect cannot be connected before it is requested."},
		"never connected": {CrossConnectChange{Disconnected: date(1)}, "A cross connect that was never connected cannot be disconnected."},
		"out of order":    {CrossConnectChange{Connected: date(2), Disconnected: date(1)}, "A cross connect cannot be disconnected before it is connected."},
		"too long":        {CrossConnectChange{Reference: text(strings.Repeat("x", 101))}, "reference must be at most 100 characters long."},
		"a bell":          {CrossConnectChange{Notes: text("\a")}, "notes contains invalid characters."},
	} {
		got, changes, err := made.Change(k.change)
		if err == nil || err.Error() != k.want || changes != nil {
			t.Errorf("%s: %v, %v, want %s", name, changes, err, k.want)
		}
		if diff := cmp.Diff(made, got); diff != "" {
			t.Errorf("%s: it was changed all the same:\n%s", name, diff)
		}
	}
}

func TestNewAttachment(t *testing.T) {
	t.Parallel()
	for content, want := range map[string]string{
		"%PDF-1.7\n": "application/pdf", "\x89PNG\r\n\x1a\n....": "image/png", "\xff\xd8\xff\xe0": "image/jpeg", "Grüße\n": "text/plain; charset=utf-8",
	} {
		a, err := NewAttachment(connectionID, "notice of 1 March.bin", []byte(content), noon)
		if err != nil || a.MediaType != want || a.Size != int64(len(content)) {
			t.Errorf("%q: %+v, %v", content, a, err)
		}
	}
	for name, k := range map[string]struct {
		name    string
		content []byte
		want    string
	}{
		"empty":     {"a", nil, "The file a is empty."},
		"a program": {"a", []byte("MZ\x00\x01"), "The file a is none of PDF, PNG, JPEG or plain text."},
		"too large": {"a", bytes.Repeat([]byte("x"), MaxAttachment+1), "The file a is larger than 5 MB."},
		"a folder":  {"../a", []byte("x"), `"../a" is not a file name: it must have 1 to 100 characters and no folder.`},
		"dots":      {"..", []byte("x"), `".." is not a file name: it must have 1 to 100 characters and no folder.`},
		"no name":   {"", []byte("x"), `"" is not a file name: it must have 1 to 100 characters and no folder.`},
		"two lines": {"a\nb", []byte("x"), `"a\nb" is not a file name: it must have 1 to 100 characters and no folder.`},
	} {
		if _, err := NewAttachment(connectionID, k.name, k.content, noon); err == nil || err.Error() != k.want {
			t.Errorf("%s: %v, want %s", name, err, k.want)
		}
	}
}

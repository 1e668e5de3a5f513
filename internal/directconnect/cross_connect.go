package directconnect

import (
	"path"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// CrossConnect is what is kept of the cable between a port and its customer's panel: whom the facility was asked with, when
// it was made, and when it was taken away. It outlives its connection, for the history of the port.
type CrossConnect struct {
	ConnectionID string `json:"-"`
	Account      string `json:"-"`
	Location     string `json:"-"`
	PortID       string `json:"-"` // that it ends in, or ended in last
	Version      int64  `json:"-"`

	Reference    string    `json:"ref,omitempty"` // the facility's number for it
	Requested    time.Time `json:"requested,omitzero"`
	Connected    time.Time `json:"connected,omitzero"`
	Disconnected time.Time `json:"disconnected,omitzero"`
	Who          string    `json:"who,omitempty"` // did the work, or answers for it
	Notes        string    `json:"notes,omitempty"`
}

// CrossConnectChange is what is to change of it; nil stays, a zero value takes away.
type CrossConnectChange struct {
	Reference, Who, Notes              *string
	Requested, Connected, Disconnected *time.Time
}

// The lengths that its texts may have, in characters.
const (
	maxReference = 100
	maxWho       = 200
	maxNotes     = 4000
)

// Change answers the cross connect as it is after a change, and what that was.
func (x CrossConnect) Change(c CrossConnectChange) (CrossConnect, []FieldChange, error) {
	was := x
	for _, text := range []struct {
		name string
		to   *string
		of   *string
		most int
	}{
		{"reference", c.Reference, &x.Reference, maxReference}, {"who", c.Who, &x.Who, maxWho}, {"notes", c.Notes, &x.Notes, maxNotes},
	} {
		if text.to == nil {
			continue
		}
		if err := checkText(text.name, *text.to, text.most); err != nil {
			return was, nil, err
		}
		*text.of = *text.to
	}
	for _, date := range []struct{ to, of *time.Time }{{c.Requested, &x.Requested}, {c.Connected, &x.Connected}, {c.Disconnected, &x.Disconnected}} {
		if date.to != nil {
			*date.of = *date.to
		}
	}
	if err := x.inOrder(); err != nil {
		return was, nil, err
	}
	return x, x.since(was), nil
}

// inOrder refuses dates that cannot be.
func (x CrossConnect) inOrder() error {
	switch {
	case !x.Requested.IsZero() && !x.Connected.IsZero() && x.Connected.Before(x.Requested):
		return Clientf("A cross connect cannot be connected before it is requested.")
	case !x.Disconnected.IsZero() && x.Connected.IsZero():
		return Clientf("A cross connect that was never connected cannot be disconnected.")
	case !x.Disconnected.IsZero() && x.Disconnected.Before(x.Connected):
		return Clientf("A cross connect cannot be disconnected before it is connected.")
	}
	return nil
}

// since tells in what the cross connect differs from an earlier one.
func (x CrossConnect) since(was CrossConnect) (changes []FieldChange) {
	for _, f := range []FieldChange{
		{"reference", was.Reference, x.Reference}, {"requested", dateText(was.Requested), dateText(x.Requested)},
		{"connected", dateText(was.Connected), dateText(x.Connected)}, {"disconnected", dateText(was.Disconnected), dateText(x.Disconnected)},
		{"who", was.Who, x.Who}, {"notes", was.Notes, x.Notes},
	} {
		if f.From != f.To {
			changes = append(changes, f)
		}
	}
	return changes
}

func dateText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// checkText refuses a text of an operator's that no screen or page has room for.
func checkText(name, text string, most int) error {
	if utf8.RuneCountInString(text) > most || !utf8.ValidString(text) {
		return Clientf("%s must be at most %d characters long.", name, most)
	}
	for _, r := range text {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return Clientf("%s contains invalid characters.", name)
		}
	}
	return nil
}

// Attachment is a file that belongs to a cross connect, such as the facility's notice that it is complete.
type Attachment struct {
	ConnectionID string
	Name         string
	MediaType    string
	Size         int64 // in bytes
	Added        time.Time
}

// The bounds of attachments.
const (
	MaxAttachment   = 5 << 20 // bytes
	MaxAttachments  = 20      // of a cross connect
	maxFileName     = 100
	attachmentForms = "PDF, PNG, JPEG or plain text"
)

// NewAttachment is a file of that name and content. What it is its content says, not its name.
func NewAttachment(connection, name string, content []byte, now time.Time) (Attachment, error) {
	a := Attachment{ConnectionID: connection, Name: name, Size: int64(len(content)), Added: now}
	switch {
	case name == "" || name != path.Base(name) || name == "." || name == ".." || strings.ContainsAny(name, `\"`) || checkText("name", name, maxFileName) != nil ||
		strings.ContainsAny(name, "\n\t"):
		return a, Clientf("%q is not a file name: it must have 1 to %d characters and no folder.", name, maxFileName)
	case len(content) == 0:
		return a, Clientf("The file %s is empty.", name)
	case len(content) > MaxAttachment:
		return a, Clientf("The file %s is larger than %d MB.", name, MaxAttachment>>20)
	}
	if a.MediaType = mediaTypeOf(content); a.MediaType == "" {
		return a, Clientf("The file %s is none of %s.", name, attachmentForms)
	}
	return a, nil
}

// mediaTypeOf tells the forms apart by their first bytes (ISO 32000-1 7.5.2; PNG, section 5.2; JPEG, B.1.1.3); empty: it is
// none of them.
func mediaTypeOf(content []byte) string {
	text := string(content)
	switch {
	case strings.HasPrefix(text, "%PDF-"):
		return "application/pdf"
	case strings.HasPrefix(text, "\x89PNG\r\n\x1a\n"):
		return "image/png"
	case strings.HasPrefix(text, "\xff\xd8\xff"):
		return "image/jpeg"
	case utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && !strings.ContainsRune("\n\r\t\f", r) }):
		return "text/plain; charset=utf-8"
	}
	return ""
}

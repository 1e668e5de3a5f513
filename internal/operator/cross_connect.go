package operator

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"time"

	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
)

// CrossConnect is what is kept of the cable between a port and its customer's panel.
type CrossConnect struct {
	Connection   string    `json:"connection"`
	Account      string    `json:"account"`
	Location     string    `json:"location"`
	Port         string    `json:"port"`
	Reference    string    `json:"reference"` // the facility's number for it
	Requested    time.Time `json:"requested,omitzero"`
	Connected    time.Time `json:"connected,omitzero"`
	Disconnected time.Time `json:"disconnected,omitzero"`
	Who          string    `json:"who"`
	Notes        string    `json:"notes"`

	// Of a single cross connect only; the newest event first.
	Attachments []Attachment `json:"attachments,omitempty"`
	History     []PortEvent  `json:"history,omitempty"`
}

// Attachment is a file of a cross connect.
type Attachment struct {
	Name      string    `json:"name"`
	MediaType string    `json:"mediaType"`
	Size      int64     `json:"size"` // bytes
	Added     time.Time `json:"added"`
}

// CrossConnectChange is the body of PATCH: what is absent stays, and an empty text takes away. Dates are RFC 3339, or of a day.
type CrossConnectChange struct {
	Reference    *string `json:"reference,omitempty" audit:"yes"`
	Requested    *string `json:"requested,omitempty" audit:"yes"`
	Connected    *string `json:"connected,omitempty" audit:"yes"`
	Disconnected *string `json:"disconnected,omitempty" audit:"yes"`
	Who          *string `json:"who,omitempty"`
	Notes        *string `json:"notes,omitempty"`
}

// CrossConnects is a page. After goes into the query of the next one; empty on the last.
type CrossConnects struct {
	CrossConnects []CrossConnect `json:"crossConnects"`
	After         string         `json:"after,omitempty"`
}

func (a *api) crossConnectRoutes() []route {
	const one, file = "/v1/cross-connects/{id}", "/v1/cross-connects/{id}/attachments/{name}"
	return []route{
		{
			pattern: "GET /v1/cross-connects", summary: "List what is kept of cross connects, those of ended connections too.", out: CrossConnects{},
			query: listParameters(choose("account", "Of this account.", "location", "At this location.")...), handle: a.listCrossConnects,
		},
		{pattern: "GET " + one, summary: "Show the cross connect of a connection, its files and its history.", out: CrossConnect{}, handle: a.showCrossConnect},
		{pattern: "PATCH " + one, summary: "Change what is kept of a cross connect.", in: CrossConnectChange{}, out: CrossConnect{}, handle: a.setCrossConnect},
		{pattern: "GET " + file, summary: "Fetch a file of a cross connect.", out: mediaType("application/octet-stream"), handle: a.fetchAttachment},
		{
			pattern: "PUT " + file, summary: "Attach a file: PDF, PNG, JPEG or plain text, of 5 MB at most.",
			in: mediaType("application/octet-stream"), out: Attachment{}, handle: a.attach,
		},
		{pattern: "DELETE " + file, summary: "Remove a file of a cross connect.", handle: a.detach},
	}
}

func (a *api) listCrossConnects(ctx context.Context, r *http.Request) (any, error) {
	var account, location, after string
	l, err := readListQuery(r.URL.Query(), "cross connects", false, map[string]*string{"account": &account, "location": &location, "after": &after})
	if err != nil {
		return nil, err
	}
	found, err := a.Service.CrossConnects(ctx, account, location, after, l.ask())
	if err != nil {
		return nil, err
	}
	var page CrossConnects
	page.CrossConnects, page.After = cut(l, found, crossConnectOf, func(x directconnect.CrossConnect) string { return x.ConnectionID })
	return page, nil
}

func (a *api) showCrossConnect(ctx context.Context, r *http.Request) (any, error) {
	report, err := a.Service.CrossConnect(ctx, r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	return crossConnectReport(report), nil
}

func (a *api) setCrossConnect(ctx context.Context, r *http.Request) (any, error) {
	var in CrossConnectChange
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	change := directconnect.CrossConnectChange{Reference: in.Reference, Who: in.Who, Notes: in.Notes}
	for _, date := range []struct {
		name string
		text *string
		to   **time.Time
	}{{"requested", in.Requested, &change.Requested}, {"connected", in.Connected, &change.Connected}, {"disconnected", in.Disconnected, &change.Disconnected}} {
		if date.text == nil {
			continue
		}
		at, err := a.date(date.name, *date.text)
		if err != nil {
			return nil, err
		}
		*date.to = &at
	}
	if _, err := a.Service.SetCrossConnect(ctx, r.PathValue("id"), change); err != nil {
		return nil, err
	}
	return a.showCrossConnect(ctx, r)
}

// date reads a time, a day, or "now"; empty is none.
func (a *api) date(key, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if text == "now" {
		return a.Service.Now(), nil
	}
	for _, form := range []string{time.RFC3339, time.DateOnly} {
		if at, err := time.Parse(form, text); err == nil {
			return at, nil
		}
	}
	return time.Time{}, problem(http.StatusBadRequest, "%q is not a date for %s, such as 2026-11-23, 2026-11-23T09:00:00Z or now.", text, key)
}

func (a *api) fetchAttachment(ctx context.Context, r *http.Request) (any, error) {
	file, content, err := a.Service.Attachment(ctx, r.PathValue("id"), r.PathValue("name"))
	if err != nil {
		return nil, err
	}
	return body{contentType: file.MediaType, content: content}, nil
}

func (a *api) attach(ctx context.Context, r *http.Request) (any, error) {
	content, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, directconnect.MaxAttachment))
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return nil, problem(http.StatusRequestEntityTooLarge, "The file is larger than %d MB.", directconnect.MaxAttachment>>20)
	}
	if err != nil {
		return nil, err
	}
	file, err := a.Service.Attach(ctx, r.PathValue("id"), r.PathValue("name"), content)
	if err != nil {
		return nil, err
	}
	return attachmentOf(file), nil
}

func (a *api) detach(ctx context.Context, r *http.Request) (any, error) {
	return nil, a.Service.Detach(ctx, r.PathValue("id"), r.PathValue("name"))
}

func attachmentOf(a directconnect.Attachment) Attachment {
	return Attachment{Name: a.Name, MediaType: a.MediaType, Size: a.Size, Added: a.Added}
}

func crossConnectOf(x directconnect.CrossConnect) CrossConnect {
	return CrossConnect{
		Connection: x.ConnectionID, Account: x.Account, Location: x.Location, Port: x.PortID, Reference: x.Reference, Requested: x.Requested,
		Connected: x.Connected, Disconnected: x.Disconnected, Who: x.Who, Notes: x.Notes,
	}
}

func crossConnectReport(report controlplane.CrossConnectReport) CrossConnect {
	out := crossConnectOf(report.CrossConnect)
	for _, f := range report.Attachments {
		out.Attachments = append(out.Attachments, attachmentOf(f))
	}
	for _, e := range report.History {
		out.History = append(out.History, portEventOf(e))
	}
	return out
}

func crossConnectPath(connection string, more ...string) string {
	path := "/v1/cross-connects/" + url.PathEscape(connection)
	for _, part := range more {
		path += "/" + url.PathEscape(part)
	}
	return path
}

// CrossConnects answers a page of cross connects.
func (c *Client) CrossConnects(ctx context.Context, query url.Values) (CrossConnects, error) {
	return ask[CrossConnects](ctx, c, "GET", "/v1/cross-connects", query, nil)
}

// CrossConnect answers the cross connect of a connection.
func (c *Client) CrossConnect(ctx context.Context, connection string) (CrossConnect, error) {
	return ask[CrossConnect](ctx, c, "GET", crossConnectPath(connection), nil, nil)
}

// SetCrossConnect changes what is kept of it.
func (c *Client) SetCrossConnect(ctx context.Context, connection string, in CrossConnectChange) (CrossConnect, error) {
	return ask[CrossConnect](ctx, c, "PATCH", crossConnectPath(connection), nil, in)
}

// Attach keeps a file with it.
func (c *Client) Attach(ctx context.Context, connection, name string, content []byte) (Attachment, error) {
	return ask[Attachment](ctx, c, "PUT", crossConnectPath(connection, "attachments", name), nil, content)
}

// Attachment answers what is in a file.
func (c *Client) Attachment(ctx context.Context, connection, name string) ([]byte, error) {
	return ask[[]byte](ctx, c, "GET", crossConnectPath(connection, "attachments", name), nil, nil)
}

// Detach removes a file.
func (c *Client) Detach(ctx context.Context, connection, name string) error {
	return c.call(ctx, "DELETE", crossConnectPath(connection, "attachments", name), nil, nil, nil)
}

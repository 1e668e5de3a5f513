package console

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"onramp/internal/directconnect"
)

func crossConnectRoutes() []route {
	const one = crossConnectsPath + "/{id}"
	here := under(crossConnectsPath)
	return []route{
		sheetPage(crossConnectsPath, crossConnectsPath, crossConnectsSheet), sheetPage(one, crossConnectsPath, crossConnectSheet),
		sheetAction(one, crossConnectsPath, "change", moved(here, "changed", changeCrossConnect), crossConnectSheet),
		sheetAction(one+"/attach", crossConnectsPath, "attach", moved(here, "attached", attachFile), crossConnectSheet),
		{pattern: "GET " + one + "/files/{name}", handle: attachedFile},
	}
}

func crossConnectsSheet(v *visit, _ *tried) (*sheet, error) {
	found, err := v.console.Service.CrossConnects(v.Context(), v.asked("account"), v.asked("location"), v.asked("after"), operatorPage+1)
	if err != nil {
		return nil, err
	}
	found, after := cut(found, func(x directconnect.CrossConnect) string { return x.ConnectionID })
	t := &table{
		Caption: "Cross connects that something was recorded of", Empty: "Nothing was recorded yet. Open a connection, and its cross connect.",
		Head: []string{"Connection", "Account", "Location", "Port", "Reference", "Requested", "Connected", "Disconnected"},
	}
	for _, x := range found {
		t.Rows = append(t.Rows, []cell{
			{Text: x.ConnectionID, Href: crossConnectsPath + "/" + x.ConnectionID, Code: true}, accountCell(x.Account), coded(x.Location), coded(x.PortID),
			plain(x.Reference), plain(day(x.Requested)), plain(day(x.Connected)), plain(day(x.Disconnected)),
		})
	}
	return &sheet{
		Title: "Cross connects", Lead: "The cables between ports and customers' panels: whom the facility was asked with, when they were made and taken away.",
		Before: []section{v.search(crossConnectsPath, textField("account", "Account", ""), textField("location", "Location code", ""))},
		Live:   []section{{ID: "list", Table: v.paged(t, after)}},
	}, nil
}

func crossConnectSheet(v *visit, t *tried) (*sheet, error) {
	id := v.PathValue("id")
	r, err := v.console.Service.CrossConnect(v.Context(), id)
	if err != nil {
		return nil, err
	}
	x, here := r.CrossConnect, crossConnectsPath+"/"+id
	past := &table{Caption: "What happened, the newest first", Head: []string{"When", "What", "Port", "By", "Note"}, Empty: "Nothing is recorded yet."}
	for _, e := range r.History {
		note := e.Note
		for _, c := range e.Changes {
			note = strings.TrimSpace(note + fmt.Sprintf(" %s: %q to %q.", c.Field, c.From, c.To))
		}
		past.Rows = append(past.Rows, []cell{plain(when(e.Time)), plain(string(e.What)), coded(e.PortID), plain(e.By), plain(note)})
	}
	files := &table{Caption: "Files", Head: []string{"File", "Kind", "Bytes", "Added"}, Empty: "None."}
	for _, a := range r.Attachments {
		files.Rows = append(files.Rows, []cell{linked(a.Name, here+"/files/"+url.PathEscape(a.Name)), plain(a.MediaType), plain(number(&a.Size)), plain(when(a.Added))})
	}
	change := v.form(t, form{ID: "change", Action: here, Submit: "Keep", Fields: []field{
		textField("reference", "The facility's number", "").with(x.Reference), textField("who", "Who does the work", "").with(x.Who),
		textField("requested", "Requested", "A date.").as("date").with(day(x.Requested)), textField("connected", "Connected", "").as("date").with(day(x.Connected)),
		textField("disconnected", "Disconnected", "").as("date").with(day(x.Disconnected)), areaField("notes", "Notes", "").with(x.Notes),
	}})
	attach := v.form(t, form{ID: "attach", Action: here + "/attach", Submit: "Attach", Quiet: true, Files: true, Fields: []field{
		textField("file", "File", "A completion notice, for instance: PDF, PNG, JPEG or text of 5 MB at most.").as("file").must()}})
	return &sheet{
		Title: "Cross connect of " + id, Crumbs: []link{{Text: "Cross connects", Href: crossConnectsPath}, {Text: id, Href: allPath + "/" + id}},
		Live: []section{
			{ID: "facts", Title: "Where", Facts: knownFacts(known("Account", accountCell(x.Account)), known("Location", coded(x.Location)), known("Port", coded(x.PortID)))},
			{ID: "files", Title: "Files", Table: files}, {ID: "history", Title: "History", Table: past},
		},
		Sections: []section{{ID: "keep", Title: "What is known", Forms: []form{change}}, {ID: "attach-file", Title: "Attach a file", Forms: []form{attach}}},
	}, nil
}

// date reads a date of a form; the zero time if it is empty.
func (in *input) date(name, label string) *time.Time {
	text := strings.TrimSpace(in.Get(name))
	if text == "" {
		return &time.Time{}
	}
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		in.wrong(fmt.Sprintf("%s: %q is not a date such as 2026-03-31.", label, text))
	}
	return &t
}

func changeCrossConnect(ctx context.Context, v *visit, in *input) error {
	trimmed := func(name string) *string { s := strings.TrimSpace(in.Get(name)); return &s }
	change := directconnect.CrossConnectChange{
		Reference: trimmed("reference"), Who: trimmed("who"), Notes: trimmed("notes"),
		Requested: in.date("requested", "Requested"), Connected: in.date("connected", "Connected"), Disconnected: in.date("disconnected", "Disconnected"),
	}
	if err := in.problem(); err != nil {
		return err
	}
	was, err := v.console.Service.CrossConnect(ctx, v.PathValue("id"))
	if err != nil {
		return err
	}
	// A form has days; a moment of that day that is known already stays.
	for _, d := range []struct {
		now *time.Time
		was time.Time
	}{{change.Requested, was.CrossConnect.Requested}, {change.Connected, was.CrossConnect.Connected}, {change.Disconnected, was.CrossConnect.Disconnected}} {
		if day(*d.now) == day(d.was) {
			*d.now = d.was
		}
	}
	_, err = v.console.Service.SetCrossConnect(ctx, v.PathValue("id"), change)
	return err
}

func attachFile(ctx context.Context, v *visit, _ *input) error {
	f, header, err := v.FormFile("file")
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		return badRequest("There is no file.")
	}
	if err != nil {
		return badRequest("The file cannot be read.")
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, directconnect.MaxAttachment+1))
	if err != nil {
		return badRequest("The file cannot be read.")
	}
	_, err = v.console.Service.Attach(ctx, v.PathValue("id"), header.Filename, content)
	return err
}

func attachedFile(v *visit) (answer, error) {
	a, content, err := v.console.Service.Attachment(v.Context(), v.PathValue("id"), v.PathValue("name"))
	if err != nil {
		return nil, err
	}
	return file{name: a.Name, contentType: a.MediaType, content: content}, nil
}

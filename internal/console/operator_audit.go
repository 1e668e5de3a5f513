package console

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"onramp/internal/audit"
	"onramp/internal/controlplane"
)

func auditRoutes() []route {
	return []route{
		sheetPage(auditPath, auditPath, auditSheet),
		sheetPage(auditPath+"/records/{chain}/{number}", auditPath, recordSheet),
		{pattern: "POST " + auditPath + "/verify", handle: verifyAudit},
		sheetPage(auditPath+"/verified", auditPath, func(v *visit, _ *tried) (*sheet, error) { return verifiedSheet(v) }),
	}
}

// auditQuery reads the filter of the page.
func (v *visit) auditQuery() (q controlplane.AuditQuery, err error) {
	q = controlplane.AuditQuery{
		Account: v.asked("account"), Resource: v.asked("resource"), Name: v.asked("operation"), Newest: true, Limit: operatorPage + 1,
	}
	for name, at := range map[string]*time.Time{"since": &q.Since, "until": &q.Until} {
		if text := v.asked(name); text != "" {
			if *at, err = time.Parse(formTime, text); err != nil {
				return q, badRequest("%q is not a time such as 2026-03-31T22:00.", text)
			}
		}
	}
	if after := v.asked("after"); after != "" {
		at, position, _ := strings.Cut(after, ".")
		n, bad := strconv.ParseInt(position, 10, 64)
		if q.After.Time, err = strconv.ParseInt(at, 10, 64); err != nil || bad != nil {
			return q, badRequest("%q is not a place in the trail.", after)
		}
		q.After.Position = audit.Position(n)
	}
	return q, nil
}

func auditSheet(v *visit, _ *tried) (*sheet, error) {
	q, err := v.auditQuery()
	if err != nil {
		return nil, err
	}
	found, err := v.console.Service.AuditRecords(v.Context(), q)
	if err != nil {
		return nil, err
	}
	found, after := cut(found, func(l audit.Link) string {
		return strconv.FormatInt(l.Time, 10) + "." + strconv.FormatInt(int64(l.Position), 10)
	})
	t := &table{Caption: "Records, the newest first", Head: []string{"When", "What", "By", "About", "Came of it", "Record"}, Empty: "There are no such records."}
	for _, l := range found {
		t.Rows = append(t.Rows, auditRow(l))
	}
	return &sheet{
		Title: "Audit trail", Lead: "Who did what, and what became of it: calls, changes of state, and what operators did.",
		Before: []section{v.search(auditPath, textField("account", "Account", ""), textField("resource", "Resource", "An identifier or ARN."), textField("operation", "Operation or event", ""),
			textField("since", "Since", "UTC").as("datetime-local"), textField("until", "Until", "UTC").as("datetime-local"))},
		Live: []section{{ID: "list", Table: v.paged(t, after)}},
		Sections: []section{{ID: "verify-trail", Title: "Verify", Note: "Reads the whole trail and checks its chain of hashes and the sealed checkpoints.",
			Forms: []form{v.form(nil, form{ID: "verify", Action: auditPath + "/verify", Submit: "Verify the trail", Quiet: true, Fields: []field{
				textField("checkpoint", "Checkpoint that must be there", "NUMBER:DIGEST, as a log or a colleague has kept it; empty: none in particular."),
			}})}}},
	}, nil
}

func auditRow(l audit.Link) []cell {
	s, err := audit.Summarize(l.Body)
	if err != nil {
		return []cell{plain(when(time.UnixMicro(l.Time))), plain("a record that cannot be read"), {Note: l.Account}, {}, stated("bad"), {Text: l.Position.String(), Href: recordPath(l.Position), Code: true}}
	}
	came := cell{Text: s.ErrorMessage, Note: s.ErrorCode}
	if s.Type != audit.APICall {
		came = stated(s.Details.To)
		came.Note = s.Details.Reason
	}
	about := cell{}
	if ids := strings.Fields(l.Resources); len(ids) > 0 {
		about = resourceCell(ids[0]) // the others stand in the record
	}
	return []cell{
		plain(when(time.UnixMicro(l.Time))), plain(s.Name), {Text: recordedBy(s), Note: l.Account}, about, came,
		{Text: l.Position.String(), Href: recordPath(l.Position), Code: true},
	}
}

// verifyAudit goes on to the page that verifies: it changes nothing, and asks for a button only as it takes a while.
func verifyAudit(v *visit) (answer, error) {
	text := strings.TrimSpace(v.PostFormValue("checkpoint"))
	if _, err := expectedCheckpoint(text); err != nil {
		return nil, err
	}
	return redirect(pathWith(auditPath+"/verified", "checkpoint", text)), nil
}

// expectedCheckpoint reads what the trail must have; none of an empty text.
func expectedCheckpoint(text string) ([]audit.Mark, error) {
	if text == "" {
		return nil, nil
	}
	m, err := audit.ParseMark(text)
	if err != nil {
		return nil, badRequest("%q is not a checkpoint: NUMBER:DIGEST, of 64 hexadecimal digits.", text)
	}
	return []audit.Mark{m}, nil
}

func verifiedSheet(v *visit) (*sheet, error) {
	control := http.NewResponseController(v.w)
	_ = control.SetWriteDeadline(time.Now().Add(10 * time.Minute)) // a long trail takes longer than other pages; where it cannot be set, it is short
	expected, err := expectedCheckpoint(v.asked("checkpoint"))
	if err != nil {
		return nil, err
	}
	r, err := v.console.Service.VerifyAudit(v.Context(), expected...)
	if err != nil {
		return nil, err
	}
	sealed := "none yet"
	if r.Checkpoint > 0 {
		sealed = number(&r.Checkpoint)
	}
	p := &sheet{
		Title: "The audit trail is whole", Crumbs: []link{{Text: "Audit trail", Href: auditPath}},
		Sections: []section{{ID: "facts", Facts: []fact{
			knownText("Records", number(&r.Records)), knownText("Chains", number(&r.Chains)), knownText("Newest sealed checkpoint", sealed),
			knownText("Its digest", r.Digest),
		}}},
	}
	if len(r.Findings) > 0 {
		p.Title = "The audit trail is damaged"
		t := &table{Caption: "What is wrong", Head: []string{"Record", "Problem"}}
		for _, f := range r.Findings {
			at := cell{}
			if f.Position != 0 {
				at = coded(f.Position.String())
			}
			t.Rows = append(t.Rows, []cell{at, plain(f.Problem)})
		}
		p.Sections = append(p.Sections, section{ID: "findings", Table: t})
	}
	return p, nil
}

package console

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"onramp/internal/audit"
)

// recordPath is the page of a record of the trail.
func recordPath(p audit.Position) string { return auditPath + "/records/" + p.String() }

// recordSheet is one record: who did what to what, where it stands in its chain, and its JSON as it is kept, in which secrets
// are masked.
func recordSheet(v *visit, _ *tried) (*sheet, error) {
	chain, err := strconv.Atoi(v.PathValue("chain"))
	number, bad := strconv.ParseInt(v.PathValue("number"), 10, 64)
	if err != nil || bad != nil {
		return nil, notFound("%q is not a place in the trail.", v.PathValue("chain")+"/"+v.PathValue("number"))
	}
	l, err := v.console.Service.AuditRecord(v.Context(), chain, number)
	if err != nil {
		return nil, err
	}
	p := &sheet{Title: l.Name, Crumbs: []link{{Text: "Audit trail", Href: auditPath}}}
	facts := []fact{
		knownText("When", when(time.UnixMicro(l.Time))), known("Record", coded(l.Position.String())),
		known("Hash", coded(l.Hash)), known("Hash of the record before", coded(l.Previous)),
	}
	if s, err := audit.Summarize(l.Body); err == nil {
		facts = append(knownFacts(
			knownText("By", recordedBy(s)), known("Account", recordedAccount(l.Account)), knownText("Refused", s.ErrorMessage), knownText("Error", s.ErrorCode),
			known("State", stateOf(s)), knownText("Why", s.Details.Reason),
		), facts...)
	}
	about := &table{Caption: "What it is found by", Head: []string{"Resource", "Records"}, Empty: "Nothing."}
	for _, id := range strings.Fields(l.Resources) {
		about.Rows = append(about.Rows, []cell{resourceCell(id), {Text: "Its records", Href: pathWith(auditPath, "resource", id), More: "of " + id}})
	}
	p.Sections = []section{
		{ID: "facts", Facts: facts}, {ID: "resources", Title: "About", Table: about},
		{ID: "json", Title: "As it is recorded", Code: &code{Label: "The record's JSON", Text: indented(l.Body)}},
	}
	return p, nil
}

func stateOf(s audit.Summary) cell {
	if s.Details.To == "" {
		return cell{}
	}
	c := stated(s.Details.To)
	c.Note = "from " + s.Details.From
	return c
}

// recordedAccount is whose trail a record is in, if anybody's.
func recordedAccount(id string) cell {
	if id == "" {
		return cell{}
	}
	return accountCell(id)
}

// recordedBy is who did it, by the end of their name: the account stands beside it.
func recordedBy(s audit.Summary) string {
	if s.Type != audit.APICall {
		return "the service"
	}
	if by := s.Identity.ARN[strings.LastIndexByte(s.Identity.ARN, ':')+1:]; by != "" {
		return by
	}
	return strings.TrimSpace(s.Identity.Type + " " + s.Identity.UserName)
}

// indented is JSON on several lines, and what is none as it is.
func indented(body string) string {
	var b bytes.Buffer
	if json.Indent(&b, []byte(body), "", "  ") != nil {
		return body
	}
	return b.String()
}

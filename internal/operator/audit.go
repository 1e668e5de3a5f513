package operator

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"onramp/internal/audit"
	"onramp/internal/controlplane"
)

func (a *api) auditRoutes() []route {
	return []route{
		{
			pattern: "GET /v1/audit", summary: "List audit records, the oldest first.", out: AuditPage{},
			query: listParameters(append(choose(
				"account", "Of this account.", "resource", "About this identifier or ARN.", "operation", "Of this operation.",
				"since", "Not before this time (RFC 3339), or this long ago.", "until", "Before this time, or this long ago.",
			), parameter{name: "newest", about: "The newest first.", kind: false})...),
			handle: a.listAudit,
		},
		{
			pattern: "GET /v1/audit/verify", summary: "Verify the whole audit trail.", out: AuditReport{}, handle: a.verifyAudit,
			query: choose("checkpoint", "A checkpoint that the trail must have, as NUMBER:DIGEST; may be given several times."),
		},
	}
}

// AuditPage is a page of the audit trail. A record is a CloudTrail record with one more member, onramp: where it stands in
// its chain.
type AuditPage struct {
	Records []json.RawMessage `json:"records"`
	After   string            `json:"after,omitempty"` // where the next page begins
}

// AuditReport is what verifying the trail has shown.
type AuditReport struct {
	Records    int            `json:"records"`
	Chains     int            `json:"chains"`
	Checkpoint int64          `json:"checkpoint"` // number of the newest; 0: none was sealed yet
	Digest     string         `json:"digest,omitempty"`
	Findings   []AuditFinding `json:"findings"`
}

// AuditFinding is something wrong with the trail.
type AuditFinding struct {
	Record  string `json:"record,omitempty"` // CHAIN/SEQUENCE; empty: it is about none
	Problem string `json:"problem"`
}

// listAudit answers records by ?account=, ?resource= (an identifier or ARN), ?operation=, ?since= and ?until= (times, or how
// long ago), the oldest first or with ?newest=true the newest.
func (a *api) listAudit(ctx context.Context, r *http.Request) (any, error) {
	var q controlplane.AuditQuery
	var since, until, after, newest string
	l, err := readListQuery(r.URL.Query(), "audit records", false, map[string]*string{
		"account": &q.Account, "resource": &q.Resource, "operation": &q.Name, "since": &since, "until": &until, "after": &after, "newest": &newest,
	})
	if err != nil {
		return nil, err
	}
	if q.Since, err = a.moment("since", since); err != nil {
		return nil, err
	}
	if q.Until, err = a.moment("until", until); err != nil {
		return nil, err
	}
	if newest != "" {
		if q.Newest, err = strconv.ParseBool(newest); err != nil {
			return nil, noValue("newest", newest)
		}
	}
	if q.After, err = auditCursor(after); err != nil {
		return nil, err
	}
	q.Limit = l.ask()
	found, err := a.Service.AuditRecords(ctx, q)
	if err != nil {
		return nil, err
	}
	lines, more := cut(l, found, func(l audit.Link) string { return l.Line() }, func(l audit.Link) string {
		return strconv.FormatInt(l.Time, 10) + "." + strconv.FormatInt(int64(l.Position), 10)
	})
	// Written by hand: an encoder would spell the records anew, and their hashes are those of what they are.
	content := `{"records":[` + strings.Join(lines, ",") + "]"
	if more != "" {
		content += `,"after":"` + more + `"`
	}
	return body{"application/json", []byte(content + "}\n")}, nil
}

// moment reads a time (RFC 3339), or how long ago.
func (a *api) moment(key, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at, nil
	}
	if at, err := time.Parse(time.DateOnly, text); err == nil {
		return at, nil
	}
	ago, err := ParseDuration(text)
	if err != nil {
		return time.Time{}, noValue(key, text)
	}
	return a.Service.Now().Add(-ago), nil
}

func auditCursor(text string) (c controlplane.AuditCursor, err error) {
	if text == "" {
		return c, nil
	}
	at, position, _ := strings.Cut(text, ".")
	number, err := strconv.ParseInt(position, 10, 64)
	if err == nil {
		c.Time, err = strconv.ParseInt(at, 10, 64)
	}
	if err != nil {
		return c, noValue("after", text)
	}
	c.Position = audit.Position(number)
	return c, nil
}

// verifyAudit reads the whole trail.
func (a *api) verifyAudit(ctx context.Context, r *http.Request) (any, error) {
	var expected []audit.Mark
	for _, text := range r.URL.Query()["checkpoint"] {
		m, err := audit.ParseMark(text)
		if err != nil {
			return nil, noValue("checkpoint", text)
		}
		expected = append(expected, m)
	}
	found, err := a.Service.VerifyAudit(ctx, expected...)
	if err != nil {
		return nil, err
	}
	report := AuditReport{Records: found.Records, Chains: found.Chains, Checkpoint: found.Checkpoint, Digest: found.Digest, Findings: []AuditFinding{}}
	for _, f := range found.Findings {
		shown := AuditFinding{Problem: f.Problem}
		if f.Position != 0 {
			shown.Record = f.Position.String()
		}
		report.Findings = append(report.Findings, shown)
	}
	return report, nil
}

// Audit answers a page of the audit trail.
func (c *Client) Audit(ctx context.Context, query url.Values) (AuditPage, error) {
	return ask[AuditPage](ctx, c, "GET", "/v1/audit", query, nil)
}

// VerifyAudit has the server verify its audit trail, which must have these checkpoints, NUMBER:DIGEST.
func (c *Client) VerifyAudit(ctx context.Context, checkpoints ...string) (AuditReport, error) {
	return ask[AuditReport](ctx, c, "GET", "/v1/audit/verify", url.Values{"checkpoint": checkpoints}, nil)
}

package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"onramp/internal/audit"
	"onramp/internal/operator"
)

func newAudit() *cobra.Command {
	cmd := parent("audit", "The audit trail", `The audit trail: a record of each call of the API (of reads with serve --audit all), of each
change of state and of what the operator changes, in the shape of AWS CloudTrail, with
secrets masked. Each record carries the hash of the one before it, so that one that is missing
or was changed shows.

  onramp audit list --resource dxcon-ffabc123 --since 3d
  onramp audit export > trail.jsonl
  onramp audit verify`)
	cmd.AddCommand(newAuditList(), newAuditExport(), newAuditVerify())
	return cmd
}

// auditChoices are the flags that records are chosen by.
type auditChoices struct{ account, resource, operation, since, until string }

func (f *auditChoices) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.account, "account", "", "whose trail: an account")
	flags.StringVar(&f.resource, "resource", "", "what it is about: an identifier or ARN")
	flags.StringVar(&f.operation, "operation", "", "what was asked, such as CreateConnection, or has changed, such as ConnectionStateChange")
	flags.StringVar(&f.since, "since", "", "from a time on (2026-03-02T09:00:00Z or 2026-03-02), or from so long ago (90m, 24h, 3d)")
	flags.StringVar(&f.until, "until", "", "before a time, or so long ago")
}

func (f *auditChoices) query() url.Values {
	query := url.Values{}
	for name, value := range map[string]string{
		"account": f.account, "resource": f.resource, "operation": f.operation, "since": f.since, "until": f.until,
	} {
		if value != "" {
			query.Set(name, value)
		}
	}
	return query
}

// everyRecord hands on records in the order of their time, at most so many; 0: all.
func everyRecord(ctx context.Context, c *operator.Client, query url.Values, most int, use func(json.RawMessage) error) error {
	for n := 0; ; {
		page := 1000
		if most > 0 {
			page = min(page, most-n)
		}
		query.Set("limit", fmt.Sprint(page))
		found, err := c.Audit(ctx, query)
		if err != nil {
			return err
		}
		for _, r := range found.Records {
			if err := use(r); err != nil {
				return err
			}
		}
		if n += len(found.Records); found.After == "" || n == most {
			return nil
		}
		query.Set("after", found.After)
	}
}

func newAuditList() *cobra.Command {
	var choices auditChoices
	var most int
	return verb("list", "List records of the audit trail", "List records of the audit trail, the newest first. --output json shows all of each record.", arguments(),
		func(cmd *cobra.Command) {
			choices.add(cmd)
			cmd.Flags().IntVar(&most, "most", 100, "how many; 0: all")
		},
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, _ []string) error {
			if most < 0 {
				return usagef("--most %d is not a number of records", most)
			}
			query := choices.query()
			query.Set("newest", "true")
			found := []json.RawMessage{}
			var rows [][]any
			err := everyRecord(ctx, c, query, most, func(r json.RawMessage) error {
				row, err := auditRow(string(r))
				found, rows = append(found, r), append(rows, row)
				return err
			})
			if err != nil {
				return err
			}
			return p.table(found, []any{"TIME", "RECORD", "ACCOUNT", "WHAT", "RESOURCES", "BY", "RESULT"}, rows)
		})
}

func auditRow(line string) ([]any, error) {
	l, err := audit.ParseLine(line)
	if err != nil {
		return nil, err
	}
	s, err := audit.Summarize(l.Body)
	if err != nil {
		return nil, err
	}
	by, result := s.Identity.ARN, s.ErrorCode
	if by == "" {
		by = strings.TrimSpace(s.Identity.Type + " " + s.Identity.UserName)
	}
	if s.Type == audit.ServiceEvent && s.Details.From != s.Details.To {
		result = s.Details.From + " -> " + s.Details.To
	}
	if s.Details.Reason != "" {
		result += " (" + s.Details.Reason + ")"
	}
	return []any{show(s.Time), l.Position, l.Account, l.Name, l.Resources, by, result}, nil
}

func newAuditExport() *cobra.Command {
	var choices auditChoices
	return verb("export", "Print the audit trail as JSON lines", `Print records of the audit trail, the oldest first, one line of JSON each: a CloudTrail
record with one more member, onramp, that says where it stands in its chain. An export of
everything can be verified by itself: onramp audit verify --file.`, arguments(), choices.add,
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, _ []string) error {
			out := bufio.NewWriter(p.out)
			err := everyRecord(ctx, c, choices.query(), 0, func(r json.RawMessage) error {
				_, err := out.Write(append(r, '\n'))
				return err
			})
			if err != nil {
				return err
			}
			return out.Flush()
		})
}

func newAuditVerify() *cobra.Command {
	var file string
	var checkpoints []string
	return verb("verify", "Verify the audit trail", `Verify the audit trail: that no record is missing, was changed or stands elsewhere than it
was put, and that the seals over it fit. What is wrong is named, and the exit code is 1.

The end of the trail can be cut off together with the checkpoints over it. That shows by the
newest checkpoint that the server keeps in its data folder, and by those that you kept, from
its log or an earlier verification: --checkpoint NUMBER:DIGEST must be in the trail.

--file verifies an export of everything instead; what that shows is that its records
follow one another, not that they are all there are.`, arguments(),
		func(cmd *cobra.Command) {
			cmd.Flags().StringVar(&file, "file", "", "an export, instead of the trail")
			cmd.Flags().StringArrayVar(&checkpoints, "checkpoint", nil, "a checkpoint that the trail must have, NUMBER:DIGEST; may be repeated")
		},
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, _ []string) error {
			var report operator.AuditReport
			var err error
			for _, text := range checkpoints {
				if _, err := audit.ParseMark(text); err != nil {
					return usagef("--checkpoint %q is not NUMBER:DIGEST, the number of a checkpoint and its digest of 64 hexadecimal digits", text)
				}
			}
			switch {
			case file == "":
				report, err = c.VerifyAudit(ctx, checkpoints...)
			case len(checkpoints) > 0:
				return usagef("--file and --checkpoint do not go together: an export holds no checkpoints")
			default:
				report, err = verifyExport(file)
			}
			if err != nil {
				return err
			}
			return printReport(p, report, file == "")
		})
}

// printReport prints what was found; whole says that it was the trail, and not an export.
func printReport(p printer, report operator.AuditReport, whole bool) error {
	if p.data() {
		if err := p.value(report); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(p.out, "%d records in %d chains", report.Records, report.Chains)
		switch {
		case whole && report.Checkpoint == 0:
			fmt.Fprint(p.out, "; no checkpoint yet")
		case whole:
			fmt.Fprintf(p.out, "; newest checkpoint: %d:%s", report.Checkpoint, report.Digest)
		}
		fmt.Fprintln(p.out)
		for _, f := range report.Findings {
			if f.Record != "" {
				fmt.Fprintf(p.out, "record %s: ", f.Record)
			}
			fmt.Fprintln(p.out, f.Problem)
		}
	}
	if n := len(report.Findings); n > 0 {
		return fmt.Errorf("the audit trail is damaged: %d findings", n)
	}
	return nil
}

// verifyExport checks that the records of each chain in a file follow one another.
func verifyExport(path string) (report operator.AuditReport, err error) {
	file, err := os.Open(path)
	if err != nil {
		return report, err
	}
	defer file.Close()
	v := audit.Export{}
	for in := bufio.NewReader(file); ; {
		line, err := in.ReadString('\n')
		if err == io.EOF && line == "" {
			break
		}
		if err != nil && err != io.EOF {
			return report, err
		}
		if err := v.Take(line); err != nil {
			return report, fmt.Errorf("%s: line %d: %w", path, report.Records+1, err)
		}
		report.Records++
	}
	if report.Records == 0 {
		return report, fmt.Errorf("%s is empty: there is nothing to verify", path)
	}
	report.Findings = []operator.AuditFinding{}
	for _, f := range v.End() {
		report.Findings = append(report.Findings, operator.AuditFinding{Record: f.Position.String(), Problem: f.Problem})
	}
	report.Chains = v.Chains()
	return report, nil
}

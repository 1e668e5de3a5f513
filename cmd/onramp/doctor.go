package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"onramp/internal/directconnect"
	"onramp/internal/operator"
)

func newDoctor() *cobra.Command {
	return verb("doctor ID", "Why is it down", `Tell why a connection, LAG, virtual interface or Direct Connect gateway works or does not: its
router is looked at, and everything that it rests on is checked from the bottom up. Of the
first that is bad it says what it means, what to do, and which runbook tells more.

The exit code is 0 if all is well, and 1 if something is bad.`,
		arguments("ID"), nil,
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, args []string) error {
			d, err := c.Diagnose(ctx, args[0])
			if err != nil {
				return err
			}
			if err := printDiagnosis(p, d); err != nil || d.Well {
				return err
			}
			return fmt.Errorf("%s is not well: %s", d.ID, d.Cause.Reason)
		})
}

func printDiagnosis(p printer, d directconnect.Diagnosis) error {
	if p.data() {
		return p.value(d)
	}
	rows := [][]any{}
	for _, c := range d.Checks {
		rows = append(rows, []any{c.Outcome, c.On, c.Name, c.Seen, since(c.At)})
	}
	if err := p.table(nil, []any{"FOUND", "ON", "CHECK", "SEEN", "AT"}, rows); err != nil || d.Well {
		return err
	}
	fmt.Fprintln(p.out)
	return p.fields(nil, "Reason", string(d.Cause.Reason), "On", d.Cause.On, "Means", d.Cause.Means, "Do", d.Cause.Do, "Runbook", d.Cause.Runbook)
}

func since(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02 15:04")
}

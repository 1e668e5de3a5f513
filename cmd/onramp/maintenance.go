package main

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"onramp/internal/directconnect"
	"onramp/internal/operator"
)

func newMaintenance() *cobra.Command {
	cmd := parent("maintenance", "Planned work, and whom it hits", `Work that is planned on locations, routers, ports or connections: whom it hits, whether it
takes down all of what stands in for each other, and the notices that customers get.`)
	cmd.AddCommand(newMaintenancePlan(), newMaintenanceChange(), newMaintenanceList(), newMaintenanceShow(), newMaintenanceStart())
	for _, m := range []struct{ name, short, long string }{
		{"end", "Complete work", "Complete work that is in progress. BGP sessions that it has shut come back."},
		{"cancel", "Give up work that has not begun", "Give up work that has not begun. The notice of it is a cancellation from then on."},
	} {
		cmd.AddCommand(newMaintenanceMove(m.name, m.short, m.long))
	}
	cmd.AddCommand(newMaintenanceICS(), newMaintenanceFeed())
	return cmd
}

// workFlags are what of work is planned or changed.
type workFlags struct {
	locations, routers, ports, connections []string
	from, to, impact, reason, force        string
	drain                                  bool
}

func (f *workFlags) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringSliceVar(&f.locations, "location", nil, "work on this location, by its code")
	flags.StringSliceVar(&f.routers, "router", nil, "work on this router")
	flags.StringSliceVar(&f.ports, "port", nil, "work on this port, named ROUTER/PORT")
	flags.StringSliceVar(&f.connections, "connection", nil, "work on this connection")
	flags.StringVar(&f.from, "from", "", "when it begins: 2026-03-05T22:00Z, or \"2026-03-05 22:00\" in UTC")
	flags.StringVar(&f.to, "to", "", "when it ends")
	flags.StringVar(&f.impact, "impact", "outage", "what it does to what it hits: no-impact, reduced-redundancy, degraded or outage")
	flags.StringVar(&f.reason, "reason", "", "what is done, for customers to read")
	flags.StringVar(&f.force, "force", "", "why it must be, although it takes all of a redundant pair down")
	flags.BoolVar(&f.drain, "drain", false, "shut the BGP sessions over what goes down while it is in progress")
}

// change is what the flags that were given ask for.
func (f *workFlags) change(cmd *cobra.Command) (in operator.MaintenanceChange, err error) {
	for _, named := range []struct {
		kind  directconnect.WorkKind
		names []string
	}{
		{directconnect.WorkOnLocation, f.locations}, {directconnect.WorkOnRouter, f.routers}, {directconnect.WorkOnPort, f.ports},
		{directconnect.WorkOnConnection, f.connections},
	} {
		for _, name := range named.names {
			in.Targets = append(in.Targets, directconnect.WorkTarget{Kind: named.kind, Name: name})
		}
	}
	given := cmd.Flags().Changed
	if given("impact") {
		in.Impact = &f.impact
	}
	if given("reason") {
		in.Reason = &f.reason
	}
	if given("force") {
		in.Force = &f.force
	}
	if given("drain") {
		in.Drain = &f.drain
	}
	if given("from") {
		if in.From, err = parseTime("--from", f.from); err != nil {
			return in, err
		}
	}
	if given("to") {
		in.To, err = parseTime("--to", f.to)
	}
	return in, err
}

// timeLayouts are how a time may be written; without a zone it is UTC.
var timeLayouts = []string{time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02 15:04", "2006-01-02T15:04", "2006-01-02"}

func parseTime(flag, text string) (*time.Time, error) {
	for _, layout := range timeLayouts {
		if at, err := time.Parse(layout, text); err == nil {
			at = at.UTC()
			return &at, nil
		}
	}
	return nil, usagef("%s %q is not a time such as 2026-03-05T22:00Z", flag, text)
}

func newMaintenancePlan() *cobra.Command {
	var f workFlags
	var dry bool
	return verb("plan", "Plan work", `Plan work on locations, routers, ports or connections:

  onramp maintenance plan --router EqDC2-2r4nx1ka30uo --from 2026-03-05T22:00Z --to 2026-03-06T02:00Z \
    --reason "new line card"

It is refused if it takes down all connections of a resiliency group, too many members of a
LAG, or all interfaces to a gateway, by itself or with other work at the same time. --force
says why it must be nevertheless. --dry-run only tells what it would hit.`,
		arguments(),
		func(cmd *cobra.Command) {
			f.add(cmd)
			cmd.Flags().BoolVar(&dry, "dry-run", false, "only tell what it would hit")
		},
		func(ctx context.Context, c *operator.Client, p printer, cmd *cobra.Command, _ []string) error {
			in, err := f.change(cmd)
			if err != nil {
				return err
			}
			planned, err := c.PlanMaintenance(ctx, in, dry)
			if err != nil {
				return err
			}
			return printMaintenance(p, planned)
		})
}

func newMaintenanceChange() *cobra.Command {
	var f workFlags
	return verb("change ID", "Change planned work", `Change planned work: other times, another impact, another reason. What is not named stays.
Customers are told: the notice has a higher sequence number. Of work that is in progress only
the end, the impact and the reason can be changed.`,
		arguments("ID"), f.add,
		func(ctx context.Context, c *operator.Client, p printer, cmd *cobra.Command, args []string) error {
			in, err := f.change(cmd)
			if err != nil {
				return err
			}
			changed, err := c.ChangeMaintenance(ctx, args[0], in)
			if err != nil {
				return err
			}
			return printMaintenance(p, changed)
		})
}

func newMaintenanceList() *cobra.Command {
	return newList("List planned work", "List planned work that is still to come or in progress, by when it begins.",
		map[string]string{
			"account": "that hits something of this account", "resource": "that hits this connection, LAG, interface, router, port or location",
			"status": "planned, in-progress, completed or cancelled",
		},
		func(ctx context.Context, c *operator.Client, query url.Values) ([]operator.Maintenance, string, error) {
			page, err := c.Maintenances(ctx, query)
			return page.Maintenances, page.After, err
		}, printMaintenances)
}

func printMaintenances(p printer, found []operator.Maintenance) error {
	var rows [][]any
	for _, m := range found {
		rows = append(rows, []any{m.ID, m.Status, show(m.From), show(m.To), m.Impact, strings.Join(targetNames(m), " "), m.Reason})
	}
	return p.table(found, []any{"ID", "STATUS", "FROM", "TO", "IMPACT", "ON", "REASON"}, rows)
}

func targetNames(m operator.Maintenance) []string {
	var names []string
	for _, t := range m.Targets {
		names = append(names, t.Name)
	}
	return names
}

func newMaintenanceShow() *cobra.Command {
	return verb("show ID", "Show planned work and what it hits", "", arguments("ID"), nil,
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, args []string) error {
			found, err := c.Maintenance(ctx, args[0])
			if err != nil {
				return err
			}
			return printMaintenance(p, found)
		})
}

func newMaintenanceStart() *cobra.Command {
	var force string
	return verb("start ID", "Begin work", `Begin work. What is up now decides whether it takes down all of what stands in for each
other: what was planned with something to fall back on is refused while that is down. --force
says why it must be nevertheless.`,
		arguments("ID"),
		func(cmd *cobra.Command) {
			cmd.Flags().StringVar(&force, "force", "", "why it must be, although it takes all of a redundant pair down")
		},
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, args []string) error {
			moved, err := c.MoveMaintenance(ctx, args[0], "start", force)
			if err != nil {
				return err
			}
			return printMaintenances(p, []operator.Maintenance{moved})
		})
}

func newMaintenanceMove(name, short, long string) *cobra.Command {
	return verb(name+" ID", short, long, arguments("ID"), nil,
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, args []string) error {
			moved, err := c.MoveMaintenance(ctx, args[0], name, "")
			if err != nil {
				return err
			}
			return printMaintenances(p, []operator.Maintenance{moved})
		})
}

func newMaintenanceICS() *cobra.Command {
	var account string
	return verb("ics [ID]", "Print the notice as a calendar", `Print the notice of planned work as iCalendar, in the form of the network operators'
Maintenance Notification standard: one event for each account that it hits, or that of one
account. Without an ID, all planned work that hits --account:

  onramp maintenance ics mnt-ffabc123 > notice.ics
  onramp maintenance ics --account 123456789012 > calendar.ics`,
		func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 && account != "" {
				return nil
			}
			return arguments("ID")(cmd, args)
		},
		func(cmd *cobra.Command) {
			cmd.Flags().StringVar(&account, "account", "", "only what this account is told")
		},
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, args []string) error {
			var text []byte
			var err error
			if len(args) == 0 {
				text, err = c.MaintenanceCalendar(ctx, account)
			} else {
				text, err = c.MaintenanceNotice(ctx, args[0], account)
			}
			if err == nil {
				_, err = p.out.Write(text)
			}
			return err
		})
}

func printMaintenance(p printer, m operator.Maintenance) error {
	var on []string
	for _, t := range m.Targets {
		on = append(on, t.String())
	}
	if err := p.fields(m,
		"ID", m.ID, "Status", m.Status, "From", m.From, "To", m.To, "On", strings.Join(on, ", "), "Impact", m.Impact, "Reason", m.Reason,
		"Sessions shut", m.Drain, "Planned", m.Planned, "Changed", m.Changed, "Begun", m.Begun, "Ended", m.Ended, "Notice", m.Sequence,
		"Forced", m.Forced); err != nil || p.data() {
		return err
	}
	hits, conflicts := [][]any{}, [][]any{}
	for _, h := range m.Hits {
		account := h.Account
		if account == "" {
			account = "-"
		}
		hits = append(hits, []any{account, h.Kind, h.ID, h.Impact})
	}
	for _, c := range m.Conflicts {
		with := "itself alone"
		if len(c.With) > 0 {
			with = strings.Join(c.With, " ")
		}
		conflicts = append(conflicts, []any{fmt.Sprint(c.Kind, " ", c.ID), strings.Join(c.Accounts, " "), strings.Join(c.Lost, " "), with})
	}
	if err := p.section([]any{"ACCOUNT", "KIND", "HIT", "IMPACT"}, hits); err != nil {
		return err
	}
	return p.section([]any{"LOSES ALL", "ACCOUNT", "OF", "BY WORK"}, conflicts)
}

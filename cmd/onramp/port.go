package main

import (
	"context"
	"net/url"
	"time"

	"github.com/spf13/cobra"

	"onramp/internal/operator"
)

func newPort() *cobra.Command {
	cmd := parent("port", "Ports of routers, and who holds them", `Ports of routers, by router and name, such as EqDC2-0a1b2c3d4e5f/xe-0/0/7: who holds them,
which are blocked, and what has happened to them.`)
	cmd.AddCommand(newPortList(), newPortShow(), newPortBlock(), newPortUnblock(), newPortHistory())
	return cmd
}

func newPortList() *cobra.Command {
	var free, held, blocked bool
	choices := map[string]string{
		"location": "at this location", "router": "on this router", "connection": "held by this connection", "bandwidth": "of this bandwidth, such as 10Gbps",
	}
	cmd := newQueue("List ports", "List ports by router and name.", choices,
		func(ctx context.Context, c *operator.Client, query url.Values) ([]operator.Port, string, error) {
			for name, is := range map[string]bool{"free": free, "held": held, "blocked": blocked} {
				if is {
					query.Set(name, "true")
				}
			}
			page, err := c.Ports(ctx, query)
			return page.Ports, page.After, err
		}, printPorts)
	cmd.Flags().BoolVar(&free, "free", false, "only those that an order can have")
	cmd.Flags().BoolVar(&held, "held", false, "only those that a connection holds")
	cmd.Flags().BoolVar(&blocked, "blocked", false, "only those that are blocked")
	return cmd
}

func printPorts(p printer, found []operator.Port) error {
	var rows [][]any
	for _, o := range found {
		blocked := ""
		if o.Blocked != nil {
			if blocked = o.Blocked.Reason; blocked == "" {
				blocked = "yes"
			}
		}
		macsec := ""
		if o.MACsec {
			macsec = "yes"
		}
		rows = append(rows, []any{o.ID, o.Location, o.Bandwidth, macsec, o.Connection, o.Panel.Rack, o.Panel.Panel, o.Panel.Port, blocked})
	}
	return p.table(found, []any{"PORT", "LOCATION", "BANDWIDTH", "MACSEC", "HELD BY", "RACK", "PANEL", "PANEL PORT", "BLOCKED"}, rows)
}

func newPortShow() *cobra.Command {
	return verb("show PORT", "Show a port, who holds it, its light and counters", `Show a port and who holds it. If somebody does, light, errors and traffic are read at the router, now;
if it does not answer within some seconds that is said.`, arguments("PORT"), nil,
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, args []string) error {
			found, err := c.ReadPort(ctx, args[0])
			if err != nil {
				return err
			}
			panel := found.Panel
			pairs := []any{
				"Port", found.ID, "Router", found.Router, "Location", found.Location, "Bandwidth", found.Bandwidth, "MACsec", found.MACsec, "Optic", found.Optic,
				"Building", panel.Building, "Room", panel.Room, "Cage", panel.Cage, "Rack", panel.Rack, "Panel", panel.Panel, "Panel port", panel.Port,
				"Strands", panel.Strands, "Connector", panel.Connector,
			}
			if b := found.Blocked; b != nil {
				pairs = append(pairs, "Blocked since", b.Since, "Reason", b.Reason)
			}
			if c := found.Holder; c != nil {
				pairs = append(pairs, "Held by", c.ID, "Name", c.Name, "Account", c.Account, "State", c.State, "LAG", c.LagID)
			}
			return p.fields(found, append(pairs, portReading(found.Reading)...)...)
		})
}

func newPortBlock() *cobra.Command {
	var reason string
	return verb("block PORT", "Keep new orders from a port", "Keep new orders from a port, such as one with a broken optic. Who holds it keeps it.", arguments("PORT"),
		func(cmd *cobra.Command) { cmd.Flags().StringVar(&reason, "reason", "", "why") },
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, args []string) error {
			blocked, err := c.BlockPort(ctx, args[0], reason)
			if err != nil {
				return err
			}
			return printPorts(p, []operator.Port{blocked})
		})
}

func newPortUnblock() *cobra.Command {
	return verb("unblock PORT", "Let orders have a port again", "", arguments("PORT"), nil,
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, args []string) error {
			unblocked, err := c.UnblockPort(ctx, args[0])
			if err != nil {
				return err
			}
			return printPorts(p, []operator.Port{unblocked})
		})
}

func newPortHistory() *cobra.Command {
	var before string
	return verb("history PORT", "List what has happened to a port", `List what has happened to a port, the newest first: who ordered it and gave it back, cross connects,
files, blocks. It shows the last 1000; --before goes on.`,
		arguments("PORT"),
		func(cmd *cobra.Command) {
			cmd.Flags().StringVar(&before, "before", "", "only what happened before this time, such as 2026-11-23T09:00:00Z")
		},
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, args []string) error {
			var at time.Time
			if before != "" {
				var err error
				if at, err = time.Parse(time.RFC3339Nano, before); err != nil {
					return usagef("--before %q is not a time such as 2026-11-23T09:00:00Z", before)
				}
			}
			events, err := c.PortHistory(ctx, args[0], at)
			if err != nil {
				return err
			}
			var rows [][]any
			for _, e := range events {
				rows = append(rows, []any{show(e.Time), e.Connection, e.Account, eventText(e)})
			}
			return p.table(events, []any{"TIME", "CONNECTION", "ACCOUNT", "WHAT"}, rows)
		})
}

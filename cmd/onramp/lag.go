package main

import (
	"context"
	"fmt"
	"net/url"

	"github.com/spf13/cobra"

	"onramp/internal/operator"
)

func newLAG() *cobra.Command {
	cmd := parent("lag", "Link aggregation groups", `Link aggregation groups (LAGs) of all accounts. The state of a LAG follows from its members:
it is available while as many of them are as its minimum, and one at least.`)
	cmd.AddCommand(newLAGList(), newLAGShow(), newLAGMembers())
	return cmd
}

func newLAGList() *cobra.Command {
	return newList("List LAGs", "List LAGs of all accounts and Regions.",
		map[string]string{
			"account": "of this account", "region": "of this Region", "location": "at this location", "router": "on this router", "state": "in this state",
		},
		func(ctx context.Context, c *operator.Client, query url.Values) ([]operator.LAG, string, error) {
			page, err := c.LAGs(ctx, query)
			return page.LAGs, page.After, err
		},
		func(p printer, found []operator.LAG) error {
			var rows [][]any
			for _, g := range found {
				rows = append(rows, []any{g.ID, g.Account, g.Region, g.Location, g.Bandwidth, linksUp(g), g.MinimumLinks, g.State, g.Name})
			}
			return p.table(found, []any{"ID", "ACCOUNT", "REGION", "LOCATION", "BANDWIDTH", "LINKS UP", "MINIMUM", "STATE", "NAME"}, rows)
		})
}

func linksUp(g operator.LAG) string { return fmt.Sprintf("%d of %d", g.Available, g.Members) }

func newLAGShow() *cobra.Command {
	return verb("show ID", "Show a LAG and its members", "", arguments("ID"), nil,
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, args []string) error {
			g, err := c.LAG(ctx, args[0])
			if err != nil {
				return err
			}
			pairs := []any{
				"ID", g.ID, "Name", g.Name, "Account", g.Account, "Region", g.Region, "Location", g.Location, "Router", g.Router, "Bandwidth", g.Bandwidth,
				"State", g.State, "Links up", linksUp(g), "Minimum links", g.MinimumLinks, "Hosted connections", g.AllowsHosted, "MACsec", g.MACsec,
				"Encryption mode", g.EncryptionMode, "Ordered", g.Created, "Ended", g.Ended,
			}
			for _, m := range g.Connections {
				text := m.State + ", " + m.Port
				if m.Reason != "" {
					text += ": " + m.Reason
				}
				pairs = append(pairs, "Member "+m.ID, text)
			}
			return p.fields(g, pairs...)
		})
}

func newLAGMembers() *cobra.Command {
	return verb("members ID", "List the members of a LAG", "", arguments("ID"), nil,
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, args []string) error {
			g, err := c.LAG(ctx, args[0])
			if err != nil {
				return err
			}
			return printConnections(p, append([]operator.Connection{}, g.Connections...))
		})
}

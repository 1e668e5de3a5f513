package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"onramp/internal/operator"
)

func newLocation() *cobra.Command {
	cmd := parent("location", "Locations of the inventory", `Locations of the inventory, and what can still be ordered there. What is at a location is
changed with onramp inventory.`)
	cmd.AddCommand(newLocationList(), newLocationShow(), newLocationAdd(), newLocationRetire())
	return cmd
}

func newLocationList() *cobra.Command {
	var region string
	return verb("list", "List locations and their free ports", "", arguments(),
		func(cmd *cobra.Command) { cmd.Flags().StringVar(&region, "region", "", "of this Region") },
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, _ []string) error {
			found, err := c.Locations(ctx, region)
			if err != nil {
				return err
			}
			var rows [][]any
			for _, l := range found {
				rows = append(rows, []any{l.Code, l.Region, len(l.Routers), freeText(l.Ports), l.Name})
			}
			return p.table(found, []any{"CODE", "REGION", "ROUTERS", "FREE PORTS", "NAME"}, rows)
		})
}

// freeText counts the ports that can be ordered, of all, by bandwidth.
func freeText(counts []operator.PortCount) string {
	var texts []string
	for _, n := range counts {
		texts = append(texts, fmt.Sprintf("%s: %d of %d", n.Bandwidth, n.Free, n.Ports))
	}
	return strings.Join(texts, ", ")
}

func newLocationShow() *cobra.Command {
	return verb("show CODE", "Show a location", "", arguments("CODE"), nil,
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, args []string) error {
			l, err := c.Location(ctx, args[0])
			if err != nil {
				return err
			}
			pairs := []any{
				"Code", l.Code, "Name", l.Name, "Region", l.Region, "Country", l.Country, "Operator", l.Operator, "Address", strings.Join(l.Address, ", "),
				"Port speeds", strings.Join(l.PortSpeeds, " "), "MACsec speeds", strings.Join(l.MACsecSpeeds, " "),
				"Providers", strings.Join(l.Providers, ", "), "Routers", strings.Join(l.Routers, " "),
			}
			return p.fields(l, append(pairs, portPairs(l.Ports)...)...)
		})
}

// portPairs are lines about the ports of a location or router.
func portPairs(counts []operator.PortCount) (pairs []any) {
	for _, n := range counts {
		text := fmt.Sprintf("%d, free %d, held %d", n.Ports, n.Free, n.Held)
		if n.Blocked > 0 {
			text += fmt.Sprintf(", blocked %d", n.Blocked)
		}
		pairs = append(pairs, "Ports of "+n.Bandwidth, text)
	}
	return pairs
}

func newLocationAdd() *cobra.Command {
	return verb("add FILE", "Add a location to the inventory", `Add a location with its routers and ports to the inventory, and print what that changes. FILE (- is
standard input) is an inventory of the one location, as YAML; onramp inventory apply --help has
an example.`,
		arguments("FILE"), nil,
		func(ctx context.Context, c *operator.Client, p printer, cmd *cobra.Command, args []string) error {
			text, err := readFile(cmd.InOrStdin(), args[0])
			if err != nil {
				return err
			}
			changes, err := c.AddLocation(ctx, text)
			if err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			return printChanges(p, changes)
		})
}

func newLocationRetire() *cobra.Command {
	return verb("retire CODE", "Take a location out of the inventory", `Take a location that nothing uses out of the inventory, with its routers and ports, and print what
that changes. While something uses it nothing is changed, and the error says what.`,
		arguments("CODE"), nil,
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, args []string) error {
			changes, err := c.RetireLocation(ctx, args[0])
			if err != nil {
				return err
			}
			return printChanges(p, changes)
		})
}

func printChanges(p printer, changes operator.InventoryChanges) error {
	if p.data() {
		return p.value(changes)
	}
	_, err := fmt.Fprint(p.out, changes.Diff)
	return err
}

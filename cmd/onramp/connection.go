package main

import (
	"context"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"onramp/internal/directconnect"
	"onramp/internal/operator"
)

func newConnection() *cobra.Command {
	cmd := parent("connection", "Orders, cables and links", `Connections of all accounts, and what happens to them outside the API: orders are
approved or refused, cables are plugged in, cut and restored. With --pace manual
nothing of that happens by itself.`)
	cmd.AddCommand(newConnectionList(), newConnectionShow())
	for _, m := range []struct{ name, short string }{
		{"approve", "Approve an order: its LOA-CFA is issued"},
		{"plug", "Plug the cable in"},
		{"cut", "Cut the (simulated) cable"},
		{"restore", "Restore a cut cable"},
	} {
		cmd.AddCommand(newConnectionMove(m.name, m.short))
	}
	cmd.AddCommand(newConnectionRefuse())
	return cmd
}

func newConnectionList() *cobra.Command {
	return newList("List connections", "List connections, hosted connections and interconnects of all accounts and Regions.",
		map[string]string{
			"account": "of this account", "region": "of this Region", "location": "at this location", "router": "on this router",
			"lag": "in this LAG", "state": "in this state",
		},
		func(ctx context.Context, c *operator.Client, query url.Values) ([]operator.Connection, string, error) {
			page, err := c.Connections(ctx, query)
			return page.Connections, page.After, err
		}, printConnections)
}

func printConnections(p printer, found []operator.Connection) error {
	var rows [][]any
	for _, c := range found {
		rows = append(rows, []any{c.ID, c.Kind, c.Account, c.Region, c.Location, c.Bandwidth, c.State, c.Name})
	}
	return p.table(found, []any{"ID", "KIND", "ACCOUNT", "REGION", "LOCATION", "BANDWIDTH", "STATE", "NAME"}, rows)
}

func newConnectionShow() *cobra.Command {
	return verb("show ID", "Show a connection, its port, light and counters", `Show a connection and its port. If it has one, light, errors and traffic are read at the router, now;
if it does not answer within some seconds that is said.`, arguments("ID"), nil,
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, args []string) error {
			found, err := c.ReadConnection(ctx, args[0])
			if err != nil {
				return err
			}
			return printConnection(p, found)
		})
}

func newConnectionMove(name, short string) *cobra.Command {
	return verb(name+" ID", short, "", arguments("ID"), nil,
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, args []string) error {
			moved, err := c.MoveConnection(ctx, args[0], name, "")
			if err != nil {
				return err
			}
			return printConnections(p, []operator.Connection{moved})
		})
}

func newConnectionRefuse() *cobra.Command {
	var reason string
	return verb("refuse ID", "Refuse an order", "Refuse an order: its customer sees it deleted.", arguments("ID"),
		func(cmd *cobra.Command) {
			cmd.Flags().StringVar(&reason, "reason", "", "why; required, its customer reads it")
		},
		func(ctx context.Context, c *operator.Client, p printer, cmd *cobra.Command, args []string) error {
			if strings.TrimSpace(reason) == "" {
				return usagef("--reason is missing; usage: %s", cmd.UseLine())
			}
			moved, err := c.MoveConnection(ctx, args[0], "refuse", reason)
			if err != nil {
				return err
			}
			return printConnections(p, []operator.Connection{moved})
		})
}

func printConnection(p printer, c operator.Connection) error {
	panel := c.Panel
	if panel == nil {
		panel = &directconnect.Panel{}
	}
	vlan := any("")
	if c.VLAN > 0 {
		vlan = c.VLAN
	}
	pairs := []any{
		"ID", c.ID, "Name", c.Name, "Kind", c.Kind, "Account", c.Account, "Region", c.Region, "Location", c.Location,
		"Bandwidth", c.Bandwidth, "State", c.State, "Since", c.Since, "Reason", c.Reason,
		"LAG", c.LagID, "Parent", c.ParentID, "Partner", c.Partner, "VLAN", vlan, "Provider", c.Provider,
		"Port", c.Port, "Optic", c.Optic, "Building", panel.Building, "Room", panel.Room, "Cage", panel.Cage,
		"Rack", panel.Rack, "Panel", panel.Panel, "Panel port", panel.Port, "Strands", panel.Strands, "Connector", panel.Connector,
		"MACsec", c.MACsec, "Encryption mode", c.EncryptionMode, "Encrypted", c.Encrypted,
		"Ordered", c.Created, "Approved", c.Approved, "LOA-CFA fetched", c.LOARead, "LOA-CFA expires", c.LOAExpires,
		"LOA-CFA code", c.LOACode, "Cross connected", c.CrossConnected, "Cable cut", c.CableCut,
		"Looked at next", c.Due, "Ended", c.Ended,
	}
	return p.fields(c, append(pairs, portReading(c.Reading)...)...)
}

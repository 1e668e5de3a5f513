package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"onramp/internal/operator"
)

func newDirectGateway() *cobra.Command {
	cmd := parent("direct", "Direct Connect gateways of accounts", `Direct Connect gateways, which customers make: what they are associated with, and the virtual
interfaces that are attached to them.`)
	cmd.AddCommand(newDirectGatewayList(), newDirectGatewayShow())
	return cmd
}

func newDirectGatewayList() *cobra.Command {
	return verb("list ACCOUNT", "List the Direct Connect gateways of an account", "", arguments("ACCOUNT"), nil,
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, args []string) error {
			found, err := c.DirectGateways(ctx, args[0])
			if err != nil {
				return err
			}
			var rows [][]any
			for _, g := range found {
				rows = append(rows, []any{g.ID, g.ASN, g.State, show(g.Created), g.Name})
			}
			return p.table(found, []any{"ID", "ASN", "STATE", "CREATED", "NAME"}, rows)
		})
}

func newDirectGatewayShow() *cobra.Command {
	return verb("show ID", "Show a Direct Connect gateway", "", arguments("ID"), nil,
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, args []string) error {
			g, err := c.DirectGateway(ctx, args[0])
			if err != nil {
				return err
			}
			pairs := []any{
				"ID", g.ID, "Name", g.Name, "Account", g.Account, "ASN", g.ASN, "State", g.State, "Error", g.Error, "Created", g.Created, "Ended", g.Ended,
			}
			for _, a := range g.Associations {
				pairs = append(pairs, "Association "+a.Gateway, a.State+", "+a.Region+", allowed: "+strings.Join(a.Allowed, " "))
			}
			for _, v := range g.Interfaces {
				pairs = append(pairs, "Interface "+v.ID, v.State+", on "+v.Connection+" at "+v.Location)
			}
			return p.fields(g, pairs...)
		})
}

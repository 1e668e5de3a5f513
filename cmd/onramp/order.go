package main

import (
	"context"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"onramp/internal/operator"
)

func newOrder() *cobra.Command {
	cmd := parent("order", "What waits for the operator", `Orders of all accounts that wait for the operator: ports to approve or refuse, members of
LAGs among them, and public virtual interfaces whose ASN and prefixes are to be verified.
With --pace manual nobody does that but you; at other paces WAITS UNTIL is when it happens
by itself.`)
	cmd.AddCommand(newOrderList(), newOrderApprove(), newOrderRefuse(), newOrderAssign())
	return cmd
}

func newOrderList() *cobra.Command {
	return newQueue("List what waits for the operator", "List what waits for the operator: ports first, by location, then public virtual interfaces.",
		map[string]string{"account": "of this account", "region": "of this Region", "location": "at this location"},
		func(ctx context.Context, c *operator.Client, query url.Values) ([]operator.Order, string, error) {
			page, err := c.Orders(ctx, query)
			return page.Orders, page.After, err
		},
		func(p printer, found []operator.Order) error {
			var rows [][]any
			for _, o := range found {
				rows = append(rows, []any{o.ID, o.Kind, o.Account, o.Region, o.Location, orderedWhat(o), o.LagID, o.Port, show(o.Since), show(o.Due), o.Name})
			}
			return p.table(found, []any{"ID", "KIND", "ACCOUNT", "REGION", "LOCATION", "WHAT", "LAG", "PORT", "SINCE", "WAITS UNTIL", "NAME"}, rows)
		})
}

func orderedWhat(o operator.Order) string {
	switch {
	case o.Kind == "interface":
		return strings.Join(o.Prefixes, " ")
	case o.MACsec:
		return o.Bandwidth + " MACsec"
	}
	return o.Bandwidth
}

func newOrderApprove() *cobra.Command {
	return verb("approve ID...", "Approve orders", `Approve orders, one after the other: the LOA-CFA of a port is issued, a public virtual interface
is verified. The first that cannot be approved ends it.`,
		someArguments("ID"), nil,
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, args []string) error {
			var approved []operator.Order
			for _, id := range args {
				o, err := c.ApproveOrder(ctx, id)
				if err != nil {
					return err
				}
				approved = append(approved, o)
			}
			return printOrders(p, approved, "approved")
		})
}

func newOrderRefuse() *cobra.Command {
	var reason string
	return verb("refuse ID", "Refuse the order of a port", `Refuse the order of a port, and say why: its customer sees it deleted, and its port is free.`,
		arguments("ID"),
		func(cmd *cobra.Command) { cmd.Flags().StringVar(&reason, "reason", "", "why; required") },
		func(ctx context.Context, c *operator.Client, p printer, cmd *cobra.Command, args []string) error {
			if reason == "" {
				return usagef("--reason is missing; usage: %s", cmd.UseLine())
			}
			o, err := c.RefuseOrder(ctx, args[0], reason)
			if err != nil {
				return err
			}
			return printOrders(p, []operator.Order{o}, "refused")
		})
}

func newOrderAssign() *cobra.Command {
	return verb("assign ID PORT", "Give the order of a port another port", `Give the order of a port another port, before its cable is in place. PORT is ROUTER/PORT as
onramp port list shows them, or a router for its next free port of that speed:

  onramp order assign dxcon-ffabc123 EqDC2-0a1b2c3d4e5f/xe-0/0/7

The port must be free, at the same location, of the speed and with the MACsec that was ordered;
a member of a LAG stays on the LAG's router. A LOA-CFA that was issued is void from then on, and
another one is issued: the customer has to fetch it again.`,
		arguments("ID", "PORT"), nil,
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, args []string) error {
			moved, err := c.AssignPort(ctx, args[0], args[1])
			if err != nil {
				return err
			}
			return p.fields(moved, "ID", moved.ID, "State", moved.State, "Port", moved.Port, "LOA-CFA code", moved.LOACode, "LOA-CFA expires", moved.LOAExpires)
		})
}

func printOrders(p printer, orders []operator.Order, what string) error {
	var rows [][]any
	for _, o := range orders {
		rows = append(rows, []any{o.ID, what, o.Account, o.Location, o.Name})
	}
	return p.table(orders, []any{"ID", "ORDER", "ACCOUNT", "LOCATION", "NAME"}, rows)
}

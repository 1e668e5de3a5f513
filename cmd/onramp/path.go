package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"onramp/internal/operator"
)

func newGatewayPath() *cobra.Command {
	return verb("path GATEWAY TO", "Show which interfaces traffic takes", `Show which virtual interfaces traffic takes from a gateway towards an address or prefix of
the customer's, the best first. GATEWAY is a Direct Connect gateway, a virtual private
gateway or a transit gateway:

  onramp gateway path vgw-0123456789abcdef0 10.1.2.3

The longest prefix wins, then the highest local preference (communities 7224:7100, 7200,
7300), then the shortest AS path; those of the same rank share the load.`,
		arguments("GATEWAY", "TO"), nil,
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, args []string) error {
			found, err := c.GatewayPaths(ctx, args[0], args[1])
			if err != nil {
				return err
			}
			return printPaths(p, found)
		})
}

func newPublicPath() *cobra.Command {
	return verb("path REGION TO", "Show which public interfaces traffic takes", `Show which public virtual interfaces traffic takes from the provider's network in a Region
towards an address or prefix of a customer's, the best first. What its customer keeps from
the Region (communities 7224:9100, 9200) comes last, without a rank.`,
		arguments("REGION", "TO"), nil,
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, args []string) error {
			found, err := c.PublicPaths(ctx, args[0], args[1])
			if err != nil {
				return err
			}
			return printPaths(p, found)
		})
}

func printPaths(p printer, found []operator.Path) error {
	var rows [][]any
	for _, w := range found {
		rank := "-"
		if w.Rank > 0 {
			rank = fmt.Sprint(w.Rank)
		}
		rows = append(rows, []any{rank, w.Interface, w.CIDR, preference(w.Route), w.ASPath, w.Region, w.Router, w.Reason})
	}
	return p.table(found, []any{"RANK", "INTERFACE", "PREFIX", "PREFERENCE", "AS PATH", "REGION", "ROUTER", "REASON"}, rows)
}

package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"onramp/internal/operator"
)

func newMaintenanceFeed() *cobra.Command {
	var end bool
	return verb("feed ACCOUNT", "Give an account the address of its calendar", `Make the address of an account's calendar of planned work, which calendar programs can subscribe
to without the operator's token, and print it: it is not shown again. Whoever knows it can read
the calendar. An earlier address ends; --close only ends it. Customers must be able to reach the
operator's listener under /calendar/, such as through a proxy that passes nothing else on.`,
		arguments("ACCOUNT"),
		func(cmd *cobra.Command) {
			cmd.Flags().BoolVar(&end, "close", false, "end the address, and make no other")
		},
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, args []string) error {
			if end {
				return c.CloseMaintenanceFeed(ctx, args[0])
			}
			feed, err := c.OpenMaintenanceFeed(ctx, args[0])
			if err != nil {
				return err
			}
			if p.data() {
				return p.value(feed)
			}
			_, err = fmt.Fprintln(p.out, strings.TrimSuffix(c.Base, "/")+feed.Path)
			return err
		})
}

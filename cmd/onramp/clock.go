package main

import (
	"context"

	"github.com/spf13/cobra"

	"onramp/internal/operator"
)

func newClock() *cobra.Command {
	cmd := parent("clock", "The simulated clock", `The clock that orders and links live by. It can be turned forward, to see what days of
waiting would bring; signatures are always checked by the real time.`)
	cmd.AddCommand(
		verb("show", "Show the time", "", arguments(), nil,
			func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, _ []string) error {
				clock, err := c.Clock(ctx)
				if err != nil {
					return err
				}
				return printClock(p, clock)
			}),
		verb("advance DURATION", "Turn the clock forward", "Turn the clock forward by a duration such as 90s, 72h, 3d or 3d12h.", arguments("DURATION"), nil,
			func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, args []string) error {
				if _, err := operator.ParseDuration(args[0]); err != nil {
					return usageError{err}
				}
				clock, err := c.AdvanceClock(ctx, args[0])
				if err != nil {
					return err
				}
				return printClock(p, clock)
			}),
	)
	return cmd
}

func printClock(p printer, c operator.Clock) error {
	return p.fields(c, "Now", c.Now, "Ahead by", c.Offset)
}

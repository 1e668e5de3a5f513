package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"onramp/internal/operator"
)

func newClock() *cobra.Command {
	cmd := parent("clock", "The simulated clock", `The clock that orders and links live by. It can be turned forward, to see what days of
waiting would bring; signatures are always checked by the real time.`)
	advance := newClockAdvance()
	// What begins with a dash is read as flags: a clock that is to go back would end as a flag that is none.
	advance.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		if none, ok := errors.AsType[*pflag.NotExistError](err); ok && none.GetSpecifiedShortnames() != "" {
			return usagef("-%s is no duration to turn the clock forward by, such as 90s, 72h or 3d; it cannot be turned back", none.GetSpecifiedShortnames())
		}
		return usageError{err}
	})
	cmd.AddCommand(
		advance,
		verb("show", "Show the time", "", arguments(), nil,
			func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, _ []string) error {
				clock, err := c.Clock(ctx)
				if err != nil {
					return err
				}
				return printClock(p, clock)
			}),
	)
	return cmd
}

func newClockAdvance() *cobra.Command {
	return verb("advance DURATION", "Turn the clock forward", `Turn the clock forward by a duration such as 90s, 72h, 3d or 3d12h. It cannot be turned back.`,
		arguments("DURATION"), nil,
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, args []string) error {
			if _, err := operator.ParseDuration(args[0]); err != nil {
				return usageError{err}
			}
			clock, err := c.AdvanceClock(ctx, args[0])
			if err != nil {
				return err
			}
			return printClock(p, clock)
		})
}

func printClock(p printer, c operator.Clock) error {
	return p.fields(c, "Now", c.Now, "Ahead by", c.Offset)
}

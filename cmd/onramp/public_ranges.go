package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"onramp/internal/directconnect"
	"onramp/internal/operator"
)

func newPublicRanges() *cobra.Command {
	cmd := parent("public-ranges", "The provider's own prefixes", `The provider's own prefixes, which are announced on public virtual interfaces with the
communities of where they are used. By default they are cut from the blocks for benchmarks,
which are in use in no network.

  onramp public-ranges show --output json > ranges.json
  $EDITOR ranges.json
  onramp public-ranges set ranges.json`)
	cmd.AddCommand(
		newPublicPath(),
		verb("show", "Show the prefixes", "", arguments(), nil,
			func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, _ []string) error {
				ranges, err := c.PublicRanges(ctx)
				if err != nil {
					return err
				}
				return printPublicRanges(p, ranges)
			}),
		verb("set FILE", "Make a file the prefixes", `Make a JSON file (- is standard input) the prefixes, in place of all that there were:

  [{"cidr": "192.0.2.0/25", "region": "eu-west-1"}, {"cidr": "192.0.2.128/25"}]

One without a Region is used everywhere.`, arguments("FILE"), nil,
			func(ctx context.Context, c *operator.Client, p printer, cmd *cobra.Command, args []string) error {
				text, err := readFile(cmd.InOrStdin(), args[0])
				if err != nil {
					return err
				}
				ranges, err := c.SetPublicRanges(ctx, text)
				if err != nil {
					return fmt.Errorf("%s: %w", args[0], err)
				}
				return printPublicRanges(p, ranges)
			}),
	)
	return cmd
}

func printPublicRanges(p printer, ranges []directconnect.PublicRange) error {
	var rows [][]any
	for _, r := range ranges {
		region := r.Region
		if region == "" {
			region = "everywhere"
		}
		rows = append(rows, []any{r.CIDR, region})
	}
	return p.table(ranges, []any{"PREFIX", "REGION"}, rows)
}

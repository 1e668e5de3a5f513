package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"onramp/internal/operator"
)

func newResiliency() *cobra.Command {
	cmd := parent("resiliency", "What fails if something fails", `Resiliency groups: connections that are meant to stand in for each other, held against
the model that their customer intends.`)
	cmd.AddCommand(newResiliencyShow())
	return cmd
}

func newResiliencyShow() *cobra.Command {
	var without string
	var prefixes bool
	return verb("show GROUP [--without KIND NAME]", "Evaluate a group, and imagine a failure", `Evaluate the present layout of a resiliency group: the verdict, every single point of failure
by name, what connections and gateways reach, and what there is. Prefixes are counted;
--prefixes names those that fall short and those that are cut off. With --without also what
the failure of one element would cut off:

  onramp resiliency show dxrg-... --without router EqDC2-2r4nx1ka30uo
  onramp resiliency show dxrg-... --without location EqDC2

KIND is location, router, connection, lag or interface.`,
		func(cmd *cobra.Command, args []string) error {
			if without != "" && !strings.Contains(without, ":") {
				return arguments("GROUP", "NAME")(cmd, args)
			}
			return arguments("GROUP")(cmd, args)
		},
		func(cmd *cobra.Command) {
			cmd.Flags().StringVar(&without, "without", "", "what fails: KIND and then NAME, or KIND:NAME")
			cmd.Flags().BoolVar(&prefixes, "prefixes", false, "name the prefixes too")
		},
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, args []string) error {
			element := without
			if len(args) > 1 {
				element += ":" + args[1]
			}
			found, err := c.Resiliency(ctx, args[0], element)
			if err != nil {
				return err
			}
			if p.data() {
				return p.value(found)
			}
			return resiliencyPrinter{p, prefixes}.report(found)
		})
}

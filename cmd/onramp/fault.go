package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"onramp/internal/operator"
)

func newFault() *cobra.Command {
	cmd := parent("fault", "What is made wrong on simulated routers", `Make something wrong on a simulated router, to see what comes of it. ID is a connection, whose
cable or far side it is about, or a virtual interface, where it is the customer's router at
the far end: its BGP sessions are silent, have the wrong key or flap. On real routers it is
refused.`)
	cmd.AddCommand(
		newFaultList(), newFaultKind("cut", "Cut the cable of a connection", "Cut the cable of a connection: there is no light, either way."),
		newFaultRestore(), newFaultFade(), newFaultFlap(),
		newFaultKind("wrong-key", "Give the far side another key", `Give the far side another key: MACsec on a connection (one that must encrypt goes down), BGP on a
virtual interface.`),
		newFaultKind("silent", "Have the far side fall silent", `Have the far side fall silent: it sends no light on a connection, and does not answer BGP on a virtual
interface.`),
		newFaultHeal(),
	)
	return cmd
}

func newFaultList() *cobra.Command {
	return verb("list", "List what is wrong", "List what is wrong on simulated routers because somebody has said so.", arguments(), nil,
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, _ []string) error {
			faults, err := c.Faults(ctx)
			if err != nil {
				return err
			}
			return printFaults(p, faults)
		})
}

// newFaultKind is a verb that makes a fault that needs no more words.
func newFaultKind(kind, short, long string) *cobra.Command {
	return verb(kind+" ID", short, long, arguments("ID"), nil,
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, args []string) error {
			faults, err := c.MakeFault(ctx, args[0], operator.FaultOrder{Kind: kind})
			if err != nil {
				return err
			}
			return printFaults(p, faults)
		})
}

func newFaultRestore() *cobra.Command {
	return verb("restore ID", "Mend a cut cable", "Mend a cut cable; what else is wrong with it stays.", arguments("ID"), nil,
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, args []string) error {
			faults, err := c.HealFault(ctx, args[0], "cut")
			if err != nil {
				return err
			}
			return printLeft(p, faults, "The cable of "+args[0]+" is whole.")
		})
}

func newFaultFade() *cobra.Command {
	var light float64
	return verb("fade ID", "Let the light of a connection fade", `Let the light that arrives on a connection fade to a level. A receiver needs about -19 dBm at
1 Gbps, -14.4 at 10, -10.6 at 100 and -9.1 at 400: with less the link goes down.

  onramp fault fade dxcon-ffabc123 --light=-12.5`,
		arguments("ID"),
		func(cmd *cobra.Command) {
			cmd.Flags().Float64Var(&light, "light", 0, "what arrives, in dBm, -40 to -0.1; required")
		},
		func(ctx context.Context, c *operator.Client, p printer, cmd *cobra.Command, args []string) error {
			if !cmd.Flags().Changed("light") {
				return usagef("--light is missing; usage: %s", cmd.UseLine())
			}
			faults, err := c.MakeFault(ctx, args[0], operator.FaultOrder{Kind: "fade", LightDBm: light})
			if err != nil {
				return err
			}
			return printFaults(p, faults)
		})
}

func newFaultFlap() *cobra.Command {
	var seconds, times int64
	return verb("flap ID", "Let a link or BGP sessions go down and up", `Let the light of a connection, or the BGP sessions of a virtual interface, go down now and come
back after some seconds, go down after as many, and so on: a number of times, or without
--times until it is healed.`,
		arguments("ID"),
		func(cmd *cobra.Command) {
			cmd.Flags().Int64Var(&seconds, "seconds", 0, "how long it is down, and then up; required")
			cmd.Flags().Int64Var(&times, "times", 0, "how often; 0: for ever")
		},
		func(ctx context.Context, c *operator.Client, p printer, cmd *cobra.Command, args []string) error {
			if !cmd.Flags().Changed("seconds") {
				return usagef("--seconds is missing; usage: %s", cmd.UseLine())
			}
			faults, err := c.MakeFault(ctx, args[0], operator.FaultOrder{Kind: "flap", Seconds: seconds, Times: times})
			if err != nil {
				return err
			}
			return printFaults(p, faults)
		})
}

func newFaultHeal() *cobra.Command {
	var all bool
	return verb("heal [ID]", "Take faults away", "Take all faults of a connection or virtual interface away, or with --all every fault there is.",
		cobra.MaximumNArgs(1),
		func(cmd *cobra.Command) { cmd.Flags().BoolVar(&all, "all", false, "every fault there is") },
		func(ctx context.Context, c *operator.Client, p printer, cmd *cobra.Command, args []string) error {
			if all == (len(args) == 1) {
				return usagef("either ID or --all must be given; usage: %s", cmd.UseLine())
			}
			if !all {
				left, err := c.HealFault(ctx, args[0], "")
				if err != nil {
					return err
				}
				return printLeft(p, left, "Nothing is wrong with "+args[0]+" any more.")
			}
			healed, err := c.HealAllFaults(ctx)
			if err != nil {
				return err
			}
			if p.data() {
				return p.value(healed)
			}
			return printHealed(p, healed)
		})
}

// printLeft says what has come of healing, and what is still wrong if anything is.
func printLeft(p printer, left []operator.Fault, healed string) error {
	if p.data() {
		return p.value(left)
	}
	if _, err := fmt.Fprintln(p.out, healed); err != nil || len(left) == 0 {
		return err
	}
	return printFaults(p, left)
}

// printHealed says what was wrong before everything was healed.
func printHealed(p printer, healed []operator.Fault) error {
	if len(healed) == 0 {
		return printFaults(p, healed)
	}
	what := "faults were"
	if len(healed) == 1 {
		what = "fault was"
	}
	if _, err := fmt.Fprintf(p.out, "%d %s taken away:\n", len(healed), what); err != nil {
		return err
	}
	return printFaults(p, healed)
}

func printFaults(p printer, faults []operator.Fault) error {
	if len(faults) == 0 && !p.data() {
		_, err := fmt.Fprintln(p.out, "No faults.")
		return err
	}
	var rows [][]any
	for _, f := range faults {
		rows = append(rows, []any{f.Resource, f.Kind, faultText(f), f.Account, f.Router})
	}
	return p.table(faults, []any{"ID", "FAULT", "HOW", "ACCOUNT", "ROUTER"}, rows)
}

func faultText(f operator.Fault) string {
	switch {
	case f.Flap != nil && f.Flap.Times > 0:
		return fmt.Sprintf("%d s down and up, %d times since %s", f.Flap.Seconds, f.Flap.Times, show(f.Flap.From))
	case f.Flap != nil:
		return fmt.Sprintf("%d s down and up since %s", f.Flap.Seconds, show(f.Flap.From))
	case f.LightDBm != 0:
		return fmt.Sprintf("%g dBm", f.LightDBm)
	}
	return ""
}

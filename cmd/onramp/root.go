package main

import (
	"github.com/spf13/cobra"
)

func newRoot() *cobra.Command {
	root := parent("onramp", "A self-hosted implementation of the system behind the AWS Direct Connect API", `Onramp takes orders for network ports over the AWS Direct Connect API, issues LOA-CFAs,
and runs connections, LAGs, MACsec and virtual interfaces on routers, simulated ones by
default. Any AWS CLI, SDK or Terraform can talk to it.

  onramp serve            starts a server and prints what to paste into a shell
  onramp connection list  shows what was ordered

Onramp is not affiliated with Amazon Web Services.`)
	root.SetUsageFunc(usage)
	root.SilenceErrors, root.SilenceUsage = true, true
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.AddCommand(
		newServe(), newAccount(), newAccessKey(), newUser(), newRole(), newPolicy(), newInventory(), newLocation(), newPort(),
		newOrder(), newCrossConnect(), newConnection(), newLAG(), newInterface(), newFault(), newCustomer(), newGateway(),
		newPublicRanges(), newResiliency(), newAudit(), newEvent(), newWebhook(), newRouter(), newClock(), newLOA(), newVersion(),
		newMaintenance(), newDoctor(), newBackup(), newRestore(),
	)
	return root
}

// parent is a command that only holds others: alone it prints its help, with a word that is none of them it fails.
func parent(use, short, long string) *cobra.Command {
	return &cobra.Command{
		Use: use, Short: short, Long: long,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usagef("unknown command %q for %q; see %s --help", args[0], cmd.CommandPath(), cmd.CommandPath())
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
}

// someArguments wants one of the name at least.
func someArguments(name string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return usagef("%s is missing; usage: %s", name, cmd.UseLine())
		}
		return nil
	}
}

// arguments wants exactly the named ones.
func arguments(names ...string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) > len(names) {
			return usagef("%q is one argument too many; usage: %s", args[len(names)], cmd.UseLine())
		}
		if len(args) < len(names) {
			return usagef("%s is missing; usage: %s", names[len(args)], cmd.UseLine())
		}
		return nil
	}
}

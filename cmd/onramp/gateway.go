package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"onramp/internal/operator"
)

func newGateway() *cobra.Command {
	cmd := parent("gateway", "Virtual private gateways and transit gateways", `The registry of what lies on the far side of Direct Connect gateways and private virtual
interfaces: virtual private gateways (vgw-...) and transit gateways (tgw-...) of your
accounts, with their ASN and the networks behind them.

While no account is configured, an ID that is not in the registry is taken as the caller's
own; afterwards it does not exist.`)
	cmd.AddCommand(newGatewayAdd(), newGatewayList(), newGatewayShow(), newGatewaySet(), newGatewayRemove(), newGatewayPath(), newDirectGateway())
	return cmd
}

func newGatewayAdd() *cobra.Command {
	var account, region string
	var asn int64
	var cidrs []string
	return verb("add ID", "Add a gateway", `Add a virtual private gateway or transit gateway:

  onramp gateway add vgw-0123456789abcdef0 --account 123456789012 --asn 64620 --cidr 10.20.0.0/16`,
		arguments("ID"),
		func(cmd *cobra.Command) {
			cmd.Flags().StringVar(&account, "account", "", "the account whose gateway it is")
			cmd.Flags().StringVar(&region, "region", "us-east-1", "the Region that it is in")
			farFlags(cmd, &asn, &cidrs)
		},
		func(ctx context.Context, c *operator.Client, p printer, cmd *cobra.Command, args []string) error {
			if account == "" {
				return usagef("--account is missing; usage: %s", cmd.UseLine())
			}
			change := farChange(cmd, &asn, cidrs)
			change.ID, change.Account, change.Region = args[0], account, region
			g, err := c.AddGateway(ctx, change)
			if err != nil {
				return err
			}
			return printGateway(p, g)
		})
}

func farFlags(cmd *cobra.Command, asn *int64, cidrs *[]string) {
	cmd.Flags().Int64Var(asn, "asn", 64512, "ASN of the provider's side")
	cmd.Flags().StringSliceVar(cidrs, "cidr", nil, "network behind the gateway; may be given several times")
}

// farChange is what of the flags was given; --cidr "" is no networks.
func farChange(cmd *cobra.Command, asn *int64, cidrs []string) (change operator.GatewayChange) {
	if cmd.Flags().Changed("asn") {
		change.ASN = asn
	}
	if cmd.Flags().Changed("cidr") {
		change.CIDRs = append([]string{}, cidrs...)
	}
	return change
}

func newGatewaySet() *cobra.Command {
	var asn int64
	var cidrs []string
	return verb("set ID", "Change a gateway", `Change a gateway; what is not given stays, and the networks given take the place of all that
there were. Its associations and virtual interfaces follow. The ASN of one that is in use
stays.`,
		arguments("ID"),
		func(cmd *cobra.Command) {
			farFlags(cmd, &asn, &cidrs)
			hideDefaults(cmd.Flags(), "asn")
		},
		func(ctx context.Context, c *operator.Client, p printer, cmd *cobra.Command, args []string) error {
			g, err := c.SetGateway(ctx, args[0], farChange(cmd, &asn, cidrs))
			if err != nil {
				return err
			}
			return printGateway(p, g)
		})
}

func newGatewayShow() *cobra.Command {
	return verb("show ID", "Show a gateway and what uses it", "", arguments("ID"), nil,
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, args []string) error {
			g, err := c.Gateway(ctx, args[0])
			if err != nil {
				return err
			}
			return printGateway(p, g)
		})
}

func newGatewayList() *cobra.Command {
	var account, region string
	return verb("list", "List gateways", "", arguments(),
		func(cmd *cobra.Command) {
			cmd.Flags().StringVar(&account, "account", "", "of this account")
			cmd.Flags().StringVar(&region, "region", "", "of this Region")
		},
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, _ []string) error {
			found, err := c.Gateways(ctx, account, region)
			if err != nil {
				return err
			}
			var rows [][]any
			for _, g := range found {
				rows = append(rows, []any{g.ID, g.Kind, g.Account, g.Region, g.ASN, strings.Join(g.CIDRs, " ")})
			}
			return p.table(found, []any{"ID", "KIND", "ACCOUNT", "REGION", "ASN", "CIDRS"}, rows)
		})
}

func newGatewayRemove() *cobra.Command {
	return verb("remove ID", "Remove a gateway that nothing uses", "", arguments("ID"), nil,
		func(ctx context.Context, c *operator.Client, _ printer, _ *cobra.Command, args []string) error {
			return c.RemoveGateway(ctx, args[0])
		})
}

func printGateway(p printer, g operator.Gateway) error {
	return p.fields(g, "ID", g.ID, "Kind", g.Kind, "Account", g.Account, "Region", g.Region, "ASN", g.ASN,
		"CIDRs", strings.Join(g.CIDRs, " "), "Used by", strings.Join(g.UsedBy, ", "))
}

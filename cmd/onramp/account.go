package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"onramp/internal/directconnect"
	"onramp/internal/operator"
)

func newAccount() *cobra.Command {
	cmd := parent("account", "Customers' accounts", `Accounts: who may order, as what kind of partner, and how many of each thing.

Adding the first account ends open mode: from then on only access keys of configured
accounts are taken (see onramp access-key).`)
	cmd.AddCommand(newAccountAdd(), newAccountList(), newAccountShow(), newAccountSet())
	return cmd
}

// accountFlags are what can be said of an account.
type accountFlags struct {
	name, partner                string
	limits                       string
	connections, lags, macsecKey int
	gateways                     int
}

func (f *accountFlags) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.name, "name", "", "name, as on letters and hosted connections")
	flags.StringVar(&f.partner, "partner", "nonPartner", "kind of partner: nonPartner, v1 (hosts up to 500 Mbps) or v2 (hosts all capacities)")
	flags.StringVar(&f.limits, "limits", "documented", "all quotas at once: documented or none")
	flags.IntVar(&f.connections, "connections-per-location", 0, "quota of live connections at one location of one Region; 0: no limit")
	flags.IntVar(&f.lags, "lags-per-region", 0, "quota of LAGs in one Region; 0: no limit")
	flags.IntVar(&f.gateways, "gateways", 0, "quota of Direct Connect gateways; 0: no limit")
	flags.IntVar(&f.macsecKey, "macsec-keys", 0, "quota of MACsec keys on one connection or LAG; 0: no limit")
}

// change is what of them was given.
func (f *accountFlags) change(cmd *cobra.Command) (operator.AccountChange, error) {
	var change operator.AccountChange
	given := cmd.Flags().Changed
	if given("name") {
		change.Name = &f.name
	}
	if given("partner") {
		change.Partner = &f.partner
	}
	if given("limits") {
		q := directconnect.DocumentedQuotas
		switch f.limits {
		case "documented":
		case "none":
			q = directconnect.Quotas{}
		default:
			return change, usagef("--limits %q is not one of documented, none", f.limits)
		}
		change.Quotas = operator.QuotaChange{
			ConnectionsPerLocation: &q.ConnectionsPerLocation, LAGsPerRegion: &q.LAGsPerRegion, MACsecKeys: &q.MACsecKeys,
			Gateways: &q.Gateways,
		}
	}
	if given("connections-per-location") {
		change.Quotas.ConnectionsPerLocation = &f.connections
	}
	if given("lags-per-region") {
		change.Quotas.LAGsPerRegion = &f.lags
	}
	if given("gateways") {
		change.Quotas.Gateways = &f.gateways
	}
	if given("macsec-keys") {
		change.Quotas.MACsecKeys = &f.macsecKey
	}
	return change, nil
}

func newAccountAdd() *cobra.Command {
	var f accountFlags
	return verb("add [ID]", "Add an account", "Add an account with the given ID of twelve digits, or with one made up.",
		func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usagef("%q is one argument too many; usage: %s", args[1], cmd.UseLine())
			}
			return nil
		}, f.add,
		func(ctx context.Context, c *operator.Client, p printer, cmd *cobra.Command, args []string) error {
			change, err := f.change(cmd)
			if err != nil {
				return err
			}
			if len(args) == 1 {
				change.ID = args[0]
			}
			a, err := c.AddAccount(ctx, change)
			if err != nil {
				return err
			}
			return printAccount(p, a)
		})
}

func newAccountSet() *cobra.Command {
	var f accountFlags
	return verb("set ID", "Change an account", "Change an account; what is not given stays.", arguments("ID"),
		func(cmd *cobra.Command) {
			f.add(cmd)
			hideDefaults(cmd.Flags(), "partner", "limits")
		},
		func(ctx context.Context, c *operator.Client, p printer, cmd *cobra.Command, args []string) error {
			change, err := f.change(cmd)
			if err != nil {
				return err
			}
			a, err := c.SetAccount(ctx, args[0], change)
			if err != nil {
				return err
			}
			return printAccount(p, a)
		})
}

func newAccountShow() *cobra.Command {
	return verb("show ID", "Show an account", "", arguments("ID"), nil,
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, args []string) error {
			a, err := c.Account(ctx, args[0])
			if err != nil {
				return err
			}
			return printAccount(p, a)
		})
}

func newAccountList() *cobra.Command {
	return verb("list", "List all accounts", "", arguments(), nil,
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, _ []string) error {
			accounts, err := c.Accounts(ctx)
			if err != nil {
				return err
			}
			var rows [][]any
			for _, a := range accounts {
				rows = append(rows, []any{a.ID, a.Partner, a.Name})
			}
			return p.table(accounts, []any{"ID", "PARTNER", "NAME"}, rows)
		})
}

func printAccount(p printer, a operator.Account) error {
	return p.fields(a, "ID", a.ID, "Name", a.Name, "Partner", a.Partner,
		"Connections per location", quota(a.Quotas.ConnectionsPerLocation), "LAGs per Region", quota(a.Quotas.LAGsPerRegion),
		"Direct Connect gateways", quota(a.Quotas.Gateways), "MACsec keys", quota(a.Quotas.MACsecKeys))
}

func quota(n int) string {
	if n == 0 {
		return "no limit"
	}
	return fmt.Sprint(n)
}

package main

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"onramp/internal/operator"
)

func newInterface() *cobra.Command {
	cmd := parent("interface", "Virtual interfaces and their BGP sessions", `Virtual interfaces of all accounts. A public one waits until its ASN and its prefixes are
verified; with --pace manual nobody does that but you.`)
	cmd.AddCommand(newInterfaceList(), newInterfaceShow(), newInterfaceVerify(), newInterfaceReenable(), newInterfaceRoutes())
	return cmd
}

func newInterfaceList() *cobra.Command {
	return newList("List virtual interfaces", "List virtual interfaces of all accounts and Regions.",
		map[string]string{
			"account": "of this account", "region": "of this Region", "location": "at this location", "router": "on this router",
			"connection": "on this connection or LAG", "gateway": "attached to this Direct Connect gateway", "state": "in this state",
		},
		func(ctx context.Context, c *operator.Client, query url.Values) ([]operator.Interface, string, error) {
			page, err := c.Interfaces(ctx, query)
			return page.Interfaces, page.After, err
		}, printInterfaces)
}

func printInterfaces(p printer, found []operator.Interface) error {
	var rows [][]any
	for _, v := range found {
		rows = append(rows, []any{v.ID, v.Type, v.Account, v.Region, v.Connection, v.VLAN, v.State, v.Name})
	}
	return p.table(found, []any{"ID", "TYPE", "ACCOUNT", "REGION", "CONNECTION", "VLAN", "STATE", "NAME"}, rows)
}

func newInterfaceShow() *cobra.Command {
	return verb("show ID", "Show a virtual interface, its sessions and counters", `Show a virtual interface and its sessions. While it is on a router, traffic and sessions are read there, now;
if the router does not answer within some seconds that is said.`, arguments("ID"), nil,
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, args []string) error {
			found, err := c.ReadInterface(ctx, args[0])
			if err != nil {
				return err
			}
			return printInterface(p, found)
		})
}

func newInterfaceVerify() *cobra.Command {
	return verb("verify ID", "Approve ASN and prefixes of a public virtual interface", "", arguments("ID"), nil,
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, args []string) error {
			verified, err := c.VerifyInterface(ctx, args[0])
			if err != nil {
				return err
			}
			return printInterfaces(p, []operator.Interface{verified})
		})
}

func printInterface(p printer, v operator.Interface) error {
	pairs := []any{
		"ID", v.ID, "Name", v.Name, "Type", v.Type, "Account", v.Account, "Connection", v.Connection,
		"Connection owner", v.ConnectionOwner, "Region", v.Region, "Location", v.Location, "Router", v.Router,
		"State", v.State, "Since", v.Since, "Reason", v.Reason, "VLAN", v.VLAN, "MTU", v.MTU,
		"Direct Connect gateway", v.Gateway, "Virtual private gateway", v.VirtualGateway, "Amazon ASN", v.AmazonASN,
		"SiteLink", v.SiteLink, "Rate limit", v.RateLimit, "Route filter", strings.Join(v.RouteFilter, " "),
		"Failover test", v.FailoverTest,
	}
	for _, peer := range v.Peers {
		text := fmt.Sprintf("%s, AS %d, %s to %s, %s, %s", peer.Family, peer.ASN, peer.Amazon, peer.Customer, peer.State, peer.Status)
		if peer.Reason != "" {
			text += ": " + peer.Reason
		}
		pairs = append(pairs, "Peer "+peer.ID, text, "Since "+peer.ID, peer.Since)
	}
	pairs = append(pairs, "Prefixes", fmt.Sprintf("%d accepted, %d advertised", v.AcceptedPrefixes, v.AdvertisedPrefixes),
		"Ordered", v.Created, "Verified", v.Verified, "Looked at next", v.Due, "Ended", v.Ended)
	return p.fields(v, append(pairs, interfaceReading(v.Reading)...)...)
}

package main

import (
	"context"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"onramp/internal/directconnect"
	"onramp/internal/operator"
)

func newInterfaceReenable() *cobra.Command {
	return verb("reenable ID [PEER]", "Try sessions again that exceeded their prefix limit",
		`Try a BGP session again, or all of the interface, that is kept shut because the customer
announced more prefixes than allowed. Otherwise it is tried after 15 minutes.`,
		func(cmd *cobra.Command, args []string) error {
			if len(args) == 2 {
				return nil
			}
			return arguments("ID")(cmd, args)
		}, nil,
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, args []string) error {
			peer := ""
			if len(args) == 2 {
				peer = args[1]
			}
			v, err := c.ReenableInterface(ctx, args[0], peer)
			if err != nil {
				return err
			}
			return printInterfaces(p, []operator.Interface{v})
		})
}

func newInterfaceRoutes() *cobra.Command {
	var direction string
	return verb("routes ID", "List the routes of a virtual interface",
		`List the routes that cross a virtual interface: accepted from the customer, and advertised to it.

PREFERENCE is what the customer's communities (7224:7100, 7200, 7300) make of a route on a
private or transit interface; SCOPE how far its prefix is told on a public one (7224:9100,
9200, 9300).`, arguments("ID"),
		func(cmd *cobra.Command) {
			cmd.Flags().StringVar(&direction, "direction", "", "only those accepted, or advertised")
		},
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, args []string) error {
			query := url.Values{}
			if direction != "" {
				query.Set("direction", direction)
			}
			found, err := everyPage(query, func(query url.Values) ([]operator.Route, string, error) {
				page, err := c.Routes(ctx, args[0], query)
				return page.Routes, page.After, err
			})
			if err != nil {
				return err
			}
			return printRoutes(p, found)
		})
}

func printRoutes(p printer, found []operator.Route) error {
	var rows [][]any
	for _, r := range found {
		rows = append(rows, []any{
			r.Direction, r.CIDR, r.ASPath, preference(r), r.Scope, r.Router, show(r.Installed), strings.Join(r.Communities, " "),
		})
	}
	return p.table(found, []any{"DIRECTION", "PREFIX", "AS PATH", "PREFERENCE", "SCOPE", "ROUTER", "INSTALLED", "COMMUNITIES"}, rows)
}

// preference is the local preference in the words of the communities that ask for it.
func preference(r operator.Route) string {
	switch r.LocalPreference {
	case 0:
		return ""
	case directconnect.PreferLow:
		return "low"
	case directconnect.PreferHigh:
		return "high"
	}
	return "medium"
}

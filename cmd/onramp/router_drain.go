package main

import (
	"context"

	"github.com/spf13/cobra"

	"onramp/internal/operator"
)

func newRouterShow() *cobra.Command {
	return verb("show ROUTER", "Show a router", "Show a router: its ports, whether orders are placed on it, and its agent if it has one.", arguments("ROUTER"), nil,
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, args []string) error {
			r, err := c.Router(ctx, args[0])
			if err != nil {
				return err
			}
			pairs := append([]any{"Name", r.Name, "Location", r.Location, "Region", r.Region, "Fabric", r.Fabric, "Orders", ordersOn(r)}, portPairs(r.Ports)...)
			if d := r.Drained; d != nil {
				pairs = append(pairs, "Drained since", d.Since, "Reason", d.Reason)
			}
			if r.Fabric != "simulated" {
				pairs = append(pairs, "Enrolled", enrolment(r), "Certificate ends", r.Expires, "Token ends", r.TokenExpires,
					"Connected since", r.ConnectedSince, "Last seen", r.LastSeen, "Drift", drift(r), "Put right", repairs(r))
			}
			return p.fields(r, pairs...)
		})
}

func newRouterDrain() *cobra.Command {
	var reason string
	return verb("drain ROUTER", "Keep new orders from a router", `Keep new orders from a router, such as one that is to be replaced. What is on it stays and works;
its ports can be neither ordered nor assigned until onramp router undrain.`,
		arguments("ROUTER"), func(cmd *cobra.Command) { cmd.Flags().StringVar(&reason, "reason", "", "why") },
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, args []string) error {
			r, err := c.DrainRouter(ctx, args[0], reason)
			if err != nil {
				return err
			}
			return printRouters(p, []operator.Router{r})
		})
}

func newRouterUndrain() *cobra.Command {
	return verb("undrain ROUTER", "Let orders be placed on a router again", "", arguments("ROUTER"), nil,
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, args []string) error {
			r, err := c.UndrainRouter(ctx, args[0])
			if err != nil {
				return err
			}
			return printRouters(p, []operator.Router{r})
		})
}

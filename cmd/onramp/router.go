package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"onramp/internal/operator"
)

func newRouter() *cobra.Command {
	cmd := parent("router", "Routers, and the agent that runs on those of Linux", `Routers of the inventory. Most are simulated; some are machines of their own: a Linux box
becomes one by the agent that runs on it, this program. It calls the control plane, so the box
needs no open port for it.

On the control plane (the router has the fabric linux in the inventory):

  onramp router token r1            prints a token, good for one enrolment within an hour

On the box:

  onramp router enroll TOKEN        makes its keys and gets its certificate
  onramp router run                 runs the agent; this is what a service manager starts
  onramp router plan                shows what the first apply will do
  onramp router plan --accept       lets it go ahead

Nothing is changed on a box before its first plan was accepted; "run --yes" accepts unseen.
After that the agent follows the control plane without asking, keeps its last intent on disk,
and keeps forwarding when it, or the control plane, is away.`)
	cmd.AddCommand(newRouterList(), newRouterShow(), newRouterReadings(), newRouterDrain(), newRouterUndrain(), newRouterToken(), newRouterRevoke(), newRouterEnroll(), newRouterRun(), newRouterPlan(), newRouterRemove())
	return cmd
}

func newRouterList() *cobra.Command {
	var location string
	return verb("list", "List the routers of the inventory", `List the routers of the inventory, how many of their ports can be ordered, and whether orders are placed on
them. Of those that have an agent or should have one: whether they are enrolled, since when they are
connected, when they were heard of last, and what differs from what they were told. PUT RIGHT counts
what was found changed on the router by others, and was put right.`,
		arguments(), func(cmd *cobra.Command) { cmd.Flags().StringVar(&location, "location", "", "at this location") },
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, _ []string) error {
			routers, err := c.Routers(ctx, location)
			if err != nil {
				return err
			}
			return printRouters(p, routers)
		})
}

func printRouters(p printer, routers []operator.Router) error {
	var rows [][]any
	for _, r := range routers {
		rows = append(rows, []any{
			r.Name, r.Location, r.Fabric, ordersOn(r), freeText(r.Ports), enrolment(r), show(r.ConnectedSince), show(r.LastSeen), drift(r), repairs(r),
		})
	}
	return p.table(routers, []any{"NAME", "LOCATION", "FABRIC", "ORDERS", "FREE PORTS", "ENROLLED", "CONNECTED SINCE", "LAST SEEN", "DRIFT", "PUT RIGHT"}, rows)
}

func ordersOn(r operator.Router) string {
	switch {
	case r.Fabric == "":
		return "left the inventory"
	case r.Drained != nil:
		return "drained"
	}
	return "taken"
}

func enrolment(r operator.Router) string {
	switch {
	case r.Fabric == "simulated":
		return "-"
	case !r.Revoked.IsZero():
		return "revoked"
	case !r.Enrolled.IsZero():
		return "yes"
	case !r.TokenExpires.IsZero():
		return "token is out"
	}
	return "no"
}

func drift(r operator.Router) string {
	if r.Waiting {
		return "waits for its plan to be accepted"
	}
	return strings.Join(r.Drift, ", ")
}

func repairs(r operator.Router) string {
	if r.Repairs == 0 {
		return ""
	}
	return fmt.Sprintf("%d, last: %s", r.Repairs, strings.Join(r.Repaired, ", "))
}

func newRouterToken() *cobra.Command {
	var life string
	return verb("token ROUTER", "Make the token that enrols a router", `Make the token that enrols a router, and print it: it is not shown again. It is good for one enrolment,
within an hour unless --life says otherwise, and takes the place of one that is out. It tells the box
where the control plane is and how to know it.`,
		arguments("ROUTER"), func(cmd *cobra.Command) {
			cmd.Flags().StringVar(&life, "life", "", "how long the token is good, such as 10m or 2d (default 1h)")
		},
		func(ctx context.Context, c *operator.Client, p printer, cmd *cobra.Command, args []string) error {
			t, err := c.NewRouterToken(ctx, args[0], life)
			if err != nil {
				return err
			}
			if p.data() {
				return p.value(t)
			}
			fmt.Fprintf(p.out, "onramp router enroll %s\n", t.Token)
			fmt.Fprintf(cmd.ErrOrStderr(), "Run that on %s, which must reach %s, before %s.\n", t.Router, strings.Join(t.Addresses, ", "), show(t.Expires))
			return nil
		})
}

func newRouterRevoke() *cobra.Command {
	return verb("revoke ROUTER", "End a router's enrolment", `End a router's enrolment and take back its token. Its agent is disconnected, at once or by other servers
within seconds, and not let in again before it enrols anew. The router itself goes on as it is.`,
		arguments("ROUTER"), nil,
		func(ctx context.Context, c *operator.Client, _ printer, _ *cobra.Command, args []string) error {
			return c.RevokeRouter(ctx, args[0])
		})
}

// tokenText is the token of the command line, or with - that of standard input, where no list of processes shows it.
func tokenText(arg string, in io.Reader) (string, error) {
	if arg != "-" {
		return arg, nil
	}
	const most = 4096
	text, err := io.ReadAll(io.LimitReader(in, most))
	// What the verb prints may come whole.
	return strings.TrimPrefix(strings.TrimSpace(string(text)), "onramp router enroll "), err
}

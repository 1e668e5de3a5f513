package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"onramp/internal/operator"
)

func newWebhook() *cobra.Command {
	cmd := parent("webhook", "Receivers that are told of events", `Webhooks: receivers that are told, by signed HTTP requests, of what happens. Each event
is delivered at least once, those of one resource in their order; one that is not taken is
tried again for days. See docs/events.md.`)
	cmd.AddCommand(newWebhookAdd(), newWebhookList(), newWebhookShow(), newWebhookTest(), newWebhookRedeliver(), newWebhookRemove(),
		newWebhookPause("pause", "Deliver nothing for a while", "Deliver nothing for a while. What happens meanwhile is kept.", true),
		newWebhookPause("resume", "Go on delivering", "Go on delivering, with what has happened meanwhile.", false))
	return cmd
}

func newWebhookAdd() *cobra.Command {
	var in operator.WebhookOrder
	var all bool
	return verb("add URL", "Add a webhook", `Add a webhook: what happens from now on to one account (--account), or to all and to the
installation itself (--all-accounts), is sent to the URL. Deliveries are signed as Standard
Webhooks says; the signing secret is printed this once.

--events chooses kinds by patterns such as connection.state, 'bgp-peer.*' or '*.state'.`,
		func(cmd *cobra.Command, args []string) error {
			if all == (in.Account != "") {
				return usagef("give either --account or --all-accounts")
			}
			return arguments("URL")(cmd, args)
		},
		func(cmd *cobra.Command) {
			cmd.Flags().StringVar(&in.Account, "account", "", "of this account")
			cmd.Flags().BoolVar(&all, "all-accounts", false, "of all accounts, and the installation's own")
			cmd.Flags().StringSliceVar(&in.Events, "events", nil, "patterns of kinds; without any, all")
		},
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, args []string) error {
			in.URL = args[0]
			w, err := c.AddWebhook(ctx, in)
			if err != nil {
				return err
			}
			return printWebhook(p, w)
		})
}

func printWebhook(p printer, w operator.Webhook) error {
	whose := w.Account
	if whose == "" {
		whose = "all"
	}
	return p.fields(w, "ID", w.ID, "URL", w.URL, "Account", whose, "Events", chosenEvents(w), "Paused", w.Paused, "Created", w.Created,
		"Secret", w.Secret, "Waiting", w.Waiting, "Oldest", w.Oldest, "Given up", w.Dead)
}

func chosenEvents(w operator.Webhook) string {
	if len(w.Events) == 0 {
		return "all"
	}
	return strings.Join(w.Events, ",")
}

func newWebhookList() *cobra.Command {
	var account string
	return verb("list", "List webhooks", "List webhooks, and what is waiting for each.", arguments(),
		func(cmd *cobra.Command) { cmd.Flags().StringVar(&account, "account", "", "of this account") },
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, _ []string) error {
			found, err := c.Webhooks(ctx, account)
			if err != nil {
				return err
			}
			var rows [][]any
			for _, w := range found {
				state := "active"
				if w.Paused {
					state = "paused"
				}
				rows = append(rows, []any{w.ID, w.Account, state, w.Waiting, w.Dead, show(w.Oldest), chosenEvents(w), w.URL})
			}
			return p.table(found, []any{"ID", "ACCOUNT", "STATE", "WAITING", "GIVEN UP", "OLDEST", "EVENTS", "URL"}, rows)
		})
}

func newWebhookShow() *cobra.Command {
	var deliveries int
	return verb("show ID", "Show a webhook and its latest deliveries", "", arguments("ID"),
		func(cmd *cobra.Command) { cmd.Flags().IntVar(&deliveries, "deliveries", 20, "how many, 1 to 1000") },
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, args []string) error {
			w, err := c.Webhook(ctx, args[0], deliveries)
			if err != nil {
				return err
			}
			if p.data() {
				return p.value(w)
			}
			if err := printWebhook(p, w); err != nil || len(w.Deliveries) == 0 {
				return err
			}
			var rows [][]any
			for _, d := range w.Deliveries {
				rows = append(rows, []any{d.Event, show(d.Happened), d.Kind, d.Resource, d.State, d.Attempts, show(d.Next), d.Problem})
			}
			fmt.Fprintln(p.out)
			return p.table(w.Deliveries, []any{"EVENT", "HAPPENED", "KIND", "RESOURCE", "STATE", "ATTEMPTS", "NEXT", "PROBLEM"}, rows)
		})
}

func newWebhookPause(name, short, long string, paused bool) *cobra.Command {
	return verb(name+" ID", short, long, arguments("ID"), nil,
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, args []string) error {
			_, err := c.PauseWebhook(ctx, args[0], paused)
			return err
		})
}

func newWebhookTest() *cobra.Command {
	return verb("test ID", "Deliver a test event", `Deliver a test event, to this webhook only. onramp webhook show tells what came of it.`, arguments("ID"), nil,
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, args []string) error {
			sent, err := c.TestWebhook(ctx, args[0])
			if err != nil {
				return err
			}
			return p.fields(sent, "Event", sent.Event)
		})
}

func newWebhookRedeliver() *cobra.Command {
	var dead bool
	return verb("redeliver ID [EVENT]", "Deliver again", `Deliver an event again, with the same ID, or with --dead all events that were given up.`,
		func(cmd *cobra.Command, args []string) error {
			if dead {
				return arguments("ID")(cmd, args)
			}
			return arguments("ID", "EVENT")(cmd, args)
		},
		func(cmd *cobra.Command) { cmd.Flags().BoolVar(&dead, "dead", false, "all that were given up") },
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, args []string) error {
			event := ""
			if !dead {
				event = args[1]
			}
			again, err := c.Redeliver(ctx, args[0], event)
			if err != nil {
				return err
			}
			return p.fields(again, "Events", again.Events)
		})
}

func newWebhookRemove() *cobra.Command {
	return verb("remove ID", "Remove a webhook", "Remove a webhook, and what it was still to be told.", arguments("ID"), nil,
		func(ctx context.Context, c *operator.Client, _ printer, _ *cobra.Command, args []string) error {
			return c.RemoveWebhook(ctx, args[0])
		})
}

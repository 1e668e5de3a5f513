package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/url"

	"github.com/spf13/cobra"

	"onramp/internal/operator"
)

func newEvent() *cobra.Command {
	cmd := parent("event", "What has happened", `Events: what has happened to connections, LAGs, interfaces, sessions, gateways and all
else, in the envelope of Amazon EventBridge. onramp webhook has receivers told of them.`)
	cmd.AddCommand(newEventList(), newEventFollow())
	return cmd
}

// eventChoices are the flags by which events are chosen.
type eventChoices struct{ account, resource, kind, since string }

func (e *eventChoices) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&e.account, "account", "", "of this account")
	cmd.Flags().StringVar(&e.resource, "resource", "", "of this resource, by identifier or ARN, and of planned work that hits it")
	cmd.Flags().StringVar(&e.kind, "kind", "", "of this kind, such as connection.state")
}

func (e *eventChoices) query() url.Values {
	query := url.Values{}
	for name, value := range map[string]string{"account": e.account, "resource": e.resource, "kind": e.kind, "since": e.since} {
		if value != "" {
			query.Set(name, value)
		}
	}
	return query
}

// listedEvent is what of the envelope people are shown.
type listedEvent struct {
	Time       string `json:"time"`
	DetailType string `json:"detail-type"`
	Account    string `json:"account"`
	Detail     struct {
		From   string `json:"previousState"`
		To     string `json:"state"`
		Reason string `json:"reason"`

		Connection  string `json:"connectionId"`
		LAG         string `json:"lagId"`
		Interface   string `json:"virtualInterfaceId"`
		Gateway     string `json:"directConnectGatewayId"`
		Association string `json:"associationId"`
		Proposal    string `json:"proposalId"`
		Group       string `json:"resiliencyGroupId"`
		Maintenance string `json:"maintenanceId"`
		Webhook     string `json:"webhookId"`
	} `json:"detail"`
}

// about is the identifier of what an event is about; more specific ones first, as details name their surroundings too.
func (e listedEvent) about() string {
	d := e.Detail
	for _, id := range []string{d.Association, d.Proposal, d.Interface, d.Gateway, d.Group, d.Maintenance, d.Webhook} {
		if id != "" {
			return id
		}
	}
	if e.DetailType == "Direct Connect LAG State Change" {
		return d.LAG
	}
	return d.Connection
}

func eventRow(text json.RawMessage) ([]any, error) {
	var e listedEvent
	if err := json.Unmarshal(text, &e); err != nil {
		return nil, err
	}
	change := e.Detail.To
	if e.Detail.From != "" {
		change = e.Detail.From + " -> " + e.Detail.To
	}
	if e.Detail.Reason != "" {
		change += " (" + e.Detail.Reason + ")"
	}
	return []any{e.Time, e.Account, e.about(), e.DetailType, change}, nil
}

func newEventList() *cobra.Command {
	var choices eventChoices
	return verb("list", "List what has happened", "List events that are still kept (onramp serve --keep-events), the oldest first.", arguments(),
		func(cmd *cobra.Command) {
			choices.add(cmd)
			cmd.Flags().StringVar(&choices.since, "since", "", "not before this time (RFC 3339), or this long ago, such as 3d")
		},
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, _ []string) error {
			found, err := everyPage(choices.query(), func(query url.Values) ([]json.RawMessage, string, error) {
				page, err := c.Events(ctx, query)
				return page.Events, page.After, err
			})
			if err != nil {
				return err
			}
			var rows [][]any
			for _, e := range found {
				row, err := eventRow(e)
				if err != nil {
					return err
				}
				rows = append(rows, row)
			}
			return p.table(found, []any{"TIME", "ACCOUNT", "RESOURCE", "WHAT", "CHANGE"}, rows)
		})
}

func newEventFollow() *cobra.Command {
	var choices eventChoices
	var count int
	return verb("follow", "Print what happens, as it happens", `Print events as they happen, one line of JSON each, until interrupted. What must not be
missed is for a webhook: this begins anew each time.`, arguments(),
		func(cmd *cobra.Command) {
			choices.add(cmd)
			cmd.Flags().StringVar(&choices.since, "since", "", "begin with what has happened since this time (RFC 3339), or so long ago, such as 3d")
			cmd.Flags().IntVar(&count, "count", 0, "end after so many; 0: never")
		},
		func(ctx context.Context, c *operator.Client, p printer, cmd *cobra.Command, _ []string) error {
			query := choices.query()
			query.Set("after", "0")
			if choices.since == "" {
				last, err := c.Events(ctx, url.Values{"newest": {"true"}, "limit": {"1"}}) // where to begin
				if err != nil {
					return err
				}
				query.Set("after", cmp.Or(last.Last, "0"))
			}
			return followEvents(ctx, c, p, query, count)
		})
}

// followEvents prints events until it is interrupted or, if most is not 0, so many have come.
func followEvents(ctx context.Context, c *operator.Client, p printer, query url.Values, most int) error {
	query.Set("wait", "20s")
	for printed := 0; ctx.Err() == nil; {
		page, err := c.Events(ctx, query)
		if err != nil {
			if ctx.Err() != nil {
				return nil // interrupted
			}
			return err
		}
		for _, e := range page.Events {
			fmt.Fprintln(p.out, string(e))
			if printed++; printed == most {
				return nil
			}
		}
		query.Set("after", page.After)
	}
	return nil
}

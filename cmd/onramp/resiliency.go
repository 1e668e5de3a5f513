package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"onramp/internal/directconnect"
	"onramp/internal/operator"
)

func newResiliency() *cobra.Command {
	cmd := parent("resiliency", "What fails if something fails", `Resiliency groups: connections that are meant to stand in for each other, held against
the model that their customer intends.`)
	cmd.AddCommand(newResiliencyShow())
	return cmd
}

func newResiliencyShow() *cobra.Command {
	var without string
	return verb("show GROUP [--without KIND NAME]", "Evaluate a group, and imagine a failure", `Evaluate the present layout of a resiliency group: which model connections, gateways and
prefixes reach, and every single point of failure by name. With --without also what the
failure of one element would cut off:

  onramp resiliency show dxrg-... --without router EqDC2-2r4nx1ka30uo
  onramp resiliency show dxrg-... --without location EqDC2

KIND is location, router, connection, lag or interface.`,
		func(cmd *cobra.Command, args []string) error {
			if without != "" && !strings.Contains(without, ":") {
				return arguments("GROUP", "NAME")(cmd, args)
			}
			return arguments("GROUP")(cmd, args)
		},
		func(cmd *cobra.Command) {
			cmd.Flags().StringVar(&without, "without", "", "what fails: KIND and then NAME, or KIND:NAME")
		},
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, args []string) error {
			element := without
			if len(args) > 1 {
				element += ":" + args[1]
			}
			found, err := c.Resiliency(ctx, args[0], element)
			if err != nil {
				return err
			}
			if p.json {
				return p.value(found)
			}
			return printResiliency(p, found)
		})
}

func printResiliency(p printer, r operator.Resiliency) error {
	e := r.Evaluation
	if err := p.fields(r, "ID", r.ID, "Name", r.Name, "Account", r.Account, "Region", r.Region, "State", r.State,
		"Intended", e.Intended, "Reached", string(e.Reached)+verdict(e), "Planned", e.Planned, "Prefixes", e.Prefixes); err != nil {
		return err
	}
	links, interfaces := [][]any{}, [][]any{}
	for _, k := range r.Links {
		links = append(links, []any{k.ID, k.Location, k.Router, k.State, upOrDown(k.Up)})
	}
	for _, v := range r.Interfaces {
		interfaces = append(interfaces, []any{v.ID, v.Link, v.Gateway, v.State, upOrDown(v.Up), v.Accepted, v.Advertised})
	}
	if err := p.section([]any{"LINK", "LOCATION", "ROUTER", "STATE", "COUNTS AS"}, links); err != nil {
		return err
	}
	if err := p.section([]any{"INTERFACE", "LINK", "GATEWAY", "STATE", "COUNTS AS", "ACCEPTED", "ADVERTISED"}, interfaces); err != nil {
		return err
	}
	if err := p.section([]any{"WHAT IS REACHED", "MODEL", "OVER"}, standings(e)); err != nil {
		return err
	}
	points := [][]any{}
	for _, f := range e.Points {
		points = append(points, []any{f.Element, few(f.Loses)})
	}
	if err := p.section([]any{"SINGLE POINT OF FAILURE", "CUTS OFF"}, points); err != nil {
		return err
	}
	if r.WhatIf == nil {
		return nil
	}
	return printWhatIf(p, *r.WhatIf)
}

func printWhatIf(p printer, w directconnect.WhatIf) error {
	fmt.Fprintf(p.out, "\nWithout %s: %s%s\n", w.Without, w.After.Reached, verdict(w.After))
	lost := [][]any{}
	for _, d := range w.Lost {
		lost = append(lost, []any{d})
	}
	if err := p.section([]any{"CUT OFF"}, lost); err != nil {
		return err
	}
	return p.section([]any{"WHAT IS REACHED THEN", "MODEL", "OVER"}, standings(w.After))
}

func verdict(e directconnect.Evaluation) string {
	if e.Met {
		return " (as intended)"
	}
	return " (falls short)"
}

func upOrDown(up bool) string {
	if up {
		return "up"
	}
	return "down"
}

func standings(e directconnect.Evaluation) [][]any {
	rows := [][]any{}
	for _, s := range e.Standings {
		over := strings.Join(s.Over, " ")
		if over == "" {
			over = "nothing"
		}
		rows = append(rows, []any{s.Destination, s.Reached, over})
	}
	return rows
}

// maxNamed is how many destinations one line names.
const maxNamed = 3

func few(all []directconnect.Destination) string {
	var named []string
	for i, d := range all {
		if i == maxNamed {
			named = append(named, fmt.Sprintf("and %d more", len(all)-i))
			break
		}
		named = append(named, d.String())
	}
	return strings.Join(named, ", ")
}

// section is a table below others; one without rows says so.
func (p printer) section(headings []any, rows [][]any) error {
	fmt.Fprintln(p.out)
	if len(rows) == 0 {
		rows = [][]any{{"none"}}
	}
	return p.table(nil, headings, rows)
}

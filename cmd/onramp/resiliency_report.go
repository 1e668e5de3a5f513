package main

import (
	"fmt"
	"slices"
	"strings"

	"onramp/internal/directconnect"
	"onramp/internal/operator"
)

// resiliencyPrinter prints an evaluation: the verdict and what threatens it first, the layout last.
type resiliencyPrinter struct {
	printer
	prefixes bool // named, and not only counted
}

func (p resiliencyPrinter) report(r operator.Resiliency) error {
	e := r.Evaluation
	if err := p.fields(r,
		"Reached", string(e.Reached)+verdict(e), "Intended", e.Intended, "Planned", e.Planned,
		"Prefixes", fmt.Sprintf("%d, of which %d fall short", e.Prefixes, fallShort(e)),
		"ID", r.ID, "Name", r.Name, "Account", r.Account, "Region", r.Region, "State", r.State,
	); err != nil {
		return err
	}
	points := [][]any{}
	for _, f := range e.Points {
		element := f.Element.String()
		for _, line := range p.cutOff(f.Loses) {
			points = append(points, []any{element, line})
			element = ""
		}
	}
	if err := p.section([]any{"SINGLE POINT OF FAILURE", "CUTS OFF"}, points); err != nil {
		return err
	}
	if r.WhatIf != nil {
		if err := p.whatIf(*r.WhatIf); err != nil {
			return err
		}
	}
	if err := p.section([]any{"WHAT IS REACHED", "MODEL", "OVER"}, p.standings(e)); err != nil {
		return err
	}
	return p.layout(r)
}

func (p resiliencyPrinter) layout(r operator.Resiliency) error {
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
	return p.section([]any{"INTERFACE", "LINK", "GATEWAY", "STATE", "COUNTS AS", "ACCEPTED", "ADVERTISED"}, interfaces)
}

func (p resiliencyPrinter) whatIf(w directconnect.WhatIf) error {
	fmt.Fprintf(p.out, "\nWithout %s: %s%s\n", w.Without, w.After.Reached, verdict(w.After))
	lost := [][]any{}
	for _, d := range p.cutOff(w.Lost) {
		lost = append(lost, []any{d})
	}
	if err := p.section([]any{"CUT OFF"}, lost); err != nil {
		return err
	}
	return p.section([]any{"WHAT IS REACHED THEN", "MODEL", "OVER"}, p.standings(w.After))
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

// fallShort counts the prefixes that do: those are the ones that have a standing of their own.
func fallShort(e directconnect.Evaluation) (n int) {
	for _, s := range e.Standings {
		if s.Kind == directconnect.ToPrefix {
			n++
		}
	}
	return n
}

// maxNamed is how many things one line names.
const maxNamed = 3

// few names the first of several.
func few(all []string, separator string) string {
	if n := len(all) - maxNamed; n > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(all[:maxNamed], separator), n)
	}
	return strings.Join(all, separator)
}

// standings are rows of what is reached and over what: of the connections, the gateways and, if they are named, prefixes.
func (p resiliencyPrinter) standings(e directconnect.Evaluation) [][]any {
	rows := [][]any{}
	for _, s := range e.Standings {
		if s.Kind == directconnect.ToPrefix && !p.prefixes {
			continue
		}
		over := "nothing"
		if len(s.Over) > 0 {
			over = few(s.Over, " ")
		}
		rows = append(rows, []any{s.Destination, s.Reached, over})
	}
	return rows
}

// cutOff tells in lines what is cut off: in one, with the prefixes counted, or each by its name.
func (p resiliencyPrinter) cutOff(all []directconnect.Destination) []string {
	var names, parts, whole, gateways []string
	for _, d := range all {
		names = append(names, d.String())
		if d.Kind == directconnect.ToPrefix {
			gateways = append(gateways, d.Gateway)
		} else {
			whole = append(whole, d.String())
		}
	}
	if p.prefixes || len(all) == 0 {
		return names
	}
	if len(whole) > 0 {
		parts = append(parts, few(whole, ", "))
	}
	if len(gateways) > 0 {
		parts = append(parts, prefixesBy(gateways))
	}
	return []string{strings.Join(parts, ", ")}
}

// prefixesBy counts prefixes, of which each has its gateway in the list.
func prefixesBy(gateways []string) string {
	prefixes := fmt.Sprintf("%d prefixes", len(gateways))
	if len(gateways) == 1 {
		prefixes = "1 prefix"
	}
	slices.Sort(gateways)
	if by := slices.Compact(gateways); len(by) > 1 {
		return fmt.Sprintf("%s by %d gateways", prefixes, len(by))
	}
	return prefixes + " by gateway " + gateways[0]
}

// section is a table below others; one without rows says so.
func (p printer) section(headings []any, rows [][]any) error {
	fmt.Fprintln(p.out)
	if len(rows) == 0 {
		rows = [][]any{{"none"}}
	}
	return p.table(nil, headings, rows)
}

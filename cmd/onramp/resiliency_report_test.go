package main

import (
	"bytes"
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"onramp/internal/directconnect"
	"onramp/internal/operator"
)

// largeGroup is a group of eight connections at two locations with forty interfaces, five of them to a gateway, which
// carry four hundred prefixes; each gateway has ten that only its first interface carries.
func largeGroup() operator.Resiliency {
	l := directconnect.Layout{Intended: directconnect.MaximumResiliency}
	for i := range 8 {
		at := []string{"EqDC2", "CSVA1"}[i%2]
		l.Links = append(l.Links, directconnect.LayoutLink{
			ID: fmt.Sprintf("dxcon-ffabc00%d", i), Location: at, Router: fmt.Sprintf("%s-r%d", at, i/2%2), State: "available", Up: true,
		})
	}
	out := operator.Resiliency{ID: "dxrg-0123456789abcdefg", Name: "large", Account: "123456789012", Region: "us-east-1", State: "active"}
	for i := range 40 {
		gateway := i / 5
		v := directconnect.LayoutInterface{
			ID: fmt.Sprintf("dxvif-ffabc0%02d", i), LinkID: l.Links[i%8].ID, State: "available", Up: true,
			Gateway: fmt.Sprintf("%08d-aaaa-bbbb-cccc-0123456789ab", gateway),
		}
		for n := range 40 {
			v.Accepted = append(v.Accepted, netip.MustParsePrefix(fmt.Sprintf("10.%d.%d.0/24", gateway, n)))
		}
		for n := range 10 {
			if i%5 == 0 {
				v.Accepted = append(v.Accepted, netip.MustParsePrefix(fmt.Sprintf("172.%d.%d.0/24", 16+gateway, n)))
			}
		}
		l.Interfaces = append(l.Interfaces, v)
		out.Interfaces = append(out.Interfaces, operator.ResiliencyInterface{
			ID: v.ID, Link: v.LinkID, Gateway: v.Gateway, State: v.State, Up: v.Up, Accepted: len(v.Accepted),
		})
	}
	out.Links, out.Evaluation = l.Links, l.Evaluate()
	what := l.Imagine(directconnect.Element{Kind: directconnect.InterfaceElement, Name: l.Interfaces[0].ID})
	out.WhatIf = &what
	return out
}

// TestLargeResiliencyReport: of a large group the verdict comes first, then what threatens it, the layout last; prefixes are
// counted, and named only on demand.
func TestLargeResiliencyReport(t *testing.T) {
	t.Parallel()
	print := func(prefixes bool) string {
		var out bytes.Buffer
		if err := (resiliencyPrinter{printer{&out, formatTable}, prefixes}).report(largeGroup()); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	short, long := print(false), print(true)
	if !strings.HasPrefix(short, "Reached   none (falls short)\n") {
		t.Errorf("it begins with %.60q", short)
	}
	last := 0
	for _, next := range []string{
		"Prefixes  400, of which 80 fall short\n", "\nSINGLE POINT OF FAILURE ", "\nWithout interface dxvif-ffabc000: ", "\nWHAT IS REACHED  ", "\nLINK ", "\nINTERFACE ",
	} {
		at := strings.Index(short, next)
		if at < last {
			t.Errorf("%q is at %d, behind %d", next, at, last)
		}
		last = at
	}
	if strings.Contains(short, "172.16.") || !strings.Contains(short, "\ninterface dxvif-ffabc000   10 prefixes by gateway 00000000-aaaa-bbbb-cccc-0123456789ab\n") {
		t.Error("the prefixes are not counted")
	}
	if lines := strings.Count(short, "\n"); lines > 115 {
		t.Errorf("it has %d lines", lines)
	}
	for _, line := range strings.Split(short, "\n") {
		if len(line) > 140 {
			t.Errorf("%d characters are a long line: %s", len(line), line)
		}
	}
	for n := range 10 {
		name := fmt.Sprintf("prefix 172.16.%d.0/24 accepted by gateway 00000000-aaaa-bbbb-cccc-0123456789ab", n)
		// By the location, the router, the connection and the interface that it hangs on; of what is cut off without that
		// interface; and where it falls short, now and then.
		if strings.Count(long, name) != 7 {
			t.Errorf("%q is named %d times", name, strings.Count(long, name))
		}
	}
}

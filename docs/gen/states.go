package main

import (
	"fmt"
	"strings"

	dc "onramp/internal/directconnect"
)

// connectionEvents says what each event is, in words.
var connectionEvents = map[dc.ConnectionEvent]string{
	dc.EventConfirm:    "the customer accepts a hosted connection (ConfirmConnection)",
	dc.EventReject:     "the customer declines it (DeleteConnection while ordering)",
	dc.EventIssueLOA:   "the order is approved; from now on there is a LOA-CFA",
	dc.EventRefuse:     "the operator turns the order down",
	dc.EventLinkUp:     "light, and encryption where the mode is must_encrypt",
	dc.EventLinkDown:   "no light, or no encryption where the mode is must_encrypt",
	dc.EventUnreadable: "the router does not answer",
	dc.EventDelete:     "DeleteConnection or DeleteInterconnect",
	dc.EventLapse: fmt.Sprintf("no cross connect %d days after the LOA-CFA was issued or last fetched, and %d days of grace",
		int(dc.LOAAuthority.Hours()/24), int(dc.LOAGrace.Hours()/24)),
	dc.EventRelease: "the router has nothing of it any more; the port is free",
}

// keyEvents says what each event of a MACsec key is.
var keyEvents = map[dc.MACsecKeyEvent]string{
	dc.KeyInstalled:    "the router has the key; on a LAG, the router has it on every configured member",
	dc.KeyDisassociate: "DisassociateMacSecKey",
	dc.KeyRemoved:      "the router no longer has it; on a LAG, on no member. A key that reaches disassociated leaves the list",
}

// machine is one table of moves with what a diagram needs beside it.
type machine[S, E ~string] struct {
	states []S
	events []E
	next   func(S, E) (S, bool)
	begins []begin[S]
	words  map[E]string
}

// begin is a way into the machine that is no event of it: an operation that makes the thing.
type begin[S ~string] struct {
	state     S
	operation string
}

var connections = machine[dc.ConnectionState, dc.ConnectionEvent]{
	states: dc.ConnectionStates, events: dc.ConnectionEvents, next: dc.NextConnectionState, words: connectionEvents,
	begins: []begin[dc.ConnectionState]{
		{dc.ConnectionOrdering, "AllocateHostedConnection, AllocateConnectionOnInterconnect"},
		{dc.ConnectionRequested, "CreateConnection, CreateInterconnect, CreateLag"},
	},
}

var keys = machine[dc.MACsecKeyState, dc.MACsecKeyEvent]{
	states: dc.MACsecKeyStates, events: dc.MACsecKeyEvents, next: dc.NextMACsecKeyState, words: keyEvents,
	begins: []begin[dc.MACsecKeyState]{{dc.KeyAssociating, "AssociateMacSecKey"}},
}

// states prints docs/states.md.
func states() string {
	var b strings.Builder
	b.WriteString("<!-- Written by docs/gen (make gen) from the tables in internal/directconnect. Do not edit. -->\n\n# States\n\n")
	b.WriteString("Every move below stands in one table of `internal/directconnect`; what is not in the table is refused.\n\n")
	b.WriteString("## Connections and interconnects\n\n")
	b.WriteString("Dedicated connections and interconnects begin as `requested`, hosted connections as `ordering`.\n\n")
	connections.print(&b)
	b.WriteString("## MACsec keys\n\nA key is associated with one connection, or with one LAG for all its members.\n\n")
	keys.print(&b)
	b.WriteString("## Virtual interfaces\n\nAn attachment to a Direct Connect gateway is derived from its interface.\n\n")
	interfaces.print(&b)
	b.WriteString("## LAGs\n\n" + lagWords + "\n")
	printLAGs(&b)
	return b.String()
}

// print writes the diagram and the events in words. Events with the same ends share an arrow, and what leads nowhere else
// ends the diagram.
func (m machine[S, E]) print(b *strings.Builder) {
	b.WriteString("```mermaid\nstateDiagram-v2\n")
	for _, g := range m.begins {
		fmt.Fprintf(b, "    [*] --> %s: %s\n", g.state, g.operation)
	}
	repeats := map[E][]string{}
	for _, from := range m.states {
		arrows := map[S][]string{}
		for _, e := range m.events {
			to, ok := m.next(from, e)
			switch {
			case ok && to == from:
				repeats[e] = append(repeats[e], "`"+string(from)+"`")
			case ok:
				arrows[to] = append(arrows[to], string(e))
			}
		}
		for _, to := range m.states {
			if len(arrows[to]) > 0 {
				fmt.Fprintf(b, "    %s --> %s: %s\n", from, to, strings.Join(arrows[to], ", "))
			}
		}
		if len(arrows) == 0 {
			fmt.Fprintf(b, "    %s --> [*]\n", from)
		}
	}
	b.WriteString("```\n\n| Event | What happens |\n|---|---|\n")
	for _, e := range m.events {
		fmt.Fprintf(b, "| %s | %s |\n", e, m.words[e])
	}
	b.WriteString("\n")
	for _, e := range m.events {
		if len(repeats[e]) > 0 {
			fmt.Fprintf(b, "%s in %s changes nothing and is no error.\n\n", e, strings.Join(repeats[e], ", "))
		}
	}
}

package main

import (
	"fmt"
	"slices"
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

// section is one machine on the page.
type section struct {
	title, words string
	diagram      printer
	more         func(*strings.Builder) // what stands under the diagram, if anything
}

type printer interface{ print(*strings.Builder) }

// sections are all machines that the API shows, in the order of the page.
var sections = []section{
	{"Connections and interconnects", "Dedicated connections and interconnects begin as `requested`, hosted connections as `ordering`; " +
		"all three go through one machine.\n\n", connections, printKinds},
	{"LAGs", lagWords + "\n", lags, printLAGs},
	{"MACsec keys", "A key is associated with one connection, or with one LAG for all its members.\n\n", keys, nil},
	{"Virtual interfaces", "", interfaces, nil},
	{"BGP peers", "", peers, printStatus},
	{"Failover tests", "", tests, nil},
	{"Direct Connect gateways", "", gateways, nil},
	{"Gateway associations", "", associations, nil},
	{"Association proposals", "", proposals, nil},
	{"Attachments", "An attachment to a Direct Connect gateway is not stored: it follows from the state of its interface.\n\n", attachments, nil},
	{"Resiliency groups", "", groups, nil},
	{"Connections in a resiliency group", "", groupMembers, nil},
}

// states prints docs/states.md.
func states() string {
	var b strings.Builder
	b.WriteString("<!-- Written by docs/gen (make gen) from the tables in internal/directconnect. Do not edit. -->\n\n# States\n\n")
	b.WriteString("Every move below stands in one table of `internal/directconnect`; what is not in the table is refused. LAGs, attachments and\n" +
		"`bgpStatus` have no table: they are derived, and printed here by asking the rule.\n\n")
	for _, s := range sections {
		b.WriteString("## " + s.title + "\n\n" + s.words)
		s.diagram.print(&b)
		if s.more != nil {
			s.more(&b)
		}
	}
	return strings.TrimRight(b.String(), "\n") + "\n"
}

// printKinds says which states each kind of connection can come to.
func printKinds(b *strings.Builder) {
	b.WriteString("| kind | states |\n|---|---|\n")
	for _, k := range []struct {
		kind  string
		first dc.ConnectionState
	}{{"dedicated, interconnect", dc.ConnectionRequested}, {"hosted", dc.ConnectionOrdering}} {
		fmt.Fprintf(b, "| %s | `%s` |\n", k.kind, joined(connections.reachable(k.first), "`, `"))
	}
	b.WriteString("\n")
}

// reachable are the states that one can come to from a state, itself included, in the order of a life.
func (m machine[S, E]) reachable(from S) []S {
	reached := []S{from}
	for i := 0; i < len(reached); i++ {
		for _, e := range m.events {
			if to, ok := m.next(reached[i], e); ok {
				reached = with(reached, to)
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(m.states), func(s S) bool { return !slices.Contains(reached, s) })
}

// joined is strings.Join of states or events.
func joined[T ~string](list []T, separator string) string {
	var words []string
	for _, one := range list {
		words = append(words, string(one))
	}
	return strings.Join(words, separator)
}

// with is a list with one more element, unless it has it.
func with[T comparable](list []T, one T) []T {
	if slices.Contains(list, one) {
		return list
	}
	return append(list, one)
}

// print writes the diagram and the events in words. Events with the same ends share an arrow, and what leads nowhere else
// ends the diagram.
func (m machine[S, E]) print(b *strings.Builder) {
	d := diagram[S, E]{states: m.states, events: m.events, begins: m.begins, words: m.words}
	repeats := map[E][]string{}
	for _, from := range m.states {
		for _, e := range m.events {
			to, ok := m.next(from, e)
			switch {
			case ok && to == from:
				repeats[e] = append(repeats[e], "`"+string(from)+"`")
			case ok:
				d.arrow(from, to, e)
			}
		}
	}
	d.print(b)
	for _, e := range m.events {
		if len(repeats[e]) > 0 {
			fmt.Fprintf(b, "%s in %s does not change the state and is no error.\n\n", e, strings.Join(repeats[e], ", "))
		}
	}
}

// diagram is what is drawn of a machine.
type diagram[S, E ~string] struct {
	states []S
	events []E
	begins []begin[S]
	words  map[E]string
	arrows map[[2]S][]E
}

// arrow draws an event, once.
func (d *diagram[S, E]) arrow(from, to S, e E) {
	if d.arrows == nil {
		d.arrows = map[[2]S][]E{}
	}
	ends := [2]S{from, to}
	d.arrows[ends] = with(d.arrows[ends], e)
}

func (d diagram[S, E]) print(b *strings.Builder) {
	b.WriteString("```mermaid\nstateDiagram-v2\n")
	for _, g := range d.begins {
		fmt.Fprintf(b, "    [*] --> %s: %s\n", g.state, g.operation)
	}
	for _, from := range d.states {
		leads := false
		for _, to := range d.states {
			drawn := d.arrows[[2]S{from, to}]
			events := slices.DeleteFunc(slices.Clone(d.events), func(e E) bool { return !slices.Contains(drawn, e) })
			if len(events) == 0 {
				continue
			}
			leads = true
			fmt.Fprintf(b, "    %s --> %s: %s\n", from, to, joined(events, ", "))
		}
		if !leads {
			fmt.Fprintf(b, "    %s --> [*]\n", from)
		}
	}
	b.WriteString("```\n\n| Event | What happens |\n|---|---|\n")
	for _, e := range d.events {
		fmt.Fprintf(b, "| %s | %s |\n", e, d.words[e])
	}
	b.WriteString("\n")
}

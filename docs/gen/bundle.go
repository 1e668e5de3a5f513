package main

import (
	"slices"
	"strings"

	dc "onramp/internal/directconnect"
)

// lagEvent is something that happens to a LAG or to one of its members.
type lagEvent string

const (
	lagJoin   lagEvent = "MemberJoins"
	lagLeave  lagEvent = "MemberLeaves"
	lagUpdate lagEvent = "UpdateLag"
	lagDelete lagEvent = "DeleteLag"
)

// lagEvents are those, and the events of connections that a member stays one through.
var lagEvents = []lagEvent{
	lagEvent(dc.EventLinkUp), lagEvent(dc.EventLinkDown), lagEvent(dc.EventUnreadable), lagJoin, lagLeave, lagUpdate, lagDelete,
}

var lagEventWords = map[lagEvent]string{
	lagEvent(dc.EventLinkUp):     "of a member: as of a connection",
	lagEvent(dc.EventLinkDown):   "of a member: as of a connection",
	lagEvent(dc.EventUnreadable): "of a member: its router does not answer",
	lagJoin:                      "AssociateConnectionWithLag",
	lagLeave:                     "DisassociateConnectionFromLag, or the deletion of a member begins",
	lagUpdate:                    "minimumLinks is changed",
	lagDelete:                    "DeleteLag",
}

// bundle is a LAG as far as its state goes: minimumLinks and how many members stand where, by the index in standings.
type bundle struct {
	minimumLinks int
	members      [4]int
	deleted      bool
}

// mostMembers is how large the bundles are that are looked at; a test shows that larger ones draw no other arrow.
const mostMembers = 3

var standings = [4]member{waiting, up, down, unread}

func (b bundle) size() (n int) {
	for _, of := range b.members {
		n += of
	}
	return n
}

func (b bundle) state() dc.LAGState {
	var members []dc.Connection
	for i, n := range b.members {
		members = append(members, slices.Repeat([]dc.Connection{standings[i].Connection}, n)...)
	}
	g := dc.LAG{MinimumLinks: b.minimumLinks}
	if b.deleted {
		g.Deleted = lit
	}
	return g.State(members)
}

// leads calls f with what every event may make of the bundle, up to that many members.
func (b bundle) leads(most int, f func(lagEvent, bundle)) {
	if b.deleted {
		return
	}
	for i, n := range b.members {
		if joined := b; b.size() < most {
			joined.members[i]++
			f(lagJoin, joined)
		}
		if n > 0 {
			b.memberLeads(i, f)
		}
	}
	for links := range b.size() + 1 {
		updated := b
		updated.minimumLinks = links
		f(lagUpdate, updated)
	}
	f(lagDelete, bundle{deleted: true})
}

// memberLeads does so for the events of one member that stands at i.
func (b bundle) memberLeads(i int, f func(lagEvent, bundle)) {
	without := b
	without.members[i]--
	f(lagLeave, without)
	for _, e := range dc.ConnectionEvents {
		to, ok := dc.NextConnectionState(standings[i].State, e)
		at := slices.IndexFunc(standings[:], func(m member) bool { return m.State == to })
		if !ok || at < 0 {
			continue // on its way out: it has left
		}
		moved := without
		moved.members[at]++
		f(lagEvent(e), moved)
	}
}

// lagDiagram draws a derived state: by going through all bundles up to a size, and asking LAG.State before and after every
// event.
type lagDiagram struct{}

var lags lagDiagram

func (lagDiagram) drawn(most int) diagram[dc.LAGState, lagEvent] {
	d := diagram[dc.LAGState, lagEvent]{
		states: dc.LAGStates, events: lagEvents, words: lagEventWords,
		begins: []begin[dc.LAGState]{{dc.LAGPending, "CreateLag"}},
	}
	reached := []bundle{{members: [4]int{1}}}
	for i := 0; i < len(reached); i++ {
		reached[i].leads(most, func(e lagEvent, to bundle) {
			was, is := reached[i].state(), to.state()
			if was != is {
				d.arrow(was, is, e)
			}
			reached = with(reached, to)
		})
	}
	return d
}

func (lagDiagram) print(b *strings.Builder) { lags.drawn(mostMembers).print(b) }

package main

import (
	"fmt"
	"strings"
	"time"

	dc "onramp/internal/directconnect"
)

// lagWords is the rule of LAG.State; the table under it is asked of the rule itself.
const lagWords = "A LAG's state is not stored: it follows from its members, the live connections in it.\n\n" +
	"- `deleted` once DeleteLag has answered;\n" +
	"- `available` while as many members as minimumLinks, and at least one, are `available`;\n" +
	"- `unknown` when it would be `available` if every `unknown` member were;\n" +
	"- `pending` otherwise, as long as no member has ever had light, and without members;\n" +
	"- `down` in all other cases.\n"

// member is a connection as a LAG sees it.
type member struct {
	words string
	dc.Connection
}

var (
	lit     = time.Unix(1, 0)
	waiting = member{"pending", dc.Connection{State: dc.ConnectionPending}}
	up      = member{"available", dc.Connection{State: dc.ConnectionAvailable, FirstLight: lit}}
	down    = member{"down", dc.Connection{State: dc.ConnectionDown, FirstLight: lit}}
	unread  = member{"unknown", dc.Connection{State: dc.ConnectionUnknown, FirstLight: lit}}
)

// lagExamples are the bundles that the page shows.
var lagExamples = []struct {
	minimumLinks int
	members      []member
	deleted      bool
}{
	{minimumLinks: 0},
	{minimumLinks: 0, members: []member{waiting, waiting}},
	{minimumLinks: 0, members: []member{up, waiting}},
	{minimumLinks: 0, members: []member{up, down}},
	{minimumLinks: 0, members: []member{down, down}},
	{minimumLinks: 2, members: []member{up, up, down}},
	{minimumLinks: 2, members: []member{up, waiting}},
	{minimumLinks: 2, members: []member{up, down}},
	{minimumLinks: 2, members: []member{up, unread}},
	{minimumLinks: 2, members: []member{unread, down}},
	{minimumLinks: 0, deleted: true},
}

func printLAGs(b *strings.Builder) {
	b.WriteString("| minimumLinks | members | LAG |\n|---|---|---|\n")
	for _, k := range lagExamples {
		g := dc.LAG{MinimumLinks: k.minimumLinks}
		if k.deleted {
			g.Deleted = lit
		}
		var words []string
		var members []dc.Connection
		for _, m := range k.members {
			words, members = append(words, m.words), append(members, m.Connection)
		}
		if len(words) == 0 {
			words = []string{"none"}
		}
		if k.deleted {
			words = []string{"detached by DeleteLag"}
		}
		fmt.Fprintf(b, "| %d | %s | `%s` |\n", k.minimumLinks, strings.Join(words, ", "), g.State(members))
	}
}

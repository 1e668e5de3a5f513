package store

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"onramp/internal/directconnect"
)

// RouterRows are the live rows of one router as they stood in one transaction. They are shared with later ones that find
// them as they were: whoever is given them changes nothing in them.
type RouterRows struct {
	Connections []directconnect.Connection       // of every kind, ordered by (Created, ID)
	Interfaces  []directconnect.VirtualInterface // ordered by (Created, ID)

	connections stamped[directconnect.Connection]
	interfaces  stamped[directconnect.VirtualInterface]
}

// Len is how many rows they are.
func (r *RouterRows) Len() int { return len(r.Connections) + len(r.Interfaces) }

// RouterRows reads the live rows of a router. Of those of an earlier answer (nil: there is none) it reads again only what is
// another row than it was: which rows there are, and their stamps, is read each time, in this same transaction, so that
// what is answered is what stands there now, whoever has written it.
func (tx *Tx) RouterRows(router string, before *RouterRows) (*RouterRows, error) {
	if before == nil {
		before = &RouterRows{}
	}
	connections, err := keptConnections.read(tx, router, before.connections)
	if err != nil {
		return nil, err
	}
	interfaces, err := keptInterfaces.read(tx, router, before.interfaces)
	if err != nil {
		return nil, err
	}
	return &RouterRows{Connections: connections.rows, Interfaces: interfaces.rows, connections: connections, interfaces: interfaces}, nil
}

// stamped are rows with their stamps.
type stamped[T any] struct {
	text   string // all stamps, as the database wrote them
	rows   []T
	stamps []string // of each row
}

// ConnectionStamps tell states of a router's live connections apart: equal texts, equal rows. Equal rows mostly give equal
// texts, but for their order.
func (tx *Tx) ConnectionStamps(router string) (string, error) {
	return keptConnections.stamps(tx, router)
}

// rowEnd separates rows in a text of several: the record separator of ASCII, which no identifier has.
const rowEnd = "\x1e"

// separators are what no identifier may have in it.
const separators = fieldEnd + rowEnd

// kept is a table whose rows of a router are kept between transactions. A row's stamp is all that changes whenever the row
// does: its version, which every write moves on but a lease, and the due time, which a lease sets; with the time at which it
// was created, since the identifier of a row that was removed may be given again.
type kept[T any] struct {
	table, columns string
	query          string // for the stamps
	fetch          func(tx *Tx, query string, args []any) ([]T, error)
	place          func(*T) Cursor
}

// keep is such a table. The stamps are one text: a driver spends more on a row than a database on writing it. They are in no
// order, as sorting costs as much again.
func keep[T any](table, columns string, fetch func(tx *Tx, query string, args []any) ([]T, error), place func(*T) Cursor) kept[T] {
	return kept[T]{
		table: table, columns: columns, fetch: fetch, place: place,
		query: "SELECT COALESCE(string_agg(created || ' ' || version || ' ' || COALESCE(due, 0) || ' ' || id, '" + rowEnd +
			"'), '') FROM " + table + " WHERE router = ? AND deleted = 0",
	}
}

var keptConnections = keep("connection", connectionColumns,
	func(tx *Tx, query string, args []any) ([]directconnect.Connection, error) {
		return tx.connections(query, args)
	},
	func(c *directconnect.Connection) Cursor { return Cursor{c.Created, c.ID} })

var keptInterfaces = keep("virtual_interface", interfaceColumns,
	func(tx *Tx, query string, args []any) ([]directconnect.VirtualInterface, error) {
		return rows(tx, query, args, scanInterface)
	},
	func(v *directconnect.VirtualInterface) Cursor { return Cursor{v.Created, v.ID} })

func (k kept[T]) stamps(tx *Tx, router string) (text string, err error) {
	return text, tx.one(k.query, []any{router}, &text)
}

// read answers the rows and their stamps; have are rows that were read before, with theirs.
func (k kept[T]) read(tx *Tx, router string, have stamped[T]) (stamped[T], error) {
	text, err := k.stamps(tx, router)
	if err != nil || text == have.text {
		return have, err
	}
	if text == "" {
		return stamped[T]{}, nil
	}
	old := make(map[string]*T, len(have.rows))
	for i, stamp := range have.stamps {
		old[stamp] = &have.rows[i]
	}
	now := stamped[T]{text: text, stamps: strings.Split(text, rowEnd)}
	now.rows = make([]T, len(now.stamps))
	missing := map[string]*T{} // where they go, by ID
	for i, stamp := range now.stamps {
		if row := old[stamp]; row != nil {
			now.rows[i] = *row
			continue
		}
		parts := strings.SplitN(stamp, " ", 4)
		if len(parts) < 4 {
			return now, fmt.Errorf("store: %s of router %s: an identifier has a control character", k.table, router)
		}
		missing[parts[3]] = &now.rows[i]
	}
	if err := k.fill(tx, missing); err != nil {
		return now, err
	}
	k.order(&now)
	return now, nil
}

// order sorts rows by (Created, ID), mostly finding that they are.
func (k kept[T]) order(s *stamped[T]) {
	compare := func(a, b *T) int {
		x, y := k.place(a), k.place(b)
		return cmp.Or(x.Created.Compare(y.Created), cmp.Compare(x.ID, y.ID))
	}
	places, sorted := make([]int, len(s.rows)), true
	for i := range places {
		places[i] = i
		sorted = sorted && (i == 0 || compare(&s.rows[i-1], &s.rows[i]) < 0)
	}
	if sorted {
		return
	}
	slices.SortFunc(places, func(i, j int) int { return compare(&s.rows[i], &s.rows[j]) })
	rows, stamps := make([]T, len(places)), make([]string, len(places))
	for to, from := range places {
		rows[to], stamps[to] = s.rows[from], s.stamps[from]
	}
	s.rows, s.stamps = rows, stamps
}

// fill reads rows by their IDs into their places.
func (k kept[T]) fill(tx *Tx, missing map[string]*T) error {
	found := 0
	err := byIDs(slices.Sorted(maps.Keys(missing)), func(args []any) error {
		some, err := k.fetch(tx, "SELECT "+k.columns+" FROM "+k.table+" WHERE id IN ("+marks(len(args))+")", args)
		for i := range some {
			if to := missing[k.place(&some[i]).ID]; to != nil {
				*to = some[i]
				found++
			}
		}
		return err
	})
	if err == nil && found != len(missing) {
		err = fmt.Errorf("store: of %d rows of %s only %d are there in the same transaction", len(missing), k.table, found)
	}
	return err
}

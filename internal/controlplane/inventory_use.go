package controlplane

import (
	"fmt"
	"strings"

	"onramp/internal/directconnect"
	"onramp/internal/inventory"
	"onramp/internal/store"
)

// checkUse refuses changes that need something free which is not.
func checkUse(tx *store.Tx, changes inventory.Changes, k kept) error {
	var uses []string
	for _, l := range changes.Locations {
		if l.Needs != "" {
			users, err := usersOf(tx, store.ConnectionQuery{Location: l.ID}, store.LAGQuery{Location: l.ID})
			if err != nil {
				return err
			}
			uses = appendUses(uses, "location "+l.ID, users)
		}
	}
	for _, r := range changes.Routers {
		if r.Needs != "" {
			users, err := usersOf(tx, store.ConnectionQuery{Router: r.ID}, store.LAGQuery{Router: r.ID})
			if err != nil {
				return err
			}
			uses = appendUses(uses, "router "+r.ID, users)
		}
	}
	for _, p := range changes.Ports {
		if p.Needs == "" || k.ports[p.ID].ConnectionID == "" {
			continue
		}
		c, err := tx.Connection(k.ports[p.ID].ConnectionID)
		if err != nil {
			return err
		}
		uses = appendUses(uses, "port "+p.ID, []string{connectionUser(c)})
	}
	if len(uses) == 0 {
		return nil
	}
	const most = 20
	more := ""
	if n := len(uses) - most; n > 0 {
		uses, more = uses[:most], fmt.Sprintf("; and %d more", n)
	}
	return refuse(Conflict, "The inventory was not changed. In use: %s%s.", strings.Join(uses, "; "), more)
}

// maxUsers bounds how many users of one thing are named.
const maxUsers = 5

func appendUses(uses []string, what string, users []string) []string {
	if len(users) == 0 {
		return uses
	}
	more := ""
	if len(users) > maxUsers {
		users, more = users[:maxUsers], " and others"
	}
	return append(uses, what+" by "+strings.Join(users, ", ")+more)
}

// usersOf names the live connections and LAGs of a location or router, a few more than are shown.
func usersOf(tx *store.Tx, connections store.ConnectionQuery, lags store.LAGQuery) ([]string, error) {
	connections.LiveOnly, connections.Limit = true, maxUsers+1
	cs, err := tx.Connections(connections)
	if err != nil {
		return nil, err
	}
	lags.LiveOnly, lags.Limit = true, maxUsers+1
	gs, err := tx.LAGs(lags)
	if err != nil {
		return nil, err
	}
	var users []string
	for _, c := range cs {
		users = append(users, connectionUser(c))
	}
	for _, g := range gs {
		users = append(users, fmt.Sprintf("LAG %s of account %s", g.ID, g.Account))
	}
	return users, nil
}

func connectionUser(c directconnect.Connection) string {
	return fmt.Sprintf("connection %s of account %s", c.ID, c.Account)
}

package store

import (
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"onramp/internal/directconnect"
)

// interfaceFields are the columns, body last.
const interfaceFields = "id, account, parent_id, connection_owner, region, location, router, type, state, vlan, gateway_id, created, " +
	"due, deleted, version, body"

// interfaceText is a row as one text, as connectionColumns; interfaceColumns adds what pages are ordered by.
var (
	interfaceText    = asText("virtual_interface", interfaceFields)
	interfaceColumns = interfaceText + ", created, id"
)

func scanInterface(r *sql.Rows) (directconnect.VirtualInterface, error) {
	var text, id string
	var created int64
	if err := r.Scan(&text, &created, &id); err != nil {
		return directconnect.VirtualInterface{}, err
	}
	return parseInterface(text)
}

// parseInterface is the inverse of interfaceColumns.
func parseInterface(row string) (v directconnect.VirtualInterface, err error) {
	text := func() (field string) {
		field, row, _ = strings.Cut(row, fieldEnd)
		return field
	}
	number := func() (n int64) {
		if field := text(); field != "" && err == nil {
			n, err = strconv.ParseInt(field, 10, 64)
		}
		return n
	}
	v.ID, v.Account, v.ParentID, v.ConnectionOwner = text(), text(), text(), text()
	v.Region, v.Location, v.Router = text(), text(), text()
	v.Type, v.State = directconnect.InterfaceType(text()), directconnect.InterfaceState(text())
	v.VLAN, v.GatewayID = int32(number()), text()
	v.Created, v.Due, v.Deleted = fromMicros(number()), fromMicros(number()), fromMicros(number())
	v.Version = number()
	if err != nil {
		return v, fmt.Errorf("store: virtual interface %s: %w", v.ID, err)
	}
	return v, decodeInterfaceBody(row, &v)
}

// Interface answers a virtual interface by its ID.
func (tx *Tx) Interface(id string) (directconnect.VirtualInterface, error) {
	return row(tx, "SELECT "+interfaceColumns+" FROM virtual_interface WHERE id = ?", id, scanInterface)
}

// PutInterface inserts v when its Version is 0, and otherwise replaces the row if it still has that version (ErrConflict).
// It moves v.Version on. The subnets of its live peers are kept beside it, and the routes of one that has ended go. A
// *TakenError says "id", "vlan" or "address".
func (tx *Tx) PutInterface(v *directconnect.VirtualInterface) error {
	return put(tx, v.ID, v.Version, v, tx.Interface, func() error { return tx.writeInterface(v) }, tellInterface)
}

func (tx *Tx) writeInterface(v *directconnect.VirtualInterface) error {
	if v.Live() != v.Deleted.IsZero() {
		return fmt.Errorf("store: virtual interface %s is in state %s with deletion time %v", v.ID, v.State, v.Deleted)
	}
	if strings.ContainsAny(v.ID+v.Account+v.ParentID+v.ConnectionOwner+v.Region+v.Location+v.Router+v.GatewayID, separators) {
		return fmt.Errorf("store: virtual interface %q has a control character in an identifier", v.ID)
	}
	body, err := encodeBody(v)
	if err != nil {
		return err
	}
	columns := []any{v.Account, v.ParentID, v.ConnectionOwner, v.Region, v.Location, v.Router, string(v.Type), string(v.State),
		int64(v.VLAN), textOrNull(v.GatewayID), micros(v.Created), microsOrNull(v.Due), micros(v.Deleted), body, v.ID}
	if v.Version == 0 {
		if _, err := tx.exec("INSERT INTO virtual_interface (account, parent_id, connection_owner, region, location, router, type, "+
			"state, vlan, gateway_id, created, due, deleted, version, body, id) "+
			"VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?)", columns...); err != nil {
			return err
		}
		v.Version = 1
		return tx.takeAddresses(v.ID, v.ParentID, addresses(v), nil)
	}
	if err := tx.swap(&v.Version, "UPDATE virtual_interface SET account = ?, parent_id = ?, connection_owner = ?, region = ?, "+
		"location = ?, router = ?, type = ?, state = ?, vlan = ?, gateway_id = ?, created = ?, due = ?, deleted = ?, "+
		"version = version + 1, body = ? WHERE id = ? AND version = ?", append(columns, v.Version)...); err != nil {
		return err
	}
	if !v.Live() {
		if err := tx.DeleteRoutes(v.ID); err != nil {
			return err
		}
	}
	return tx.moveAddresses(v)
}

// addresses are the subnets that an interface occupies on its parent.
func addresses(v *directconnect.VirtualInterface) []string {
	var subnets []string
	for _, p := range v.Peers {
		if v.Live() && p.State != directconnect.PeerDeleting && p.State != directconnect.PeerDeleted && p.Amazon.IsValid() {
			subnets = append(subnets, p.Amazon.Masked().String())
		}
	}
	return subnets
}

// moveAddresses makes the subnets that are kept those that v has, writing only what changes.
func (tx *Tx) moveAddresses(v *directconnect.VirtualInterface) error {
	want := addresses(v)
	var have []string
	var gone [][2]string
	err := tx.each("SELECT parent_id, subnet FROM vif_address WHERE vif_id = ?", []any{v.ID}, func(r *sql.Rows) error {
		var parent, subnet string
		err := r.Scan(&parent, &subnet)
		if parent == v.ParentID && slices.Contains(want, subnet) {
			have = append(have, subnet)
		} else {
			gone = append(gone, [2]string{parent, subnet})
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, g := range gone {
		if _, err := tx.exec("DELETE FROM vif_address WHERE parent_id = ? AND subnet = ?", g[0], g[1]); err != nil {
			return err
		}
	}
	return tx.takeAddresses(v.ID, v.ParentID, want, have)
}

func (tx *Tx) takeAddresses(id, parent string, want, have []string) error {
	for _, subnet := range want {
		if slices.Contains(have, subnet) {
			continue
		}
		if _, err := tx.exec("INSERT INTO vif_address (parent_id, subnet, vif_id) VALUES (?, ?, ?)", parent, subnet, id); err != nil {
			return err
		}
	}
	return nil
}

// InterfaceQuery chooses virtual interfaces. What is empty does not restrict.
type InterfaceQuery struct {
	// At least one of these is set. Party owns the interface or the connection that it is on.
	Account, ParentID, ConnectionOwner, GatewayID, Router, Party string

	Region     string
	LiveOnly   bool      // neither deleted nor rejected
	EndedAfter time.Time // without LiveOnly: of those that ended, only since then
	After      Cursor    // behind this one
	Limit      int       // 0: all
}

func (q InterfaceQuery) choice() (choice, error) {
	f := &filter{}
	f.equal("parent_id", q.ParentID)
	f.equal("gateway_id", q.GatewayID)
	f.equal("router", q.Router)
	narrow := len(f.terms) > 0
	f.equal("region", q.Region)
	if narrow {
		// Written so that no index serves it: an account may have many interfaces, these have few.
		f.amid(q.Account, "account")
		f.amid(q.ConnectionOwner, "connection_owner")
		f.amid(q.Party, "account, connection_owner")
	} else {
		f.equal("account", q.Account)
		f.equal("connection_owner", q.ConnectionOwner)
	}
	if !narrow && q.Account == "" && q.ConnectionOwner == "" && q.Party == "" {
		return nil, errWideQuery
	}
	f.ended(q.LiveOnly, q.EndedAfter)
	if narrow {
		return choice{f}, nil
	}
	return f.party("account", "connection_owner", q.Party), nil
}

// Interfaces answers what q chooses, ordered by (Created, ID).
func (tx *Tx) Interfaces(q InterfaceQuery) ([]directconnect.VirtualInterface, error) {
	c, err := q.choice()
	if err != nil {
		return nil, err
	}
	query, args := c.page(tx.session.dialect, interfaceColumns, "virtual_interface", q.After, q.Limit)
	return rows(tx, query, args, scanInterface)
}

// InterfacesOn answers the live interfaces of several connections and LAGs in one statement, in no particular order.
func (tx *Tx) InterfacesOn(parents []string) ([]directconnect.VirtualInterface, error) {
	if len(parents) == 0 {
		return nil, nil
	}
	args := make([]any, len(parents))
	for i, p := range parents {
		args[i] = p
	}
	return rows(tx, "SELECT "+interfaceColumns+" FROM virtual_interface WHERE deleted = 0 AND parent_id IN (?"+
		strings.Repeat(", ?", len(parents)-1)+")", args, scanInterface)
}

// CountInterfaces counts what q chooses; After and Limit do not matter.
func (tx *Tx) CountInterfaces(q InterfaceQuery) (int, error) {
	c, err := q.choice()
	if err != nil {
		return 0, err
	}
	return c.count(tx, "virtual_interface")
}

// ClaimDueInterfaces is ClaimDueConnections for virtual interfaces.
func (tx *Tx) ClaimDueInterfaces(now, lease time.Time, limit int) ([]directconnect.VirtualInterface, error) {
	return claimDue(tx, "virtual_interface", interfaceColumns, now, lease, limit, scanInterface,
		func(v directconnect.VirtualInterface) string { return v.ID })
}

// WakeInterfaces makes the live interfaces that q chooses due now, and answers how many were not already; After and Limit
// do not matter. It moves their versions on, as WakeConnections does: put an interface before, not after it.
func (tx *Tx) WakeInterfaces(q InterfaceQuery, now time.Time) (int, error) {
	q.LiveOnly = true
	c, err := q.choice()
	if err != nil {
		return 0, err
	}
	woken := 0
	for _, f := range c {
		f.add("(due IS NULL OR due > ?)", micros(now))
		n, err := tx.exec("UPDATE virtual_interface SET due = ?, version = version + 1"+f.String(), append([]any{micros(now)}, f.args...)...)
		if err != nil {
			return woken, err
		}
		woken += n
	}
	return woken, nil
}

// PurgeDeletedInterfaces removes interfaces that ended before a time, at most limit, and answers how many.
func (tx *Tx) PurgeDeletedInterfaces(before time.Time, limit int) (int, error) {
	return tx.purge("virtual_interface", before, limit)
}

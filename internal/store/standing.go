package store

import (
	"database/sql"
	"strings"
	"time"

	"onramp/internal/directconnect"
)

// ConnectionStanding is where a connection stands, without all else that is kept of it: of ten thousand it is read in the
// time of a few hundred connections.
type ConnectionStanding struct {
	ID                                string
	Kind                              directconnect.ConnectionKind
	State                             directconnect.ConnectionState
	Account, Region, Location, Router string
	LagID, ParentID, Partner          string // as of a Connection
}

// InterfaceStanding is where a virtual interface stands.
type InterfaceStanding struct {
	ID                                 string
	Type                               directconnect.InterfaceType
	State                              directconnect.InterfaceState
	Account, ParentID, ConnectionOwner string
	Region, Location, Router           string
	LeadsTo                            string // as VirtualInterface.LeadsTo
}

var connectionStanding = asText("connection", "id, kind, state, account, region, location, router, lag_id, parent_id, partner")

// ConnectionStandings answers those of the live connections of an account, of every account if it is empty, by Region, the
// oldest first.
func (tx *Tx) ConnectionStandings(account string) ([]ConnectionStanding, error) {
	return tx.connectionStandings("account", account, "region, created, id")
}

// SoldStandings answers those of the live hosted connections that an account has allocated to others, the oldest first.
func (tx *Tx) SoldStandings(partner string) ([]ConnectionStanding, error) {
	if partner == "" {
		return nil, errWideQuery
	}
	return tx.connectionStandings("partner", partner, "created, id")
}

func (tx *Tx) connectionStandings(column, value, order string) (all []ConnectionStanding, err error) {
	f := &filter{}
	f.equal(column, value)
	f.ended(true, time.Time{})
	row := ""
	dest := []any{&row}
	err = tx.each("SELECT "+connectionStanding+" FROM connection"+f.String()+" ORDER BY "+order, f.args, func(r *sql.Rows) error {
		if err := r.Scan(dest...); err != nil {
			return err
		}
		next := fields(row)
		all = append(all, ConnectionStanding{
			ID: next(), Kind: directconnect.ConnectionKind(next()), State: directconnect.ConnectionState(next()), Account: next(), Region: next(),
			Location: next(), Router: next(), LagID: next(), ParentID: next(), Partner: next(),
		})
		return nil
	})
	return all, err
}

// fields takes a row apart that asText has put together.
func fields(row string) func() string {
	return func() (field string) {
		field, row, _ = strings.Cut(row, fieldEnd)
		return field
	}
}

// interfaceStanding has the body only of what may lead to a gateway that is named there.
var interfaceStanding = asText("virtual_interface", "id, type, state, account, parent_id, connection_owner, region, location, router, gateway_id") +
	", CASE WHEN type = 'private' AND gateway_id IS NULL THEN body ELSE '' END"

// InterfaceStandings answers those of the live interfaces that an account owns or whose connections it owns, of every account
// if it is empty: its own first, by Region, the oldest first.
func (tx *Tx) InterfaceStandings(account string) ([]InterfaceStanding, error) {
	f := &filter{}
	f.equal("account", account)
	own, err := tx.interfaceStandings(f)
	if err != nil || account == "" {
		return own, err
	}
	f = &filter{}
	f.equal("connection_owner", account)
	f.add("connection_owner <> account")
	others, err := tx.interfaceStandings(f)
	return append(own, others...), err
}

func (tx *Tx) interfaceStandings(f *filter) (all []InterfaceStanding, err error) {
	f.ended(true, time.Time{})
	row, body := "", ""
	dest := []any{&row, &body}
	err = tx.each("SELECT "+interfaceStanding+" FROM virtual_interface"+f.String()+" ORDER BY region, created, id", f.args, func(r *sql.Rows) error {
		if err := r.Scan(dest...); err != nil {
			return err
		}
		next := fields(row)
		v := InterfaceStanding{
			ID: next(), Type: directconnect.InterfaceType(next()), State: directconnect.InterfaceState(next()), Account: next(), ParentID: next(),
			ConnectionOwner: next(), Region: next(), Location: next(), Router: next(),
		}
		whole := directconnect.VirtualInterface{Type: v.Type, GatewayID: next()}
		if body != "" {
			if err := decodeInterfaceBody(body, &whole); err != nil {
				return err
			}
		}
		v.LeadsTo = whole.LeadsTo()
		all = append(all, v)
		return nil
	})
	return all, err
}

// AllLAGs answers the live LAGs of every account, the oldest first.
func (tx *Tx) AllLAGs() ([]directconnect.LAG, error) {
	return tx.lags("SELECT "+lagColumns+" FROM lag WHERE deleted = 0 ORDER BY created, id", nil)
}

// AllGateways answers the live gateways of every account, the oldest first.
func (tx *Tx) AllGateways() ([]directconnect.Gateway, error) {
	return rows(tx, "SELECT "+gatewayColumns+" FROM gateway WHERE deleted = 0 ORDER BY created, id", nil, scanGateway)
}

// AllAssociations answers the live associations of every account, the oldest first.
func (tx *Tx) AllAssociations() ([]directconnect.Association, error) {
	return rows(tx, "SELECT "+associationColumns+" FROM association WHERE deleted = 0 ORDER BY created, id", nil, scanAssociation)
}

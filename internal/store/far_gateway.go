package store

import (
	"database/sql"

	"onramp/internal/directconnect"
)

const farGatewayColumns = "id, account, region, version, body"

func scanFarGateway(r *sql.Rows) (g directconnect.FarGateway, err error) {
	var body string
	if err := r.Scan(&g.ID, &g.Account, &g.Region, &g.Version, &body); err != nil {
		return g, err
	}
	return g, decodeBody(body, &g)
}

// FarGateway answers a virtual private gateway or transit gateway of the operator's registry by its ID.
func (tx *Tx) FarGateway(id string) (directconnect.FarGateway, error) {
	return row(tx, "SELECT "+farGatewayColumns+" FROM far_gateway WHERE id = ?", id, scanFarGateway)
}

// FarGatewaysAmong answers those of some IDs that are in the registry, by ID.
func (tx *Tx) FarGatewaysAmong(ids []string) (map[string]directconnect.FarGateway, error) {
	found := make(map[string]directconnect.FarGateway, len(ids))
	return found, byIDs(ids, func(args []any) error {
		some, err := rows(tx, "SELECT "+farGatewayColumns+" FROM far_gateway WHERE id IN ("+marks(len(args))+")", args, scanFarGateway)
		for _, g := range some {
			found[g.ID] = g
		}
		return err
	})
}

// FarGateways answers those of an account in a Region, of any account or in any Region when it is empty, ordered by ID,
// behind after, at most limit (0: all).
func (tx *Tx) FarGateways(account, region, after string, most int) ([]directconnect.FarGateway, error) {
	f := &filter{}
	f.equal("account", account)
	f.equal("region", region)
	f.add("id > ?", after)
	return rows(tx, "SELECT "+farGatewayColumns+" FROM far_gateway"+f.String()+" ORDER BY id"+limit(most), f.args, scanFarGateway)
}

// PutFarGateway inserts g when its Version is 0, and otherwise replaces the row if it still has that version (ErrConflict).
// It moves g.Version on.
func (tx *Tx) PutFarGateway(g *directconnect.FarGateway) error {
	body, err := encodeBody(g)
	if err != nil {
		return err
	}
	if g.Version == 0 {
		_, err := tx.exec("INSERT INTO far_gateway (id, account, region, version, body) VALUES (?, ?, ?, 1, ?)",
			g.ID, g.Account, g.Region, body)
		if err == nil {
			g.Version = 1
		}
		return err
	}
	return tx.swap(&g.Version, "UPDATE far_gateway SET account = ?, region = ?, version = version + 1, body = ? "+
		"WHERE id = ? AND version = ?", g.Account, g.Region, body, g.ID, g.Version)
}

// DeleteFarGateway removes a gateway from the registry.
func (tx *Tx) DeleteFarGateway(id string) error {
	return tx.remove("DELETE FROM far_gateway WHERE id = ?", id)
}

package controlplane

import (
	"context"
	"time"

	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// LOAVerification is what is true of a letter, for a facility that was shown one.
type LOAVerification struct {
	Connection directconnect.Connection
	Issued     time.Time // when the order was approved
	Expires    time.Time // when the letter's authority ends
	Valid      bool
	Reason     string // why it is not valid
}

// VerifyLOA finds the connection that a letter's verification code was issued for. connection may name it, as the letter
// does; without it every connection is looked at, which takes a while where there are many.
func (s *Service) VerifyLOA(ctx context.Context, code, connection string) (LOAVerification, error) {
	code, err := ParseLOACode(code)
	if err != nil {
		return LOAVerification{}, err
	}
	var c directconnect.Connection
	if connection != "" {
		c, _, err = s.OneConnection(ctx, connection)
		if err == nil && !c.HasLOA(code) {
			err = store.ErrNotFound
		}
	} else {
		c, err = s.findLOA(ctx, code)
	}
	if err != nil {
		return LOAVerification{}, missing(err, "No LOA-CFA was issued with the verification code %s.", code)
	}
	v := LOAVerification{Connection: c, Issued: c.Approved, Expires: c.LOAExpires()}
	switch {
	case c.LOACode != code:
		v.Reason = "Another letter has taken its place: the connection was given another port."
	case !c.Working():
		v.Reason = "The connection is " + string(c.State) + "."
	case !s.Now().Before(v.Expires):
		v.Reason = "The letter's authority has ended."
	default:
		v.Valid = true
	}
	return v, nil
}

// findLOA looks through all connections, a page to a transaction so that nobody waits for it.
func (s *Service) findLOA(ctx context.Context, code string) (directconnect.Connection, error) {
	var codes []string
	err := s.Store.View(ctx, func(tx *store.Tx) (err error) {
		codes, err = locationCodes(tx, "")
		return err
	})
	for _, location := range codes {
		for after, more := (store.Cursor{}), true; more; {
			const page = 1000
			var rows []directconnect.Connection
			if err := s.Store.View(ctx, func(tx *store.Tx) (err error) {
				rows, err = tx.Connections(store.ConnectionQuery{Location: location, After: after, Limit: page})
				return err
			}); err != nil {
				return directconnect.Connection{}, err
			}
			for _, c := range rows {
				if c.HasLOA(code) {
					return c, nil
				}
			}
			if more = len(rows) == page; more {
				after = connectionCursor(rows[len(rows)-1])
			}
		}
	}
	if err == nil {
		err = store.ErrNotFound
	}
	return directconnect.Connection{}, err
}

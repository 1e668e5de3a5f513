package store

import (
	"onramp/internal/directconnect"

	"context"
	"fmt"
)

// WriterPragma answers a setting of SQLite on the connection that writes.
func WriterPragma(ctx context.Context, s *Store, name string) string {
	var value any
	err := s.Update(ctx, func(tx *Tx) error { return tx.one("PRAGMA "+name, nil, &value) })
	if err != nil {
		return err.Error()
	}
	return fmt.Sprint(value)
}

// Untold puts a new connection without an event of it, for what telling costs to be measured.
func (tx *Tx) Untold(c *directconnect.Connection) error { return tx.writeConnection(c) }

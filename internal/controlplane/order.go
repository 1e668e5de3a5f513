package controlplane

import (
	"context"
	"crypto/rand"
	"strings"
	"time"

	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// The moves of those who stand around the routers: who approves an order, who plugs a cable in, who digs one up.

// ApproveOrder issues the LOA-CFA of a requested connection or interconnect, which is pending from then on.
func (s *Service) ApproveOrder(ctx context.Context, id string) (directconnect.Connection, error) {
	return s.moveConnection(ctx, id, func(c directconnect.Connection, now time.Time) (directconnect.Connection, error) {
		return c.IssueLOA(NewLOACode(), now)
	})
}

// maxReason bounds the text that an operator may give.
const maxReason = 255

// RefuseOrder turns a requested connection down; its customer sees it deleted with the reason, of 1 to maxReason bytes, and its
// port is free again.
func (s *Service) RefuseOrder(ctx context.Context, id, reason string) (directconnect.Connection, error) {
	if strings.TrimSpace(reason) == "" {
		return directconnect.Connection{}, refuse(Invalid, "Say why the order is refused: its customer reads it.")
	}
	if len(reason) > maxReason {
		return directconnect.Connection{}, refuse(Invalid, "The reason must be at most %d bytes long.", maxReason)
	}
	return s.moveConnection(ctx, id, func(c directconnect.Connection, now time.Time) (directconnect.Connection, error) {
		return c.Refuse(reason, now)
	})
}

// PlugCable records that the cross connect of a connection is in place.
func (s *Service) PlugCable(ctx context.Context, id string) (directconnect.Connection, error) {
	return s.moveConnection(ctx, id, directconnect.Connection.Plug)
}

// CutCable breaks the simulated cable of a connection.
func (s *Service) CutCable(ctx context.Context, id string) (directconnect.Connection, error) {
	return s.breakCable(ctx, id, directconnect.Connection.CutCable)
}

// RestoreCable mends it.
func (s *Service) RestoreCable(ctx context.Context, id string) (directconnect.Connection, error) {
	return s.breakCable(ctx, id, directconnect.Connection.RestoreCable)
}

// breakCable is moveConnection for what can only be done to a simulated cable.
func (s *Service) breakCable(ctx context.Context, id string,
	move func(directconnect.Connection, time.Time) (directconnect.Connection, error),
) (directconnect.Connection, error) {
	c, _, err := s.OneConnection(ctx, id)
	if err != nil {
		return c, err
	}
	about(ctx, ofConnection(c))
	if err := s.Store.View(ctx, func(tx *store.Tx) error { return simulatedRouter(tx, c.Router) }); err != nil {
		return c, err
	}
	return s.moveConnection(ctx, id, move)
}

// moveConnection makes one move of any account's connection; what the move ends gives its port back.
func (s *Service) moveConnection(ctx context.Context, id string,
	move func(directconnect.Connection, time.Time) (directconnect.Connection, error),
) (directconnect.Connection, error) {
	if !directconnect.IsConnectionID(id) {
		return directconnect.Connection{}, refuse(Invalid, "%q is not a connection ID.", id)
	}
	var moved directconnect.Connection
	err := s.update(ctx, func(tx *store.Tx) error {
		c, err := tx.Connection(id)
		if err != nil {
			return missing(err, "There is no connection %s.", id)
		}
		about(ctx, ofConnection(c))
		if moved, err = move(c, s.Now()); err != nil {
			return conflicting(err)
		}
		return s.save(tx, &moved)
	})
	return moved, err
}

// codeAlphabet leaves out I, L, O and U, which are read as others (Crockford's base 32).
const codeAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

const (
	codeLength = 12
	codeGroup  = 4
)

// NewLOACode makes a verification code: twelve characters, 60 random bits, in groups of four.
func NewLOACode() string {
	var b [codeLength]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand.Read
	for i := range b {
		b[i] = codeAlphabet[b[i]%byte(len(codeAlphabet))] // 32 divides 256: no character is favoured
	}
	return groupCode(string(b[:]))
}

func groupCode(s string) string {
	return s[:codeGroup] + "-" + s[codeGroup:2*codeGroup] + "-" + s[2*codeGroup:]
}

// ParseLOACode reads a code as a person may type it: in any case, with other separators, with the letters that the
// alphabet leaves out for the digits that they look like.
func ParseLOACode(s string) (string, error) {
	s = strings.NewReplacer("-", "", " ", "", "O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(s))
	if len(s) != codeLength || strings.Trim(s, codeAlphabet) != "" {
		return "", refuse(Invalid, "A verification code is %d letters and digits, such as 7KQ2-9XHM-4TBC.", codeLength)
	}
	return groupCode(s), nil
}

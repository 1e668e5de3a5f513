package controlplane

import (
	"context"
	"errors"

	"onramp/internal/audit"
	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// mostSubjects bounds how many a record names.
const mostSubjects = 256

// subject is a resource that a move is about.
type subject struct {
	audit.Named
	account, region string // whose it is, and where
	other           string // whom it concerns beside its owner; may be empty
}

// ofConnection is a connection as a subject. A hosted one concerns the partner who sells it.
func ofConnection(c directconnect.Connection) subject {
	return subject{audit.Named{Kind: audit.Connection, ID: c.ID}, c.Account, c.Region, c.Partner}
}

// ofVIF is a virtual interface as a subject. It concerns the owner of the connection that it is on.
func ofVIF(v directconnect.VirtualInterface) subject {
	return subject{audit.Named{Kind: audit.VirtualInterface, ID: v.ID}, v.Account, v.Region, v.ConnectionOwner}
}

// about tells the record of a move what it is about, whatever comes of it: so an owner finds what the operator did to what
// is theirs. What was told first stays, as a transaction may run again and a move may have several.
func about(ctx context.Context, things ...subject) {
	if call := recordedCall(ctx); call != nil && call.Move != "" && len(call.subjects) == 0 {
		call.subjects = things
	}
}

// soleOwner is the account that owns all subjects; empty: there are several, or no subject.
func soleOwner(subjects []subject) (owner string) {
	for i, s := range subjects {
		if i > 0 && s.account != owner {
			return ""
		}
		owner = s.account
	}
	return owner
}

// aboutWork is about for planned work on connections, or on ports that one has: work on a router or a location is nobody's.
func aboutWork(ctx context.Context, tx *store.Tx, m directconnect.Maintenance) error {
	var things []subject
	for _, t := range m.Targets {
		id := t.Name
		switch t.Kind {
		case directconnect.WorkOnConnection:
		case directconnect.WorkOnPort:
			port, err := tx.Port(t.Name)
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				return err
			}
			id = port.ConnectionID
		default:
			continue
		}
		c, err := tx.Connection(id)
		switch {
		case err == nil:
			things = append(things, ofConnection(c))
		case !errors.Is(err, store.ErrNotFound):
			return err
		}
	}
	about(ctx, things...)
	return nil
}

// ofFaults are what has faults, each once.
func ofFaults(faults []Fault) (things []subject) {
	for _, f := range faults {
		kind := audit.Connection
		if directconnect.CheckInterfaceID(f.Resource) == nil {
			kind = audit.VirtualInterface
		}
		if n := len(things); n == 0 || things[n-1].ID != f.Resource {
			things = append(things, subject{Named: audit.Named{Kind: kind, ID: f.Resource}, account: f.Account})
		}
	}
	return things
}

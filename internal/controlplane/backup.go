package controlplane

import (
	"context"
	"io"
	"time"
)

// Backup writes all that the installation keeps as it stands at one moment, in the form of package archive; everybody else
// goes on meanwhile. Secrets stay sealed, and the keyset is not in it. There is one at a time: each holds on to what the
// database would otherwise let go, and to one of the few connections that read.
//
// It is recorded in the audit trail when it is done, and so not in itself.
func (s *Service) Backup(ctx context.Context, to io.Writer, program string) error {
	if !s.backingUp.CompareAndSwap(false, true) {
		return refuse(Conflict, "A backup is being made already: wait until it is done.")
	}
	defer s.backingUp.Store(false)
	_, err := s.Store.Backup(ctx, to, program, time.Now()) // not of the clock that can be turned: it says which file is newer
	s.Moved(ctx, err)
	return err
}

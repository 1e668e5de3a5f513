package reconcile

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"onramp/internal/directconnect"
	"onramp/internal/fabric"
)

// lacking is a fabric whose routers have no device for one port.
type lacking struct {
	fabric.Driver
	port string
}

func (l lacking) Apply(ctx context.Context, router string, in fabric.Intent) error {
	kept := slices.DeleteFunc(slices.Clone(in.Ports), func(p fabric.Port) bool { return p.Name == l.port })
	whole := len(kept) == len(in.Ports)
	in.Ports = kept
	if err := l.Driver.Apply(ctx, router, in); err != nil || whole {
		return err
	}
	return fmt.Errorf("%w: there is no device %s", fabric.ErrIncomplete, l.port)
}

// TestIncomplete has a router without the device of one port: its connection waits, and that of the next port does not.
func TestIncomplete(t *testing.T) {
	t.Parallel()
	b := newBed(t, directconnect.Instant)
	without, with := b.order(directconnect.Dedicated, router, false), b.order(directconnect.Dedicated, router, false)
	port := b.get(without).PortID
	port = port[strings.LastIndex(port, "/")+1:]
	b.Reconciler, _ = b.server(lacking{b.sim, port})
	b.settle()
	b.is(with, directconnect.ConnectionAvailable)
	b.is(without, directconnect.ConnectionPending)
	b.do(with, remove)
	b.settle()
	b.is(with, directconnect.ConnectionDeleted)

	b.Reconciler, _ = b.server(b.sim) // the device is there
	b.wait(lastRetry)
	b.is(without, directconnect.ConnectionAvailable)
}

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
	port    string
	applies *int
}

func (l lacking) Apply(ctx context.Context, router string, in fabric.Intent) error {
	*l.applies++
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
	b.Reconciler, _ = b.server(lacking{b.sim, port, new(int)})
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

// TestIncompleteRests: a router that cannot have all of its plan is not told again at every visit; but soon, when it differs
// in something else; and once a minute, as it may have got what it lacked.
func TestIncompleteRests(t *testing.T) {
	t.Parallel()
	b := newBed(t, directconnect.Instant)
	without, with := b.order(directconnect.Dedicated, router, false), b.order(directconnect.Dedicated, router, false)
	port := b.get(without).PortID
	port = port[strings.LastIndex(port, "/")+1:]
	applies := 0
	b.Reconciler, _ = b.server(lacking{b.sim, port, &applies})
	b.settle()
	b.is(with, directconnect.ConnectionAvailable)
	told := applies
	for range 20 {
		b.Noticed(router)
		b.wait(firstRetry)
	}
	if applies > told {
		t.Errorf("told %d times more in 20 seconds, and nothing has changed", applies-told)
	}
	if c := b.is(without, directconnect.ConnectionPending); c.Due.Sub(b.now()) <= firstRetry {
		t.Errorf("looked at again at %v, and it is %v", c.Due, b.now())
	}

	if err := b.sim.Apply(t.Context(), router, fabric.Intent{}); err != nil { // behind our back
		t.Fatal(err)
	}
	b.Noticed(router)
	b.settle()
	b.is(with, directconnect.ConnectionAvailable)
	if n := applies - told; n < 1 || n > 2 {
		t.Errorf("told %d times after somebody had changed it", n)
	}
	told = applies
	b.wait(lastRetry)
	if n := applies - told; n != 1 {
		t.Errorf("told %d times in a minute", n)
	}
}

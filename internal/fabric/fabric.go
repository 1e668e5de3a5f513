// Package fabric is the border to the routers: what one of them is told (Intent), what it is seen to do (Observed), and
// the Driver that carries both. It speaks router words only: ports, bundles, link light, key names. Powers are in dBm,
// speeds in megabits per second.
//
// It does not know orders, customers or states (that is directconnect), it decides nothing (that is reconcile), and it
// holds no driver: those are in the packages beneath it, and fabrictest holds each of them to this contract.
package fabric

import (
	"context"
	"errors"
)

// Driver carries intents to routers and reports what they do. It is safe for concurrent use. Calls for one router do not
// wait for another router, and end when their context does.
type Driver interface {
	// Apply makes in the router's whole configuration, as far as it is ours: what in leaves out is removed. The driver
	// works out the difference; applying the same intent again changes nothing. An intent that fails Intent.Check is
	// refused with an error wrapping ErrInvalid and changes nothing; a router that does not answer gives one wrapping
	// ErrUnreachable. One wrapping ErrIncomplete has made in the whole configuration but for what its text names, which
	// cannot be had there, such as a port whose device is missing; Observe tells of the rest as ever. After any other error
	// the configuration may be in part the new one: apply again.
	//
	// The driver keeps no reference to in.
	Apply(ctx context.Context, router string, in Intent) error

	// Observe reads the router. A router that was never given an intent is one without ports: an empty Observed and no
	// error. A router that does not answer gives an error wrapping ErrUnreachable. The caller may keep and change the
	// answer.
	Observe(ctx context.Context, router string) (Observed, error)

	// Close lets go of the routers without changing their configuration. No call may follow it.
	Close() error
}

// ErrInvalid is wrapped by the errors about intents that contradict themselves.
var ErrInvalid = errors.New("invalid intent")

// ErrIncomplete is wrapped by the errors about parts of an intent that a router cannot have, while it has the rest.
var ErrIncomplete = errors.New("not all of it can be had")

// ErrUnreachable is wrapped by the errors about routers that do not answer.
var ErrUnreachable = errors.New("router does not answer")

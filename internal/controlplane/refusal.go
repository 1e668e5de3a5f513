package controlplane

import (
	"errors"
	"fmt"

	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// Refusal is why an operator's move was not made. Its text is for the operator and holds no secret.
type Refusal struct {
	Reason  Reason
	Message string
}

// Reason sorts refusals into the few that an operator's program must tell apart.
type Reason int

const (
	// Invalid is a move that makes no sense whatever is stored.
	Invalid Reason = iota
	// Missing is a move on something that is not there.
	Missing
	// Conflict is a move that what is stored does not permit.
	Conflict
)

func (r *Refusal) Error() string { return r.Message }

func refuse(reason Reason, format string, args ...any) *Refusal {
	return &Refusal{Reason: reason, Message: fmt.Sprintf(format, args...)}
}

// conflicting makes a refusal of a rule that the pure room found broken; other errors pass.
func conflicting(err error) error {
	if rule, ok := errors.AsType[*directconnect.Error](err); ok {
		return refuse(Conflict, "%s", rule.Message)
	}
	return err
}

// invalid makes a refusal of what the pure room found to make no sense; other errors pass.
func invalid(err error) error {
	if rule, ok := errors.AsType[*directconnect.Error](err); ok {
		return refuse(Invalid, "%s", rule.Message)
	}
	return err
}

// missing makes a refusal of what the store does not have; other errors pass.
func missing(err error, format string, args ...any) error {
	if errors.Is(err, store.ErrNotFound) {
		return refuse(Missing, format, args...)
	}
	return err
}

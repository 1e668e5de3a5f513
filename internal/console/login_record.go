package console

import (
	"context"
	"errors"

	"onramp/internal/awsjson"
	"onramp/internal/controlplane"
)

// entering is the context that a session begins in which is no user's: the transaction that begins it records the login, as the
// account's that open mode is entered as, and otherwise as the operator's.
func (v *visit) entering(account string) context.Context {
	call := v.moving(account)
	call.By = "" // whoever was logged in before
	ctx := awsjson.WithRequestID(v.Context())
	if account != "" {
		ctx = controlplane.WithCaller(ctx, controlplane.Caller{Account: account, Region: v.Region})
	}
	return controlplane.WithCall(ctx, call)
}

// refusedLogin records a login that failed, of whom it was said to be; the empty proof: of nobody named.
func refusedLogin(v *visit, p controlplane.ConsoleProof, why *problem) {
	_ = loginMove(v, p, func(context.Context) (*controlplane.Identity, error) { return nil, recordable(why) }) // it is why again
}

// refusedFreely is refusedLogin for what anybody can have refused as often as they like: so that nobody fills the trail, it
// holds so many at once from each address, and then one in a while.
func (s *Console) refusedFreely(v *visit, p controlplane.ConsoleProof, why *problem) {
	if s.attempt.tells(v.address(), s.Now()) {
		refusedLogin(v, p, why)
	}
}

// recordable is an error whose text is for the audit trail too, if it is one of ours.
func recordable(err error) error {
	if p, ok := errors.AsType[*problem](err); ok {
		return &controlplane.Refusal{Message: p.message}
	}
	return err
}

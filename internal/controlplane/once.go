package controlplane

import (
	"context"
	"errors"

	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// Once makes a form of the console harmless to send twice: what the first sending makes is committed with the form's key, on
// whichever server, and the second is refused. It is remembered for as long as a client token.
type Once struct {
	Account string // of whoever sends it; empty: the operator
	Form    string // which form
	Key     string // random, other in each form that is shown
	// Leads answers the page of what an operation has made, from its answer; nil: it is not known in the transaction.
	Leads func(made any) string
	// Used says that the form was sent before, and To is the page of what that has made; empty: not known.
	Used bool
	To   string

	made any
	kept bool
}

type onceKey struct{}

// WithOnce has the next change that is made in the name of ctx made once.
func WithOnce(ctx context.Context, o *Once) context.Context {
	return context.WithValue(ctx, onceKey{}, o)
}

func onceOf(ctx context.Context) *Once {
	o, _ := ctx.Value(onceKey{}).(*Once)
	return o
}

// operation is what client tokens of forms are kept under; no operation of the API has such a name.
func (o *Once) operation() string { return "console/" + o.Form }

func (o *Once) token(s *Service) store.ClientToken {
	return store.ClientToken{Account: o.Account, Operation: o.operation(), Token: o.Key, AnswerID: o.To, Created: s.Now()}
}

// SentBefore looks whether a form was sent before, and says so in o.
func (s *Service) SentBefore(ctx context.Context, o *Once) error {
	return s.Store.View(ctx, func(tx *store.Tx) error { return o.look(tx) })
}

func (o *Once) look(tx *store.Tx) error {
	used, err := tx.ClientToken(o.Account, o.operation(), o.Key)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err == nil {
		o.Used, o.To = true, used.AnswerID
	}
	return err
}

// KeepSent remembers where a form has led that was sent and done.
func (s *Service) KeepSent(ctx context.Context, o *Once) error {
	return s.Store.Update(ctx, func(tx *store.Tx) error { return tx.PutClientToken(o.token(s)) })
}

// onlyOnce is f with the key of the form that asks for it, if a form does: the second time it is refused.
func (s *Service) onlyOnce(ctx context.Context, f func(tx *store.Tx) error) func(tx *store.Tx) error {
	o := onceOf(ctx)
	if o == nil || o.kept {
		return f
	}
	return func(tx *store.Tx) error {
		if err := o.look(tx); err != nil {
			return err
		}
		if o.Used {
			return directconnect.Clientf("The form was sent already.")
		}
		if err := f(tx); err != nil {
			return err
		}
		o.To = ""
		if o.Leads != nil {
			o.To = o.Leads(o.made)
		}
		return tx.PutClientToken(o.token(s))
	}
}

// onceMade tells the form that asks for it what an operation has made.
func onceMade(ctx context.Context, made any) {
	if o := onceOf(ctx); o != nil {
		o.made = made
	}
}

// onceKept says that the change is committed: what follows in the name of ctx is no second sending.
func onceKept(ctx context.Context) {
	if o := onceOf(ctx); o != nil {
		o.kept = true
	}
}

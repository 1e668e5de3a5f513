package console

import (
	"context"
	"crypto/rand"

	"onramp/internal/controlplane"
)

// onceName is the field with the key of a form that makes something, and what the address of its page has it as: whoever goes
// back to the page and sends it again is led to what it has made.
const onceName = "once"

// isOnce reports whether a text can be such a key.
func isOnce(key string) bool {
	const longest = 64
	for _, c := range key {
		if (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			return false
		}
	}
	return key != "" && len(key) <= longest
}

// onceField is the key in a form: the one that was sent and refused, that of the address, or a new one.
func (v *visit) onceField(t *tried, formID string) field {
	key := v.URL.Query().Get(onceName)
	if t != nil && t.form == formID {
		key = t.values.Get(onceName)
	}
	if !isOnce(key) {
		key = rand.Text()
	}
	return hiddenField(onceName, key)
}

// sentBefore answers where to go if a form with this key was sent and done before; nil: it is the first time, and what it makes
// keeps the key. otherwise is where to go if it is not known what was made.
func (v *visit) sentBefore(formID, key, otherwise string) (answer, error) {
	if !isOnce(key) {
		return nil, nil
	}
	v.once = &controlplane.Once{Account: v.Who.Home, Form: formID, Key: key}
	if err := v.console.Service.SentBefore(v.Context(), v.once); err != nil {
		return nil, err
	}
	return v.sentAlready(otherwise), nil
}

// sentAlready answers where to go if the form was found to be sent before; nil: it was not.
func (v *visit) sentAlready(otherwise string) answer {
	if v.once == nil || !v.once.Used {
		return nil
	}
	to := v.once.To
	if to == "" {
		to = otherwise
	}
	return redirect(pathWith(to, "done", "already"))
}

// sent remembers where a form has led, if it has a key and what it has made has not said so.
func (v *visit) sent(to string) error {
	if v.once == nil || v.once.To == to {
		return nil
	}
	v.once.To = to
	return v.console.Service.KeepSent(v.Context(), v.once)
}

// leadsTo says where the form leads, before what it asks for is done.
func (v *visit) leadsTo(to string) string {
	if v.once != nil {
		v.once.Leads = func(any) string { return to }
	}
	return to
}

// made is ask for an operation that makes something, and answers its page.
func made[In, Out any](v *visit, operation string, in In, leads func(out Out) string) (to string, err error) {
	if v.once != nil {
		v.once.Leads = func(any any) string {
			if out, ok := any.(*Out); ok && out != nil {
				return leads(*out)
			}
			return ""
		}
	}
	out, err := ask[In, Out](v, operation, in)
	return leads(out), err
}

// onceIn has what is done in the name of ctx done once, if a form with a key asks for it.
func (v *visit) onceIn(ctx context.Context) context.Context {
	if v.once == nil {
		return ctx
	}
	return controlplane.WithOnce(ctx, v.once)
}

// newPage is sheetPage for a page whose form makes something: its address has the key of the form.
func newPage(pattern, nav, formID string, build builder) route {
	shown := sheetPage(pattern, nav, build)
	show := shown.handle
	shown.handle = func(v *visit) (answer, error) {
		key := v.URL.Query().Get(onceName)
		if !isOnce(key) {
			return redirect(v.Query(onceName, rand.Text())), nil
		}
		again, err := v.sentBefore(formID, key, nav)
		if again != nil || err != nil {
			return again, err
		}
		v.once = nil // nothing is made yet
		return show(v)
	}
	return shown
}

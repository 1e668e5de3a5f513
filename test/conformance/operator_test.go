package conformance

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// The moves of those who stand around the routers. Each is followed by all that it makes due.
func (w *world) approve(ids ...string) { w.t.Helper(); w.each(ids, w.service.ApproveOrder) }
func (w *world) plug(ids ...string)    { w.t.Helper(); w.each(ids, w.service.PlugCable) }
func (w *world) cut(ids ...string)     { w.t.Helper(); w.each(ids, w.service.CutCable) }
func (w *world) restore(ids ...string) { w.t.Helper(); w.each(ids, w.service.RestoreCable) }

// light takes orders all the way to a link that is up.
func (w *world) light(ids ...string) {
	w.t.Helper()
	w.approve(ids...)
	w.plug(ids...)
}

func (w *world) each(ids []string, move func(context.Context, string) (directconnect.Connection, error)) {
	w.t.Helper()
	for _, id := range ids {
		if _, err := move(context.Background(), id); err != nil {
			w.t.Fatal(err)
		}
	}
	w.settle()
}

// configure makes an account of the operator's; the first ends open mode.
func (w *world) configure(id, name string, kind directconnect.PartnerKind) {
	w.t.Helper()
	ctx := context.Background()
	if _, err := w.service.AddAccount(ctx, id, controlplane.AccountChange{Name: &name, Partner: &kind}); err != nil {
		w.t.Fatal(err)
	}
	secret := "conformance-" + id
	if _, _, err := w.service.AddAccessKey(ctx, id, id, secret); err != nil {
		w.t.Fatal(err)
	}
	w.secrets.Store(id, secret)
}

func (w *world) secret(account string) string {
	if s, ok := w.secrets.Load(account); ok {
		return s.(string)
	}
	return controlplane.OpenSecret
}

// noun is a connection as it is stored.
func (w *world) noun(id string) directconnect.Connection {
	w.t.Helper()
	c, _, err := w.service.OneConnection(context.Background(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

// dump writes down everything that customers' requests can change: every connection, LAG, key and held port.
func (w *world) dump() string {
	w.t.Helper()
	var b strings.Builder
	err := w.store.View(context.Background(), func(tx *store.Tx) error {
		b.Reset()
		locations, err := tx.Locations("")
		for _, l := range locations {
			cs, err := tx.Connections(store.ConnectionQuery{Location: l.Code})
			if err != nil {
				return err
			}
			for _, c := range cs {
				fmt.Fprintf(&b, "%+v\n", c)
			}
		}
		if err != nil {
			return err
		}
		return w.dumpRest(tx, &b)
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return b.String()
}

func (w *world) dumpRest(tx *store.Tx, b *strings.Builder) error {
	ports, err := tx.Ports(store.PortQuery{HeldOnly: true})
	if err != nil {
		return err
	}
	for _, p := range ports {
		fmt.Fprintf(b, "%s held by %s\n", p.ID, p.ConnectionID)
	}
	accounts, err := tx.Accounts("", 100)
	if err != nil {
		return err
	}
	for _, a := range accounts {
		fmt.Fprintf(b, "%+v\n", a)
	}
	for _, account := range []string{alice, bob} {
		for _, region := range []string{eastern, western} {
			gs, err := tx.LAGs(store.LAGQuery{Account: account, Region: region})
			if err != nil {
				return err
			}
			for _, g := range gs {
				fmt.Fprintf(b, "%+v\n", g)
			}
		}
	}
	if err := dumpInterfaces(tx, b); err != nil {
		return err
	}
	if err := dumpGateways(tx, b); err != nil {
		return err
	}
	return dumpResiliency(tx, b)
}

// unchanged runs f, which must leave no trace.
func (w *world) unchanged(t testing.TB, f func()) {
	t.Helper()
	w.settle()
	before := w.dump()
	f()
	if diff := cmp.Diff(before, w.dump()); diff != "" {
		t.Errorf("something was left behind (-before +after):\n%s", diff)
	}
}

// wake has the reconciler look at a router as its next visit would.
func (w *world) wake(router string) {
	w.t.Helper()
	err := w.store.Update(context.Background(), func(tx *store.Tx) error {
		_, err := tx.WakeConnections(router, w.now())
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	w.settle()
}

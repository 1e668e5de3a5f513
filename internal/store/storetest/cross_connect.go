package storetest

import (
	"bytes"
	"testing"
	"time"

	dc "onramp/internal/directconnect"
	"onramp/internal/store"
)

var crossConnectTests = map[string]test{
	"CrossConnectRoundTrip": crossConnectRoundTrip,
	"Attachments":           attachments,
	"PortEvents":            portEvents,
	"BlockedPort":           blockedPort,
	"DrainedRouter":         drainedRouter,
}

// hour is a time that any engine keeps exactly.
func hour(n int) time.Time { return time.Date(2026, 3, 1, n, 0, 0, 0, time.UTC) }

func crossConnectRoundTrip(t *testing.T, s *store.Store) {
	x := dc.CrossConnect{
		ConnectionID: "dxcon-00000001", Account: account, Location: location, PortID: router1 + "/p1", Reference: "XC-1", Requested: hour(1),
		Connected: hour(2), Disconnected: hour(3), Who: "w", Notes: "n",
	}
	read := func(tx *store.Tx) (dc.CrossConnect, error) { return tx.CrossConnect(x.ConnectionID) }
	update(t, s, func(tx *store.Tx) error { x.Version = 0; return tx.PutCrossConnect(&x) })
	same(t, get(t, s, read), x)
	stale := x
	update(t, s, func(tx *store.Tx) error { x.Version, x.Reference = 1, "XC-2"; return tx.PutCrossConnect(&x) })
	same(t, get(t, s, read), x)
	fails(t, s, store.ErrConflict, func(tx *store.Tx) error { x := stale; return tx.PutCrossConnect(&x) })
	fails(t, s, store.ErrNotFound, func(tx *store.Tx) error { _, err := tx.CrossConnect("dxcon-00000009"); return err })
	other := dc.CrossConnect{ConnectionID: "dxcon-00000002", Account: account, Location: "other"}
	update(t, s, func(tx *store.Tx) error { other.Version = 0; return tx.PutCrossConnect(&other) })
	for name, k := range map[string]struct {
		q    store.CrossConnectQuery
		want []dc.CrossConnect
	}{
		"all":      {store.CrossConnectQuery{}, []dc.CrossConnect{x, other}},
		"account":  {store.CrossConnectQuery{Account: account, Limit: 1}, []dc.CrossConnect{x}},
		"after":    {store.CrossConnectQuery{Account: account, After: x.ConnectionID}, []dc.CrossConnect{other}},
		"location": {store.CrossConnectQuery{Location: location}, []dc.CrossConnect{x}},
		"nobody's": {store.CrossConnectQuery{Account: "9"}, nil},
	} {
		t.Log(name)
		same(t, get(t, s, func(tx *store.Tx) ([]dc.CrossConnect, error) { return tx.CrossConnects(k.q) }), k.want)
	}
}

func attachments(t *testing.T, s *store.Store) {
	content := []byte{0, 1, 0xff, '\n'}
	a := dc.Attachment{ConnectionID: "dxcon-00000001", Name: "b.pdf", MediaType: "application/pdf", Size: 4, Added: hour(1)}
	first := dc.Attachment{ConnectionID: "dxcon-00000001", Name: "a.txt", MediaType: "text/plain", Size: 1, Added: hour(2)}
	update(t, s, func(tx *store.Tx) error {
		if err := tx.PutAttachment(a, []byte("replaced")); err != nil {
			return err
		}
		if err := tx.PutAttachment(a, content); err != nil {
			return err
		}
		return tx.PutAttachment(first, []byte("x"))
	})
	same(t, get(t, s, func(tx *store.Tx) ([]dc.Attachment, error) { return tx.Attachments(a.ConnectionID) }), []dc.Attachment{first, a})
	got := get(t, s, func(tx *store.Tx) ([]byte, error) {
		file, content, err := tx.Attachment(a.ConnectionID, a.Name)
		same(t, file, a)
		return content, err
	})
	if !bytes.Equal(got, content) {
		t.Errorf("read %v, want %v", got, content)
	}
	update(t, s, func(tx *store.Tx) error { return tx.DeleteAttachment(a.ConnectionID, a.Name) })
	fails(t, s, store.ErrNotFound, func(tx *store.Tx) error { return tx.DeleteAttachment(a.ConnectionID, a.Name) })
	fails(t, s, store.ErrNotFound, func(tx *store.Tx) error { _, _, err := tx.Attachment(a.ConnectionID, a.Name); return err })
}

func portEvents(t *testing.T, s *store.Store) {
	event := func(id string, when int, port, connection string) dc.PortEvent {
		return dc.PortEvent{
			PortID: port, Time: hour(when), ID: id, ConnectionID: connection, What: dc.PortReleased, Account: account, Since: hour(0), By: "b", Note: "n",
			Changes: []dc.FieldChange{{Field: "f", From: "1", To: "2"}},
		}
	}
	a, b, c := event("a", 1, "p1", "c1"), event("b", 1, "p1", "c1"), event("c", 2, "p2", "c1")
	update(t, s, func(tx *store.Tx) error {
		for _, e := range []dc.PortEvent{a, b, c} {
			if err := tx.PutPortEvent(e); err != nil {
				return err
			}
		}
		return nil
	})
	for name, k := range map[string]struct {
		q    store.PortEventQuery
		want []dc.PortEvent
	}{
		"port":       {store.PortEventQuery{PortID: "p1"}, []dc.PortEvent{b, a}},
		"connection": {store.PortEventQuery{ConnectionID: "c1", Limit: 2}, []dc.PortEvent{c, b}},
		"before":     {store.PortEventQuery{ConnectionID: "c1", Before: hour(2)}, []dc.PortEvent{b, a}},
	} {
		t.Log(name)
		same(t, get(t, s, func(tx *store.Tx) ([]dc.PortEvent, error) { return tx.PortEvents(k.q) }), k.want)
	}
}

// blockedPort is passed over by those who look for a free one, and keeps its holder.
func blockedPort(t *testing.T, s *store.Store) {
	inventory(t, s, 2)
	p := get(t, s, readPort(router1+"/p1"))
	p.Blocked = &dc.Hold{Reason: "dirty", Since: hour(1)}
	update(t, s, func(tx *store.Tx) error { p := p; return tx.PutPort(&p) })
	count := func(want int) {
		t.Helper()
		same(t, get(t, s, func(tx *store.Tx) (int, error) { return tx.CountFreePorts(router1, p.Bandwidth, false, 9) }), want)
	}
	count(1)
	same(t, get(t, s, func(tx *store.Tx) (string, error) {
		free, err := tx.FreePort(location, router1, p.Bandwidth, false, 1)
		return free.ID, err
	}), router1+"/p2")
	update(t, s, func(tx *store.Tx) error {
		taken, err := tx.TakePort(router1, p.Bandwidth, false, 1, "dxcon-00000001")
		same(t, taken.ID, router1+"/p2")
		return err
	})
	count(0)
	fails(t, s, store.ErrNotFound, func(tx *store.Tx) error {
		_, err := tx.TakePort(router1, p.Bandwidth, false, 1, "dxcon-00000002")
		return err
	})
	p = get(t, s, readPort(p.ID))
	if p.Blocked == nil || p.Blocked.Reason != "dirty" || !p.Blocked.Since.Equal(hour(1)) {
		t.Errorf("blocked: %+v", p.Blocked)
	}
	p.Blocked = nil
	update(t, s, func(tx *store.Tx) error { p := p; return tx.PutPort(&p) })
	count(1)
}

// drainedRouter is not among those of a site; what is used of it counts on.
func drainedRouter(t *testing.T, s *store.Store) {
	inventory(t, s, 1)
	r := get(t, s, func(tx *store.Tx) (dc.Router, error) { return tx.Router(router1) })
	r.Drained = &dc.Hold{Reason: "old", Since: hour(1)}
	update(t, s, func(tx *store.Tx) error { r := r; return tx.PutRouter(&r) })
	site := get(t, s, func(tx *store.Tx) (store.Site, error) { return tx.Site(account, location, 9) })
	same(t, site.Routers, []string{router2})
	same(t, get(t, s, func(tx *store.Tx) (*dc.Hold, error) { r, err := tx.Router(router1); return r.Drained, err }), r.Drained)
	r.Version++
	r.Drained = nil
	update(t, s, func(tx *store.Tx) error { r := r; return tx.PutRouter(&r) })
	site = get(t, s, func(tx *store.Tx) (store.Site, error) { return tx.Site(account, location, 9) })
	same(t, site.Routers, []string{router1, router2})
}

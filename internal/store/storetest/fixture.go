package storetest

import (
	"errors"
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	dc "onramp/internal/directconnect"
	"onramp/internal/store"
)

const (
	region   = "us-east-1"
	account  = "123456789012"
	other    = "210987654321"
	location = "EqDC2"
	router1  = "EqDC2-1aaaaaaaaaaa"
	router2  = "EqDC2-2bbbbbbbbbbb"
)

// noon is the time of everything that does not say otherwise, with microseconds.
var noon = time.Date(2026, 3, 1, 12, 0, 0, 123456000, time.UTC)

func update(t testing.TB, s *store.Store, f func(tx *store.Tx) error) {
	t.Helper()
	if err := s.Update(t.Context(), f); err != nil {
		t.Fatalf("Update: %v", err)
	}
}

func view(t testing.TB, s *store.Store, f func(tx *store.Tx) error) {
	t.Helper()
	if err := s.View(t.Context(), f); err != nil {
		t.Fatalf("View: %v", err)
	}
}

// get reads one thing in a View of its own.
func get[T any](t testing.TB, s *store.Store, f func(tx *store.Tx) (T, error)) T {
	t.Helper()
	var got T
	view(t, s, func(tx *store.Tx) (err error) {
		got, err = f(tx)
		return err
	})
	return got
}

// fails runs f in an Update that must answer an error that is want.
func fails(t testing.TB, s *store.Store, want error, f func(tx *store.Tx) error) {
	t.Helper()
	if err := s.Update(t.Context(), f); !errors.Is(err, want) {
		t.Fatalf("Update: %v, want %v", err, want)
	}
}

// taken runs f in an Update that must say that what is taken.
func taken(t testing.TB, s *store.Store, what string, f func(tx *store.Tx) error) {
	t.Helper()
	var got *store.TakenError
	if err := s.Update(t.Context(), f); !errors.As(err, &got) || !errors.Is(err, store.ErrTaken) || got.What != what {
		t.Fatalf("Update: %v, want %s to be taken", err, what)
	}
}

// same compares nouns; absent and empty lists are the same.
func same(t testing.TB, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty(), cmpopts.EquateComparable(netip.Prefix{}, netip.Addr{})); diff != "" {
		t.Fatalf("(-want +got):\n%s", diff)
	}
}

// fullConnection has every field set.
func fullConnection() dc.Connection {
	return dc.Connection{
		ID: "dxcon-ffffffff", Kind: dc.Hosted, Account: account, Region: region, Location: location, State: dc.ConnectionDeleted,
		LagID: "dxlag-fffffff1", ParentID: "dxcon-fffffff2", Partner: other, VLAN: 4094, PortID: router1 + "/p1", Router: router1,
		Created: noon, Due: noon.Add(time.Hour), Deleted: noon.Add(time.Minute),
		Name: `a "name" with \ < & > é 漢 ` + "\u2028", Bandwidth: dc.Gbps400, ProviderName: "Provider", PartnerName: "Partner",
		BillingMode: "FlatRateTier1", Tags: []dc.Tag{{Key: "k", Value: "v"}, {Key: "empty"}},
		MACsec: true, EncryptionMode: dc.MustEncrypt, EncryptionUp: true,
		MACsecKeys: []dc.MACsecKey{{SecretARN: "arn:aws:secretsmanager:x", CKN: "00ff", State: dc.KeyAssociated, Start: noon}},
		Since:      noon, Approved: noon, LOARead: noon, LOACode: "code", CrossConnected: noon, Cut: true, FirstLight: noon,
		Reason: "reason",
	}
}

// dedicated is a live connection; n tells them apart and orders them by creation.
func dedicated(n int) dc.Connection {
	return dc.Connection{
		ID: fmt.Sprintf("dxcon-%08d", n), Kind: dc.Dedicated, Account: account, Region: region, Location: location,
		State: dc.ConnectionRequested, Router: router1, Created: noon.Add(time.Duration(n) * time.Second),
		Name: fmt.Sprintf("connection %d", n), Bandwidth: dc.Gbps10, BillingMode: dc.PayAsYouGo, Since: noon,
	}
}

func with(c dc.Connection, change func(c *dc.Connection)) dc.Connection {
	change(&c)
	return c
}

func put(t testing.TB, s *store.Store, all ...dc.Connection) []dc.Connection {
	t.Helper()
	update(t, s, func(tx *store.Tx) error {
		for i := range all {
			all[i].Version = 0
			if err := tx.PutConnection(&all[i]); err != nil {
				return err
			}
		}
		return nil
	})
	return all
}

func lagNumber(n int) dc.LAG {
	return dc.LAG{ID: fmt.Sprintf("dxlag-%08d", n), Account: account, Region: region, Location: location, Router: router1,
		Created: noon.Add(time.Duration(n) * time.Second), Name: "lag", Bandwidth: dc.Gbps10, BillingMode: dc.PayAsYouGo}
}

// inventory is one location with two routers and n ports of 10 Gbps on each.
func inventory(t testing.TB, s *store.Store, n int) {
	t.Helper()
	update(t, s, func(tx *store.Tx) error {
		if err := tx.PutLocation(&dc.Location{Code: location, Region: region, Name: "Equinix DC2", PortSpeeds: []string{"10G"}}); err != nil {
			return err
		}
		for _, r := range []string{router1, router2} {
			if err := tx.PutRouter(&dc.Router{Name: r, Location: location, Region: region}); err != nil {
				return err
			}
			for i := range n {
				p := portNumber(r, i+1)
				if err := tx.PutPort(&p); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func portNumber(router string, n int) dc.Port {
	name := fmt.Sprintf("p%d", n)
	return dc.Port{ID: dc.PortID(router, name), Router: router, Location: location, Bandwidth: dc.Gbps10, Position: int64(n), Name: name}
}

// ends are the last characters of what id answers of each: enough to tell the nouns of a test apart.
func ends[T any](all []T, id func(T) string) string {
	list := ""
	for _, one := range all {
		list += id(one)[len(id(one))-1:]
	}
	return list
}

// save puts nouns that have not been saved, with their versions as put leaves them.
func save[T any](t testing.TB, s *store.Store, put func(tx *store.Tx, one *T) error, all ...T) []T {
	t.Helper()
	saved := make([]T, len(all))
	update(t, s, func(tx *store.Tx) error {
		copy(saved, all)
		for i := range saved {
			if err := put(tx, &saved[i]); err != nil {
				return err
			}
		}
		return nil
	})
	return saved
}

// refused runs f in an Update that must answer an error, whichever.
func refused(t testing.TB, s *store.Store, what string, f func(tx *store.Tx) error) {
	t.Helper()
	if err := s.Update(t.Context(), f); err == nil {
		t.Errorf("%s was taken", what)
	}
}

func ids(all []dc.Connection) []string {
	var list []string
	for _, c := range all {
		list = append(list, c.ID)
	}
	return list
}

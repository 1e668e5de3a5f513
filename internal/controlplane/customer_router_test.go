package controlplane

import (
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// later is when the interfaces of interfaceRow are looked at next if nothing happens.
var later = time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)

// interfaceRow puts an interface with one session on router EqDC2-a into the store, whose location is there too.
func interfaceRow(t *testing.T, s *Service, n string, change func(*directconnect.VirtualInterface)) string {
	t.Helper()
	v := directconnect.VirtualInterface{
		ID: "dxvif-fg00000" + n, Account: owner, Region: "us-east-1", Router: "EqDC2-a", ParentID: "dxcon-fg00000" + n,
		Type: directconnect.Private, State: directconnect.InterfaceAvailable, Created: s.Now(), Due: later,
		Peers: []directconnect.BGPPeer{{ID: "dxpeer-fg00000" + n, Family: directconnect.IPv4, State: directconnect.PeerAvailable}},
	}
	if change != nil {
		change(&v)
	}
	err := s.Store.Update(t.Context(), func(tx *store.Tx) error {
		v.Version = 0
		if at, err := tx.Routers("EqDC2"); err != nil || len(at) > 0 {
			if err != nil {
				return err
			}
			return tx.PutInterface(&v)
		}
		l := directconnect.Location{Code: "EqDC2", Region: "us-east-1"}
		if err := tx.PutLocation(&l); err != nil {
			return err
		}
		if err := tx.PutRouter(&directconnect.Router{Name: "EqDC2-a", Location: "EqDC2", Region: "us-east-1"}); err != nil {
			return err
		}
		return tx.PutInterface(&v)
	})
	if err != nil {
		t.Fatal(err)
	}
	return v.ID
}

func due(t *testing.T, s *Service, id string) time.Time {
	t.Helper()
	v, err := s.OneInterface(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return v.Due
}

// TestCustomerScripts: what a customer's router is told is kept, its interface is due at once, and the reconciler is woken;
// what makes no sense changes nothing.
func TestCustomerScripts(t *testing.T) {
	t.Parallel()
	s := operatorsService(t)
	woken := 0
	s.Wake = func() { woken++ }
	id := interfaceRow(t, s, "1", nil)
	if script, err := s.Customer(t.Context(), id); script != nil || err != nil {
		t.Errorf("before: %+v, %v", script, err)
	}
	const peer = "dxpeer-fg000001"
	twice := directconnect.CustomerRoute{CIDR: netip.MustParsePrefix("10.0.0.0/8")}
	for name, c := range map[string]struct {
		id     string
		script directconnect.CustomerScript
		want   Reason
	}{
		"no ID":             {"x", directconnect.CustomerScript{}, Invalid},
		"no interface":      {"dxvif-ffffffff", directconnect.CustomerScript{}, Missing},
		"no such peer":      {id, directconnect.CustomerScript{Peers: []string{peer, "dxpeer-ffffffff"}}, Missing},
		"a prefix twice":    {id, directconnect.CustomerScript{Announce: []directconnect.CustomerRoute{twice, twice}}, Invalid},
		"an endless flap":   {id, directconnect.CustomerScript{Flap: &directconnect.Flap{Seconds: 1 << 40}}, Invalid},
		"no flap":           {id, directconnect.CustomerScript{Flap: &directconnect.Flap{}}, Invalid},
		"a negative number": {id, directconnect.CustomerScript{ASN: -1}, Invalid},
	} {
		if _, err := s.SetCustomer(t.Context(), c.id, &c.script); reasonOf(t, err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	if script, err := s.Customer(t.Context(), id); script != nil || err != nil || woken > 0 || !due(t, s, id).Equal(later) {
		t.Errorf("what was refused left %+v, %v, woke %d times", script, err, woken)
	}
	told := directconnect.CustomerScript{
		Peers: []string{peer}, Silent: true, Flap: &directconnect.Flap{Seconds: 5},
		Announce: []directconnect.CustomerRoute{{CIDR: twice.CIDR, Path: []int64{65010}, Communities: []string{"7224:7300"}}},
	}
	want := told
	want.Flap = &directconnect.Flap{From: s.Now(), Seconds: 5}
	kept, err := s.SetCustomer(t.Context(), id, &told)
	if err != nil {
		t.Fatal(err)
	}
	read, err := s.Customer(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	for _, got := range []*directconnect.CustomerScript{kept, read} {
		if diff := cmp.Diff(&want, got, cmpopts.EquateComparable(netip.Prefix{})); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	if woken != 1 || !due(t, s, id).Equal(s.Now()) || !told.Flap.From.IsZero() {
		t.Errorf("woken %d times, due %s", woken, due(t, s, id))
	}
	if _, err := s.SetCustomer(t.Context(), id, nil); err != nil {
		t.Fatal(err)
	}
	if script, err := s.Customer(t.Context(), id); script != nil || err != nil || woken != 2 {
		t.Errorf("taken back: %+v, %v, woken %d times", script, err, woken)
	}
}

// TestCustomerOfAnEndedInterface: it can be told nothing more, but what it was told can be taken back.
func TestCustomerOfAnEndedInterface(t *testing.T) {
	t.Parallel()
	s := operatorsService(t)
	id := interfaceRow(t, s, "1", func(v *directconnect.VirtualInterface) {
		v.State, v.Deleted, v.Due = directconnect.InterfaceDeleted, s.Now(), time.Time{}
	})
	if _, err := s.SetCustomer(t.Context(), id, &directconnect.CustomerScript{}); reasonOf(t, err) != Conflict {
		t.Errorf("an ended one's: %v", err)
	}
	if _, err := s.SetCustomer(t.Context(), id, nil); err != nil || !due(t, s, id).IsZero() {
		t.Errorf("an ended one's taken back: %v, due %s", err, due(t, s, id))
	}
}

// TestReenableSession: only what is kept shut can be tried again, the one that is named or all.
func TestReenableSession(t *testing.T) {
	t.Parallel()
	s := operatorsService(t)
	shut := func(v *directconnect.VirtualInterface) { v.Peers[0].Held = s.Now() }
	one, other, open := interfaceRow(t, s, "1", shut), interfaceRow(t, s, "2", shut), interfaceRow(t, s, "3", nil)
	for name, c := range map[string]struct {
		id, peer string
		want     Reason
	}{
		"no ID": {"x", "", Invalid}, "no interface": {"dxvif-ffffffff", "", Missing},
		"another's peer": {one, "dxpeer-fg000002", Missing}, "not shut": {open, "", Conflict},
	} {
		if _, err := s.ReenableSession(t.Context(), c.id, c.peer); reasonOf(t, err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	for id, peer := range map[string]string{one: "dxpeer-fg000001", other: ""} {
		v, err := s.ReenableSession(t.Context(), id, peer)
		if err != nil || !v.Peers[0].Held.IsZero() || !due(t, s, id).Equal(s.Now()) {
			t.Errorf("%s %q: %+v, %v", id, peer, v.Peers, err)
		}
	}
}

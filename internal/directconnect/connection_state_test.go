package directconnect

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// lives tells for every state one way to it, through the methods that callers have.
var lives = map[ConnectionState]func() Connection{
	ConnectionOrdering:  allocated,
	ConnectionRequested: ordered,
	ConnectionPending:   approved,
	ConnectionAvailable: lit,
	ConnectionDown:      func() Connection { return must(lit().LinkDown("no light", noon)) },
	ConnectionUnknown:   func() Connection { return lit().Advance(silent, Brisk, code, noon) },
	ConnectionDeleting:  func() Connection { return must(lit().Delete(customer, noon)) },
	ConnectionDeleted:   func() Connection { return must(must(lit().Delete(customer, noon)).Release(noon)) },
	ConnectionRejected:  func() Connection { return must(allocated().Delete(customer, noon)) },
}

func TestEveryStateIsReached(t *testing.T) {
	t.Parallel()
	for _, s := range ConnectionStates {
		life, ok := lives[s]
		if !ok {
			t.Errorf("no way to %s", s)
			continue
		}
		if got := life(); got.State != s {
			t.Errorf("the way to %s leads to %s", s, got.State)
		}
	}
}

// occurrences are the methods behind the events. Lapse and Unreadable have none of their own: only Advance knows them.
var occurrences = map[ConnectionEvent]func(c Connection, now time.Time) (Connection, error){
	EventConfirm:  func(c Connection, now time.Time) (Connection, error) { c.Kind = Hosted; return c.Confirm(now) },
	EventIssueLOA: func(c Connection, now time.Time) (Connection, error) { return c.IssueLOA(code, now) },
	EventRefuse:   func(c Connection, now time.Time) (Connection, error) { return c.Refuse("no room", now) },
	EventLinkUp:   Connection.LinkUp,
	EventLinkDown: func(c Connection, now time.Time) (Connection, error) { return c.LinkDown("no light", now) },
	EventDelete:   func(c Connection, now time.Time) (Connection, error) { return c.Delete(partner, now) },
	EventRelease:  Connection.Release,
}

// TestMethodsKeepTheTable: in every state a method moves as the table says, or refuses and changes nothing.
func TestMethodsKeepTheTable(t *testing.T) {
	t.Parallel()
	later := noon.Add(time.Minute)
	for _, s := range ConnectionStates {
		for event, occur := range occurrences {
			t.Run(fmt.Sprintf("%s/%s", s, event), func(t *testing.T) {
				t.Parallel()
				was := lives[s]()
				if event == EventConfirm {
					was.Kind = Hosted
				}
				got, err := occur(was, later)
				to, ok := NextConnectionState(s, event)
				switch {
				case !ok:
					refused(t, err, refusedMove(was, event))
					same(t, was, got)
				case err != nil:
					t.Fatal(err)
				case got.State != to:
					t.Errorf("got %s, want %s", got.State, to)
				case to == s:
					same(t, was, got) // a repeat changes nothing
				default:
					checkEntered(t, got, later)
				}
			})
		}
	}
}

// checkEntered holds what is true of every state just entered at now.
func checkEntered(t *testing.T, c Connection, now time.Time) {
	t.Helper()
	if !c.Since.Equal(now) {
		t.Errorf("Since is %v, want %v", c.Since, now)
	}
	if c.Live() {
		if !c.Due.Equal(now) || !c.Deleted.IsZero() {
			t.Errorf("live: Due %v, Deleted %v", c.Due, c.Deleted)
		}
		return
	}
	if !c.Due.IsZero() || !c.Deleted.Equal(now) || c.EncryptionUp {
		t.Errorf("ended: Due %v, Deleted %v, EncryptionUp %v", c.Due, c.Deleted, c.EncryptionUp)
	}
}

func TestIssueLOA(t *testing.T) {
	t.Parallel()
	later := noon.Add(time.Hour)
	c := must(ordered().IssueLOA(code, later))
	if !c.Approved.Equal(later) || c.LOACode != code || !c.LOARead.IsZero() {
		t.Errorf("Approved %v, LOACode %q, LOARead %v", c.Approved, c.LOACode, c.LOARead)
	}
}

func TestRefuse(t *testing.T) {
	t.Parallel()
	c := must(ordered().Refuse("no room in the cage", noon))
	if c.State != ConnectionDeleted || c.Reason != "no room in the cage" || c.PortID != portOne.ID {
		t.Errorf("got %s, %q, port %q: the caller frees the port and has to know it", c.State, c.Reason, c.PortID)
	}
}

func TestDelete(t *testing.T) {
	t.Parallel()
	for _, k := range []struct {
		name string
		c    Connection
		by   string
		want ConnectionState
	}{
		{"a requested order is gone at once", ordered(), customer, ConnectionDeleted},
		{"a pending one is on its way out", approved(), customer, ConnectionDeleting},
		{"the customer declines a hosted one", allocated(), customer, ConnectionRejected},
		{"the partner withdraws it", allocated(), partner, ConnectionDeleted},
		{"the customer ends a confirmed one", confirmed(), customer, ConnectionDeleting},
		{"the partner ends a confirmed one", confirmed(), partner, ConnectionDeleting},
	} {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			got := must(k.c.Delete(k.by, noon))
			if got.State != k.want {
				t.Errorf("got %s, want %s", got.State, k.want)
			}
			same(t, got, must(got.Delete(k.by, noon.Add(time.Hour)))) // a second time changes nothing
		})
	}
}

func TestLinkUpAndDown(t *testing.T) {
	t.Parallel()
	down := must(lit().LinkDown("no light", noon.Add(time.Hour)))
	if down.Reason != "no light" || !down.FirstLight.Equal(noon) {
		t.Errorf("down: reason %q, first light %v", down.Reason, down.FirstLight)
	}
	up := must(down.LinkUp(noon.Add(2 * time.Hour)))
	if up.Reason != "" || !up.FirstLight.Equal(noon) {
		t.Errorf("up again: reason %q, first light %v", up.Reason, up.FirstLight)
	}
}

func TestPlug(t *testing.T) {
	t.Parallel()
	later := noon.Add(time.Hour)
	c := must(approved().Plug(later))
	if !c.CrossConnected.Equal(later) || !c.Due.Equal(later) || c.State != ConnectionPending {
		t.Errorf("plugged %v, due %v, state %s", c.CrossConnected, c.Due, c.State)
	}
	if again := must(c.Plug(later.Add(time.Hour))); !again.CrossConnected.Equal(later) {
		t.Errorf("plugged twice: the cable is there since %v, want %v", again.CrossConnected, later)
	}
	for _, s := range ConnectionStates {
		was := lives[s]()
		got, err := was.Plug(noon)
		switch {
		case was.Kind == Hosted:
			refused(t, err, "Connection "+hostedID+" is hosted: it has no cable of its own.")
		case slices.Contains([]ConnectionState{ConnectionRequested, ConnectionDeleting, ConnectionDeleted}, s):
			refused(t, err, "Connection "+connectionID+" is "+string(s)+": no cable can be plugged in"+map[bool]string{true: " before its order is approved"}[s == ConnectionRequested]+".")
		case err != nil:
			t.Errorf("%s: %v", s, err)
		}
		if err != nil {
			same(t, was, got)
		}
	}
}

func TestCutAndRestoreCable(t *testing.T) {
	t.Parallel()
	later := noon.Add(time.Hour)
	cut := must(lit().CutCable(later))
	if !cut.Cut || !cut.Due.Equal(later) {
		t.Errorf("cut %v, due %v", cut.Cut, cut.Due)
	}
	if mended := must(cut.RestoreCable(later)); mended.Cut || !mended.Due.Equal(later) {
		t.Errorf("mended: cut %v, due %v", mended.Cut, mended.Due)
	}
	for _, c := range []Connection{ordered(), approved(), confirmed(), must(lit().Delete(customer, noon))} {
		for _, f := range []func(Connection, time.Time) (Connection, error){Connection.CutCable, Connection.RestoreCable} {
			got, err := f(c, later)
			refused(t, err, "Connection "+c.ID+" has no cable plugged in.")
			same(t, c, got)
		}
	}
}

// refusedMove is what a move says that is not in the table: to customers and in the log by the event's name, to the operator in
// words of orders.
func refusedMove(c Connection, e ConnectionEvent) string {
	verb := map[ConnectionEvent]string{EventIssueLOA: "approved", EventRefuse: "refused"}[e]
	switch {
	case verb != "" && c.Kind == Hosted:
		return fmt.Sprintf("Connection %s is hosted: its owner accepts or declines it, and it cannot be %s.", c.ID, verb)
	case verb != "":
		return fmt.Sprintf("Connection %s is %s: only an order that is requested can be %s.", c.ID, c.State, verb)
	}
	return fmt.Sprintf("Connection %s is in state %s: %s is not possible.", c.ID, c.State, e)
}

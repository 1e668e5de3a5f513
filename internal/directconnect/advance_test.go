package directconnect

import (
	"slices"
	"testing"
	"time"
)

const (
	none = time.Duration(-1) // no Due
	day  = 24 * time.Hour
)

// step is one look of the reconciler: at an offset from noon, with what it sees, and the state and Due that follow.
type step struct {
	at    time.Duration
	does  func(Connection, time.Time) (Connection, error) // nil: Advance
	seen  Seen
	state ConnectionState
	due   time.Duration // offset from noon; none: zero
}

// walk takes the steps and holds each one to its state and Due.
func walk(t *testing.T, c Connection, p Pace, steps []step) Connection {
	t.Helper()
	for i, s := range steps {
		now := noon.Add(s.at)
		if s.does != nil {
			c = must(s.does(c, now))
		} else {
			c = c.Advance(s.seen, p, code, now)
		}
		var due time.Time
		if s.due != none {
			due = noon.Add(s.due)
		}
		if c.State != s.state || !c.Due.Equal(due) {
			t.Fatalf("step %d at %v: state %s, due %v; want %s, %v", i+1, s.at, c.State, c.Due, s.state, due)
		}
	}
	return c
}

func erase(c Connection, now time.Time) (Connection, error) { return c.Delete(customer, now) }

func approve(c Connection, now time.Time) (Connection, error) { return c.IssueLOA(code, now) }

// dedicatedLives is a dedicated connection's life at every pace.
var dedicatedLives = map[string][]step{
	"instant": {
		{0, nil, gone, ConnectionPending, 0},
		{0, nil, gone, ConnectionPending, 0}, // plugged in
		{0, nil, light, ConnectionAvailable, none},
		{time.Hour, erase, Seen{}, ConnectionDeleting, time.Hour},
		{time.Hour, nil, light, ConnectionDeleting, time.Hour + time.Second}, // the router still has it
		{time.Hour + time.Second, nil, gone, ConnectionDeleted, none},
	},
	"brisk": {
		{0, nil, gone, ConnectionRequested, 2 * time.Second},
		{2*time.Second - 1, nil, gone, ConnectionRequested, 2 * time.Second},
		{2 * time.Second, nil, gone, ConnectionPending, 2 * time.Second},
		{2 * time.Second, nil, gone, ConnectionPending, 5 * time.Second},
		{5*time.Second - 1, nil, dark, ConnectionPending, 5 * time.Second},
		{5 * time.Second, nil, dark, ConnectionPending, 5 * time.Second}, // plugged in
		{5 * time.Second, nil, dark, ConnectionPending, none},            // no light yet
		{6 * time.Second, nil, light, ConnectionAvailable, none},
		{7 * time.Second, nil, dark, ConnectionDown, none},
		{8 * time.Second, nil, silent, ConnectionUnknown, none},
		{9 * time.Second, nil, light, ConnectionAvailable, none},
		{10 * time.Second, erase, Seen{}, ConnectionDeleting, 10 * time.Second},
		{10 * time.Second, nil, light, ConnectionDeleting, 11 * time.Second},
		{11 * time.Second, nil, light, ConnectionDeleting, 12 * time.Second},  // the router still has it
		{12 * time.Second, nil, silent, ConnectionDeleting, 13 * time.Second}, // nobody knows
		{13 * time.Second, nil, gone, ConnectionDeleted, none},
		{14 * time.Second, nil, light, ConnectionDeleted, none},
	},
	"realistic": {
		{0, nil, gone, ConnectionRequested, 72 * time.Hour},
		{72 * time.Hour, nil, gone, ConnectionPending, 72 * time.Hour},
		{72 * time.Hour, nil, gone, ConnectionPending, 3*day + 14*day},
		{17*day - 1, nil, gone, ConnectionPending, 17 * day},
		{17 * day, nil, gone, ConnectionPending, 17 * day},
		{17 * day, nil, light, ConnectionAvailable, none},
		{18 * day, erase, Seen{}, ConnectionDeleting, 18 * day},
		{18 * day, nil, gone, ConnectionDeleting, 18*day + 5*time.Minute},
		{18*day + 5*time.Minute, nil, gone, ConnectionDeleted, none},
	},
	"manual": {
		{0, nil, gone, ConnectionRequested, none},
		{400 * day, nil, gone, ConnectionRequested, none},
		{400 * day, approve, Seen{}, ConnectionPending, 400 * day},
		{400 * day, nil, gone, ConnectionPending, 500 * day}, // until the order lapses
		{401 * day, Connection.Plug, Seen{}, ConnectionPending, 401 * day},
		{401 * day, nil, dark, ConnectionPending, none},
		{600 * day, nil, dark, ConnectionPending, none}, // plugged in, it does not lapse
		{600 * day, nil, light, ConnectionAvailable, none},
		{601 * day, erase, Seen{}, ConnectionDeleting, 601 * day},
		{601 * day, nil, gone, ConnectionDeleted, none},
	},
}

func TestAdvanceAtEachPace(t *testing.T) {
	t.Parallel()
	for _, p := range Paces {
		t.Run(p.Name, func(t *testing.T) {
			t.Parallel()
			steps, ok := dedicatedLives[p.Name]
			if !ok {
				t.Fatal("no life told at this pace")
			}
			c := walk(t, ordered(), p, steps)
			if c.LOACode != code || c.FirstLight.IsZero() || c.PortID != portOne.ID {
				t.Errorf("LOA code %q, first light %v, port %q", c.LOACode, c.FirstLight, c.PortID)
			}
		})
	}
}

// TestAdvanceHosted: what is seen is the parent's port. Deleting does not wait for the router to give that up.
func TestAdvanceHosted(t *testing.T) {
	t.Parallel()
	confirm := Connection.Confirm
	for _, k := range []struct {
		pace  Pace
		steps []step
	}{
		{Instant, []step{
			{0, nil, light, ConnectionOrdering, none},
			{0, confirm, Seen{}, ConnectionPending, 0},
			{0, nil, light, ConnectionAvailable, none},
			{0, erase, Seen{}, ConnectionDeleting, 0},
			{0, nil, light, ConnectionDeleted, none},
		}},
		{Brisk, []step{
			{time.Hour, nil, light, ConnectionOrdering, none}, // nobody confirms for the customer
			{time.Hour, confirm, Seen{}, ConnectionPending, time.Hour},
			{time.Hour, nil, light, ConnectionPending, time.Hour + time.Second},
			{time.Hour + time.Second, nil, dark, ConnectionPending, none},
			{2 * time.Hour, nil, light, ConnectionAvailable, none},
			{3 * time.Hour, nil, dark, ConnectionDown, none},
			{4 * time.Hour, erase, Seen{}, ConnectionDeleting, 4 * time.Hour},
			{4 * time.Hour, nil, silent, ConnectionDeleting, 4*time.Hour + time.Second},
			{4*time.Hour + time.Second, nil, silent, ConnectionDeleted, none},
		}},
		{Realistic, []step{
			{0, confirm, Seen{}, ConnectionPending, 0},
			{0, nil, light, ConnectionPending, time.Hour},
			{time.Hour, nil, light, ConnectionAvailable, none},
		}},
		{Manual, []step{
			{0, confirm, Seen{}, ConnectionPending, 0},
			{0, nil, light, ConnectionAvailable, none},
		}},
	} {
		t.Run(k.pace.Name, func(t *testing.T) {
			t.Parallel()
			walk(t, allocated(), k.pace, k.steps)
		})
	}
}

// TestOrderLapses: 90 days of the letter and 10 of grace, counted from its issue or its latest fetch.
func TestOrderLapses(t *testing.T) {
	t.Parallel()
	read := Connection.ReadLOA
	never := Pace{Plug: 300 * day}
	for _, k := range []struct {
		name  string
		pace  Pace
		steps []step
	}{
		{"never fetched", Manual, []step{
			{0, nil, gone, ConnectionPending, 100 * day},
			{100*day - time.Microsecond, nil, gone, ConnectionPending, 100 * day},
			{100 * day, nil, gone, ConnectionDeleting, 100 * day},
			{100 * day, nil, gone, ConnectionDeleted, none},
		}},
		{"fetched again", Manual, []step{
			{89 * day, read, Seen{}, ConnectionPending, 89 * day},
			{89 * day, nil, gone, ConnectionPending, 189 * day},
			{100 * day, nil, gone, ConnectionPending, 189 * day},
			{188 * day, read, Seen{}, ConnectionPending, 188 * day}, // in the days of grace
			{189 * day, nil, gone, ConnectionPending, 288 * day},
			{288 * day, nil, gone, ConnectionDeleting, 288 * day},
		}},
		{"a cable that would come too late", never, []step{
			{0, nil, gone, ConnectionPending, 100 * day},
			{100 * day, nil, gone, ConnectionDeleting, 100 * day},
		}},
		{"looked at late, the cable came first", Realistic, []step{
			{200 * day, nil, gone, ConnectionPending, 200 * day},
			{200 * day, nil, light, ConnectionAvailable, none},
		}},
	} {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			c := walk(t, approved(), k.pace, k.steps)
			if !c.Working() && c.Reason != "LOA-CFA lapsed without a cross connect" {
				t.Errorf("reason %q", c.Reason)
			}
		})
	}
}

func TestLOAExpires(t *testing.T) {
	t.Parallel()
	if got := ordered().LOAExpires(); !got.IsZero() {
		t.Errorf("no letter expires at %v", got)
	}
	if got := approved().LOAExpires(); !got.Equal(noon.Add(90 * day)) {
		t.Errorf("a letter of noon expires at %v", got)
	}
	if got := must(approved().ReadLOA(noon.Add(day))).LOAExpires(); !got.Equal(noon.Add(91 * day)) {
		t.Errorf("a letter fetched a day later expires at %v", got)
	}
}

// TestMustEncrypt: under must_encrypt light alone does not carry traffic.
func TestMustEncrypt(t *testing.T) {
	t.Parallel()
	bare, safe, unlit := light, light, dark
	bare.Mode, safe.Mode, unlit.Mode = MustEncrypt, MustEncrypt, MustEncrypt
	safe.Encrypted = true
	c := plugged()
	for i, k := range []struct {
		seen   Seen
		state  ConnectionState
		reason string
		up     bool
	}{
		{bare, ConnectionPending, "", false},
		{safe, ConnectionAvailable, "", true},
		{bare, ConnectionDown, "encryption is required and not up", false},
		{unlit, ConnectionDown, "no light", false},
		{bare, ConnectionDown, "encryption is required and not up", false},
		{silent, ConnectionUnknown, "encryption is required and not up", false},
		{safe, ConnectionAvailable, "", true},
		{silent, ConnectionUnknown, "", true}, // as last observed
		{bare, ConnectionDown, "encryption is required and not up", false},
		{light, ConnectionAvailable, "", false}, // the mode was eased
	} {
		c = c.Advance(k.seen, Brisk, code, noon)
		if c.State != k.state || c.Reason != k.reason || c.EncryptionUp != k.up {
			t.Fatalf("step %d: %s, %q, encryption up %v; want %s, %q, %v",
				i+1, c.State, c.Reason, c.EncryptionUp, k.state, k.reason, k.up)
		}
	}
}

// TestPendingWithoutNews: a plugged port that is dark or cannot be read waits, and claims nothing.
// A port whose cable nobody has reported shows by its light that one is plugged in.
func TestLightIsACable(t *testing.T) {
	t.Parallel()
	p := Realistic
	p.Plug = Never
	c := walk(t, ordered(), p, []step{
		{0, approve, Seen{}, ConnectionPending, 0},
		{time.Hour, nil, dark, ConnectionPending, 100 * day}, // until the order lapses
		{2 * time.Hour, nil, light, ConnectionAvailable, none},
		{3 * time.Hour, nil, dark, ConnectionDown, none},
	})
	if !c.CrossConnected.Equal(noon.Add(2 * time.Hour)) {
		t.Errorf("cross connected %v", c.CrossConnected)
	}
}

func TestPendingWithoutNews(t *testing.T) {
	t.Parallel()
	for _, seen := range []Seen{dark, silent} {
		got := plugged().Advance(seen, Brisk, code, noon)
		if got.State != ConnectionPending || got.Reason != "" || !got.Due.IsZero() || !got.FirstLight.IsZero() {
			t.Errorf("%+v: state %s, reason %q, due %v", seen, got.State, got.Reason, got.Due)
		}
	}
}

func TestPaceNamed(t *testing.T) {
	t.Parallel()
	for _, p := range Paces {
		if got, ok := PaceNamed(p.Name); !ok || got != p {
			t.Errorf("%s: %+v, %v", p.Name, got, ok)
		}
	}
	if _, ok := PaceNamed("hasty"); ok || slices.ContainsFunc(Paces, func(p Pace) bool { return p.Name == "" }) {
		t.Error("a pace without a name, or a name without a pace")
	}
}

// TestApproves: before an order is approved there is nothing to look at, and then there is.
func TestApproves(t *testing.T) {
	t.Parallel()
	for _, p := range Paces {
		at := p.Approves(noon)
		if at.IsZero() != (p.Approve == Never) {
			t.Fatalf("%s approves at %v", p.Name, at)
		}
		c := Connection{State: ConnectionRequested, Created: noon}
		if at.IsZero() || at.After(noon) {
			if got := c.Advance(Seen{}, p, code, noon); got.State != ConnectionRequested || !got.Due.Equal(at) {
				t.Errorf("%s, at once: state %s, due %v, want %v", p.Name, got.State, got.Due, at)
			}
		}
		if !at.IsZero() {
			if got := c.Advance(Seen{}, p, code, at); got.State != ConnectionPending {
				t.Errorf("%s, at %v: state %s", p.Name, at, got.State)
			}
		}
	}
}

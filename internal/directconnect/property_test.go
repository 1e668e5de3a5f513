package directconnect

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// settle advances until nothing is due, as the reconciler does; the bound is what a whole life can take.
func settle(t *rapid.T, c Connection, seen Seen, p Pace, now time.Time) Connection {
	for range 10 {
		c = c.Advance(seen, p, code, now)
		if c.Due.IsZero() || c.Due.After(now) {
			return c
		}
	}
	t.Fatalf("still due after ten steps: %+v", c)
	return c
}

func drawSeen(t *rapid.T, c Connection) Seen {
	seen := Seen{
		Readable: rapid.Bool().Draw(t, "readable"), Configured: rapid.Bool().Draw(t, "configured"),
		Carrier: rapid.Bool().Draw(t, "carrier"), Encrypted: rapid.Bool().Draw(t, "encrypted"),
		Mode: rapid.SampledFrom([]EncryptionMode{"", NoEncrypt, ShouldEncrypt, MustEncrypt}).Draw(t, "mode"),
	}
	for _, k := range c.MACsecKeys {
		if rapid.Bool().Draw(t, "installed") {
			seen.InstalledCKNs = append(seen.InstalledCKNs, k.CKN)
		}
	}
	return seen
}

// happen does one thing, drawn, to the connection; the name tells which.
func happen(t *rapid.T, c Connection, now time.Time) (string, Connection, error) {
	digit := rapid.SampledFrom([]string{"a", "b", "c", "d"}).Draw(t, "key")
	deeds := map[string]func() (Connection, error){
		"associate": func() (Connection, error) { return c.AssociateKey(secret(digit), 3, now) },
		"confirm":   func() (Connection, error) { return c.Confirm(now) },
		"cut":       func() (Connection, error) { return c.CutCable(now) },
		"delete": func() (Connection, error) {
			return c.Delete(rapid.SampledFrom([]string{customer, partner}).Draw(t, "by"), now)
		},
		"disassociate": func() (Connection, error) {
			next, _, err := c.DisassociateKey(secret(digit).ARN, now)
			return next, err
		},
		"encrypt": func() (Connection, error) { return c.Encrypt(MustEncrypt, now) },
		"down":    func() (Connection, error) { return c.LinkDown("no light", now) },
		"issue":   func() (Connection, error) { return c.IssueLOA(code, now) },
		"plug":    func() (Connection, error) { return c.Plug(now) },
		"read":    func() (Connection, error) { return c.ReadLOA(now) },
		"refuse":  func() (Connection, error) { return c.Refuse("no room", now) },
		"release": func() (Connection, error) { return c.Release(now) },
		"restore": func() (Connection, error) { return c.RestoreCable(now) },
		"up":      func() (Connection, error) { return c.LinkUp(now) },
	}
	names := make([]string, 0, len(deeds))
	for name := range deeds {
		names = append(names, name)
	}
	slices.Sort(names)
	name := rapid.SampledFrom(names).Draw(t, "event")
	next, err := deeds[name]()
	return name, next, err
}

// TestRandomLives: whatever happens in whatever order, a connection is in a state that exists, what has ended stays ended,
// a refusal changes nothing, and looking twice at the same instant is the same as once.
func TestRandomLives(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.SampledFrom([]func() Connection{ordered, interconnect, allocated}).Draw(t, "kind")()
		p := rapid.SampledFrom(Paces).Draw(t, "pace")
		now := noon
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			was := c
			if rapid.Bool().Draw(t, "look") {
				now = now.Add(time.Duration(rapid.Int64Range(0, int64(60*day)).Draw(t, "later")))
				seen := drawSeen(t, c)
				c = settle(t, c, seen, p, now)
				if again := c.Advance(seen, p, code, now); !cmp.Equal(c, again) {
					t.Fatalf("a second look changed it: %s", cmp.Diff(c, again))
				}
			} else {
				name, next, err := happen(t, c, now)
				if err != nil && !cmp.Equal(c, next) {
					t.Fatalf("%s was refused (%v) and yet changed: %s", name, err, cmp.Diff(c, next))
				}
				c = next
			}
			checkSound(t, was, c)
		}
	})
}

// checkSound holds what is true of every connection at every moment.
func checkSound(t *rapid.T, was, c Connection) {
	if !slices.Contains(ConnectionStates, c.State) {
		t.Fatalf("state %q", c.State)
	}
	if !was.Live() && was.State != c.State {
		t.Fatalf("%s became %s", was.State, c.State)
	}
	if c.Live() != c.Deleted.IsZero() || (!c.Live() && (!c.Due.IsZero() || c.EncryptionUp)) {
		t.Fatalf("%s: deleted %v, due %v, encryption up %v", c.State, c.Deleted, c.Due, c.EncryptionUp)
	}
	if c.ID != was.ID || c.Kind != was.Kind || c.PortID != was.PortID || !c.Created.Equal(was.Created) || c.Since.Before(was.Since) {
		t.Fatalf("identity or time went astray: %s", cmp.Diff(was, c))
	}
	if c.Kind == Hosted && (c.State == ConnectionRequested || !c.CrossConnected.IsZero() || !c.Approved.IsZero()) {
		t.Fatalf("a hosted connection with a port's life: %+v", c)
	}
	if c.Kind != Hosted && (c.State == ConnectionOrdering || c.State == ConnectionRejected) {
		t.Fatalf("a port with a hosted connection's life: %+v", c)
	}
	for _, k := range c.MACsecKeys {
		if !slices.Contains(MACsecKeyStates, k.State) || k.State == KeyDisassociated || len(c.MACsecKeys) > 3 {
			t.Fatalf("keys: %s", keyStates(c.MACsecKeys))
		}
	}
	if c.Live() && len(was.KeysToInstall()) > 0 && len(c.KeysToInstall()) == 0 && c.EncryptionMode == MustEncrypt {
		t.Fatal("must_encrypt outlived the last key")
	}
}

// TestDueIsReached: jumping from Due to Due, an order with a cable and light comes up at the very moment that its pace
// says, and a deletion ends at its.
func TestDueIsReached(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		span := func(name string) time.Duration {
			return time.Duration(rapid.Int64Range(0, int64(90*day)).Draw(t, name))
		}
		p := Pace{Approve: span("approve"), Plug: span("plug"), Release: span("release")}
		c, now := ordered(), noon
		for range 3 {
			seen := gone
			if !c.CrossConnected.IsZero() {
				seen = light
			}
			if c = settle(t, c, seen, p, now); c.Due.IsZero() {
				break
			}
			now = c.Due
		}
		if !c.CrossConnected.IsZero() {
			c = settle(t, c, light, p, now)
		}
		if want := noon.Add(p.Approve + p.Plug); c.State != ConnectionAvailable || !c.FirstLight.Equal(want) {
			t.Fatalf("%s, first light %v, want %v", c.State, c.FirstLight, want)
		}
		c = settle(t, must(c.Delete(customer, now)), gone, p, now)
		if !c.Due.IsZero() {
			c = settle(t, c, gone, p, c.Due)
		}
		if want := now.Add(p.Release); c.State != ConnectionDeleted || !c.Deleted.Equal(want) {
			t.Fatalf("%s, deleted %v, want %v", c.State, c.Deleted, want)
		}
	})
}

package reconcile

import (
	"errors"
	"testing"
	"time"

	"onramp/internal/directconnect"
	"onramp/internal/store"
)

const group = "dxrg-0123456789abcdefg"

// gather makes a resiliency group and puts connections into it.
func (b *bed) gather(ids ...string) {
	b.t.Helper()
	b.update(func(tx *store.Tx) error {
		g, err := directconnect.NewResiliencyGroup(group, account, region, "x", "high-resiliency", nil, b.now())
		if err != nil {
			return err
		}
		if err := tx.PutResiliencyGroup(&g); err != nil {
			return err
		}
		for _, id := range ids {
			c, err := tx.Connection(id)
			if err != nil {
				return err
			}
			m, err := g.Admit(c, directconnect.ResiliencyMember{}, b.now())
			if err != nil {
				return err
			}
			if err := tx.PutMember(&m); err != nil {
				return err
			}
		}
		return nil
	})
}

// leave has one connection, or the whole group, begin its end.
func (b *bed) leave(id string) {
	b.t.Helper()
	b.update(func(tx *store.Tx) error {
		members, err := tx.Members(store.MemberQuery{GroupID: group, ConnectionID: id})
		if err != nil {
			return err
		}
		for _, m := range members {
			m = m.Leave(b.now())
			if err := tx.PutMember(&m); err != nil {
				return err
			}
		}
		if id != "" {
			return nil
		}
		g, err := tx.ResiliencyGroup(group)
		if err != nil {
			return err
		}
		g = g.Delete(b.now())
		return tx.PutResiliencyGroup(&g)
	})
}

// groupIs fails unless the group and its members are in those states; "": not there.
func (b *bed) groupIs(want directconnect.ResiliencyGroupState, members map[string]directconnect.ResiliencyMemberState) {
	b.t.Helper()
	err := b.store.View(b.t.Context(), func(tx *store.Tx) error {
		g, err := tx.ResiliencyGroup(group)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if g.State != want {
			b.t.Errorf("the group is %q, want %q", g.State, want)
		}
		for id, state := range members {
			m, err := tx.Member(group, id)
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				return err
			}
			if m.State != state {
				b.t.Errorf("%s is %q in the group, want %q", id, m.State, state)
			}
		}
		return nil
	})
	if err != nil {
		b.t.Fatal(err)
	}
}

type in = map[string]directconnect.ResiliencyMemberState

// TestResiliencyLife: a group and its members through every state, each at its pace, until nothing is kept of them.
func TestResiliencyLife(t *testing.T) {
	t.Parallel()
	b := newBed(t, directconnect.Pace{Approve: directconnect.Never, Plug: directconnect.Never, Provision: time.Hour, Release: time.Minute})
	one, two := b.order(directconnect.Dedicated, router, false), b.order(directconnect.Dedicated, router2, false)
	b.gather(one, two)
	b.groupIs(directconnect.ResiliencyPending, in{one: directconnect.MemberAssociating})
	if rep := b.passOnce(); rep.Moved != 1 || rep.Due < 3 {
		t.Errorf("the first pass: %+v", rep)
	}
	b.groupIs(directconnect.ResiliencyAvailable, in{one: directconnect.MemberAssociating, two: directconnect.MemberAssociating})
	b.wait(time.Hour)
	b.groupIs(directconnect.ResiliencyAvailable, in{one: directconnect.MemberAssociated, two: directconnect.MemberAssociated})
	b.leave(one)
	b.wait(time.Minute)
	b.groupIs(directconnect.ResiliencyAvailable, in{one: directconnect.MemberDisassociated, two: directconnect.MemberAssociated})
	b.wait(b.keep - time.Microsecond)
	b.groupIs(directconnect.ResiliencyAvailable, in{one: directconnect.MemberDisassociated, two: directconnect.MemberAssociated})
	b.wait(time.Microsecond)
	b.groupIs(directconnect.ResiliencyAvailable, in{one: "", two: directconnect.MemberAssociated})
	b.leave("")
	b.settle()
	b.groupIs(directconnect.ResiliencyDeleting, in{two: directconnect.MemberDisassociating})
	b.wait(time.Minute)
	b.groupIs(directconnect.ResiliencyDeleted, in{two: directconnect.MemberDisassociated})
	b.wait(b.keep + purgeEvery)
	b.groupIs("", in{two: ""})
}

// TestGroupWaitsForItsMembers: one that is not on its way out yet keeps the group from its end.
func TestGroupWaitsForItsMembers(t *testing.T) {
	t.Parallel()
	b := newBed(t, directconnect.Instant)
	b.pace.Release = time.Minute
	one := b.order(directconnect.Dedicated, router, false)
	b.gather(one)
	b.settle()
	b.update(func(tx *store.Tx) error {
		g, err := tx.ResiliencyGroup(group)
		if err != nil {
			return err
		}
		g = g.Delete(b.now())
		return tx.PutResiliencyGroup(&g)
	})
	b.wait(time.Minute)
	b.groupIs(directconnect.ResiliencyDeleting, in{one: directconnect.MemberAssociated})
	b.leave(one)
	b.wait(2 * time.Minute)
	b.groupIs(directconnect.ResiliencyDeleted, in{one: directconnect.MemberDisassociated})
}

// TestLapsedConnectionsLeaveTheirGroups: what ends without anybody's request does too.
func TestLapsedConnectionsLeaveTheirGroups(t *testing.T) {
	t.Parallel()
	b := newBed(t, directconnect.Pace{Plug: directconnect.Never})
	one := b.order(directconnect.Dedicated, router, false)
	b.gather(one)
	b.settle()
	b.groupIs(directconnect.ResiliencyAvailable, in{one: directconnect.MemberAssociated})
	b.wait(directconnect.LOAAuthority + directconnect.LOAGrace)
	b.is(one, directconnect.ConnectionDeleted)
	b.groupIs(directconnect.ResiliencyAvailable, in{one: directconnect.MemberDisassociated})
}

// TestTokensAreForgotten: a client token goes when its day is over.
func TestTokensAreForgotten(t *testing.T) {
	t.Parallel()
	b := newBed(t, directconnect.Instant)
	b.update(func(tx *store.Tx) error {
		return tx.PutClientToken(store.ClientToken{Account: account, Operation: "o", Token: "t", RequestHash: "h", AnswerID: "a", Created: b.now()})
	})
	kept := func() bool {
		err := b.store.View(t.Context(), func(tx *store.Tx) error { _, err := tx.ClientToken(account, "o", "t"); return err })
		return err == nil
	}
	b.clock.turn(directconnect.ClientTokenLife)
	b.passOnce()
	if !kept() {
		t.Error("it is forgotten while it is good")
	}
	b.clock.turn(purgeEvery)
	b.passOnce()
	if kept() {
		t.Error("it is kept for ever")
	}
}

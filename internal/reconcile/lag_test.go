package reconcile

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"onramp/internal/directconnect"
	"onramp/internal/fabric"
	"onramp/internal/store"
)

const lagID = "dxlag-fg000001"

// bundle makes a LAG of new connections.
func (b *bed) bundle(members int, macsec, hosted bool) (ids []string) {
	b.t.Helper()
	b.update(func(tx *store.Tx) error {
		g, err := directconnect.NewLAG(lagID, directconnect.LAGOrder{
			Account: account, Region: region, Name: "lag", Bandwidth: directconnect.Gbps10, Connections: members, MACsec: macsec, BillingMode: directconnect.PayAsYouGo,
		}, b.location(), router, b.now())
		g.AllowsHosted = hosted
		if err != nil {
			return err
		}
		return tx.PutLAG(&g)
	})
	kind := directconnect.Dedicated
	if hosted {
		kind = directconnect.Interconnect
	}
	for range members {
		id := b.order(kind, router, macsec)
		b.do(id, func(c directconnect.Connection, now time.Time) (directconnect.Connection, error) {
			g, _ := b.lagState(lagID)
			return c.Join(g, now), nil
		})
		ids = append(ids, id)
	}
	return ids
}

func (b *bed) minimum(n int) {
	b.t.Helper()
	b.doLAG(lagID, func(g directconnect.LAG, now time.Time) (directconnect.LAG, error) {
		return g.Update(nil, &n, nil, make([]directconnect.Connection, 4), now)
	})
}

func (b *bed) lagIs(want directconnect.LAGState) {
	b.t.Helper()
	if _, got := b.lagState(lagID); got != want {
		b.t.Fatalf("the LAG is %s, want %s", got, want)
	}
}

// host sells a VLAN of an interconnect or LAG, confirmed.
func (b *bed) host(parent string, vlan int32) string {
	b.t.Helper()
	id := fmt.Sprintf("dxcon-fh%06d", vlan)
	b.update(func(tx *store.Tx) error {
		c, err := directconnect.NewHosted(id, directconnect.HostedOrder{Owner: customer, Name: id, Bandwidth: "50Mbps", VLAN: vlan},
			directconnect.Parent{ID: parent, Region: region, Location: location, Router: router, Bandwidth: directconnect.Gbps10, Capacity: 10000},
			directconnect.Account{ID: account, Partner: directconnect.PartnerV2}, nil, b.now())
		if err != nil {
			return err
		}
		return tx.PutConnection(&c)
	})
	b.do(id, directconnect.Connection.Confirm)
	return id
}

func TestLAG(t *testing.T) {
	t.Parallel()
	b := newBed(t, directconnect.Instant)
	m := b.bundle(2, false, true)
	h := b.host(lagID, 100)
	b.minimum(2)
	b.passOnce()
	b.is(h, directconnect.ConnectionPending)
	b.settle()
	b.lagIs(directconnect.LAGAvailable)
	b.is(h, directconnect.ConnectionAvailable)
	o, err := b.sim.Observe(t.Context(), router)
	if err != nil || o.Bundles[lagID] != (fabric.BundleStatus{Up: true, ActiveMembers: 2}) {
		t.Errorf("bundles %+v, error %v", o.Bundles, err)
	}

	b.do(m[0], directconnect.Connection.CutCable)
	b.settle()
	b.lagIs(directconnect.LAGDown)
	b.is(m[1], directconnect.ConnectionAvailable)
	b.is(h, directconnect.ConnectionDown)

	b.minimum(1) // nothing but the LAG itself changes, and what it carries follows
	b.settle()
	b.lagIs(directconnect.LAGAvailable)
	b.is(h, directconnect.ConnectionAvailable)

	b.do(m[1], directconnect.Connection.CutCable)
	b.settle()
	b.is(h, directconnect.ConnectionDown)
	b.do(m[1], directconnect.Connection.RestoreCable)
	b.settle()
	b.is(h, directconnect.ConnectionAvailable)

	b.do(m[1], func(c directconnect.Connection, now time.Time) (directconnect.Connection, error) {
		return c.Leave(directconnect.Account{}, now), nil
	})
	b.minimum(0) // detaching a member is an update of the LAG as well
	b.settle()
	b.lagIs(directconnect.LAGDown)
	b.is(h, directconnect.ConnectionDown)
	b.is(m[1], directconnect.ConnectionAvailable)
	if ports := onRouter(t, b.sim, router); ports["et-1"].Bundle != "" || ports["et-0"].Bundle != lagID {
		t.Errorf("the router has %+v", ports)
	}
}

func TestHostedFollowsInterconnect(t *testing.T) {
	t.Parallel()
	b := newBed(t, directconnect.Brisk)
	parent := b.order(directconnect.Interconnect, router, false)
	first, second := b.host(parent, 1), b.host(parent, 2)
	b.wait(time.Second)
	b.is(first, directconnect.ConnectionPending)
	b.wait(time.Second)
	b.wait(3 * time.Second)
	b.is(parent, directconnect.ConnectionAvailable)
	b.is(first, directconnect.ConnectionAvailable)
	b.do(parent, directconnect.Connection.CutCable)
	b.settle()
	b.is(second, directconnect.ConnectionDown)
	b.sim.Unreachable(router, true)
	b.do(parent, directconnect.Connection.RestoreCable)
	b.settle()
	b.is(parent, directconnect.ConnectionUnknown)
	b.is(second, directconnect.ConnectionUnknown)
	b.do(first, remove)
	b.wait(time.Second) // a router that does not answer does not keep a hosted connection alive
	b.is(first, directconnect.ConnectionDeleted)
	b.sim.Unreachable(router, false)
	b.wait(lastRetry)
	b.is(parent, directconnect.ConnectionAvailable)
	b.is(second, directconnect.ConnectionAvailable)
}

// secret keeps a key pair.
func (b *bed) secret(n int) directconnect.Secret {
	b.t.Helper()
	arn := fmt.Sprintf("arn:aws:secretsmanager:%s:%s:secret:directconnect!%d", region, account, n)
	s := directconnect.Secret{
		ARN: arn, Account: account, Region: region, CKN: strings.Repeat(fmt.Sprint(n), 64),
		CAK: seal(strings.Repeat("a", 64), "macsec/"+arn), Created: b.now(),
	}
	b.update(func(tx *store.Tx) error { return tx.PutSecret(s) })
	return s
}

func associate(s directconnect.Secret) func(directconnect.Connection, time.Time) (directconnect.Connection, error) {
	return func(c directconnect.Connection, now time.Time) (directconnect.Connection, error) {
		return c.AssociateKey(s, 3, now)
	}
}

func disassociate(s directconnect.Secret) func(directconnect.Connection, time.Time) (directconnect.Connection, error) {
	return func(c directconnect.Connection, now time.Time) (directconnect.Connection, error) {
		c, _, err := c.DisassociateKey(s.ARN, now)
		return c, err
	}
}

func TestMACsecKeys(t *testing.T) {
	t.Parallel()
	b := newBed(t, directconnect.Instant)
	id := b.order(directconnect.Dedicated, router, true)
	one, two := b.secret(1), b.secret(2)
	b.do(id, associate(one))
	if k := b.get(id).MACsecKeys; len(k) != 1 || k[0].State != directconnect.KeyAssociating {
		t.Fatalf("keys %+v", k)
	}
	b.settle()
	c := b.is(id, directconnect.ConnectionAvailable)
	if !c.EncryptionUp || c.MACsecKeys[0].State != directconnect.KeyAssociated {
		t.Fatalf("encryption %t, keys %+v", c.EncryptionUp, c.MACsecKeys)
	}
	b.do(id, func(c directconnect.Connection, now time.Time) (directconnect.Connection, error) {
		return c.Encrypt(directconnect.MustEncrypt, now)
	})
	b.do(id, associate(two))
	b.settle()
	b.is(id, directconnect.ConnectionAvailable)
	b.do(id, disassociate(one))
	b.settle()
	if c := b.is(id, directconnect.ConnectionAvailable); len(c.MACsecKeys) != 1 || c.MACsecKeys[0].CKN != two.CKN {
		t.Errorf("keys %+v", c.MACsecKeys)
	}
	if p := onRouter(t, b.sim, router)["et-0"]; len(p.CKNs) != 1 || p.CKNs[0] != two.CKN || !p.Encrypted {
		t.Errorf("the port has %+v", p)
	}
	b.do(id, disassociate(two))
	b.settle()
	if c := b.is(id, directconnect.ConnectionAvailable); len(c.MACsecKeys) != 0 || c.EncryptionUp || c.EncryptionMode != directconnect.ShouldEncrypt {
		t.Errorf("without keys: %+v", c)
	}
	b.do(id, func(c directconnect.Connection, now time.Time) (directconnect.Connection, error) {
		return c.Encrypt(directconnect.MustEncrypt, now)
	})
	b.settle()
	if c := b.is(id, directconnect.ConnectionDown); c.Reason != "encryption is required and not up" {
		t.Errorf("reason %q", c.Reason)
	}
}

// TestHostedEncryption shows a hosted connection as encrypted while its parent is.
func TestHostedEncryption(t *testing.T) {
	t.Parallel()
	b := newBed(t, directconnect.Instant)
	parent, key := b.order(directconnect.Interconnect, router, true), b.secret(1)
	onPort, onLAG := b.host(parent, 1), b.host(lagID, 2)
	b.bundle(1, true, true)
	b.do(parent, associate(key))
	b.doLAG(lagID, func(g directconnect.LAG, now time.Time) (directconnect.LAG, error) {
		return g.AssociateKey(key, 3, now)
	})
	b.settle()
	for _, id := range []string{onPort, onLAG} {
		if c := b.is(id, directconnect.ConnectionAvailable); !c.EncryptionUp {
			t.Errorf("%s is not encrypted", id)
		}
	}
	b.do(parent, disassociate(key))
	b.doLAG(lagID, func(g directconnect.LAG, now time.Time) (directconnect.LAG, error) {
		g, _, err := g.DisassociateKey(key.ARN, now)
		return g, err
	})
	b.settle()
	for _, id := range []string{onPort, onLAG} {
		if c := b.is(id, directconnect.ConnectionAvailable); c.EncryptionUp {
			t.Errorf("%s is still encrypted", id)
		}
	}
}

// TestKeyDoesNotOpen keeps one damaged secret from harming its router.
func TestKeyDoesNotOpen(t *testing.T) {
	t.Parallel()
	b := newBed(t, directconnect.Instant)
	bad := b.secret(1)
	bad.ARN, bad.CKN = bad.ARN+"-other", strings.Repeat("9", 64) // sealed for another ARN
	b.update(func(tx *store.Tx) error { return tx.PutSecret(bad) })
	id, other := b.order(directconnect.Dedicated, router, true), b.order(directconnect.Dedicated, router, true)
	b.do(id, associate(bad))
	b.settle()
	c := b.is(id, directconnect.ConnectionAvailable)
	if c.MACsecKeys[0].State != directconnect.KeyAssociating || c.EncryptionUp {
		t.Errorf("a key that cannot be installed: %+v", c)
	}
	b.is(other, directconnect.ConnectionAvailable)
}

// TestLAGKeys installs a LAG's key on its members, and takes them down when encryption is required and gone.
func TestLAGKeys(t *testing.T) {
	t.Parallel()
	b := newBed(t, directconnect.Instant)
	m := b.bundle(2, true, false)
	one := b.secret(1)
	b.doLAG(lagID, func(g directconnect.LAG, now time.Time) (directconnect.LAG, error) {
		return g.AssociateKey(one, 3, now)
	})
	b.settle()
	g, state := b.lagState(lagID)
	if state != directconnect.LAGAvailable || g.MACsecKeys[0].State != directconnect.KeyAssociated {
		t.Fatalf("the LAG is %s with keys %+v", state, g.MACsecKeys)
	}
	for _, id := range m {
		if c := b.get(id); !c.EncryptionUp || len(c.MACsecKeys) != 0 {
			t.Errorf("member %+v", c)
		}
	}
	b.doLAG(lagID, func(g directconnect.LAG, now time.Time) (directconnect.LAG, error) {
		g, _, err := g.DisassociateKey(one.ARN, now)
		return g, err
	})
	b.settle()
	if g, _ := b.lagState(lagID); len(g.MACsecKeys) != 0 || b.get(m[0]).EncryptionUp {
		t.Errorf("the LAG has keys %+v and encryption %t", g.MACsecKeys, b.get(m[0]).EncryptionUp)
	}
	must := directconnect.MustEncrypt
	b.doLAG(lagID, func(g directconnect.LAG, now time.Time) (directconnect.LAG, error) {
		return g.Update(nil, nil, &must, nil, now)
	})
	b.settle()
	b.lagIs(directconnect.LAGDown)
	b.is(m[1], directconnect.ConnectionDown)
}

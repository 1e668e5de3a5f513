package directconnect

import (
	"fmt"
	"testing"
	"time"
)

func TestAdmit(t *testing.T) {
	t.Parallel()
	g := bundle()
	if err := g.Admit(lit(), members("up up up")); err != nil {
		t.Errorf("a fourth: %v", err)
	}
	movable := ordered()
	movable.Router = otherRouter
	if err := g.Admit(movable, nil); err != nil {
		t.Errorf("a reservation that can be moved: %v", err)
	}
	open := g
	open.AllowsHosted, open.MACsec, open.Account = true, false, partner
	if err := open.Admit(interconnect(), nil); err != nil {
		t.Errorf("an interconnect in a partner's: %v", err)
	}
	for _, k := range []struct {
		name    string
		change  func(*LAG, *Connection)
		members string
		want    string
	}{
		{"a stranger's", func(_ *LAG, c *Connection) { c.Account = stranger }, "", "Could not find Connection with ID dxcon-fg31dyv6"},
		{"hosted", func(_ *LAG, c *Connection) { *c = confirmed() }, "",
			"Connection dxcon-fh6ljcvo is a hosted connection and cannot be associated with a Lag."},
		{"an interconnect", func(g *LAG, c *Connection) { *c = interconnect(); g.Account = partner }, "",
			"Interconnect dxcon-ffabc123 cannot be associated with Lag dxlag-ffjhj9lx, which does not allow hosted connections."},
		{"on its way out", func(_ *LAG, c *Connection) { *c = must(c.Delete(customer, noon)) }, "",
			"Connection dxcon-fg31dyv6 is in state deleting and cannot be associated with a Lag."},
		{"a member already", func(_ *LAG, c *Connection) { c.LagID = lagID }, "up",
			"Connection dxcon-fg31dyv6 is already associated with Lag dxlag-ffjhj9lx."},
		{"elsewhere", func(_ *LAG, c *Connection) { c.Location = "EqSe2" }, "",
			"Connection dxcon-fg31dyv6 and Lag dxlag-ffjhj9lx are not at the same location."},
		{"slower", func(_ *LAG, c *Connection) { c.Bandwidth = Gbps1 }, "",
			"Connection dxcon-fg31dyv6 and Lag dxlag-ffjhj9lx do not have the same bandwidth."},
		{"no MACsec", func(_ *LAG, c *Connection) { c.MACsec = false }, "",
			"Connection dxcon-fg31dyv6 and lag should be requested MacSec at the same time"},
		{"MACsec only there", func(g *LAG, _ *Connection) { g.MACsec = false }, "",
			"Connection dxcon-fg31dyv6 and lag should be requested MacSec at the same time"},
		{"a fifth", func(*LAG, *Connection) {}, "up up up up", "A Lag of 10Gbps connections can have at most 4 connections."},
		{"another endpoint", func(_ *LAG, c *Connection) { c.Router = otherRouter }, "",
			"Connection dxcon-fg31dyv6 and Lag dxlag-ffjhj9lx are not on the same AWS Direct Connect endpoint."},
		{"a deleted LAG", func(g *LAG, _ *Connection) { g.Deleted = noon }, "", "Could not find Lag with ID dxlag-ffjhj9lx"},
	} {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			g, c := bundle(), lit()
			k.change(&g, &c)
			refused(t, g.Admit(c, members(k.members)), k.want)
		})
	}
}

func TestSpare(t *testing.T) {
	t.Parallel()
	for _, k := range []struct {
		minimum int
		members string
		spared  bool
	}{
		{0, "up", true}, {0, "up up", true}, {1, "up", true}, {1, "up up", true},
		{2, "up up", false}, {2, "up up up", true}, {3, "up up up", false}, {4, "up", true},
	} {
		g := bundle()
		g.MinimumLinks = k.minimum
		err := g.Spare(members(k.members))
		if k.spared && err != nil {
			t.Errorf("minimumLinks %d of [%s]: %v", k.minimum, k.members, err)
		} else if !k.spared {
			refused(t, err, fmt.Sprintf("Lag dxlag-ffjhj9lx cannot have fewer than %d connections, its MinimumLinks.", k.minimum))
		}
	}
}

func TestJoinAndLeave(t *testing.T) {
	t.Parallel()
	later := noon.Add(time.Hour)
	g := bundle()
	g.EncryptionMode = MustEncrypt
	in := must(lit().AssociateKey(secret("a"), 3, noon)).Join(g, later)
	if in.LagID != lagID || in.MACsecKeys != nil || in.EncryptionMode != MustEncrypt || !in.Due.Equal(later) {
		t.Errorf("joined: %+v", in)
	}
	later = later.Add(time.Hour)
	out := in.Leave(Account{ID: customer}, later)
	if out.LagID != "" || out.MACsecKeys != nil || out.EncryptionMode != ShouldEncrypt || !out.Due.Equal(later) || out.Kind != Dedicated {
		t.Errorf("left: %+v", out)
	}
	if got := in.Leave(reseller, later).Kind; got != Interconnect {
		t.Errorf("what leaves a declared partner's LAG is a %s", got)
	}
	if got := in.Leave(Account{ID: partner, Partner: PartnerV2, Open: true}, later).Kind; got != Dedicated {
		t.Errorf("in open mode it stays dedicated, got %s", got)
	}
	plain := lit()
	plain.MACsec, plain.EncryptionMode = false, ""
	if got := plain.Join(LAG{ID: lagID}, noon).Leave(Account{}, noon).EncryptionMode; got != "" {
		t.Errorf("without MACsec the mode is %q", got)
	}
}

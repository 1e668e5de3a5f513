package directconnect

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestNewLAG(t *testing.T) {
	t.Parallel()
	same(t, LAG{
		ID: lagID, Account: customer, Region: "us-east-1", Location: "EqDC2", Router: router, Created: noon,
		Name: "pair", Bandwidth: Gbps10, BillingMode: PayAsYouGo, MACsec: true, EncryptionMode: ShouldEncrypt,
	}, bundle())
	if got, want := bundle().MemberName(2), "Requested Connection 2 for Lag dxlag-ffjhj9lx"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestLAGOrderCheck(t *testing.T) {
	t.Parallel()
	for _, k := range []struct {
		name   string
		change func(*LAGOrder)
		want   string
	}{
		{"one", func(o *LAGOrder) { o.Connections = 1 }, ""},
		{"four", func(o *LAGOrder) { o.Connections = 4 }, ""},
		{"none", func(o *LAGOrder) { o.Connections = 0 }, "numberOfConnections must be at least 1."},
		{"five", func(o *LAGOrder) { o.Connections = 5 }, "A Lag of 10Gbps connections can have at most 4 connections."},
		{"two of 100", func(o *LAGOrder) { o.Bandwidth, o.Connections = Gbps100, 2 }, ""},
		{"three of 100", func(o *LAGOrder) { o.Bandwidth, o.Connections = Gbps100, 3 },
			"A Lag of 100Gbps connections can have at most 2 connections."},
		{"another region", func(o *LAGOrder) { o.Region = "eu-west-1" }, "Location EqDC2 is not valid."},
		{"no name", func(o *LAGOrder) { o.Name = "" }, "lagName is required."},
		{"not a port", func(o *LAGOrder) { o.Bandwidth = "2Gbps" },
			"Bandwidth 2Gbps is not valid. Valid values are 1Gbps, 10Gbps, 100Gbps and 400Gbps."},
		{"no MACsec sold", func(o *LAGOrder) { o.Bandwidth, o.MACsec = Gbps100, true },
			"MACsec is not available for bandwidth 100Gbps at location EqDC2."},
		{"a provider", func(o *LAGOrder) { o.ProviderName = "Acme" }, "Provider Acme is not available at location EqDC2."},
		{"a billing mode", func(o *LAGOrder) { o.BillingMode = "FlatRateTier1" }, ""},
		{"one not offered", func(o *LAGOrder) { o.BillingMode = "FlatRateTier2" },
			"Billing mode FlatRateTier2 is not available at location EqDC2."},
		{"a bad tag", func(o *LAGOrder) { o.Tags = []Tag{{Key: "a"}, {Key: "a"}} }, "A tag key was specified more than once: a"},
	} {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			o := LAGOrder{Account: customer, Region: "us-east-1", Name: "pair", Bandwidth: Gbps10, Connections: 2,
				BillingMode: PayAsYouGo}
			k.change(&o)
			g, err := NewLAG(lagID, o, site, router, noon)
			switch {
			case k.want == "" && err != nil:
				t.Error(err)
			case k.want != "" && (err == nil || err.Error() != k.want):
				t.Errorf("got %v, want %q", err, k.want)
			case err != nil:
				same(t, LAG{}, g)
			}
		})
	}
}

// members builds the members of a LAG, a word each: "new" has never had light.
func members(words string) []Connection {
	var all []Connection
	for i, word := range strings.Fields(words) {
		c := approved()
		switch word {
		case "up":
			c = lit()
		case "down":
			c = must(lit().LinkDown("no light", noon))
		case "unknown":
			c = lit().Advance(silent, Brisk, code, noon)
		case "deleting":
			c = must(lit().Delete(customer, noon))
		}
		c.ID, c.LagID = fmt.Sprintf("dxcon-fg00000%d", i), lagID
		all = append(all, c)
	}
	return all
}

func TestLAGState(t *testing.T) {
	t.Parallel()
	for _, k := range []struct {
		minimum int
		members string
		want    LAGState
	}{
		{0, "", LAGPending},
		{0, "new", LAGPending},
		{0, "new new", LAGPending},
		{0, "new up", LAGAvailable},
		{0, "up", LAGAvailable},
		{1, "up", LAGAvailable},
		{1, "up down", LAGAvailable},
		{2, "up up", LAGAvailable},
		{2, "up up down", LAGAvailable},
		{2, "up new", LAGDown},
		{2, "up down", LAGDown},
		{2, "new new", LAGPending},
		{0, "down", LAGDown},
		{0, "down new", LAGDown},
		{0, "deleting", LAGDown},
		{0, "unknown", LAGUnknown},
		{0, "up unknown", LAGAvailable},
		{2, "up unknown", LAGUnknown},
		{3, "up unknown down", LAGDown},
		{2, "unknown unknown", LAGUnknown},
	} {
		g := bundle()
		g.MinimumLinks = k.minimum
		if got := g.State(members(k.members)); got != k.want {
			t.Errorf("minimumLinks %d of [%s]: got %s, want %s", k.minimum, k.members, got, k.want)
		}
		g.Deleted = noon
		if got := g.State(members(k.members)); got != LAGDeleted || !slices.Contains(LAGStates, k.want) {
			t.Errorf("deleted: got %s", got)
		}
	}
}

func TestUpdateLAG(t *testing.T) {
	t.Parallel()
	later := noon.Add(time.Hour)
	name, links, mode := "renamed", 2, MustEncrypt
	g := must(bundle().Update(&name, &links, &mode, members("up up"), later))
	if g.Name != name || g.MinimumLinks != 2 || g.EncryptionMode != MustEncrypt || !g.Due.Equal(later) {
		t.Errorf("got %+v", g)
	}
	kept := must(g.Update(nil, nil, nil, members("up up"), later))
	same(t, g, kept)

	plain, ended := bundle(), bundle()
	plain.MACsec, ended.Deleted = false, noon
	for _, k := range []struct {
		g     LAG
		name  string
		links int
		want  string
	}{
		{bundle(), "", 0, "lagName is required."},
		{bundle(), "x", -1, "MinimumLinks cannot be negative."},
		{bundle(), "x", 3, "MinimumLinks cannot be set higher than the number of connections (2) in Lag dxlag-ffjhj9lx"},
		{plain, "x", 1, "Lag dxlag-ffjhj9lx does not support MACsec."},
		{ended, "x", 1, "Could not find Lag with ID dxlag-ffjhj9lx"},
	} {
		got, err := k.g.Update(&k.name, &k.links, &mode, members("up up"), later)
		refused(t, err, k.want)
		same(t, k.g, got) // nothing of it is done
	}
}

func TestDeleteLAG(t *testing.T) {
	t.Parallel()
	g := bundle()
	g.MinimumLinks, g.Due = 1, noon
	g = must(g.AssociateKey(secret("a"), 3, noon))
	got, err := g.Delete(0, 1, noon)
	refused(t, err, "Lag dxlag-ffjhj9lx cannot be deleted until its Virtual Interfaces are deleted: hosted connections run over it.")
	same(t, g, got)
	later := noon.Add(time.Hour)
	ended := must(g.Delete(0, 0, later))
	if ended.Live() || !ended.Deleted.Equal(later) || ended.MinimumLinks != 0 || ended.MACsecKeys != nil || !ended.Due.IsZero() {
		t.Errorf("deleted: %+v", ended)
	}
	same(t, ended, must(ended.Delete(0, 3, later.Add(time.Hour)))) // a second time changes nothing
}

// TestLAGKeys: a key is the LAG's; it is associated when every configured member has it, and gone when none has.
func TestLAGKeys(t *testing.T) {
	t.Parallel()
	later := noon.Add(time.Hour)
	g := must(bundle().AssociateKey(secret("a"), 3, later))
	if !g.Due.Equal(later) || keyStates(g.KeysToInstall()) != "a:associating" {
		t.Errorf("due %v, to install %s", g.Due, keyStates(g.KeysToInstall()))
	}
	look := func(want string, seen ...Seen) {
		t.Helper()
		if g = g.Advance(seen); keyStates(g.MACsecKeys) != want || !g.Due.IsZero() {
			t.Fatalf("got %q due %v, want %q", keyStates(g.MACsecKeys), g.Due, want)
		}
	}
	look("a:associating")
	look("a:associating", gone)
	look("a:associating", having(light, "a"), light)
	look("a:associated", having(light, "a"), having(dark, "a"), gone) // the third is not configured yet
	g.EncryptionMode = MustEncrypt
	g, key, err := g.DisassociateKey(secret("a").ARN, later)
	if err != nil || key.State != KeyDisassociating || g.EncryptionMode != ShouldEncrypt || !g.Due.Equal(later) {
		t.Fatalf("%+v, %v, mode %s, due %v", key, err, g.EncryptionMode, g.Due)
	}
	look("a:disassociating", light, having(light, "a"))
	look("a:disassociating", light, silent)
	look("", light, light)

	g = must(bundle().AssociateKey(secret("a"), 3, later))
	_, err = g.AssociateKey(secret("a"), 3, later)
	refused(t, err, "MACsec key "+secret("a").ARN+" is already associated with lag dxlag-ffjhj9lx.")
	_, err = g.AssociateKey(secret("b"), 1, later)
	refused(t, err, "You have reached the limit of 1 MACsec keys on lag dxlag-ffjhj9lx.")
	_, _, err = g.DisassociateKey(secret("b").ARN, later)
	refused(t, err, "MACsec key "+secret("b").ARN+" is not associated with lag dxlag-ffjhj9lx.")
	g.MACsec = false
	_, err = g.AssociateKey(secret("b"), 3, later)
	refused(t, err, "Lag dxlag-ffjhj9lx does not support MACsec.")
	_, _, err = g.DisassociateKey(secret("a").ARN, later)
	refused(t, err, "Lag dxlag-ffjhj9lx does not support MACsec.")
}

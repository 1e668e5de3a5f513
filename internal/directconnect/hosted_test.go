package directconnect

import (
	"testing"
	"time"
)

func TestNewHosted(t *testing.T) {
	t.Parallel()
	same(t, Connection{
		ID: hostedID, Kind: Hosted, Account: customer, Region: "us-east-1", Location: "EqDC2", State: ConnectionOrdering,
		ParentID: otherID, Partner: partner, VLAN: 100, Router: router, Created: noon, Since: noon, Name: "slice",
		Bandwidth: "500Mbps", PartnerName: "Example Networks", BillingMode: PayAsYouGo, Tags: []Tag{{Key: "env"}},
	}, allocated())
	capable := must(interconnect().Parent())
	capable.MACsec = true
	if c := must(NewHosted(hostedID, hostedOrder(), capable, reseller, nil, noon)); !c.MACsec || c.EncryptionMode != "" {
		t.Errorf("MACsec %v tells of the parent, mode %q is nobody's", c.MACsec, c.EncryptionMode)
	}
}

func TestHostedRules(t *testing.T) {
	t.Parallel()
	sold := allocated()
	sold.ID, sold.VLAN, sold.Bandwidth = "dxcon-fg000001", 200, "5Gbps"
	over := sold
	over.ID, over.VLAN, over.Bandwidth = "dxcon-fg000002", 201, "25Gbps"
	rejected := sold
	rejected.State = ConnectionRejected
	v1 := reseller
	v1.Partner = PartnerV1
	for _, k := range []struct {
		name     string
		change   func(*HostedOrder)
		partner  Account
		siblings []Connection
		want     string
	}{
		{"no name", func(o *HostedOrder) { o.Name = "" }, reseller, nil, "connectionName is required."},
		{"no owner", func(o *HostedOrder) { o.Owner = "" }, reseller, nil, "ownerAccount  is not a valid account ID."},
		{"a bad owner", func(o *HostedOrder) { o.Owner = "me" }, reseller, nil, "ownerAccount me is not a valid account ID."},
		{"no capacity sold", func(o *HostedOrder) { o.Bandwidth = "600Mbps" }, reseller, nil,
			"Bandwidth 600Mbps is not valid for a hosted connection."},
		{"a port's speed", func(o *HostedOrder) { o.Bandwidth = Gbps100 }, reseller, nil,
			"Bandwidth 100Gbps is not valid for a hosted connection."},
		{"v1 below 1 Gbps", func(*HostedOrder) {}, v1, nil, ""},
		{"v1 at 1 Gbps", func(o *HostedOrder) { o.Bandwidth = Gbps1 }, v1, nil,
			"Account 222222222222 is not allowed to allocate hosted connections of 1Gbps."},
		{"v2 at 1 Gbps", func(o *HostedOrder) { o.Bandwidth = Gbps1 }, reseller, nil, ""},
		{"VLAN 0", func(o *HostedOrder) { o.VLAN = 0 }, reseller, nil, "VLAN 0 is not valid. Valid values are 1 to 4094."},
		{"VLAN 1", func(o *HostedOrder) { o.VLAN = 1 }, reseller, nil, ""},
		{"VLAN 4094", func(o *HostedOrder) { o.VLAN = 4094 }, reseller, nil, ""},
		{"VLAN 4095", func(o *HostedOrder) { o.VLAN = 4095 }, reseller, nil, "VLAN 4095 is not valid. Valid values are 1 to 4094."},
		{"VLAN -1", func(o *HostedOrder) { o.VLAN = -1 }, reseller, nil, "VLAN -1 is not valid. Valid values are 1 to 4094."},
		{"VLAN taken", func(o *HostedOrder) { o.VLAN = 200 }, reseller, []Connection{sold},
			"VLAN 200 is already in use on dxcon-ffabc123"},
		{"VLAN free again", func(o *HostedOrder) { o.VLAN = 200 }, reseller, []Connection{rejected}, ""},
		{"what is left", func(o *HostedOrder) { o.Bandwidth = "5Gbps" }, reseller, []Connection{sold}, ""},
		{"more than is left", func(o *HostedOrder) { o.Bandwidth = Gbps10 }, reseller, []Connection{sold},
			"dxcon-ffabc123 has 5000 Mbps of 10000 Mbps left: 10Gbps does not fit."},
		{"all of it", func(o *HostedOrder) { o.Bandwidth = Gbps10 }, reseller, []Connection{rejected}, ""},
		{"sold beyond", func(*HostedOrder) {}, reseller, []Connection{over},
			"dxcon-ffabc123 has 0 Mbps of 10000 Mbps left: 500Mbps does not fit."},
		{"a bad tag", func(o *HostedOrder) { o.Tags = []Tag{{}} }, reseller, nil, "Tag key must not be empty."},
	} {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			o := hostedOrder()
			k.change(&o)
			c, err := NewHosted(hostedID, o, must(interconnect().Parent()), k.partner, k.siblings, noon)
			if k.want != "" {
				refused(t, err, k.want)
				same(t, Connection{}, c)
			} else if err != nil {
				t.Error(err)
			}
		})
	}
}

func TestInterconnectAsParent(t *testing.T) {
	t.Parallel()
	same(t, Parent{ID: otherID, Account: partner, Region: "us-east-1", Location: "EqDC2", Router: router,
		Bandwidth: Gbps10, Capacity: 10_000}, must(interconnect().Parent()))
	member := interconnect()
	member.LagID = lagID
	for _, k := range []struct {
		c    Connection
		want string
	}{
		{lit(), "Connection dxcon-fg31dyv6 is not an interconnect."},
		{allocated(), "Connection dxcon-fh6ljcvo is not an interconnect."},
		{must(interconnect().Delete(partner, noon)), "Interconnect dxcon-ffabc123 is in state deleting."},
		{member, "Interconnect dxcon-ffabc123 is a member of Lag dxlag-ffjhj9lx: use the Lag."},
	} {
		_, err := k.c.Parent()
		refused(t, err, k.want)
	}
}

func TestLAGAsParent(t *testing.T) {
	t.Parallel()
	g := bundle()
	_, err := g.Parent(members("up up"))
	refused(t, err, "Lag dxlag-ffjhj9lx does not allow hosted connections.")
	g.AllowsHosted = true
	same(t, Parent{ID: lagID, Account: customer, Region: "us-east-1", Location: "EqDC2", Router: router,
		Bandwidth: Gbps10, MACsec: true, Capacity: 20_000}, must(g.Parent(members("up up"))))
	g.Deleted = noon
	_, err = g.Parent(nil)
	refused(t, err, "Could not find Lag with ID dxlag-ffjhj9lx")
}

func TestRehost(t *testing.T) {
	t.Parallel()
	later := noon.Add(time.Hour)
	to := Parent{ID: lagID, Account: partner, Region: "us-east-1", Location: "EqSe2", Router: otherRouter, MACsec: true, Capacity: 1000}
	c := must(confirmed().Rehost(to, nil, later))
	if c.ParentID != lagID || c.Location != "EqSe2" || c.Router != otherRouter || !c.MACsec || c.State != ConnectionPending || !c.Due.Equal(later) {
		t.Errorf("moved: %+v", c)
	}
	taken := allocated()
	taken.ID = "dxcon-fg000001"
	small := to
	small.Capacity = 499
	home := must(interconnect().Parent())
	for _, k := range []struct {
		c        Connection
		to       Parent
		siblings []Connection
		want     string
	}{
		{lit(), to, nil, "Connection dxcon-fg31dyv6 is not a hosted connection."},
		{confirmed(), home, nil, "Connection dxcon-fh6ljcvo is already associated with dxcon-ffabc123."},
		{confirmed(), to, []Connection{taken}, "VLAN 100 is already in use on dxlag-ffjhj9lx"},
		{confirmed(), small, nil, "dxlag-ffjhj9lx has 499 Mbps of 499 Mbps left: 500Mbps does not fit."},
		{must(confirmed().Delete(customer, noon)), to, nil, "Connection dxcon-fh6ljcvo is in state deleting and cannot be changed."},
	} {
		got, err := k.c.Rehost(k.to, k.siblings, later)
		refused(t, err, k.want)
		same(t, k.c, got)
	}
	// Its own row among the siblings is not in its way.
	if _, err := confirmed().Rehost(to, []Connection{confirmed()}, later); err != nil {
		t.Error(err)
	}
}

func TestConfirm(t *testing.T) {
	t.Parallel()
	_, err := approved().Confirm(noon)
	refused(t, err, "Connection dxcon-fg31dyv6 is not a hosted connection and needs no confirmation.")
	_, err = confirmed().Confirm(noon)
	refused(t, err, "Connection dxcon-fh6ljcvo is in state pending: Confirm is not possible.")
}

func TestCheckDeleteInterconnect(t *testing.T) {
	t.Parallel()
	if err := interconnect().CheckDeleteInterconnect(0); err != nil {
		t.Error(err)
	}
	refused(t, interconnect().CheckDeleteInterconnect(1),
		"Interconnect dxcon-ffabc123 cannot be deleted until its hosted connections are deleted.")
}

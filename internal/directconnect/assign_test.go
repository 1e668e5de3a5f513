package directconnect

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestAssign(t *testing.T) {
	t.Parallel()
	free := Port{ID: PortID(otherRouter, "et-0/0/7"), Router: otherRouter, Location: "EqDC2", Bandwidth: Gbps10, MACsec: true}
	later := noon.Add(time.Hour)

	requested := ordered()
	moved, err := requested.Assign(free, "NEW", later)
	want := requested
	want.PortID, want.Router, want.Due = free.ID, otherRouter, later
	if diff := cmp.Diff(want, moved); diff != "" || err != nil {
		t.Errorf("before it was approved: %v (-want +got):\n%s", err, diff)
	}

	pending := must(must(requested.IssueLOA(code, noon)).ReadLOA(noon))
	moved, err = pending.Assign(free, "NEW", later)
	want = pending
	want.PortID, want.Router, want.Due, want.Left = free.ID, otherRouter, later, []string{router}
	want.VoidLOA, want.LOACode, want.Approved, want.LOARead = []string{code}, "NEW", later, time.Time{}
	if diff := cmp.Diff(want, moved); diff != "" || err != nil {
		t.Errorf("with a letter that was read: %v (-want +got):\n%s", err, diff)
	}
	if !moved.HasLOA(code) || !moved.HasLOA("NEW") || moved.HasLOA("OTHER") {
		t.Error("it does not know its letters")
	}
	again := must(moved.Assign(portOne, "THIRD", later))
	if diff := cmp.Diff([]string{code, "NEW"}, again.VoidLOA); diff != "" {
		t.Errorf("void letters (-want +got):\n%s", diff)
	}

	for name, k := range map[string]struct {
		change func(*Connection, *Port)
		want   string
	}{
		"hosted":         {func(c *Connection, _ *Port) { *c = confirmed() }, "Connection dxcon-fh6ljcvo is hosted: it has no port of its own."},
		"available":      {func(c *Connection, _ *Port) { *c = lit() }, "Connection dxcon-fg31dyv6 is in state available: its port cannot be changed."},
		"plugged":        {func(c *Connection, _ *Port) { *c = must(pending.Plug(noon)) }, "Connection dxcon-fg31dyv6 has its cable in place: its port cannot be changed."},
		"the same":       {func(_ *Connection, p *Port) { *p = portOne }, "Connection dxcon-fg31dyv6 has port EqDC2-1bwfvazist2k0/et-0/0/1 already."},
		"elsewhere":      {func(_ *Connection, p *Port) { p.Location = "EqSe2" }, "Port EqDC2-9uinh2jjnuu9/et-0/0/7 is at location EqSe2, and connection dxcon-fg31dyv6 at EqDC2."},
		"another speed":  {func(_ *Connection, p *Port) { p.Bandwidth = Gbps1 }, "Port EqDC2-9uinh2jjnuu9/et-0/0/7 has 1Gbps, and connection dxcon-fg31dyv6 was ordered with 10Gbps."},
		"without MACsec": {func(_ *Connection, p *Port) { p.MACsec = false }, "Port EqDC2-9uinh2jjnuu9/et-0/0/7 cannot encrypt, and connection dxcon-fg31dyv6 was ordered with MACsec."},
		"taken":          {func(_ *Connection, p *Port) { p.ConnectionID = otherID }, "Port EqDC2-9uinh2jjnuu9/et-0/0/7 is held by connection dxcon-ffabc123."},
		"blocked":        {func(_ *Connection, p *Port) { p.Blocked = &Hold{} }, "Port EqDC2-9uinh2jjnuu9/et-0/0/7 is blocked."},
		"off the LAG":    {func(c *Connection, _ *Port) { c.LagID = lagID }, "Connection dxcon-fg31dyv6 is in Lag dxlag-ffjhj9lx: its port must be on router EqDC2-1bwfvazist2k0."},
	} {
		c, p := pending, free
		k.change(&c, &p)
		moved, err := c.Assign(p, "NEW", later)
		if err == nil || err.Error() != k.want {
			t.Errorf("%s: %v, want %s", name, err, k.want)
		}
		if diff := cmp.Diff(c, moved); diff != "" {
			t.Errorf("%s: it was changed all the same:\n%s", name, diff)
		}
	}
	member, near := pending, free
	member.LagID, near.Router, near.ID = lagID, router, PortID(router, "et-0/0/7")
	if moved, err := member.Assign(near, "NEW", later); err != nil || moved.PortID != near.ID || moved.Left != nil {
		t.Errorf("on the LAG's router: %+v, %v", moved, err)
	}
}

func TestFault(t *testing.T) {
	t.Parallel()
	up := lit()
	up.Due = time.Time{}
	faded, err := up.WithFault(Fault{LightDBm: -12}, noon)
	if err != nil || faded.Fault.LightDBm != -12 || !faded.Due.Equal(noon) || up.Fault != nil {
		t.Errorf("faded: %+v, %v", faded.Fault, err)
	}
	healed, err := faded.WithFault(Fault{}, noon)
	if err != nil || healed.Fault != nil {
		t.Errorf("healed: %+v, %v", healed.Fault, err)
	}
	flapping := must(up.WithFault(Fault{Flap: &Flap{Seconds: 60, Times: 1}}, noon))
	if !flapping.Fault.Flap.From.Equal(noon) {
		t.Errorf("it flaps from %v", flapping.Fault.Flap.From)
	}
	if next := flapping.Advance(light, Manual, code, noon); !next.Due.Equal(noon.Add(time.Minute)) {
		t.Errorf("a flapping cable is looked at next %v", next.Due)
	}
	if next := flapping.Advance(light, Manual, code, noon.Add(time.Hour)); !next.Due.IsZero() {
		t.Errorf("one that has flapped is looked at next %v", next.Due)
	}
	if ended := must(must(flapping.Delete(customer, noon)).Release(noon)); ended.Fault != nil {
		t.Error("what is deleted has a fault")
	}
	plain := up
	plain.MACsec = false
	for name, k := range map[string]struct {
		c    Connection
		f    Fault
		want string
	}{
		"too bright":     {up, Fault{LightDBm: 1}, "A light level of 1 dBm is not between -40 and -0.1."},
		"too dark":       {up, Fault{LightDBm: -41}, "A light level of -41 dBm is not between -40 and -0.1."},
		"no time":        {up, Fault{Flap: &Flap{}}, "A flap is 1 to 2592000 seconds down and as many up, a number of times or, at 0 times, for ever."},
		"hosted":         {confirmed(), Fault{Silent: true}, "Connection dxcon-fh6ljcvo is hosted: it has no cable of its own."},
		"without cable":  {ordered(), Fault{Silent: true}, "Connection dxcon-fg31dyv6 has no cable plugged in."},
		"without MACsec": {plain, Fault{WrongKey: true}, "Connection dxcon-fg31dyv6 was ordered without MACsec: it has no key that could be wrong."},
	} {
		if _, err := k.c.WithFault(k.f, noon); err == nil || err.Error() != k.want {
			t.Errorf("%s: %v, want %s", name, err, k.want)
		}
	}
}

func TestPortHistory(t *testing.T) {
	t.Parallel()
	at := func(h int) time.Time { return noon.Add(time.Duration(h) * time.Hour) }
	events := []PortEvent{
		{PortID: "p", Time: at(9), ConnectionID: "c3", What: PortReleased, Since: at(1), Account: "3"},
		{PortID: "p", Time: at(7), ConnectionID: "c3", What: PortAssigned, Account: "3"},
		{PortID: "p", Time: at(5), ConnectionID: "c2", What: PortLeft, Since: at(4), Account: "2"},
		{PortID: "p", Time: at(3), ConnectionID: "c1", What: PortReleased, Since: at(2), Account: "1"},
	}
	show := func(all []PortEvent) (texts []string) {
		for _, e := range all {
			texts = append(texts, e.Time.Format("15 ")+e.ConnectionID+" "+string(e.What))
		}
		return texts
	}
	holder := Connection{ID: "c4", Account: "4", Created: at(10)}
	want := []string{"22 c4 ordered", "21 c3 released", "19 c3 assigned", "17 c2 left", "16 c2 ordered", "15 c1 released", "14 c1 ordered"}
	if diff := cmp.Diff(want, show(PortHistory("p", events, holder, time.Time{}))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want[5:], show(PortHistory("p", events[3:], holder, at(4)))); diff != "" {
		t.Errorf("before the second (-want +got):\n%s", diff)
	}
	if len(events) != 4 {
		t.Error("the events given were changed")
	}
}

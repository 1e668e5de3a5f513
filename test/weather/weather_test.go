package weather

import (
	"time"

	"pgregory.net/rapid"

	"onramp/internal/directconnect"
)

// weatherActions are what happens besides the customers' calls: operators at work, time, cables, routers, reconcilers.
func (m *machine) weatherActions() map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){
		"~approve":   m.force(m.approve),
		"~refuse":    m.force(m.refuse),
		"~plug":      m.force(m.plug),
		"~cut":       m.force(m.cut),
		"~restore":   m.force(m.restore),
		"~time":      m.force(m.time),
		"~router":    m.force(m.router),
		"~pass":      m.force(m.pass),
		"~settle":    m.force(m.settle),
		"~restart":   m.force(func() { m.plant.restart(pick(m.rt, "server", []int{0, 1})) }),
		"~listing":   m.force(m.listEverything),
		"~afternoon": m.force(func() { m.clock.turn(time.Hour); m.settle() }),
	}
}

func (m *machine) approve() {
	x := m.one(func(x *thing) bool {
		return m.seen.connections[x.id].State == directconnect.ConnectionRequested
	})
	m.move("approve", x.id, func() (directconnect.Connection, error) { return m.service.ApproveOrder(m.ctx, x.id) })
}

func (m *machine) refuse() {
	x := m.one(func(x *thing) bool { return m.seen.connections[x.id].State == directconnect.ConnectionRequested })
	if c, ok := m.move("refuse", x.id, func() (directconnect.Connection, error) { return m.service.RefuseOrder(m.ctx, x.id, "full") }); ok {
		x.end(string(c.State), m.clock.now())
	}
}

func (m *machine) plug() {
	x := m.one(func(x *thing) bool { return m.seen.connections[x.id].State == directconnect.ConnectionPending })
	m.move("plug", x.id, func() (directconnect.Connection, error) { return m.service.PlugCable(m.ctx, x.id) })
}

func (m *machine) cut() {
	x := m.one(func(x *thing) bool { return workingPort(x) && !m.seen.connections[x.id].CrossConnected.IsZero() })
	m.move("cut", x.id, func() (directconnect.Connection, error) { return m.service.CutCable(m.ctx, x.id) })
}

func (m *machine) restore() {
	x := m.one(func(x *thing) bool { return m.seen.connections[x.id].Cut })
	m.move("restore", x.id, func() (directconnect.Connection, error) { return m.service.RestoreCable(m.ctx, x.id) })
}

func (m *machine) time() {
	d := pick(m.rt, "time", []time.Duration{time.Second, 3 * time.Second, time.Minute, 20 * time.Minute, 3 * time.Hour, keep, 73 * time.Hour, 15 * 24 * time.Hour, 101 * 24 * time.Hour})
	m.rt.Logf("the clock is turned by %v", d)
	m.clock.turn(d)
}

func (m *machine) router() {
	name, cut := pick(m.rt, "router", m.routers), once(m.rt, 2, "silent")
	m.rt.Logf("router %s silent: %t", name, cut)
	m.fabric.Unreachable(name, cut)
}

func (m *machine) pass() {
	i := pick(m.rt, "server", []int{0, 1})
	rep, err := m.servers[i].Pass(m.ctx)
	m.rt.Logf("server %d: %+v %v", i, rep, err)
	if err != nil {
		m.rt.Fatal(err)
	}
}

func (m *machine) settle() {
	i := pick(m.rt, "server", []int{0, 1})
	err := m.servers[i].Settle(m.ctx)
	m.rt.Logf("server %d settles: %v", i, err)
	if err != nil {
		m.rt.Fatal(err)
	}
}

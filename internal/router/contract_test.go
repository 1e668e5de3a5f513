package router

import (
	"testing"

	"onramp/internal/fabric"
	"onramp/internal/fabric/fabrictest"
	"onramp/internal/fabric/sim"
)

func customer(w *world) func(router, iface string, c fabrictest.Customer) {
	return func(router, iface string, c fabrictest.Customer) {
		s := sim.Script{Silent: c.Silent, WrongKey: c.WrongKey}
		if c.Announce != nil {
			s.Announce = []sim.Announced{}
		}
		for _, p := range c.Announce {
			s.Announce = append(s.Announce, sim.Announced{Prefix: p})
		}
		w.script(router, iface, s)
	}
}

// The contract of drivers over the wire: remote driver, TLS, stream, agent, simulated router. Each router has a control
// plane's server of its own here, so that one can be cut off.
func TestContractOverTheWire(t *testing.T) {
	t.Parallel()
	fabrictest.Run(t, func(t *testing.T) fabrictest.Bench {
		one, two := newLab(t, 1), newLab(t, 1)
		two.world = one.world
		r1, r2 := one.router("r1"), two.router("r2")
		return fabrictest.Bench{
			Driver: pair{"r1": one.servers[0].Server, "r2": two.servers[0].Server}, Routers: [2]string{r1.name, r2.name},
			Ports: [3]string{"et-0", "et-1", "et-2"}, SpeedMbps: 10_000,
			Plug: one.world.plug, Customer: customer(one.world),
			Cut: func(router string, cut bool) {
				c := map[string]*control{"r1": one.servers[0], "r2": two.servers[0]}[router]
				c.wire.cut(cut)
				await(t, "the cut is noticed", func() bool { return c.Connected(router) != cut })
			},
		}
	})
}

// The same with one server for both.
func TestContractOneServer(t *testing.T) {
	t.Parallel()
	fabrictest.Run(t, func(t *testing.T) fabrictest.Bench {
		b := newLab(t, 1)
		b.router("r1")
		b.router("r2")
		return fabrictest.Bench{
			Driver: b.servers[0], Routers: [2]string{"r1", "r2"}, Ports: [3]string{"et-0", "et-1", "et-2"}, SpeedMbps: 10_000,
			Plug: b.world.plug, Customer: customer(b.world),
		}
	})
}

// And without the wire: the agents answer in the process that drives them.
func TestContractInProcess(t *testing.T) {
	t.Parallel()
	fabrictest.Run(t, func(t *testing.T) fabrictest.Bench {
		w := &world{cables: map[string]map[string]sim.Cable{}, customers: map[string]map[string]sim.Script{}}
		both := pair{}
		for _, name := range []string{"r1", "r2"} {
			folder, err := LocalFolder(folderPath(t), name)
			if err != nil {
				t.Fatal(err)
			}
			a, err := Start(t.Context(), Config{
				Folder: folder, Accepted: true, Open: func(Site) (fabric.Driver, error) { return sim.New(w), nil },
			})
			if err != nil {
				t.Fatal(err)
			}
			both[name] = a.Driver()
			t.Cleanup(func() {
				if err := both[name].Close(); err != nil {
					t.Error(err)
				}
				if err := folder.Close(); err != nil {
					t.Error(err)
				}
			})
		}
		return fabrictest.Bench{
			Driver: both, Routers: [2]string{"r1", "r2"}, Ports: [3]string{"et-0", "et-1", "et-2"}, SpeedMbps: 10_000,
			Plug: w.plug, Customer: customer(w),
		}
	})
}

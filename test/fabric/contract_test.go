package fabric

import (
	"testing"
	"time"

	"onramp/internal/fabric"
	"onramp/internal/fabric/fabrictest"
	"onramp/test/guest/lab"
)

// TestContract holds the Linux driver to what every driver is held to, with two routers of which each has three cables to
// a host that is whatever the router's intent asks of its neighbours.
func TestContract(t *testing.T) {
	fabrictest.Run(t, func(t *testing.T) fabrictest.Bench {
		routers, ports := [2]string{"r1", "r2"}, [3]string{"et0", "et1", "et2"}
		f, mirrors, cables := fleet{}, map[string]*mirror{}, map[string]*lab.Cable{}
		hosts := map[string]*lab.Host{}
		for _, name := range routers {
			h := lab.NewHost(t, name)
			mirrors[name] = newMirror(t, name)
			for _, port := range ports {
				c := lab.NewCable(t, lab.End{Host: h, Device: port}, lab.End{Host: mirrors[name].host, Device: port})
				mirrors[name].host.IP("link set " + port + " up")
				c.Unplug()
				cables[name+port] = c
			}
			hosts[name] = h
			f[name] = startDriver(t, h, nil)
		}
		t.Cleanup(func() {
			if err := f.Close(); err != nil {
				t.Error(err)
			}
		})
		return fabrictest.Bench{
			Driver: f, Routers: routers, Ports: ports, SpeedMbps: 10_000, Settle: 45 * time.Second,
			Plug: func(router, port string, plugged bool) {
				if plugged {
					cables[router+port].Plug()
				} else {
					cables[router+port].Unplug()
				}
			},
			Cut: func(router string, cut bool) { // its driver is killed, and another one takes the router over
				if cut {
					f[router].daemon.Kill()
				} else {
					f[router] = startDriver(t, hosts[router], nil)
				}
			},
			Fit:      func(router string, in fabric.Intent) { mirrors[router].fit(in) },
			Customer: func(router, _ string, c fabrictest.Customer) { mirrors[router].customer(c) },
		}
	})
}

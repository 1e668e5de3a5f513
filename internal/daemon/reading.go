package daemon

import (
	"slices"
	"sync"

	"onramp/internal/fabric"
	"onramp/internal/operator"
)

// readings are what this server has last seen of routers, as far as metrics tell of it: levels and counters, which are
// worth nothing later and are not stored. A router that no longer answers has none.
type readings struct {
	mu      sync.RWMutex
	routers map[string]routerReadings
}

type routerReadings struct{ ports, interfaces map[string]operator.Reading }

func (r *readings) saw(router string, seen fabric.Observed, err error) {
	if err != nil {
		r.mu.Lock()
		defer r.mu.Unlock()
		delete(r.routers, router)
		return
	}
	now := routerReadings{make(map[string]operator.Reading, len(seen.Ports)), make(map[string]operator.Reading, len(seen.Interfaces))}
	for name, p := range seen.Ports {
		if p.Enabled {
			reading := counters(p.Counters)
			reading.ReceivedLight, reading.TransmittedLight = slices.Clone(p.RxPowerDBm), slices.Clone(p.TxPowerDBm)
			now.ports[name] = reading
		}
	}
	for id, v := range seen.Interfaces {
		now.interfaces[id] = counters(v.Counters)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.routers == nil {
		r.routers = map[string]routerReadings{}
	}
	r.routers[router] = now
}

// counters are what a router has counted. Simulated ones count nothing, and all zeros are taken for that.
func counters(c fabric.Counters) operator.Reading {
	return operator.Reading{
		Counted: c != fabric.Counters{}, IngressBytes: c.RxBytes, EgressBytes: c.TxBytes, IngressPackets: c.RxPackets,
		EgressPackets: c.TxPackets, Errors: c.RxErrors + c.TxErrors,
	}
}

func (r *readings) port(router, port string) (operator.Reading, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	reading, ok := r.routers[router].ports[port]
	return reading, ok
}

// light is what the port's optic measures, in dBm and by lane.
func (r *readings) light(router, port string) (received, transmitted []float64) {
	reading, _ := r.port(router, port)
	return reading.ReceivedLight, reading.TransmittedLight
}

func (r *readings) vif(router, id string) (operator.Reading, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	reading, ok := r.routers[router].interfaces[id]
	return reading, ok
}

// metered is what /metrics tells of each resource; nil: nothing.
func (d *Daemon) metered() *operator.Resources {
	if d.config.NoResourceMetrics {
		return nil
	}
	return &operator.Resources{Meter: d.core.service.Meter, Port: d.readings.port, Interface: d.readings.vif}
}

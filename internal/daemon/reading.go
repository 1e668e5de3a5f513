package daemon

import (
	"slices"
	"sync"
	"time"

	"onramp/internal/fabric"
	"onramp/internal/operator"
)

// readings are what this server has last seen of routers, as far as metrics and people are told of it: levels and counters,
// which are worth nothing later and are not stored. A router that no longer answers has none.
type readings struct {
	mu      sync.RWMutex
	routers map[string]routerReadings
}

type routerReadings struct {
	ports, interfaces map[string]operator.Reading
	last, before      counted // before is older than last by rateLeast or more
}

// counted is what ports and interfaces had counted at a time of the real clock; of a router that counts nothing there is none.
type counted struct {
	at                time.Time
	ports, interfaces map[string]bytesCounted
}

type bytesCounted struct{ received, sent uint64 }

// rateLeast is the least time that a rate is of: over less, one frame more or less would show.
const rateLeast = 5 * time.Second

// saw keeps what a router was seen to be at a time of the real clock.
func (r *readings) saw(router string, seen fabric.Observed, err error, at time.Time) {
	if err != nil {
		r.mu.Lock()
		defer r.mu.Unlock()
		delete(r.routers, router)
		return
	}
	now := routerReadings{
		ports: make(map[string]operator.Reading, len(seen.Ports)), interfaces: make(map[string]operator.Reading, len(seen.Interfaces)),
		last: counted{at: at},
	}
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
	now.last.ports, now.last.interfaces = countedBytes(now.ports), countedBytes(now.interfaces)
	old := r.routers[router]
	if now.before = old.before; now.last.at.Sub(old.last.at) >= rateLeast {
		now.before = old.last
	}
	r.routers[router] = now
}

func countedBytes(all map[string]operator.Reading) (of map[string]bytesCounted) {
	for name, reading := range all {
		if reading.Counted {
			if of == nil {
				of = make(map[string]bytesCounted, len(all))
			}
			of[name] = bytesCounted{reading.IngressBytes, reading.EgressBytes}
		}
	}
	return of
}

// before is what a router had counted when it was looked at some time ago, for rates.
func (r *readings) before(router string) counted {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.routers[router].before
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

package daemon

import (
	"context"
	"time"

	"onramp/internal/directconnect"
	"onramp/internal/fabric"
)

// Read observes the router, beside the reconciler and as it does.
func (d doctor) Read(ctx context.Context, router string) directconnect.Reading {
	ctx, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	seen, err := d.driver().Observe(ctx, router)
	r := directconnect.Reading{
		At: d.core.clock.Now(), Trouble: d.trouble(ctx, router, err), Ports: make(map[string]directconnect.PortReading, len(seen.Ports)),
		Interfaces: make(map[string]directconnect.InterfaceReading, len(seen.Interfaces)),
	}
	before, now := d.readings.before(router), time.Now()
	for name, p := range seen.Ports {
		if !p.Enabled {
			continue
		}
		r.Ports[directconnect.PortID(router, name)] = directconnect.PortReading{
			Enabled: p.Enabled, Carrier: p.Carrier, SpeedMbps: p.SpeedMbps, ReceivedDBm: p.RxPowerDBm, TransmittedDBm: p.TxPowerDBm,
			Traffic: traffic(p.Counters, before.ports, name, before.at, now), MACsec: len(p.CKNs) > 0, Encrypted: p.Encrypted,
			NotValid: p.MACsecNotValid, Late: p.MACsecLate,
		}
	}
	for id, v := range seen.Interfaces {
		if v.Configured {
			r.Interfaces[id] = interfaceReading(v, traffic(v.Counters, before.interfaces, id, before.at, now))
		}
	}
	return r
}

func interfaceReading(v fabric.InterfaceStatus, t *directconnect.Traffic) directconnect.InterfaceReading {
	out := directconnect.InterfaceReading{Up: v.Up, Traffic: t, Sessions: make(map[string]directconnect.SessionReading, len(v.Neighbors))}
	for peer, n := range v.Neighbors {
		out.Sessions[peer] = directconnect.SessionReading{Up: n.Up, Reason: n.Reason, Accepted: len(n.Accepted)}
	}
	return out
}

// traffic is what was counted, with the rates since this server looked before; nil where nothing is counted.
func traffic(c fabric.Counters, before map[string]bytesCounted, name string, at, now time.Time) *directconnect.Traffic {
	if c == (fabric.Counters{}) {
		return nil
	}
	t := directconnect.Traffic{
		In:  directconnect.Count{Bytes: c.RxBytes, Packets: c.RxPackets, Errors: c.RxErrors, Dropped: c.RxDropped},
		Out: directconnect.Count{Bytes: c.TxBytes, Packets: c.TxPackets, Errors: c.TxErrors, Dropped: c.TxDropped},
	}
	if b, there := before[name]; there {
		t = t.Rate(b.received, b.sent, now.Sub(at))
	}
	return &t
}

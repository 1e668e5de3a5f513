package remote

import (
	"crypto/sha256"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"onramp/internal/fabric"
	"onramp/internal/fabric/remote/wire"
)

// session names a neighbour of an interface.
type session struct{ face, neighbor string }

// encodeObserved makes the message of an observation. Routes that have the version that said remembers are left out, and
// said then remembers what goes out; nil: no routes are left out.
func encodeObserved(o fabric.Observed, said map[session]uint64) *wire.Observed {
	out := &wire.Observed{
		Ports: make(map[string]*wire.PortStatus, len(o.Ports)), Bundles: make(map[string]*wire.BundleStatus, len(o.Bundles)),
		Interfaces: make(map[string]*wire.InterfaceStatus, len(o.Interfaces)),
	}
	for name, p := range o.Ports {
		out.Ports[name] = &wire.PortStatus{
			Enabled: p.Enabled, Carrier: p.Carrier, Encrypted: p.Encrypted, Ckns: p.CKNs, Bundle: p.Bundle, Bundled: p.Bundled,
			SpeedMbps: p.SpeedMbps, Counters: encodeCounters(p.Counters), RxPowerDbm: p.RxPowerDBm, TxPowerDbm: p.TxPowerDBm,
			MacsecNotValid: p.MACsecNotValid, MacsecLate: p.MACsecLate,
		}
	}
	for name, b := range o.Bundles {
		out.Bundles[name] = &wire.BundleStatus{Up: b.Up, ActiveMembers: int64(b.ActiveMembers)}
	}
	for name, f := range o.Interfaces {
		face := &wire.InterfaceStatus{
			Configured: f.Configured, Up: f.Up, Counters: encodeCounters(f.Counters),
			Neighbors: make(map[string]*wire.NeighborStatus, len(f.Neighbors)),
		}
		for neighbor, n := range f.Neighbors {
			key := session{name, neighbor}
			status := &wire.NeighborStatus{
				Up: n.Up, Shutdown: n.Shutdown, Reason: strings.ToValidUTF8(n.Reason, "\uFFFD"), OverLimit: n.OverLimit,
				AcceptedVersion: n.AcceptedVersion,
			}
			if last, known := said[key]; known && last == n.AcceptedVersion {
				status.Unchanged = true
			} else {
				status.Accepted = encodeRoutes(n.Accepted)
			}
			if said != nil {
				said[key] = n.AcceptedVersion
			}
			face.Neighbors[neighbor] = status
		}
		out.Interfaces[name] = face
	}
	return out
}

func encodeCounters(c fabric.Counters) *wire.Counters {
	if c == (fabric.Counters{}) {
		return nil
	}
	return &wire.Counters{
		RxBytes: c.RxBytes, TxBytes: c.TxBytes, RxPackets: c.RxPackets, TxPackets: c.TxPackets,
		RxErrors: c.RxErrors, TxErrors: c.TxErrors, RxDropped: c.RxDropped, TxDropped: c.TxDropped,
	}
}

func encodeRoutes(routes []fabric.RouteSeen) []*wire.RouteSeen {
	out := make([]*wire.RouteSeen, len(routes))
	for i, r := range routes {
		out[i] = &wire.RouteSeen{Prefix: prefix(r.Prefix), Communities: r.Communities}
		for _, s := range r.ASPath {
			out[i].AsPath = append(out[i].AsPath, &wire.PathSegment{Asns: s.ASNs, Set: s.Set})
		}
	}
	return out
}

// Digest is the same for observations that say the same but for counters and light, which never rest.
func Digest(o fabric.Observed) []byte {
	m := encodeObserved(o, nil)
	for _, p := range m.Ports {
		p.Counters, p.RxPowerDbm, p.TxPowerDbm, p.MacsecNotValid, p.MacsecLate = nil, nil, nil, 0, 0
	}
	for _, f := range m.Interfaces {
		f.Counters = nil
		for _, n := range f.Neighbors {
			n.Accepted = nil // their version stands for them
		}
	}
	text, err := proto.MarshalOptions{Deterministic: true}.Marshal(m)
	if err != nil {
		return nil // text that is no UTF-8, which Observe then fails with
	}
	sum := sha256.Sum256(text)
	return sum[:]
}

// table is the routes of a session as a stream has said them last.
type table struct {
	version uint64
	routes  []fabric.RouteSeen
}

// decodeObserved makes an observation that shares nothing with tables, where the routes come from that were left out; tables
// then holds what there is now.
func decodeObserved(m *wire.Observed, tables map[session]table) (fabric.Observed, error) {
	r := &reader{}
	o := fabric.Observed{
		Ports: make(map[string]fabric.PortStatus, len(m.GetPorts())), Bundles: make(map[string]fabric.BundleStatus, len(m.GetBundles())),
		Interfaces: make(map[string]fabric.InterfaceStatus, len(m.GetInterfaces())),
	}
	for name, p := range m.GetPorts() {
		o.Ports[name] = fabric.PortStatus{
			Enabled: p.GetEnabled(), Carrier: p.GetCarrier(), Encrypted: p.GetEncrypted(), CKNs: p.GetCkns(), Bundle: p.GetBundle(),
			Bundled: p.GetBundled(), SpeedMbps: p.GetSpeedMbps(), Counters: decodeCounters(p.GetCounters()),
			RxPowerDBm: p.GetRxPowerDbm(), TxPowerDBm: p.GetTxPowerDbm(),
			MACsecNotValid: p.GetMacsecNotValid(), MACsecLate: p.GetMacsecLate(),
		}
	}
	for name, b := range m.GetBundles() {
		o.Bundles[name] = fabric.BundleStatus{Up: b.GetUp(), ActiveMembers: int(b.GetActiveMembers())}
	}
	there := make(map[session]bool, len(tables))
	for name, f := range m.GetInterfaces() {
		face := fabric.InterfaceStatus{Configured: f.GetConfigured(), Up: f.GetUp(), Counters: decodeCounters(f.GetCounters())}
		for neighbor, n := range f.GetNeighbors() {
			if face.Neighbors == nil {
				face.Neighbors = make(map[string]fabric.NeighborStatus, len(f.GetNeighbors()))
			}
			key := session{name, neighbor}
			there[key] = true
			if !n.GetUnchanged() {
				tables[key] = table{n.GetAcceptedVersion(), r.routes(n.GetAccepted())}
			}
			face.Neighbors[neighbor] = fabric.NeighborStatus{
				Up: n.GetUp(), Shutdown: n.GetShutdown(), Reason: n.GetReason(), OverLimit: n.GetOverLimit(),
				AcceptedVersion: n.GetAcceptedVersion(), Accepted: cloneRoutes(tables[key].routes),
			}
		}
		o.Interfaces[name] = face
	}
	for key := range tables {
		if !there[key] {
			delete(tables, key)
		}
	}
	return o, r.err
}

func (r *reader) routes(list []*wire.RouteSeen) []fabric.RouteSeen {
	out := make([]fabric.RouteSeen, len(list))
	for i, m := range list {
		out[i] = fabric.RouteSeen{Prefix: r.prefix(m.GetPrefix()), Communities: m.GetCommunities()}
		for _, s := range m.GetAsPath() {
			out[i].ASPath = append(out[i].ASPath, fabric.PathSegment{ASNs: s.GetAsns(), Set: s.GetSet()})
		}
	}
	return none(out)
}

func cloneRoutes(routes []fabric.RouteSeen) []fabric.RouteSeen {
	out := slices.Clone(routes)
	for i, r := range out {
		out[i].Communities, out[i].ASPath = slices.Clone(r.Communities), slices.Clone(r.ASPath)
		for j, s := range out[i].ASPath {
			out[i].ASPath[j].ASNs = slices.Clone(s.ASNs)
		}
	}
	return out
}

func decodeCounters(c *wire.Counters) fabric.Counters {
	return fabric.Counters{
		RxBytes: c.GetRxBytes(), TxBytes: c.GetTxBytes(), RxPackets: c.GetRxPackets(), TxPackets: c.GetTxPackets(),
		RxErrors: c.GetRxErrors(), TxErrors: c.GetTxErrors(), RxDropped: c.GetRxDropped(), TxDropped: c.GetTxDropped(),
	}
}

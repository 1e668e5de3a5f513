package fabric

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"net/netip"
)

// Fingerprint tells intents apart without keeping them, and so without keeping their keys: the same for equal intents,
// different for different ones (SHA-256).
type Fingerprint [sha256.Size]byte

// Fingerprint answers in's. Absent and empty lists count as the same.
func (in Intent) Fingerprint() Fingerprint {
	sum := sha256.New()
	w := printer{bufio.NewWriter(sum)}
	w.text(in.Backbone.String())
	w.number(int64(len(in.Bundles)))
	for _, b := range in.Bundles {
		w.text(b.Name)
		w.number(int64(b.MinLinks))
	}
	w.number(int64(len(in.Ports)))
	for _, p := range in.Ports {
		w.port(p)
	}
	w.number(int64(len(in.VRFs)))
	for _, v := range in.VRFs {
		w.vrf(v)
	}
	w.number(int64(len(in.Interfaces)))
	for _, f := range in.Interfaces {
		w.text(f.Name, f.Link, f.VRF)
		w.number(int64(f.OuterVLAN), int64(f.VLAN), int64(f.MTU), f.RateMbps, f.PoliceMbps, int64(len(f.Neighbors)))
		for _, n := range f.Neighbors {
			w.neighbor(n)
		}
	}
	_ = w.Flush() // a hash takes everything
	return Fingerprint(sum.Sum(nil))
}

// printer writes values so that no two different sequences of them give the same bytes: every text has its length before it.
// They are gathered before they are hashed: a large intent has a million of them.
type printer struct{ *bufio.Writer }

func (w printer) port(p Port) {
	w.text(p.Name, p.Bundle, p.Description)
	w.number(p.SpeedMbps)
	w.flag(p.Enabled)
	w.flag(p.MACsec != nil)
	if p.MACsec == nil {
		return
	}
	w.text(p.MACsec.Mode)
	w.number(int64(len(p.MACsec.Keys)))
	for _, k := range p.MACsec.Keys {
		w.text(k.CKN, k.CAK.Reveal())
	}
}

func (w printer) vrf(v VRF) {
	w.text(v.Name)
	w.number(v.LocalASN, int64(v.Segment), int64(len(v.Networks)), int64(len(v.Peers)))
	for _, p := range v.Networks {
		w.prefix(p)
	}
	for _, a := range v.Peers {
		w.text(a.String())
	}
}

func (w printer) neighbor(n Neighbor) {
	w.text(n.Name, n.Remote.String(), n.Key.Reveal())
	w.prefix(n.Local)
	w.number(n.LocalASN, n.RemoteASN, int64(n.MaxPrefixes), int64(n.HoldSeconds))
	w.flag(n.Shutdown)
	w.flag(n.Import.Filtered)
	w.flag(n.Import.OrLonger)
	w.number(int64(len(n.Import.Allow)))
	for _, p := range n.Import.Allow {
		w.prefix(p)
	}
	w.number(int64(n.Import.DefaultPreference), int64(len(n.Import.Prefer)))
	for _, p := range n.Import.Prefer {
		w.text(p.Community)
		w.number(int64(p.LocalPref))
	}
	w.number(int64(len(n.Export)))
	for _, a := range n.Export {
		w.prefix(a.Prefix)
		w.flag(a.NoExport)
		w.number(int64(len(a.Communities)), int64(len(a.ASPathPrepend)))
		w.text(a.Communities...)
		w.number(a.ASPathPrepend...)
	}
}

func (w printer) number(numbers ...int64) {
	for _, n := range numbers {
		var b [8]byte
		binary.BigEndian.PutUint64(b[:], uint64(n))
		_, _ = w.Write(b[:])
	}
}

func (w printer) text(texts ...string) {
	for _, s := range texts {
		w.number(int64(len(s)))
		_, _ = w.WriteString(s)
	}
}

func (w printer) prefix(p netip.Prefix) {
	b := p.Addr().As16()
	_, _ = w.Write(b[:])
	w.flag(p.Addr().Is4())
	w.number(int64(p.Bits()))
}

func (w printer) flag(set bool) {
	n := int64(0)
	if set {
		n = 1
	}
	w.number(n)
}

package remote

import (
	"fmt"
	"net/netip"

	"onramp/internal/fabric"
	"onramp/internal/fabric/remote/wire"
)

// encodeIntent answers the message of an intent, and its keys in the order in which decodeIntent needs them.
func encodeIntent(in fabric.Intent) (*wire.Intent, []string) {
	var keys []string
	out := &wire.Intent{Backbone: address(in.Backbone)}
	for _, p := range in.Ports {
		port := &wire.Port{Name: p.Name, Enabled: p.Enabled, SpeedMbps: p.SpeedMbps, Bundle: p.Bundle, Description: p.Description}
		if p.MACsec != nil {
			port.Macsec = &wire.MACsec{Mode: p.MACsec.Mode}
			for _, k := range p.MACsec.Keys {
				port.Macsec.Ckns = append(port.Macsec.Ckns, k.CKN)
				keys = append(keys, k.CAK.Reveal())
			}
		}
		out.Ports = append(out.Ports, port)
	}
	for _, b := range in.Bundles {
		out.Bundles = append(out.Bundles, &wire.Bundle{Name: b.Name, MinLinks: int64(b.MinLinks)})
	}
	for _, v := range in.VRFs {
		vrf := &wire.VRF{Name: v.Name, LocalAsn: v.LocalASN, Networks: prefixes(v.Networks), Segment: v.Segment}
		for _, a := range v.Peers {
			vrf.Peers = append(vrf.Peers, address(a))
		}
		out.Vrfs = append(out.Vrfs, vrf)
	}
	for _, f := range in.Interfaces {
		face := &wire.Interface{
			Name: f.Name, Link: f.Link, OuterVlan: int64(f.OuterVLAN), Vlan: int64(f.VLAN), Mtu: int64(f.MTU), Vrf: f.VRF,
			RateMbps: f.RateMbps, PoliceMbps: f.PoliceMbps,
		}
		for _, n := range f.Neighbors {
			face.Neighbors = append(face.Neighbors, encodeNeighbor(n))
			keys = append(keys, n.Key.Reveal())
		}
		out.Interfaces = append(out.Interfaces, face)
	}
	return out, keys
}

func encodeNeighbor(n fabric.Neighbor) *wire.Neighbor {
	out := &wire.Neighbor{
		Name: n.Name, Local: prefix(n.Local), Remote: address(n.Remote), LocalAsn: n.LocalASN, RemoteAsn: n.RemoteASN,
		Shutdown: n.Shutdown, MaxPrefixes: int64(n.MaxPrefixes), HoldSeconds: int64(n.HoldSeconds),
		Filtered: n.Import.Filtered, Allow: prefixes(n.Import.Allow), OrLonger: n.Import.OrLonger, DefaultPreference: n.Import.DefaultPreference,
	}
	for _, p := range n.Import.Prefer {
		out.Prefer = append(out.Prefer, &wire.Preference{Community: p.Community, LocalPref: p.LocalPref})
	}
	for _, a := range n.Export {
		out.Export = append(out.Export, &wire.Announcement{
			Prefix: prefix(a.Prefix), Communities: a.Communities, NoExport: a.NoExport, AsPathPrepend: a.ASPathPrepend,
		})
	}
	return out
}

// reader decodes with the first thing that was wrong remembered, so that the caller looks once, at the end.
type reader struct {
	keys []string
	err  error
}

func (r *reader) wrong(err error) {
	if r.err == nil {
		r.err = err
	}
}

// key takes the next key.
func (r *reader) key() fabric.Secret {
	if len(r.keys) == 0 {
		r.wrong(fmt.Errorf("it has fewer keys than places for them"))
		return ""
	}
	k := r.keys[0]
	r.keys = r.keys[1:]
	return fabric.Secret(k)
}

func (r *reader) address(b []byte) (a netip.Addr) {
	if err := a.UnmarshalBinary(b); err != nil {
		r.wrong(err)
	}
	return a
}

func (r *reader) prefix(b []byte) (p netip.Prefix) {
	if err := p.UnmarshalBinary(b); err != nil {
		r.wrong(err)
	}
	return p
}

func (r *reader) prefixes(list [][]byte) []netip.Prefix {
	out := make([]netip.Prefix, len(list))
	for i, b := range list {
		out[i] = r.prefix(b)
	}
	return none(out)
}

// decodeIntent puts an intent together again. It does not check what the intent says: Intent.Check does.
func decodeIntent(in *wire.Intent, keys []string) (fabric.Intent, error) {
	r := &reader{keys: keys}
	out := fabric.Intent{Backbone: r.address(in.Backbone)}
	for _, p := range in.Ports {
		port := fabric.Port{Name: p.Name, Enabled: p.Enabled, SpeedMbps: p.SpeedMbps, Bundle: p.Bundle, Description: p.Description}
		if p.Macsec != nil {
			port.MACsec = &fabric.MACsec{Mode: p.Macsec.Mode}
			for _, ckn := range p.Macsec.Ckns {
				port.MACsec.Keys = append(port.MACsec.Keys, fabric.Key{CKN: ckn, CAK: r.key()})
			}
		}
		out.Ports = append(out.Ports, port)
	}
	for _, b := range in.Bundles {
		out.Bundles = append(out.Bundles, fabric.Bundle{Name: b.Name, MinLinks: int(b.MinLinks)})
	}
	for _, v := range in.Vrfs {
		vrf := fabric.VRF{Name: v.Name, LocalASN: v.LocalAsn, Networks: r.prefixes(v.Networks), Segment: v.Segment}
		for _, a := range v.Peers {
			vrf.Peers = append(vrf.Peers, r.address(a))
		}
		out.VRFs = append(out.VRFs, vrf)
	}
	for _, f := range in.Interfaces {
		face := fabric.Interface{
			Name: f.Name, Link: f.Link, OuterVLAN: int(f.OuterVlan), VLAN: int(f.Vlan), MTU: int(f.Mtu), VRF: f.Vrf,
			RateMbps: f.RateMbps, PoliceMbps: f.PoliceMbps,
		}
		for _, n := range f.Neighbors {
			face.Neighbors = append(face.Neighbors, r.neighbor(n))
		}
		out.Interfaces = append(out.Interfaces, face)
	}
	if len(r.keys) > 0 {
		r.wrong(fmt.Errorf("it has %d keys without a place", len(r.keys)))
	}
	return out, r.err
}

func (r *reader) neighbor(n *wire.Neighbor) fabric.Neighbor {
	out := fabric.Neighbor{
		Name: n.Name, Local: r.prefix(n.Local), Remote: r.address(n.Remote), LocalASN: n.LocalAsn, RemoteASN: n.RemoteAsn, Key: r.key(),
		Shutdown: n.Shutdown, MaxPrefixes: int(n.MaxPrefixes), HoldSeconds: int(n.HoldSeconds),
		Import: fabric.ImportPolicy{
			Filtered: n.Filtered, Allow: r.prefixes(n.Allow), OrLonger: n.OrLonger, DefaultPreference: n.DefaultPreference,
		},
	}
	for _, p := range n.Prefer {
		out.Import.Prefer = append(out.Import.Prefer, fabric.Preference{Community: p.Community, LocalPref: p.LocalPref})
	}
	for _, a := range n.Export {
		out.Export = append(out.Export, fabric.Announcement{
			Prefix: r.prefix(a.Prefix), Communities: a.Communities, NoExport: a.NoExport, ASPathPrepend: a.AsPathPrepend,
		})
	}
	return out
}

func address(a netip.Addr) []byte {
	b, _ := a.MarshalBinary() // never fails
	return b
}

func prefix(p netip.Prefix) []byte {
	b, _ := p.MarshalBinary() // never fails
	return b
}

func prefixes(list []netip.Prefix) [][]byte {
	out := make([][]byte, len(list))
	for i, p := range list {
		out[i] = prefix(p)
	}
	return out
}

// none makes an empty list nil: on the wire they are the same.
func none[T any](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return list
}

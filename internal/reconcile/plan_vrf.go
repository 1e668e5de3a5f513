package reconcile

import (
	"hash/fnv"
	"maps"
	"net/netip"
	"slices"

	"onramp/internal/directconnect"
	"onramp/internal/fabric"
	"onramp/internal/store"
)

// vrf is a table as the router should have it, but for its segment.
func (t traffic) vrf(name string, asn int64) fabric.VRF {
	return fabric.VRF{Name: name, LocalASN: asn, Networks: t.networks[name], Peers: t.peers[name]}
}

// segmented are the tables by name, those with peers each with a segment of its own. It follows from the name, so that all
// routers have the same; of two that would share one, the second stays on its router, as anything else would mix their traffic.
func segmented(vrfs map[string]fabric.VRF) []fabric.VRF {
	var all []fabric.VRF
	taken := map[uint32]bool{}
	for _, name := range slices.Sorted(maps.Keys(vrfs)) {
		v := vrfs[name]
		if len(v.Peers) > 0 {
			h := fnv.New32a()
			_, _ = h.Write([]byte(name)) // never fails: hash.Hash
			if v.Segment = max(1, h.Sum32()); taken[v.Segment] {
				v.Segment, v.Peers = 0, nil
			}
			taken[v.Segment] = true
		}
		all = append(all, v)
	}
	return all
}

// preferences are what the communities of a customer's routes ask for, by the type of its interface.
func preferences(t directconnect.InterfaceType) ([]fabric.Preference, uint32) {
	if t == directconnect.Public {
		return nil, directconnect.PreferMedium
	}
	return []fabric.Preference{
		{Community: directconnect.CommunityLow, LocalPref: directconnect.PreferLow},
		{Community: directconnect.CommunityMedium, LocalPref: directconnect.PreferMedium},
		{Community: directconnect.CommunityHigh, LocalPref: directconnect.PreferHigh},
	}, directconnect.PreferMedium
}

// lookAround reads what only real routers need: the networks behind each table, and the other routers that have it.
func (y *surveyor) lookAround() error {
	for _, v := range y.interfaces {
		s, there := y.around[v.ID]
		if !there {
			continue
		}
		name := vrfOf(v)
		y.networks[name] = append(y.networks[name], v.Networks(s)...)
		if _, known := y.peers[name]; known || v.GatewayID == "" || !y.router.Backbone.IsValid() {
			continue
		}
		peers, err := y.backbonePeers(v.GatewayID)
		if err != nil {
			return err
		}
		y.peers[name] = peers
	}
	for name, networks := range y.networks {
		slices.SortFunc(networks, fabric.ComparePrefixes)
		y.networks[name] = slices.Compact(networks)
	}
	return nil
}

// backbonePeers are the backbone addresses of the other routers on which a gateway has interfaces.
func (y *surveyor) backbonePeers(gateway string) ([]netip.Addr, error) {
	attached, err := y.tx.Interfaces(store.InterfaceQuery{GatewayID: gateway, LiveOnly: true})
	if err != nil {
		return nil, err
	}
	routers := map[string]bool{y.router.Name: true}
	var peers []netip.Addr
	for _, v := range attached {
		if routers[v.Router] || !v.OnRouter() {
			continue
		}
		routers[v.Router] = true
		r, err := y.tx.Router(v.Router)
		if err != nil {
			return nil, err
		}
		if r.Backbone.IsValid() && r.Backbone.Is4() == y.router.Backbone.Is4() {
			peers = append(peers, r.Backbone)
		}
	}
	slices.SortFunc(peers, netip.Addr.Compare)
	return peers, nil
}

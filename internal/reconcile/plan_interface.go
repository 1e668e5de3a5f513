package reconcile

import (
	"cmp"
	"net/netip"
	"slices"

	"onramp/internal/directconnect"
	"onramp/internal/fabric"
)

// traffic is what a router's plan has beside its links: the interfaces there and all that their sessions rest on.
type traffic struct {
	interfaces []directconnect.VirtualInterface        // live, on the router, ordered by creation
	hosted     map[string]directconnect.Connection     // by ID: the hosted connections that some are on
	announced  map[string][]directconnect.Announcement // by interface ID
	tests      map[string]directconnect.FailoverTest   // by interface ID
	keys       map[string]fabric.Secret                // by peer ID; those that could be unsealed
	flaps      map[string]directconnect.Flap           // by interface ID: simulated customers that change with time
	networks   map[string][]netip.Prefix               // by VRF: what lies behind it; of real routers
	peers      map[string][]netip.Addr                 // by VRF: the other routers that have it; of real routers on a backbone
}

// publicVRF is where all public interfaces of a router meet: the provider's own network.
const publicVRF = "public"

// vrfOf names the table that an interface's routes are in: one for each gateway, so that the interfaces of one gateway see
// each other's routes as its rules have it, and nobody else's. Virtual private gateways are named with their owner, because
// in open mode two accounts may use the same identifier.
func vrfOf(v directconnect.VirtualInterface) string {
	switch {
	case v.Type == directconnect.Public:
		return publicVRF
	case v.GatewayID != "":
		return v.GatewayID
	}
	return v.Account + "/" + v.VirtualGatewayID
}

// planInterfaces adds to the links of in the interfaces over them. An interface whose link the router does not have is left
// out, and one that would take another's VLAN there, which the database does not permit on one connection or LAG.
func planInterfaces(in *fabric.Intent, t traffic, ports map[string]string) {
	vrfs := map[string]fabric.VRF{}
	type tag struct {
		link        string
		outer, vlan int
	}
	taken := map[tag]bool{}
	on := linksOf(*in, ports)
	for _, v := range t.interfaces {
		if !v.OnRouter() {
			continue
		}
		f, ok := t.over(v.ParentID, on)
		f.VLAN = int(v.VLAN)
		if at := (tag{f.Link, f.OuterVLAN, f.VLAN}); !ok || taken[at] {
			continue
		} else {
			taken[at] = true
		}
		f.Name, f.MTU, f.VRF, f.RateMbps = v.ID, int(v.MTU), vrfOf(v), v.RateLimit.Mbps()
		for _, p := range v.SessionsOnRouter() {
			if key := t.keys[p.ID]; key != "" {
				f.Neighbors = append(f.Neighbors, t.neighbor(v, p, key))
			}
		}
		slices.SortFunc(f.Neighbors, func(a, b fabric.Neighbor) int { return cmp.Compare(a.Name, b.Name) })
		vrfs[f.VRF] = t.vrf(f.VRF, v.AmazonASN)
		in.Interfaces = append(in.Interfaces, f)
	}
	slices.SortFunc(in.Interfaces, func(a, b fabric.Interface) int { return cmp.Compare(a.Name, b.Name) })
	in.VRFs = segmented(vrfs)
}

// links are what interfaces can be over: the link of each connection, by its ID, and the bundles.
type links struct {
	of      map[string]string
	bundles map[string]bool
}

// linksOf are the links of in; ports are the port names by connection ID.
func linksOf(in fabric.Intent, ports map[string]string) links {
	byPort := make(map[string]string, len(in.Ports))
	for _, p := range in.Ports {
		byPort[p.Name] = cmp.Or(p.Bundle, p.Name) // over a LAG's member is over the LAG
	}
	l := links{of: make(map[string]string, len(in.Ports)), bundles: make(map[string]bool, len(in.Bundles))}
	for id, port := range ports {
		if link, there := byPort[port]; there {
			l.of[id] = link
		}
	}
	for _, b := range in.Bundles {
		l.bundles[b.Name] = true
	}
	return l
}

// over is an interface on the link of a connection or LAG; false: the router has none. On a hosted connection it is inside
// that one's VLAN on its parent's link.
func (t traffic) over(parent string, on links) (fabric.Interface, bool) {
	var f fabric.Interface
	if h, hosted := t.hosted[parent]; hosted {
		if !h.Working() {
			return f, false
		}
		f.OuterVLAN, f.PoliceMbps = int(h.VLAN), h.Bandwidth.Mbps()
		parent = h.ParentID
	}
	if directconnect.IsLAGID(parent) {
		f.Link = parent
		return f, on.bundles[parent]
	}
	link, there := on.of[parent]
	f.Link = link
	return f, there
}

// neighbor is a session as the router should have it. It is shut while it is held for having exceeded its limit, and while
// a failover test or a maintenance takes it down.
func (t traffic) neighbor(v directconnect.VirtualInterface, p directconnect.BGPPeer, key fabric.Secret) fabric.Neighbor {
	n := fabric.Neighbor{
		Name: p.ID, Local: p.Amazon, Remote: p.Customer.Addr(), LocalASN: v.AmazonASN, RemoteASN: p.ASN, Key: key,
		Shutdown: !p.Held.IsZero() || t.tested(v, p.ID) || v.Drained != "", MaxPrefixes: v.PrefixLimit(p.Family),
	}
	n.Import.Allow, n.Import.Filtered = v.ImportFilter(p.Family)
	n.Import.OrLonger = n.Import.Filtered
	n.Import.Prefer, n.Import.DefaultPreference = preferences(v.Type)
	for _, a := range t.announced[v.ID] {
		if directconnect.FamilyOf(a.CIDR) == p.Family {
			n.Export = append(n.Export, fabric.Announcement{
				Prefix: a.CIDR, Communities: a.Communities, NoExport: a.NoExport, ASPathPrepend: a.Prepend,
			})
		}
	}
	return n
}

// tested reports whether a failover test keeps the session down.
func (t traffic) tested(v directconnect.VirtualInterface, peer string) bool {
	return v.State == directconnect.InterfaceTesting && slices.Contains(t.tests[v.ID].Peers, peer)
}

// testReason is why a session is down that a test keeps down.
const testReason = "failover test"

// seenInterface is what the router shows of an interface, nil being a router that could not be read.
func (t traffic) seenInterface(v directconnect.VirtualInterface, o *fabric.Observed) directconnect.SeenInterface {
	if o == nil {
		return directconnect.SeenInterface{}
	}
	status := o.Interfaces[v.ID]
	seen := directconnect.SeenInterface{
		Readable: true, Configured: status.Configured, Sessions: make(map[string]directconnect.SeenSession, len(status.Neighbors)),
	}
	for name, n := range status.Neighbors {
		s := directconnect.SeenSession{Up: n.Up, Reason: n.Reason, OverLimit: n.OverLimit}
		switch {
		case s.Up:
		case t.tested(v, name):
			s.Reason = testReason
		case v.Drained != "":
			s.Reason = "maintenance " + v.Drained
		}
		seen.Sessions[name] = s
	}
	return seen
}

package directconnect

import (
	"slices"
	"time"
)

// InterfaceChange is what UpdateVirtualInterfaceAttributes asks; nil leaves a value alone.
type InterfaceChange struct {
	Name      *string
	MTU       *int32
	SiteLink  *bool
	RateLimit *RateLimit
	PoolIPv4  *int32
	PoolIPv6  *int32
}

// Update applies a change. A new MTU or SiteLink setting is provisioned anew: an interface that is up or down passes
// through pending. Values that it has already change nothing.
func (v VirtualInterface) Update(c InterfaceChange, p InterfaceParent, siblings []VirtualInterface, now time.Time) (VirtualInterface, error) {
	if err := v.mustWork(); err != nil {
		return v, err
	}
	next := v
	if c.Name != nil {
		if err := checkVIFName(*c.Name); err != nil {
			return v, err
		}
		next.Name = *c.Name
	}
	if c.MTU != nil {
		if *c.MTU == 0 || checkMTU(v.Type, *c.MTU) != nil {
			return v, Clientf("MTU %d is not valid for a %s virtual interface.", *c.MTU, v.Type)
		}
		next.MTU = *c.MTU
	}
	if c.SiteLink != nil {
		if *c.SiteLink && v.GatewayID == "" {
			return v, Clientf("SiteLink is not supported on Virtual Interface %s: it is not attached to a Direct Connect gateway.", v.ID)
		}
		if *c.SiteLink && !siteLinkIn(v.Region) {
			return v, noSiteLink(v.Region)
		}
		next.SiteLink = *c.SiteLink
	}
	var err error
	if c.RateLimit != nil {
		if next, err = next.limit(*c.RateLimit, p, siblings); err != nil {
			return v, err
		}
	}
	if c.PoolIPv4 != nil || c.PoolIPv6 != nil {
		if next, err = next.takePools(c.PoolIPv4, c.PoolIPv6, p, siblings); err != nil {
			return v, err
		}
		if next.PoolIPv4 != v.PoolIPv4 || next.PoolIPv6 != v.PoolIPv6 {
			next = next.releaseHeld("")
		}
	}
	if next.MTU != v.MTU || next.SiteLink != v.SiteLink {
		if _, ok := NextInterfaceState(next.State, EventChange); ok {
			return next.move(EventChange, now)
		}
		if next.State == InterfaceTesting {
			return v, Clientf("Virtual Interface %s is being tested: MTU and SiteLink cannot be changed.", v.ID)
		}
	}
	next.Due = now
	return next, nil
}

// MoveTo puts the interface on another connection or LAG: pending again, its sessions made anew there with the same
// addresses and keys while the old ones are being deleted (recorded, AssociateVirtualInterface). newPeerID makes an
// identifier.
func (v VirtualInterface) MoveTo(p InterfaceParent, siblings []VirtualInterface, quotas Quotas, newPeerID func() string, now time.Time) (VirtualInterface, error) {
	if err := v.mustWork(); err != nil {
		return v, err
	}
	if err := v.mayMoveTo(p, siblings, quotas); err != nil {
		return v, err
	}
	next, err := v.move(EventChange, now)
	if v.State == InterfaceVerifying || v.State == InterfaceConfirming {
		next, err = v, nil
	}
	if err != nil {
		return v, err
	}
	next.Left = v.leaves(p.Router)
	next.ParentID, next.ConnectionOwner, next.Location, next.Router, next.Due = p.ID, p.Owner, p.Location, p.Router, now
	next.Drained = "" // what is worked on is no longer under it
	if next, err = next.limit(v.RateLimit, p, siblings); err != nil {
		return v, err
	}
	if v.Type != Public {
		if next, err = next.takePools(nil, nil, p, siblings); err != nil {
			return v, err
		}
	}
	next.Peers = nil
	for _, old := range v.Peers {
		if old.State == PeerDeleting || old.State == PeerDeleted {
			continue
		}
		fresh := old
		fresh.ID, fresh.Up, fresh.Held = newPeerID(), false, time.Time{}
		fresh.move(PeerRelocated)
		old.move(PeerRemove)
		old.Router = v.Router
		next.Peers = append(next.Peers, fresh, old)
	}
	return next, nil
}

// leaves are the routers that must forget the interface when it moves to another: the one that it was on, if it may be
// configured there, and those that do not know of an earlier move.
func (v VirtualInterface) leaves(to string) []string {
	left := slices.Clone(v.Left)
	if v.OnRouter() && !slices.Contains(left, v.Router) {
		left = append(left, v.Router)
	}
	return slices.DeleteFunc(left, func(router string) bool { return router == to })
}

// CarriedTo is the interface after the hosted connection that it is on has moved to another router: its sessions go along,
// and the router that it was on must forget it.
func (v VirtualInterface) CarriedTo(router, location string, now time.Time) VirtualInterface {
	v.Left, v.Peers = v.leaves(router), v.leavePeers()
	v.Router, v.Location, v.Drained, v.Due = router, location, "", now // what is worked on is no longer under it
	return v
}

func (v VirtualInterface) mayMoveTo(p InterfaceParent, siblings []VirtualInterface, quotas Quotas) error {
	switch {
	case p.ID == v.ParentID:
		return Clientf("Virtual Interface %s is already associated with %s.", v.ID, p.ID)
	case !p.Ready:
		return Clientf("The specified Connection ID is not available: %s is in state %s.", p.ID, p.State)
	case p.Region != v.Region:
		return NoConnection(p.ID)
	case v.State == InterfaceTesting:
		return Clientf("Virtual Interface %s is being tested and cannot be moved.", v.ID)
	}
	if err := interfaceQuota(v.Type, p, siblings, quotas); err != nil {
		return err
	}
	if err := v.vlanFree(p.ID, siblings); err != nil {
		return err
	}
	taken := takenSubnets(VirtualInterface{ID: v.ID}, siblings)
	for _, peer := range v.livePeers() {
		if err := free(peer.Amazon, taken); err != nil {
			return err
		}
	}
	return nil
}

// Along moves the interface with its connection into a LAG: the same sessions, provisioned anew.
func (v VirtualInterface) Along(p InterfaceParent, siblings []VirtualInterface, quotas Quotas, now time.Time) (VirtualInterface, error) {
	if !v.Live() {
		return v, nil
	}
	next := v
	if v.Working() {
		if err := v.mayMoveTo(p, siblings, quotas); err != nil {
			return v, err
		}
		var err error
		if next, err = next.limit(v.RateLimit, p, siblings); err != nil {
			return v, err
		}
		if v.Type != Public {
			if next, err = next.takePools(nil, nil, p, siblings); err != nil {
				return v, err
			}
		}
	}
	if _, ok := NextInterfaceState(v.State, EventChange); ok {
		var err error
		if next, err = next.move(EventChange, now); err != nil {
			return v, err
		}
	}
	if p.Router != v.Router {
		next.Peers = next.leavePeers()
	}
	next.ParentID, next.ConnectionOwner, next.Location, next.Router, next.Due = p.ID, p.Owner, p.Location, p.Router, now
	next.Drained = "" // what is worked on is no longer under it
	return next, nil
}

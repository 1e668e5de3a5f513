package directconnect

// Inbound prefix controls (user guide 2026, "Inbound prefix controls"): what private and transit interfaces may announce
// comes out of a pool of their parent.
const (
	defaultPool = 100
	maxPool     = 1000
	// maxGatewayPools bounds the sum over a Direct Connect gateway, both families.
	maxGatewayPools = 10000
	// publicPrefixLimit bounds a public session.
	publicPrefixLimit = 1000
)

// takePools gives the interface its share of the parent's pools: what is asked, or what it has, or the default.
func (v VirtualInterface) takePools(v4, v6 *int32, p InterfaceParent, siblings []VirtualInterface) (VirtualInterface, error) {
	if v.Type == Public || p.Hosted {
		if v4 != nil || v6 != nil {
			return v, Clientf("A prefix pool is not supported on Virtual Interface %s.", v.ID)
		}
		v.PoolIPv4, v.PoolIPv6 = 0, 0 // it may have had some of the connection that it was on before
		return v, nil
	}
	left4, left6 := PoolsLeft(p.Bandwidth, siblings, v.ID)
	var err error
	if v.PoolIPv4, err = share("prefixPoolAllocatedCountIpv4", v4, v.PoolIPv4, left4, p.ID); err != nil {
		return v, err
	}
	v.PoolIPv6, err = share("prefixPoolAllocatedCountIpv6", v6, v.PoolIPv6, left6, p.ID)
	return v, err
}

func share(member string, asked *int32, has, left int32, parent string) (int32, error) {
	n := has
	if asked != nil {
		n = *asked
	} else if has == 0 {
		n = min(defaultPool, left)
	}
	switch {
	case asked == nil && n <= 0: // an empty share would be no limit at all
		return has, Clientf("The prefix pool of %s is used up.", parent)
	case n < 0 || n > maxPool || (asked != nil && n == 0):
		return has, Clientf("%s %d is not valid. Valid values are 1 to %d.", member, n, maxPool)
	case n > left:
		return has, Clientf("%s %d is not available: the prefix pool of %s has %d left.", member, n, parent, left)
	}
	return n, nil
}

// PoolsLeft is what remains of the pools of a port of bandwidth b beside its live interfaces, except the one named.
func PoolsLeft(b Bandwidth, interfaces []VirtualInterface, except string) (v4, v6 int32) {
	v4, v6 = b.PrefixPool(), b.PrefixPool()
	for _, s := range interfaces {
		if s.Live() && s.ID != except {
			v4, v6 = v4-s.PoolIPv4, v6-s.PoolIPv6
		}
	}
	return v4, v6
}

// PrefixLimit is how many prefixes a session of the family may announce before it is closed with Cease 6/1
// (RFC 4486): the share of the pool, or the documented 100 (1000 on public interfaces).
func (v VirtualInterface) PrefixLimit(f Family) int {
	if v.Type == Public {
		return publicPrefixLimit
	}
	pool := v.PoolIPv4
	if f == IPv6 {
		pool = v.PoolIPv6
	}
	if pool == 0 {
		pool = defaultPool
	}
	return int(pool)
}

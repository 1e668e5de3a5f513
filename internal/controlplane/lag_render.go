package controlplane

import (
	"onramp/internal/api"
	"onramp/internal/directconnect"
)

// lagWithMembers loads a LAG's members and renders both.
func (r *renderer) lagWithMembers(g directconnect.LAG, viewer Caller) (*api.Lag, error) {
	var members []directconnect.Connection
	if g.Live() {
		var err error
		if members, err = lagMembers(r.tx, g.ID); err != nil {
			return nil, err
		}
	}
	return r.lag(g, members, viewer)
}

// lag is the one place that renders a Lag, for all operations that answer one. members are the live ones, in the order
// they were ordered; the recorded answer of CreateLag has an existing connection last.
func (r *renderer) lag(g directconnect.LAG, members []directconnect.Connection, viewer Caller) (*api.Lag, error) {
	count, minimum, pool := int32(len(members)), int32(g.MinimumLinks), g.Bandwidth.PrefixPool()
	yes := true
	if r.lags == nil {
		r.lags = make(map[string]directconnect.LAG)
	}
	r.lags[g.ID] = g
	on, err := r.interfaces(g.ID)
	if err != nil {
		return nil, err
	}
	left4, left6 := directconnect.PoolsLeft(g.Bandwidth, on, "")
	connections, err := r.connections(members, viewer)
	if err != nil {
		return nil, err
	}
	out := &api.Lag{
		LagID: &g.ID, LagName: &g.Name, LagState: text(g.State(members)), OwnerAccount: &g.Account, Region: &g.Region,
		Location: &g.Location, ConnectionsBandwidth: text(g.Bandwidth), NumberOfConnections: &count, MinimumLinks: &minimum,
		Connections: connections, AllowsHostedConnections: &g.AllowsHosted,
		AwsDevice: &g.Router, AwsDeviceV2: &g.Router, AwsLogicalDeviceID: &g.Router,
		JumboFrameCapable: &yes, HasLogicalRedundancy: redundancy(true), Tags: tagsFor(g.Account, g.Tags, viewer),
		ProviderName: nonEmpty(g.ProviderName), BillingMode: text(g.BillingMode), MacSecCapable: &g.MACsec,
		PrefixPoolSizeIpv4: &pool, PrefixPoolSizeIpv6: &pool,
		PrefixPoolUnallocatedCountIpv4: &left4, PrefixPoolUnallocatedCountIpv6: &left6,
		RateLimiterStatus: rateLimiters(on),
	}
	if g.MACsec {
		out.EncryptionMode, out.MacSecKeys = text(g.EncryptionMode), renderKeys(g.MACsecKeys)
	}
	return out, nil
}

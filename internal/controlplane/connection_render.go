package controlplane

import (
	"fmt"
	"time"

	"onramp/internal/api"
	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// renderer turns nouns into wire structs. It remembers the LAGs it had to load for the encryption of their members, and the
// interfaces of the connections and LAGs that it shows.
type renderer struct {
	tx       *store.Tx
	lags     map[string]directconnect.LAG
	carrying map[string][]directconnect.VirtualInterface // by connection or LAG; loaded: there is an entry
}

func render(tx *store.Tx) *renderer { return &renderer{tx: tx} }

// lagOf loads the LAG that a member's encryption comes from.
func (r *renderer) lagOf(id string) (directconnect.LAG, error) {
	if g, ok := r.lags[id]; ok {
		return g, nil
	}
	g, err := r.tx.LAG(id)
	if err != nil {
		return g, err
	}
	if r.lags == nil {
		r.lags = make(map[string]directconnect.LAG)
	}
	r.lags[id] = g
	return g, nil
}

// connection is the one place that renders a Connection, for all operations that answer one (fact sheet 4.2 says which
// member is present when). viewer decides whether tags are shown: only their owner sees them.
func (r *renderer) connection(c directconnect.Connection, viewer Caller) (*api.Connection, error) {
	onItsFeet := c.OnItsFeet()
	out := &api.Connection{
		OwnerAccount:         &c.Account,
		ConnectionID:         &c.ID,
		ConnectionName:       &c.Name,
		ConnectionState:      text(c.State),
		Region:               &c.Region,
		Location:             &c.Location,
		Bandwidth:            text(c.Bandwidth),
		LoaIssueTime:         instant(c.LOARead),
		ProviderName:         nonEmpty(c.ProviderName),
		JumboFrameCapable:    &onItsFeet, // every router of ours takes jumbo frames once the port is set up
		HasLogicalRedundancy: redundancy(onItsFeet),
		Tags:                 tagsFor(c.Account, c.Tags, viewer),
		BillingMode:          text(c.BillingMode),
	}
	if onItsFeet {
		out.AwsDevice, out.AwsDeviceV2, out.AwsLogicalDeviceID = &c.Router, &c.Router, &c.Router
	}
	if c.Kind == directconnect.Hosted {
		no := false
		out.Vlan, out.PartnerName = &c.VLAN, &c.PartnerName
		out.MacSecCapable, out.PartnerInterconnectMacSecCapable = &no, &c.MACsec
		if directconnect.IsLAGID(c.ParentID) {
			out.LagID = &c.ParentID
		}
		return out, nil
	}
	out.LagID = nonEmpty(c.LagID)
	out.MacSecCapable = &c.MACsec
	if c.Kind == directconnect.Dedicated {
		on, err := r.interfaces(carrier(c))
		if err != nil {
			return nil, err
		}
		pool := c.Bandwidth.PrefixPool()
		left4, left6 := directconnect.PoolsLeft(c.Bandwidth, on, "")
		out.PrefixPoolSizeIpv4, out.PrefixPoolSizeIpv6 = &pool, &pool
		out.PrefixPoolUnallocatedCountIpv4, out.PrefixPoolUnallocatedCountIpv6 = &left4, &left6
		out.RateLimiterStatus = rateLimiters(on)
	}
	mode, keys, err := r.encryption(c)
	if err != nil || mode == "" {
		return out, err
	}
	out.EncryptionMode, out.MacSecKeys = text(mode), renderKeys(keys)
	out.PortEncryptionStatus = encryptionStatus(c)
	return out, nil
}

// encryption answers the mode and keys in force on a port: its LAG's where it is a member. The mode is empty on a port
// without MACsec.
func (r *renderer) encryption(c directconnect.Connection) (directconnect.EncryptionMode, []directconnect.MACsecKey, error) {
	if !c.MACsec {
		return "", nil, nil
	}
	if c.LagID == "" {
		return c.EncryptionMode, c.MACsecKeys, nil
	}
	g, err := r.lagOf(c.LagID)
	return g.EncryptionMode, g.MACsecKeys, err
}

// The two values of portEncryptionStatus (API reference, Connection).
func encryptionStatus(c directconnect.Connection) *string {
	status := "Encryption Down"
	if c.EncryptionUp {
		status = "Encryption Up"
	}
	return &status
}

// carrier is what the interfaces of a port are on: its LAG where it is a member.
func carrier(c directconnect.Connection) string {
	if c.LagID != "" {
		return c.LagID
	}
	return c.ID
}

// interfaces answers the live interfaces of a connection or LAG.
func (r *renderer) interfaces(parent string) ([]directconnect.VirtualInterface, error) {
	if on, loaded := r.carrying[parent]; loaded {
		return on, nil
	}
	err := r.load([]string{parent})
	return r.carrying[parent], err
}

// carries tells the renderer the interfaces of a connection or LAG, so that it need not load them.
func (r *renderer) carries(parent string, on []directconnect.VirtualInterface) {
	if r.carrying == nil {
		r.carrying = make(map[string][]directconnect.VirtualInterface, 1)
	}
	r.carrying[parent] = on
}

// load brings the interfaces of several connections and LAGs in one statement.
func (r *renderer) load(parents []string) error {
	found, err := r.tx.InterfacesOn(parents)
	if err != nil {
		return err
	}
	if r.carrying == nil {
		r.carrying = make(map[string][]directconnect.VirtualInterface, len(parents))
	}
	for _, p := range parents {
		r.carrying[p] = nil
	}
	for _, v := range found {
		r.carrying[v.ParentID] = append(r.carrying[v.ParentID], v)
	}
	return nil
}

func (r *renderer) connections(cs []directconnect.Connection, viewer Caller) ([]api.Connection, error) {
	parents := make([]string, 0, len(cs))
	for _, c := range cs {
		if _, loaded := r.carrying[carrier(c)]; !loaded && c.Kind == directconnect.Dedicated {
			parents = append(parents, carrier(c))
		}
	}
	if err := r.load(parents); err != nil {
		return nil, err
	}
	out := make([]api.Connection, 0, len(cs))
	for _, c := range cs {
		one, err := r.connection(c, viewer)
		if err != nil {
			return nil, err
		}
		out = append(out, *one)
	}
	return out, nil
}

// interconnect renders the shape that CreateInterconnect and DescribeInterconnects answer; it has no owner.
func (r *renderer) interconnect(c directconnect.Connection, viewer Caller) (*api.Interconnect, error) {
	one, err := r.connection(c, viewer)
	if err != nil {
		return nil, err
	}
	return &api.Interconnect{
		InterconnectID: one.ConnectionID, InterconnectName: one.ConnectionName, InterconnectState: one.ConnectionState,
		Region: one.Region, Location: one.Location, Bandwidth: one.Bandwidth, LoaIssueTime: one.LoaIssueTime,
		LagID: one.LagID, AwsDevice: one.AwsDevice, AwsDeviceV2: one.AwsDeviceV2, AwsLogicalDeviceID: one.AwsLogicalDeviceID,
		JumboFrameCapable: one.JumboFrameCapable, HasLogicalRedundancy: one.HasLogicalRedundancy, Tags: one.Tags,
		ProviderName: one.ProviderName, MacSecCapable: one.MacSecCapable, PortEncryptionStatus: one.PortEncryptionStatus,
		EncryptionMode: one.EncryptionMode, MacSecKeys: one.MacSecKeys,
	}, nil
}

func renderKeys(keys []directconnect.MACsecKey) []api.MacSecKey {
	out := make([]api.MacSecKey, 0, len(keys))
	for _, k := range keys {
		start := k.StartOn()
		out = append(out, api.MacSecKey{SecretARN: &k.SecretARN, Ckn: &k.CKN, State: text(k.State), StartOn: &start})
	}
	return out
}

func renderTags(tags []directconnect.Tag) []api.Tag {
	out := make([]api.Tag, 0, len(tags))
	for _, t := range tags {
		out = append(out, api.Tag{Key: &t.Key, Value: &t.Value})
	}
	return out
}

// tagsFor shows tags to their owner only (user guide, "Tag resources").
func tagsFor(owner string, tags []directconnect.Tag, viewer Caller) []api.Tag {
	if viewer.Account != owner {
		return []api.Tag{}
	}
	return renderTags(tags)
}

// rateLimiters is the account of the rate limiters on a connection or LAG (API reference, RateLimiterStatus).
func rateLimiters(on []directconnect.VirtualInterface) *api.RateLimiterStatus {
	n, mbps := directconnect.RateLimitersInUse(on)
	allowed, used := int32(directconnect.MaxRateLimiters), int32(n)
	left, total := allowed-used, fmt.Sprintf("%dMbps", mbps)
	return &api.RateLimiterStatus{MaxAllowed: &allowed, InUse: &used, Remaining: &left, TotalBandwidth: &total}
}

func redundancy(known bool) *string {
	s := "unknown"
	if known {
		s = "yes"
	}
	return &s
}

func text[T ~string](v T) *string {
	s := string(v)
	return &s
}

func nonEmpty(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

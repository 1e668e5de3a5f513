package conformance

import (
	"fmt"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
	"github.com/aws/aws-sdk-go-v2/service/directconnect/types"

	"onramp/internal/directconnect"
)

// pendingLAG is a LAG as CreateLag answers it (fact sheet 5.2): its device is known from the start.
func pendingLAG(id, name, bandwidth, router string, connections list) members {
	pool := map[string]int{"1Gbps": 5000, "10Gbps": 5000, "100Gbps": 30000}[bandwidth]
	return members{
		"lagId": id, "lagName": name, "lagState": "pending", "ownerAccount": alice, "region": eastern, "location": ashburn,
		"connectionsBandwidth": bandwidth, "numberOfConnections": len(connections), "minimumLinks": 0, "connections": connections,
		"allowsHostedConnections": true, "awsDevice": router, "awsDeviceV2": router, "awsLogicalDeviceId": router,
		"jumboFrameCapable": true, "hasLogicalRedundancy": "yes", "tags": list{}, "billingMode": "PayAsYouGo",
		"macSecCapable": false, "prefixPoolSizeIpv4": pool, "prefixPoolSizeIpv6": pool,
		"prefixPoolUnallocatedCountIpv4": pool, "prefixPoolUnallocatedCountIpv6": pool,
		"rateLimiterStatus": members{"maxAllowed": 10, "inUse": 0, "remaining": 10, "totalBandwidth": "0Mbps"},
	}
}

// TestCreateLagMembers: the LAG and its new connections, named as recorded, all on one device.
func TestCreateLagMembers(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	id := a.orderLAG(t, ashburn, "10Gbps", "bundle", 3)
	answer := a.object()
	router := w.lag(id).Router
	var want list
	for _, m := range byName(answer["connections"].(list)) {
		c := m["connectionId"].(string)
		want = append(want, requested(c, fmt.Sprintf("Requested Connection %d for Lag %s", len(want)+1, id), ashburn, "10Gbps").with(members{"lagId": id}))
		if on := w.noun(c).Router; on != router {
			t.Errorf("a member is on %s, its LAG on %s", on, router)
		}
	}
	for _, shown := range []map[string]any{answer, a.lagShown(t, id)} {
		shown["connections"] = byName(shown["connections"].(list))
		holds(t, shown, pendingLAG(id, "bundle", "10Gbps", router, want))
	}
}

// byName sorts connections by name: the service keeps no order.
func byName(connections list) []map[string]any {
	var sorted []map[string]any
	for _, c := range connections {
		sorted = append(sorted, c.(map[string]any))
	}
	slices.SortFunc(sorted, func(a, b map[string]any) int {
		if a["connectionName"].(string) < b["connectionName"].(string) {
			return -1
		}
		return 1
	})
	return sorted
}

// TestCreateLagEachParameter: what may be left out, and what it does to the LAG and to its members.
func TestCreateLagEachParameter(t *testing.T) {
	t.Parallel()
	w := open(t, directconnect.Quotas{})
	a := w.as(t, alice)
	tags, childTags := []types.Tag{{Key: str("of"), Value: str("the LAG")}}, []types.Tag{{Key: str("of"), Value: str("members")}}
	shown := func(v string) members { return members{"tags": list{members{"key": "of", "value": v}}} }
	lagKeys := members{"macSecCapable": true, "encryptionMode": "should_encrypt", "macSecKeys": list{}}
	cases := []struct {
		name        string
		set         func(in *dc.CreateLagInput)
		lag, member members
	}{
		{"tags", func(in *dc.CreateLagInput) { in.Tags = tags }, shown("the LAG"), nil},
		{"childConnectionTags", func(in *dc.CreateLagInput) { in.ChildConnectionTags = childTags }, nil, shown("members")},
		{"both tags", func(in *dc.CreateLagInput) { in.Tags, in.ChildConnectionTags = tags, childTags }, shown("the LAG"), shown("members")},
		{"providerName", func(in *dc.CreateLagInput) { in.ProviderName = str("Zayo Group") }, members{"providerName": "Zayo Group"}, members{"providerName": "Zayo Group"}},
		{"billingMode", func(in *dc.CreateLagInput) { in.BillingMode = "FlatRateTier1" }, members{"billingMode": "FlatRateTier1"}, members{"billingMode": "FlatRateTier1"}},
		{"requestMACSec", secure, lagKeys, encrypted("should_encrypt", "Encryption Down")},
		{"requestMACSec false", func(in *dc.CreateLagInput) { in.RequestMACSec = aws.Bool(false) }, nil, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			id := a.orderLAG(t, ashburn, "10Gbps", c.name, 1, c.set)
			for _, shown := range []map[string]any{a.object(), a.lagShown(t, id)} {
				member := a.memberIDs(t, id)[0]
				holds(t, shown, pendingLAG(id, c.name, "10Gbps", w.lag(id).Router, list{
					requested(member, "Requested Connection 1 for Lag "+id, ashburn, "10Gbps").with(members{"lagId": id}).with(c.member),
				}).with(c.lag))
			}
		})
	}
}

// TestCreateLagSizes: up to four members, at 100 Gbps two.
func TestCreateLagSizes(t *testing.T) {
	t.Parallel()
	w := open(t, directconnect.Quotas{})
	a := w.as(t, alice)
	for bandwidth, most := range map[string]int32{"1Gbps": 4, "10Gbps": 4, "100Gbps": 2} {
		if n := len(a.memberIDs(t, a.orderLAG(t, ashburn, bandwidth, "largest", most))); n != int(most) {
			t.Errorf("a LAG of %d %s connections has %d", most, bandwidth, n)
		}
		w.unchanged(t, func() {
			refused(a.CreateLag(t.Context(), &dc.CreateLagInput{
				Location: str(ashburn), ConnectionsBandwidth: &bandwidth, LagName: str("x"), NumberOfConnections: most + 1,
			}))(t, client, fmt.Sprintf("A Lag of %s connections can have at most %d connections.", bandwidth, most))
		})
	}
}

// TestCreateLagAllOrNothing: too few ports on any one device, and there is neither LAG nor connection.
func TestCreateLagAllOrNothing(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	for range 3 { // of four
		a.order(t, vienna, "10Gbps", "x")
	}
	w.unchanged(t, func() {
		refused(a.CreateLag(t.Context(), &dc.CreateLagInput{
			Location: str(vienna), ConnectionsBandwidth: str("10Gbps"), LagName: str("x"), NumberOfConnections: 2,
		}))(t, client, "2 10Gbps ports on one endpoint are not available at location CSVA1.")
		refused(a.CreateLag(t.Context(), &dc.CreateLagInput{ // each device has one
			Location: str(newark), ConnectionsBandwidth: str("400Gbps"), LagName: str("x"), NumberOfConnections: 2,
		}))(t, client, "2 400Gbps ports on one endpoint are not available at location 165HS.")
	})
}

// TestCreateLagOfExistingConnection: it counts, keeps its ID, name and state, and decides the device; the new ones are
// numbered among themselves.
func TestCreateLagOfExistingConnection(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	old := a.order(t, ashburn, "10Gbps", "old")
	w.light(old)
	id := a.orderLAG(t, ashburn, "10Gbps", "around it", 2, func(in *dc.CreateLagInput) { in.ConnectionId = &old })
	router := w.noun(old).Router
	all := byName(a.object()["connections"].(list))
	if len(all) != 2 {
		t.Fatalf("%d members", len(all))
	}
	holds(t, all[1], requested(old, "old", ashburn, "10Gbps").with(onDevice("available", router)).with(members{"lagId": id}))
	fresh := all[0]["connectionId"].(string)
	holds(t, all[0], requested(fresh, "Requested Connection 1 for Lag "+id, ashburn, "10Gbps").with(members{"lagId": id}))
	if on := w.noun(fresh).Router; on != router {
		t.Errorf("the new member is on %s, the old one on %s", on, router)
	}
	a.lagState(t, id, "available")

	only := a.order(t, ashburn, "10Gbps", "only")
	lone := a.orderLAG(t, ashburn, "10Gbps", "of it alone", 1, func(in *dc.CreateLagInput) { in.ConnectionId = &only })
	holds(t, a.memberIDs(t, lone), list{only})
}

// TestCreateLagRules: what no LAG can be made of, and nothing is left.
func TestCreateLagRules(t *testing.T) {
	t.Parallel()
	w := open(t)
	a, b := w.as(t, alice), w.as(t, bob)
	plain, small, far := a.order(t, ashburn, "10Gbps", "plain"), a.order(t, ashburn, "1Gbps", "small"), a.order(t, vienna, "10Gbps", "far")
	secured, foreign, gone := a.orderSecure(t, ashburn, "10Gbps", "s"), b.order(t, ashburn, "10Gbps", "f"), a.order(t, ashburn, "10Gbps", "gone")
	got(a.DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: &gone}))(t)
	hosted := b.host(t, b.interconnect(t, "10Gbps"), alice, "50Mbps", 9)
	with := func(id string) func(*dc.CreateLagInput) { return func(in *dc.CreateLagInput) { in.ConnectionId = &id } }
	cases := []struct {
		name, text string
		set        func(*dc.CreateLagInput)
	}{
		{"none", "numberOfConnections must be at least 1.", func(in *dc.CreateLagInput) { in.NumberOfConnections = 0 }},
		{"negative", "numberOfConnections must be at least 1.", func(in *dc.CreateLagInput) { in.NumberOfConnections = -1 }},
		{"location", "Location EqSe2 is not valid.", func(in *dc.CreateLagInput) { in.Location = str(seattle) }},
		{"speed", "Bandwidth 400Gbps is not available at location EqDC2.", func(in *dc.CreateLagInput) { in.ConnectionsBandwidth = str("400Gbps") }},
		{"MACsec at 1 Gbps", "MACsec is not supported on 1Gbps connections.", func(in *dc.CreateLagInput) {
			in.ConnectionsBandwidth, in.RequestMACSec = str("1Gbps"), aws.Bool(true)
		}},
		{"provider", "Provider Nobody is not available at location EqDC2.", func(in *dc.CreateLagInput) { in.ProviderName = str("Nobody") }},
		{"billing", "Billing mode FlatRateTier5 is not available at location EqDC2.", func(in *dc.CreateLagInput) { in.BillingMode = "FlatRateTier5" }},
		{"another speed", "same bandwidth", with(small)},
		{"another location", "same location", with(far)},
		{"MACsec apart", "Connection " + secured + " and lag should be requested MacSec at the same time", with(secured)},
		{"MACsec apart the other way", "Connection " + plain + " and lag should be requested MacSec at the same time", func(in *dc.CreateLagInput) {
			in.ConnectionId, in.RequestMACSec = &plain, aws.Bool(true)
		}},
		{"another account", "Could not find Connection with ID " + foreign, with(foreign)},
		{"deleted", "Connection " + gone + " is in state deleted and cannot be associated with a Lag.", with(gone)},
		{"hosted", "Connection " + hosted + " is a hosted connection and cannot be associated with a Lag.", with(hosted)},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			in := &dc.CreateLagInput{Location: str(ashburn), ConnectionsBandwidth: str("10Gbps"), LagName: str("x"), NumberOfConnections: 2}
			c.set(in)
			w.unchanged(t, func() {
				out, err := a.CreateLag(t.Context(), in)
				if c.text == "same bandwidth" || c.text == "same location" { // the LAG's ID in the text is of one that never was
					refusedMatching(out, err)(t, client, `^Connection dxcon-\w{8} and the Lag (do not have the|are not at the) `+c.text+`\.$`)
					return
				}
				refused(out, err)(t, client, c.text)
			})
		})
	}
}

// TestLagQuota: ten LAGs in a Region; deleted ones do not count.
func TestLagQuota(t *testing.T) {
	t.Parallel()
	w := open(t, directconnect.Quotas{LAGsPerRegion: 10})
	a := w.as(t, alice)
	var last string
	for range 10 {
		last = a.orderLAG(t, ashburn, "1Gbps", "x", 1)
	}
	in := &dc.CreateLagInput{Location: str(vienna), ConnectionsBandwidth: str("1Gbps"), LagName: str("x"), NumberOfConnections: 1}
	w.unchanged(t, func() {
		refused(a.CreateLag(t.Context(), in))(t, client, "You have reached the limit of 10 Lags in Region us-east-1.")
	})
	w.in(t, alice, western).orderLAG(t, seattle, "1Gbps", "another Region", 1)
	w.as(t, bob).orderLAG(t, vienna, "1Gbps", "another account", 1)
	got(a.DeleteLag(t.Context(), &dc.DeleteLagInput{LagId: &last}))(t)
	got(a.CreateLag(t.Context(), in))(t)
}

package conformance

import (
	"testing"

	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
)

// TestDescribeLocations: those of the called Region, with every member; an empty list where there is nothing, not absence.
func TestDescribeLocations(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	modes := func(speeds list, names ...string) (out list) {
		for _, name := range names {
			out = append(out, members{"billingMode": name, "availablePortSpeeds": speeds, "includedRegions": list{eastern}})
		}
		return out
	}
	sold := list{"1G", "10G", "100G"}
	got(a.DescribeLocations(t.Context(), &dc.DescribeLocationsInput{}))(t)
	holds(t, a.object(), members{"locations": list{
		members{
			"locationCode": newark, "locationName": "165 Halsey Street, Newark, NJ", "region": eastern, "availablePortSpeeds": list{"400G"},
			"availableMacSecPortSpeeds": list{}, "availableProviders": list{}, "availableBillingModes": modes(list{"400G"}, "PayAsYouGo"),
		},
		members{
			"locationCode": vienna, "locationName": "CoreSite VA1, Reston, VA", "region": eastern, "availablePortSpeeds": list{"1G", "10G"},
			"availableMacSecPortSpeeds": list{}, "availableProviders": list{}, "availableBillingModes": modes(list{"1G", "10G"}, "PayAsYouGo"),
		},
		members{
			"locationCode": ashburn, "locationName": "Equinix DC2/DC11, Ashburn, VA", "region": eastern, "availablePortSpeeds": sold,
			"availableMacSecPortSpeeds": list{"10G", "100G"}, "availableProviders": list{"Equinix Inc.", "Zayo Group"},
			"availableBillingModes": modes(sold, "PayAsYouGo", "FlatRateTier1", "FlatRateTier2"),
		},
	}})
	west := w.in(t, alice, western)
	out := got(west.DescribeLocations(t.Context(), &dc.DescribeLocationsInput{}))(t)
	if len(out.Locations) != 1 || *out.Locations[0].LocationCode != seattle {
		t.Errorf("us-west-2 lists %s", west.last.body)
	}
	nowhere := w.in(t, alice, "eu-north-1")
	got(nowhere.DescribeLocations(t.Context(), &dc.DescribeLocationsInput{}))(t)
	if nowhere.last.body != `{"locations":[]}` {
		t.Errorf("a Region without locations is answered %s", nowhere.last.body)
	}
}

// TestRegionsAreApart: nothing made in one Region is seen, changed or deleted in another.
func TestRegionsAreApart(t *testing.T) {
	t.Parallel()
	w := open(t)
	east, west := w.as(t, alice), w.in(t, alice, western)
	connection, lag := east.order(t, ashburn, "10Gbps", "x"), east.orderLAG(t, ashburn, "10Gbps", "x", 1)
	interconnect := east.interconnect(t, "10Gbps")
	hosted := east.host(t, interconnect, alice, "50Mbps", 5)
	got(west.DescribeConnections(t.Context(), &dc.DescribeConnectionsInput{}))(t)
	holds(t, west.object(), members{"connections": list{}})
	got(west.DescribeLags(t.Context(), &dc.DescribeLagsInput{}))(t)
	holds(t, west.object(), members{"lags": list{}})
	got(west.DescribeInterconnects(t.Context(), &dc.DescribeInterconnectsInput{}))(t)
	holds(t, west.object(), members{"interconnects": list{}})

	noConnection, noLAG := "Could not find Connection with ID "+connection, "Could not find Lag with ID "+lag
	here := west.order(t, seattle, "10Gbps", "here")
	w.unchanged(t, func() {
		refused(west.DescribeConnections(t.Context(), &dc.DescribeConnectionsInput{ConnectionId: &connection}))(t, client, noConnection)
		refused(west.UpdateConnection(t.Context(), &dc.UpdateConnectionInput{ConnectionId: &connection}))(t, client, noConnection)
		refused(west.DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: &connection}))(t, client, noConnection)
		refused(west.DescribeLags(t.Context(), &dc.DescribeLagsInput{LagId: &lag}))(t, client, noLAG)
		refused(west.DeleteLag(t.Context(), &dc.DeleteLagInput{LagId: &lag}))(t, client, noLAG)
		refused(west.associate(t, here, lag))(t, client, noLAG)
		refused(west.associate(t, connection, lag))(t, client, noConnection)
		refused(west.ConfirmConnection(t.Context(), &dc.ConfirmConnectionInput{ConnectionId: &hosted}))(
			t, client, "Could not find Connection with ID "+hosted)
		refused(west.DeleteInterconnect(t.Context(), &dc.DeleteInterconnectInput{InterconnectId: &interconnect}))(
			t, client, "Could not find Interconnect with ID "+interconnect)
		refused(west.DescribeLoa(t.Context(), &dc.DescribeLoaInput{ConnectionId: &connection}))(t, client, noConnection)
		refused(west.addKey(t, connection, 1))(t, client, noConnection)
	})
}

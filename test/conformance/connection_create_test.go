package conformance

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
	"github.com/aws/aws-sdk-go-v2/service/directconnect/types"
)

// TestCreateConnectionMembers: the seven members of the recorded answer and those of today, and not one more.
func TestCreateConnectionMembers(t *testing.T) {
	t.Parallel()
	a := open(t).as(t, alice)
	for _, bandwidth := range []string{"1Gbps", "10Gbps", "100Gbps"} {
		id := a.order(t, ashburn, bandwidth, "My connection")
		want := requested(id, "My connection", ashburn, bandwidth)
		holds(t, a.object(), want)
		holds(t, a.connection(t, id), want)
	}
	id := a.order(t, newark, "400Gbps", "fast")
	holds(t, a.object(), requested(id, "fast", newark, "400Gbps"))
}

// TestCreateConnectionEachParameter: every request member that may be left out, its effect in the answer and in a get
// afterwards, alone and with others.
func TestCreateConnectionEachParameter(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	lag := a.orderLAG(t, ashburn, "10Gbps", "bundle", 1)
	secureLAG := a.orderLAG(t, ashburn, "10Gbps", "secure bundle", 1, func(in *dc.CreateLagInput) { in.RequestMACSec = aws.Bool(true) })
	fifty := make([]types.Tag, 50)
	for i := range fifty {
		fifty[i] = types.Tag{Key: str(fmt.Sprintf("key-%02d", i)), Value: str("v")}
	}
	shown := func(tags []types.Tag) (out list) {
		for _, tag := range tags {
			out = append(out, members{"key": *tag.Key, "value": aws.ToString(tag.Value)})
		}
		return out
	}
	pair := []types.Tag{{Key: str("team"), Value: str("net")}, {Key: str("empty"), Value: str("")}, {Key: str("bare")}}
	cases := []struct {
		name string
		set  func(in *dc.CreateConnectionInput)
		want members
	}{
		{"providerName", func(in *dc.CreateConnectionInput) { in.ProviderName = str("Zayo Group") }, members{"providerName": "Zayo Group"}},
		{"empty providerName", func(in *dc.CreateConnectionInput) { in.ProviderName = str("") }, nil},
		{"billingMode", func(in *dc.CreateConnectionInput) { in.BillingMode = types.RequestBillingModeFlatRateTier2 }, members{"billingMode": "FlatRateTier2"}},
		{"billingMode by default", func(in *dc.CreateConnectionInput) { in.BillingMode = types.RequestBillingModePayAsYouGo }, nil},
		{"requestMACSec", func(in *dc.CreateConnectionInput) { in.RequestMACSec = aws.Bool(true) }, encrypted("should_encrypt", "Encryption Down")},
		{"requestMACSec false", func(in *dc.CreateConnectionInput) { in.RequestMACSec = aws.Bool(false) }, nil},
		{"tags", func(in *dc.CreateConnectionInput) { in.Tags = pair }, members{"tags": shown(pair)}},
		{"no tags", func(in *dc.CreateConnectionInput) { in.Tags = []types.Tag{} }, nil},
		{"fifty tags", func(in *dc.CreateConnectionInput) { in.Tags = fifty }, members{"tags": shown(fifty)}},
		{"lagId", func(in *dc.CreateConnectionInput) { in.LagId = &lag }, members{"lagId": lag}},
		{"everything", func(in *dc.CreateConnectionInput) {
			in.ProviderName, in.BillingMode, in.RequestMACSec = str("Equinix Inc."), types.RequestBillingModeFlatRateTier1, aws.Bool(true)
			in.Tags, in.LagId = pair, &secureLAG
		}, encrypted("should_encrypt", "Encryption Down").with(members{
			"providerName": "Equinix Inc.", "billingMode": "FlatRateTier1", "tags": shown(pair), "lagId": secureLAG,
		})},
	}
	for _, c := range cases {
		in := &dc.CreateConnectionInput{Location: str(ashburn), Bandwidth: str("10Gbps"), ConnectionName: &c.name}
		c.set(in)
		t.Run(c.name, func(t *testing.T) {
			out := got(a.CreateConnection(t.Context(), in))(t)
			id := connectionID(t, out.ConnectionId)
			want := requested(id, c.name, ashburn, "10Gbps").with(c.want)
			holds(t, a.object(), want)
			holds(t, a.connection(t, id), want)
			got(a.DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: &id}))(t) // within the quota
		})
	}
}

func TestCreateConnectionNames(t *testing.T) {
	t.Parallel()
	a := open(t).as(t, alice)
	for _, name := range []string{"x", "Name with blanks, \"quotes\" & <brackets>", "Zürich – 東京 🛰", strings.Repeat("é", 255)} {
		id := a.order(t, ashburn, "1Gbps", name)
		holds(t, a.connection(t, id)["connectionName"], name)
	}
	a.order(t, ashburn, "1Gbps", "x") // a name is not unique
}

// TestCreateConnectionRules: each combination of members that no port can fill, refused with its text, and nothing left.
func TestCreateConnectionRules(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	lag := a.orderLAG(t, ashburn, "10Gbps", "bundle", 1)
	secureLAG := a.orderLAG(t, ashburn, "10Gbps", "secure bundle", 1, func(in *dc.CreateLagInput) { in.RequestMACSec = aws.Bool(true) })
	elsewhere := a.orderLAG(t, vienna, "10Gbps", "elsewhere", 1)
	gone := a.orderLAG(t, ashburn, "10Gbps", "gone", 1)
	got(a.DeleteLag(t.Context(), &dc.DeleteLagInput{LagId: &gone}))(t)
	foreign := w.as(t, bob).orderLAG(t, ashburn, "10Gbps", "foreign", 1)
	cases := []struct {
		name, text string
		set        func(in *dc.CreateConnectionInput)
	}{
		{"speed not sold here", "Bandwidth 400Gbps is not available at location EqDC2.", func(in *dc.CreateConnectionInput) { in.Bandwidth = str("400Gbps") }},
		{"speed of hosted connections", "Bandwidth 500Mbps is not valid. Valid values are 1Gbps, 10Gbps, 100Gbps and 400Gbps.", func(in *dc.CreateConnectionInput) { in.Bandwidth = str("500Mbps") }},
		{"speed as locations spell it", "Bandwidth 10G is not valid. Valid values are 1Gbps, 10Gbps, 100Gbps and 400Gbps.", func(in *dc.CreateConnectionInput) { in.Bandwidth = str("10G") }},
		{"MACsec at 1 Gbps", "MACsec is not supported on 1Gbps connections.", func(in *dc.CreateConnectionInput) { in.Bandwidth, in.RequestMACSec = str("1Gbps"), aws.Bool(true) }},
		{"MACsec where there is none", "MACsec is not available for bandwidth 10Gbps at location CSVA1.", func(in *dc.CreateConnectionInput) { in.Location, in.RequestMACSec = str(vienna), aws.Bool(true) }},
		{"provider of another location", "Provider Zayo Group is not available at location CSVA1.", func(in *dc.CreateConnectionInput) { in.Location, in.ProviderName = str(vienna), str("Zayo Group") }},
		{"provider in other letters", "Provider zayo group is not available at location EqDC2.", func(in *dc.CreateConnectionInput) { in.ProviderName = str("zayo group") }},
		{"billing mode not offered", "Billing mode FlatRateTier3 is not available at location EqDC2.", func(in *dc.CreateConnectionInput) { in.BillingMode = types.RequestBillingModeFlatRateTier3 }},
		{"billing mode only answered", "Billing mode PortPairFlatRateTier1 is not valid.", func(in *dc.CreateConnectionInput) { in.BillingMode = "PortPairFlatRateTier1" }},
		{"location of another Region", "Location EqSe2 is not valid.", func(in *dc.CreateConnectionInput) { in.Location = str(seattle) }},
		{"location in other letters", "Location eqdc2 is not valid.", func(in *dc.CreateConnectionInput) { in.Location = str("eqdc2") }},
		{"LAG of another speed", "The connection and Lag " + lag + " do not have the same bandwidth.", func(in *dc.CreateConnectionInput) { in.LagId, in.Bandwidth = &lag, str("1Gbps") }},
		{"LAG of another location", "The connection and Lag " + elsewhere + " are not at the same location.", func(in *dc.CreateConnectionInput) { in.LagId = &elsewhere }},
		{"LAG of another account", "Could not find Lag with ID " + foreign, func(in *dc.CreateConnectionInput) { in.LagId = &foreign }},
		{"LAG that is deleted", "Could not find Lag with ID " + gone, func(in *dc.CreateConnectionInput) { in.LagId = &gone }},
		{"MACsec into a LAG without", "The connection and lag should be requested MacSec at the same time", func(in *dc.CreateConnectionInput) { in.LagId, in.RequestMACSec = &lag, aws.Bool(true) }},
		{"no MACsec into a LAG with", "The connection and lag should be requested MacSec at the same time", func(in *dc.CreateConnectionInput) { in.LagId = &secureLAG }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			in := &dc.CreateConnectionInput{
				Location: str(ashburn), Bandwidth: str("10Gbps"), ConnectionName: &c.name,
				Tags: []types.Tag{{Key: str("left"), Value: str("behind")}},
			}
			c.set(in)
			w.unchanged(t, func() { refused(a.CreateConnection(t.Context(), in))(t, client, c.text) })
		})
	}
}

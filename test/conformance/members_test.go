package conformance

import (
	"encoding/json"
	"maps"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
	"github.com/google/go-cmp/cmp"
)

var (
	str = aws.String
	num = aws.Int32
)

// members are what a JSON object is to hold: exactly these, with these values.
type members map[string]any

// with lays more members over; an absent one is taken out.
func (m members) with(more members) members {
	out := maps.Clone(m)
	for name, v := range more {
		if v == absent {
			delete(out, name)
		} else {
			out[name] = v
		}
	}
	return out
}

// absent is the value of a member that must not be there.
const absent = "\x00absent"

// holds compares an answer, or a part of it, with what it is to be, member by member.
func holds(t testing.TB, got, want any) {
	t.Helper()
	plain := func(v any) (out any) {
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, &out); err != nil {
			t.Fatal(err)
		}
		return out
	}
	if diff := cmp.Diff(plain(want), plain(got)); diff != "" {
		t.Errorf("members differ (-want +got):\n%s", diff)
	}
}

type list = []any

// requested is a dedicated connection as ordered in us-east-1: fact sheet 4.2, column "requested".
func requested(id, name, location, bandwidth string) members {
	pool := map[string]int{"1Gbps": 5000, "10Gbps": 5000, "100Gbps": 30000, "400Gbps": 50000}[bandwidth]
	return members{
		"ownerAccount": alice, "connectionId": id, "connectionName": name, "connectionState": "requested",
		"region": eastern, "location": location, "bandwidth": bandwidth, "jumboFrameCapable": false,
		"hasLogicalRedundancy": "unknown", "tags": list{}, "macSecCapable": false, "billingMode": "PayAsYouGo",
		"prefixPoolSizeIpv4": pool, "prefixPoolSizeIpv6": pool,
		"prefixPoolUnallocatedCountIpv4": pool, "prefixPoolUnallocatedCountIpv6": pool,
		"rateLimiterStatus": members{"maxAllowed": 10, "inUse": 0, "remaining": 10, "totalBandwidth": "0Mbps"},
	}
}

// encrypted are the members that a port ordered with MACsec has besides.
func encrypted(mode, status string, keys ...any) members {
	if keys == nil {
		keys = list{}
	}
	return members{"macSecCapable": true, "encryptionMode": mode, "portEncryptionStatus": status, "macSecKeys": keys}
}

// onDevice are the members that appear when the order has left requested and ordering.
func onDevice(state, router string) members {
	return members{
		"connectionState": state, "jumboFrameCapable": true, "hasLogicalRedundancy": "yes",
		"awsDevice": router, "awsDeviceV2": router, "awsLogicalDeviceId": router,
	}
}

// order orders a connection without further wishes.
func (c *caller) order(t testing.TB, location, bandwidth, name string) string {
	t.Helper()
	out := got(c.CreateConnection(t.Context(), &dc.CreateConnectionInput{
		Location: &location, Bandwidth: &bandwidth, ConnectionName: &name,
	}))(t)
	return connectionID(t, out.ConnectionId)
}

// orderSecure orders a connection with MACsec.
func (c *caller) orderSecure(t testing.TB, location, bandwidth, name string) string {
	t.Helper()
	out := got(c.CreateConnection(t.Context(), &dc.CreateConnectionInput{
		Location: &location, Bandwidth: &bandwidth, ConnectionName: &name, RequestMACSec: aws.Bool(true),
	}))(t)
	return connectionID(t, out.ConnectionId)
}

// connection is one connection as DescribeConnections shows it on the wire.
func (c *caller) connection(t testing.TB, id string) map[string]any {
	t.Helper()
	got(c.DescribeConnections(t.Context(), &dc.DescribeConnectionsInput{ConnectionId: &id}))(t)
	all := c.object()["connections"].(list)
	if len(all) != 1 {
		t.Fatalf("%d connections with ID %s", len(all), id)
	}
	return all[0].(map[string]any)
}

// state checks the state of one connection.
func (c *caller) state(t testing.TB, id, want string) {
	t.Helper()
	if got := c.connection(t, id)["connectionState"]; got != want {
		t.Errorf("%s is %s, want %s", id, got, want)
	}
}

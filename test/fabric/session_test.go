package fabric

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/directconnect/types"

	"onramp/test/guest/lab"
)

// TestWrongKey is a customer whose TCP MD5 key is another one: BGP is down, and the reason says so; with the right key it
// comes up.
func TestWrongKey(t *testing.T) {
	const behind, own = "10.20.0.0/16", "172.16.1.0/24"
	c := socket{lab.NewHost(t, "c1"), "port0"}
	w := newWorld(t, []socket{c})
	gateway := w.gateway("vgw-0123456789abcdef0", behind)
	key := "the-key-that-was-agreed"
	id := w.private(w.plugged("r1", 0), types.NewPrivateVirtualInterface{Vlan: 101, Asn: 65001, VirtualGatewayId: &gateway, AuthKey: &key})
	networks(c.customer, own)
	right := birdAnnouncing(follow(c.customer, w.configuration(id, birdRouter), "#", c.device), own)
	bird := c.customer.BIRD(strings.ReplaceAll(right, key, "another-key-than-that"))
	lab.Eventually(t, func() string {
		if why := w.why(id); !strings.Contains(why, "MD5") {
			return "no word of MD5: " + why
		}
		return ""
	})
	w.vifIs(id, types.VirtualInterfaceStateDown, types.BGPStatusDown)
	if why := w.why(id); strings.Contains(why, key) {
		t.Error("the reason shows the key")
	}
	bird.Load(right)
	w.vifIs(id, types.VirtualInterfaceStateAvailable, types.BGPStatusUp)
	reaches(t, c.customer, firstHost(own), firstHost(behind))
}

// TestTooManyPrefixes is a customer that announces 101 prefixes, one more than a private interface takes: Cease 6/1, down,
// and the reason; back after the fix, and a word to the operator.
func TestTooManyPrefixes(t *testing.T) {
	const behind, own = "10.20.0.0/16", "172.16.1.0/24"
	c := socket{lab.NewHost(t, "c1"), "port0"}
	w := newWorld(t, []socket{c})
	gateway := w.gateway("vgw-0123456789abcdef0", behind)
	id := w.private(w.plugged("r1", 0), types.NewPrivateVirtualInterface{Vlan: 101, Asn: 65001, VirtualGatewayId: &gateway})
	hundred := []string{own}
	for i := range 99 {
		hundred = append(hundred, fmt.Sprintf("172.17.%d.0/24", i))
	}
	networks(c.customer, own)
	text := follow(c.customer, w.configuration(id, birdRouter), "#", c.device)
	bird := c.customer.BIRD(birdAnnouncing(text, hundred...))
	w.vifIs(id, types.VirtualInterfaceStateAvailable, types.BGPStatusUp)
	lab.Eventually(t, func() string {
		if n := len(w.routes(id)); n != len(hundred)+1 {
			return fmt.Sprintf("%d routes", n)
		}
		return ""
	})
	bird.Load(birdAnnouncing(text, append(hundred, "172.18.0.0/16")...))
	w.vifIs(id, types.VirtualInterfaceStateDown, types.BGPStatusDown)
	if why := w.why(id); !strings.Contains(why, "prefixes") {
		t.Errorf("the reason says nothing of prefixes: %s", why)
	}
	if out := bird.Show("protocols all"); !strings.Contains(out, "Maximum number of prefixes") {
		t.Errorf("BIRD was not told Cease 6/1:\n%s", out)
	}
	bird.Load(birdAnnouncing(text, hundred...))
	if _, err := w.operator.ReenableInterface(t.Context(), id, ""); err != nil {
		t.Fatal(err)
	}
	w.vifIs(id, types.VirtualInterfaceStateAvailable, types.BGPStatusUp)
	reaches(t, c.customer, firstHost(own), firstHost(behind))
}

package fabric

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
	"github.com/aws/aws-sdk-go-v2/service/directconnect/types"

	"onramp/test/guest/lab"
)

// farServer lets programs on a router answer for what lies behind its VRFs.
func farServer(r *provider) *lab.Host {
	r.host.Sysctl("net.ipv4.tcp_l3mdev_accept", "1")
	return r.host
}

// frames is what TCP's rate comes to as frames, which are what is limited: 1,448 bytes of data in one of 1,518.
const frames = 1518.0 / 1448

// holds fails unless a rate of TCP is within 10 % of a limit of frames, in megabits per second.
func holds(t *testing.T, what string, data, limit float64) {
	t.Helper()
	rate := data * frames
	t.Logf("%s: %.1f Mbit/s of %.0f, %.1f of data", what, rate, limit, data)
	if rate < 0.9*limit || rate > 1.1*limit {
		t.Errorf("%s: %.1f Mbit/s, want %.0f within 10 %%", what, rate, limit)
	}
}

// TestRateLimit is an interface with a rate limit of 100 Mbps, which holds within 10 % each way.
func TestRateLimit(t *testing.T) {
	const behind, own = "10.20.0.0/16", "172.16.1.0/24"
	c := socket{lab.NewHost(t, "c1"), "port0"}
	w := newWorld(t, []socket{c})
	gateway := w.gateway("vgw-0123456789abcdef0", behind)
	id := w.private(w.plugged("r1", 0), types.NewPrivateVirtualInterface{
		Vlan: 101, Asn: 65001, VirtualGatewayId: &gateway, RateLimit: aws.String("100Mbps"),
	})
	w.bird(c, id, own)
	w.vifIs(id, types.VirtualInterfaceStateAvailable, types.BGPStatusUp)
	reaches(t, c.customer, firstHost(own), firstHost(behind))
	far := farServer(w.routers["r1"])
	for what, reverse := range map[string]bool{"from the customer": false, "to the customer": true} {
		holds(t, what, c.customer.Rate(far, firstHost(own), firstHost(behind), 4*time.Second, reverse), 100)
	}
}

// TestHostedConnection is an interconnect with a hosted connection of 50 Mbps and one of 500: the first is policed to its
// rate, and the second is not affected.
func TestHostedConnection(t *testing.T) {
	behind, own := [2]string{"10.20.0.0/16", "10.30.0.0/16"}, [2]string{"172.16.1.0/24", "172.16.2.0/24"}
	bandwidth := [2]string{"50Mbps", "500Mbps"}
	c := lab.NewHost(t, "c1")
	w := newWorld(t, []socket{{c, "port0"}})
	parent := *got(w.api.CreateInterconnect(t.Context(), &dc.CreateInterconnectInput{
		Location: aws.String("LAB1"), Bandwidth: aws.String("10Gbps"), InterconnectName: aws.String("lab"),
	}))(t).InterconnectId
	w.routers["r1"].cables[0].Plug()
	networks(c, own[0], own[1])
	var frr *lab.FRR
	var vifs [2]string
	for i := range 2 {
		hosted := *got(w.api.AllocateHostedConnection(t.Context(), &dc.AllocateHostedConnectionInput{
			ConnectionId: &parent, OwnerAccount: aws.String(account), Bandwidth: &bandwidth[i], ConnectionName: aws.String("lab"), Vlan: int32(201 + i),
		}))(t).ConnectionId
		got(w.api.ConfirmConnection(t.Context(), &dc.ConfirmConnectionInput{ConnectionId: &hosted}))(t)
		w.connectionIs(hosted, types.ConnectionStateAvailable)
		gateway := w.gateway([]string{"vgw-0123456789abcdef0", "vgw-0123456789abcdef1"}[i], behind[i])
		id := w.private(hosted, types.NewPrivateVirtualInterface{Vlan: 101, Asn: 65001, VirtualGatewayId: &gateway})
		vifs[i] = id
		text := announcing(follow(c, w.configuration(id, frrRouter), "!", "port0"), own[i])
		if frr == nil {
			frr = c.FRR(text)
		} else {
			frr.Load(text)
		}
	}
	for i, id := range vifs {
		w.vifIs(id, types.VirtualInterfaceStateAvailable, types.BGPStatusUp)
		reaches(t, c, firstHost(own[i]), firstHost(behind[i]))
	}
	far := farServer(w.routers["r1"])
	rate := func(i int, d time.Duration, reverse bool) float64 {
		return c.Rate(far, firstHost(own[i]), firstHost(behind[i]), d, reverse)
	}
	for what, reverse := range map[string]bool{"from the customer": false, "to the customer": true} {
		holds(t, what+", 50 Mbps alone", rate(0, 3*time.Second, reverse), 50)
		alone := rate(1, 3*time.Second, reverse)
		unaffected(t, what+", the other hosted connection", alone, func() float64 {
			var rates [2]float64
			var both sync.WaitGroup
			for i := range rates {
				both.Go(func() { rates[i] = rate(i, 4*time.Second, reverse) })
			}
			both.Wait()
			holds(t, what+", 50 Mbps", rates[0], 50)
			return rates[1]
		})
	}
}

// unaffected fails unless a rate beside something else is at least 90 % of what it is alone, in megabits per second. Where the
// first one is not it is measured twice more, and the median of the three counts.
func unaffected(t *testing.T, what string, alone float64, beside func() float64) {
	t.Helper()
	var all []float64
	for len(all) == 0 || len(all) < 3 && all[0] < 0.9*alone {
		all = append(all, beside())
	}
	slices.Sort(all)
	m := all[len(all)/2]
	t.Logf("%s: %.0f Mbit/s alone, %.0f beside the first in the median of %.0f", what, alone, m, all)
	if m < 0.9*alone {
		t.Errorf("%s: %.0f Mbit/s, alone it carries %.0f", what, m, alone)
	}
}

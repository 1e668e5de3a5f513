package fabric

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
	"github.com/aws/aws-sdk-go-v2/service/directconnect/types"

	"onramp/test/guest/lab"
)

func (w *world) lag(id string) types.Lag {
	w.t.Helper()
	return got(w.api.DescribeLags(w.t.Context(), &dc.DescribeLagsInput{LagId: &id}))(w.t).Lags[0]
}

// lagIs waits until a LAG is in a state and its members are in theirs, in the order of their ports.
func (w *world) lagIs(id string, state types.LagState, members ...types.ConnectionState) {
	w.t.Helper()
	lab.Eventually(w.t, func() string {
		l := w.lag(id)
		seen := fmt.Sprint(l.LagState)
		want := fmt.Sprint(state)
		byPort := map[string]types.ConnectionState{}
		for _, c := range l.Connections {
			at, err := w.operator.Connection(w.t.Context(), *c.ConnectionId)
			if err != nil {
				return err.Error()
			}
			byPort[at.Port[strings.LastIndex(at.Port, "/")+1:]] = c.ConnectionState
		}
		for i, m := range members {
			seen += fmt.Sprint(" ", byPort[fmt.Sprintf("et%d", i)])
			want += fmt.Sprint(" ", m)
		}
		if seen != want {
			return fmt.Sprintf("LAG and members are %s, want %s", seen, want)
		}
		return ""
	})
}

// bundles waits until the bonds of both ends send on so many members: a member's link is up some seconds before LACP has
// agreed to use it.
func bundles(t *testing.T, members int, ends ...*lab.Host) {
	t.Helper()
	lab.Eventually(t, func() string {
		for _, h := range ends {
			out, err := h.Try("sh", "-c", "cat /proc/net/bonding/*")
			if err != nil || !strings.Contains(out, fmt.Sprintf("\tNumber of ports: %d\n", members)) || strings.Count(out, "port state: 63\n") != 2*members {
				return h.Name + ": " + out
			}
		}
		return ""
	})
}

// TestLAG is a LAG of two: pull one member, traffic goes on and the state says so; pull the second, everything is down; and
// back again. With two minimum links it is down with the first.
func TestLAG(t *testing.T) {
	const behind, own = "10.20.0.0/16", "172.16.1.0/24"
	const up, down = types.ConnectionStateAvailable, types.ConnectionStateDown
	c := lab.NewHost(t, "c1")
	w := newWorld(t, []socket{{c, "port0"}, {c, "port1"}})
	cables := w.routers["r1"].cables
	gateway := w.gateway("vgw-0123456789abcdef0", behind)
	id := *got(w.api.CreateLag(t.Context(), &dc.CreateLagInput{
		LagName: aws.String("lab"), Location: aws.String("LAB1"), ConnectionsBandwidth: aws.String("10Gbps"), NumberOfConnections: 2,
	}))(t).LagId
	c.Batch("ip", "link add name bond0 type bond mode 802.3ad lacp_rate fast miimon 50 xmit_hash_policy layer3+4\n"+
		"link set dev port0 down\nlink set dev port1 down\nlink set dev port0 master bond0\nlink set dev port1 master bond0\n"+
		"link set dev bond0 up\nlink set dev port0 up\nlink set dev port1 up\n")
	for _, cable := range cables {
		cable.Plug()
	}
	w.lagIs(id, types.LagStateAvailable, up, up)
	vif := w.private(id, types.NewPrivateVirtualInterface{Vlan: 101, Asn: 65001, VirtualGatewayId: &gateway})
	w.frr(socket{c, "bond0"}, vif, own)
	w.vifIs(vif, types.VirtualInterfaceStateAvailable, types.BGPStatusUp)
	reaches(t, c, firstHost(own), firstHost(behind))

	bundles(t, len(cables), c, w.routers["r1"].host)
	for pulled := range cables {
		members := []types.ConnectionState{up, up}
		members[pulled] = down
		median(t, fmt.Sprintf("member %d of two pulled", pulled), silence, func() lab.Answers {
			pings := pinging(t, c, firstHost(own), firstHost(behind))
			cables[pulled].Unplug()
			w.lagIs(id, types.LagStateAvailable, members...)
			answered(t, pings, 20)
			lost := pings.Stop()
			w.vifIs(vif, types.VirtualInterfaceStateAvailable, types.BGPStatusUp)
			cables[pulled].Plug()
			w.lagIs(id, types.LagStateAvailable, up, up)
			bundles(t, len(cables), c, w.routers["r1"].host)
			return lost
		})
	}
	cables[0].Unplug()
	cables[1].Unplug()
	w.lagIs(id, types.LagStateDown, down, down)
	w.vifIs(vif, types.VirtualInterfaceStateDown, types.BGPStatusDown)
	cables[0].Plug()
	cables[1].Plug()
	w.lagIs(id, types.LagStateAvailable, up, up)
	w.vifIs(vif, types.VirtualInterfaceStateAvailable, types.BGPStatusUp)

	got(w.api.UpdateLag(t.Context(), &dc.UpdateLagInput{LagId: &id, MinimumLinks: 2}))(t)
	cables[1].Unplug()
	w.lagIs(id, types.LagStateDown, up, down)
	w.vifIs(vif, types.VirtualInterfaceStateDown, types.BGPStatusDown)
	cables[1].Plug()
	w.lagIs(id, types.LagStateAvailable, up, up)
	w.vifIs(vif, types.VirtualInterfaceStateAvailable, types.BGPStatusUp)
	reaches(t, c, firstHost(own), firstHost(behind))
}

// pinging begins to ping 50 times a second, and waits until it is answered.
func pinging(t *testing.T, from *lab.Host, source, target netip.Addr) *lab.Pings {
	t.Helper()
	reaches(t, from, source, target)
	p := from.Ping(source, target, 20*time.Millisecond)
	answered(t, p, 10)
	return p
}

// answered waits for n more answers.
func answered(t *testing.T, p *lab.Pings, n int) {
	t.Helper()
	begun := p.Answered()
	lab.Eventually(t, func() string {
		if got := p.Answered() - begun; got < n {
			return fmt.Sprintf("%d answers, last error %v", got, p.Error())
		}
		return ""
	})
}

// median has something done and the silence measured, and holds it against a limit. The machine is small and shared: where
// the first silence is beyond the limit it is done twice more, and the median of the three counts; but no single one may be
// five times the limit.
func median(t *testing.T, what string, limit time.Duration, do func() lab.Answers) {
	t.Helper()
	var all []time.Duration
	for len(all) == 0 || len(all) < 3 && all[0] > limit {
		a := do()
		t.Logf("%s: %v", what, a)
		all = append(all, a.Silence)
		if a.Silence > 5*limit {
			t.Errorf("%s: %v without an answer, five times %v is never allowed", what, a.Silence, limit)
		}
	}
	slices.Sort(all)
	if m := all[len(all)/2]; m > limit {
		t.Errorf("%s: %v without an answer in the median of %v, at most %v is allowed", what, m, all, limit)
	}
}

// measured logs what became of pings and holds the silence against a limit.
func measured(t *testing.T, what string, a lab.Answers, limit time.Duration) {
	t.Helper()
	t.Logf("%s: %v", what, a)
	if a.Silence > limit {
		t.Errorf("%s: %v without an answer, at most %v is allowed", what, a.Silence, limit)
	}
}

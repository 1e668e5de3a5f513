package fabric

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
	"github.com/aws/aws-sdk-go-v2/service/directconnect/types"

	"onramp/test/guest/lab"
)

// silence is the longest time without an answer that a failover may take with BFD at 300 ms x 3.
const silence = 1500 * time.Millisecond

// unnoticed is what a change of the way may cost that nobody is to notice: a few pings.
const unnoticed = 200 * time.Millisecond

// twoPaths is a customer with a port at two locations, and a Direct Connect gateway that both lead to.
type twoPaths struct {
	*world
	customer *lab.Host
	vifs     [2]string
	frr      *lab.FRR
}

const behindGateway, ownNetwork = "10.20.0.0/16", "172.16.1.0/24"

// dcGateway makes a Direct Connect gateway with a virtual private gateway behind it.
func (w *world) dcGateway(networks ...string) string {
	w.t.Helper()
	return w.associated(w.gateway("vgw-0123456789abcdef0", networks...))
}

// associated makes a Direct Connect gateway with another gateway behind it.
func (w *world) associated(far string, allowed ...string) string {
	w.t.Helper()
	id := *got(w.api.CreateDirectConnectGateway(w.t.Context(), &dc.CreateDirectConnectGatewayInput{
		DirectConnectGatewayName: aws.String("lab"), AmazonSideAsn: aws.Int64(64600),
	}))(w.t).DirectConnectGateway.DirectConnectGatewayId
	in := &dc.CreateDirectConnectGatewayAssociationInput{DirectConnectGatewayId: &id, GatewayId: &far}
	for _, prefix := range allowed {
		in.AddAllowedPrefixesToDirectConnectGateway = append(in.AddAllowedPrefixesToDirectConnectGateway, types.RouteFilterPrefix{Cidr: aws.String(prefix)})
	}
	got(w.api.CreateDirectConnectGatewayAssociation(w.t.Context(), in))(w.t)
	lab.Eventually(w.t, func() string {
		for _, a := range got(w.api.DescribeDirectConnectGatewayAssociations(w.t.Context(), &dc.DescribeDirectConnectGatewayAssociationsInput{
			DirectConnectGatewayId: &id,
		}))(w.t).DirectConnectGatewayAssociations {
			if a.AssociationState != types.DirectConnectGatewayAssociationStateAssociated {
				return "association is " + string(a.AssociationState)
			}
		}
		return ""
	})
	return id
}

func newTwoPaths(t *testing.T) *twoPaths {
	t.Helper()
	c := lab.NewHost(t, "c1")
	p := &twoPaths{customer: c, world: newWorld(t, []socket{{c, "port0"}}, []socket{{c, "port1"}})}
	gateway := p.dcGateway(behindGateway)
	networks(c, ownNetwork)
	for i, router := range []string{"r1", "r2"} {
		p.vifs[i] = p.private(p.plugged(router, 0), types.NewPrivateVirtualInterface{
			Vlan: int32(101 + i), Asn: 65001, DirectConnectGatewayId: &gateway,
		})
		text := announcing(follow(c, p.configuration(p.vifs[i], frrRouter), "!", fmt.Sprintf("port%d", i)), ownNetwork)
		if i == 0 {
			p.frr = c.FRR(text)
		} else {
			p.frr.Load(text)
		}
	}
	p.bothUp()
	return p
}

func (p *twoPaths) bothUp() {
	p.t.Helper()
	for _, id := range p.vifs {
		p.vifIs(id, types.VirtualInterfaceStateAvailable, types.BGPStatusUp)
	}
	reaches(p.t, p.customer, firstHost(ownNetwork), firstHost(behindGateway))
}

// prefer has the customer send by one path and ask by communities for its answers by the same, and waits until nothing
// else carries the traffic, and BFD guards both.
func (p *twoPaths) prefer(wanted int) {
	p.t.Helper()
	p.ask(wanted, true)
	lab.Eventually(p.t, func() string { // what is loaded may hold up FRRouting's BFD for longer than its detection time
		if text := p.frr.Show("show bfd peers brief"); strings.Count(text, " up ") != len(p.vifs) {
			return text
		}
		return ""
	})
	p.bothUp()
	lab.Eventually(p.t, func() string {
		if counts := p.carried("icmp or (vlan and icmp)"); counts[wanted] == 0 || counts[1-wanted] > 0 {
			return fmt.Sprintf("frames by path: %v, want them by path %d", counts, wanted+1)
		}
		return ""
	})
}

// ask has the customer tag what it announces so that it is preferred by one path; with sending, it prefers the path itself.
func (p *twoPaths) ask(wanted int, sending bool) {
	p.t.Helper()
	var conf string
	for i, id := range p.vifs {
		community, preference := "7224:7100", 100
		if i == wanted {
			community = "7224:7300"
			if sending {
				preference = 200
			}
		}
		neighbor := address(p.vif(id).AmazonAddress)
		conf += fmt.Sprintf("route-map path%[1]d permit 10\n set community %[2]s\nexit\nroute-map from%[1]d permit 10\n set local-preference %[3]d\nexit\n"+
			"router bgp 65001\n address-family ipv4 unicast\n  neighbor %[4]v route-map path%[1]d out\n  neighbor %[4]v route-map from%[1]d in\n"+
			" exit-address-family\nexit\n", i, community, preference, neighbor)
	}
	p.frr.Load(conf)
	p.frr.Show("clear bgp * soft")
	lab.Eventually(p.t, func() string {
		for i, id := range p.vifs {
			r, ok := p.routes(id)["accepted "+ownNetwork]
			if !ok || slices.Contains(r.Communities, "7224:7300") != (i == wanted) {
				return fmt.Sprintf("interface %d tells of %+v", i+1, r)
			}
		}
		return ""
	})
}

// carried counts the frames of a kind that each path carries while twenty pings are answered.
func (p *twoPaths) carried(filter string) (counts [2]int) {
	p.t.Helper()
	var captures [2]*lab.Capture
	for i := range p.vifs {
		cable := p.router(i).cables[0]
		captures[i] = cable.Panel.Capture(cable.A, filter)
	}
	pings := pinging(p.t, p.customer, firstHost(ownNetwork), firstHost(behindGateway))
	answered(p.t, pings, 20)
	pings.Stop()
	for i, c := range captures {
		counts[i] = len(c.Stop())
	}
	return counts
}

// failing fails each path in turn while it carries the traffic, both ways, measures the time without answer, and brings it
// back.
func (p *twoPaths) failing(how string, limit time.Duration, fail, restore func(path int)) {
	p.t.Helper()
	for path := range p.vifs {
		median(p.t, fmt.Sprintf("path %d, which carried the traffic, failed by %s", path+1, how), limit, func() lab.Answers {
			p.prefer(path)
			pings := pinging(p.t, p.customer, firstHost(ownNetwork), firstHost(behindGateway))
			fail(path)
			answered(p.t, pings, 100)
			lost := pings.Stop()
			restore(path)
			p.bothUp()
			return lost
		})
	}
}

// TestFailover is two locations and one gateway: fail one by pulling the cable, by losing frames while the light stays on,
// by StartBgpFailoverTest, and by killing the agent, which must not be noticed at all.
func TestFailover(t *testing.T) {
	p := newTwoPaths(t)
	routers := []string{"r1", "r2"}
	p.failing("pulling the cable", silence,
		func(path int) { p.routers[routers[path]].cables[0].Unplug() },
		func(path int) { p.routers[routers[path]].cables[0].Plug() })
	p.failing("losing its frames", silence,
		func(path int) { p.routers[routers[path]].cables[0].Break(true, true) },
		func(path int) { p.routers[routers[path]].cables[0].Break(false, false) })
	p.failing("StartBgpFailoverTest", silence,
		func(path int) {
			got(p.api.StartBgpFailoverTest(t.Context(), &dc.StartBgpFailoverTestInput{VirtualInterfaceId: &p.vifs[path], TestDurationInMinutes: aws.Int32(5)}))(t)
			p.vifIs(p.vifs[path], types.VirtualInterfaceStateTesting, types.BGPStatusDown)
		},
		func(path int) {
			got(p.api.StopBgpFailoverTest(t.Context(), &dc.StopBgpFailoverTestInput{VirtualInterfaceId: &p.vifs[path]}))(t)
		})
	p.failing("killing the agent", unnoticed,
		func(path int) { p.routers[routers[path]].agent.Kill() },
		func(path int) { p.run(routers[path]) })
}

// TestPreference is a customer that asks by communities for one of two paths, and then for the other.
func TestPreference(t *testing.T) {
	p := newTwoPaths(t)
	for _, wanted := range []int{0, 1, 0} {
		p.ask(wanted, false)
		// Answers come back by the wanted path alone, whichever way the requests go.
		lab.Eventually(t, func() string {
			if counts := p.carried("icmp[icmptype]=icmp-echoreply or (vlan and icmp[icmptype]=icmp-echoreply)"); counts[wanted] == 0 || counts[1-wanted] > 0 {
				return fmt.Sprintf("answers by path: %v, want them by path %d", counts, wanted+1)
			}
			return ""
		})
	}
}

package fabric

import (
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
	"github.com/aws/aws-sdk-go-v2/service/directconnect/types"

	"onramp/test/guest/lab"
)

// TestFailoverTestOutlivesTheAgent has two interfaces on one router, of which the first is in a failover test when the agent
// is killed and started again. The second comes back, the first stays down, however often the customer calls, until the test
// is stopped.
func TestFailoverTestOutlivesTheAgent(t *testing.T) {
	behind, own := [2]string{"10.20.0.0/16", "10.30.0.0/16"}, [2]string{"172.16.1.0/24", "172.16.2.0/24"}
	c := lab.NewHost(t, "c1")
	w := newWorld(t, []socket{{c, "port0"}})
	connection := w.plugged("r1", 0)
	networks(c, own[0], own[1])
	var frr *lab.FRR
	var vifs, neighbors [2]string
	for i := range vifs {
		gateway := w.gateway(fmt.Sprintf("vgw-0123456789abcdef%d", i), behind[i])
		vifs[i] = w.private(connection, types.NewPrivateVirtualInterface{Vlan: int32(101 + i), Asn: 65001, VirtualGatewayId: &gateway})
		neighbors[i] = address(w.vif(vifs[i]).AmazonAddress).String()
		text := announcing(follow(c, w.configuration(vifs[i], frrRouter), "!", "port0"), own[i])
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
	got(w.api.StartBgpFailoverTest(t.Context(), &dc.StartBgpFailoverTestInput{VirtualInterfaceId: &vifs[0], TestDurationInMinutes: aws.Int32(30)}))(t)
	w.vifIs(vifs[0], types.VirtualInterfaceStateTesting, types.BGPStatusDown)
	before := [2]int{established(t, frr, neighbors[0]), established(t, frr, neighbors[1])}

	w.routers["r1"].agent.Kill()
	w.run("r1")
	frr.Show("clear bgp *")
	lab.Eventually(t, func() string { // by the new agent
		if n := established(t, frr, neighbors[1]); n == before[1] || frr.Session(neighbors[1]) != "Established" {
			return fmt.Sprintf("the session of the other interface is %s, established %d times", frr.Session(neighbors[1]), n)
		}
		return ""
	})
	w.vifIs(vifs[1], types.VirtualInterfaceStateAvailable, types.BGPStatusUp)
	frr.Show("clear bgp " + neighbors[0])
	answered(t, pinging(t, c, firstHost(own[1]), firstHost(behind[1])), 100)
	w.vifIs(vifs[0], types.VirtualInterfaceStateTesting, types.BGPStatusDown)
	if n := established(t, frr, neighbors[0]); n != before[0] {
		t.Errorf("during its test a session was established: %d times before the agent was killed, %d now", before[0], n)
	}
	if out, err := c.Try("ping", "-c", "3", "-i", "0.2", "-W", "1", "-I", firstHost(own[0]).String(), firstHost(behind[0]).String()); err == nil {
		t.Errorf("during its test an interface carries traffic:\n%s", out)
	}

	got(w.api.StopBgpFailoverTest(t.Context(), &dc.StopBgpFailoverTestInput{VirtualInterfaceId: &vifs[0]}))(t)
	w.vifIs(vifs[0], types.VirtualInterfaceStateAvailable, types.BGPStatusUp)
	reaches(t, c, firstHost(own[0]), firstHost(behind[0]))
}

// established is how often FRR has established its session with a neighbour.
func established(t *testing.T, frr *lab.FRR, neighbor string) int {
	t.Helper()
	var all map[string]struct {
		Established int `json:"connectionsEstablished"`
	}
	if err := frr.Read("show bgp neighbors "+neighbor+" json", &all); err != nil {
		t.Fatal(err)
	}
	return all[neighbor].Established
}

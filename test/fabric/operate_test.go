package fabric

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/directconnect/types"

	"onramp/test/guest/lab"
)

// TestOperate goes through a router's life as docs/routers.md tells it: nothing is done before the first plan is accepted;
// what others change is put right and told; and when all is removed, the machine is as it was found. The agent is no root.
func TestOperate(t *testing.T) {
	const behind, network = "10.20.0.0/16", "172.16.1.0/24"
	c := socket{lab.NewHost(t, "c1"), "port0"}
	w := layOut(t, []socket{c})
	r := w.routers["r1"]
	w.serve()
	w.onramp(w.here, "inventory", "apply", w.here.File("lab.yaml", string(w.inventory())))
	before := machine(r.host)
	box := func(arguments ...string) []string {
		return confined(t, []string{r.state(), "/run/onramp"}, append(append([]string{w.program, "router"}, arguments...), "--state", r.state())...)
	}
	words := strings.Fields(w.onramp(w.here, "router", "token", r.name))
	enroll := box("enroll", words[len(words)-1])
	r.host.Run(enroll[0], enroll[1:]...)
	run := box("run")
	r.agent = r.host.StartCommand("agent", r.host.Command(run[0], run[1:]...))

	id := w.connection("r1")
	w.connectionIs(id, types.ConnectionStatePending)
	r.cables[0].Plug()
	plan := box("plan")
	w.tells(r.host, plan, "use device et0 as port et0")
	w.listed("waits for its plan to be accepted")
	if found := own(r.host); found != "" {
		t.Errorf("before its plan is accepted the agent has made\n%s", found)
	}
	accept := box("plan", "--accept")
	r.host.Run(accept[0], accept[1:]...)
	w.connectionIs(id, types.ConnectionStateAvailable)

	gateway := w.gateway("vgw-0123456789abcdef0", behind)
	vif := w.private(id, types.NewPrivateVirtualInterface{Vlan: 101, Asn: 65001, VirtualGatewayId: &gateway})
	w.frr(c, vif, network)
	w.vifIs(vif, types.VirtualInterfaceStateAvailable, types.BGPStatusUp)
	reaches(t, c.customer, firstHost(network), firstHost(behind))
	r.host.IP("link del " + vif)
	w.listed("1, last: " + vif)
	w.vifIs(vif, types.VirtualInterfaceStateAvailable, types.BGPStatusUp)
	reaches(t, c.customer, firstHost(network), firstHost(behind))
	w.tells(r.host, plan, "as it should be")
	if found := own(r.host); !strings.Contains(found, "qdisc clsact on et0") || !strings.Contains(found, " filters, ingress on et0") {
		t.Errorf("the agent has made no filters, only\n%s", found)
	}

	r.agent.Stop()
	remove := box("remove")
	r.host.Run(remove[0], remove[1:]...)
	w.onramp(w.here, "router", "revoke", r.name)
	w.listed("revoked")
	if found := own(r.host); found != "" {
		t.Errorf("after its removal the agent has left\n%s", found)
	}
	if after := machine(r.host); after != before {
		t.Errorf("the machine was\n%s\nand is\n%s", before, after)
	}
}

// machine is a host's links and rules. The rule of VRFs is not in it: the kernel adds it with the first, for good. Nor are
// queueing disciplines: it changes those that nobody has set when a device is switched on for the first time.
func machine(h *lab.Host) string {
	var all []string
	for _, arguments := range []string{"-o link show", "rule show", "-6 rule show"} {
		for line := range strings.Lines(h.IP(arguments)) {
			if before, after, found := strings.Cut(line, " qdisc "); found {
				_, after, _ = strings.Cut(after, " ")
				line = before + " " + after
			}
			if !strings.Contains(line, "[l3mdev-table]") {
				all = append(all, line)
			}
		}
	}
	return strings.Join(all, "")
}

// tells waits until a command on a host says something.
func (w *world) tells(h *lab.Host, line []string, what string) {
	w.t.Helper()
	lab.Eventually(w.t, func() string {
		out, err := h.Try(line[0], line[1:]...)
		if err != nil || !strings.Contains(out, what) {
			return out
		}
		return ""
	})
}

// listed waits until the operator's list of routers says something.
func (w *world) listed(what string) {
	w.t.Helper()
	lab.Eventually(w.t, func() string {
		if out := w.onramp(w.here, "router", "list"); !strings.Contains(out, what) {
			return out
		}
		return ""
	})
}

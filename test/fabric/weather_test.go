package fabric

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"

	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
	"github.com/aws/aws-sdk-go-v2/service/directconnect/types"

	"onramp/test/guest/lab"
)

// roundsVariable says how many rounds of weather there are; without it there are a few.
const roundsVariable = "ONRAMP_FABRIC_ROUNDS"

const fewRounds = 20

// weather is something that happens to a customer with two paths, and how it is made good.
type weather struct {
	name       string
	begin, end func(path int)
}

// TestWeather pulls cables, loses frames, kills customers' daemons, agents and the control plane, one or two at a time in an
// order drawn at random, and waits after each round until everything is as it should be. When all has been deleted nothing
// of it is left on the routers.
func TestWeather(t *testing.T) {
	rounds := fewRounds
	if text := os.Getenv(roundsVariable); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatalf("%s: %v", roundsVariable, err)
		}
		rounds = n
	}
	seed := rand.Uint64()
	t.Logf("%d rounds, seed %d", rounds, seed)
	draw := rand.New(rand.NewPCG(seed, 0))
	p := newTwoPaths(t)
	all := p.weathers()
	var open []int
	for round := range rounds {
		drawn := draw.Perm(len(all))[:1+draw.IntN(2)]
		path := draw.IntN(2)
		for _, i := range drawn {
			all[i].begin(path)
		}
		for _, i := range drawn {
			all[i].end(path)
		}
		p.bothUp()
		if t.Failed() {
			t.Fatalf("in round %d: path %d, %v", round, path, names(all, drawn))
		}
		open = append(open, p.descriptors())
	}
	// What is opened again and again is closed again: late rounds have no more open than early ones, but for a few.
	if early, late := maximum(open[:rounds/2]), maximum(open[rounds/2:]); late > early+8 {
		t.Errorf("the agents had %d descriptors open in the first half of the rounds, and %d in the second", early, late)
	}
	p.deleteAll()
}

func names(all []weather, drawn []int) (list []string) {
	for _, i := range drawn {
		list = append(list, all[i].name)
	}
	return list
}

func maximum(numbers []int) (most int) {
	for _, n := range numbers {
		most = max(most, n)
	}
	return most
}

func (p *twoPaths) router(path int) *provider { return p.routers[fmt.Sprintf("r%d", path+1)] }

func (p *twoPaths) weathers() []weather {
	nothing := func(int) {}
	return []weather{
		{name: "cable pulled", begin: func(path int) { p.router(path).cables[0].Unplug() }, end: func(path int) { p.router(path).cables[0].Plug() }},
		{name: "frames lost", begin: func(path int) { p.router(path).cables[0].Break(true, false) }, end: func(path int) { p.router(path).cables[0].Break(false, false) }},
		{name: "agent killed", begin: func(path int) { p.router(path).agent.Kill() }, end: func(path int) { p.run(fmt.Sprintf("r%d", path+1)) }},
		{name: "agent stopped", begin: func(path int) { p.router(path).agent.Stop() }, end: func(path int) { p.run(fmt.Sprintf("r%d", path+1)) }},
		{name: "control plane killed", begin: func(int) { p.server.Kill() }, end: func(int) { p.serve() }},
		{name: "customer's sessions cleared", begin: func(int) { p.frr.Show("clear bgp *") }, end: nothing},
		{name: "a link of ours removed by hand", begin: func(path int) {
			for line := range strings.Lines(p.router(path).host.IP("-br link show type vlan")) {
				name, _, _ := strings.Cut(strings.Fields(line)[0], "@")
				p.router(path).host.IP("link del " + name)
				return
			}
		}, end: nothing},
	}
}

// descriptors is how many files and sockets the agents have open together.
func (p *twoPaths) descriptors() (n int) {
	p.t.Helper()
	for _, r := range p.routers {
		files, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", r.agent.Pid()))
		if err != nil {
			p.t.Fatal(err)
		}
		n += len(files)
	}
	return n
}

// deleteAll deletes what was ordered, and waits until the routers have nothing of it.
func (p *twoPaths) deleteAll() {
	p.t.Helper()
	for _, id := range p.vifs {
		connection := p.vif(id).ConnectionId
		got(p.api.DeleteVirtualInterface(p.t.Context(), &dc.DeleteVirtualInterfaceInput{VirtualInterfaceId: &id}))(p.t)
		lab.Eventually(p.t, func() string {
			if s := p.vif(id).VirtualInterfaceState; s != types.VirtualInterfaceStateDeleted {
				return "interface is " + string(s)
			}
			return ""
		})
		got(p.api.DeleteConnection(p.t.Context(), &dc.DeleteConnectionInput{ConnectionId: connection}))(p.t)
	}
	for _, r := range p.routers {
		lab.Eventually(p.t, func() string { return left(r.host) })
	}
}

// left is what a router has of ours: links with our mark, routes by our protocol, rules of our tables.
func left(h *lab.Host) string {
	var found []string
	for line := range strings.Lines(h.IP("-o -d link show")) {
		if strings.Contains(line, "alias onramp:") {
			found = append(found, line)
		}
	}
	for _, family := range []string{"-4", "-6"} {
		found = append(found, h.IP(family+" route show table all proto 114"))
		for line := range strings.Lines(h.IP(family + " rule show")) {
			if strings.Contains(line, "proto 114") {
				found = append(found, line)
			}
		}
	}
	return strings.TrimSpace(strings.Join(found, ""))
}

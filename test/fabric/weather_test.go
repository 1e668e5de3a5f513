package fabric

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
	"github.com/aws/aws-sdk-go-v2/service/directconnect/types"
	"golang.org/x/sys/unix"

	"onramp/test/guest/lab"
)

// roundsVariable says how many rounds of weather there are altogether, instead of allRounds; seedVariable which weather, as a
// test has told that failed.
const roundsVariable, seedVariable = "ONRAMP_FABRIC_ROUNDS", "ONRAMP_FABRIC_SEED"

// allRounds are shared by parts, which go on side by side: about ten minutes.
const allRounds, parts = 200, 4

// weather is something that happens to a customer with two paths, and how it is made good.
type weather struct {
	name       string
	begin, end func(path int)
	deadly     bool // to an agent or the control plane
}

// The weather pulls cables, loses frames, removes devices, turns the clock, and ends customers' daemons, agents and the
// control plane, one or two at a time in an order drawn at random; and after each round everything comes to be as it should
// be: sessions, packets, and the routers' links, rules and routes. In the second half no program of ours is ended, so that what
// one holds on to would gather. When all has been deleted nothing of it is left on the routers.
func TestWeather1(t *testing.T) { testWeather(t) }
func TestWeather2(t *testing.T) { testWeather(t) }
func TestWeather3(t *testing.T) { testWeather(t) }
func TestWeather4(t *testing.T) { testWeather(t) }

func testWeather(t *testing.T) {
	rounds := (allRounds + parts - 1) / parts
	if text := os.Getenv(roundsVariable); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatalf("%s: %v", roundsVariable, err)
		}
		rounds = (n + parts - 1) / parts
	}
	seed := rand.Uint64()
	if text := os.Getenv(seedVariable); text != "" {
		n, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			t.Fatalf("%s: %v", seedVariable, err)
		}
		seed = n
	}
	t.Logf("%d rounds, seed %d", rounds, seed)
	draw := rand.New(rand.NewPCG(seed, 0))
	p := newTwoPaths(t)
	p.eager()
	defer func() { // before the daemons end
		if t.Failed() {
			t.Logf("the customer has\n%s\n%s", p.frr.Show("show bgp ipv4 unicast"), p.customer.IP("route show"))
			for _, show := range []string{"show bgp summary", "show bgp neighbors", "show ip route", "show bfd peers brief"} {
				t.Logf("%s\n%s", show, p.frr.Show(show))
			}
		}
	}()
	young := p.goroutines()
	p.bothUp()
	files := map[string]int{}
	owned := [2]string{own(p.router(0).host), own(p.router(1).host)}
	all := p.weathers()
	begun := time.Now()
	for round := range rounds {
		if round == rounds/2 {
			all = slices.DeleteFunc(all, func(w weather) bool { return w.deadly })
		}
		drawn := []int{(round + int(seed%100)) % len(all)} // each in turn, and now and then another with it
		if i := draw.IntN(2 * len(all)); i < len(all) && i != drawn[0] {
			drawn = append(drawn, i)
		}
		path, start := draw.IntN(2), time.Now()
		t.Logf("round %d: %v on path %d", round, names(all, drawn), path+1)
		for _, i := range drawn {
			all[i].begin(path)
		}
		for _, i := range drawn {
			all[i].end(path)
		}
		p.bothUp()
		p.still(owned)
		if round >= rounds/2 && round < rounds/2+3 { // when those that were ended last have all connections again
			for name, n := range p.descriptors() {
				files[name] = max(files[name], n)
			}
		}
		t.Logf("round %d: over after %v", round, time.Since(start).Round(100*time.Millisecond))
	}
	t.Logf("%d rounds in %v", rounds, time.Since(begun).Round(time.Second))
	gathered(t, "descriptors", files, p.descriptors(), 8)
	gathered(t, "goroutines", young, p.goroutines(), 12)
	p.bothUp()
	p.deleteAll()
}

func names(all []weather, drawn []int) (list []string) {
	for _, i := range drawn {
		list = append(list, all[i].name)
	}
	return list
}

func (p *twoPaths) router(path int) *provider { return p.routers[fmt.Sprintf("r%d", path+1)] }

func (p *twoPaths) weathers() []weather {
	nothing := func(int) {}
	conf := p.frr.Show("show running-config")
	conf = conf[strings.Index(conf, "\nfrr ")+1:] // after its heading
	return []weather{
		{name: "cable pulled", begin: func(path int) { p.router(path).cables[0].Unplug() }, end: func(path int) { p.router(path).cables[0].Plug() }},
		{name: "frames lost", begin: func(path int) { p.router(path).cables[0].Break(true, false) }, end: func(path int) { p.router(path).cables[0].Break(false, false) }},
		{name: "agent killed", deadly: true, begin: func(path int) { p.router(path).agent.Kill() }, end: p.revive},
		{name: "customer's sessions cleared", begin: func(int) { p.frr.Show("clear bgp *") }, end: nothing},
		{name: "control plane killed", deadly: true, begin: func(int) { p.server.Kill() }, end: func(int) { p.serve() }},
		{name: "an interface removed by hand", begin: func(path int) { _, _ = p.router(path).host.Try("ip", "link", "del", p.vifs[path]) }, end: nothing},
		{name: "an interface switched off by hand", begin: func(path int) { _, _ = p.router(path).host.Try("ip", "link", "set", p.vifs[path], "down") }, end: nothing},
		{name: "agent stopped", deadly: true, begin: func(path int) { p.router(path).agent.Stop() }, end: p.revive},
		{name: "customer's BGP daemon killed", begin: func(int) { p.frr.Daemons["bgpd"].Kill() }, end: func(int) { p.frr.Start("bgpd"); p.frr.Load(conf) }},
		{name: "clock turned on", begin: func(int) { p.turn(time.Hour) }, end: func(int) { p.turn(-time.Hour) }},
		{name: "clock turned back", begin: func(int) { p.turn(-time.Hour) }, end: func(int) { p.turn(time.Hour) }},
	}
}

// revive starts an agent unless it runs: two kinds of weather in one round may both have ended it.
func (p *twoPaths) revive(path int) {
	select {
	case <-p.router(path).agent.Ended():
		p.run(fmt.Sprintf("r%d", path+1))
	default:
	}
}

// eager has the customer call again after a second instead of two minutes. And it keeps FRR from nexthop objects: the kernel
// drops those of a link that goes down, FRR 8.4 takes them to be there still, and now and then its routes are rejected for
// good ("B>r" in show ip route, while BGP has them).
func (p *twoPaths) eager() {
	p.t.Helper()
	conf := "no zebra nexthop kernel enable\nrouter bgp 65001\n"
	for _, id := range p.vifs {
		conf += fmt.Sprintf(" neighbor %v timers connect 1\n", address(p.vif(id).AmazonAddress))
	}
	p.frr.Load(conf + "exit\n")
}

// turn turns the clock of the guest, and so everybody's, and lets a second go by on it.
func (p *twoPaths) turn(by time.Duration) {
	p.t.Helper()
	at := unix.NsecToTimespec(time.Now().Add(by).UnixNano())
	if err := unix.ClockSettime(unix.CLOCK_REALTIME, &at); err != nil {
		p.t.Fatal(err)
	}
	self := firstHost(ownNetwork)
	pings := p.customer.Ping(self, self, 20*time.Millisecond)
	answered(p.t, pings, 50)
	pings.Stop()
}

// deleteAll deletes what was ordered, and waits until the routers have nothing of it; then it removes what agents leave for
// the next order.
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
		lab.Eventually(p.t, func() string { // the rules wait for the next VRF
			return strings.Join(slices.DeleteFunc(strings.Split(own(r.host), "\n"), func(line string) bool { return strings.Contains(line, " rule 32765:") }), "\n")
		})
		r.agent.Stop()
		p.onramp(r.host, "router", "remove", "--state", r.state())
		if left := own(r.host); left != "" {
			p.t.Errorf("after its removal the agent has left\n%s", left)
		}
	}
}

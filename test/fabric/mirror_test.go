package fabric

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"onramp/internal/fabric"
	"onramp/internal/fabric/fabrictest"
	"onramp/test/guest/lab"
)

// mirror is the far end of one router's ports: a host that is whatever fits the router's intent, with BIRD for customers.
type mirror struct {
	t      *testing.T
	host   *lab.Host
	intent fabric.Intent
	does   fabrictest.Customer

	links  string // how its links are made, as commands
	conf   string // BIRD's
	bird   *lab.BIRD
	keys   map[string]fabric.Key // in use, by port
	agreed []*lab.Agreement
}

func newMirror(t *testing.T, router string) *mirror {
	return &mirror{t: t, host: lab.NewHost(t, "far-"+router), keys: map[string]fabric.Key{}}
}

// fit makes it fit an intent. What fits already is not touched.
func (m *mirror) fit(in fabric.Intent) {
	m.t.Helper()
	m.intent = in.Clone()
	m.chooseKeys()
	if links := strings.Join(m.commands(), "\n"); links != m.links {
		m.takeDown()
		m.links = links
		for _, port := range in.Ports {
			m.agree(port)
		}
		m.host.Batch("ip", links+"\n")
	}
	m.customer(m.does)
}

// chooseKeys keeps the key in use while it is among the router's.
func (m *mirror) chooseKeys() {
	for _, p := range m.intent.Ports {
		if p.MACsec == nil || p.MACsec.Mode == fabric.MACsecOff || len(p.MACsec.Keys) == 0 {
			delete(m.keys, p.Name)
		} else if !slices.Contains(p.MACsec.Keys, m.keys[p.Name]) {
			m.keys[p.Name] = p.MACsec.Keys[0]
		}
	}
}

func (m *mirror) takeDown() {
	for _, a := range m.agreed {
		a.Daemon.Kill()
	}
	m.agreed = nil
	for line := range strings.Lines(m.host.IP("-br link show")) {
		name, _, _ := strings.Cut(strings.Fields(line)[0], "@")
		if name != "lo" && !strings.HasPrefix(name, "et") {
			_, _ = m.host.Try("ip", "link", "del", name) // one may have gone with another
		}
	}
}

// agree starts the key agreement of a port, if it has one, and waits for the device that it makes.
func (m *mirror) agree(p fabric.Port) {
	m.t.Helper()
	key, ok := m.keys[p.Name]
	if !ok {
		return
	}
	m.agreed = append(m.agreed, m.host.Agree(p.Name, key.CKN, key.CAK.Reveal(), 100))
	want := fmt.Sprintf("macsec%d@", len(m.agreed)-1)
	lab.Eventually(m.t, func() string {
		if out := m.host.IP("-br link show"); !strings.Contains(out, want) {
			return "no encrypted device: " + out
		}
		return ""
	})
}

// commands are those of iproute2 that make the links.
func (m *mirror) commands() (all []string) {
	device := map[string]string{}
	secured := 0
	for _, b := range m.intent.Bundles {
		all = append(all, "link add "+b.Name+" type bond mode 802.3ad lacp_rate fast miimon 50", "link set "+b.Name+" up")
		device[b.Name] = b.Name
	}
	for _, p := range m.intent.Ports {
		device[p.Name] = p.Name
		if key, ok := m.keys[p.Name]; ok {
			device[p.Name] = fmt.Sprintf("macsec%d", secured)
			all = append(all, "link set "+device[p.Name]+" alias "+key.CKN[:8]) // another key: other links
			secured++
		}
		if p.Bundle != "" {
			all = append(all, "link set "+device[p.Name]+" down", "link set "+device[p.Name]+" master "+p.Bundle)
		}
		all = append(all, "link set "+p.Name+" up", "link set "+device[p.Name]+" up")
	}
	for i, f := range m.intent.Interfaces {
		on, name := device[f.Link], fmt.Sprintf("vlan%d", i)
		if f.OuterVLAN != 0 {
			outer := fmt.Sprintf("outer%d", f.OuterVLAN)
			all = append(all, fmt.Sprintf("link add link %s name %s type vlan proto 802.1ad id %d", on, outer, f.OuterVLAN), "link set "+outer+" up")
			on = outer
		}
		all = append(all, fmt.Sprintf("link add link %s name %s type vlan id %d", on, name, f.VLAN), fmt.Sprintf("link set %s mtu %d up", name, f.MTU))
		for _, n := range f.Neighbors {
			all = append(all, fmt.Sprintf("addr add %v dev %s", netip.PrefixFrom(n.Remote, n.Local.Bits()), name))
		}
	}
	return all
}

// customer makes the sessions what c says.
func (m *mirror) customer(c fabrictest.Customer) {
	m.t.Helper()
	m.does = c
	conf := m.birdConf()
	if conf == m.conf {
		return
	}
	m.conf = conf
	if m.bird == nil {
		m.bird = m.host.BIRD(conf)
		return
	}
	m.bird.Load(conf)
}

func (m *mirror) birdConf() string {
	var b strings.Builder
	b.WriteString("router id 192.0.2.77;\nlog stderr all;\nprotocol device {}\n" +
		"protocol bfd { interface \"*\" { interval 300 ms; multiplier 3; }; }\n" +
		"protocol static static4 { ipv4;\n")
	for _, p := range m.does.Announce {
		if p.Addr().Is4() {
			fmt.Fprintf(&b, " route %v blackhole;\n", p)
		}
	}
	b.WriteString("}\nprotocol static static6 { ipv6;\n")
	for _, p := range m.does.Announce {
		if p.Addr().Is6() {
			fmt.Fprintf(&b, " route %v blackhole;\n", p)
		}
	}
	b.WriteString("}\n")
	for i, f := range m.intent.Interfaces {
		for j, n := range f.Neighbors {
			key, disabled, family := n.Key.Reveal(), "no", "ipv4"
			if m.does.WrongKey {
				key = "another"
			}
			if m.does.Silent {
				disabled = "yes"
			}
			if n.Remote.Is6() {
				family = "ipv6"
			}
			fmt.Fprintf(&b, "protocol bgp peer%d_%d { disabled %s; local %v as %d; neighbor %v as %d; password \"%s\"; bfd on; direct;\n"+
				" connect delay time 1; connect retry time 2; error wait time 1, 2;\n %s { import all; export where source = RTS_STATIC; }; }\n",
				i, j, disabled, n.Remote, n.RemoteASN, n.Local.Addr(), n.LocalASN, key, family)
		}
	}
	return b.String()
}

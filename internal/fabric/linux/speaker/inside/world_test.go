package inside

import (
	"cmp"
	"fmt"
	"net/netip"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"onramp/internal/fabric"
	"onramp/internal/fabric/linux/speaker"
	"onramp/test/guest/lab"
)

func addr(s string) netip.Addr  { return netip.MustParseAddr(s) }
func pfx(s string) netip.Prefix { return netip.MustParsePrefix(s) }

const provider = 64512

// memory is a kernel table that is not one: these tests are about sessions.
type memory struct {
	mu     sync.Mutex
	tables map[string]map[netip.Prefix][]speaker.Hop
}

func (m *memory) Set(vrf string, r speaker.Route) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.tables[vrf] == nil {
		m.tables[vrf] = map[netip.Prefix][]speaker.Hop{}
	}
	m.tables[vrf][r.Prefix] = r.Hops
	return nil
}

func (m *memory) Unset(vrf string, p netip.Prefix) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.tables[vrf], p)
	return nil
}

func (m *memory) List(vrf string) (routes []speaker.Route, _ error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for p, hops := range m.tables[vrf] {
		routes = append(routes, speaker.Route{Prefix: p, Hops: hops})
	}
	return routes, nil
}

func (m *memory) text(vrf string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return fmt.Sprint(m.tables[vrf])
}

// site is a customer with a router of its own, on a cable of its own, in a VRF of its own. All sites have the same
// addresses.
type site struct {
	number int
	host   *lab.Host
	cable  *lab.Cable
	frr    *lab.FRR
}

func (s site) name() string { return fmt.Sprintf("gw%d", s.number) }

// key is the site's TCP MD5 key.
func (s site) key() string { return fmt.Sprintf("key-of-site-%d", s.number) }

// newSite builds site number: VRF device, subinterface and addresses at the provider, which the speaker does not make.
func newSite(t *testing.T, number int) site {
	t.Helper()
	here, s := lab.Here(t), site{number: number, host: lab.NewHost(t, fmt.Sprintf("site%d", number))}
	port, vlan := fmt.Sprintf("p%d", number), 100+number
	s.cable = lab.NewCable(t, lab.End{Host: here, Device: port}, lab.End{Host: s.host, Device: "wan"})
	for _, words := range []string{
		fmt.Sprintf("link add vrf%d type vrf table %d", number, 10000+number), fmt.Sprintf("link set vrf%d up", number),
		fmt.Sprintf("link set %s up", port), fmt.Sprintf("link add link %s name %s.%d type vlan id %d", port, port, vlan, vlan),
		fmt.Sprintf("link set %s.%d master vrf%d", port, vlan, number), fmt.Sprintf("link set %s.%d up", port, vlan),
		fmt.Sprintf("addr add 169.254.0.1/30 dev %s.%d", port, vlan), fmt.Sprintf("addr add fd00::1/125 dev %s.%d nodad", port, vlan),
	} {
		here.IP(words)
	}
	t.Cleanup(func() {
		if out, err := exec.Command("ip", "link", "del", fmt.Sprintf("vrf%d", number)).CombinedOutput(); err != nil {
			t.Errorf("removing the VRF: %v\n%s", err, out)
		}
	})
	for _, words := range []string{
		"link set wan up", fmt.Sprintf("link add link wan name wan.%d type vlan id %d", vlan, vlan), fmt.Sprintf("link set wan.%d up", vlan),
		fmt.Sprintf("addr add 169.254.0.2/30 dev wan.%d", vlan), fmt.Sprintf("addr add fd00::6/125 dev wan.%d nodad", vlan),
	} {
		s.host.IP(words)
	}
	return s
}

// quirks are how a customer's configuration differs from the plain one.
type quirks struct {
	key, more string
	noBFD     bool
}

// route starts the customer's FRR: one session in IPv4 and one in IPv6, with BFD at its slowest pace that is asked for.
func (s *site) route(q quirks, networks ...string) {
	bfd := "neighbor PROVIDER bfd profile fast\n"
	if q.noBFD {
		bfd = ""
	}
	peer := strings.ReplaceAll("neighbor PROVIDER remote-as 64512\nneighbor PROVIDER timers connect 2\nneighbor PROVIDER password "+
		cmp.Or(q.key, s.key())+"\n"+bfd, "PROVIDER", "%[1]s")
	conf := "bfd\nprofile fast\ntransmit-interval 300\nreceive-interval 300\ndetect-multiplier 3\nexit\nexit\n" +
		"route-map tag permit 10\nset community 65010:55\nexit\n" +
		fmt.Sprintf("router bgp %d\nbgp router-id 192.0.2.%d\nno bgp ebgp-requires-policy\nno bgp network import-check\n%s\n", s.asn(), s.number, q.more) +
		fmt.Sprintf(peer, "169.254.0.1") + fmt.Sprintf(peer, "fd00::1") + "address-family ipv4 unicast\nno neighbor fd00::1 activate\n"
	for _, n := range networks {
		conf += "network " + n + " route-map tag\n"
	}
	conf += "exit-address-family\naddress-family ipv6 unicast\nneighbor fd00::1 activate\nnetwork 2001:db8:" + fmt.Sprint(s.number) + "::/48\nexit-address-family\nexit\n"
	s.frr = s.host.FRR(conf)
}

func (s *site) asn() int64 { return 4_200_000_000 + int64(s.number) }

// vrf is the site for the speaker.
func (s *site) vrf(change func(*fabric.Neighbor)) speaker.VRF {
	v4 := fabric.Neighbor{Name: "v4", Local: pfx("169.254.0.1/30"), Remote: addr("169.254.0.2"), LocalASN: provider, RemoteASN: s.asn(),
		Key: fabric.Secret(s.key()), MaxPrefixes: 3, Export: []fabric.Announcement{
			{Prefix: pfx("10.0.0.0/16"), Communities: []string{fmt.Sprintf("7224:%d", s.number)}, NoExport: true, ASPathPrepend: []int64{64999}}}}
	if change != nil {
		change(&v4)
	}
	v6 := fabric.Neighbor{Name: "v6", Local: pfx("fd00::1/125"), Remote: addr("fd00::6"), LocalASN: provider, RemoteASN: s.asn(),
		Key: fabric.Secret(s.key()), Export: []fabric.Announcement{{Prefix: pfx("2001:db8:ffff::/48"), Communities: []string{"7224:66"}}}}
	return speaker.VRF{
		VRF: fabric.VRF{Name: s.name(), LocalASN: provider}, Device: fmt.Sprintf("vrf%d", s.number),
		Interfaces: []speaker.Interface{{
			Interface: fabric.Interface{Name: s.name(), VRF: s.name(), Neighbors: []fabric.Neighbor{v4, v6}}, Device: fmt.Sprintf("p%d.%d", s.number, 100+s.number),
		}},
	}
}

// router is the provider's.
type router struct {
	*speaker.Speaker
	kernel *memory
}

func newRouter(t *testing.T, kernel *memory) router {
	t.Helper()
	s, err := speaker.Open(speaker.Config{RouterID: addr("10.255.0.1"), Routes: kernel})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return router{s, kernel}
}

func (r router) apply(t *testing.T, vrfs ...speaker.VRF) {
	t.Helper()
	if err := r.Apply(t.Context(), vrfs); err != nil {
		t.Fatal(err)
	}
}

func (r router) status(s site, name string) fabric.NeighborStatus { return r.Observe()[s.name()][name] }

func (r router) awaitUp(t *testing.T, sites ...site) {
	t.Helper()
	lab.Eventually(t, func() string {
		for _, s := range sites {
			for _, name := range []string{"v4", "v6"} {
				if n := r.status(s, name); !n.Up {
					return s.name() + " " + name + ": " + n.Reason
				}
			}
		}
		return ""
	})
}

// says waits until a session is down for a reason.
func (r router) says(t *testing.T, s site, name, reason string) {
	t.Helper()
	lab.Eventually(t, func() string {
		if n := r.status(s, name); n.Up || !strings.Contains(n.Reason, reason) {
			return fmt.Sprintf("%s %s: %+v, want %q", s.name(), name, n, reason)
		}
		return ""
	})
}

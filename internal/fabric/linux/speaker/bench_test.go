package speaker

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/osrg/gobgp/v4/api"
	"github.com/osrg/gobgp/v4/pkg/apiutil"
	gobgp "github.com/osrg/gobgp/v4/pkg/server"
	"golang.org/x/sys/unix"

	"onramp/internal/fabric"
)

// The benchmark's size: that of the goal. Sessions have no key, for the customer's one socket has not room for a thousand
// (net.core.optmem_max), and no BFD: it has its own clock.
const (
	benchSessions = 1000
	benchPrefixes = 100
	benchRatio    = 1.3 // of the time to converge to that of GoBGP alone, at most
	benchRole     = "ONRAMP_SPEAKER_BENCH"
	benchHome     = 17901 // where providers listen
	benchAway     = 17902 // where the customer does
)

var benchCustomer = addr("127.201.0.1")

// benchProvider is the address of the provider's VRF number n, each of which has its own.
func benchProvider(n int) netip.Addr {
	return netip.AddrFrom4([4]byte{127, 200, byte(n / 250), byte(1 + n%250)})
}

func TestMain(m *testing.M) {
	switch os.Getenv(benchRole) {
	case "":
		os.Exit(m.Run())
	case "customer":
		benchRun(benchPlayCustomer)
	case "gobgp":
		benchRun(benchPlayGoBGP)
	case "speaker":
		benchRun(benchPlaySpeaker)
	}
}

// benchRun plays a part in a process of its own, until its input ends.
func benchRun(play func(size int) error) {
	size, err := strconv.Atoi(os.Getenv(benchRole + "_SESSIONS"))
	if err == nil {
		err = play(size)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	_, _ = bufio.NewReader(os.Stdin).ReadByte()
	os.Exit(0)
}

// figures are what a provider measures of itself.
type figures struct {
	Apply, Converge, CPU time.Duration // from the start until all is configured, and until the last route is there
	RSS                  int64         // bytes, then
	Goroutines           int
}

// benchMeasure waits until have is as many routes as are wanted, and says what it took.
func benchMeasure(begin time.Time, have func() int64, want int) error {
	apply := time.Since(begin)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for have() != int64(want) {
		if <-tick.C; time.Since(begin) > time.Minute {
			return fmt.Errorf("not converged in a minute: %d routes", have())
		}
	}
	f := figures{Apply: apply, Converge: time.Since(begin), Goroutines: runtime.NumGoroutine()}
	var used unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &used); err != nil {
		return err
	}
	f.CPU = time.Duration(used.Utime.Nano() + used.Stime.Nano())
	debug.FreeOSMemory()
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return err
	}
	pages, err := strconv.ParseInt(strings.Fields(string(text))[1], 10, 64)
	if err != nil {
		return err
	}
	f.RSS = pages * int64(os.Getpagesize())
	return json.NewEncoder(os.Stdout).Encode(f)
}

func benchExports() []fabric.Announcement {
	return []fabric.Announcement{{Prefix: pfx("10.0.0.0/16"), Communities: []string{"7224:8100"}}, {Prefix: pfx("10.1.0.0/16")}}
}

// benchKernel counts the routes of a kernel in memory.
type benchKernel struct {
	*kernel
	routes atomic.Int64
}

// Set counts what is new.
func (k *benchKernel) Set(vrf string, r Route) error {
	return k.change(vrf, func(t map[netip.Prefix][]Hop) {
		if _, there := t[r.Prefix]; !there {
			k.routes.Add(1)
		}
		t[r.Prefix] = r.Hops
	})
}

func benchPlaySpeaker(size int) error {
	begin, k := time.Now(), &benchKernel{kernel: newKernel()}
	s, err := open(Config{RouterID: addr("10.255.0.1"), Routes: k}, settings{port: benchAway, restartTime: RestartTime, audit: time.Hour, retry: time.Second,
		dial: 5 * time.Second, listen: func(v VRF) ([]netip.Addr, int) {
			return []netip.Addr{v.Interfaces[0].Neighbors[0].Local.Addr()}, benchHome
		}})
	if err != nil {
		return err
	}
	vrfs := make([]VRF, 0, size)
	for n := range size {
		v := VRF{VRF: fabric.VRF{Name: fmt.Sprint(n), LocalASN: ownASN}, Interfaces: []Interface{{Interface: fabric.Interface{Name: fmt.Sprint(n)}}}}
		v.Interfaces[0].Neighbors = []fabric.Neighbor{{Name: "a", Local: netip.PrefixFrom(benchProvider(n), 8), Remote: benchCustomer, LocalASN: ownASN,
			RemoteASN: 65001, MaxPrefixes: 100, Export: benchExports()}}
		vrfs = append(vrfs, v)
	}
	if err := s.Apply(context.Background(), vrfs); err != nil {
		return err
	}
	return benchMeasure(begin, k.routes.Load, size*benchPrefixes)
}

// benchPlayGoBGP has the same sessions, and counts what arrives.
func benchPlayGoBGP(size int) error {
	begin, ctx := time.Now(), context.Background()
	var routes atomic.Int64
	for n := range size {
		s := gobgp.NewBgpServer()
		go s.Serve()
		if err := s.StartBgp(ctx, &api.StartBgpRequest{Global: &api.Global{
			Asn: ownASN, RouterId: "10.255.0.1", ListenPort: benchHome, ListenAddresses: []string{benchProvider(n).String()}, Families: []uint32{0, 1},
		}}); err != nil {
			return err
		}
		for _, a := range benchExports() {
			out, err := exported(a)
			if err != nil {
				return err
			}
			if err := tell(s, out); err != nil {
				return err
			}
		}
		seen := make(map[string]bool)
		if err := s.WatchEvent(ctx, gobgp.WatchEventMessageCallbacks{OnPathUpdate: func(paths []*apiutil.Path, _ time.Time) {
			for _, p := range paths {
				if name := p.Nlri.String(); !seen[name] {
					seen[name] = true
					routes.Add(1)
				}
			}
		}}, gobgp.WatchUpdate(false, "", "")); err != nil {
			return err
		}
		if err := s.AddPeer(ctx, &api.AddPeerRequest{Peer: benchPeer(benchCustomer, benchProvider(n), 65001, benchAway)}); err != nil {
			return err
		}
	}
	return benchMeasure(begin, routes.Load, size*benchPrefixes)
}

func benchPeer(remote, local netip.Addr, asn uint32, port int) *api.Peer {
	return &api.Peer{
		Conf:      &api.PeerConf{NeighborAddress: remote.String(), PeerAsn: asn},
		Transport: &api.Transport{LocalAddress: local.String(), RemotePort: uint32(port)},
		Timers:    &api.Timers{Config: &api.TimersConfig{ConnectRetry: 5}},
		AfiSafis: []*api.AfiSafi{{Config: &api.AfiSafiConfig{Enabled: true,
			Family: &api.Family{Afi: api.Family_AFI_IP, Safi: api.Family_SAFI_UNICAST}}}},
	}
}

// benchPlayCustomer is one router with a session to each of the provider's VRFs, which tells all of them the same.
func benchPlayCustomer(size int) error {
	ctx, s := context.Background(), gobgp.NewBgpServer()
	go s.Serve()
	if err := s.StartBgp(ctx, &api.StartBgpRequest{Global: &api.Global{
		Asn: 65001, RouterId: "10.255.0.2", ListenPort: benchAway, ListenAddresses: []string{benchCustomer.String()}, Families: []uint32{0, 1},
	}}); err != nil {
		return err
	}
	if err := (&server{BgpServer: s}).refuse(ctx); err != nil {
		return err
	}
	for n := range benchPrefixes {
		p := netip.PrefixFrom(netip.AddrFrom4([4]byte{172, 16, byte(n), 0}), 24)
		if err := tell(s, announcement{prefix: p, communities: []uint32{7224<<16 | 7100}}); err != nil {
			return err
		}
	}
	for n := range size {
		p := benchPeer(benchProvider(n), benchCustomer, ownASN, benchHome)
		p.Transport.PassiveMode = true // two GoBGP that dial each other at once may wait for minutes
		if err := s.AddPeer(ctx, &api.AddPeerRequest{Peer: p}); err != nil {
			return err
		}
	}
	fmt.Println("ready")
	return nil
}

// benchStart starts a part and answers the first line that it says, and what ends it.
func benchStart(b *testing.B, role string, size int) (line string, end func()) {
	b.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), benchRole+"="+role, fmt.Sprintf("%s_SESSIONS=%d", benchRole, size))
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	end = func() { _ = in.Close(); _ = cmd.Wait() }
	if line, err = bufio.NewReader(out).ReadString('\n'); err != nil {
		end()
		b.Fatalf("%s: %v", role, err)
	}
	return line, end
}

// BenchmarkConverge has 1,000 sessions of 100 prefixes, each in a VRF of its own, come up with the speaker and with GoBGP
// alone, in turns and in processes of their own, and compares: the time from nothing to the last route, which must be at most
// benchRatio times as long, processor time and memory.
func BenchmarkConverge(b *testing.B) {
	size := benchSessions
	if testing.Short() {
		size = 50
	}
	turn := func(role string) (f figures) {
		_, stop := benchStart(b, "customer", size)
		defer stop()
		line, end := benchStart(b, role, size)
		defer end()
		if err := json.Unmarshal([]byte(line), &f); err != nil {
			b.Fatal(err)
		}
		b.Logf("%s: apply %v, converge %v, processor %v, %d MiB, %d goroutines", role, f.Apply.Round(time.Millisecond), f.Converge.Round(time.Millisecond),
			f.CPU.Round(time.Millisecond), f.RSS>>20, f.Goroutines)
		return f
	}
	var ratio, processor, memory []float64
	for b.Loop() {
		alone, ours := turn("gobgp"), turn("speaker")
		ratio = append(ratio, float64(ours.Converge)/float64(alone.Converge))
		processor = append(processor, float64(ours.CPU)/float64(alone.CPU))
		memory = append(memory, float64(ours.RSS)/float64(alone.RSS))
		b.ReportMetric(float64(ours.RSS>>20), "MiB")
	}
	for unit, all := range map[string][]float64{"ratio": ratio, "cpu-ratio": processor, "memory-ratio": memory} {
		slices.Sort(all)
		b.ReportMetric(all[len(all)/2], unit)
	}
	if m := ratio[len(ratio)/2]; m > benchRatio && size == benchSessions {
		b.Errorf("the speaker takes %.2f times as long as GoBGP alone in the median of %.2f, at most %.1f is allowed", m, ratio, benchRatio)
	}
}

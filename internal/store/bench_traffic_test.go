package store_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"testing"
	"time"

	dc "onramp/internal/directconnect"
	"onramp/internal/store"
)

const routesPerInterface = 1000

func interfaceNumber(n int) string { return dc.ShortID("dxvif-", uint64(n)*2654435761) }

func routeNumber(n int) dc.Route {
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], 10<<24|uint32(n)<<8)
	return dc.Route{CIDR: netip.PrefixFrom(netip.AddrFrom4(b), 24), Device: "EqDC2-1a2b3c4d5e6f", ASPath: dc.Sequence(65000, 65001, 65002),
		Communities: []string{"7224:7100", "7224:9300"}, Installed: began, LocalPref: 100}
}

// fillRoutes stores n routes, a thousand for each interface, and answers how many interfaces that is.
func fillRoutes(b *testing.B, s *store.Store, n int) int {
	b.Helper()
	routes := make([]dc.Route, routesPerInterface)
	for i := range routes {
		routes[i] = routeNumber(i)
	}
	interfaces := max(1, n/routesPerInterface)
	for i := 0; i < interfaces; i += 10 {
		err := s.Update(b.Context(), func(tx *store.Tx) error {
			for j := i; j < min(i+10, interfaces); j++ {
				if err := tx.ReplaceRoutes(interfaceNumber(j), dc.RouteAccepted, routes, nil); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	return interfaces
}

// A page of routes costs what is on it: set ONRAMP_BENCH_STORED=1000000 to see that the others do not matter. The page
// begins at a random place among the routes of an interface.
func BenchmarkRoutesPage(b *testing.B) {
	for _, size := range []int{10, 100, 1000} {
		b.Run(fmt.Sprintf("page=%d", size), func(b *testing.B) {
			engines(b, func(b *testing.B, s *store.Store) {
				interfaces := fillRoutes(b, s, stored(b))
				b.ResetTimer()
				for b.Loop() {
					q := store.RouteQuery{InterfaceID: interfaceNumber(rand.IntN(interfaces)), Limit: size}
					if first := rand.IntN(routesPerInterface - size + 1); first > 0 {
						r := routeNumber(first - 1)
						q.After = store.RouteCursor{Direction: dc.RouteAccepted, CIDR: r.CIDR, Device: r.Device}
					}
					err := s.View(context.Background(), func(tx *store.Tx) error {
						page, err := tx.Routes(q)
						if err == nil && len(page) != size {
							err = fmt.Errorf("%d rows", len(page))
						}
						return err
					})
					if err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/float64(size), "µs/row")
			})
		})
	}
}

// A change of routes costs what changes: here one prefix of a thousand goes and another comes.
func BenchmarkRoutesChange(b *testing.B) {
	engines(b, func(b *testing.B, s *store.Store) {
		interfaces := fillRoutes(b, s, stored(b))
		b.ResetTimer()
		for n := 0; b.Loop(); n++ {
			turn := n / interfaces % 2
			come, leave := routeNumber(routesPerInterface*(1-turn)), routeNumber(routesPerInterface*turn)
			err := s.Update(context.Background(), func(tx *store.Tx) error {
				return tx.ReplaceRoutes(interfaceNumber(n%interfaces), dc.RouteAccepted, []dc.Route{come}, store.KeysOf([]dc.Route{leave}))
			})
			if err != nil {
				b.Fatal(err)
			}
		}
	})
}

// What CreatePrivateVirtualInterface reads and writes on a connection that has others.
func BenchmarkInterfaceOrder(b *testing.B) {
	for _, siblings := range []int{0, 9, 49} {
		b.Run(fmt.Sprintf("siblings=%d", siblings), func(b *testing.B) {
			engines(b, func(b *testing.B, s *store.Store) {
				b.ResetTimer()
				for n := 0; b.Loop(); n++ {
					b.StopTimer()
					putSiblings(b, s, n, siblings)
					b.StartTimer()
					err := s.Update(context.Background(), func(tx *store.Tx) error {
						v := privateInterface(n, siblings+1)
						live, err := tx.Interfaces(store.InterfaceQuery{ParentID: v.ParentID, LiveOnly: true})
						if err != nil || len(live) != siblings {
							return fmt.Errorf("%d siblings: %w", len(live), err)
						}
						return tx.PutInterface(&v)
					})
					if err != nil {
						b.Fatal(err)
					}
				}
			})
		})
	}
}

func putSiblings(b *testing.B, s *store.Store, parent, n int) {
	b.Helper()
	err := s.Update(context.Background(), func(tx *store.Tx) error {
		for i := range n {
			v := privateInterface(parent, i+1)
			if err := tx.PutInterface(&v); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}

func privateInterface(parent, vlan int) dc.VirtualInterface {
	return dc.VirtualInterface{
		ID: dc.ShortID("dxvif-", uint64(parent)<<13+uint64(vlan)), Account: fmt.Sprintf("%012d", parent/10), ParentID: fmt.Sprintf("dxcon-%08d", parent),
		ConnectionOwner: fmt.Sprintf("%012d", parent/10), Region: "us-east-1", Location: benchLocation, Router: "EqDC2-1a2b3c4d5e6f",
		Type: dc.Private, State: dc.InterfacePending, VLAN: int32(vlan), Created: began.Add(time.Duration(parent) * time.Second), Due: began,
		Name: "interface", VirtualGatewayID: "vgw-0123456789abcdef0", AmazonASN: 64512, MTU: 1500, PoolIPv4: 100, PoolIPv6: 100, Since: began,
		Peers: []dc.BGPPeer{{ID: "dxpeer-fg000000", Family: dc.IPv4, ASN: 65000, Key: "sealed", State: dc.PeerPending,
			Amazon:   netip.PrefixFrom(netip.AddrFrom4([4]byte{169, 254, byte(vlan >> 6), byte(vlan&63)<<2 + 1}), 30),
			Customer: netip.PrefixFrom(netip.AddrFrom4([4]byte{169, 254, byte(vlan >> 6), byte(vlan&63)<<2 + 2}), 30)}},
	}
}

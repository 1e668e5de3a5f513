package speaker

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"sync"

	"github.com/osrg/gobgp/v4/api"
	"github.com/osrg/gobgp/v4/pkg/apiutil"
	gobgp "github.com/osrg/gobgp/v4/pkg/server"
)

// everywhere is where a VRF's server listens: at every address of its device. A kernel without IPv6 has no such sessions.
func everywhere(VRF) ([]netip.Addr, int) {
	addrs := []netip.Addr{netip.IPv4Unspecified()}
	if l, err := net.Listen("tcp6", "[::]:0"); err == nil {
		_ = l.Close()
		addrs = append(addrs, netip.IPv6Unspecified())
	}
	return addrs, 179
}

// Numbers of GoBGP's address families: VPN-IPv4 and VPN-IPv6 unicast (AfiSafiType, pkg/config/oc). A server without a list
// has a table for every family there is, and ten times the memory.
var tables = []uint32{4, 5}

// server is the GoBGP server of one VRF.
//
// Each neighbour has a GoBGP VRF of its own, with what it is told and nothing else (RFC 4364, section 4.3.5, without labels): the same prefix
// may be announced to two neighbours with different communities. What neighbours announce is kept out of these tables: it
// is taken from their Adj-RIB-In.
type server struct {
	*gobgp.BgpServer
	asn uint32
}

// starting is held by one server at a time: GoBGP keeps what it selects routes by for the whole process, and writes it then.
var starting sync.Mutex

func startServer(s *Speaker, v VRF, log slog.Handler) (*server, error) {
	out := &server{BgpServer: gobgp.NewBgpServer(gobgp.LoggerOption(slog.New(log), nil)), asn: uint32(v.LocalASN)}
	go out.Serve()
	ctx := context.Background()
	addrs, port := s.set.listen(v)
	listen := make([]string, 0, len(addrs))
	for _, a := range addrs {
		listen = append(listen, a.String())
	}
	starting.Lock()
	err := out.StartBgp(ctx, &api.StartBgpRequest{Global: &api.Global{
		Asn: out.asn, RouterId: s.cfg.RouterID.String(), ListenPort: int32(port), ListenAddresses: listen, BindToDevice: v.Device, Families: tables,
	}})
	starting.Unlock()
	if err == nil {
		err = out.refuse(ctx)
	}
	if err != nil {
		out.Stop()
		return nil, fmt.Errorf("starting BGP: %w", err)
	}
	return out, nil
}

// refuse keeps everything out of the server's tables that is not put there by us.
func (s *server) refuse(ctx context.Context) error {
	const ours = "ours"
	err := s.AddPolicy(ctx, &api.AddPolicyRequest{Policy: &api.Policy{Name: ours, Statements: []*api.Statement{{
		Name:       ours,
		Conditions: &api.Conditions{RouteType: api.Conditions_ROUTE_TYPE_LOCAL},
		Actions:    &api.Actions{RouteAction: api.RouteAction_ROUTE_ACTION_ACCEPT},
	}}}})
	if err != nil {
		return err
	}
	return s.SetPolicyAssignment(ctx, &api.SetPolicyAssignmentRequest{Assignment: &api.PolicyAssignment{
		Name: "global", Direction: api.PolicyDirection_POLICY_DIRECTION_IMPORT, Policies: []*api.Policy{{Name: ours}},
		DefaultAction: api.RouteAction_ROUTE_ACTION_REJECT,
	}})
}

// addTable makes a GoBGP VRF, numbered: each with a route target that no other has.
func (s *server) addTable(name string, number uint32) error {
	target := []*api.RouteTarget{{Rt: &api.RouteTarget_TwoOctetAsSpecific{
		TwoOctetAsSpecific: &api.TwoOctetAsSpecificExtended{IsTransitive: true, SubType: 2, LocalAdmin: number},
	}}}
	return s.AddVrf(context.Background(), &api.AddVrfRequest{Vrf: &api.Vrf{
		Name: name, Id: number, ImportRt: target, ExportRt: target,
		Rd: &api.RouteDistinguisher{Rd: &api.RouteDistinguisher_TwoOctetAsn{TwoOctetAsn: &api.RouteDistinguisherTwoOctetASN{Assigned: number}}},
	}})
}

// Timers in seconds. ownHold is the hold time of a neighbour that has none of its own (RFC 4271, section 10).
const (
	ownHold    = 90
	afterReset = 1
	deferral   = 1 // a restarted speaker waits no longer to announce: what it says depends on no one else's routes
)

// peer is a session for GoBGP. limit: the prefixes beyond which GoBGP itself closes it; 0: any number.
func (i *instance) peer(s *session, limit uint32) *api.Peer {
	n := s.want.neighbor
	hold := n.HoldSeconds
	if hold == 0 {
		hold = ownHold
	}
	p := &api.Peer{
		Conf: &api.PeerConf{
			NeighborAddress: s.remote.String(), PeerAsn: uint32(n.RemoteASN), LocalAsn: uint32(n.LocalASN), AuthPassword: n.Key.Reveal(),
			AdminDown: s.bornShut, Vrf: s.table,
			AllowOwnAsn:          255,  // loops are found here: GoBGP does not say when one takes the place of a route
			AllowAspathLoopLocal: true, // what the neighbour is told is said elsewhere, also when its own number is in it
		},
		Timers: &api.Timers{Config: &api.TimersConfig{
			HoldTime: uint64(hold), KeepaliveInterval: uint64(max(1, hold/3)), ConnectRetry: uint64(i.speaker.set.dial.Seconds()),
			IdleHoldTimeAfterReset: afterReset,
		}},
		Transport: &api.Transport{
			LocalAddress: s.local.String(), BindInterface: s.want.device, RemotePort: uint32(i.speaker.set.port), PassiveMode: s.awaits(),
		},
		GracefulRestart: &api.GracefulRestart{
			Enabled: true, RestartTime: uint32(RestartTime.Seconds()), DeferralTime: deferral, LocalRestarting: i.restarting,
		},
	}
	for _, afi := range s.families() {
		family := &api.Family{Afi: afi, Safi: api.Family_SAFI_UNICAST}
		p.AfiSafis = append(p.AfiSafis, &api.AfiSafi{
			Config:            &api.AfiSafiConfig{Family: family, Enabled: true},
			MpGracefulRestart: &api.MpGracefulRestart{Config: &api.MpGracefulRestartConfig{Enabled: true}},
			PrefixLimits:      &api.PrefixLimit{Family: family, MaxPrefixes: limit},
		})
	}
	return p
}

// adminState answers what GoBGP thinks of the session, and false when it does not have it.
func (s *server) adminState(remote netip.Addr) (state api.PeerState_AdminState, found bool) {
	err := s.ListPeer(context.Background(), &api.ListPeerRequest{Address: remote.String()}, func(p *api.Peer) {
		state, found = p.GetState().GetAdminState(), true
	})
	return state, found && err == nil
}

// quiet ends the server so that neighbours with graceful restart see it restart.
func (s *server) quiet() {
	_ = s.StopBgp(context.Background(), &api.StopBgpRequest{AllowGracefulRestart: true}) // cannot fail: it is serving
	s.Stop()
}

// exports is what one GoBGP VRF holds: what its neighbours are told.
type exports struct {
	server *server
	table  string
	sent   map[netip.Prefix]announcement
}

// become changes the table to want, all of it, by what differs.
func (e *exports) become(want []announcement) error {
	wanted := make(map[netip.Prefix]bool, len(want))
	for _, a := range want {
		wanted[a.prefix] = true
	}
	var gone []netip.Prefix
	for p := range e.sent {
		if !wanted[p] {
			gone = append(gone, p)
		}
	}
	return e.change(want, gone)
}

// change announces what is new or different, and withdraws what is gone.
func (e *exports) change(tell []announcement, gone []netip.Prefix) error {
	var add, remove []*apiutil.Path
	var added []announcement
	for _, a := range tell {
		if old, there := e.sent[a.prefix]; there && old.equal(a) {
			continue
		}
		p, err := a.encode(false)
		if err != nil {
			return fmt.Errorf("announcing %s: %w", a.prefix, err)
		}
		add, added = append(add, p), append(added, a)
	}
	for _, p := range gone {
		old, there := e.sent[p]
		if !there {
			continue
		}
		path, err := old.encode(true)
		if err != nil {
			return fmt.Errorf("withdrawing %s: %w", p, err)
		}
		remove = append(remove, path)
		delete(e.sent, p)
	}
	if len(remove) > 0 {
		if err := e.server.DeletePath(apiutil.DeletePathRequest{VRFID: e.table, Paths: remove}); err != nil {
			return fmt.Errorf("withdrawing: %w", err)
		}
	}
	if len(add) == 0 {
		return nil
	}
	if _, err := e.server.AddPath(apiutil.AddPathRequest{VRFID: e.table, Paths: add}); err != nil {
		return fmt.Errorf("announcing: %w", err)
	}
	for _, a := range added {
		e.sent[a.prefix] = a
	}
	return nil
}

package directconnect

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestSessionsStayBehind: a session that is being deleted keeps the router that it is on, wherever its interface goes, and
// however often; the others go along.
func TestSessionsStayBehind(t *testing.T) {
	t.Parallel()
	v := VirtualInterface{ID: "dxvif-ffabc123", State: InterfaceAvailable, Type: Private, VLAN: 7, Router: "r1", ParentID: "dxcon-1", Region: "us-east-1",
		Peers: []BGPPeer{{ID: "kept", State: PeerAvailable}, {ID: "gone", State: PeerDeleting}}}
	where := func(v VirtualInterface) map[string]string {
		on := map[string]string{}
		for _, p := range v.Peers {
			on[p.ID] = v.RouterOf(p)
		}
		return on
	}
	check := func(how string, v VirtualInterface, want map[string]string) {
		t.Helper()
		if diff := cmp.Diff(want, where(v)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", how, diff)
		}
	}
	check("before", v, map[string]string{"kept": "r1", "gone": "r1"})
	carried := v.CarriedTo("r2", "EqDC2", noon)
	check("with its hosted connection", carried, map[string]string{"kept": "r2", "gone": "r1"})
	check("and once more", carried.CarriedTo("r3", "EqDC2", noon), map[string]string{"kept": "r3", "gone": "r1"})
	check("itself", v, map[string]string{"kept": "r1", "gone": "r1"})
	to := InterfaceParent{ID: "dxlag-1", Region: "us-east-1", Router: "r2", Ready: true, Bandwidth: Gbps10, Capacity: 10000}
	along, err := v.Along(to, nil, DocumentedQuotas, noon)
	if err != nil {
		t.Fatal(err)
	}
	check("with its connection into a LAG", along, map[string]string{"kept": "r2", "gone": "r1"})
	moved, err := v.MoveTo(to, nil, DocumentedQuotas, func() string { return "fresh" }, noon)
	if err != nil {
		t.Fatal(err)
	}
	check("by itself", moved, map[string]string{"fresh": "r2", "kept": "r1"})
}

// TestTheLastTestedSession: a test is over when none of its sessions is left.
func TestTheLastTestedSession(t *testing.T) {
	t.Parallel()
	test := FailoverTest{Peers: []string{"a", "b"}}
	for name, c := range map[string]struct {
		peers []BGPPeer
		want  bool
	}{
		"one is left":    {[]BGPPeer{{ID: "a", State: PeerDeleting}, {ID: "b", State: PeerAvailable}}, true},
		"both are going": {[]BGPPeer{{ID: "a", State: PeerDeleting}, {ID: "b", State: PeerDeleting}, {ID: "c", State: PeerAvailable}}, false},
		"one is gone":    {[]BGPPeer{{ID: "b", State: PeerDeleting}, {ID: "c", State: PeerAvailable}}, false},
		"one is pending": {[]BGPPeer{{ID: "b", State: PeerPending}}, true},
	} {
		if got := test.Tests(VirtualInterface{Peers: c.peers}); got != c.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

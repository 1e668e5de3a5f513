package conformance

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"

	"onramp/internal/controlplane"
)

// states are the changes of state that the trail has of a resource, as "name from -> to", between the calls that may change it.
func (w *world) states(t *testing.T, resource string) (all []string) {
	t.Helper()
	for _, r := range dropUnchanged(w.trail(t, controlplane.AuditQuery{Resource: resource})) {
		if controlplane.IsRead(r.What) {
			continue
		}
		if r.Details == "" {
			all = append(all, r.What)
			continue
		}
		all = append(all, r.What+" "+r.Details)
	}
	return all
}

// TestAuditTellsWhatACallChanges: a call that changes a state is followed by a record of the change, so that a session which
// comes back was seen to go.
func TestAuditTellsWhatACallChanges(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	port := a.port(t, "10Gbps")
	id := a.private(t, port, 1)
	w.turn(time.Hour)
	peer := a.peers(t, id)[0]["bgpPeerId"].(string)
	a.startTest(t, id, 10)
	got(a.StopBgpFailoverTest(t.Context(), &dc.StopBgpFailoverTestInput{VirtualInterfaceId: &id}))(t)
	w.settle()
	got(a.DeleteVirtualInterface(t.Context(), &dc.DeleteVirtualInterfaceInput{VirtualInterfaceId: &id}))(t)
	w.turn(time.Hour)
	const change = "VirtualInterfaceStateChange "
	holds(t, w.states(t, id), []string{
		"CreatePrivateVirtualInterface", change + "pending -> available",
		"StartBgpFailoverTest", change + "available -> testing",
		"StopBgpFailoverTest", "FailoverTestStateChange IN_PROGRESS -> CANCELLED", change + "testing -> down", change + "down -> available",
		"DeleteVirtualInterface", change + "available -> deleting", change + "deleting -> deleted",
	})
	const status = "BgpPeerStatusChange "
	sessions := slices.DeleteFunc(w.states(t, peer), func(s string) bool { return s[:len(status)] != status })
	if want := []string{status + "down -> up", status + "up -> down", status + "down -> up", status + "up -> down"}; !slices.Equal(sessions, want) {
		t.Errorf("of the session: %q, want %q", sessions, want)
	}
	w.toldAndTrailed(t)
}

// toldAndTrailed fails the test unless the trail has each change of state that an event tells of, and no other.
func (w *world) toldAndTrailed(t *testing.T) {
	t.Helper()
	type change struct{ from, to string }
	told, trailed := map[change]int{}, map[change]int{}
	page, err := w.server.Operator().Events(t.Context(), map[string][]string{"limit": {"1000"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range page.Events {
		var e struct{ Detail map[string]any }
		if err := json.Unmarshal(text, &e); err != nil {
			t.Fatal(err)
		}
		from, _ := e.Detail["previousState"].(string)
		to, _ := e.Detail["state"].(string)
		if from != "" {
			told[change{from, to}]++
		}
	}
	links, err := w.service.AuditRecords(t.Context(), controlplane.AuditQuery{})
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range links {
		var r struct{ ServiceEventDetails map[string]string }
		if err := json.Unmarshal([]byte(l.Body), &r); err != nil {
			t.Fatal(err)
		}
		if d := r.ServiceEventDetails; d["previousState"] != d["state"] {
			trailed[change{d["previousState"], d["state"]}]++
		}
	}
	for c, n := range told {
		if trailed[c] != n {
			t.Errorf("%s -> %s is told %d times and recorded %d times", c.from, c.to, n, trailed[c])
		}
	}
	if len(trailed) != len(told) || len(told) == 0 {
		t.Errorf("recorded %v, told %v", trailed, told)
	}
}

package linux

import (
	"maps"
	"slices"
	"testing"

	"github.com/vishvananda/netlink/nl"
	"golang.org/x/sys/unix"
)

// TestGoneDevice: what was known of filters that lead to a device is not known any more when it has gone, as they lead
// nowhere, also when another device gets its name.
func TestGoneDevice(t *testing.T) {
	t.Parallel()
	w := &watch{works: map[int32]bool{}, known: map[int32]filters{
		1: {rule{Verdict: detour, Via: "a"}: 1}, 2: {rule{Verdict: detour, Via: "b"}: 1}, 3: {rule{Verdict: drop}: 1, rule{Verdict: enter, Via: "a"}: 2}, 4: {},
	}}
	r, _ := linkRequest(unix.RTM_DELLINK, 0, 4)
	r.AddData(nl.NewRtAttr(unix.IFLA_IFNAME, nl.ZeroTerminated("a")))
	w.hear(r.Serialize())
	if left := slices.Sorted(maps.Keys(w.known)); !slices.Equal(left, []int32{2}) {
		t.Errorf("still known are the filters of %v", left)
	}
}

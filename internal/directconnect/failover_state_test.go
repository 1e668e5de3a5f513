package directconnect

import (
	"testing"
	"time"
)

// TestFailoverTestEndsOnce: in every status an event ends the test at its time, or changes nothing.
func TestFailoverTestEndsOnce(t *testing.T) {
	t.Parallel()
	for _, s := range TestStatuses {
		for _, e := range TestEvents {
			was := FailoverTest{ID: "t", Status: s, Started: noon}
			want := was
			if to, ok := NextTestStatus(s, e); ok {
				want.Status, want.Ended = to, noon.Add(time.Minute)
			}
			same(t, want, was.End(e, noon.Add(time.Minute)))
		}
	}
}

// TestTestEndsInTime: completed if its router answers at the end, failed if not; the interface leaves the test either way.
func TestTestEndsInTime(t *testing.T) {
	t.Parallel()
	for readable, want := range map[bool]TestStatus{true: TestCompleted, false: TestFailed} {
		running := FailoverTest{ID: "t", InterfaceID: "dxvif-1", Status: TestInProgress, Started: noon, Minutes: 2}
		v := VirtualInterface{ID: "dxvif-1", State: InterfaceTesting, TestID: "t"}
		seen := SeenInterface{Readable: readable, Configured: readable}
		early, ended := v.Advance(seen, &running, Brisk, noon.Add(time.Minute))
		if ended != nil || early.State != InterfaceTesting || !early.Due.Equal(running.Ends()) {
			t.Errorf("readable %v: before its end %+v, due %v", readable, ended, early.Due)
		}
		late, ended := v.Advance(seen, &running, Brisk, noon.Add(time.Hour))
		if ended == nil || ended.Status != want || !ended.Ended.Equal(running.Ends()) || late.State != InterfaceDown || late.TestID != "" {
			t.Errorf("readable %v: in the end %+v, the interface is %s", readable, ended, late.State)
		}
	}
}

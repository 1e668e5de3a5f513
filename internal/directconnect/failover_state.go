package directconnect

import "time"

// TestStatus is where a failover test stands. The wire's member is free text; these are the console's words in the style
// of the API (fact sheet 13).
type TestStatus string

const (
	TestInProgress TestStatus = "IN_PROGRESS"
	TestCompleted  TestStatus = "COMPLETED"
	TestCancelled  TestStatus = "CANCELLED"
	TestFailed     TestStatus = "FAILED"
)

// TestStatuses lists every status, in the order of a life.
var TestStatuses = []TestStatus{TestInProgress, TestCompleted, TestCancelled, TestFailed}

// TestEvent is something that happens to a failover test.
type TestEvent string

const (
	TestTimeOver TestEvent = "TimeOver" // as long as was asked for
	TestStop     TestEvent = "Stop"     // StopBgpFailoverTest, or what was tested is deleted
	TestLost     TestEvent = "Lost"     // its router does not answer when the time is over, or its interface is gone
)

// TestEvents lists every event.
var TestEvents = []TestEvent{TestTimeOver, TestStop, TestLost}

// testMoves is the table of permitted moves: a test ends once.
var testMoves = map[TestStatus]map[TestEvent]TestStatus{
	TestInProgress: {TestTimeOver: TestCompleted, TestStop: TestCancelled, TestLost: TestFailed},
}

// NextTestStatus looks the move up.
func NextTestStatus(s TestStatus, e TestEvent) (TestStatus, bool) {
	to, ok := testMoves[s][e]
	return to, ok
}

// End ends the test at a time. One that has ended stays as it is.
func (t FailoverTest) End(e TestEvent, at time.Time) FailoverTest {
	if to, ok := NextTestStatus(t.Status, e); ok {
		t.Status, t.Ended = to, at
	}
	return t
}

package directconnect

import (
	"slices"
	"time"
)

// FailoverTest is one StartBgpFailoverTest and what became of it (API reference, VirtualInterfaceTestHistory).
type FailoverTest struct {
	ID          string     `json:"-"`
	InterfaceID string     `json:"-"`
	Account     string     `json:"-"` // who owns the interface
	Region      string     `json:"-"`
	Status      TestStatus `json:"-"`
	Started     time.Time  `json:"-"`
	Version     int64      `json:"-"`
	Peers       []string   `json:"peers"`
	Minutes     int32      `json:"minutes"`
	Ended       time.Time  `json:"ended,omitzero"`
}

// The length of a test (API reference, StartBgpFailoverTest) and how long it stays listed (user guide).
const (
	defaultTest = 180
	maxTest     = 4320
	TestHistory = 365 * 24 * time.Hour
)

// Ends is when the test ends by itself.
func (t FailoverTest) Ends() time.Time { return t.Started.Add(time.Duration(t.Minutes) * time.Minute) }

// Tests reports whether one of the interface's sessions is in the test. Without any it is over.
func (t FailoverTest) Tests(v VirtualInterface) bool {
	return slices.ContainsFunc(v.livePeers(), func(p BGPPeer) bool { return slices.Contains(t.Peers, p.ID) })
}

// ParseTestStatus checks a status that tests are chosen by; empty means any.
func ParseTestStatus(s string) (TestStatus, error) {
	status := TestStatus(s)
	if s != "" && !slices.Contains(TestStatuses, status) {
		return "", Clientf("Test status %s is not valid. Valid values are IN_PROGRESS, COMPLETED, CANCELLED and FAILED.", s)
	}
	return status, nil
}

// StartTest takes the named peers down, or all of them, for some minutes (0: the default).
func (v VirtualInterface) StartTest(id string, peers []string, minutes *int32, now time.Time) (VirtualInterface, FailoverTest, error) {
	var none FailoverTest
	length := int32(defaultTest)
	if minutes != nil {
		length = *minutes
	}
	if length < 1 || length > maxTest {
		return v, none, Clientf("testDurationInMinutes %d is not valid. Valid values are 1 to %d.", length, maxTest)
	}
	if v.TestID != "" {
		return v, none, Clientf("A failover test is already in progress on Virtual Interface %s.", v.ID)
	}
	if len(peers) == 0 {
		for _, p := range v.livePeers() {
			peers = append(peers, p.ID)
		}
	}
	peers = slices.Compact(slices.Sorted(slices.Values(peers)))
	for _, id := range peers {
		if !slices.ContainsFunc(v.livePeers(), func(p BGPPeer) bool { return p.ID == id }) {
			return v, none, Clientf("The BGP Peer %s does not exist on Virtual Interface %s.", id, v.ID)
		}
	}
	v, err := v.move(EventStartTest, now)
	if err != nil {
		return v, none, err
	}
	v.TestID = id
	for i := range v.Peers {
		if slices.Contains(peers, v.Peers[i].ID) {
			v.Peers[i].turn(false, now)
			v.Peers[i].Reason = "failover test"
		}
	}
	return v, FailoverTest{
		ID: id, InterfaceID: v.ID, Account: v.Account, Region: v.Region, Status: TestInProgress, Started: now,
		Peers: peers, Minutes: length,
	}, nil
}

// EndTest brings the peers back. e says why the test ends.
func (v VirtualInterface) EndTest(t FailoverTest, e TestEvent, now time.Time) (VirtualInterface, FailoverTest, error) {
	if v.TestID == "" || v.TestID != t.ID {
		return v, t, Clientf("No failover test is in progress on Virtual Interface %s.", v.ID)
	}
	v.TestID, t = "", t.End(e, now)
	if v.State != InterfaceTesting { // deleted meanwhile
		return v, t, nil
	}
	v, err := v.move(EventEndTest, now)
	if err == nil && slices.ContainsFunc(v.livePeers(), func(p BGPPeer) bool { return p.Up }) {
		v, err = v.move(EventSessionUp, now) // a session that was not in the test: one is enough
	}
	return v, t, err
}

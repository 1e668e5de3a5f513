package main

import (
	"fmt"
	"strings"

	dc "onramp/internal/directconnect"
)

var peers = machine[dc.PeerState, dc.PeerEvent]{
	states: dc.PeerStates, events: dc.PeerEvents, next: dc.NextPeerState,
	begins: []begin[dc.PeerState]{
		{dc.PeerVerifying, "on a public interface"},
		{dc.PeerPending, "on a private or transit interface"},
	},
	words: map[dc.PeerEvent]string{
		dc.PeerVerified:       "ASN and prefixes of a public one are approved, with its interface or later",
		dc.PeerProvisioned:    "the router has it, and its interface is provisioned",
		dc.PeerRelocated:      "AssociateVirtualInterface: it is set up anew on another router",
		dc.PeerRemove:         "DeleteBGPPeer; what AssociateVirtualInterface leaves behind on the earlier router",
		dc.PeerRemoved:        "the router has let go of it. A peer that is deleted so leaves the list",
		dc.PeerInterfaceEnded: "its interface is deleted or rejected; its peers are shown with it, deleted",
	},
}

var tests = machine[dc.TestStatus, dc.TestEvent]{
	states: dc.TestStatuses, events: dc.TestEvents, next: dc.NextTestStatus,
	begins: []begin[dc.TestStatus]{{dc.TestInProgress, "StartBgpFailoverTest"}},
	words: map[dc.TestEvent]string{
		dc.TestTimeOver: "testDurationInMinutes are over",
		dc.TestStop:     "StopBgpFailoverTest, or what is tested is deleted",
		dc.TestLost:     "its router does not answer when the time is over, or its interface is gone in no other way",
	},
}

// statusWords is the rule of BGPPeer.Status; the table under it is asked of the rule itself.
const statusWords = "`bgpStatus` is not stored: it follows from the peer's state and from what was last seen of its session.\n\n"

func printStatus(b *strings.Builder) {
	b.WriteString(statusWords + "| state | the router answers, session up | the router answers, session not up | the router does not answer |\n|---|---|---|---|\n")
	for _, s := range dc.PeerStates {
		up := dc.BGPPeer{State: s, Readable: true, Up: s == dc.PeerAvailable} // no other state keeps a session up
		seen := dc.BGPPeer{State: s, Readable: true}
		fmt.Fprintf(b, "| `%s` | %s | `%s` | `%s` |\n", s, whenUp(up), seen.Status(), dc.BGPPeer{State: s}.Status())
	}
	b.WriteString("\n")
}

func whenUp(p dc.BGPPeer) string {
	if !p.Up {
		return "is not up"
	}
	return "`" + p.Status() + "`"
}

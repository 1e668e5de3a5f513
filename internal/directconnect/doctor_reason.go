package directconnect

import "strings"

// Reason is why something is down, by the name of its runbook.
type Reason string

// The reasons, from the bottom up.
const (
	ReasonOrderNotApproved     Reason = "order-not-approved"
	ReasonOrderRefused         Reason = "order-refused"
	ReasonHostedNotAccepted    Reason = "hosted-not-accepted"
	ReasonEnded                Reason = "ended"
	ReasonLOAExpired           Reason = "loa-expired"
	ReasonLOALapsed            Reason = "loa-lapsed"
	ReasonMaintenance          Reason = "maintenance"
	ReasonCableMissing         Reason = "cable-missing"
	ReasonRouterGone           Reason = "router-gone"
	ReasonAgentNotEnrolled     Reason = "agent-not-enrolled"
	ReasonAgentNotConnected    Reason = "agent-not-connected"
	ReasonPlanNotAccepted      Reason = "plan-not-accepted"
	ReasonRouterUnreachable    Reason = "router-unreachable"
	ReasonRouterDrift          Reason = "router-drift"
	ReasonNotConfigured        Reason = "not-configured"
	ReasonNoLight              Reason = "no-light"
	ReasonLightOutOfRange      Reason = "light-out-of-range"
	ReasonNoCarrier            Reason = "no-carrier"
	ReasonNotBundled           Reason = "not-bundled"
	ReasonLAGBelowMinimum      Reason = "lag-below-minimum"
	ReasonLAGMemberDown        Reason = "lag-member-down"
	ReasonMACsecNoKey          Reason = "macsec-no-key"
	ReasonMACsecNotEncrypted   Reason = "macsec-not-encrypted"
	ReasonNotReconciled        Reason = "not-reconciled"
	ReasonInterfaceNotAccepted Reason = "interface-not-accepted"
	ReasonInterfaceNotVerified Reason = "interface-not-verified"
	ReasonInterfacePending     Reason = "interface-pending"
	ReasonFailoverTest         Reason = "failover-test"
	ReasonPrefixLimit          Reason = "prefix-limit"
	ReasonNeighborSilent       Reason = "neighbor-silent"
	ReasonBGPRefused           Reason = "bgp-refused"
	ReasonBGPWrongKey          Reason = "bgp-wrong-key"
	ReasonBGPWrongASN          Reason = "bgp-wrong-asn"
	ReasonBGPClosed            Reason = "bgp-closed"
	ReasonBGPHoldTimer         Reason = "bgp-hold-timer"
	ReasonBGPNotification      Reason = "bgp-notification"
	ReasonBGPDown              Reason = "bgp-down"
	ReasonNoPrefixes           Reason = "no-prefixes"
	ReasonGatewayNotAssociated Reason = "gateway-not-associated"
	ReasonNothingAdvertised    Reason = "nothing-advertised"
	ReasonGatewayNoInterface   Reason = "gateway-no-interface"
	ReasonGatewayInterfaceDown Reason = "gateway-interface-down"
)

// RunbookFolder is where the runbooks are.
const RunbookFolder = "docs/runbooks/"

// Runbook is the page about a reason.
func (r Reason) Runbook() string { return RunbookFolder + string(r) + ".md" }

// Remedy is what a reason means, and what to do: sentences for an operator, ID standing for what it is about.
type Remedy struct{ Means, Do string }

// Reasons are all reasons. Each has a runbook.
var Reasons = map[Reason]Remedy{
	ReasonOrderNotApproved:     {"The order waits for an operator.", "Approve it (onramp connection approve ID) or refuse it with a reason."},
	ReasonOrderRefused:         {"An operator has refused the order.", "The customer orders again, after what it was refused for is settled."},
	ReasonHostedNotAccepted:    {"The customer has not accepted the hosted connection.", "The customer confirms it (ConfirmConnection), or the partner takes it back."},
	ReasonEnded:                {"It has been deleted, or is being deleted.", "Nothing, unless somebody deleted it by mistake: onramp audit list --resource ID tells who."},
	ReasonLOAExpired:           {"The letter's authority has run out before a cable was in place.", "The customer fetches the letter again, which renews it, and orders the cross connect."},
	ReasonLOALapsed:            {"The order has lapsed: nobody plugged a cable in while the letter was good.", "The customer orders again."},
	ReasonMaintenance:          {"Planned work is in progress on what it runs over.", "Wait for the end of the work; onramp maintenance list --resource ID shows it."},
	ReasonCableMissing:         {"The port is reserved and the letter issued, and no cable is in place.", "The customer has the colocation run the cross connect that the letter names."},
	ReasonRouterGone:           {"The router is no longer in the inventory.", "Put it back (onramp inventory apply FILE), or have the customer order elsewhere."},
	ReasonAgentNotEnrolled:     {"The router's agent has no valid enrolment.", "Make a token (onramp router token ROUTER) and enrol the agent with it on the router."},
	ReasonAgentNotConnected:    {"The router's agent is not connected, so nothing can be told to it or seen.", "Look at the agent on the router, and at the network between it and this server."},
	ReasonPlanNotAccepted:      {"The router waits for somebody to accept its first configuration.", "Accept it on the router (onramp router plan --accept)."},
	ReasonRouterUnreachable:    {"The router does not answer.", "Look at the router's management; what it forwards may still work."},
	ReasonRouterDrift:          {"The router is not as it was told to be, although it was told again.", "Look on the router at what changes it, and at its agent's log."},
	ReasonNotConfigured:        {"The router does not have what it should.", "Wake it by another look (onramp doctor ID); if it stays, read the server's log for the router."},
	ReasonNoLight:              {"No light arrives from the far side.", "Check the customer's port and optic, then the cross connect, strand by strand; rolled fibres are the usual cause."},
	ReasonLightOutOfRange:      {"The light that arrives is weaker or stronger than the optic takes.", "Clean and measure the cross connect; too much light needs an attenuator."},
	ReasonNoCarrier:            {"Light arrives, and the link does not come up.", "Compare speed, optic type and auto-negotiation with the customer's side."},
	ReasonNotBundled:           {"The link is up, and the far side does not bundle it.", "Have the customer run LACP on the port, active, in the same aggregate as the others."},
	ReasonLAGBelowMinimum:      {"Fewer members of the LAG are up than its minimum.", "Repair the members that are named (onramp doctor MEMBER), or lower the minimum."},
	ReasonLAGMemberDown:        {"The LAG works, and a member of it does not.", "Repair the member that is named (onramp doctor MEMBER)."},
	ReasonMACsecNoKey:          {"Encryption is required, and no key is associated.", "The customer associates a key (AssociateMacSecKey), or relaxes the encryption mode."},
	ReasonMACsecNotEncrypted:   {"Both sides have not agreed on a MACsec key.", "Compare CKN and CAK with the customer's side: both must be the same to the digit."},
	ReasonNotReconciled:        {"What was seen speaks for it, and its state has not followed.", "Wait a moment; if it stays, look at the reconciler: metrics, server log."},
	ReasonInterfaceNotAccepted: {"The customer has not accepted the virtual interface.", "The customer confirms it (ConfirmPrivateVirtualInterface and its like), or the connection's owner takes it back."},
	ReasonInterfaceNotVerified: {"ASN and prefixes of a public interface wait to be verified.", "Check the registrations and verify it (onramp interface verify ID)."},
	ReasonInterfacePending:     {"The interface is being provisioned.", "Wait a moment; if it stays, look at its router: onramp router list, server log."},
	ReasonFailoverTest:         {"The customer's failover test keeps sessions down.", "Wait for its end, or have the customer stop it (StopBgpFailoverTest)."},
	ReasonPrefixLimit:          {"The session is shut: the customer announced more prefixes than it may.", "The customer announces fewer, then try again: onramp interface reenable ID."},
	ReasonNeighborSilent:       {"The customer's router does not answer.", "Check VLAN, addresses and the customer's interface; a ping over the link tells on which side it is."},
	ReasonBGPRefused:           {"The customer's router answers, and takes no BGP session.", "Have the customer configure the session for our address, and permit TCP port 179."},
	ReasonBGPWrongKey:          {"The customer's router signs with another TCP MD5 key.", "Have the customer enter the key anew: it is in the router configuration that the service gives."},
	ReasonBGPWrongASN:          {"The customer's router speaks as another autonomous system.", "Have the customer correct its ASN, or make the session anew with the right one."},
	ReasonBGPClosed:            {"The customer's router has closed the session.", "Ask the customer whether it was shut on purpose."},
	ReasonBGPHoldTimer:         {"Nothing was heard in the hold time, or the connection broke.", "Look for losses and for a busy router on the customer's side, and at errors on the link."},
	ReasonBGPNotification:      {"The session was closed with a NOTIFICATION.", "The code says why; compare what both sides have configured."},
	ReasonBGPDown:              {"The session is not established.", "Read what was seen, and compare both sides' configuration."},
	ReasonNoPrefixes:           {"The session is up, and the customer announces nothing that is taken.", "Have the customer announce its prefixes; on a public interface only those of the route filter are taken."},
	ReasonGatewayNotAssociated: {"The gateway leads nowhere: nothing is associated with it.", "Associate a virtual private or transit gateway with it."},
	ReasonNothingAdvertised:    {"The session is up, and nothing is announced to the customer.", "Check the allowed prefixes of the gateway's associations and the prefixes behind them."},
	ReasonGatewayNoInterface:   {"No virtual interface leads to the gateway.", "Attach one, or accept one that waits."},
	ReasonGatewayInterfaceDown: {"A virtual interface to the gateway is down.", "Ask about the interface that is named: onramp doctor INTERFACE."},
}

// sessionReasons sort why a session is not up: by words of the routers' reports, the first that fits.
var sessionReasons = []struct {
	words  string
	reason Reason
}{
	{"failover test", ReasonFailoverTest},
	{"maintenance ", ReasonMaintenance},
	{"Cease 6/1", ReasonPrefixLimit},
	{"maximum number of prefixes", ReasonPrefixLimit},
	{"another TCP MD5 key", ReasonBGPWrongKey},
	{"TCP MD5", ReasonBGPWrongKey},
	{"bad peer as", ReasonBGPWrongASN},
	{"is expected (OPEN error 2/2)", ReasonBGPWrongASN},
	{"has closed the session", ReasonBGPClosed},
	{"notification received: cease", ReasonBGPClosed},
	{"hold timer expired", ReasonBGPHoldTimer},
	{"connection lost", ReasonBGPHoldTimer},
	{"not back from its restart", ReasonBGPHoldTimer},
	{"notification", ReasonBGPNotification},
	{"has not accepted our OPEN", ReasonBGPNotification},
	{"refuses BGP connections", ReasonBGPRefused},
	{"no light", ReasonNoLight},
	{"no carrier", ReasonNoLight},
	{"must be", ReasonMACsecNotEncrypted},
	{"not configured", ReasonNotConfigured},
	{"is not there", ReasonNotConfigured},
	{"does not answer", ReasonNeighborSilent},
	{"no answer from", ReasonNeighborSilent},
	{"no route to neighbour", ReasonNeighborSilent},
	{"is down", ReasonNoCarrier},
}

// SessionReason is what kind of trouble a router's report of a session tells of.
func SessionReason(report string) Reason {
	for _, s := range sessionReasons {
		if strings.Contains(report, s.words) {
			return s.reason
		}
	}
	return ReasonBGPDown
}

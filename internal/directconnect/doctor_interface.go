package directconnect

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// InterfaceFacts is what is known of a virtual interface.
type InterfaceFacts struct {
	Interface    VirtualInterface
	Parent       []Check       // of the connection or LAG that it is on
	Test         *FailoverTest // that runs
	Work         []Maintenance
	Accepted     map[Family]int // routes
	Advertised   int
	Gateway      *Gateway // that it leads to, if it is a Direct Connect gateway
	Associations []Association
	Now          time.Time
}

// Diagnose tells why a virtual interface works or does not: what is beneath it first.
func (f InterfaceFacts) Diagnose() Diagnosis {
	v := f.Interface
	return Diagnosis{ID: v.ID, Kind: "interface", Account: v.Account, State: string(v.State), At: f.Now, Checks: f.checks()}.conclude()
}

func (f InterfaceFacts) checks() []Check {
	v := f.Interface
	l := &checklist{on: v.ID}
	if !v.Working() {
		l.bad("order", string(v.State), v.Since, ReasonEnded)
		return l.checks
	}
	l.checks = slices.Clone(f.Parent)
	if !f.accepted(l) {
		return l.checks
	}
	l.ok("VLAN", fmt.Sprintf("%d on %s, MTU %d", v.VLAN, v.ParentID, v.MTU), time.Time{})
	l.work(f.Work, v.State == InterfaceAvailable && v.Drained == "")
	if f.Test != nil {
		l.bad("failover test", "keeps sessions down until "+clock(f.Test.Ends()), f.Test.Started, ReasonFailoverTest)
	} else {
		l.ok("failover test", "none", time.Time{})
	}
	if v.State == InterfacePending {
		l.bad("provisioned", "not yet", v.Since, ReasonInterfacePending)
	} else {
		l.ok("provisioned", "on "+v.Router, time.Time{})
	}
	up := map[Family]bool{}
	for _, p := range v.livePeers() {
		f.session(l, p)
		if p.Up {
			up[p.Family] = true
		}
	}
	f.gateway(l)
	f.routes(l, up)
	l.state(v.State == InterfaceAvailable, withReason(string(v.State), v.Reason), v.Since)
	return l.checks
}

// accepted tells whether everybody has agreed, and false if all else is beside the point.
func (f InterfaceFacts) accepted(l *checklist) bool {
	v := f.Interface
	const accepted, verified = "accepted", "verified"
	switch {
	case v.State == InterfaceConfirming:
		l.bad(accepted, "waits for account "+v.Account, v.Since, ReasonInterfaceNotAccepted)
		return false
	case v.Hosted:
		l.ok(accepted, "by account "+v.Account, time.Time{})
	default:
		l.none(accepted, "its owner made it")
	}
	switch {
	case v.Type != Public:
		l.none(verified, "a "+string(v.Type)+" interface need not be")
	case v.State == InterfaceVerifying:
		l.bad(verified, "ASN and prefixes wait", v.Since, ReasonInterfaceNotVerified)
		return false
	case v.AwaitsVerification():
		l.bad(verified, "a session that was added later waits", time.Time{}, ReasonInterfaceNotVerified)
	default:
		l.ok(verified, "ASN and prefixes", v.Verified)
	}
	return true
}

func (f InterfaceFacts) session(l *checklist, p BGPPeer) {
	name := "BGP " + string(p.Family) + " " + p.Customer.Addr().String()
	switch {
	case p.State == PeerVerifying:
		l.unknown(name, "waits to be verified")
	case p.State == PeerPending:
		l.unknown(name, "is being provisioned")
	case !p.Readable:
		l.bad(name, "the router does not answer", time.Time{}, ReasonRouterUnreachable)
	case p.Up:
		l.ok(name, fmt.Sprintf("established with AS %d", p.ASN), time.Time{})
	case !p.Held.IsZero():
		l.bad(name, p.Reason+"; tried again at "+clock(p.releases()), p.Held, ReasonPrefixLimit)
	default:
		l.bad(name, p.Reason, time.Time{}, SessionReason(p.Reason))
	}
}

// gateway tells whether the interface leads anywhere.
func (f InterfaceFacts) gateway(l *checklist) {
	v := f.Interface
	const name, allowed = "gateway", "allowed prefixes"
	switch {
	case v.Type == Public:
		l.none(name, "a public interface has none")
		return
	case v.GatewayID == "":
		l.ok(name, v.VirtualGatewayID, time.Time{})
		return
	case f.Gateway == nil || !f.Gateway.Live():
		l.bad(name, v.GatewayID+" has been deleted", time.Time{}, ReasonEnded)
		return
	}
	checkAssociations(l, name, allowed, v.GatewayID, f.Associations, v.SiteLink)
}

// checkAssociations tells what a gateway leads to. With SiteLink interfaces lead to each other.
func checkAssociations(l *checklist, name, allowed, gateway string, all []Association, siteLink bool) {
	var far, prefixes []string
	for _, a := range all {
		if a.State == Associated || a.State == Updating {
			far = append(far, a.FarID)
			prefixes = append(prefixes, a.Allowed...)
		}
	}
	switch {
	case len(far) > 0:
		l.ok(name, gateway+", associated with "+strings.Join(far, " "), time.Time{})
	case siteLink:
		l.ok(name, gateway+", with SiteLink alone", time.Time{})
	default:
		l.bad(name, gateway+", associated with nothing", time.Time{}, ReasonGatewayNotAssociated)
	}
	if len(prefixes) > 0 {
		l.ok(allowed, strings.Join(prefixes, " "), time.Time{})
	} else {
		l.none(allowed, "none are set")
	}
}

// routes counts what crosses the interface over the sessions that are up.
func (f InterfaceFacts) routes(l *checklist, up map[Family]bool) {
	v := f.Interface
	const accepted, advertised = "prefixes accepted", "prefixes advertised"
	if len(up) == 0 {
		l.none(accepted, "no session is up")
		l.none(advertised, "no session is up")
		return
	}
	for _, family := range []Family{IPv4, IPv6} {
		if !up[family] {
			continue
		}
		n := f.Accepted[family]
		seen := fmt.Sprintf("%d of %d, %s", n, v.PrefixLimit(family), family)
		if n == 0 {
			l.bad(accepted, seen, time.Time{}, ReasonNoPrefixes)
		} else {
			l.ok(accepted, seen, time.Time{})
		}
	}
	if f.Advertised == 0 {
		l.bad(advertised, "0", time.Time{}, ReasonNothingAdvertised)
	} else {
		l.ok(advertised, fmt.Sprint(f.Advertised), time.Time{})
	}
}

package directconnect

import (
	"fmt"
	"strings"
	"time"
)

// GatewayFacts is what is known of a Direct Connect gateway.
type GatewayFacts struct {
	Gateway      Gateway
	Associations []Association
	Interfaces   []VirtualInterface // live ones that lead to it
	Now          time.Time
}

// Diagnose tells why a Direct Connect gateway works or does not.
func (f GatewayFacts) Diagnose() Diagnosis {
	g := f.Gateway
	l := &checklist{on: g.ID}
	if g.State != GatewayAvailable && g.State != GatewayPending {
		l.bad("order", withReason(string(g.State), g.Error), g.Since, ReasonEnded)
	} else {
		l.ok("order", string(g.State), g.Since)
		f.interfaces(l)
		checkAssociations(l, "associations", "allowed prefixes", fmt.Sprintf("AS %d", g.AmazonASN), f.Associations, f.siteLink())
		for _, a := range f.Associations {
			if a.Error != "" {
				l.unknown("association "+a.ID, string(a.State)+": "+a.Error)
			}
		}
	}
	return Diagnosis{ID: g.ID, Kind: "gateway", Account: g.Account, State: string(g.State), At: f.Now, Checks: l.checks}.conclude()
}

func (f GatewayFacts) siteLink() bool {
	n := 0
	for _, v := range f.Interfaces {
		if v.SiteLink {
			n++
		}
	}
	return n > 1
}

func (f GatewayFacts) interfaces(l *checklist) {
	var down []string
	for _, v := range f.Interfaces {
		if v.State != InterfaceAvailable {
			down = append(down, v.ID+" ("+withReason(string(v.State), v.Reason)+")")
		}
	}
	const name = "interfaces"
	switch {
	case len(f.Interfaces) == 0:
		l.bad(name, "there are none", time.Time{}, ReasonGatewayNoInterface)
	case len(down) > 0:
		l.bad(name, fmt.Sprintf("%d of %d are up: %s", len(f.Interfaces)-len(down), len(f.Interfaces), strings.Join(down, ", ")), time.Time{}, ReasonGatewayInterfaceDown)
	default:
		l.ok(name, fmt.Sprintf("%d, all up", len(f.Interfaces)), time.Time{})
	}
}

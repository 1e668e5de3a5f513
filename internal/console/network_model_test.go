package console

import (
	"testing"

	"onramp/internal/console/diagram"
	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
)

// The picture knows every state there is, and a new one shows here rather than as a question mark.
func TestThePictureKnowsEveryState(t *testing.T) {
	var all []string
	for _, s := range directconnect.ConnectionStates {
		all = append(all, string(s))
	}
	for _, s := range directconnect.LAGStates {
		all = append(all, string(s))
	}
	for _, s := range directconnect.InterfaceStates {
		all = append(all, string(s))
	}
	for _, s := range directconnect.GatewayStates {
		all = append(all, string(s))
	}
	for _, s := range directconnect.AssociationStates {
		all = append(all, string(s))
	}
	for _, s := range all {
		if got := diagram.HealthOf(s); (got == diagram.Unknown) != (s == "unknown") || got == diagram.Untold {
			t.Errorf("the health of what is %s is %s", s, got)
		}
	}
}

// Every kind of shape that stands for a thing leads somewhere, for customers and for operators.
func TestEveryKindHasAPage(t *testing.T) {
	kinds := []diagram.Kind{
		diagram.Customer, diagram.Connection, diagram.Interconnect, diagram.Hosted, diagram.LAG, diagram.Foreign, diagram.Interface,
		diagram.Gateway, diagram.OthersGateway, diagram.DirectGateway, diagram.PublicNetworks, diagram.VirtualGateway, diagram.TransitGateway,
	}
	for _, account := range []string{"", "111122223333"} {
		href := hrefs(account, nil)
		for _, k := range kinds {
			if href(k, "x") == "" || href(k, "") == "" {
				t.Errorf("a %s of account %q has no page", k, account)
			}
		}
	}
	if got := hrefs("111122223333", nil)(diagram.Connection, "a/b?c"); got != connectionsPath+"/a%2Fb%3Fc" {
		t.Errorf("an odd identifier leads to %s", got)
	}
}

// The states of ports that the panel knows are those that the control plane has.
func TestThePanelKnowsEveryState(t *testing.T) {
	for _, s := range []controlplane.PortState{
		controlplane.PortFree, controlplane.PortReserved, controlplane.PortDark, controlplane.PortLit, controlplane.PortDown,
		controlplane.PortUnknown, controlplane.PortLeaving,
	} {
		if diagram.SlotSign(string(s)) == "" {
			t.Errorf("a port that is %s has no sign", s)
		}
	}
}

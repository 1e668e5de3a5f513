package console

import (
	"testing"

	"onramp/internal/directconnect"
	"onramp/internal/onramptest"
	"onramp/test/console/consoletest"
)

// A browser has six connections to one server by HTTP/1.1: pages that nobody sees hold none, and follow again once they are shown.
func TestManyTabs(t *testing.T) {
	t.Parallel()
	s := onramptest.Start(t, onramptest.Pace(directconnect.Manual))
	v := consoletest.Enter(t, s, acme)
	at := orders(t, v, "port", "EqDC2")
	b := consoletest.Open(t, s)
	b.Enter(acme)
	b.Go(at)
	shown := b
	for range 7 {
		shown.Hidden(true)
		shown = b.Tab()
		shown.Go(at)
	}
	shown.Hidden(true)
	if _, err := s.Daemon().Service().ApproveOrder(t.Context(), idOf(at)); err != nil {
		t.Fatal(err)
	}
	b.Hidden(false)
	b.WaitIn("#live .state", "pending")
}

// What can be done changes with the state on a page that follows it; what somebody has begun to fill in stays.
func TestFormsFollowTheState(t *testing.T) {
	t.Parallel()
	s := onramptest.Start(t, onramptest.Pace(directconnect.Manual))
	id := idOf(orders(t, consoletest.Enter(t, s, acme), "port", "EqDC2"))
	service := s.Daemon().Service()
	b := consoletest.Open(t, s)
	b.EnterOperator(s.Operator().Token)
	b.Go("/console/operator/connections/" + id)
	b.Toggle("Assign another port")
	b.Fill("#port-port", "EqDC2-0123456789ab:et-7")
	if _, err := service.ApproveOrder(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	b.Wait("The cable is in place")
	if b.Is(`document.querySelector("#approve") !== null || document.querySelector("#refuse") !== null`) {
		t.Error("an approved order can still be approved or refused")
	}
	if !b.Is(`document.querySelector("#port-port").value === "EqDC2-0123456789ab:et-7"`) {
		t.Error("what was being typed is lost")
	}
	b.Look("operator-connection-followed")
	b.Press("The cable is in place")
	b.Wait("The cable is in place.")
	if b.Is(`location.search !== ""`) {
		t.Error("the address says again what was done")
	}
}

// On a phone the menu is closed, and opens, where no script runs, too.
func TestMenuWithoutScript(t *testing.T) {
	t.Parallel()
	s := onramptest.Start(t)
	b := consoletest.Open(t, s)
	b.Enter(acme)
	b.Scripts(false)
	b.Go("/console/connections")
	b.Phone()
	if !b.Is(`document.querySelector("main").getBoundingClientRect().top < 260`) {
		t.Error("the page begins far down")
	}
	b.Screenshot("menu-without-script")
	b.Phone()
	b.Toggle("Pages")
	b.WaitFor(`.menu[open]`)
	if !b.Is(`document.querySelector(".pages a").checkVisibility()`) {
		t.Error("the menu does not open")
	}
	b.Scripts(true)
}

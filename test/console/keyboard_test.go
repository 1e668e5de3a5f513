package console

import (
	"testing"

	"onramp/internal/onramptest"
	"onramp/test/console/consoletest"
)

// Without a mouse: the first stop is the link to the page itself, every field and button is reached by Tab, and shows it.
func TestKeyboard(t *testing.T) {
	t.Parallel()
	s := onramptest.Start(t)
	b := consoletest.Open(t, s)
	b.Go("/console/login")
	b.Keys("\t")
	if !b.Is(`document.activeElement.classList.contains("skip") && document.activeElement.getBoundingClientRect().left >= 0`) {
		t.Error("the first stop is not the link to the page, or is not to be seen")
	}
	tab := func(to string) {
		t.Helper()
		for range 40 {
			if b.Is(`document.activeElement.matches(` + to + `)`) {
				if !b.Is(`getComputedStyle(document.activeElement).outlineStyle !== "none"`) {
					t.Errorf("it does not show that %s has the focus", to)
				}
				return
			}
			b.Keys("\t")
		}
		t.Fatalf("%s is not reached", to)
	}
	tab(`"#account"`)
	b.Keys("\r") // the account of open mode stands there
	b.Wait("Network")
	b.Keys("\t\r") // past the navigation
	if !b.Is(`location.hash === "#main"`) {
		t.Error("the link leads elsewhere")
	}
	tab(`"a.button.primary"`)
	b.Keys("\r")
	b.Wait("Order a connection")
}

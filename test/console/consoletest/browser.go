package consoletest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"onramp/internal/onramptest"
	"onramp/test/need"
)

// patience is how long a browser is waited for: the machine may be busy.
const patience = 60 * time.Second

// Browser is a Chromium with a fresh profile, at the console of a server. It ends with the test. An error on its console, or an
// exception of a page, fails the test.
type Browser struct {
	t    testing.TB
	base string
	ctx  context.Context

	faults []string // of the one who hears; read when he has ended
}

// Open starts a browser, or skips the test loudly where there is none.
func Open(t testing.TB, s *onramptest.Server) *Browser {
	t.Helper()
	return OpenAt(t, s.OperatorURL)
}

// OpenAt is Open for a server that is anywhere, by the URL of its operator's listener.
func OpenAt(t testing.TB, server string) *Browser {
	t.Helper()
	program := need.Program(t, "chromium", "chromium-browser", "google-chrome")
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(program), chromedp.UserDataDir(t.TempDir()), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-dev-shm-usage", true), chromedp.WindowSize(1280, 900), chromedp.WSURLReadTimeout(patience),
	)
	alive, kill := chromedp.NewExecAllocator(context.WithoutCancel(t.Context()), options...)
	t.Cleanup(kill)
	return begin(t, alive, server)
}

// Beside is the browser of somebody else: a window of the same Chromium that shares no cookie with the others.
func (b *Browser) Beside() *Browser {
	b.t.Helper()
	return begin(b.t, b.ctx, b.base, chromedp.WithNewBrowserContext())
}

// Tab is another tab of the same window, which shares the cookies.
func (b *Browser) Tab() *Browser {
	b.t.Helper()
	return begin(b.t, b.ctx, b.base)
}

// begin opens a window, and listens to what comes on its console until the test ends.
func begin(t testing.TB, parent context.Context, server string, options ...chromedp.ContextOption) *Browser {
	t.Helper()
	ctx, end := chromedp.NewContext(parent, options...)
	b := &Browser{t: t, base: server, ctx: ctx}
	if err := chromedp.Do(ctx); err != nil {
		end()
		t.Fatalf("starting a browser: %v", err)
	}
	messages := chromedp.Console(ctx)
	var heard sync.WaitGroup
	heard.Go(func() {
		for m, err := range messages {
			if err != nil {
				return
			}
			b.hear(m)
		}
	})
	t.Cleanup(func() {
		end()
		heard.Wait()
		for _, fault := range b.faults {
			t.Errorf("the browser's console: %s", fault)
		}
	})
	b.Desktop()
	return b
}

// hear collects what must not be on a browser's console. That a form was refused with a status of its own is no fault.
func (b *Browser) hear(m chromedp.ConsoleMessage) {
	refused := m.Source == "network" && strings.Contains(m.Text, "status of 4") && !strings.Contains(m.URL, "/asset/")
	if m.IsException() || m.Type == "error" && !refused || m.Type == "warning" {
		b.faults = append(b.faults, m.Text+" "+m.URL)
	}
}

// run takes steps that answer nothing.
func (b *Browser) run(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.t.Fatalf("browser: %v\nat %s: %s", err, b.at(), b.seen())
	}
}

// ask takes a step that answers something.
func ask[T any](b *Browser, step chromedp.Action[T]) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	answer, err := chromedp.Run(ctx, step)
	if err != nil {
		b.t.Fatalf("browser: %v\nat %s: %s", err, b.at(), b.seen())
	}
	return answer
}

func (b *Browser) at() string {
	where, _ := chromedp.Run(b.ctx, chromedp.Location()) // for a message only
	return where
}

// seen is the beginning of the page as text, for messages.
func (b *Browser) seen() string {
	text, _ := chromedp.Run(b.ctx, chromedp.Evaluate[string](`document.querySelector("main")?.innerText ?? document.body.innerText`))
	if len(text) > 1500 {
		text = text[:1500] + "..."
	}
	return text
}

// Go opens a page of the console by its path.
func (b *Browser) Go(path string) {
	b.t.Helper()
	b.run(chromedp.Navigate(b.base + path))
	b.loaded()
}

// Open opens any address.
func (b *Browser) Open(address string) {
	b.t.Helper()
	b.run(chromedp.Navigate(address))
	b.loaded()
}

// Enter goes in as an account of a server in open mode.
func (b *Browser) Enter(account string) {
	b.t.Helper()
	b.Go("/console/login")
	b.Fill("#account", account)
	b.Press("Enter")
}

// EnterOperator goes in with the operator token.
func (b *Browser) EnterOperator(token string) {
	b.t.Helper()
	b.Go("/console/login")
	b.Fill("#token", token)
	b.Press("Enter as operator")
}

// LogIn goes in as a user.
func (b *Browser) LogIn(account, user, password string) {
	b.t.Helper()
	b.Go("/console/login")
	b.Fill("#user-account", account)
	b.Fill("#user", user)
	b.Fill("#password", password)
	b.Press("Log in")
}

// LogOut leaves.
func (b *Browser) LogOut() {
	b.t.Helper()
	b.Press("Log out")
}

// find is script for the first visible link, button or summary with a text or an accessible name.
func find(text string) string {
	quoted, _ := json.Marshal(text) // of a string it never fails
	return `[...document.querySelectorAll("main a, main button, main summary, nav a, nav summary, header button, header a, dialog button")].find(e =>
		(e.innerText.trim() === ` + string(quoted) + ` || e.getAttribute("aria-label") === ` + string(quoted) + `) && e.checkVisibility())`
}

// Press presses a button or follows a link by its text, and waits for the page that comes.
func (b *Browser) Press(text string) {
	b.t.Helper()
	b.press(find(text), text)
}

// PressAt is Press for what a CSS selector finds.
func (b *Browser) PressAt(selector string) {
	b.t.Helper()
	quoted, _ := json.Marshal(selector) // of a string it never fails
	b.press(`document.querySelector(`+string(quoted)+`)`, selector)
}

func (b *Browser) press(script, what string) {
	b.t.Helper()
	if !b.Is(`(() => { const e = ` + script + `; if (!e) return false; window.before = true; e.click(); return true; })()`) {
		b.t.Fatalf("there is no %q at %s:\n%s", what, b.at(), b.seen())
	}
	b.until(`window.before === undefined && document.readyState === "complete"`, "the page after "+what)
}

// Toggle clicks something that leads to no other page.
func (b *Browser) Toggle(text string) {
	b.t.Helper()
	if !b.Is(`(() => { const e = ` + find(text) + `; if (!e) return false; e.click(); return true; })()`) {
		b.t.Fatalf("there is no %q at %s:\n%s", text, b.at(), b.seen())
	}
}

func (b *Browser) loaded() {
	b.t.Helper()
	b.until(`document.readyState === "complete"`, "the page")
}

// until waits for a condition in script.
func (b *Browser) until(condition, what string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	ticker := time.NewTicker(50 * time.Millisecond)
	defer ticker.Stop()
	for {
		yes, err := chromedp.Run(ctx, chromedp.Evaluate[bool](condition))
		if err == nil && yes {
			return
		}
		select { // an error is a page that is just being left
		case <-ctx.Done():
			b.t.Fatalf("%s did not come at %s: %v\n%s", what, b.at(), err, b.seen())
		case <-ticker.C:
		}
	}
}

// Wait waits until a text is to be seen.
func (b *Browser) Wait(text string) {
	b.t.Helper()
	quoted, _ := json.Marshal(text) // of a string it never fails
	b.until(`document.body.innerText.includes(`+string(quoted)+`)`, fmt.Sprintf("%q", text))
}

// WaitIn waits until a text is to be seen in what a CSS selector finds first.
func (b *Browser) WaitIn(selector, text string) {
	b.t.Helper()
	s, _ := json.Marshal(selector) // of strings it never fails
	v, _ := json.Marshal(text)
	b.until(`document.querySelector(`+string(s)+`)?.innerText.includes(`+string(v)+`) === true`, fmt.Sprintf("%q in %s", text, selector))
}

// WaitFor waits until a CSS selector finds something.
func (b *Browser) WaitFor(selector string) {
	b.t.Helper()
	quoted, _ := json.Marshal(selector) // of a string it never fails
	b.until(`document.querySelector(`+string(quoted)+`) !== null`, selector)
}

// Sees reports whether a text is to be seen now.
func (b *Browser) Sees(text string) bool {
	b.t.Helper()
	quoted, _ := json.Marshal(text) // of a string it never fails
	return b.Is(`document.body.innerText.includes(` + string(quoted) + `)`)
}

// Fill writes into a field, in place of what is there.
func (b *Browser) Fill(selector, value string) {
	b.t.Helper()
	b.run(chromedp.WaitVisible(chromedp.CSS(selector)), chromedp.Clear(chromedp.CSS(selector)),
		chromedp.SendKeys(chromedp.CSS(selector), value))
}

// Choose takes an option of a <select> by its value.
func (b *Browser) Choose(selector, value string) {
	b.t.Helper()
	s, _ := json.Marshal(selector) // of strings it never fails
	v, _ := json.Marshal(value)
	b.WaitFor(selector)
	if !b.Is(`(() => { const e = document.querySelector(` + string(s) + `); e.value = ` + string(v) + `; return e.value === ` + string(v) + `; })()`) {
		b.t.Fatalf("%s has no option %q", selector, value)
	}
}

// Check ticks a checkbox or radio button.
func (b *Browser) Check(selector string) {
	b.t.Helper()
	s, _ := json.Marshal(selector) // of a string it never fails
	b.WaitFor(selector)
	b.Is(`(() => { const e = document.querySelector(` + string(s) + `); if (!e.checked) e.click(); return true; })()`)
}

// Keys presses keys as a keyboard does, such as "\t" or kb.Enter.
func (b *Browser) Keys(keys string) {
	b.t.Helper()
	b.run(chromedp.KeyEvent(keys))
}

// Is evaluates a condition in script.
func (b *Browser) Is(condition string) bool {
	b.t.Helper()
	return ask(b, chromedp.Evaluate[bool](condition))
}

// Text is what an element shows.
func (b *Browser) Text(selector string) string {
	b.t.Helper()
	return strings.TrimSpace(ask(b, chromedp.Text(chromedp.CSS(selector), chromedp.NodeVisible)))
}

// Path is where the browser is.
func (b *Browser) Path() string {
	b.t.Helper()
	u, err := url.Parse(b.at())
	if err != nil {
		b.t.Fatal(err)
	}
	return u.Path
}

// Scripts lets pages run their scripts, or keeps them from it.
func (b *Browser) Scripts(run bool) {
	b.t.Helper()
	if _, err := chromedp.Call(b.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !run}); err != nil {
		b.t.Fatal(err)
	}
}

// Hidden tells the page that nobody sees it, or that somebody does again, as a browser with a screen does when tabs are changed:
// one without a screen shows all of them at once.
func (b *Browser) Hidden(hidden bool) {
	b.t.Helper()
	b.Is(fmt.Sprintf(`Object.defineProperty(document, "hidden", {configurable: true, get: () => %t});
		document.dispatchEvent(new Event("visibilitychange")); true`, hidden))
}

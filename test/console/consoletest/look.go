package consoletest

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// Desktop is a screen 1280 CSS pixels wide, with the menu open.
func (b *Browser) Desktop() {
	b.t.Helper()
	b.run(chromedp.EmulateViewport(1280, 900))
	b.until(`document.querySelector(".pages")?.checkVisibility() !== false`, "the open menu")
}

// Phone is a screen 390 CSS pixels wide, with the menu closed.
func (b *Browser) Phone() {
	b.t.Helper()
	b.run(chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile))
	b.until(`document.querySelector(".pages")?.checkVisibility() !== true`, "the closed menu")
}

// Dark has the system wish for dark colours, or for light ones.
func (b *Browser) Dark(dark bool) {
	b.t.Helper()
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	_, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	})
	if err != nil {
		b.t.Fatal(err)
	}
}

// axeFinding is what axe-core says of a rule that is broken.
type axeFinding struct {
	ID, Impact, Help string
	Nodes            []struct {
		HTML           string `json:"html"`
		FailureSummary string `json:"failureSummary"`
	}
}

// Axe has axe-core look at the page, and fails the test for serious and critical findings.
func (b *Browser) Axe() {
	b.t.Helper()
	b.Is(axeSource(b.t) + `; true`)
	found := ask(b, chromedp.Evaluate[[]axeFinding](
		`axe.run(document, {resultTypes: ["violations"]}).then(r => r.violations.map(v => ({ID: v.id, Impact: v.impact, Help: v.help, Nodes: v.nodes.map(n => ({html: n.html, failureSummary: n.failureSummary}))})))`,
		chromedp.EvalAwaitPromise))
	for _, f := range found {
		if f.Impact != "serious" && f.Impact != "critical" {
			continue
		}
		for _, n := range f.Nodes {
			b.t.Errorf("axe at %s: %s (%s, %s): %s\n%s", b.at(), f.Help, f.ID, f.Impact, n.HTML, n.FailureSummary)
		}
	}
}

// Look is Axe in light and dark and on a phone, where nothing may be wider than the screen, with a screenshot of each. Tables are
// to be seen as a whole.
func (b *Browser) Look(name string) {
	b.t.Helper()
	b.Axe()
	b.tablesFit()
	b.Screenshot(name)
	b.Dark(true)
	b.Axe()
	b.Screenshot(name + "-dark")
	b.Dark(false)
	b.Phone()
	b.Axe()
	if wide := ask(b, chromedp.Evaluate[int](`document.documentElement.scrollWidth`)); wide > 390 {
		b.t.Errorf("%s is %d pixels wide on a phone of 390", b.at(), wide)
	}
	b.tablesFit()
	b.Screenshot(name + "-phone")
	b.Desktop()
}

// tablesFit wants no table to be wider than what is seen of it. A diagram may be.
func (b *Browser) tablesFit() {
	b.t.Helper()
	cut := ask(b, chromedp.Evaluate[[]string](`[...document.querySelectorAll("main table")].map(t => t.parentElement)
		.filter(e => e.scrollWidth > e.clientWidth).map(e => e.getAttribute("aria-label") + " by " + (e.scrollWidth - e.clientWidth))`))
	for _, table := range cut {
		b.t.Errorf("%s: a table is too wide: %s", b.at(), table)
	}
}

// screenshotsVariable names a folder for screenshots; without it there are none.
const screenshotsVariable = "ONRAMP_SCREENSHOTS"

// Screenshot keeps the whole page as NAME.png, if somebody wants to look.
func (b *Browser) Screenshot(name string) {
	b.t.Helper()
	folder := os.Getenv(screenshotsVariable)
	if folder == "" {
		return
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		b.t.Fatal(err)
	}
	png := ask(b, chromedp.FullScreenshot(100))
	if err := os.WriteFile(filepath.Join(folder, name+".png"), png, 0o644); err != nil {
		b.t.Fatal(err)
	}
}

// axeSource is axe-core as it is kept beside the tests.
func axeSource(t testing.TB) string {
	t.Helper()
	for _, at := range []string{"testdata", "../../test/console/testdata", "../testdata"} {
		text, err := os.ReadFile(filepath.Join(at, "axe.min.js"))
		if err == nil {
			return string(text)
		}
	}
	t.Fatal("axe.min.js is not to be found from here")
	return ""
}

package deploy_test

import (
	"context"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	pages "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// How long things in a browser may take; far longer than they do.
const (
	soon     = 20 * time.Second // until one thing is seen
	allOfIt  = 3 * time.Minute  // until a browser is closed, whatever goes on in it
	stopping = 10 * time.Second
)

// need skips the test where something that it takes is missing. In CI that is an error.
func need(t *testing.T, what string, missing error) {
	t.Helper()
	switch {
	case missing == nil:
	case os.Getenv("CI") == "true":
		t.Fatalf("%s: %v", what, missing)
	default:
		t.Skipf("%s: %v", what, missing)
	}
}

// chromium returns the path of a browser.
func chromium(t *testing.T) string {
	t.Helper()
	var path string
	var missing error
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, missing = exec.LookPath(name); missing == nil {
			break
		}
	}
	need(t, "the page can't be tried in a browser; that takes Debian's chromium, or Chrome", missing)
	return path
}

// browser is one with a sandbox in it. Each of its tabs is somebody's.
type browser struct {
	t    *testing.T
	ctx  context.Context
	box  page
	tabs []*tab
}

// startBrowser starts a sandbox and a browser. The test closes it; by then, no tab may have had trouble.
func startBrowser(t *testing.T, flags ...string) (*browser, *process) {
	t.Helper()
	t.Parallel() // most of the time, each waits for something
	path := chromium(t)
	box, program := startSandbox(t, flags...)
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path))
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // which it asks of root
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), allOfIt)
	t.Cleanup(cancel)
	ctx, kill := chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(kill)
	ctx, _ = chromedp.NewContext(ctx)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("%s does not start: %v", path, err)
	}
	return &browser{t: t, ctx: ctx, box: box}, program
}

// close closes the browser, while the sandbox still runs: else its pages have trouble.
func (b *browser) close() {
	b.t.Helper()
	for _, tab := range b.tabs {
		tab.hadNoTrouble()
	}
	ctx, cancel := context.WithTimeout(b.ctx, stopping)
	defer cancel()
	if err := chromedp.Cancel(ctx); err != nil {
		b.t.Errorf("the browser does not close: %v", err)
	}
}

// tab is one of the browser's, as wide as a desktop's unless it is told otherwise.
type tab struct {
	t       *testing.T
	ctx     context.Context
	mu      sync.Mutex
	trouble []string // what no page should have
}

// tells has a page say in its console what it was kept from.
const tells = `addEventListener("securitypolicyviolation", (e) => console.error("the policy was violated:", e.violatedDirective, e.blockedURI, e.sample));`

// open opens a page in a tab of its own. Whatever trouble it has is an error.
func (b *browser) open(path string) *tab {
	b.t.Helper()
	ctx, _ := chromedp.NewContext(b.ctx) // it ends with the browser
	tab := &tab{t: b.t, ctx: ctx}
	if err := chromedp.Listen(ctx, tab.hears); err != nil {
		b.t.Fatal(err)
	}
	call(tab, pages.AddScriptToEvaluateOnNewDocument, pages.AddScriptToEvaluateOnNewDocumentParams{Source: tells})
	call(tab, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true}) // all of them are in use
	tab.wide(1400, 1000)
	tab.prefers("light")
	tab.does(chromedp.Navigate(b.box.url + path))
	b.tabs = append(b.tabs, tab)
	return tab
}

// as opens the chats as somebody sees them.
func (b *browser) as(who string) *tab {
	b.t.Helper()
	tab := b.open("/?who=" + who)
	for _, drawn := range []string{"#slack-in-communities > *", "#discord-in-communities > *", "#genuin h3", "#controls h3"} {
		tab.is(drawn+" is there", "(css) => document.querySelector(css) !== null", drawn)
	}
	return tab
}

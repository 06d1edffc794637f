package deploy_test

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// axe is the checker of accessibility. https://github.com/dequelabs/axe-core
var axe = sync.OnceValues(func() ([]byte, error) {
	return os.ReadFile(filepath.Join("..", "adapters", "peers", "node_modules", "axe-core", "axe.min.js"))
})

// looks is what axe does on a page.
const looks = `async () => {
	const { passes, violations } = await axe.run({ resultTypes: ["violations"] });
	const why = (n) => n.html.slice(0, 200) + "\n  " + [...n.any, ...n.all, ...n.none].map((c) => c.message).join("; ");
	return { passed: passes.length, serious: violations.filter((v) => ["serious", "critical"].includes(v.impact)).map((v) => [v.impact, v.help, ...v.nodes.map(why)].join("\n")) };
}`

// findings is what came of it.
type findings struct {
	Passed  int      `json:"passed"` // rules
	Serious []string `json:"serious"`
}

// isAccessible has axe look at what a tab shows, on a desktop and a phone, light and dark. On the phone nothing may be
// wider than the screen.
func (tab *tab) isAccessible(state string) {
	tab.t.Helper()
	checker, err := axe()
	if err != nil {
		tab.t.Fatal(err)
	}
	if _, err := ask[any](tab, "() => { if (!window.axe) {"+string(checker)+"} }"); err != nil {
		tab.t.Fatal(err)
	}
	for _, width := range []int64{1400, 360} {
		for _, scheme := range []string{"light", "dark"} {
			tab.wide(width, 1000)
			tab.prefers(scheme)
			found, err := ask[findings](tab, looks)
			if err != nil || found.Passed < 10 {
				tab.t.Fatalf("%s: axe passed %d rules, %v", state, found.Passed, err)
			}
			for _, finding := range found.Serious {
				tab.t.Errorf("%s, %d wide, %s: %s", state, width, scheme, finding)
			}
			tab.fitsIn(fmt.Sprintf("%s, %s", state, scheme), width)
		}
	}
	tab.wide(1400, 1000)
}

// fitsIn checks that nobody has to scroll sideways.
func (tab *tab) fitsIn(state string, width int64) {
	tab.t.Helper()
	if wide, err := ask[int64](tab, `() => document.documentElement.scrollWidth`); err != nil || wide > width {
		tab.t.Errorf("%s: the page is %d wide on a screen of %d, %v", state, wide, width, err)
	}
}

func TestThePageIsAccessible(t *testing.T) {
	inEachPane(t, func(t *testing.T, pane chatPane) {
		_, missing := axe()
		need(t, "accessibility can't be checked; that takes `make peers`", missing)
		b, _ := startBrowser(t)
		defer b.close()
		ada, ben := b.as("Ada"), b.as("Ben")
		if pane == slackPane { // it is the same page
			ada.isAccessible("the page with nothing on it")
		}
		ada.says(pane, pane.command+"Acme Fans")
		ada.sees(pane.form + " form")
		if pane == slackPane {
			ada.fills(pane.form+" input", "Handle", "not a handle!")
			ada.sends(pane)
			ada.sees(pane.form+" .problem", "small letters")
		}
		ada.isAccessible("a form")
		if pane == slackPane {
			ada.fills(pane.form+" input", "Handle", "acme-fans")
		}
		ada.sends(pane)
		ada.misses(pane.form)
		ben.sees(pane.log+" article", "Acme Fans")
		ben.clicks("button", "Dismiss")
		ben.clicks(pane.log+" article button", "Approve")
		ben.sees(pane.log+" article .thread", "Acme Fans exists on Genuin now")
		ben.sees("#genuin .calls summary")
		ben.show(pane)
		ben.isAccessible("a card with its thread")
		ben.clicks(pane.log+" .tools a", "Replay")
		ben.sees("#story li", "create community")
		ben.clicks("#story li summary", "create community")
		ben.isAccessible("a replay")
	})
}

// show has a tab show a chat where it shows one part at a time.
func (tab *tab) show(pane chatPane) {
	tab.t.Helper()
	tab.wide(360, 1000)
	tab.clicks(".views button", pane.title)
	tab.wide(1400, 1000)
}

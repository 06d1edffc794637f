package deploy_test

import (
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// tabsTo presses Tab until the focus is on an element with these words.
func (tab *tab) tabsTo(css string, words ...string) {
	tab.t.Helper()
	for range 150 {
		there, err := ask[bool](tab, `(css, words) => {
			const at = document.activeElement;
			return at.matches(css) && (words ?? []).every((w) => wordsOf(at).includes(w));
		}`, css, words)
		if err != nil {
			tab.t.Fatal(err)
		}
		if there {
			return
		}
		tab.types(kb.Tab)
	}
	tab.fails("Tab never comes to %s with %q", css, words)
}

// isOn waits until the focus is on an element.
func (tab *tab) isOn(css string) {
	tab.t.Helper()
	tab.is("the focus on "+css, `(css) => document.activeElement.matches(css)`, css)
}

// TestAllOfItByKeyboardAlone asks and approves without a mouse.
func TestAllOfItByKeyboardAlone(t *testing.T) {
	inEachPane(t, func(t *testing.T, pane chatPane) {
		b, _ := startBrowser(t)
		defer b.close()
		ada, ben := b.as("Ada"), b.as("Ben")
		line := "#" + pane.name + "-line"

		ada.tabsTo(".skip a", "To "+pane.title)
		ada.types(kb.Enter)
		ada.isOn(line)
		ada.types("/")
		ada.sees("#"+pane.name+" [role=option][aria-selected=true]", "/c")
		ada.types(kb.Escape)
		ada.misses("#" + pane.name + " [role=option]")
		ada.types("create" + kb.Enter)
		ada.types(pane.command[len("/create-community "):] + "Acme Fans" + kb.Enter)
		ada.isOn(pane.form + " [name=Name]")
		for range 40 { // round and round
			ada.types(kb.Tab)
			if outside, err := ask[bool](ada, `() => document.activeElement !== document.body && !document.activeElement.closest("dialog[open]")`); err != nil || outside {
				t.Fatalf("the focus left the form: %v", err)
			}
		}
		ada.types(kb.Escape)
		ada.misses(pane.form)
		ada.isOn(line)

		ada.types(pane.command + "Acme Fans" + kb.Enter)
		ada.isOn(pane.form + " [name=Name]")
		ada.tabsTo(pane.form + " [name=Type]")
		ada.types(kb.ArrowDown)
		ada.tabsTo(pane.form + " [type=submit]")
		ada.types(kb.Enter)
		ada.misses(pane.form)
		ada.isOn(line)

		ben.sees(pane.log+" article", "Acme Fans", "Private")
		ben.tabsTo(pane.log+" article button", "Approve")
		ben.types(" ")
		ada.sees(pane.log+" article .thread", "Acme Fans exists on Genuin now")
	})
}

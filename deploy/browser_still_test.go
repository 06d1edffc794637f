package deploy_test

import (
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// pointsAt moves the mouse onto an element.
func (tab *tab) pointsAt(css string, words ...string) {
	tab.t.Helper()
	x, y := tab.at(css, words...)
	tab.does(chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, x, y))
}

// TestWhatSomebodyIsAboutToPressStaysUnderThePointer has votes and messages come while Ben's pointer is on a button.
func TestWhatSomebodyIsAboutToPressStaysUnderThePointer(t *testing.T) {
	inEachPane(t, func(t *testing.T, pane chatPane) {
		b, _ := startBrowser(t)
		defer b.close()
		ada := b.as("Ada")
		ada.needs(2)
		ben, cleo := b.as("Ben"), b.as("Cleo")
		ada.asks(pane)
		ben.pointsAt(pane.log+" article button", "Approve")
		const top = `(css) => find(css, ["Approve"]).getBoundingClientRect().top`
		before := value(ben, "the button", top, func(float64) bool { return true }, pane.log+" article button")
		cleo.clicks(pane.log+" article button", "Approve")
		ben.sees(pane.log+" article", "1 of 2")
		for i := range 12 {
			ada.says(pane, fmt.Sprintf("Line %d", i))
			ben.is("the line", `(css, words) => [...document.querySelectorAll(css)].some((e) => e.textContent.includes(words))`, pane.log+" article", fmt.Sprintf("Line %d", i))
		}
		if now := value(ben, "the button", top, func(float64) bool { return true }, pane.log+" article button"); now-before > 1 || before-now > 1 {
			t.Errorf("the button was at %v and is at %v", before, now)
		}
		const atEnd = `(css) => { const e = document.querySelector(css); return e.scrollTop > 0 && e.scrollTop + e.clientHeight >= e.scrollHeight - 2; }`
		if so, err := ask[bool](ben, atEnd, pane.log); err != nil || so {
			t.Errorf("the end is shown: %v, %v; all of it fits, so nothing is tested", so, err)
		}
		ben.does(chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, 5, 5))
		ben.is("the newest message, once the pointer is elsewhere", atEnd, pane.log)
	})
}

// TestAPanelStaysUnderThePointer has a community come above the form that the pointer is on.
func TestAPanelStaysUnderThePointer(t *testing.T) {
	b, _ := startBrowser(t)
	defer b.close()
	ada := b.as("Ada")
	ada.needs(0)
	cleo := b.as("Cleo")
	const set = "#genuin form button"
	const top = `(css) => find(css, []).getBoundingClientRect().top`
	cleo.pointsAt(set, "Set")
	before := value(cleo, "the button", top, func(float64) bool { return true }, set)
	ada.says(slackPane, slackPane.command+"Acme Fans")
	ada.sees(slackPane.form + " form")
	ada.sends(slackPane)
	cleo.is("the community", `() => document.querySelector("#genuin [data-community]") !== null`)
	if now := value(cleo, "the button", top, func(float64) bool { return true }, set); now-before > 1 || before-now > 1 {
		t.Errorf("the button was at %v and is at %v", before, now)
	}
}

// TestNoButtonBecomesAnother has a card get other buttons while one of the former is pressed.
func TestNoButtonBecomesAnother(t *testing.T) {
	inEachPane(t, func(t *testing.T, pane chatPane) {
		b, _ := startBrowser(t)
		defer b.close()
		ada, ben := b.as("Ada"), b.as("Ben")
		ada.asks(pane)
		ben.is("the buttons", `(css) => (window.before = [...document.querySelectorAll(css)].map((e) => [e, e.textContent])).length > 1`, pane.log+" article button")
		ada.clicks("#controls button", "+3 days")
		ben.sees(pane.log+" article button", "Ask again")
		ben.is("that each button is what it was, or gone", `() => before.every(([e, words]) => !e.isConnected || e.textContent === words)`)
	})
}

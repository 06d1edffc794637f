package deploy_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// clicks clicks with the mouse, and again when the click does not arrive: what is clicked may move, as a message comes,
// between the look at where it is and the press. A click that arrived is never repeated.
func (tab *tab) clicks(css string, words ...string) {
	tab.t.Helper()
	for end := time.Now().Add(soon); ; {
		x, y := tab.at(css, words...)
		if tab.arrives(func() { tab.does(chromedp.MouseClickXY(x, y)) }, css, words...) {
			return
		}
		if time.Now().After(end) {
			tab.fails("no click arrives at %s with %q", css, words)
		}
	}
}

// arrives says whether a click gets to an element or to what is in it. One that would hit something else does nothing there.
// A page that is another one afterwards was left by the click.
func (tab *tab) arrives(click func(), css string, words ...string) bool {
	tab.t.Helper()
	tab.is(fmt.Sprintf("%s with %q", css, words), `(css, words) => {
		const wanted = find(css, words);
		if (!wanted) return false;
		window.pressed?.stop();
		const listening = new AbortController();
		window.pressed = { end: "missed", stop: () => listening.abort() };
		addEventListener("click", (event) => {
			if (!event.isTrusted) return; // the page's own
			window.pressed.stop();
			if (wanted.contains(event.target)) {
				window.pressed.end = "arrived";
				return;
			}
			event.preventDefault();
			event.stopImmediatePropagation();
		}, { capture: true, signal: listening.signal });
		return true;
	}`, css, words)
	click() // the browser answers when its page is done with the event
	end := value(tab, "an end of the click", `() => {
		window.pressed?.stop();
		return window.pressed?.end ?? "left";
	}`, func(string) bool { return true })
	return end != "missed"
}

// TestAClickThatMissesIsRepeated has a button move away under the first press, and another come to its place.
func TestAClickThatMissesIsRepeated(t *testing.T) {
	b, _ := startBrowser(t)
	defer b.close()
	tab := b.as("Ada")
	tab.is("two buttons", `() => {
		window.heard = [];
		for (const name of ["Wanted", "Other"]) {
			const button = document.createElement("button");
			button.textContent = name;
			button.addEventListener("click", () => heard.push(name));
			document.querySelector("main").prepend(button);
		}
		addEventListener("mousedown", () => find("main > button", ["Wanted"]).after(find("main > button", ["Other"])), { capture: true, once: true });
		return true;
	}`)
	tab.clicks("main > button", "Wanted")
	tab.is("one click, on the one that was meant", `() => heard.join() === "Wanted"`)
	tab.clicks("main > button", "Wanted")
	tab.is("one more click", `() => heard.join() === "Wanted,Wanted"`)
	tab.clicks("nav a", "Ben") // leaves the page
	tab.is("Ben's page", `() => document.body?.dataset.who === "Ben"`)
}

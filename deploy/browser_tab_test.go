package deploy_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// finds is how elements are found in a tab: the last one that is seen, is what a selector says, and has all the words, in
// its text, its name or its labels.
const finds = `
const wordsOf = (e) => [e.innerText, e.getAttribute("aria-label"), ...[...(e.labels ?? [])].map((l) => l.innerText)].join(" ").replace(/\s+/g, " ");
const find = (css, words) => [...document.querySelectorAll(css)].findLast((e) =>
  e.checkVisibility({ visibilityProperty: true }) && (words ?? []).every((w) => wordsOf(e).includes(w)));
`

// ask evaluates a function of JavaScript with arguments; what it returns has to be JSON.
func ask[T any](tab *tab, function string, args ...any) (T, error) {
	list := make([]string, len(args))
	for i, arg := range args {
		b, err := json.Marshal(arg)
		if err != nil {
			tab.t.Fatal(err)
		}
		list[i] = string(b)
	}
	ctx, cancel := context.WithTimeout(tab.ctx, soon)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[T]("(() => {"+finds+"return ("+function+")("+strings.Join(list, ",")+")})()", chromedp.EvalAwaitPromise))
}

// call runs a command of the DevTools protocol.
func call[P, R any](tab *tab, command cdp.Command[P, R], params P) R {
	tab.t.Helper()
	ctx, cancel := context.WithTimeout(tab.ctx, soon)
	defer cancel()
	r, err := chromedp.Call(ctx, command, params)
	if err != nil {
		tab.t.Fatalf("%s: %v", command.Method, err)
	}
	return r
}

// does does something in the browser.
func (tab *tab) does(steps ...chromedp.Action[chromedp.Void]) {
	tab.t.Helper()
	ctx, cancel := context.WithTimeout(tab.ctx, soon)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		tab.fails("%v", err)
	}
}

// fails ends the test, with what the tab shows.
func (tab *tab) fails(format string, args ...any) {
	tab.t.Helper()
	seen, err := ask[string](tab, `() => (document.querySelector("dialog[open]") ?? document.querySelector("main")).innerText.replace(/\n+/g, "\n")`)
	if folder := os.Getenv("ARTIFACTS"); folder != "" && err == nil {
		keeps(tab.t, folder, "failed-"+strings.ReplaceAll(tab.t.Name(), "/", "-"), tab.picture())
	}
	at, _ := ask[string](tab, `() => document.activeElement.outerHTML.slice(0, 300) + " value: " + document.activeElement.value`)
	tab.t.Fatalf("%s\nin a tab with %q:\n%s\n%v\nand the focus on %s", fmt.Sprintf(format, args...), tab.trouble, seen, err, at)
}

// is waits until a function of JavaScript returns true.
func (tab *tab) is(what, function string, args ...any) {
	tab.t.Helper()
	value(tab, what, function, func(so bool) bool { return so }, args...)
}

// value waits until what a function of JavaScript returns is good, and returns that.
func value[T any](tab *tab, what, function string, good func(T) bool, args ...any) T {
	tab.t.Helper()
	tick := time.NewTicker(15 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(soon); ; <-tick.C {
		v, err := ask[T](tab, function, args...)
		if err == nil && good(v) {
			return v
		}
		if time.Now().After(end) {
			tab.fails("never: %s (last %v, %v)", what, v, err)
		}
	}
}

// sees waits until an element with all these words is seen, and returns its text.
func (tab *tab) sees(css string, words ...string) string {
	tab.t.Helper()
	return *value(tab, fmt.Sprintf("%s with %q", css, words), `(css, words) => find(css, words)?.innerText ?? null`, func(s *string) bool { return s != nil }, css, words)
}

// misses waits until no element with all these words is seen.
func (tab *tab) misses(css string, words ...string) {
	tab.t.Helper()
	tab.is(fmt.Sprintf("no %s with %q", css, words), `(css, words) => !find(css, words)`, css, words)
}

// at waits until an element is seen, stands still and nothing lies over it, and returns where.
func (tab *tab) at(css string, words ...string) (x, y float64) {
	tab.t.Helper()
	var before [2]float64
	place := value(tab, fmt.Sprintf("a click on %s with %q", css, words), `(css, words) => {
		const e = find(css, words);
		e.scrollIntoView({ block: "center", behavior: "instant" });
		const { x, y, width, height } = e.getClientRects()[0]; // of a link that is broken into lines, the first
		const middle = [x + width / 2, y + height / 2];
		return e.contains(document.elementFromPoint(...middle)) ? middle : null;
	}`, func(now *[2]float64) bool {
		if now == nil {
			return false
		}
		still := *now == before
		before = *now
		return still
	}, css, words)
	return place[0], place[1]
}

// types presses the keys of a text where the focus is. As on a keyboard, a key that the page keeps for itself writes nothing.
func (tab *tab) types(keys string, with ...kb.Modifier) {
	tab.t.Helper()
	for _, r := range keys {
		press := *kb.Encode(r)[0]
		press.Text = kb.Keys[r].Text
		for _, m := range with {
			press.Modifiers |= int64(m)
		}
		if press.Text == "" {
			press.Type = input.DispatchKeyEventTypeRawKeyDown
		}
		call(tab, input.DispatchKeyEvent, press)
		press.Type, press.Text = kb.KeyUp, ""
		call(tab, input.DispatchKeyEvent, press)
	}
}

// fills writes into a field instead of what is in it.
func (tab *tab) fills(css, label, text string) {
	tab.t.Helper()
	tab.clicks(css, label)
	tab.is("the focus in "+label, `() => { document.activeElement.select(); return document.activeElement.matches("input, textarea"); }`)
	if text == "" {
		tab.types(kb.Delete)
		return
	}
	call(tab, input.InsertText, input.InsertTextParams{Text: text})
}

// picks picks an option of a select, as a browser's own list does.
func (tab *tab) picks(css, label, option string) {
	tab.t.Helper()
	tab.is("the option "+option, `(css, label, words) => {
		const menu = find(css, [label]);
		const option = [...menu?.options ?? []].find((o) => o.label.includes(words));
		if (!option) return false;
		menu.focus();
		menu.value = option.value;
		for (const kind of ["input", "change"]) menu.dispatchEvent(new Event(kind, { bubbles: true }));
		return true;
	}`, css, label, option)
}

// wide has a tab show its page on a screen of that many CSS pixels.
func (tab *tab) wide(width, height int64) {
	tab.t.Helper()
	tab.does(chromedp.EmulateViewport(width, height))
}

// prefers has a tab prefer "light" or "dark", and no motion.
func (tab *tab) prefers(scheme string) {
	tab.t.Helper()
	call(tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"},
	}})
}

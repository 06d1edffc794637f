package deploy_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/log"
	pages "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// hears notes what is wrong in a tab. It is called where the browser's messages are read, so it must not wait.
func (tab *tab) hears(event any) {
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		tab.notes("not caught: " + e.ExceptionDetails.Text + " " + said([]*runtime.RemoteObject{e.ExceptionDetails.Exception}))
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError {
			tab.notes("said in the console: " + said(e.Args))
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError {
			tab.notes(fmt.Sprintf("logged: %s %s", e.Entry.Text, e.Entry.URL))
		}
	case *pages.EventJavascriptDialogOpening:
		tab.notes("opened a dialog: " + e.Message)
		go func() { // else the page waits for ever
			ctx, cancel := context.WithTimeout(tab.ctx, soon)
			defer cancel()
			_, _ = chromedp.Call(ctx, pages.HandleJavaScriptDialog, pages.HandleJavaScriptDialogParams{Accept: true}) // fails only when the tab has gone
		}()
	}
}

// said returns what was written into a console.
func said(args []*runtime.RemoteObject) string {
	var words []string
	for _, arg := range args {
		if arg == nil {
			continue
		}
		words = append(words, strings.TrimSpace(string(arg.Value)+" "+arg.Description))
	}
	return strings.Join(words, " ")
}

func (tab *tab) notes(trouble string) {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	tab.trouble = append(tab.trouble, trouble)
}

// excuses drops the trouble with these words that the tab has had so far, and reports whether there was any: a test that
// provokes it says so.
func (tab *tab) excuses(words string) bool {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	before := len(tab.trouble)
	tab.trouble = slices.DeleteFunc(tab.trouble, func(s string) bool { return strings.Contains(s, words) })
	return len(tab.trouble) < before
}

// hadNoTrouble checks that a tab had none.
func (tab *tab) hadNoTrouble() {
	tab.t.Helper()
	if _, err := ask[bool](tab, "() => true"); err != nil { // whatever was wrong before is told before the answer
		tab.t.Errorf("a tab has gone: %v", err)
	}
	tab.mu.Lock()
	defer tab.mu.Unlock()
	for _, s := range tab.trouble {
		tab.t.Errorf("a tab had trouble: %s", s)
	}
}

func TestTroubleInATabIsNoticed(t *testing.T) {
	b, _ := startBrowser(t)
	defer b.close()
	tab := b.as("Ada")
	adds := func(html string) string {
		return fmt.Sprintf("() => { document.body.insertAdjacentHTML('beforeend', %q) }", html)
	}
	for does, notes := range map[string][]string{
		`() => { setTimeout(() => { throw new Error("broken") }) }`: {"not caught"},
		`() => { Promise.reject(new Error("left alone")) }`:         {"left alone"},
		`() => { console.error("strange", 7) }`:                     {`said in the console: "strange" 7`},
		`() => { alert("hello") }`:                                  {"opened a dialog: hello"},
		`() => { fetch("/nowhere") }`:                               {"404"},
		adds("<p onclick=alert(1)>"):                                {`"script-src-attr"`, "Content Security Policy"},
		adds("<p style=color:red>"):                                 {`"style-src-attr"`, "Content Security Policy"},
		adds("<img src=http://127.0.0.2/x.png>"):                    {`"img-src"`, "Content Security Policy"},
	} {
		if _, err := ask[any](tab, does); err != nil {
			t.Fatal(err)
		}
		for _, note := range notes {
			until(t, "trouble with "+note, func() bool { return tab.excuses(note) })
		}
	}
}

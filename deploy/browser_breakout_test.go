package deploy_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// breakouts are texts that become something else where they are not escaped.
var breakouts = []string{
	`<img src=x onerror=alert(1)>`,
	`</script><script>alert(1)</script>`,
	`"><svg onload=alert(1)>`,
	`' onmouseover='alert(1)`,
}

// staysText checks that nothing in a tab has become an element by what people wrote.
func (tab *tab) staysText() {
	tab.t.Helper()
	strange, err := ask[[]string](tab, `() => [...document.querySelectorAll("*")].filter((e) =>
		e.matches("script:not([src^='/assets/']), img[src=x], iframe, object, base, style, [href^='javascript:' i]") || [...e.attributes].some((a) => /^on/i.test(a.name))).map((e) => e.outerHTML)`)
	if err != nil || len(strange) > 0 {
		tab.t.Errorf("people wrote elements: %q, %v", strange, err)
	}
}

func TestNothingThatPeopleWriteBreaksOut(t *testing.T) {
	inEachPane(t, func(t *testing.T, pane chatPane) {
		b, _ := startBrowser(t)
		defer b.close()
		ada, ben := b.as("Ada"), b.as("Ben")
		for _, text := range breakouts {
			ada.says(pane, text)
			ben.sees(pane.log+" article", "Ada", text)
		}
		ada.says(pane, pane.command+breakouts[0])
		ada.sees(pane.form + " form")
		ada.fillsAllWith(pane, breakouts)
		ada.staysText()
		ada.sends(pane)
		if pane == discordPane {
			ada.sees(pane.log+" article.private", "small letters")
			ada.staysText()
			ada.clicks(pane.log+" article.private button", "Try again")
			ada.fills(pane.form+" input", "Handle", "plain")
		} else {
			ada.sees(pane.form+" .problem", "small letters")
			ada.staysText()
			for _, label := range []string{"Handle", "Tags", "Profile picture", "Banner", "Members"} {
				ada.fills(fmt.Sprintf(`%s [name="%s"]`, pane.form, label), "", "")
			}
			ada.fills(pane.form+" input", "Handle", "plain")
		}
		ada.sends(pane)
		ada.misses(pane.form)
		ben.sees(pane.log+" article", "Request", breakouts[0])
		ben.clicks(pane.log+" article button", "Approve")
		for _, tab := range []*tab{ada, ben} {
			tab.sees(pane.log+" article .thread", breakouts[0]+" exists on Genuin now")
			tab.sees("#genuin [data-community]", breakouts[0])
			tab.staysText()
		}
		ada.clicks("#genuin .calls summary")
		ada.sees("#genuin .calls details[open] pre", fmt.Sprintf("%q", breakouts[0]))
		ada.clicks(pane.log+" .tools a", "Replay")
		ada.sees("#story li", "create community")
		ada.staysText()
		story, err := ask[string](ada, `() => document.querySelector("#story").textContent`)
		if err != nil || !strings.Contains(story, breakouts[0]) {
			t.Errorf("the story does not have it as text: %v", err)
		}
	})
}

// fillsAllWith fills every text field of the form that is open.
func (tab *tab) fillsAllWith(pane chatPane, texts []string) {
	tab.t.Helper()
	names, err := ask[[]string](tab, `() => [...document.querySelectorAll("dialog[open] :is(input:not([type]), input[type=text], textarea)")].map((e) => e.name)`)
	if err != nil || len(names) < 2 {
		tab.t.Fatalf("the form has the fields %q, %v", names, err)
	}
	for i, name := range names {
		tab.fills(fmt.Sprintf(`%s [name="%s"]`, pane.form, name), "", texts[i%len(texts)])
	}
}

// TestAddressesOfThePageDontBreakOut puts markup into every part of an address that the page repeats.
func TestAddressesOfThePageDontBreakOut(t *testing.T) {
	b, _ := startBrowser(t)
	defer b.close()
	tab := b.open("/")
	for _, text := range breakouts {
		for _, path := range []string{"/?who=" + url.QueryEscape(text), "/replay/" + url.PathEscape(text), "/replay/1?who=" + url.QueryEscape(text)} {
			tab.does(chromedp.Navigate(b.box.url + path))
			tab.staysText()
			tab.excuses("Failed to load resource") // it is no address of the page's, after all
		}
	}
}

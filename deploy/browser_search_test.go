package deploy_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// aHundredAndOne are more categories than a menu of Slack holds: there the bot is asked while somebody types.
func aHundredAndOne() string {
	all := []string{"1=Sports", "2=Spoken word"}
	for i := 3; i <= 101; i++ {
		all = append(all, fmt.Sprintf("%d=Kind %d", i, i))
	}
	return strings.Join(all, ",")
}

// TestSlackSearchesWhatIsTooMuchForAMenu picks a category by keyboard, thinks better of it, and picks another with the mouse.
func TestSlackSearchesWhatIsTooMuchForAMenu(t *testing.T) {
	b, _ := startBrowser(t, "--categories", aHundredAndOne())
	defer b.close()
	ada := b.as("Ada")
	ada.needs(0)
	ada.says(slackPane, slackPane.command+"Acme Fans")
	const field = slackPaneSearch + " input[role=combobox]"
	ada.clicks(field)
	ada.types("zz")
	ada.sees(slackPaneSearch+" [role=option][aria-disabled]", "Nothing is called that")
	ada.types(kb.ArrowDown + kb.Enter) // picks nothing
	ada.misses(slackPaneSearch + " .chip")
	ada.types(kb.Backspace + kb.Backspace + "sp")
	ada.sees(slackPaneSearch+" [role=option][aria-selected=true]", "Sports")
	ada.sees(slackPaneSearch+" [role=option]", "Spoken word")
	ada.types(kb.ArrowDown)
	ada.sees(slackPaneSearch+" [role=option][aria-selected=true]", "Spoken word")
	ada.types(kb.Enter)
	ada.sees(slackPaneSearch+" .chip", "Spoken word")
	ada.misses(slackPaneSearch + " [role=option]")
	ada.clicks(slackPaneSearch+" .chip button", "Remove Spoken word")
	ada.misses(slackPaneSearch + " .chip")
	ada.isOn(field)
	ada.types("sp")
	ada.clicks(slackPaneSearch+" [role=option]", "Sports")
	ada.sees(slackPaneSearch+" .chip", "Sports")
	ada.sends(slackPane)
	ada.sees(slackPane.log+" article", "Acme Fans", "Sports")
	ada.clicks("#genuin .calls summary")
	ada.sees("#genuin .calls details[open] pre", `"existing"`, "1")
}

const slackPaneSearch = "dialog.slack [data-act=search][data-label^=Categor]"

// TestWhatIsNewIsSaidOnce has messages come, and reads what a screen reader is given to say.
func TestWhatIsNewIsSaidOnce(t *testing.T) {
	inEachPane(t, func(t *testing.T, pane chatPane) {
		b, _ := startBrowser(t)
		defer b.close()
		ben := b.as("Ben")
		const said = `() => [...document.querySelectorAll("#said[aria-live=polite] > p")].map((p) => p.textContent)`
		before := value(ben, "nothing new", said, func([]string) bool { return true })
		if len(before) > 0 {
			t.Errorf("a page that was just opened says %q", before)
		}
		ada := b.as("Ada")
		ada.says(pane, "Hello everybody")
		ada.asks(pane)
		where := pane.title + ", # communities: "
		lines := value(ben, "both messages", said, func(lines []string) bool {
			return len(lines) > 1 && strings.Contains(strings.Join(lines[1:], "\n"), "Acme Fans")
		})
		if !strings.HasPrefix(lines[0], where+"Ada") || !strings.HasSuffix(lines[0], "Hello everybody") {
			t.Errorf("the message is said as %q", lines[0])
		}
		for _, line := range lines[1:] {
			if !strings.HasPrefix(line, where+"communitybot") || strings.Contains(line, "Approve") || strings.Contains(line, "thinking") {
				t.Errorf("the card is said as %q", line)
			}
		}
		ben.clicks(pane.log+" article button", "Approve")
		ben.sees(pane.log+" article .thread", "Acme Fans exists on Genuin now")
		lines = value(ben, "the outcome", said, func(lines []string) bool {
			return strings.Contains(strings.Join(lines, "\n"), "Acme Fans exists on Genuin now")
		})
		if n := strings.Count(strings.Join(lines, "\n"), "exists on Genuin now"); n != 1 || len(lines) > 5 {
			t.Errorf("the outcome is said %d times: %q", n, lines)
		}
	})
}

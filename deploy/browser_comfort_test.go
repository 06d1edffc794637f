package deploy_test

import (
	"testing"

	"github.com/chromedp/chromedp/kb"
)

func TestSlacksHomeAndItsShortcutForMessages(t *testing.T) {
	b, _ := startBrowser(t)
	defer b.close()
	ada := b.as("Ada")
	ada.asks(slackPane)
	ada.clicks("#slack [data-tab=home]")
	ada.sees("#slack-in-home", "Acme Fans")
	ada.clicks("#slack [data-tab=communities]")
	const words = "We should have a place for everybody who runs at night"
	ada.says(slackPane, words)
	ada.sees(slackPane.log+" article", "Ada", words)
	ada.clicks(slackPane.log+" [data-act=shortcut]", "Create a community")
	ada.sees(slackPane.form + " form")
	ada.is("the message as the description", `(words) => document.querySelector("dialog[open] [name=Description]").value === words`, words)
	ada.misses(slackPane.form + " [data-act=search]") // so few categories stand in the form itself
}

func TestDiscordCompletesWhatIsTyped(t *testing.T) {
	b, _ := startBrowser(t)
	defer b.close()
	ada := b.as("Ada")
	const line = "#discord .composer input"
	ada.clicks(line)
	ada.types("/create-community ")
	ada.sees("#discord [role=option]", "name:")
	ada.types("name:Night Runners cat")
	ada.sees("#discord [role=option]", "category:")
	ada.types(kb.ArrowDown + kb.Enter)
	ada.types("sp")
	ada.sees("#discord [role=option]", "Sports")
	ada.types(kb.ArrowDown + kb.Enter)
	ada.is("what was picked", `() => document.activeElement.value.trim() === "/create-community name:Night Runners category:Sports"`)
	ada.types(" type:")
	ada.sees("#discord [role=option]", "Public")
	ada.types("Pri")
	ada.misses("#discord [role=option]", "Public")
	ada.sees("#discord [role=option]", "Private")
	ada.types(kb.Escape)
	ada.misses("#discord [role=option]")
	ada.types("vate" + kb.Enter)
	ada.sees(discordPane.form + " form")
	ada.sends(discordPane)
	ada.sees(discordPane.log+" article", "Night Runners", "Private", "Sports")
}

func TestReplayIsReachedFromACard(t *testing.T) {
	inEachPane(t, func(t *testing.T, pane chatPane) {
		b, _ := startBrowser(t)
		defer b.close()
		ada := b.as("Ada")
		ada.asks(pane)
		b.as("Ben").clicks(pane.log+" article button", "Approve")
		ada.sees(pane.log+" article .thread", "Acme Fans exists on Genuin now")
		ada.clicks(pane.log+" .tools a", "Replay")
		ada.sees("h1", "Request 1, replayed")
		ada.sees("#story li:first-child", pane.title, "slash")
		ada.sees("#story li", "create community", "200")
		ada.clicks("#story li summary", "create community")
		ada.sees("#story li details[open]", `"Acme Fans"`, "Authorization")
		ada.clicks("a", "Back to the chats")
		ada.sees(pane.log+" article", "Acme Fans")
	})
}

func TestTheExamplePlaysByItself(t *testing.T) {
	b, _ := startBrowser(t)
	defer b.close()
	ada := b.as("Ada")
	ada.clicks("button", "Play an example")
	ada.sees("#play", "1 of 5")
	ada.sees("#play", "5 of 5", "Its link is in the thread")
	ada.sees(slackPane.log+" article .thread", "exists on Genuin now")
	ada.clicks("#play button", "Close")
	ada.misses("#play")
}

func TestAStoppedSandboxSaysSoAndThePageGoesOnLater(t *testing.T) {
	b, program := startBrowser(t)
	defer b.close()
	ada := b.as("Ada")
	ada.asks(slackPane)
	program.stop()
	ada.sees("#stopped", "The sandbox has stopped", "go run . sandbox")
	ada.says(discordPane, "Hello?")
	ada.sees("#discord .notice", "The sandbox does not answer")
	again := start(t, nil, "sandbox", "--listen", b.box.url[len("http://"):])
	ada.misses("#stopped")
	ada.sees(slackPane.log, "No messages yet")
	ada.excuses("net::ERR_")
	again.stop()
	ada.sees("#stopped", "The sandbox has stopped")
	until(t, "a browser that heard of it", func() bool { return ada.excuses("net::ERR_") })
}

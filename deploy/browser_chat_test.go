package deploy_test

import (
	"strconv"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// chatPane is a chat of the page, with how its community is asked for.
type chatPane struct {
	name, title string
	command     string // which a name follows
	form        string // the dialog
	log         string // what is written in the first channel
}

var (
	slackPane   = chatPane{"slack", "Slack", "/create-community ", "dialog.slack", "#slack-in-communities"}
	discordPane = chatPane{"discord", "Discord", "/create-community name:", "dialog.discord", "#discord-in-communities"}
)

// inEachPane runs a test in both, each in a sandbox of its own.
func inEachPane(t *testing.T, test func(t *testing.T, pane chatPane)) {
	t.Parallel()
	for _, pane := range []chatPane{slackPane, discordPane} {
		t.Run(pane.title, func(t *testing.T) { test(t, pane) })
	}
}

// needs sets how many approvals are needed from now on.
func (tab *tab) needs(approvals int) {
	tab.t.Helper()
	tab.fills("#controls input", "Approvals required", strconv.Itoa(approvals))
	tab.clicks("#controls button", "Apply")
	tab.sees("#controls [data-says=policy]", "The bot runs with this policy")
}

// genuin sets what Genuin does: next, or until it is changed.
func (tab *tab) genuin(does string, stays bool) {
	tab.t.Helper()
	tab.picks("#genuin select", "When the bot wants", does)
	how, shown := "for the next call", "for the next call"
	if stays {
		how, shown = "until I change it", "until you change it"
	}
	tab.clicks("#genuin input[type=radio]", how)
	tab.clicks("#genuin form button", "Set")
	if does == worksAgain {
		tab.sees("#genuin .now", "Genuin works as it should")
		return
	}
	tab.sees("#genuin .now", does, shown)
}

const worksAgain = "Works as it should"

// says types a line into a chat and sends it.
func (tab *tab) says(pane chatPane, line string) {
	tab.t.Helper()
	tab.misses("#" + pane.name + " .composer [aria-busy=true]") // what was said before has been sent
	tab.fills("#"+pane.name+" .composer input", "", line)
	tab.types(kb.Enter)
}

// asks opens the form by the command and sends it as it is.
func (tab *tab) asks(pane chatPane) {
	tab.t.Helper()
	tab.asksFor(pane, "Acme Fans")
}

func (tab *tab) asksFor(pane chatPane, name string) {
	tab.t.Helper()
	tab.says(pane, pane.command+name)
	tab.sees(pane.form+" form", "Name")
	tab.sends(pane)
	tab.misses(pane.form)
	tab.sees(pane.log+" article", name, "Request")
}

// sends sends the form that is open.
func (tab *tab) sends(pane chatPane) {
	tab.t.Helper()
	tab.clicks(pane.form + " [type=submit]")
}

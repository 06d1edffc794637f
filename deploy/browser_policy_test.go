package deploy_test

import "testing"

func TestApproversAreAskedOnTheOtherPlatform(t *testing.T) {
	b, _ := startBrowser(t)
	defer b.close()
	ada, ben := b.as("Ada"), b.as("Ben")
	ada.picks("#controls select", "Approvers are asked", "in Discord")
	ada.needs(1)
	ada.asks(slackPane)
	ada.misses(slackPane.log+" article button", "Approve")
	ben.sees("#discord [data-tab=approvals]", "new messages")
	ben.clicks("#discord [data-tab=approvals]")
	ben.misses("#discord [data-tab=approvals]", "new messages")
	ben.clicks("#discord-in-approvals article button", "Approve")
	ada.sees(slackPane.log+" article .thread", "Ben agreed: 1 of 1")
	ada.sees(slackPane.log+" article .thread", "Acme Fans exists on Genuin now")
	ben.sees("#discord-in-approvals article .thread", "Acme Fans exists on Genuin now")
}

func TestTheClockBringsRemindersAndExpiry(t *testing.T) {
	b, _ := startBrowser(t)
	defer b.close()
	ada := b.as("Ada")
	for _, pane := range []chatPane{slackPane, discordPane} {
		ada.asksFor(pane, "Fans on "+pane.title)
	}
	ada.clicks("#controls button", "+1 day")
	ada.sees("#controls .clock", "24 h ahead of yours")
	for _, pane := range []chatPane{slackPane, discordPane} {
		ada.sees(pane.log+" article .thread", "Fans on "+pane.title, "still waits")
	}
	ada.clicks("#controls button", "+3 days")
	for _, pane := range []chatPane{slackPane, discordPane} {
		ada.sees(pane.log+" article .thread", "expired")
		ada.sees(pane.log+" article button", "Ask again")
	}
}

func TestAPolicyThatCantBeIsRefusedInWords(t *testing.T) {
	b, _ := startBrowser(t)
	defer b.close()
	ada := b.as("Ada")
	ada.fills("#controls input", "Expires after", "soon")
	ada.clicks("#controls button", "Apply")
	ada.sees("#controls [data-says=policy]", "Expires after")
	if !ada.excuses("400") {
		t.Error("the browser did not hear of it")
	}
}

package deploy_test

import "testing"

// TestLinksLeadToOtherPartsOnAPhone follows each link of the page to a part that is not shown.
func TestLinksLeadToOtherPartsOnAPhone(t *testing.T) {
	b, _ := startBrowser(t)
	defer b.close()
	ada := b.as("Ada")
	ada.wide(360, 740)
	shows := func(part string) {
		t.Helper()
		for _, id := range []string{"slack", "discord", "genuin", "controls"} {
			if id == part {
				ada.sees("#" + id)
			} else {
				ada.misses("#" + id)
			}
		}
	}
	shows("slack")
	ada.clicks(".guide a", "Genuin")
	shows("genuin")
	ada.clicks("#genuin .nothing a", "Discord")
	shows("discord")
	ada.isOn("#discord-line")
	ada.clicks("#discord [data-tab=approvals]")
	ada.clicks("#discord-in-approvals a", "choose it")
	shows("controls")
	ada.clicks(".views button", "Slack")
	ada.clicks("#slack [data-tab=home]")
	ada.clicks(".views button", "Genuin")
	ada.clicks("#genuin .nothing a", "Slack")
	shows("slack")
	ada.isOn("#slack-line") // which the home does not have

	ada.clicks(".views button", "Policy")
	ada.needs(0)
	ada.clicks(".views button", "Discord")
	ada.clicks("#discord [data-tab=communities]")
	ada.asks(discordPane)
	ada.sees(".views button", "Genuin", "something new")
	ada.clicks(discordPane.log+" .tools a", "Replay")
	ada.clicks("a", "Back to the chats")
	shows("discord")
	ada.clicks(".views button", "Genuin")
	ada.misses(".views button", "something new")
	ada.is("a page no wider than the screen", `() => document.scrollingElement.scrollWidth <= innerWidth`)
}

package deploy_test

import "testing"

func TestFixAndResubmitBringsTheFormBackFilledIn(t *testing.T) {
	inEachPane(t, func(t *testing.T, pane chatPane) {
		b, _ := startBrowser(t)
		defer b.close()
		ada := b.as("Ada")
		ada.needs(0)
		ada.genuin("Handle is taken", false)
		ada.asks(pane)
		ada.sees(pane.log+" article .thread", "The handle acme-fans is taken on Genuin already")
		ada.sees("#genuin .now", "Genuin works as it should") // it was for one call
		ada.clicks(pane.log+" article button", "Fix and resubmit")
		ada.sees(pane.form + " form")
		ada.is("the form filled in", `() => document.querySelector("dialog[open] [name=Name]").value === "Acme Fans"`)
		ada.fills(pane.form+" input", "Handle", "acme-two")
		ada.sends(pane)
		if pane == discordPane { // whose forms hold five fields: a note holds the rest, and sends them
			ada.clicks(pane.log+" article.private button", "Resubmit")
		}
		ada.sees(pane.log+" article .thread", "Acme Fans exists on Genuin now")
		ada.sees("#genuin [data-community]", "@acme-two")
		ada.misses(pane.log+" article button", "Fix and resubmit")
	})
}

func TestADenialStandsInTheThreadWithItsReason(t *testing.T) {
	inEachPane(t, func(t *testing.T, pane chatPane) {
		b, _ := startBrowser(t)
		defer b.close()
		ada, ben := b.as("Ada"), b.as("Ben")
		ada.asks(pane)
		ben.clicks(pane.log+" article button", "Deny…")
		ben.sees(pane.form, "Deny the request")
		ben.fills(pane.form+" textarea", "Reason", "We have one like it")
		ben.sends(pane)
		ben.misses(pane.form)
		ada.sees(pane.log+" article .thread", "Ben denied Acme Fans: We have one like it")
		ada.misses(pane.log+" article button", "Approve")
		ada.sees("#genuin", "Communities 0")
	})
}

// TestAnOutageOfGenuinPasses has Genuin down until it is back. An hour goes by then, so that nobody has to wait for the
// bot's next attempt.
func TestAnOutageOfGenuinPasses(t *testing.T) {
	inEachPane(t, func(t *testing.T, pane chatPane) {
		b, _ := startBrowser(t)
		defer b.close()
		ada := b.as("Ada")
		ada.needs(0)
		ada.genuin("Unavailable (503)", true)
		ada.asks(pane)
		ada.sees(pane.log+" article .thread", "rying")
		ada.sees("#genuin .calls summary", "503")
		ada.genuin(worksAgain, true)
		ada.clicks("#controls button", "+1 hour")
		ada.sees("#controls [data-says=clock]", "An hour later")
		ada.sees(pane.log+" article .thread", "Acme Fans exists on Genuin now")
	})
}

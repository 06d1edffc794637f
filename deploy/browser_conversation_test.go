package deploy_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// TestTwoApproveInTabsOfTheirOwn is the whole conversation, as four people see it at the same time.
func TestTwoApproveInTabsOfTheirOwn(t *testing.T) {
	inEachPane(t, func(t *testing.T, pane chatPane) {
		b, _ := startBrowser(t)
		defer b.close()
		ada := b.as("Ada")
		ada.needs(2)
		ben, cleo, dan := b.as("Ben"), b.as("Cleo"), b.as("Dan")

		ada.clicks("#" + pane.name + " .composer input")
		ada.types("/cr")
		ada.sees("#"+pane.name+" [role=option][aria-selected=true]", "/create-community")
		ada.types(kb.Enter) // picks it
		ada.types(strings.TrimPrefix(pane.command, "/create-community ") + "Acme Fans")
		ada.types(kb.Enter)
		ada.isRefusedFirst(pane)
		ada.sees(pane.log+" article", "Acme Fans", "Approvals needed: 2")

		dan.clicks(pane.log+" article button", "Approve")
		dan.sees(pane.log+" article.private", "approve", "communitybot")
		for _, other := range []*tab{ada, ben, cleo} {
			other.misses(pane.log+" article.private", "approve")
		}
		ben.clicks(pane.log+" article button", "Approve")
		for _, each := range []*tab{ada, ben, cleo, dan} {
			each.sees(pane.log+" article", "Acme Fans", "1 of 2")
		}
		cleo.clicks(pane.log+" article button", "Approve")
		for _, each := range []*tab{ada, ben, cleo, dan} {
			each.sees(pane.log+" article .thread", "Acme Fans exists on Genuin now")
			each.sees(pane.log+" article .thread a", "http://", "/community/")
			each.sees("#genuin [data-community]", "Acme Fans", "@acme-fans")
		}
		ada.sees("#genuin .calls summary", "200")
	})
}

// isRefusedFirst sends the form with a handle that can't be, sees what is wrong where it is, mends it and sends it again.
func (tab *tab) isRefusedFirst(pane chatPane) {
	tab.t.Helper()
	tab.sees(pane.form+" form", "Create a community")
	tab.fills(pane.form+" input", "Handle", "not a handle!")
	if pane == slackPane {
		tab.fills(pane.form+" textarea", "Description", "For #fans")
	}
	tab.sends(pane)
	if pane == discordPane { // whose forms can't say what is wrong: a note does, and brings the form back as it was
		tab.sees(pane.log+" article.private", "Handle", "small letters")
		tab.clicks(pane.log+" article.private button", "Try again")
		tab.sees(pane.form+" form", "Handle")
	} else {
		tab.sees(pane.form+" .problem", "small letters")
		tab.is("the focus on the handle", `() => document.activeElement.name === "Handle" && document.activeElement.getAttribute("aria-invalid") === "true"`)
		tab.is("the description still there", `() => document.querySelector("dialog[open] textarea").value === "For #fans"`)
	}
	tab.fills(pane.form+" input", "Handle", "acme-fans")
	tab.sends(pane)
	tab.misses(pane.form)
}

package deploy_test

import (
	"bytes"
	"cmp"
	"context"
	"flag"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	pages "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

var screenshots = flag.String("screenshots", "", "folder, from the root of the repository, in which TestThePicturesOfTheReadme leaves them")

// picture takes a picture of what a tab shows, or of one element at twice the size.
func (tab *tab) picture(of ...string) []byte {
	tab.t.Helper()
	ctx, cancel := context.WithTimeout(tab.ctx, soon)
	defer cancel()
	if _, err := chromedp.Call(ctx, pages.BringToFront, struct{}{}); err != nil {
		tab.t.Fatal(err)
	}
	action := chromedp.CaptureScreenshot()
	if len(of) > 0 {
		action = chromedp.ScreenshotScale(chromedp.CSS(of[0]), 2)
	}
	taken, err := chromedp.Run(ctx, action)
	if err != nil {
		tab.t.Fatal(err)
	}
	return taken
}

// keeps writes a picture into a folder, where it is kept.
func keeps(t *testing.T, folder, name string, picture []byte) {
	t.Helper()
	if _, err := png.Decode(bytes.NewReader(picture)); err != nil {
		t.Errorf("%s: %v", name, err)
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, name+".png"), picture, 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestPicturesOfTheMainStates leaves them in the folder that ARTIFACTS names.
func TestPicturesOfTheMainStates(t *testing.T) {
	folder := cmp.Or(os.Getenv("ARTIFACTS"), t.TempDir())
	b, _ := startBrowser(t)
	defer b.close()
	ada, ben := b.as("Ada"), b.as("Ben")
	take := func(tab *tab, name string) { keeps(t, folder, name, tab.picture()) }

	take(ada, "empty")
	ada.says(slackPane, slackPane.command+"Acme Fans")
	ada.sees(slackPane.form + " form")
	take(ada, "form")
	ada.sends(slackPane)
	ada.misses(slackPane.form)
	ben.sees(slackPane.log+" article", "Acme Fans")
	take(ben, "card")
	ben.clicks(slackPane.log+" article button", "Approve")
	ben.sees(slackPane.log+" article .thread", "Acme Fans exists on Genuin now")
	ben.sees("#genuin .calls summary")
	take(ben, "created")
	ben.prefers("dark")
	take(ben, "dark")
	ben.clicks("#genuin .calls summary")
	take(ben, "genuin")
	ben.prefers("light")
	ben.wide(360, 740)
	ben.clicks("button", "Dismiss")
	ben.clicks(".views button", "Slack")
	take(ben, "phone")
	ben.wide(1400, 1000)
	ben.clicks(slackPane.log+" .tools a", "Replay")
	ben.sees("#story li", "create community")
	take(ben, "replay")
}

// TestThePicturesOfTheReadme takes the two that the README shows; `make screenshots` keeps them.
func TestThePicturesOfTheReadme(t *testing.T) {
	folder := t.TempDir()
	if *screenshots != "" {
		folder = filepath.Join("..", *screenshots)
	}
	b, _ := startBrowser(t)
	defer b.close()
	ada, ben := b.as("Ada"), b.as("Ben")
	for _, tab := range []*tab{ada, ben} {
		tab.wide(1280, 1000)
		tab.clicks("button", "Dismiss")
	}
	ada.asksFor(slackPane, "Sunday Runners")
	ben.clicks(slackPane.log+" article button", "Approve")
	ada.sees(slackPane.log+" article .thread", "Sunday Runners exists on Genuin now")
	keeps(t, folder, "slack", ada.picture("#slack"))

	ada.asksFor(discordPane, "Night Bakers")
	ben.sees(discordPane.log+" article", "Night Bakers", "Waits for approval")
	ben.prefers("dark")
	keeps(t, folder, "discord", ben.picture("#discord"))
}

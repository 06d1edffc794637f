package slack

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"communitybot/bot"
)

// richCard has everything a card can have, and people who try to break it.
func richCard() bot.Card {
	ann := bot.User{Platform: "slack", ID: "U1", Name: "Ann"}
	return bot.Card{
		Key:   "req-42-card",
		Title: "Cricket <!channel> *fans*",
		Text:  bot.Say("Asked for by {who} on {when}.", "who", bot.Mention(ann), "when", bot.Time(noon)),
		Facts: []bot.Fact{
			{Label: "Handle", Value: bot.Text{bot.Literal("cricket_fans")}},
			{Label: "Type", Value: bot.Say("Public")},
			{Label: "Description", Value: bot.Say("All about `cricket` & <tea>\n> and *cake*"), Long: true},
			{Label: "Tags", Value: nil},
			{Label: "Link", Value: bot.Text{bot.Link{URL: "https://c.test/cricket", Label: "Open it"}}},
		},
		Images: []bot.Image{
			{URL: "https://c.test/dp.png", Alt: "Picture of Cricket"},
			{URL: "https://c.test/banner.png"},
			{URL: "javascript:alert(1)", Alt: "left out"},
		},
		Footer: bot.Say("Approved by {who}", "who", bot.Name(ann)),
		Actions: []bot.Action{
			{Call: bot.Call{Command: "approve", Values: bot.Values{"id": "42", "v": "3"}}, Label: "Approve", Style: bot.Primary},
			{Call: bot.Call{Command: "deny", Values: bot.Values{"id": "42", "v": "3"}}, Label: "Deny…", Style: bot.Danger},
			{Call: bot.Call{Command: "details", Values: bot.Values{"id": "42"}}, Label: "Details"},
		},
	}
}

func TestACard(t *testing.T) { golden(t, "card", webhook(draw(richCard()))) }

func TestACardWithColour(t *testing.T) {
	c := richCard()
	c.Color = "#A4E6DA"
	if d := draw(c); len(d.attachments) > 0 {
		t.Error("its buttons are in an attachment, which Slack may fold away")
	}
	c.Actions = nil
	golden(t, "card-colour", webhook(draw(c)))
}

func TestAThreadLine(t *testing.T) {
	line := bot.Say("{name} exists now: {link}", "name", bot.Bold("Cricket"), "link", bot.Link{URL: "https://c.test/cricket", Label: "open it"})
	golden(t, "thread-line", webhook(draw(bot.Card{Text: line})))
}

func TestOnlyColoursAreColours(t *testing.T) {
	for color, want := range map[string]bool{
		"#A4E6DA": true, "#a4e6da": true, "": false, "#A4E": false, "A4E6DA0": false, "#A4E6DG": false, "#A4E6DA0": false, "red": false,
	} {
		d := draw(bot.Card{Title: "T", Text: bot.Say("t"), Color: color})
		if got := len(d.attachments) == 1; got != want {
			t.Errorf("%q: attachment %v", color, got)
		}
		if got := len(d.blocks) == 1; got != want {
			t.Errorf("%q: blocks %v", color, got)
		}
		if d.text != "T\nt" {
			t.Errorf("%q: in plain words %q", color, d.text)
		}
	}
}

func TestATitleAloneHasNoColour(t *testing.T) {
	if d := draw(bot.Card{Title: "T", Color: "#A4E6DA"}); len(d.attachments) > 0 || len(d.blocks) != 1 {
		t.Errorf("%s", pretty(t, webhook(d)))
	}
}

func TestACardStaysWithinSlacksLimits(t *testing.T) {
	awful := strings.Repeat("*<!channel>`é🏏@everyone_ ", 400) // 10,000 characters
	var facts []bot.Fact
	for range 60 {
		facts = append(facts, bot.Fact{Label: awful, Value: bot.Say(awful)}, bot.Fact{Label: "L", Value: bot.Say(awful), Long: true})
	}
	var buttons []bot.Action
	for range 60 {
		buttons = append(buttons, bot.Action{Call: bot.Call{Command: "c"}, Label: awful})
	}
	cards := map[string]bot.Card{
		"a long title":  {Title: awful},
		"a long text":   {Text: bot.Say(awful)},
		"bold text":     {Text: bot.Text{bot.Bold(awful)}},
		"many facts":    {Title: "T", Facts: facts, Footer: bot.Say("end"), Actions: buttons[:2]},
		"many short":    {Title: "T", Facts: slicesRepeat(bot.Fact{Label: "a", Value: bot.Say("b")}, 600), Actions: buttons[:1]},
		"many long":     {Title: "T", Facts: slicesRepeat(bot.Fact{Label: "a", Value: bot.Say("b"), Long: true}, 600), Actions: buttons[:1]},
		"many buttons":  {Title: "T", Actions: buttons},
		"many images":   {Title: "T", Images: slicesRepeat(bot.Image{URL: "https://c.test/a.png", Alt: awful}, 60), Actions: buttons[:1]},
		"all of it":     {Title: awful, Text: bot.Say(awful), Facts: facts, Footer: bot.Say(awful), Actions: buttons},
		"a long colour": {Color: "#A4E6DA", Title: awful, Text: bot.Say(awful)},
	}
	for name, c := range cards {
		t.Run(name, func(t *testing.T) {
			d := draw(c)
			if n := utf8.RuneCountInString(d.text); n > maxFallback {
				t.Errorf("text of %d characters", n)
			}
			all := d.blocks
			for _, a := range d.attachments {
				all = append(all, a.Blocks.BlockSet...)
			}
			checkLimits(t, all)
			if got, want := countButtons(all), len(c.Actions); got != want {
				t.Errorf("%d buttons, want %d", got, want)
			}
		})
	}
}

func slicesRepeat[T any](v T, n int) []T {
	all := make([]T, n)
	for i := range all {
		all[i] = v
	}
	return all
}

func countButtons(all []slack.Block) int {
	n := 0
	for _, b := range all {
		if row, ok := b.(*slack.ActionBlock); ok {
			n += len(row.Elements.ElementSet)
		}
	}
	return n
}

// checkLimits holds blocks against the limits of Slack's documentation.
func checkLimits(t *testing.T, all []slack.Block) {
	t.Helper()
	if len(all) == 0 || len(all) > 50 {
		t.Errorf("%d blocks", len(all))
	}
	total := 0
	within := func(what, s string, limit int) {
		n := utf8.RuneCountInString(s)
		total += n
		if n < 1 || n > limit || strings.TrimSpace(s) == "" {
			t.Errorf("%s of %d characters, Slack takes 1 to %d", what, n, limit)
		}
		if strings.Contains(s, "<!channel>") && !slices.Contains([]string{"header", "button", "alt text"}, what) { // those are plain text
			t.Errorf("%s notifies: %.80q", what, s)
		}
	}
	for _, b := range all {
		switch b := b.(type) {
		case *slack.HeaderBlock:
			within("header", b.Text.Text, 150)
		case *slack.SectionBlock:
			if b.Text != nil {
				within("section", b.Text.Text, 3000)
			}
			if len(b.Fields) > 10 {
				t.Errorf("%d fields", len(b.Fields))
			}
			for _, f := range b.Fields {
				within("field", f.Text, 2000)
			}
		case *slack.ActionBlock:
			if n := len(b.Elements.ElementSet); n > 25 {
				t.Errorf("%d elements", n)
			}
			for _, e := range b.Elements.ElementSet {
				within("button", e.(*slack.ButtonBlockElement).Text.Text, 75)
				total -= 75 // buttons do not count as words
			}
		case *slack.ImageBlock:
			total -= utf8.RuneCountInString(b.AltText)
			within("alt text", b.AltText, 2000)
		case *slack.ContextBlock:
			within("footer", b.ContextElements.Elements[0].(*slack.TextBlockObject).Text, 2000)
		default:
			t.Errorf("block %T", b)
		}
	}
	if total > 10200 { // maxWords and a header
		t.Errorf("%d characters in all", total)
	}
}

func TestActionIDsAreUniqueInAMessage(t *testing.T) {
	seen := map[string]bool{}
	for _, b := range actions(slicesRepeat(bot.Action{Call: bot.Call{Command: "same"}, Label: "Same"}, 60)) {
		for _, e := range b.(*slack.ActionBlock).Elements.ElementSet {
			id := e.(*slack.ButtonBlockElement).ActionID
			if seen[id] {
				t.Errorf("%s twice", id)
			}
			seen[id] = true
		}
	}
}

func TestAnEmptyCardHasNoBlocks(t *testing.T) {
	for name, c := range map[string]bot.Card{
		"nothing":     {},
		"only spaces": {Title: "  ", Text: bot.Say(" \n "), Footer: bot.Say(" ")},
	} {
		if d := draw(c); len(d.blocks) > 0 {
			t.Errorf("%s: %s", name, pretty(t, d.blocks))
		}
	}
}

func TestLongFactsStandAlone(t *testing.T) {
	got := []int{}
	for _, b := range blocks(bot.Card{Facts: []bot.Fact{
		{Label: "a", Value: bot.Say("1")}, {Label: "b", Value: bot.Say("2")},
		{Label: "c", Value: bot.Say("3"), Long: true},
		{Label: "d", Value: bot.Say("4")},
	}}) {
		got = append(got, len(b.(*slack.SectionBlock).Fields))
	}
	if diff := cmp.Diff([]int{2, 0, 1}, got); diff != "" {
		t.Errorf("fields by section (-want +got):\n%s", diff)
	}
}

func TestTheNotificationIsPlainAndEscaped(t *testing.T) {
	d := draw(bot.Card{Title: "<!channel>", Text: bot.Say("{who} & co", "who", bot.Mention{Platform: "slack", ID: "U1", Name: "Ann"}), Footer: bot.Text{bot.Time(time.Unix(0, 0))}})
	want := "&lt;!channel&gt;\n@Ann &amp; co\n1970-01-01 00:00 UTC"
	if diff := cmp.Diff(want, d.text); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

package discord

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"communitybot/bot"

	"github.com/bwmarrin/discordgo"
	"github.com/google/go-cmp/cmp"
)

func rich() bot.Card {
	return bot.Card{
		Key: "r42-card", Title: "Acme *Fans*", Color: "#A4E6DA",
		Text: bot.Say("{asker} asks for a community. See {link}.", "asker", bot.Mention{Platform: "discord", ID: ada, Name: "Ada"}, "link", bot.Link{URL: "https://x.example/c", Label: "the page"}),
		Facts: []bot.Fact{
			{Label: "Handle", Value: bot.Text{bot.Literal("acme_fans")}},
			{Label: "Type", Value: bot.Say("Public")},
			{Label: "Description", Value: bot.Say("All about @everyone\n# at Acme"), Long: true},
		},
		Images: []bot.Image{{URL: "https://m.example/dp.png", Alt: "Picture"}, {URL: "https://m.example/banner.png", Alt: "Banner"}},
		Footer: bot.Say("Asked {time}", "time", bot.Time(time.Unix(1772366400, 0))),
		Actions: []bot.Action{
			{Call: bot.Call{Command: "approve", Values: bot.Values{"id": "42", "v": "3"}}, Label: "Approve", Style: bot.Primary},
			{Call: bot.Call{Command: "deny", Values: bot.Values{"id": "42", "v": "3"}}, Label: "Deny…", Style: bot.Danger},
			{Call: bot.Call{Command: "edit", Values: bot.Values{"id": "42"}}, Label: "Edit"},
		},
	}
}

func TestGoldenCards(t *testing.T) {
	for name, c := range map[string]bot.Card{
		"card":   rich(),
		"thread": {Key: "r42-done", Text: bot.Say("{name} is ready: {link}", "name", bot.Bold("Acme"), "link", bot.Link{URL: "https://x.example/c"})},
	} {
		m, err := card(c)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, name, m)
	}
}

func TestACardAsPeopleSeeIt(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	m := w.message(w.posts(rich()).Message)
	want := "Acme *Fans*\n@Ada Lovelace asks for a community. See the page.\nHandle: acme_fans\nType: Public\n" +
		"Description: All about @everyone\n# at Acme\nAsked 2026-03-01 12:00 UTC"
	if diff := cmp.Diff(want, m.Text); diff != "" {
		t.Errorf("text (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"Approve", "Deny…", "Edit"}, m.Buttons); diff != "" {
		t.Errorf("buttons (-want +got):\n%s", diff)
	}
	if m.Color != "#A4E6DA" || len(m.Images) != 2 || len(m.Pings) != 0 {
		t.Errorf("the card is %+v", m)
	}
}

func TestALineNotifiesWhomItMentionsAndNobodyElse(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	at := w.posts(bot.Card{Text: bot.Say("{mention}: {words} by {name} {literal}", "mention", bot.Mention{Platform: "discord", ID: ada}, "words", "@everyone <@"+bob+">", "name", bot.Name{Platform: "discord", ID: bob, Name: "Bob"}, "literal", bot.Literal("@here"))})
	m := w.message(at.Message)
	if diff := cmp.Diff([]string{ada}, m.Pings); diff != "" || m.Text != "@Ada Lovelace: @everyone <@"+bob+"> by Bob @here" {
		t.Errorf("the line is %+v", m)
	}
}

func TestWhatStandsInACardsContentAndWhatInItsEmbed(t *testing.T) {
	act := []bot.Action{{Call: bot.Call{Command: "retry"}, Label: "Try again"}}
	hi := bot.Say("hi")
	for _, c := range []struct {
		name    string
		card    bot.Card
		content string
		embed   bool
	}{
		{"words", bot.Card{Text: hi}, "hi", false},
		{"words and a button", bot.Card{Text: hi, Actions: act}, "hi", false},
		{"a title", bot.Card{Title: "hi"}, "**hi**", false},
		{"title and words", bot.Card{Title: "# Acme", Text: bot.Say("1. Pending")}, "**\\# Acme**\n1\\. Pending", false},
		{"a fact", bot.Card{Facts: []bot.Fact{{Label: "a"}}}, "", true},
		{"a footer", bot.Card{Title: "Acme", Footer: hi}, "**Acme**", true},
		{"a color", bot.Card{Text: hi, Color: "#FF0000"}, "hi", true},
		{"an image", bot.Card{Text: hi, Images: []bot.Image{{URL: "https://m.example/x.png"}}}, "hi", true},
		{"an image that is nowhere", bot.Card{Text: hi, Images: []bot.Image{{URL: "x.png"}}}, "hi", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, err := card(c.card)
			if err != nil || (len(m.Embeds) == 1) != c.embed || m.Content != c.content || len(m.Components) != len(c.card.Actions) {
				t.Errorf("got %+v, %v", m, err)
			}
			if c.embed && (m.Embeds[0].Title != "" || strings.Contains(m.Embeds[0].Description, "hi")) {
				t.Errorf("title and text stand there twice: %+v", m.Embeds[0])
			}
		})
	}
}

func TestACardNotifiesNobody(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	at := w.posts(bot.Card{Title: "Acme", Text: bot.Say("{who} asks", "who", bot.Mention{Platform: "discord", ID: ada, Name: "Ada"})})
	if m := w.message(at.Message); len(m.Pings) != 0 || m.Text != "Acme\n@Ada Lovelace asks" {
		t.Errorf("the card is %+v", m)
	}
}

func TestLinksOnACardHaveNoPreview(t *testing.T) {
	for _, c := range []struct {
		name string
		text bot.Text
		want string
	}{
		{"a link", bot.Text{bot.Link{URL: "https://x.example/a_b"}}, "<https://x.example/a_b>"},
		{"one with words", bot.Text{bot.Link{URL: "https://x.example/(1)", Label: "the page"}}, "[the page](<https://x.example/%281%29>)"},
		{"one with a URL for words", bot.Text{bot.Link{URL: "https://x.example", Label: "at https://y.example"}}, "at <https://y.example> <https://x.example>"},
		{"a typed URL", bot.Say("See (https://x.example/a_b). Or http://y.example, *now*"), `See \(<https://x.example/a_b>\). Or <http://y.example>, \*now\*`},
		{"typed URLs with brackets and lines", bot.Say("https://x.example/Go_(game) (or https://x.example/Go_(game)) [https://x.example/a[1]], https://x.example/c_ now"),
			`<https://x.example/Go_(game)> \(or <https://x.example/Go_(game)>\) \[<https://x.example/a[1]>\], <https://x.example/c_> now`},
		{"what is no URL", bot.Say("https://... and https://"), `https://... and https://`},
		{"a bold URL", bot.Text{bot.Bold("https://x.example")}, "**<https://x.example>**"},
		{"a cut one", bot.Text{bot.Plain(strings.Repeat("x", 1980)), bot.Link{URL: "https://x.example/long"}}, strings.Repeat("x", 1980) + "…"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, err := card(bot.Card{Text: c.text, Footer: bot.Say("f")})
			if err != nil || m.Content != c.want || m.Flags != 0 {
				t.Errorf("got %q with flags %d, %v; want %q", m.Content, m.Flags, err, c.want)
			}
		})
	}
}

func TestAnUpdateClearsWhatIsNoLongerThere(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	at := w.posts(rich())
	if err := w.a.Update(t.Context(), at, bot.Card{Title: "Acme", Text: bot.Say("Withdrawn.")}); err != nil {
		t.Fatal(err)
	}
	if m := w.message(at.Message); m.Text != "Acme\nWithdrawn." || len(m.Images)+len(m.Buttons) != 0 || m.Color != "" {
		t.Errorf("the card is %+v", m)
	}
}

func TestLinksShowNoPreview(t *testing.T) {
	for text, want := range map[string]discordgo.MessageFlags{
		"no link": 0, "https://x.example": discordgo.MessageFlagsSuppressEmbeds, "http://x.example": discordgo.MessageFlagsSuppressEmbeds,
	} {
		if m := plain(text); m.Flags != want {
			t.Errorf("%q has flags %d, want %d", text, m.Flags, want)
		}
	}
}

func TestEmbedsKeepDiscordsLimits(t *testing.T) {
	long := strings.Repeat("*x", 3000)
	facts := func(n int, f bot.Fact) (list []bot.Fact) {
		for range n {
			list = append(list, f)
		}
		return list
	}
	short := bot.Fact{Label: "Handle", Value: bot.Say("acme")}
	for _, c := range []struct {
		name string
		card bot.Card
	}{
		{"a long title", bot.Card{Title: long}},
		{"a long text", bot.Card{Text: bot.Say(long)}},
		{"a long footer", bot.Card{Footer: bot.Say(long)}},
		{"a long fact", bot.Card{Facts: facts(1, bot.Fact{Label: long, Value: bot.Say(long), Long: true})}},
		{"too many facts", bot.Card{Title: "x", Facts: facts(40, short)}},
		{"25 long facts", bot.Card{Title: long, Text: bot.Say(long), Footer: bot.Say(long), Facts: facts(25, bot.Fact{Label: long, Value: bot.Say(long), Long: true})}},
		{"25 long short facts", bot.Card{Facts: facts(25, bot.Fact{Label: "x", Value: bot.Say(long)})}},
		{"25 long labels", bot.Card{Facts: facts(25, bot.Fact{Label: long, Value: bot.Say("x")})}},
		{"facts of nothing", bot.Card{Facts: facts(2, bot.Fact{})}},
		{"facts of blanks", bot.Card{Facts: facts(2, bot.Fact{Label: " ", Value: bot.Say(" \n ")})}},
		{"a long label on a button", bot.Card{Title: "x", Actions: []bot.Action{{Call: bot.Call{Command: "x"}, Label: long}}}},
		{"a button without a label", bot.Card{Title: "x", Actions: []bot.Action{{Call: bot.Call{Command: "x"}}}}},
		{"a long line", bot.Card{Text: bot.Say(long), Actions: []bot.Action{{Call: bot.Call{Command: "x"}, Label: "x"}}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, always(bot.Done{}, nil))
			w.posts(c.card) // the fake refuses whatever is over a limit
		})
	}
}

func TestLongFactsAreCutFirst(t *testing.T) {
	short := bot.Fact{Label: "Handle", Value: bot.Say(strings.Repeat("h", 1000))}
	long := bot.Fact{Label: "Description", Value: bot.Say(strings.Repeat("d", 1000)), Long: true}
	e := embed(bot.Card{
		Facts: []bot.Fact{short, long, short, long, short, long, short},
	})
	for i, f := range e.Fields {
		if isShort := i%2 == 0; isShort && utf8.RuneCountInString(f.Value) != 1000 {
			t.Errorf("short fact %d was cut", i)
		}
	}
	if !strings.HasSuffix(e.Fields[1].Value, "…") || excess(e) > 0 || excess(e) < -10 {
		t.Errorf("cut to %d over", excess(e))
	}
}

func TestImagesOfACard(t *testing.T) {
	a, b, c := bot.Image{URL: "https://m.example/a.png"}, bot.Image{URL: "http://m.example/b.png"}, bot.Image{URL: "https://m.example/c.png"}
	for _, x := range []struct {
		name         string
		images       []bot.Image
		thumb, large string
	}{
		{"none", nil, "", ""},
		{"one is large", []bot.Image{a}, "", a.URL},
		{"the first of two is small", []bot.Image{a, b}, a.URL, b.URL},
		{"a third is left out", []bot.Image{a, b, c}, a.URL, b.URL},
		{"only the web", []bot.Image{{URL: "dp.png"}, {URL: "data:image/png;base64,AA"}, {URL: ""}, b}, "", b.URL},
	} {
		t.Run(x.name, func(t *testing.T) {
			e := embed(bot.Card{Footer: bot.Say("x"), Images: x.images})
			if got := fmt.Sprint(e.Thumbnail != nil, e.Image != nil); got != fmt.Sprint(x.thumb != "", x.large != "") {
				t.Fatalf("thumbnail and image: %s", got)
			}
			if (e.Thumbnail != nil && e.Thumbnail.URL != x.thumb) || (e.Image != nil && e.Image.URL != x.large) {
				t.Errorf("got %+v, %+v", e.Thumbnail, e.Image)
			}
		})
	}
}

func TestColors(t *testing.T) {
	for s, want := range map[string]int{"#A4E6DA": 0xA4E6DA, "#ffffff": 0xFFFFFF, "": 0, "red": 0, "A4E6DA": 0, "#FFF": 0, "#GGGGGG": 0, "#1234567": 0} {
		if got := color(s); got != want {
			t.Errorf("%q is %06X, want %06X", s, got, want)
		}
	}
}

func TestButtonsOfACard(t *testing.T) {
	action := func(i int) bot.Action {
		return bot.Action{Call: bot.Call{Command: "a", Values: bot.Values{"i": fmt.Sprint(i)}}, Label: fmt.Sprint(i)}
	}
	for n, rows := range map[int]int{0: 0, 1: 1, 5: 1, 6: 2, 25: 5} {
		var c bot.Card
		for i := range n {
			c.Actions = append(c.Actions, action(i))
		}
		if m, err := card(c); err != nil || len(m.Components) != rows {
			t.Errorf("%d buttons: %d rows, %v", n, len(m.Components), err)
		}
	}
	var c bot.Card
	for i := range 26 {
		c.Actions = append(c.Actions, action(i))
	}
	if _, err := card(c); err == nil {
		t.Error("26 buttons were drawn")
	}
	long := bot.Action{Call: bot.Call{Command: "a", Values: bot.Values{"x": strings.Repeat("é", 20)}}, Label: "x"}
	if _, err := card(bot.Card{Actions: []bot.Action{long}}); err == nil || !strings.Contains(err.Error(), "bytes") {
		t.Errorf("a call of %d bytes: %v", len(long.Call.String()), err)
	}
}

func TestAMessageClearsWhatItNoLongerHolds(t *testing.T) {
	b, err := json.Marshal(plain(""))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"content":"","embeds":[],"components":[],"allowed_mentions":{"parse":[],"replied_user":false},"flags":0}`
	if string(b) != want {
		t.Errorf("got  %s\nwant %s", b, want)
	}
}

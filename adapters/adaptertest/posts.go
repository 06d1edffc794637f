package adaptertest

import (
	"fmt"
	"strings"

	"communitybot/bot"
)

func posted(b *bench) {
	at := b.post(b.Channel, card("Waits."))
	b.same(b.Channel.Channel, at.Channel)
	m := b.only()
	b.same(at.Message, m.ID)
	b.says(m.Text, "Acme", "Waits.")
	b.same([]string{"Approve", "Deny…"}, m.Buttons)

	reply := b.post(at, bot.Card{Key: "e1", Text: bot.Say("News: {link}", "link", bot.Link{URL: "https://x.test/a"}), Thread: "Acme"})
	b.post(at, bot.Card{Key: "e2", Text: bot.Say("More news."), Thread: "Acme"})
	if err := b.Adapter.Update(b.t.Context(), at, bot.Card{Key: "c1", Title: "Acme", Text: bot.Say("Done."), Color: "#A4E6DA"}); err != nil {
		b.t.Fatal(err)
	}
	m = b.only()
	b.says(m.Text, "Acme", "Done.")
	b.same(0, len(m.Buttons))
	b.same("#A4E6DA", strings.ToUpper(m.Color))
	if len(m.Thread) != 2 || m.Thread[0].ID != reply.Message {
		b.t.Fatalf("the thread holds %+v", m.Thread)
	}
	b.says(m.Thread[0].Text, "News: https://x.test/a")
	b.says(m.Thread[1].Text, "More news.")
}

func postedAgain(b *bench) {
	first := b.post(b.Channel, card("Waits."))
	again := card("Waits.")
	again.Again = true
	b.same(first, b.post(b.Channel, again))
	b.only()

	line := bot.Card{Key: "e1", Text: bot.Say("News."), Thread: "Acme"}
	reply := b.post(first, line)
	line.Again = true
	b.same(reply, b.post(first, line))
	b.same(1, len(b.only().Thread))

	other := bot.Card{Key: "e2", Text: bot.Say("Other news."), Thread: "Acme", Again: true}
	b.post(first, other)
	b.same(2, len(b.only().Thread))
}

// evil is what people may write anywhere.
var evil = []string{
	"<!channel>", "<!here>", "@everyone", "@here", "<@U1>", "<@!1300000000000000001>", "<#C1>", "<https://evil.test|click>", "[click](https://evil.test)",
	"*bold*", "**bold**", "_it_", "~~gone~~", "`code`", "```block```", "> quote", "# head", "- item", "1. item", "||spoiler||", "&amp; &lt;",
	"שלום עולם", "👩‍👩‍👧 🎉", `back\slash`,
}

func hostile(b *bench) {
	for i, words := range evil {
		line := b.post(b.Channel, bot.Card{Key: fmt.Sprint("k", i), Text: bot.Say("x {words} y", "words", words)})
		full := b.post(b.Channel, bot.Card{
			Title: words, Text: bot.Say("x {words} y {bold}", "words", words, "bold", bot.Bold(words)),
			Facts:  []bot.Fact{{Label: "Description", Value: plain(words), Long: true}, {Label: "Handle", Value: bot.Text{bot.Literal(words)}}},
			Footer: plain(words),
		})
		for _, m := range b.read(b.Ben) {
			if m.ID != line.Message && m.ID != full.Message {
				continue
			}
			if len(m.Pings) > 0 {
				b.t.Errorf("%q notified %v", words, m.Pings)
			}
			b.says(visible(m.Text), "x "+words+" y")
			b.says(words, m.Links...) // a platform may link an address that can be read, and must not hide one
		}
	}
}

// visible is text without the characters that can't be seen, which adapters put in to stop formatting.
func visible(s string) string {
	return strings.NewReplacer("\u200b", "", "\u2060", "", "\u00ad", "").Replace(s)
}

func mentioned(b *bench) {
	b.post(b.Channel, bot.Card{Key: "k1", Text: bot.Say("{ada} and {ben}", "ada", bot.Mention(b.Ada), "ben", bot.Name(b.Ben))})
	m := b.only()
	b.same([]string{b.Ada.ID}, m.Pings)
	b.says(m.Text, b.Ada.Name, b.Ben.Name)
}

func direct(b *bench) {
	at := b.post(bot.Place{Platform: b.Channel.Platform, Tenant: b.Channel.Tenant, User: b.Ada.ID}, card("For you."))
	b.post(at, bot.Card{Key: "e1", Text: bot.Say("News."), Thread: "Acme"})
	if err := b.Adapter.Update(b.t.Context(), at, card("Changed.")); err != nil {
		b.t.Fatal(err)
	}
	all, err := b.Chat.Read(b.t.Context(), b.Ada.ID, "@"+b.Ada.ID)
	if err != nil || len(all) == 0 {
		b.t.Fatalf("%d direct messages, err %v", len(all), err)
	}
	b.says(all[0].Text, "Changed.")
	b.same(0, len(b.read(b.Ben)))
}

func closed(b *bench) {
	at := b.post(b.Channel, card("Waits."))
	b.Kit.Close()
	for name, post := range map[string]bot.Place{"a card": b.Channel, "a line in a thread": at} {
		if _, err := b.Adapter.Post(b.t.Context(), post, bot.Card{Key: "k2", Text: bot.Say("x"), Thread: "Acme"}); bot.CodeOf(err) != bot.NoAccess {
			b.t.Errorf("%s: %v, want no_access", name, err)
		}
	}
}

func gone(b *bench) {
	at := b.post(b.Channel, card("Waits."))
	b.Delete(at.Message)
	if err := b.Adapter.Update(b.t.Context(), at, card("Changed.")); bot.CodeOf(err) != bot.Gone {
		b.t.Errorf("redrawing: %v, want gone", err)
	}
}

// everything is a card with all that there is, each as long as it gets.
func everything(b *bench) {
	c := bot.Card{
		Key: "c1", Title: strings.Repeat("T", 100), Text: bot.Say("It exists: {link}", "link", bot.Link{URL: "https://x.test/a"}), Color: "#A4E6DA",
		Images: []bot.Image{{URL: "https://x.test/dp.png", Alt: "Picture"}, {URL: "https://x.test/banner.png", Alt: "Banner"}},
		Footer: bot.Say("Request 42"), Actions: card("").Actions,
	}
	for _, label := range []string{"Handle", "Type", "Asked by", "Tags", "Categories", "New categories", "Profile picture", "Banner", "Options"} {
		c.Facts = append(c.Facts, bot.Fact{Label: label, Value: plain(strings.Repeat("v", 60))})
	}
	c.Facts = append(c.Facts, bot.Fact{Label: "Description", Value: plain(strings.Repeat("é*_", 700)), Long: true},
		bot.Fact{Label: "Members", Value: plain(strings.Repeat("m", 3000)), Long: true}, bot.Fact{Label: "Why", Value: plain(strings.Repeat("w ", 250)), Long: true})
	b.post(b.Channel, c)
	m := b.only()
	for _, f := range c.Facts {
		b.says(m.Text, f.Label)
	}
	b.says(m.Text, c.Title, "It exists:", "Request 42")
	b.same([]string{"https://x.test/dp.png", "https://x.test/banner.png"}, m.Images)
	b.same([]string{"https://x.test/a"}, m.Links)
	b.same([]string{"Approve", "Deny…"}, m.Buttons)
}

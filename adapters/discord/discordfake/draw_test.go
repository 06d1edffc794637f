package discordfake

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"communitybot/adapters/person"
)

func TestMarkdownAsItIsRead(t *testing.T) {
	w := newWorld(t, Options{})
	for name, c := range map[string]struct {
		in, want string
		links    []string
	}{
		"plain words":              {"Acme Fans", "Acme Fans", nil},
		"bold, italic, underlined": {"**b** *i* _j_ __u__ ~~s~~ ||x|| ***bi***", "b i j u s x bi", nil},
		"marks in marks":           {"**b *i* b**", "b i b", nil},
		"escapes":                  {`\*\*not bold\*\* \_x\_ \\ \[a\]\(b\) \# \> \<@1\>`, `**not bold** _x_ \ [a](b) # > <@1>`, nil},
		"an escaped mark inside":   {`**a\*\*b**`, "a**b", nil},
		"an escaped backslash":     {`*a\\* b*`, `a\ b*`, nil},
		"marks without a partner":  {"2 * 3 ** 4 _ 5 `6", "2 * 3 ** 4 _ 5 `6", nil},
		"underscores in a word":    {"snake_case_name", "snake_case_name", nil},
		"code":                     {"`a *b*` ``c ` d`` `` `e` ``", "a *b* c ` d `e`", nil},
		"a block of code":          {"x\n```go\n**a**\n```", "x\n**a**\n", nil},
		"a block in one line":      {"```**a** <@1>```", "**a** <@1>", nil},
		"a block that never ends":  {"```a **b**", "```a b", nil},
		"headings and quotes":      {"# Big\n> said\n-# small\n- one\n* two\n>>> rest", "Big\nsaid\nsmall\n• one\n• two\nrest", nil},
		"a heading mark inside":    {"a # b", "a # b", nil},
		"names":                    {"<@" + ada + "> <@!" + bob + "> <@1> <@&" + admins + "> <#" + general + "> <#1>", "@Ada Lovelace @Bob @unknown-user @" + admins + " #general #unknown", nil},
		"a time":                   {"<t:1772366400:f> <t:1772366400> <t:99999999999999999999:R>", "1 Mar 2026 12:00 UTC 1 Mar 2026 12:00 UTC <t:99999999999999999999:R>", nil},
		"an emoji of the server":   {"<:wave:123> <a:party:4>", ":wave: :party:", nil},
		"a masked link":            {"[the *page*](https://a.example/x_(1)) and [b](<https://b.example>)", "the page and b", []string{"https://a.example/x_(1)", "https://b.example"}},
		"a mask for no web page":   {"[x](javascript:1)", "[x](javascript:1)", nil},
		"bare links":               {"see https://a.example/_x_?a=1. And <https://b.example>, **https://c.example**", "see https://a.example/_x_?a=1. And https://b.example, https://c.example", []string{"https://a.example/_x_?a=1", "https://b.example", "https://c.example"}},
		"the same link twice":      {"https://a.example https://a.example", "https://a.example https://a.example", []string{"https://a.example"}},
		"what takes no space":      {"@\u200beveryone", "@everyone", nil},
		"other scripts and emoji":  {"**été** 日本 *שלום* 🎉", "été 日本 שלום 🎉", nil},
	} {
		t.Run(name, func(t *testing.T) {
			p := painter{f: w.Fake}
			if diff := cmp.Diff(c.want, p.markdown(c.in)); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(c.links, p.links); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestACardAsItIsSeen(t *testing.T) {
	w := newWorld(t, Options{})
	id := w.post(`{"content":"<@` + ada + `> asks","embeds":[{"author":{"name":"*A*","url":"https://author.example"},"title":"**Acme** <@` + ada + `>","url":"https://a.example",
		"description":"by <@` + bob + `> [there](https://there.example)","color":10806,
		"fields":[{"name":"*Handle*","value":"` + "`acme`" + `"},{"name":"Made","value":"<t:1772366400:f>","inline":true}],
		"footer":{"text":"*as it is* <@1>"},"thumbnail":{"url":"https://m.example/1.png"},"image":{"url":"https://m.example/2.png"}}],
		"components":[{"type":1,"components":[{"type":2,"style":1,"label":"Approve","custom_id":"a"},
			{"type":2,"style":4,"label":"Dead","custom_id":"d","disabled":true},{"type":2,"style":5,"label":"Open","url":"https://open.example"}]}]}`)
	want := []person.Message{{
		ID: id, Author: "communitybot", Color: "#002A36", Buttons: []string{"Approve", "Open"}, Pings: []string{ada},
		Text:   "@Ada Lovelace asks\n*A*\nAcme <@" + ada + ">\nby @Bob there\nHandle: acme\nMade: 1 Mar 2026 12:00 UTC\n*as it is* <@1>",
		Images: []string{"https://m.example/1.png", "https://m.example/2.png"},
		Links:  []string{"https://author.example", "https://a.example", "https://there.example", "https://open.example"},
	}}
	if diff := cmp.Diff(want, w.read(bob, general)); diff != "" {
		t.Error(diff)
	}
}

func TestSuppressedEmbedsAreNotSeen(t *testing.T) {
	w := newWorld(t, Options{})
	w.post(`{"content":"text","embeds":[{"title":"card","color":1}],"flags":4}`)
	if got := w.read(ada, general); got[0].Text != "text" || got[0].Color != "" {
		t.Errorf("got %+v", got[0])
	}
}

func TestPings(t *testing.T) {
	all := "<@" + ada + "> <@!" + bob + "> <@&" + admins + "> @everyone"
	everybody := []string{"everyone", ada, bob, admins}
	for name, c := range map[string]struct {
		body string
		want []string
	}{
		"everybody when nothing is said": {`{"content":"` + all + `"}`, everybody},
		"@here too":                      {`{"content":"@here"}`, []string{"everyone"}},
		"nobody when nothing is parsed":  {`{"content":"` + all + `","allowed_mentions":{"parse":[]}}`, nil},
		"nobody when it is null":         {`{"content":"` + all + `","allowed_mentions":{"parse":null}}`, nil},
		"users only":                     {`{"content":"` + all + `","allowed_mentions":{"parse":["users"]}}`, []string{ada, bob}},
		"roles only":                     {`{"content":"` + all + `","allowed_mentions":{"parse":["roles"]}}`, []string{admins}},
		"one user":                       {`{"content":"` + all + `","allowed_mentions":{"users":["` + bob + `"]}}`, []string{bob}},
		"one role":                       {`{"content":"` + all + `","allowed_mentions":{"roles":["` + admins + `"]}}`, []string{admins}},
		"nobody who is not named":        {`{"content":"hi","allowed_mentions":{"users":["` + bob + `"]}}`, nil},
		"nobody by an embed":             {`{"embeds":[{"description":"` + all + `"}]}`, nil},
		"an escape does not help":        {`{"content":"\\@everyone ` + "`@everyone`" + `"}`, []string{"everyone"}},
		"a broken word does":             {`{"content":"@\u200beveryone"}`, nil},
		"nobody unknown":                 {`{"content":"<@1> <#` + general + `>"}`, nil},
		"nobody silently":                {`{"content":"` + all + `","flags":4096}`, nil},
		"once":                           {`{"content":"<@` + ada + `> <@` + ada + `>"}`, []string{ada}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, Options{})
			w.post(c.body)
			if diff := cmp.Diff(c.want, w.read(ada, general)[0].Pings); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRepliesPingTheirAuthor(t *testing.T) {
	w := newWorld(t, Options{})
	to := w.writes(ada, general, "question")
	w.post(`{"content":"loud","message_reference":{"message_id":"` + to + `"}}`)
	w.post(`{"content":"quiet","message_reference":{"message_id":"` + to + `"},"allowed_mentions":{"parse":[]}}`)
	w.post(`{"content":"asked","message_reference":{"message_id":"` + to + `"},"allowed_mentions":{"replied_user":true}}`)
	own := w.post(`{"content":"by the bot"}`)
	w.post(`{"content":"to itself","message_reference":{"message_id":"` + own + `"}}`)
	if got := w.read(ada, general)[1].Thread[0].Pings; got != nil {
		t.Errorf("the bot pings %v", got)
	}
	for i, want := range [][]string{{ada}, nil, {ada}} {
		if diff := cmp.Diff(want, w.read(ada, general)[0].Thread[i].Pings); diff != "" {
			t.Errorf("reply %d: %s", i, diff)
		}
	}
}

func TestAnswersToInteractionsPingPersonsOnly(t *testing.T) {
	w := newWorld(t, Options{AnyCommand: true})
	w.bot(always(`{"type":4,"data":{"content":"@everyone <@` + bob + `> <@&` + admins + `>"}}`))
	if _, err := w.Type(t.Context(), ada, general, "/x"); err != nil {
		t.Fatal(err)
	}
	w.bot(always(`{"type":4,"data":{"content":"<@` + bob + `>","flags":64}}`))
	if _, err := w.Type(t.Context(), ada, general, "/x"); err != nil {
		t.Fatal(err)
	}
	got := w.read(ada, general)
	if !cmp.Equal(got[0].Pings, []string{bob}) || got[1].Pings != nil {
		t.Errorf("got %v and, privately, %v", got[0].Pings, got[1].Pings)
	}
}

func TestEditsPingNobody(t *testing.T) {
	w := newWorld(t, Options{})
	id := w.post(`{"content":"hi"}`)
	if _, err := w.s.ChannelMessageEdit(general, id, "<@"+ada+">"); err != nil {
		t.Fatal(err)
	}
	if got := w.read(ada, general)[0]; got.Pings != nil || !got.Edited {
		t.Errorf("got %+v", got)
	}
}

package discord

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"communitybot/bot"
)

func TestTextAsMarkdown(t *testing.T) {
	for _, c := range []struct {
		name string
		text bot.Text
		want string
	}{
		{"nothing", nil, ""},
		{"plain words", bot.Say("Hello, you!"), "Hello, you!"},
		{"marks", bot.Say(`*a* _b_ ~c~ |d| \e`), `\*a\* \_b\_ \~c\~ \|d\| \\e`},
		{"a code block", bot.Say("```rm```"), "\\`\\`\\`rm\\`\\`\\`"},
		{"a masked link", bot.Say("[a](b)"), `\[a\]\(b\)`},
		{"lines that would be blocks", bot.Say("# a\n- b\n> c\n  + d\n1. e\n-# f\n>>> g"), "\\# a\n\\- b\n\\> c\n  \\+ d\n1\\. e\n\\-# f\n\\>>> g"},
		{"lines that end in a carriage return, or begin with nothing", bot.Say("a\r# b\r\n- c\n\f> d"), "a\r\\# b\r\n\\- c\n\f\\> d"},
		{"the same marks inside a line", bot.Say("genuin-community #1 > 0, v1.5"), "genuin-community #1 > 0, v1.5"},
		{"everyone", bot.Say("@everyone @here @EveryOne"), "@\u200beveryone @\u200bhere @\u200bEveryOne"},
		{"mentions and the like", bot.Say("<@1> <@!1> <@&2> <#3> <:x:4> </deny:5>"), "\\<@\u200b1> \\<@\u200b!1> \\<@\u200b&2> \\<#3> \\<:x:4> \\</deny:5>"},
		{"an address", bot.Say("ada@example.com"), "ada@example.com"},
		{"a URL that somebody typed", bot.Say("see (https://x.example/a_b*c) *"), `see \(https://x.example/a_b*c) \*`},
		{"a URL and a mark right behind it", bot.Say("https://x.example<#3> https://<#4>"), "https://x.example<\u200b#3> https://<\u200b#4>"},
		{"a URL with brackets and a line of its own", bot.Say("https://x.example/Go_(game) https://x.example/c_"), "https://x.example/Go_(game) https://x.example/c_"},
		{"a URL in bold words can't end them", bot.Text{bot.Bold(`https://x.example/**[free](https://y.example)\`)}, "**https://x.example/%2A%2A[free](https://y.example)%5C**"},
		{"right to left", bot.Say("مجتمع *العربية*"), `مجتمع \*العربية\*`},
		{"bold", bot.Text{bot.Bold("a*b")}, `**a\*b**`},
		{"bold with blanks around", bot.Text{bot.Bold(" a ")}, " **a** "},
		{"bold of broken UTF-8", bot.Text{bot.Bold("\u00a0\xa0")}, "\u00a0**\ufffd**"},
		{"bold of nothing", bot.Text{bot.Bold(" ")}, " "},
		{"a literal", bot.Text{bot.Literal("acme_fans")}, "`acme_fans`"},
		{"a literal with backticks", bot.Text{bot.Literal("a`b``")}, "`aˋbˋˋ`"},
		{"a literal with lines", bot.Text{bot.Literal("a\nb")}, "`a b`"},
		{"a literal that mentions", bot.Text{bot.Literal("<@1>@here")}, "`<@\u200b1>@\u200bhere`"},
		{"a literal of nothing", bot.Text{bot.Literal("")}, ""},
		{"a link", bot.Text{bot.Link{URL: "https://x.example/a", Label: "Open *it*"}}, `[Open \*it\*](https://x.example/a)`},
		{"a link without a label", bot.Text{bot.Link{URL: "https://x.example/a_b"}}, "https://x.example/a_b"},
		{"a link that would end early", bot.Text{bot.Link{URL: "https://x.example/a)(b c", Label: "x"}}, "[x](https://x.example/a%29%28b%20c)"},
		{"a link labelled with another URL", bot.Text{bot.Link{URL: "https://evil.example", Label: "https://good.example"}}, "https://good.example https://evil.example"},
		{"a link over two lines", bot.Text{bot.Link{URL: "https://x.example", Label: "a\nb"}}, "[a b](https://x.example)"},
		{"a link that is none", bot.Text{bot.Link{URL: "javascript:alert(1)", Label: "x"}}, `x \(javascript:alert\(1\)\)`},
		{"a name", bot.Text{bot.Name{Platform: "discord", ID: "7", Name: "a_b"}}, `a\_b`},
		{"a name that is only an ID", bot.Text{bot.Name{ID: "7"}}, "7"},
		{"a mention", bot.Text{bot.Mention{Platform: "discord", ID: "7", Name: "Ada"}}, "<@7>"},
		{"a name of a role", bot.Text{bot.Name{Platform: "discord", ID: "7", Name: "ops_team", Group: true}}, `@ops\_team`},
		{"a name of everyone's role", bot.Text{bot.Name{Platform: "discord", ID: "7", Name: "@everyone", Group: true}}, "@\u200beveryone"},
		{"a name of a role that is only an ID", bot.Text{bot.Name{Platform: "discord", ID: "7", Group: true}}, "@7"},
		{"a mention of a role", bot.Text{bot.Mention{Platform: "discord", ID: "7", Name: "ops", Group: true}}, "<@&7>"},
		{"a mention of a group on another platform", bot.Text{bot.Mention{Platform: "slack", ID: "7", Name: "ops", Group: true}}, "@ops"},
		{"a mention of a role whose ID is none", bot.Text{bot.Mention{Platform: "discord", ID: "S7", Name: "here", Group: true}}, "@\u200bhere"},
		{"a mention of an ID beyond all", bot.Text{bot.Mention{Platform: "discord", ID: "99999999999999999999", Name: "Ada"}}, "Ada"},
		{"a mention on another platform", bot.Text{bot.Mention{Platform: "slack", ID: "7", Name: "Ada"}}, "Ada"},
		{"a mention of an ID that is none", bot.Text{bot.Mention{Platform: "discord", ID: "&7", Name: "Ada"}}, "Ada"},
		{"a mention of nobody", bot.Text{bot.Mention{Platform: "discord", Name: "Ada"}}, "Ada"},
		{"a time", bot.Text{bot.Time(time.Unix(1772366400, 0))}, "<t:1772366400:f>"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := markdown(c.text, 2000); got != c.want {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

func TestLongTextIsCutBetweenCharacters(t *testing.T) {
	for _, c := range []struct {
		name  string
		text  bot.Text
		limit int
		want  string
	}{
		{"it fits exactly", bot.Say("12345"), 5, "12345"},
		{"plain", bot.Say("123456"), 5, "1234…"},
		{"never inside an escape", bot.Say("12*456"), 4, "12…"},
		{"after an escape", bot.Say("12*456"), 5, `12\*…`},
		{"never inside bold", bot.Say("1{bold}", "bold", bot.Bold("abcdef")), 9, "1**abc**…"},
		{"no room for bold", bot.Say("1234{bold}", "bold", bot.Bold("abcdef")), 9, "1234…"},
		{"never inside a literal", bot.Text{bot.Literal("abcdef")}, 6, "`abc`…"},
		{"a link goes whole", bot.Say("see {link}", "link", bot.Link{URL: "https://x.example", Label: "this"}), 10, "see…"},
		{"a mention goes whole", bot.Say("hi {mention}", "mention", bot.Mention{Platform: "discord", ID: "123456789"}), 10, "hi…"},
		{"a name is words", bot.Text{bot.Name{Name: "Ada Lovelace"}}, 5, "Ada…"},
		{"spans that fit stay", bot.Say("{first} {second}", "first", bot.Bold("a"), "second", bot.Bold("bcdefghij")), 14, "**a** **bcd**…"},
		{"emoji count as characters", bot.Say("🌍🌍🌍🌍"), 3, "🌍🌍…"},
		{"right to left", bot.Say("مجتمعات"), 4, "مجت…"},
		{"one character", bot.Say("12"), 1, "…"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := markdown(c.text, c.limit)
			if got != c.want || utf8.RuneCountInString(got) > c.limit {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestTenThousandCharactersOfAnything(t *testing.T) {
	for _, s := range []string{"a", "*", "\n", " ", "`", "@everyone ", "<@1>", "🌍", "م", "\\", "https://x.example/"} {
		long := strings.Repeat(s, 10000)
		for _, span := range []bot.Span{bot.Plain(long), bot.Bold(long), bot.Literal(long), bot.Name{Name: long}, bot.Link{URL: "https://x.example", Label: long}} {
			if got := markdown(bot.Text{span}, 2000); utf8.RuneCountInString(got) > 2000 || !utf8.ValidString(got) {
				t.Errorf("%T of %q: %d characters", span, s, utf8.RuneCountInString(got))
			}
		}
	}
}

func TestOnlyThoseWhoAreStillMentionedAreNotified(t *testing.T) {
	one, two := bot.Mention{Platform: "discord", ID: "1"}, bot.Mention{Platform: "discord", ID: "2"}
	long := bot.Say("{one} {one} {mention} {plain} {two}", "one", one, "mention", bot.Mention{Platform: "slack", ID: "3"}, "plain", bot.Plain(strings.Repeat("x", 3000)), "two", two)
	if m := say(long); len(m.Mentions.Users) != 1 || m.Mentions.Users[0] != "1" || m.Mentions.Parse == nil {
		t.Errorf("notified: %+v", m.Mentions)
	}
}

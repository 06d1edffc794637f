package slack

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"communitybot/bot"
)

func TestTextIsDrawnInSlacksMarkup(t *testing.T) {
	ann := bot.User{Platform: "slack", ID: "U1", Name: "Ann"}
	ops := bot.User{Platform: "slack", ID: "S1", Name: "ops", Group: true}
	role := bot.User{Platform: "discord", ID: "42", Name: "mods", Group: true}
	tests := map[string]struct {
		text bot.Text
		want string
	}{
		"plain words":                       {bot.Say("Hello there."), "Hello there."},
		"bold":                              {bot.Say("A {what} word", "what", bot.Bold("big")), "A *big* word"},
		"bold leaves spaces outside":        {bot.Text{bot.Bold(" big ")}, " *big* "},
		"bold goes line by line":            {bot.Text{bot.Bold("one \ntwo")}, "*one* \n*two*"},
		"bold of broken UTF-8":              {bot.Text{bot.Bold("\u00a0\xa0")}, "\u00a0*\ufffd*"},
		"bold of nothing is nothing":        {bot.Text{bot.Bold("")}, ""},
		"bold beside a word gets an edge":   {bot.Text{bot.Plain("a"), bot.Bold("b"), bot.Plain("c")}, "a\u200b*b*\u200bc"},
		"bold beside a full stop does not":  {bot.Text{bot.Bold("b"), bot.Plain(".")}, "*b*."},
		"a literal":                         {bot.Text{bot.Literal("my_handle*")}, "`my_handle*`"},
		"a literal is escaped":              {bot.Text{bot.Literal("<!channel>")}, "`&lt;!channel&gt;`"},
		"a literal with a backtick":         {bot.Text{bot.Literal("a`b")}, "a<!date^00000000^{_}|`>b"},
		"an empty literal":                  {bot.Text{bot.Literal("")}, ""},
		"a link":                            {bot.Text{bot.Link{URL: "https://x.test/a?b=1&c=2", Label: "Open"}}, "<https://x.test/a?b=1&amp;c=2|Open>"},
		"a link without label":              {bot.Text{bot.Link{URL: "https://x.test/a"}}, "<https://x.test/a>"},
		"a link can't break out":            {bot.Text{bot.Link{URL: "https://x.test/>|<!here>", Label: "a|b>*c*"}}, "<https://x.test/%3E%7C%3C!here%3E|a∣b&gt;∗c∗>"},
		"a link to a script is words":       {bot.Text{bot.Link{URL: "javascript:alert(1)", Label: "Open"}}, "Open (javascript:alert(1))"},
		"a link over two lines is words":    {bot.Text{bot.Link{URL: "https://x.test/#\n", Label: "Open"}}, "Open (https://x.test/#\n)"},
		"a link without host is words":      {bot.Text{bot.Link{URL: "https://", Label: "Open"}}, "Open (https://)"},
		"a mention":                         {bot.Text{bot.Mention(ann)}, "<@U1>"},
		"a mention from Discord is a name":  {bot.Text{bot.Mention{Platform: "discord", ID: "42", Name: "Bo"}}, "Bo"},
		"a mention of an odd ID is a name":  {bot.Text{bot.Mention{Platform: "slack", ID: "U1> <!here", Name: "Bo"}}, "Bo"},
		"a mention of a group":              {bot.Text{bot.Mention(ops)}, "<!subteam^S1>"},
		"a group that is known by ID only":  {bot.Text{bot.Mention{Platform: "slack", ID: "S1", Name: "an approver"}}, "<!subteam^S1>"},
		"a mention of a role of Discord":    {bot.Text{bot.Mention(role)}, "@mods"},
		"a group with an odd ID":            {bot.Text{bot.Mention{Platform: "slack", ID: "S1> <!here", Name: "ops", Group: true}}, "@ops"},
		"a group with a person's ID":        {bot.Text{bot.Mention{Platform: "slack", ID: "U1", Name: "ops", Group: true}}, "@ops"},
		"a name of a group":                 {bot.Text{bot.Name(ops)}, "@ops"},
		"a name of a group is escaped":      {bot.Text{bot.Name{Name: "!channel>", Group: true}}, "@!channel&gt;"},
		"a name does not notify":            {bot.Text{bot.Name(ann)}, "Ann"},
		"a name without name is its ID":     {bot.Text{bot.Name{ID: "U1"}}, "U1"},
		"a name is escaped":                 {bot.Text{bot.Name{Name: "<@U2> *x*"}}, "&lt;@U2&gt; <!date^00000000^{_}|*>x<!date^00000000^{_}|*>"},
		"a time":                            {bot.Text{bot.Time(time.Unix(1700000000, 0))}, "<!date^1700000000^{date_short_pretty} {time}|2023-11-14 22:13 UTC>"},
		"broadcasts are words":              {bot.Text{bot.Plain("<!channel> <!here> <!everyone> @everyone")}, "&lt;!channel&gt; &lt;!here&gt; &lt;!everyone&gt; @everyone"},
		"an ampersand":                      {bot.Text{bot.Plain("R&D &amp;")}, "R&amp;D &amp;amp;"},
		"stars do not format":               {bot.Text{bot.Plain("*x*")}, "<!date^00000000^{_}|*>x<!date^00000000^{_}|*>"},
		"backticks do not format":           {bot.Text{bot.Plain("```x")}, "<!date^00000000^{_}|```>x"},
		"tildes and underscores do not":     {bot.Text{bot.Plain("~a _b")}, "<!date^00000000^{_}|~>a <!date^00000000^{_}|_>b"},
		"full-width marks do not":           {bot.Text{bot.Plain("＊x")}, "<!date^00000000^{_}|＊>x"},
		"an underscore in a word stays":     {bot.Text{bot.Plain("snake_case")}, "snake_case"},
		"a star in a word does not stay":    {bot.Text{bot.Bold("a*b")}, "*a<!date^00000000^{_}|*>b*"},
		"a leading > is no quote":           {bot.Text{bot.Plain("> a\n  > b > c")}, "\u00ad&gt; a\n  \u00ad&gt; b &gt; c"},
		"a > after other words is as it is": {bot.Say("is {what}", "what", ">"), "is &gt;"},
		"emoji and right-to-left text":      {bot.Text{bot.Plain("🏏 مرحبا")}, "🏏 مرحبا"},
		"carriage returns go":               {bot.Text{bot.Plain("a\r\nb")}, "a\nb"},
		"broken UTF-8 shows as such":        {bot.Text{bot.Plain("a\xffb")}, "a\ufffdb"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, cut(tc.text, maxSection)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestLongTextIsPartedBetweenCharacters(t *testing.T) {
	tests := map[string]bot.Text{
		"words":       {bot.Plain(strings.Repeat("word ", 2000))},
		"emoji":       {bot.Plain(strings.Repeat("🏏", 10000))},
		"entities":    {bot.Plain(strings.Repeat("&<>", 3000))},
		"marks":       {bot.Plain(strings.Repeat("*", 10000))},
		"mixed marks": {bot.Plain(strings.Repeat("a`", 5000))},
		"bold":        {bot.Bold(strings.Repeat("bold ", 2000))},
		"literal":     {bot.Literal(strings.Repeat("x", 10000))},
		"spaces":      {bot.Plain(strings.Repeat(" ", 10000) + "x")},
		"a long link": {bot.Link{URL: "https://x.test/" + strings.Repeat("a", 5000), Label: strings.Repeat("b", 5000)}},
	}
	for name, text := range tests {
		t.Run(name, func(t *testing.T) {
			pieces := split(text, 200, 1000)
			if len(pieces) == 0 {
				t.Fatal("nothing drawn")
			}
			for _, p := range pieces {
				if n := utf8.RuneCountInString(p); n > 200 {
					t.Errorf("a piece of %d characters", n)
				}
				if !utf8.ValidString(p) || strings.TrimSpace(p) == "" {
					t.Errorf("piece %q", p)
				}
				if strings.Count(p, "<") != strings.Count(p, ">") {
					t.Errorf("markup parted: %q", p)
				}
			}
			if name == "words" && !strings.HasSuffix(strings.TrimSpace(pieces[0]), "word") {
				t.Errorf("a word is parted: %q", pieces[0])
			}
			if name == "bold" && (strings.Count(pieces[0], "*") != 2 || strings.Count(pieces[1], "*") != 2) {
				t.Errorf("formatting not closed and opened again: %q", pieces[:2])
			}
			short := cut(text, 200)
			if n := utf8.RuneCountInString(short); n > 200 || !strings.HasSuffix(short, "…") && len(pieces) > 1 {
				t.Errorf("cut to %d characters: %q", n, short)
			}
		})
	}
}

func TestNothingFitsInNoRoom(t *testing.T) {
	for _, limit := range []int{-5, 0, 1, 3} {
		if got := cut(bot.Say("Hello"), limit); got != "" {
			t.Errorf("cut to %d: %q", limit, got)
		}
	}
}

func TestPlainTextIsCutByCharacters(t *testing.T) {
	tests := []struct {
		s     string
		limit int
		want  string
	}{
		{"short", 24, "short"},
		{"exactly", 7, "exactly"},
		{"too long", 7, "too lo…"},
		{"🏏🏏🏏🏏", 3, "🏏🏏…"},
	}
	for _, tc := range tests {
		if got := cutPlain(tc.s, tc.limit); got != tc.want {
			t.Errorf("cutPlain(%q, %d) = %q, want %q", tc.s, tc.limit, got, tc.want)
		}
	}
	if got := cutExactly("🏏🏏🏏", 2); got != "🏏🏏" {
		t.Errorf("cutExactly: %q", got)
	}
	if got := cutExactly("ab", 2); got != "ab" {
		t.Errorf("cutExactly: %q", got)
	}
}

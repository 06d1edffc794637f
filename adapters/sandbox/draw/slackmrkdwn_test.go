package draw

import (
	"strings"
	"testing"
)

func TestSlackMarkupIsDrawn(t *testing.T) {
	rows := []struct{ name, text, drawn string }{
		{"plain words", "hello", "hello"},
		{"nothing", "", ""},
		{"entities", "a &amp; b &lt;c&gt; &quot;", "a &amp; b &lt;c&gt; &amp;quot;"},
		{"an escaped entity", "&amp;lt;", "&amp;lt;"},
		{"bold", "*b*", "<strong>b</strong>"},
		{"italic", "_i_", "<em>i</em>"},
		{"strike", "~s~", "<s>s</s>"},
		{"nested", "*_~all~_*", "<strong><em><s>all</s></em></strong>"},
		{"nested the other way", "~_*all*_~", "<strong><em><s>all</s></em></strong>"},
		{"part of it nested", "*a _b_ c*", "<strong>a <em>b</em> c</strong>"},
		{"overlapping", "*a _b* c_", "<strong>a <em>b</em></strong><em> c</em>"},
		{"unclosed", "*a _b ~c", "*a _b ~c"},
		{"empty", "** __ ~~ ``", "** __ ~~ ``"},
		{"two beside each other", "*a* *b*", "<strong>a</strong> <strong>b</strong>"},
		{"two with nothing between", "`a``b`", "<code>a</code><code>b</code>"},
		{"marks inside words stay", "a*b*c snake_case_name 1*2*3", "a*b*c snake_case_name 1*2*3"},
		{"marks next to blanks stay", "2 * 3 * 4 _ a _", "2 * 3 * 4 _ a _"},
		{"marks do not reach over lines", "*a\nb*", "*a\nb*"},
		{"an invisible character keeps a mark", "*\u200bno\u200b*", "*no*"},
		{"code holds marks", "`*x* _y_`", "<code>*x* _y_</code>"},
		{"code holds what is escaped", "`&lt;b&gt;`", "<code>&lt;b&gt;</code>"},
		{"code over lines", "```\n_y_\n```", "<pre>\n_y_\n</pre>"},
		{"words after code over lines", "```\na\n```\nb", "<pre>\na\n</pre>b"},
		{"a quote after code", "```a```\n> b", "<pre>a\n</pre><blockquote>b</blockquote>"},
		{"code in bold words", "*a ```b``` c*", "<strong>a </strong><pre><strong>b</strong></pre><strong> c</strong>"},
		{"a single backtick", "it` is", "it` is"},
		{"a quote", "> said\nnot said", "<blockquote>said\n</blockquote>not said"},
		{"a quote of lines", "so:\n> one\n>two\n\nend", "so:\n<blockquote>one\ntwo\n</blockquote>\nend"},
		{"a quote inside a line", "a > b", "a &gt; b"},
		{"an escaped quote", "&gt; said", "&gt; said"},
		{"code that begins in a quote", "> ```a\nb```\nc", "<blockquote><pre>a\nb\n</pre></blockquote>c"},
		{"a person", "hi <@U1>!", `hi <span class="mention">@Ada</span>!`},
		{"a stranger", "<@U7> <@U7|zoe>", `<span class="mention">@U7</span> <span class="mention">@zoe</span>`},
		{"a channel", "<#C1> <#C7|far> <#C8>", `<span class="mention">#communities</span> <span class="mention">#far</span> <span class="mention">#C8</span>`},
		{"a group", "<!subteam^S1> <!subteam^S2|@old>", `<span class="mention">@ops</span> <span class="mention">@old</span>`},
		{"everybody", "<!channel> <!here|here> <!everyone>", `<span class="mention">@channel</span> <span class="mention">@here</span> <span class="mention">@everyone</span>`},
		{"a bold person", "*<@U1> b*", `<strong><span class="mention">@Ada</span> b</strong>`},
		{"a link", "<https://x.test/a?b=1&amp;c=2|the &lt;page&gt;>", slackLinkTo("https://x.test/a?b=1&amp;c=2", "the &lt;page&gt;")},
		{"a link without words", "<http://x.test>", slackLinkTo("http://x.test", "http://x.test")},
		{"marks in a link's words", "<https://x.test|*b*>", slackLinkTo("https://x.test", "*b*")},
		{"a mailbox", "<mailto:a@x.test>", slackLinkTo("mailto:a@x.test", "a@x.test")},
		{"a bare link", "see https://x.test/a_b_c. Bye", "see " + slackLinkTo("https://x.test/a_b_c", "https://x.test/a_b_c") + ". Bye"},
		{"a link that leads elsewhere", "<ftp://x.test|words> <slack://x>", "words slack://x"},
		{"a link to a script", "<javascript://x%0aalert(1)|words>", "words"},
		{"a script that is no link", "<javascript:alert(1)|words>", "&lt;javascript:alert(1)|words&gt;"},
		{"a date", "<!date^1773748800^{date_short_pretty} {time}|then>", `<time datetime="2026-03-17T12:00:00Z" data-style="{date_short_pretty} {time}">then</time>`},
		{"a date with a link", "<!date^0^{date}^https://x.test|then>", `<time datetime="1970-01-01T00:00:00Z" data-style="{date}">then</time>`},
		{"a date with words that break out", `<!date^0^{date}" onclick="x'\;|then>`, `<time datetime="1970-01-01T00:00:00Z" data-style="{date}&#34; onclick=&#34;x&#39;\;">then</time>`},
		{"a date in no style that there is", "<!date^00000000^{_}|*>no<!date^00000000^{_}|*>", "*no*"},
		{"dates that are none", "<!date^x^{date}|a> <!date^99999999999999^{date}|b> <!date^-1^{date}|c> <!date^5|d>", "a b c d"},
		{"a date without fallback", "<!date^0^{date}>", "&lt;!date^0^{date}&gt;"},
		{"angle brackets that are nothing", "a <b> c < d <> <", "a &lt;b&gt; c &lt; d &lt;&gt; &lt;"},
		{"elements", `<script>x</script> "><img onerror=x>`, `&lt;script&gt;x&lt;/script&gt; &#34;&gt;&lt;img onerror=x&gt;`},
		{"emoji and right to left", "👩‍👩‍👧 *שלום* ok", "👩‍👩‍👧 <strong>שלום</strong> ok"},
		{"text that is not UTF-8", "a\xffb", "a\ufffdb"},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			got := string(run("slack.words", slackMrkdwn(r.text, false, slackWorld)))
			safe(t, got)
			if got != r.drawn {
				t.Errorf("%q is drawn as\n%s, want\n%s", r.text, got, r.drawn)
			}
		})
	}
}

func slackLinkTo(address, words string) string {
	return `<a href="` + address + `" rel="noopener noreferrer" target="_blank">` + words + `</a>`
}

func TestVerbatimSlackMarkupLinksNothingByItself(t *testing.T) {
	got := string(run("slack.words", slackMrkdwn("https://x.test <https://y.test|y>", true, slackWorld)))
	if want := "https://x.test " + slackLinkTo("https://y.test", "y"); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// slackNasty is what takes long when each mark looks for its end by itself.
var slackNasty = []string{"*", "_", "~", "`", "```", "<", ">", "&", "*a ", "_a *b ~c `d ", "```a\n", "<@", "<https://", "https://x ", "<!date^0^{date}|", "> \n", "*a* ", "\u200b", "<@U1>"}

func TestLongSlackMarkupIsDrawnInTime(t *testing.T) {
	for _, piece := range slackNasty {
		size := 20_000
		if piece == "*" {
			size = 100_000
		}
		safe(t, string(run("slack.words", slackMrkdwn(strings.Repeat(piece, size/len(piece)), false, slackWorld))))
	}
}

func TestEachPlaceIsLookedAtOnce(t *testing.T) {
	const n = 1000
	looks := 0
	next := slackNext(n, func(j int) bool { looks++; return j == 500 })
	for from := range n {
		want := 500
		if from > 500 {
			want = n
		}
		if got := next(from); got != want {
			t.Fatalf("from %d on it is at %d, want %d", from, got, want)
		}
	}
	if looks > n+1 {
		t.Errorf("%d looks at %d places", looks, n)
	}
}

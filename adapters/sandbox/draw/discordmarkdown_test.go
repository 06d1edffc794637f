package draw

import (
	"html/template"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// discordMarked draws a text on its own.
func discordMarked(s string) string {
	return string(discordReader{World: discordWorld, names: true}.markdown(s).HTML())
}

// discordMarks are texts with what they are drawn as.
var discordMarks = []struct{ name, text, want string }{
	{"words", "Hello there", "<p>Hello there</p>"},
	{"bold, italic, underlined, struck", "**b** *i* _i_ __u__ ~~s~~", "<p><strong>b</strong> <em>i</em> <em>i</em> <u>u</u> <s>s</s></p>"},
	{"bold and italic at once", "***x***", "<p><em><strong>x</strong></em></p>"},
	{"marks in marks", "**a *b* __c__**", "<p><strong>a <em>b</em> <u>c</u></strong></p>"},
	{"a spoiler can be reached by keyboard", "||x||", `<p><span class="spoiler" tabindex="0">x</span></p>`},
	{"code is literal", "`**x**` ``a`b``", "<p><code>**x**</code> <code>a`b</code></p>"},
	{"code that a part of the backticks begins", "``a`", "<p>`<code>a</code></p>"},
	{"code over lines, with a language", "before\n```go\na := <b>\n```\nafter", "<p>before</p><pre><code>a := &lt;b&gt;</code></pre><p>after</p>"},
	{"code over lines that is not closed", "```x", "<p>```x</p>"},
	{"marks that nothing closes", "**a ~~b ||c _d `e", "<p>**a ~~b ||c _d `e</p>"},
	{"a mark inside a word", "snake_case_name", "<p>snake_case_name</p>"},
	{"marks around blanks", "~~  ~~ * x* _ x_", "<p>~~  ~~ * x* _ x_</p>"},
	{"escaped marks", `\*x\* \<@1> \\ \a`, `<p>*x* &lt;@1&gt; \ \a</p>`},
	{"what takes no space", "@\u200beveryone", "<p>@everyone</p>"},
	{"marks over lines", "**a\nb**", "<p><strong>a\nb</strong></p>"},
	{"a quote", "> a\n> b\nc", "<blockquote><p>a\nb</p></blockquote><p>c</p>"},
	{"a quote of all that follows", ">>> a\nb", "<blockquote><p>a\nb</p></blockquote>"},
	{"a quote of lines that are something else", ">>> >>> a\n> # b\n- c", "<blockquote><p>&gt;&gt;&gt; a\n# b</p><ul><li>c</li></ul></blockquote>"},
	{"no quote", ">a", "<p>&gt;a</p>"},
	{"headings and small print", "# a\n## b\n### c\n-# d", `<h4>a</h4><h5>b</h5><h6>c</h6><p class="subtext">d</p>`},
	{"lists", "a\n- b\n* c\n  - d\ne", `<p>a</p><ul><li>b</li><li>c</li><li class="deeper">d</li></ul><p>e</p>`},
	{"a list with numbers", "3. a\n4. **b**", `<ol><li value="3">a</li><li value="4"><strong>b</strong></li></ol>`},
	{"a blank line", "a\n\n- b", "<p>a\n</p><ul><li>b</li></ul>"},
	{"an address", "See https://x.example/a_b_c?d=1&e=2.", `<p>See <a href="https://x.example/a_b_c?d=1&amp;e=2" rel="noopener noreferrer" target="_blank">https://x.example/a_b_c?d=1&amp;e=2</a>.</p>`},
	{"an address without a preview", "<https://x.example>", `<p><a href="https://x.example" rel="noopener noreferrer" target="_blank">https://x.example</a></p>`},
	{"words that lead somewhere", "[**the** page](<https://x.example/(a)>)", `<p><a href="https://x.example/(a)" rel="noopener noreferrer" target="_blank"><strong>the</strong> page</a></p>`},
	{"no link in a link", "[https://a.example](https://b.example)", `<p><a href="https://b.example" rel="noopener noreferrer" target="_blank">https://a.example</a></p>`},
	{"a link that leads nowhere", "[x](javascript:alert(1)) http://", "<p>[x](javascript:alert(1)) http://</p>"},
	{"mentions", "<@" + discordAda + "> <@!" + discordAda + "> <@&" + discordOps + "> <#" + discordChannel + ">",
		`<p><span class="mention">@Ada</span> <span class="mention">@Ada</span> <span class="mention">@ops</span> <span class="mention">#communities</span></p>`},
	{"mentions of nobody", "<@1> <@&1> <#1>", `<p><span class="mention">@unknown-user</span> <span class="mention">@unknown-role</span> <span class="mention">#unknown</span></p>`},
	{"mentions of all", "@everyone @here", `<p><span class="mention">@everyone</span> <span class="mention">@here</span></p>`},
	{"an emoji of people's own", "<:wave:1> <a:wave:2>", "<p>:wave: :wave:</p>"},
	{"a time", "<t:1773748800:R> <t:1773748800>", `<p><time datetime="2026-03-17T12:00:00Z" data-style="R">17 Mar 2026 12:00 UTC</time> <time datetime="2026-03-17T12:00:00Z" data-style="f">17 Mar 2026 12:00 UTC</time></p>`},
	{"a time that is none", "<t:99999999999999999999> <t:1:x>", "<p>&lt;t:99999999999999999999&gt; &lt;t:1:x&gt;</p>"},
	{"markup", `<script>alert("1")</script> "><img src=x onerror=alert(1)>`, `<p>&lt;script&gt;alert(&#34;1&#34;)&lt;/script&gt; &#34;&gt;&lt;img src=x onerror=alert(1)&gt;</p>`},
}

func TestDiscordMarkdown(t *testing.T) {
	for _, c := range append(discordMarks, struct{ name, text, want string }{"a command", "</create-community:1>", `<p><span class="mention">/create-community</span></p>`}) {
		t.Run(c.name, func(t *testing.T) {
			got := discordMarked(c.text)
			safe(t, got)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("%q (-want +got):\n%s", c.text, diff)
			}
		})
	}
}

func TestDiscordMarkdownReadsAsTheFakeShowsIt(t *testing.T) {
	for _, c := range discordMarks {
		t.Run(c.name, func(t *testing.T) {
			g := newDiscordGuild(t)
			g.say(map[string]any{"content": c.text})
			m := g.look()[0]
			got := discordReadMessage(t, string(Discord(m, discordWorld))).Text
			if diff := cmp.Diff(strings.Fields(m.Text), strings.Fields(got)); diff != "" {
				t.Errorf("%q (-shown +drawn):\n%s", c.text, diff)
			}
		})
	}
}

// TestALongTextOfMarksIsDrawnSoon draws fifty times what fits in a message. Each takes milliseconds, and many seconds if
// every mark were looked for anew.
func TestALongTextOfMarksIsDrawnSoon(t *testing.T) {
	for _, unit := range []string{"*", "_", "~", "|", "`", "[", "<", "\\", "h", ">", "\n", "> ", ">>> ", "> \n>>> ", "- ", "1. ", "*a ", "_a ", "**a __b ~~c ||d *e", "`a ``b ```c ",
		"[a](http://x", "[a](http://x(y)", "<http://a ", "http://", "</a", "<t:1", "\\*", "** ", "_a_b", " *", "a\n\n", "*a **b***", "```", "``` ", strings.Repeat("`", 49_999) + "a"} {
		text := strings.Repeat(unit, 100_000/len(unit))
		began := time.Now()
		drawn := discordMarked(text)
		title := string(discordReader{World: discordWorld}.inline(text).HTML())
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("%d bytes of %.20q took %v", len(text), unit, took)
		}
		safe(t, drawn)
		safe(t, title)
	}
}

func FuzzDiscordText(f *testing.F) {
	for _, c := range discordMarks {
		f.Add(c.text)
	}
	for _, s := range []string{
		"<script>alert(1)</script>", `"><img src=x onerror=alert(1)>`, `[x](javascript:alert(1))`, "[x](https://x.example/\"onclick=\"x)",
		"<https://x.example/\"><script>", "https://x.example/'><b>", "**a __b **c __d", "||[**x](https://x.example)**||", "> ```\n> x", "\x00\xff**\xfe**",
		"</a b:1>", "<t:-99999999999:R>", "{{.}}", "`</code>`", "```</pre>```", "1. </li>",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		safe(t, discordMarked(s))
		safe(t, string(discordReader{World: discordWorld}.inline(s).HTML()))
		for _, drawn := range []template.HTML{Discord(discordSent(t, s), discordWorld), DiscordForm(discordAsked(t, s), discordWorld)} {
			safe(t, string(drawn))
			if !strings.HasPrefix(string(drawn), "<") {
				t.Fatalf("%q: %s", s, drawn)
			}
		}
	})
}

package slackfake

import (
	"testing"

	"communitybot/adapters/person"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
)

// paint posts a message and reads it.
func paint(t *testing.T, f *Fake, options ...slack.MsgOption) person.Message {
	t.Helper()
	_, ts, err := client(t, f).PostMessageContext(ctx(t), "C1", options...)
	wantCode(t, err, "")
	for _, m := range must[[]messageT](t)(f.Read(ctx(t), "U1", "C1")) {
		if m.ID == ts {
			m.ID = ""
			return m
		}
	}
	t.Fatal("the message is not there")
	return person.Message{}
}

func TestWhatIsSeenOfText(t *testing.T) {
	f := start(t, Options{})
	f.AddGroup("S2", "ops", "U1")
	f.SetProfile("U2", "Bob Ray", "Bobby")
	everyone, ann, group := []string{"everyone"}, []string{"U1"}, []string{"S1"}
	rows := []struct {
		name, text, seen string
		pings, links     []string
	}{
		{"plain words", "hello", "hello", nil, nil},
		{"entities", "a &amp; b &lt;c&gt; &quot;", "a & b <c> &quot;", nil, nil},
		{"an escaped entity", "&amp;lt;", "&lt;", nil, nil},
		{"a person", "hi <@U1>!", "hi @ann!", ann, nil},
		{"a person twice", "<@U1> <@U1>", "@ann @ann", ann, nil},
		{"a stranger with a name", "<@U7|zoe>", "@zoe", []string{"U7"}, nil},
		{"a stranger", "<@U7>", "@U7", []string{"U7"}, nil},
		{"a channel", "in <#C1>", "in #general", nil, nil},
		{"another channel", "<#C7|far> <#C8>", "#far #C8", nil, nil},
		{"the whole channel", "<!channel>", "@channel", everyone, nil},
		{"those here", "<!here|here>", "@here", everyone, nil},
		{"everyone", "<!everyone>", "@everyone", everyone, nil},
		{"a group", "<!subteam^S1|@admins>", "@admins", group, nil},
		{"a group without a name", "<!subteam^S1>", "@S1", group, nil},
		{"a group that is known", "<!subteam^S2|@old> <!subteam^S2>", "@ops @ops", []string{"S2"}, nil},
		{"a person with a profile", "<@U2>", "@Bobby", []string{"U2"}, nil},
		{"escaped, it notifies nobody", "&lt;!channel&gt; &lt;@U1&gt; @channel @here", "<!channel> <@U1> @channel @here", nil, nil},
		{"a date", "<!date^1700000000^{date}|14 Nov 2023>", "14 Nov 2023", nil, nil},
		{"a link", "see <https://x.test/a?b=1&amp;c=2|the &lt;page&gt;>", "see the <page>", nil, []string{"https://x.test/a?b=1&c=2"}},
		{"a link without label", "<https://x.test>", "https://x.test", nil, []string{"https://x.test"}},
		{"an address", "<mailto:a@x.test>", "a@x.test", nil, []string{"mailto:a@x.test"}},
		{"a bare link", "see https://x.test/a_b_c. Bye", "see https://x.test/a_b_c. Bye", nil, []string{"https://x.test/a_b_c"}},
		{"the same link twice", "https://x.test https://x.test", "https://x.test https://x.test", nil, []string{"https://x.test"}},
		{"angle brackets that are nothing", "a <b> c < d", "a <b> c < d", nil, nil},
		{"empty brackets", "<>", "<>", nil, nil},
		{"bold, italic, strike", "*b* _i_ ~s~ *_~all~_*", "b i s all", nil, nil},
		{"marks inside words stay", "a*b*c snake_case_name 1*2*3", "a*b*c snake_case_name 1*2*3", nil, nil},
		{"marks next to blanks stay", "2 * 3 * 4 _ a _", "2 * 3 * 4 _ a _", nil, nil},
		{"marks do not reach over lines", "*a\nb*", "*a\nb*", nil, nil},
		{"an invisible character keeps a mark", "*\u200bno\u200b*", "*no*", nil, nil},
		{"code", "`*x*` and ```\n_y_\n```", "*x* and \n_y_\n", nil, nil},
		{"a single backtick", "it` is", "it` is", nil, nil},
		{"a quote", "> said\n>>> more", "said\nmore", nil, nil},
		{"an escaped quote", "&gt; said", "> said", nil, nil},
		{"emoji and right to left", "👩‍👩‍👧 *שלום* ok", "👩‍👩‍👧 שלום ok", nil, nil},
		{"text that is not UTF-8", "a\xffb", "a\ufffdb", nil, nil},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			for where, option := range map[string]slack.MsgOption{
				"text":    slack.MsgOptionText(r.text, false),
				"section": slack.MsgOptionBlocks(section(r.text)),
			} {
				want := person.Message{Author: botName, Text: r.seen, Pings: r.pings, Links: r.links}
				if diff := cmp.Diff(want, paint(t, f, option)); diff != "" {
					t.Errorf("in a %s (-want +got):\n%s", where, diff)
				}
			}
			literal := paint(t, f, slack.MsgOptionBlocks(slack.NewSectionBlock(words(r.text), nil, nil)))
			if r.name != "text that is not UTF-8" && (literal.Text != r.text || literal.Pings != nil || literal.Links != nil) {
				t.Errorf("plain_text is not literal: %+v", literal)
			}
		})
	}
}

func TestVerbatimTextLinksNothingByItself(t *testing.T) {
	m := paint(t, start(t, Options{}), slack.MsgOptionBlocks(slack.NewSectionBlock(
		slack.NewTextBlockObject(slack.MarkdownType, "https://x.test <https://y.test|y>", false, true), nil, nil)))
	same(t, "links", m.Links, []string{"https://y.test"})
}

func TestACardIsSeenLineByLine(t *testing.T) {
	f := start(t, Options{})
	picture := "https://x.test/1.png"
	link := button("Open", "")
	link.URL = "https://x.test/open"
	m := paint(t, f, slack.MsgOptionText("for <@U2>: not seen", false), slack.MsgOptionBlocks(
		slack.NewHeaderBlock(words("Acme *Fans*")),
		section("Asked by <@U1>"),
		slack.NewSectionBlock(nil, []*slack.TextBlockObject{mrkdwn("*Handle:*\n`acme`"), mrkdwn("*Tags*\na,b"), mrkdwn("alone")}, nil),
		slack.NewDividerBlock(),
		slack.NewImageBlock(picture, "the picture", "", words("The picture")),
		slack.NewContextBlock("c", slack.NewImageBlockElement("https://x.test/2.png", "small"), mrkdwn("<!here> request"), mrkdwn("_42_")),
		slack.NewSectionBlock(mrkdwn("more"), nil, slack.NewAccessory(slack.NewImageBlockElement("https://x.test/3.png", "side"))),
		slack.NewActionBlock("a", button("Approve", "1"), button("Deny…", "2"), link),
	))
	same(t, "card", m, person.Message{
		Author:  botName,
		Text:    "Acme *Fans*\nAsked by @ann\nHandle: acme\nTags: a,b\nalone\nThe picture\n@here request 42\nmore",
		Buttons: []string{"Approve", "Deny…", "Open"},
		Images:  []string{picture, "https://x.test/2.png", "https://x.test/3.png"},
		Links:   []string{"https://x.test/open"},
		Pings:   []string{"U2", "U1"},
	})
}

func TestAttachmentsAreSeen(t *testing.T) {
	f := start(t, Options{})
	m := paint(t, f, slack.MsgOptionText("*Acme*", false), slack.MsgOptionAttachments(slack.Attachment{
		Color: "#A4E6DA", Fallback: "not seen",
		Blocks: slack.Blocks{BlockSet: []slack.Block{section("in colour for <@U1>"), slack.NewActionBlock("a", button("Go", "1"))}},
	}))
	same(t, "with blocks", m, person.Message{
		Author: botName, Text: "Acme\nin colour for @ann", Buttons: []string{"Go"}, Color: "#A4E6DA", Pings: []string{"U1"},
	})
	m = paint(t, f, slack.MsgOptionAttachments(slack.Attachment{
		Color: "good", Pretext: "before", Title: "Title", TitleLink: "https://x.test", Text: "*text*", Footer: "end", ImageURL: "https://x.test/1.png",
		Fields: []slack.AttachmentField{{Title: "Handle", Value: "acme"}},
	}, slack.Attachment{Color: "#000000", Text: "second"}))
	same(t, "of the old kind", m, person.Message{
		Author: botName, Text: "before\nTitle\ntext\nHandle: acme\nend\nsecond", Color: "#2EB886",
		Links: []string{"https://x.test"}, Images: []string{"https://x.test/1.png"},
	})
	m = paint(t, f, slack.MsgOptionAttachments(slack.Attachment{Color: "00ff00", Fallback: "instead"}))
	same(t, "a fallback", m, person.Message{Author: botName, Text: "instead", Color: "#00ff00"})
}

func TestEditingNotifiesNobody(t *testing.T) {
	f := start(t, Options{})
	api := client(t, f)
	_, ts, err := api.PostMessageContext(ctx(t), "C1", slack.MsgOptionText("hi <@U1>", false))
	wantCode(t, err, "")
	_, _, _, err = api.UpdateMessageContext(ctx(t), "C1", ts, slack.MsgOptionText("hi <@U2> <!channel>", false))
	wantCode(t, err, "")
	m := must[[]messageT](t)(f.Read(ctx(t), "U1", "C1"))[0]
	same(t, "pings", m.Pings, []string{"U1"})
	same(t, "text", m.Text, "hi @bob @channel")
}

func TestWhatPeopleSayHasTheirName(t *testing.T) {
	f := start(t, Options{})
	f.Say("U2", "C1", "hello")
	f.Say("U7", "C1", "who am I")
	read := must[[]messageT](t)(f.Read(ctx(t), "U1", "C1"))
	same(t, "authors", []string{read[0].Author, read[1].Author}, []string{"bob", "U7"})
}

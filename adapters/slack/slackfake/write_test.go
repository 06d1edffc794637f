package slackfake

import (
	"testing"

	"github.com/slack-go/slack"
)

func TestWhatIsWrittenIsKeptInMarkup(t *testing.T) {
	f := start(t, Options{})
	f.AddUser("U3", "ann lee")
	f.AddChannel(Channel{ID: "C2", Name: "general-talk", Members: []string{"U1"}})
	api := client(t, f)
	for typed, want := range map[string]string{
		"just words":                     "just words",
		"1 < 2 & 3 > 2":                  "1 &lt; 2 &amp; 3 &gt; 2",
		"@ann @ann lee @nobody":          "<@U1> <@U3> @nobody",
		"#general #general-talk #other":  "<#C1|general> <#C2|general-talk> #other",
		"@here @channel @everyone":       "<!here> <!channel> <!everyone>",
		"see https://x.test/?a=1&b=2 ok": "see <https://x.test/?a=1&amp;b=2> ok",
	} {
		ts := must[string](t)(f.Write(ctx(t), "U1", "C1", typed))
		history := must[*slack.GetConversationHistoryResponse](t)(api.GetConversationHistoryContext(ctx(t), &slack.GetConversationHistoryParameters{ChannelID: "C1", Limit: 1}))
		m := history.Messages[0]
		same(t, typed, []string{m.Timestamp, m.User, m.Text}, []string{ts, "U1", want})
	}
}

func TestWritingToTheBot(t *testing.T) {
	f := start(t, Options{})
	ts := must[string](t)(f.Write(ctx(t), "U1", "@U1", "hello"))
	if m := must[[]messageT](t)(f.Read(ctx(t), "U1", "@U1")); len(m) != 1 || m[0].ID != ts || m[0].Text != "hello" {
		t.Errorf("%+v", m)
	}
}

func TestWhereNobodyCanWrite(t *testing.T) {
	f := start(t, Options{})
	f.AddChannel(Channel{ID: "C3", Name: "old", Members: []string{"U1"}, Archived: true})
	f.AddChannel(Channel{ID: "C4", Name: "others", Members: []string{"U2"}})
	for _, try := range [][3]string{{"U9", "C1", "x"}, {"U1", "C9", "x"}, {"U1", "C3", "x"}, {"U1", "C4", "x"}, {"U1", "@U2", "x"}, {"U1", "C1", " "}} {
		if ts, err := f.Write(ctx(t), try[0], try[1], try[2]); err == nil {
			t.Errorf("%v: %s", try, ts)
		}
	}
}

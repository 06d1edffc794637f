package slackfake

import (
	"errors"
	"testing"
	"time"

	"communitybot/adapters/person"

	"github.com/slack-go/slack"
)

type messageT = person.Message

func TestWhereABotMayPost(t *testing.T) {
	rows := []struct {
		name    string
		channel Channel
		to      string
		scopes  []string
		refuse  string
	}{
		{"a public channel it is in", Channel{ID: "X", Bot: true}, "X", nil, ""},
		{"a public channel it is not in", Channel{ID: "X"}, "X", []string{"chat:write"}, "not_in_channel"},
		{"any public channel with chat:write.public", Channel{ID: "X"}, "X", []string{"chat:write", "chat:write.public"}, ""},
		{"a private channel it is in", Channel{ID: "X", Private: true, Bot: true}, "X", nil, ""},
		{"a private channel it is not in", Channel{ID: "X", Private: true}, "X", nil, "channel_not_found"},
		{"a private one with chat:write.public", Channel{ID: "X", Private: true}, "X", []string{"chat:write", "chat:write.public"}, "channel_not_found"},
		{"an archived channel", Channel{ID: "X", Bot: true, Archived: true}, "X", nil, "is_archived"},
		{"no channel", Channel{ID: "X"}, "Y", nil, "channel_not_found"},
		{"nothing", Channel{ID: "X"}, "", nil, "channel_not_found"},
		{"a person", Channel{ID: "X"}, "U1", nil, ""},
		{"itself", Channel{ID: "X"}, botUser, nil, "channel_not_found"},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			f := start(t, Options{Scopes: r.scopes})
			f.AddChannel(r.channel)
			_, _, err := client(t, f).PostMessageContext(ctx(t), r.to, slack.MsgOptionText("x", false))
			wantCode(t, err, r.refuse)
		})
	}
}

func TestAPostedMessageComesBackInTheAnswer(t *testing.T) {
	f := start(t, Options{})
	parent := f.Say("U1", "C1", "parent")
	channel, ts, m, err := client(t, f).PostMessageWithResponseContext(ctx(t), "C1", slack.MsgOptionText("words", false),
		slack.MsgOptionBlocks(section("*x*")), slack.MsgOptionTS(parent), slack.MsgOptionMetadata(
			slack.SlackMetadata{EventType: "card", EventPayload: map[string]any{"key": "7"}}))
	if err != nil {
		t.Fatal(err)
	}
	same(t, "answer", []any{channel, m.Timestamp, m.Text, m.ThreadTimestamp, m.User, m.BotID, m.Metadata.EventType, len(m.Blocks.BlockSet)},
		[]any{"C1", ts, "words", parent, botUser, botID, "card", 1})
	if id := m.Blocks.BlockSet[0].ID(); id == "" {
		t.Error("Slack gave the block no ID")
	}
}

func TestAddingAChannelAgainKeepsItsMessages(t *testing.T) {
	f := start(t, Options{})
	f.Say("U1", "C1", "before")
	f.AddChannel(Channel{ID: "C1", Name: "general", Members: []string{"U1"}, Archived: true})
	_, _, err := client(t, f).PostMessageContext(ctx(t), "C1", slack.MsgOptionText("x", false))
	wantCode(t, err, "is_archived")
	if read := must[[]messageT](t)(f.Read(ctx(t), "U1", "C1")); len(read) != 1 || read[0].Text != "before" {
		t.Errorf("messages: %+v", read)
	}
}

func TestAReplyWithoutItsParentGoesToTheChannel(t *testing.T) {
	f := start(t, Options{})
	_, ts, m, err := client(t, f).PostMessageWithResponseContext(ctx(t), "C1", slack.MsgOptionText("x", false), slack.MsgOptionTS("1.000001"))
	wantCode(t, err, "")
	if read := must[[]messageT](t)(f.Read(ctx(t), "U1", "C1")); m.ThreadTimestamp != "" || len(read) != 1 || read[0].ID != ts {
		t.Errorf("thread %q, channel %+v", m.ThreadTimestamp, read)
	}
}

func TestARepliesReplyIsInTheSameThread(t *testing.T) {
	f := start(t, Options{})
	api := client(t, f)
	parent := f.Say("U1", "C1", "parent")
	_, reply, err := api.PostMessageContext(ctx(t), "C1", slack.MsgOptionText("one", false), slack.MsgOptionTS(parent))
	wantCode(t, err, "")
	_, _, err = api.PostMessageContext(ctx(t), "C1", slack.MsgOptionText("two", false), slack.MsgOptionTS(reply))
	wantCode(t, err, "")
	read := must[[]messageT](t)(f.Read(ctx(t), "U1", "C1"))
	if len(read) != 1 || len(read[0].Thread) != 2 || read[0].Thread[1].Text != "two" {
		t.Errorf("a reply to a reply is not in the thread: %+v", read)
	}
}

func TestEditing(t *testing.T) {
	f := start(t, Options{})
	api := client(t, f)
	theirs := f.Say("U1", "C1", "mine")
	_, ts, err := api.PostMessageContext(ctx(t), "C1", slack.MsgOptionText("before", false), slack.MsgOptionBlocks(section("block")),
		slack.MsgOptionAttachments(slack.Attachment{Color: "#A4E6DA", Text: "attached"}))
	wantCode(t, err, "")
	private := must[string](t)(api.PostEphemeralContext(ctx(t), "C1", "U1", slack.MsgOptionText("private", false)))

	rows := []struct {
		name, channel, ts string
		option            slack.MsgOption
		refuse            string
	}{
		{"somebody else's message", "C1", theirs, slack.MsgOptionText("x", false), "cant_update_message"},
		{"no message", "C1", "1.2", slack.MsgOptionText("x", false), "message_not_found"},
		{"a private message", "C1", private, slack.MsgOptionText("x", false), "message_not_found"},
		{"no channel", "C404", ts, slack.MsgOptionText("x", false), "channel_not_found"},
		{"to nothing", "C1", ts, slack.MsgOptionText("", false), "no_text"},
		{"to blocks that break a rule", "C1", ts, slack.MsgOptionBlocks(section("")), "invalid_blocks"},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			_, _, _, err := api.UpdateMessageContext(ctx(t), r.channel, r.ts, r.option)
			wantCode(t, err, r.refuse)
		})
	}
	read := func() messageT {
		t.Helper()
		for _, m := range must[[]messageT](t)(f.Read(ctx(t), "U1", "C1")) {
			if m.ID == ts {
				return m
			}
		}
		t.Fatal("the message is gone")
		return messageT{}
	}
	if m := read(); m.Edited || m.Text != "block\nattached" {
		t.Errorf("before: %+v", m)
	}
	_, _, text, err := api.UpdateMessageContext(ctx(t), "C1", ts, slack.MsgOptionText("after", false))
	wantCode(t, err, "")
	same(t, "text in the answer", text, "after")
	if m := read(); !m.Edited || m.Text != "block\nattached" {
		t.Errorf("what was not sent did not stay: %+v", m)
	}
	_, _, _, err = api.UpdateMessageContext(ctx(t), "C1", ts, slack.MsgOptionText("after", false), slack.MsgOptionBlocks(), slack.MsgOptionAttachments())
	wantCode(t, err, "")
	if _, a := rawCall(t, f, "chat.update", object{"channel": "C1", "ts": ts, "text": "after", "blocks": []any{}, "attachments": []any{}}); a["ok"] != true {
		t.Errorf("empty lists: %v", a)
	}
	if m := read(); m.Text != "after" {
		t.Errorf("empty lists did not take blocks and attachments away: %+v", m)
	}
	f.AddChannel(Channel{ID: "C1", Name: "general", Members: []string{"U1"}, Bot: true, Archived: true})
	_, _, _, err = api.UpdateMessageContext(ctx(t), "C1", ts, slack.MsgOptionText("late", false))
	wantCode(t, err, "is_inactive")
}

func TestEditingKeepsMetadataUntilNewIsSent(t *testing.T) {
	f := start(t, Options{})
	api := client(t, f)
	card := func(key string) slack.MsgOption {
		return slack.MsgOptionMetadata(slack.SlackMetadata{EventType: "card", EventPayload: map[string]any{"key": key}})
	}
	_, ts, err := api.PostMessageContext(ctx(t), "C1", slack.MsgOptionText("x", false), card("1"))
	wantCode(t, err, "")
	for _, step := range []struct {
		options []slack.MsgOption
		want    string
	}{
		{[]slack.MsgOption{slack.MsgOptionText("y", false)}, "1"},
		{[]slack.MsgOption{slack.MsgOptionText("y", false), card("2")}, "2"},
	} {
		_, _, _, err = api.UpdateMessageContext(ctx(t), "C1", ts, step.options...)
		wantCode(t, err, "")
		history := must[*slack.GetConversationHistoryResponse](t)(api.GetConversationHistoryContext(ctx(t), &slack.GetConversationHistoryParameters{ChannelID: "C1", IncludeAllMetadata: true}))
		same(t, "key", history.Messages[0].Metadata.EventPayload["key"], any(step.want))
	}
}

func TestDeleting(t *testing.T) {
	f := start(t, Options{})
	api := client(t, f)
	theirs := f.Say("U1", "C1", "mine")
	_, _, err := api.DeleteMessageContext(ctx(t), "C1", theirs)
	wantCode(t, err, "cant_delete_message")
	_, plain, err := api.PostMessageContext(ctx(t), "C1", slack.MsgOptionText("plain", false))
	wantCode(t, err, "")
	_, parent, err := api.PostMessageContext(ctx(t), "C1", slack.MsgOptionText("parent", false))
	wantCode(t, err, "")
	_, _, err = api.PostMessageContext(ctx(t), "C1", slack.MsgOptionText("reply", false), slack.MsgOptionTS(parent))
	wantCode(t, err, "")
	for _, ts := range []string{plain, parent} {
		_, _, err = api.DeleteMessageContext(ctx(t), "C1", ts)
		wantCode(t, err, "")
		_, _, err = api.DeleteMessageContext(ctx(t), "C1", ts)
		wantCode(t, err, "message_not_found")
	}
	read := must[[]messageT](t)(f.Read(ctx(t), "U1", "C1"))
	var seen []string
	for _, m := range read {
		seen = append(seen, m.Text)
	}
	same(t, "what is left", seen, []string{"mine", "This message was deleted."})
	if len(read) == 2 && (len(read[1].Thread) != 1 || read[1].Thread[0].Text != "reply") {
		t.Errorf("the thread is gone with its parent: %+v", read[1])
	}
}

func TestPrivateMessages(t *testing.T) {
	f := start(t, Options{})
	f.AddUser("U3", "eve")
	api := client(t, f)
	parent := f.Say("U1", "C1", "parent")
	_, err := api.PostEphemeralContext(ctx(t), "C1", "U1", slack.MsgOptionText("for <@U1> <!channel>", false))
	wantCode(t, err, "")
	_, err = api.PostEphemeralContext(ctx(t), "C1", "U1", slack.MsgOptionText("in the thread", false), slack.MsgOptionTS(parent))
	wantCode(t, err, "")
	_, err = api.PostEphemeralContext(ctx(t), "C1", "U3", slack.MsgOptionText("x", false))
	wantCode(t, err, "user_not_in_channel")
	_, err = api.PostEphemeralContext(ctx(t), "C404", "U1", slack.MsgOptionText("x", false))
	wantCode(t, err, "channel_not_found")
	_, err = api.PostEphemeralContext(ctx(t), "C1", "U1", slack.MsgOptionText("", false))
	wantCode(t, err, "no_text")
	_, err = api.PostEphemeralContext(ctx(t), "C1", "U1", slack.MsgOptionText("x", false), slack.MsgOptionTS("1.2"))
	wantCode(t, err, "thread_not_found")

	ann := must[[]messageT](t)(f.Read(ctx(t), "U1", "C1"))
	bob := must[[]messageT](t)(f.Read(ctx(t), "U2", "C1"))
	if len(ann) != 2 || ann[1].Text != "for @ann @channel" || !ann[1].Private || len(ann[0].Thread) != 1 || ann[1].Pings != nil {
		t.Errorf("Ann sees %+v", ann)
	}
	if len(bob) != 1 || bob[0].Private || bob[0].Thread != nil {
		t.Errorf("Bob sees %+v", bob)
	}
}

func TestTheRateLimitIsOneMessageASecondInAChannel(t *testing.T) {
	f, c := startAt(t, Options{RateLimit: true})
	f.AddChannel(Channel{ID: "C2", Name: "other", Bot: true})
	api := client(t, f)
	post := func(channel string) error {
		_, _, err := api.PostMessageContext(ctx(t), channel, slack.MsgOptionText("x", false))
		return err
	}
	wantCode(t, post("C1"), "")
	wantCode(t, post("C2"), "")
	var limited *slack.RateLimitedError
	if err := post("C1"); !errors.As(err, &limited) || limited.RetryAfter != time.Second {
		t.Errorf("got %v, want a wait of a second", err)
	}
	c.move(time.Second)
	wantCode(t, post("C1"), "")
}

func TestWithoutTheOptionThereIsNoRateLimit(t *testing.T) {
	f, _ := startAt(t, Options{})
	api := client(t, f)
	for range 5 {
		_, _, err := api.PostMessageContext(ctx(t), "C1", slack.MsgOptionText("x", false))
		wantCode(t, err, "")
	}
}

func TestAFlatChannelTakesNoReplies(t *testing.T) {
	f := start(t, Options{})
	f.AddChannel(Channel{ID: "X", Bot: true, Flat: true})
	api := client(t, f)
	_, parent, err := api.PostMessageContext(ctx(t), "X", slack.MsgOptionText("card", false))
	wantCode(t, err, "")
	_, _, err = api.PostMessageContext(ctx(t), "X", slack.MsgOptionText("news", false), slack.MsgOptionTS(parent))
	wantCode(t, err, "restricted_action_non_threadable_channel")
}

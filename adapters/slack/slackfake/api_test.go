package slackfake

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
)

func TestAuthTestNamesTheBotAndItsScopes(t *testing.T) {
	f := start(t, Options{TeamID: "T9", Scopes: []string{"commands", "chat:write"}})
	got, err := client(t, f).AuthTestContext(ctx(t))
	if err != nil {
		t.Fatal(err)
	}
	same(t, "identity", []string{got.TeamID, got.UserID, got.User, got.BotID}, []string{"T9", botUser, botName, botID})
	same(t, "scopes", got.Header.Get("X-OAuth-Scopes"), "commands,chat:write")
}

func TestAnswersCarryTheTimeOfTheClock(t *testing.T) {
	f, c := startAt(t, Options{})
	response, _ := rawCall(t, f, "auth.test", object{})
	same(t, "date", response.Header.Get("Date"), c.Now().Format(http.TimeFormat))
}

func TestTokensAreChecked(t *testing.T) {
	f := start(t, Options{})
	rows := []struct{ name, method, contentType, header, body, want string }{
		{"none", "auth.test", formType, "", "", "not_authed"},
		{"a wrong one in a form", "auth.test", formType, "", "token=xoxb-other", "invalid_auth"},
		{"a wrong one in the header", "auth.test", formType, "Bearer xoxb-other", "", "invalid_auth"},
		{"the right one in a form", "auth.test", formType, "", "token=" + f.BotToken, ""},
		{"the right one in the header", "auth.test", formType, "Bearer " + f.BotToken, "", ""},
		{"the right one in JSON is not read", "auth.test", "application/json", "", `{"token":"` + f.BotToken + `"}`, "not_authed"},
		{"JSON with the header", "auth.test", "application/json; charset=utf-8", "Bearer " + f.BotToken, "{}", ""},
		{"api.test needs none", "api.test", formType, "", "", ""},
		{"unknown methods come first", "chat.shout", formType, "", "", "unknown_method"},
		{"undecodable JSON", "auth.test", "application/json", "Bearer " + f.BotToken, "{", "invalid_json"},
		{"undecodable form", "auth.test", formType, "Bearer " + f.BotToken, "a=%zz", "invalid_form_data"},
		{"another type of body", "auth.test", "text/csv", "Bearer " + f.BotToken, "a,b", "invalid_post_type"},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			request, err := http.NewRequestWithContext(ctx(t), http.MethodPost, f.APIURL()+r.method, strings.NewReader(r.body))
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("Content-Type", r.contentType)
			if r.header != "" {
				request.Header.Set("Authorization", r.header)
			}
			response, err := httpClient(t).Do(request)
			if err != nil {
				t.Fatal(err)
			}
			_ = response.Body.Close()
			log := f.Requests()
			last := log[len(log)-1]
			if response.StatusCode != http.StatusOK || !strings.Contains(last.Response, r.want) || (r.want == "") != strings.Contains(last.Response, `"ok":true`) {
				t.Errorf("got %d %s, want the error %q", response.StatusCode, last.Response, r.want)
			}
		})
	}
}

func TestAGetRequestIsReadFromItsQuery(t *testing.T) {
	f := start(t, Options{})
	request, err := http.NewRequestWithContext(ctx(t), http.MethodGet, f.APIURL()+"users.info?user=U1&token="+f.BotToken, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := httpClient(t).Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	last := f.Requests()[0]
	if !strings.Contains(last.Response, `"name":"ann"`) || strings.Contains(last.Body, f.BotToken) {
		t.Errorf("got %+v", last)
	}
}

func TestMissingScopesAreNamed(t *testing.T) {
	f := start(t, Options{Scopes: []string{"commands"}})
	api := client(t, f)
	_, _, posted := api.PostMessageContext(ctx(t), "C1", slack.MsgOptionText("x", false))
	_, opened := api.GetUserInfoContext(ctx(t), "U1")
	wantCode(t, posted, "missing_scope")
	wantCode(t, opened, "missing_scope")
	_, a := rawCall(t, f, "chat.postMessage", object{"channel": "C1", "text": "x"})
	same(t, "needed and provided", []any{a["needed"], a["provided"]}, []any{"chat:write", "commands"})
}

func TestDirectConversations(t *testing.T) {
	f := start(t, Options{})
	api := client(t, f)
	c, _, open, err := api.OpenConversationContext(ctx(t), &slack.OpenConversationParameters{Users: []string{"U1"}})
	if err != nil || open || c.ID != "DU1" {
		t.Fatalf("got %+v, already open %v, %v", c, open, err)
	}
	again, _, open, err := api.OpenConversationContext(ctx(t), &slack.OpenConversationParameters{ChannelID: c.ID})
	if err != nil || !open || again.ID != c.ID {
		t.Errorf("the second time got %+v, already open %v, %v", again, open, err)
	}
	_, _, _, err = api.OpenConversationContext(ctx(t), &slack.OpenConversationParameters{Users: []string{"U9"}})
	wantCode(t, err, "user_not_found")
	_, _, _, err = api.OpenConversationContext(ctx(t), &slack.OpenConversationParameters{})
	wantCode(t, err, "users_list_not_supplied")

	channel, ts, err := api.PostMessageContext(ctx(t), "U1", slack.MsgOptionText("hello", false))
	if err != nil || channel != "DU1" {
		t.Fatalf("posting to a user went to %q, %v", channel, err)
	}
	read := must[[]messageT](t)(f.Read(ctx(t), "U1", "@U1"))
	if len(read) != 1 || read[0].ID != ts || read[0].Text != "hello" {
		t.Errorf("Ann reads %+v", read)
	}
	if _, err := f.Read(ctx(t), "U2", "@U1"); err == nil {
		t.Error("Bob reads Ann's conversation with the bot")
	}
}

func TestTheBotReadsOnlyWhereItIsAMember(t *testing.T) {
	f := start(t, Options{})
	f.AddChannel(Channel{ID: "C2", Name: "random", Members: []string{"U1"}})
	f.AddChannel(Channel{ID: "C3", Name: "old", Archived: true})
	f.AddChannel(Channel{ID: "G1", Name: "secret", Private: true, Bot: true})
	f.AddChannel(Channel{ID: "G2", Name: "hidden", Private: true})
	api := client(t, f)
	_, ts, err := api.PostMessageContext(ctx(t), "C2", slack.MsgOptionText("x", false))
	wantCode(t, err, "")
	read := func() (int, error) {
		_, _, _, err := api.GetConversationRepliesContext(ctx(t), &slack.GetConversationRepliesParameters{ChannelID: "C2", Timestamp: ts})
		history, e := api.GetConversationHistoryContext(ctx(t), &slack.GetConversationHistoryParameters{ChannelID: "C2"})
		if e == nil {
			return len(history.Messages), err
		}
		return 0, errors.Join(err, e)
	}
	_, err = read()
	wantCode(t, err, "not_in_channel")
	for channel, refuse := range map[string]string{"C404": "channel_not_found", "G2": "channel_not_found", "G1": "method_not_supported_for_channel_type", "C3": "is_archived"} {
		_, _, _, err := api.JoinConversationContext(ctx(t), channel)
		wantCode(t, err, refuse)
	}
	for _, warning := range []string{"", "already_in_channel"} {
		joined, warned, _, err := api.JoinConversationContext(ctx(t), "C2")
		wantCode(t, err, "")
		same(t, "joined", []any{joined.IsMember, warned}, []any{true, warning})
	}
	n, err := read()
	wantCode(t, err, "")
	if said := must[[]messageT](t)(f.Read(ctx(t), "U1", "C2")); n != 2 || !strings.Contains(said[1].Text, "has joined the channel") {
		t.Errorf("%d messages, %+v", n, said)
	}
}

func TestChannelsAreDescribed(t *testing.T) {
	f := start(t, Options{Scopes: []string{"channels:read"}})
	f.AddChannel(Channel{ID: "G1", Name: "secret", Private: true, Bot: true, Archived: true})
	f.AddChannel(Channel{ID: "G2", Name: "hidden", Private: true})
	api := client(t, f)
	public := must[*slack.Channel](t)(api.GetConversationInfoContext(ctx(t), &slack.GetConversationInfoInput{ChannelID: "C1"}))
	if public.Name != "general" || !public.IsMember || public.IsPrivate || public.IsArchived || !public.IsChannel {
		t.Errorf("public: %+v", public)
	}
	private := must[*slack.Channel](t)(api.GetConversationInfoContext(ctx(t), &slack.GetConversationInfoInput{ChannelID: "G1"}))
	if private.Name != "secret" || !private.IsPrivate || !private.IsArchived || !private.IsGroup {
		t.Errorf("private: %+v", private)
	}
	for _, id := range []string{"G2", "C404"} {
		_, err := api.GetConversationInfoContext(ctx(t), &slack.GetConversationInfoInput{ChannelID: id})
		wantCode(t, err, "channel_not_found")
	}
}

func texts(messages []slack.Message) []string {
	var found []string
	for _, m := range messages {
		found = append(found, m.Text)
	}
	return found
}

func TestHistoryIsNewestFirstWithoutThreadsAndPrivateMessages(t *testing.T) {
	f := start(t, Options{})
	api := client(t, f)
	first := f.Say("U1", "C1", "one")
	_, _, err := api.PostMessageContext(ctx(t), "C1", slack.MsgOptionText("a reply", false), slack.MsgOptionTS(first))
	wantCode(t, err, "")
	_, err = api.PostEphemeralContext(ctx(t), "C1", "U1", slack.MsgOptionText("private", false))
	wantCode(t, err, "")
	f.Say("U2", "C1", "two")
	third := f.Say("U2", "C1", "three")

	all := must[*slack.GetConversationHistoryResponse](t)(api.GetConversationHistoryContext(ctx(t), &slack.GetConversationHistoryParameters{ChannelID: "C1"}))
	same(t, "all", texts(all.Messages), []string{"three", "two", "one"})
	same(t, "replies counted", all.Messages[2].ReplyCount, 1)

	page := must[*slack.GetConversationHistoryResponse](t)(api.GetConversationHistoryContext(ctx(t), &slack.GetConversationHistoryParameters{ChannelID: "C1", Limit: 2}))
	same(t, "first page", texts(page.Messages), []string{"three", "two"})
	if !page.HasMore || page.ResponseMetaData.NextCursor == "" {
		t.Errorf("the first page does not say that there is more: %+v", page)
	}
	rest := must[*slack.GetConversationHistoryResponse](t)(api.GetConversationHistoryContext(ctx(t), &slack.GetConversationHistoryParameters{ChannelID: "C1", Limit: 2, Cursor: page.ResponseMetaData.NextCursor}))
	same(t, "second page", texts(rest.Messages), []string{"one"})

	edges := &slack.GetConversationHistoryParameters{ChannelID: "C1", Oldest: first, Latest: third}
	inner := must[*slack.GetConversationHistoryResponse](t)(api.GetConversationHistoryContext(ctx(t), edges))
	same(t, "between", texts(inner.Messages), []string{"two"})
	edges.Inclusive = true
	outer := must[*slack.GetConversationHistoryResponse](t)(api.GetConversationHistoryContext(ctx(t), edges))
	same(t, "between, inclusive", texts(outer.Messages), []string{"three", "two", "one"})
}

func TestHistoryKeepsMetadataForThoseWhoAsk(t *testing.T) {
	f := start(t, Options{})
	api := client(t, f)
	_, parent, err := api.PostMessageContext(ctx(t), "C1", slack.MsgOptionText("card", false), slack.MsgOptionMetadata(
		slack.SlackMetadata{EventType: "card", EventPayload: map[string]any{"key": "42"}}))
	wantCode(t, err, "")
	for _, asked := range []bool{true, false} {
		history := must[*slack.GetConversationHistoryResponse](t)(api.GetConversationHistoryContext(ctx(t), &slack.GetConversationHistoryParameters{ChannelID: "C1", IncludeAllMetadata: asked}))
		replies, _, _, err := api.GetConversationRepliesContext(ctx(t), &slack.GetConversationRepliesParameters{ChannelID: "C1", Timestamp: parent, IncludeAllMetadata: asked})
		wantCode(t, err, "")
		for _, m := range []slack.Message{history.Messages[0], replies[0]} {
			if got := m.Metadata.EventPayload["key"] == "42"; got != asked {
				t.Errorf("asked for metadata: %v, got %+v", asked, m.Metadata)
			}
		}
	}
}

func TestRepliesBeginWithTheParent(t *testing.T) {
	f := start(t, Options{})
	api := client(t, f)
	parent := f.Say("U1", "C1", "parent")
	var reply string
	for _, text := range []string{"first", "second"} {
		_, ts, err := api.PostMessageContext(ctx(t), "C1", slack.MsgOptionText(text, false), slack.MsgOptionTS(parent))
		wantCode(t, err, "")
		reply = ts
	}
	for _, ts := range []string{parent, reply} {
		got, more, _, err := api.GetConversationRepliesContext(ctx(t), &slack.GetConversationRepliesParameters{ChannelID: "C1", Timestamp: ts})
		if err != nil || more {
			t.Fatal(more, err)
		}
		same(t, "thread of "+ts, texts(got), []string{"parent", "first", "second"})
	}
	_, _, _, err := api.GetConversationRepliesContext(ctx(t), &slack.GetConversationRepliesParameters{ChannelID: "C1", Timestamp: "1.2"})
	wantCode(t, err, "thread_not_found")
}

func TestOnlyMembersReadHistory(t *testing.T) {
	f := start(t, Options{})
	f.AddChannel(Channel{ID: "C2", Name: "elsewhere"})
	f.AddChannel(Channel{ID: "G2", Name: "hidden", Private: true})
	api := client(t, f)
	for id, code := range map[string]string{"C2": "not_in_channel", "G2": "channel_not_found", "C404": "channel_not_found"} {
		_, err := api.GetConversationHistoryContext(ctx(t), &slack.GetConversationHistoryParameters{ChannelID: id})
		wantCode(t, err, code)
		_, _, _, err = api.GetConversationRepliesContext(ctx(t), &slack.GetConversationRepliesParameters{ChannelID: id, Timestamp: "1.2"})
		wantCode(t, err, code)
	}
}

func TestStartErrsWhenTheAddressIsTaken(t *testing.T) {
	f := start(t, Options{})
	if other, err := Start(Options{Listen: strings.TrimPrefix(f.URL(), "http://")}); err == nil {
		_ = other.Close()
		t.Error("two Slacks on one address")
	}
}

func TestTimestampsNeverRepeat(t *testing.T) {
	f, c := startAt(t, Options{})
	a, b := f.Say("U1", "C1", "a"), f.Say("U1", "C1", "b")
	c.move(-time.Hour)
	if d := f.Say("U1", "C1", "c"); a >= b || b >= d {
		t.Errorf("out of order: %s %s %s", a, b, d)
	}
	same(t, "format", a, "1772600767.000000")
}

func TestSayingSomethingInNoChannelDoesNothing(t *testing.T) {
	if ts := start(t, Options{}).Say("U1", "C404", "x"); ts != "" {
		t.Errorf("got %q", ts)
	}
}

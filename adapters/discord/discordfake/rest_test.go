package discordfake

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"
)

// codeOf returns Discord's error code of what the client library returned; 0 for nil, -1 for another error.
func codeOf(err error) int {
	var rest *discordgo.RESTError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &rest) && rest.Message != nil:
		return rest.Message.Code
	default:
		return -1
	}
}

func wantCode(t *testing.T, err error, want int) {
	t.Helper()
	if codeOf(err) != want {
		t.Fatalf("got %v, want code %d", err, want)
	}
}

func TestTheBotKnowsItself(t *testing.T) {
	w := newWorld(t, Options{})
	me, err := w.s.User("@me")
	if err != nil || me.ID != w.Options().ApplicationID || !me.Bot {
		t.Fatalf("user %+v, %v", me, err)
	}
	app, err := w.s.Application("@me")
	if err != nil || app.ID != w.Options().ApplicationID || app.VerifyKey != w.PublicKey() {
		t.Fatalf("application %+v, %v", app, err)
	}
	gateway, err := w.s.GatewayBot()
	if err != nil || gateway.Shards != 1 {
		t.Fatalf("gateway %+v, %v", gateway, err)
	}
}

func TestRequestsThatNeverReachARoute(t *testing.T) {
	w := newWorld(t, Options{})
	for name, c := range map[string]struct {
		method, path, token, kind string
		status                    int
	}{
		"a wrong token":       {"GET", "/api/v10/users/@me", "Bot wrong", "", http.StatusUnauthorized},
		"a token without Bot": {"GET", "/api/v10/users/@me", w.Options().BotToken, "", http.StatusUnauthorized},
		"no token":            {"GET", "/api/v9/users/@me", "", "", http.StatusUnauthorized},
		"an older API":        {"GET", "/api/v6/users/@me", "Bot " + w.Options().BotToken, "", http.StatusNotFound},
		"no such route":       {"GET", "/api/v10/guilds", "Bot " + w.Options().BotToken, "", http.StatusNotFound},
		"another method":      {"DELETE", "/api/v10/users/@me", "Bot " + w.Options().BotToken, "", http.StatusMethodNotAllowed},
		"a form instead of JSON": {"POST", "/api/v10/channels/" + general + "/messages", "Bot " + w.Options().BotToken,
			"application/x-www-form-urlencoded", http.StatusBadRequest},
	} {
		t.Run(name, func(t *testing.T) {
			var body io.Reader
			if c.kind != "" {
				body = strings.NewReader("content=hi")
			}
			req, err := http.NewRequest(c.method, "http://"+w.address+c.path, body)
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Content-Type", c.kind)
			req.Header.Set("Authorization", c.token)
			res, err := w.http.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			_ = res.Body.Close()
			if res.StatusCode != c.status || res.Header.Get("Content-Type") != "application/json" {
				t.Fatalf("got %s %v", res.Status, res.Header)
			}
		})
	}
}

func TestABodyThatIsNotJSON(t *testing.T) {
	w := newWorld(t, Options{})
	for _, body := range []string{"{", "", "nonsense"} {
		if status, answer := w.api("POST", "/channels/"+general+"/messages", body); status != 400 || answer["code"] != 50109.0 {
			t.Errorf("%q: %d %v", body, status, answer)
		}
	}
}

func TestAMessageFromPostToDelete(t *testing.T) {
	w := newWorld(t, Options{})
	posted, err := w.s.ChannelMessageSendComplex(general, &discordgo.MessageSend{
		Content: "hello",
		Embeds:  []*discordgo.MessageEmbed{{Title: "Acme"}},
		Components: []discordgo.MessageComponent{discordgo.ActionsRow{Components: []discordgo.MessageComponent{
			discordgo.Button{Label: "Approve", CustomID: "approve", Style: discordgo.PrimaryButton},
		}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if made, err := discordgo.SnowflakeTimestamp(posted.ID); err != nil || !made.Equal(w.clock.Now()) {
		t.Errorf("ID %s is of %v, %v", posted.ID, made, err)
	}
	if _, err := w.s.ChannelMessageEdit(general, posted.ID, "hello again"); err != nil {
		t.Fatal(err)
	}
	got, err := w.s.ChannelMessage(general, posted.ID)
	if err != nil {
		t.Fatal(err)
	}
	if got.Content != "hello again" || got.EditedTimestamp == nil || len(got.Embeds) != 1 || len(got.Components) != 1 {
		t.Errorf("after an edit of the content: %+v", got)
	}
	row := got.Components[0].(*discordgo.ActionsRow)
	if row.ID != 1 || row.Components[0].(*discordgo.Button).ID != 2 {
		t.Errorf("components are numbered %d, %d", row.ID, row.Components[0].(*discordgo.Button).ID)
	}
	edit := discordgo.NewMessageEdit(general, posted.ID)
	edit.Components, edit.Embeds = &[]discordgo.MessageComponent{}, &[]*discordgo.MessageEmbed{}
	if got, err = w.s.ChannelMessageEditComplex(edit); err != nil || len(got.Components)+len(got.Embeds) != 0 || got.Content != "hello again" {
		t.Errorf("after clearing: %+v, %v", got, err)
	}
	_, err = w.s.ChannelMessageEdit(general, posted.ID, "")
	wantCode(t, err, 50006)
	_, err = w.s.ChannelMessageEdit(general, posted.ID, string(make([]byte, 2001)))
	wantCode(t, err, 50035)
	if err := w.s.ChannelMessageDelete(general, posted.ID); err != nil {
		t.Fatal(err)
	}
	_, err = w.s.ChannelMessage(general, posted.ID)
	wantCode(t, err, 10008)
	_, err = w.s.ChannelMessageEdit(general, posted.ID, "x")
	wantCode(t, err, 10008)
	wantCode(t, w.s.ChannelMessageDelete(general, posted.ID), 10008)
}

func TestMessagesOfOthersStay(t *testing.T) {
	w := newWorld(t, Options{})
	id := w.writes(ada, general, "mine")
	_, err := w.s.ChannelMessageEdit(general, id, "yours")
	wantCode(t, err, 50005)
	wantCode(t, w.s.ChannelMessageDelete(general, id), 50013)
	if got := w.read(bob, general); len(got) != 1 || got[0].Text != "mine" || got[0].Author != "Ada Lovelace" {
		t.Errorf("got %+v", got)
	}
}

func TestListMessages(t *testing.T) {
	w := newWorld(t, Options{})
	for i := range 60 {
		w.writes(ada, general, strconv.Itoa(i))
	}
	for name, c := range map[string]struct {
		limit, want int
	}{"fifty when nothing is said": {0, 50}, "as many as asked": {3, 3}, "all there are": {100, 60}} {
		t.Run(name, func(t *testing.T) {
			list, err := w.s.ChannelMessages(general, c.limit, "", "", "")
			if err != nil || len(list) != c.want || list[0].Content != "59" {
				t.Fatalf("%d messages, %v", len(list), err)
			}
		})
	}
	_, err := w.s.ChannelMessages(general, 101, "", "", "")
	wantCode(t, err, 50035)
	if status, _ := w.api("GET", "/channels/"+general+"/messages?limit=all", ""); status != 400 {
		t.Errorf("limit=all: %d", status)
	}
	w.Allow(general, Everything&^ReadHistory)
	if list, err := w.s.ChannelMessages(general, 10, "", "", ""); err != nil || len(list) != 0 {
		t.Errorf("without the history: %d messages, %v", len(list), err)
	}
}

func TestPermissions(t *testing.T) {
	card := `{"embeds":[{"title":"t"}]}`
	for name, c := range map[string]struct {
		lacks              Permission
		method, path, body string
		code               float64
	}{
		"seeing a channel":          {ViewChannel, "GET", "/channels/" + general, "", 50001},
		"posting where one is not":  {ViewChannel, "POST", "/channels/" + general + "/messages", `{"content":"c"}`, 50001},
		"posting":                   {SendMessages, "POST", "/channels/" + general + "/messages", `{"content":"c"}`, 50013},
		"posting an embed":          {EmbedLinks, "POST", "/channels/" + general + "/messages", card, 50013},
		"editing an embed in":       {EmbedLinks, "PATCH", "/channels/" + general + "/messages/{m}", card, 50013},
		"reading a message":         {ReadHistory, "GET", "/channels/" + general + "/messages/{m}", "", 50013},
		"replying":                  {ReadHistory, "POST", "/channels/" + general + "/messages", `{"content":"c","message_reference":{"message_id":"{m}"}}`, 160002},
		"starting a thread":         {CreateThreads, "POST", "/channels/" + general + "/messages/{m}/threads", `{"name":"n"}`, 50013},
		"posting in a thread":       {SendInThreads, "POST", "/channels/{t}/messages", `{"content":"c"}`, 50013},
		"seeing a thread":           {ViewChannel, "GET", "/channels/{t}", "", 50001},
		"renaming a channel, ever":  {0, "PATCH", "/channels/" + general, `{"name":"n"}`, 50013},
		"locking a thread, ever":    {0, "PATCH", "/channels/{t}", `{"locked":true}`, 50013},
		"a channel that is unknown": {0, "GET", "/channels/1", "", 10003},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, Options{})
			m, parent := w.post(`{"content":"m"}`), w.post(`{"content":"p"}`)
			if _, err := w.s.MessageThreadStart(general, parent, "thread", 60); err != nil {
				t.Fatal(err)
			}
			w.Allow(general, Everything&^c.lacks)
			fill := func(s string) string { return strings.NewReplacer("{m}", m, "{t}", parent).Replace(s) }
			status, answer := w.api(c.method, fill(c.path), fill(c.body))
			if answer["code"] != c.code || (status != http.StatusForbidden && status != http.StatusNotFound) {
				t.Fatalf("got %d %v", status, answer)
			}
		})
	}
}

func TestSendMessagesDoesNotCountInThreads(t *testing.T) {
	w := newWorld(t, Options{})
	parent := w.post(`{"content":"p"}`)
	if _, err := w.s.MessageThreadStart(general, parent, "thread", 60); err != nil {
		t.Fatal(err)
	}
	w.Allow(general, Everything&^SendMessages)
	if _, err := w.s.ChannelMessageSend(parent, "hi"); err != nil {
		t.Fatal(err)
	}
}

func TestThreads(t *testing.T) {
	w := newWorld(t, Options{})
	parent := w.post(`{"content":"card"}`)
	thread, err := w.s.MessageThreadStart(general, parent, "Acme", 4320)
	if err != nil {
		t.Fatal(err)
	}
	if thread.ID != parent || thread.ParentID != general || thread.Type != discordgo.ChannelTypeGuildPublicThread ||
		thread.ThreadMetadata.AutoArchiveDuration != 4320 || thread.Name != "Acme" {
		t.Errorf("thread %+v", thread)
	}
	said, err := w.s.ChannelMessageSend(parent, "in the thread")
	if err != nil || said.ChannelID != parent {
		t.Fatalf("%+v, %v", said, err)
	}
	if m, err := w.s.ChannelMessage(general, parent); err != nil || m.Thread == nil || m.Flags&discordgo.MessageFlagsHasThread == 0 {
		t.Errorf("starter message %+v, %v", m, err)
	}
	_, err = w.s.MessageThreadStart(general, parent, "again", 60)
	wantCode(t, err, 160004)
	_, err = w.s.MessageThreadStart(parent, said.ID, "in a thread", 60)
	wantCode(t, err, 50024)
	_, err = w.s.MessageThreadStart(general, "1", "on nothing", 60)
	wantCode(t, err, 10008)
	other := w.post(`{"content":"other"}`)
	for name, body := range map[string]string{
		"no name":             `{}`,
		"a name of 101":       `{"name":` + quoted("x", 101) + `}`,
		"archiving any time":  `{"name":"n","auto_archive_duration":61}`,
		"archiving in no way": `{"name":"n","auto_archive_duration":0}`,
	} {
		if status, answer := w.api("POST", "/channels/"+general+"/messages/"+other+"/threads", body); status != 400 || answer["code"] != 50035.0 {
			t.Errorf("%s: %d %v", name, status, answer)
		}
	}
	if status, answer := w.api("POST", "/channels/"+general+"/messages/"+other+"/threads", `{"name":`+quoted("x", 100)+`}`); status != http.StatusCreated {
		t.Errorf("a name of 100: %d %v", status, answer)
	}
}

func TestArchivedAndLockedThreads(t *testing.T) {
	w := newWorld(t, Options{})
	parent := w.post(`{"content":"card"}`)
	if _, err := w.s.MessageThreadStart(general, parent, "Acme", 60); err != nil {
		t.Fatal(err)
	}
	said, err := w.s.ChannelMessageSend(parent, "first")
	if err != nil {
		t.Fatal(err)
	}
	archived := func() bool {
		t.Helper()
		ch, err := w.s.Channel(parent)
		if err != nil {
			t.Fatal(err)
		}
		return ch.ThreadMetadata.Archived
	}
	w.SetThread(parent, true, false)
	_, err = w.s.ChannelMessageEdit(parent, said.ID, "edited")
	wantCode(t, err, 50083)
	_, err = w.s.ChannelEdit(parent, &discordgo.ChannelEdit{Name: "new name"})
	wantCode(t, err, 50083)
	if _, err := w.s.ChannelMessageSend(parent, "wakes it"); err != nil || archived() {
		t.Fatalf("a message to an archived thread: %v, archived %t", err, archived())
	}
	w.SetThread(parent, true, false)
	if _, err := w.s.ChannelEdit(parent, &discordgo.ChannelEdit{Archived: new(bool)}); err != nil || archived() {
		t.Fatalf("opening it: %v, archived %t", err, archived())
	}
	if ch, err := w.s.ChannelEdit(parent, &discordgo.ChannelEdit{Name: "renamed", AutoArchiveDuration: 1440}); err != nil || ch.Name != "renamed" {
		t.Fatalf("renaming: %+v, %v", ch, err)
	}
	_, err = w.s.ChannelEdit(parent, &discordgo.ChannelEdit{AutoArchiveDuration: 61})
	wantCode(t, err, 50035)
	w.SetThread(parent, true, true)
	_, err = w.s.ChannelMessageSend(parent, "too late")
	wantCode(t, err, 50083)
	_, err = w.s.ChannelEdit(parent, &discordgo.ChannelEdit{Archived: new(bool)})
	wantCode(t, err, 50013)
	w.SetThread(parent, false, true)
	_, err = w.s.ChannelMessageSend(parent, "still locked")
	wantCode(t, err, 160005)
}

func TestNonces(t *testing.T) {
	w := newWorld(t, Options{})
	first := w.post(`{"content":"one","nonce":"card-1","enforce_nonce":true}`)
	if again := w.post(`{"content":"two","nonce":"card-1","enforce_nonce":true}`); again != first {
		t.Errorf("a second message %s beside %s", again, first)
	}
	if got := w.read(ada, general); len(got) != 1 || got[0].Text != "one" {
		t.Errorf("got %+v", got)
	}
	if loose := w.post(`{"content":"three","nonce":"card-1"}`); loose == first {
		t.Error("without enforce_nonce the old message came back")
	}
	if other := w.post(`{"content":"four","nonce":"card-2","enforce_nonce":true}`); other == first {
		t.Error("another nonce found the message")
	}
	second := w.post(`{"content":"five","nonce":"card-3","enforce_nonce":true}`)
	if err := w.s.ChannelMessageDelete(general, second); err != nil {
		t.Fatal(err)
	}
	if status, answer := w.api("POST", "/channels/"+general+"/messages", `{"content":"six","nonce":"card-3","enforce_nonce":true}`); answer["code"] != 10008.0 {
		t.Errorf("the nonce of a deleted message: %d %v", status, answer)
	}
	w.clock.Move(nonceMemory - time.Nanosecond)
	if again := w.post(`{"content":"one","nonce":"card-2","enforce_nonce":true}`); w.read(ada, general)[2].ID != again {
		t.Error("the nonce is forgotten too early")
	}
	w.clock.Move(time.Nanosecond)
	if late := w.post(`{"content":"seven","nonce":"card-2","enforce_nonce":true}`); late == w.read(ada, general)[2].ID {
		t.Error("the nonce is remembered for too long")
	}
}

func TestReplies(t *testing.T) {
	w := newWorld(t, Options{})
	card := w.post(`{"content":"card"}`)
	reply, err := w.s.ChannelMessageSendReply(general, "done", &discordgo.MessageReference{MessageID: card})
	if err != nil || reply.Type != discordgo.MessageTypeReply || reply.MessageReference.MessageID != card {
		t.Fatalf("%+v, %v", reply, err)
	}
	w.post(`{"content":"alone","message_reference":{"message_id":"1","fail_if_not_exists":false}}`)
	got := w.read(ada, general)
	if len(got) != 2 || len(got[0].Thread) != 1 || got[0].Thread[0].Text != "done" || got[1].Text != "alone" {
		t.Errorf("got %+v", got)
	}
}

func TestDirectMessages(t *testing.T) {
	w := newWorld(t, Options{})
	ch, err := w.s.UserChannelCreate(ada)
	if err != nil || ch.Type != discordgo.ChannelTypeDM || ch.Recipients[0].ID != ada {
		t.Fatalf("%+v, %v", ch, err)
	}
	if again, err := w.s.UserChannelCreate(ada); err != nil || again.ID != ch.ID {
		t.Errorf("a second conversation %+v, %v", again, err)
	}
	m, err := w.s.ChannelMessageSend(ch.ID, "psst")
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.s.MessageThreadStart(ch.ID, m.ID, "n", 60)
	wantCode(t, err, 50024)
	if got := w.read(ada, "@"+ada); len(got) != 1 || got[0].Text != "psst" {
		t.Errorf("got %+v", got)
	}
	for name, where := range map[string]string{"by its ID": ch.ID, "by her name": "@" + ada} {
		if got, err := w.Read(t.Context(), bob, where); err == nil {
			t.Errorf("somebody else reads it %s: %+v", name, got)
		}
	}
	_, err = w.s.UserChannelCreate("1")
	wantCode(t, err, 50033)
}

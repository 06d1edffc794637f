package discordfake

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func (w *world) registerShortcut() {
	w.t.Helper()
	if status, answer := w.api("PUT", "/applications/"+w.Options().ApplicationID+"/commands", `[
		{"type":3,"name":"Create a community","name_localizations":{"de":"Community gründen"},"contexts":[0]},
		{"name":"create","description":"d","name_localizations":{"de":"gründen","hi":"बनाएँ"},
			"options":[{"type":3,"name":"name","description":"d","name_localizations":{"hi":"नाम"}}]}]`); status != 200 {
		w.t.Fatal(answer)
	}
}

func TestAMessageCommandIsDeliveredAsDiscordDoes(t *testing.T) {
	w := newWorld(t, Options{})
	w.registerShortcut()
	var got asked
	w.bot(func(a asked) string { got = a; return privately })
	id := w.writes(bob, general, "We run. <@"+ada+"> too")
	if _, err := w.Shortcut(t.Context(), ada, id, "Create a community"); err != nil {
		t.Fatal(err)
	}
	data := got.data()
	message := data["resolved"].(map[string]any)["messages"].(map[string]any)[id].(map[string]any)
	mentioned := message["mentions"].([]any)[0].(map[string]any)
	if got.Type != kindCommand || data["type"] != 3.0 || data["name"] != "Create a community" || data["target_id"] != id || data["id"] == "" || got.Raw["message"] != nil {
		t.Errorf("interaction %v", got.Raw)
	}
	if message["content"] != "We run. <@"+ada+"> too" || mentioned["id"] != ada || message["author"].(map[string]any)["id"] != bob {
		t.Errorf("message %v", message)
	}
}

func TestAMessageCommandMayOpenAForm(t *testing.T) {
	w := newWorld(t, Options{AnyCommand: true})
	w.bot(always(simple))
	s, err := w.Shortcut(t.Context(), ada, w.writes(bob, general, "hi"), "Anything")
	if err != nil || s.Form == nil || s.Form.Title != "New" {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestMessagesWithoutThatCommand(t *testing.T) {
	w := newWorld(t, Options{})
	w.registerShortcut()
	w.bot(always(privately))
	id := w.writes(bob, general, "hi")
	s, err := w.Shortcut(t.Context(), ada, id, "Create a community")
	if err != nil {
		t.Fatal(err)
	}
	direct := w.writes(ada, "@"+ada, "hi")
	for name, c := range map[string]struct{ who, message, command, want string }{
		"another command":                  {ada, id, "Delete", "no command"},
		"a slash command":                  {ada, id, "create", "no command"},
		"nobody":                           {"1", id, "Create a community", "no user"},
		"no message":                       {ada, "1", "Create a community", "no message"},
		"a private message":                {ada, s.Private[0].ID, "Create a community", "no message"},
		"a command for the server, direct": {ada, direct, "Create a community", "no command"},
		"a name in somebody else's words":  {ada, id, "Community gründen", "no command"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := w.Shortcut(t.Context(), c.who, c.message, c.command); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func TestPeopleHaveALanguage(t *testing.T) {
	w := newWorld(t, Options{})
	w.registerShortcut()
	var got asked
	w.bot(func(a asked) string { got = a; return privately })
	id := w.writes(bob, general, "hi")
	for _, c := range []struct{ locale, typed, option string }{
		{"de", "/gründen name:x", "name"}, {"de", "/create name:x", "name"}, {"hi", "/बनाएँ नाम:x", "name"}, {"fr", "/create name:x", "name"},
	} {
		w.SetLocale(ada, c.locale)
		if _, err := w.Type(t.Context(), ada, general, c.typed); err != nil {
			t.Fatal(err)
		}
		want := []any{map[string]any{"name": c.option, "type": 3.0, "value": "x"}}
		if diff := cmp.Diff(want, got.data()["options"]); diff != "" || got.data()["name"] != "create" {
			t.Errorf("%s: %v %s", c.typed, got.data()["name"], diff)
		}
		if got.Raw["locale"] != c.locale || got.Raw["guild_locale"] != "en-US" {
			t.Errorf("locale %v, of the server %v", got.Raw["locale"], got.Raw["guild_locale"])
		}
	}
	if _, err := w.Type(t.Context(), ada, general, "/gründen"); err == nil {
		t.Error("a German name is known to somebody who reads French")
	}
	w.SetLocale(ada, "de")
	if _, err := w.Shortcut(t.Context(), ada, id, "Community gründen"); err != nil || got.data()["name"] != "Create a community" {
		t.Errorf("%v, %v", got.data(), err)
	}
}

func TestLanguagesFallBackAsDiscordSays(t *testing.T) {
	w := words{"en-GB": "colour", "es-ES": "color (es)"}
	for locale, want := range map[string]string{"en-US": "colour", "en-GB": "colour", "es-419": "color (es)", "es-ES": "color (es)", "de": "color"} {
		if got := w.in(locale, "color"); got != want {
			t.Errorf("%s: %q, want %q", locale, got, want)
		}
	}
}

func TestWriting(t *testing.T) {
	w := newWorld(t, Options{})
	w.writes(ada, general, "hello <@"+bob+"> and @everyone")
	if m := w.read(bob, general)[0]; m.Author != "Ada Lovelace" || m.Text != "hello @Bob and @everyone" || !cmp.Equal(m.Pings, []string{bob}) {
		t.Errorf("%+v", m)
	}
	for name, c := range map[string]struct{ who, channel, text string }{
		"nobody":        {"1", general, "x"},
		"nowhere":       {ada, "1", "x"},
		"nothing":       {ada, general, ""},
		"2001 and more": {ada, general, strings.Repeat("é", 2001)},
	} {
		if _, err := w.Write(t.Context(), c.who, c.channel, c.text); err == nil {
			t.Errorf("%s: written", name)
		}
	}
}

package discord

import (
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"

	"communitybot/adapters/person"
	"communitybot/bot"
	"communitybot/bot/words"
)

// only has the bot be for servers, and no others.
func (w *world) only(guilds ...string) {
	w.server.Close()
	w.a = w.adapter(Options{Guilds: guilds})
	w.server = httptest.NewServer(w.a.Handler(bot.HandlerFunc(w.handle)))
	w.Connect(w.server.URL + "/discord/interactions")
}

// TestTheBotIsForTheServersThatAreNamed types a command, presses a button and sends a form on a server.
func TestTheBotIsForTheServersThatAreNamed(t *testing.T) {
	for name, tc := range map[string]struct {
		guilds []string
		works  bool
	}{
		"no list":      {nil, true},
		"named":        {[]string{"1100000000000000077", guild}, true},
		"other server": {[]string{"1100000000000000077"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, always(bot.Tell{Text: bot.Say("Welcome.")}, nil))
			top := w.posts(rich())
			w.only(tc.guilds...)
			for what, act := range map[string]func() (person.Screen, error){
				"a command": func() (person.Screen, error) { return w.Type(t.Context(), ada, general, "/create-community") },
				"a button":  func() (person.Screen, error) { return w.Press(t.Context(), bob, top.Message, "Approve") },
			} {
				screen := w.must(act())
				if len(screen.Private) != 1 {
					t.Fatalf("%s: %+v", what, screen)
				}
				want := words.English.Chat.Stranger
				if tc.works {
					want = "Welcome."
				}
				if got := screen.Private[0].Text; got != want {
					t.Errorf("%s is answered %q, want %q", what, got, want)
				}
			}
			if n := len(w.seen(bot.Open)); (n == 2) != tc.works {
				t.Errorf("%d events", n)
			}
		})
	}
}

// TestADirectMessageIsOfNoServer has a list of servers, while somebody writes in a direct message: what the bot posted there
// can be used, for it writes to those who asked on a server.
func TestADirectMessageIsOfNoServer(t *testing.T) {
	w := newWorld(t, always(bot.Tell{Text: bot.Say("Welcome.")}, nil))
	top := w.puts(bot.Place{Platform: "discord", Tenant: guild, User: ada}, rich())
	w.only(guild)
	if s := w.must(w.Type(t.Context(), ada, "@"+ada, "/create-community")); len(s.Private) != 1 || s.Private[0].Text != words.English.Chat.Stranger {
		t.Errorf("a command: %+v", s)
	}
	if s := w.must(w.Press(t.Context(), ada, top.Message, "Edit")); len(s.Private) != 1 || s.Private[0].Text != "Welcome." {
		t.Errorf("a button: %+v", s)
	}
}

// TestNothingIsOfferedToStrangers has somebody type an option on a server that is not named.
func TestNothingIsOfferedToStrangers(t *testing.T) {
	offer := bot.Offer{Options: []bot.Option{{Value: "1", Label: "Sports"}}}
	for guilds, want := range map[string]int{guild: 1, "1100000000000000077": 0} {
		w := newWorld(t, always(offer, nil))
		w.only(guilds)
		in, err := decode([]byte(`{"id":"1","token":"t","type":4,"guild_id":"` + guild + `","channel_id":"` + general + `","member":{"user":{"id":"` + ada + `"}},
			"data":{"type":1,"name":"create-community","options":[{"type":3,"name":"category","value":"S","focused":true}]}}`))
		if err != nil {
			t.Fatal(err)
		}
		answer, err := json.Marshal(w.a.answer(t.Context(), bot.HandlerFunc(w.handle), in))
		if err != nil || strings.Count(string(answer), "Sports") != want || !strings.Contains(string(answer), `"type":8`) {
			t.Errorf("named %s: %s, %v", guilds, answer, err)
		}
	}
}

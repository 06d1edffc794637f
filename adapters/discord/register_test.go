package discord

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"communitybot/bot"

	"github.com/google/go-cmp/cmp"
)

var both = []bot.Command{
	{Named: bot.Named{Name: "create-community", About: "Create a community on Genuin"}, Params: []bot.Param{{Named: bot.Named{Name: "name", About: "Its name"}}}},
	{Named: bot.Named{Name: "communities", About: "List requests"}},
}

func TestRegisterPutsTheCommandsInPlaceOfOthers(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	if err := w.a.Register(t.Context(), []bot.Command{{Named: bot.Named{Name: "old", About: strings.Repeat("long ", 50)}}}); err != nil {
		t.Fatal(err)
	}
	if err := w.a.Register(t.Context(), both); err != nil {
		t.Fatal(err)
	}
	want := `[{"type":1,"name":"create-community","description":"Create a community on Genuin","options":[{"type":3,"name":"name","description":"Its name"}],"contexts":[0],"integration_types":[0]},` +
		`{"type":1,"name":"communities","description":"List requests","contexts":[0],"integration_types":[0]}]`
	if diff := cmp.Diff(want, string(w.lastPut())); diff != "" {
		t.Errorf("sent (-want +got):\n%s", diff)
	}
	w.types("/create-community name:Acme")
	if v := w.seen(bot.Open)[0].Values["name"]; v != "Acme" {
		t.Errorf("the option is %q", v)
	}
}

// lastPut returns the body of the last request that registered commands.
func (w *world) lastPut() json.RawMessage {
	w.t.Helper()
	var body json.RawMessage
	for _, x := range w.Requests() {
		if x.Method == http.MethodPut && x.Status == http.StatusOK {
			body = x.Body
		}
	}
	return body
}

func TestGoldenRegistration(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	named := func(name, about string, in map[string]bot.Named) bot.Named {
		return bot.Named{Name: name, About: about, In: in}
	}
	err := w.a.Register(t.Context(), []bot.Command{{
		Named: named("create-community", "Ask for a community", map[string]bot.Named{
			"de": {Name: "community-gründen", About: "Eine Community anfragen"}, "es": {Name: "crear-comunidad", About: "Pide una comunidad"},
			"pt": {Name: "criar-comunidade", About: "Peça uma comunidade"}, "hi": {Name: "समुदाय-बनाएँ", About: strings.Repeat("स", 200)}, "ja": {Name: "コミュニティ作成"},
		}),
		Params: []bot.Param{
			{Named: named("category", "A category", map[string]bot.Named{"fr": {Name: "catégorie", About: "Une catégorie"}}), Suggests: true},
			{Named: named("more", "Ask for everything", nil), Flag: true},
		},
		Shortcut: &bot.Shortcut{Named: named("Create a community", "From this message", map[string]bot.Named{"es": {Name: "Crear una comunidad", About: "De este mensaje"}}), Field: "description"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "registration", w.lastPut())
	w.SetLocale(ada, "es-419")
	w.types("/crear-comunidad more:true")
	if e := w.seen(bot.Open)[0]; e.Command != "create-community" || e.Values["more"] != "true" || e.By.Locale != "es-419" {
		t.Errorf("the event is %+v", e)
	}
}

func TestRegisterTellsWhyNot(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	a := w.adapter(Options{Token: "wrong"})
	if err := a.Register(t.Context(), both); bot.CodeOf(err) != bot.Forbidden || strings.Contains(err.Error(), "wrong") {
		t.Errorf("got %v", err)
	}
}

func TestCheckNamesTheCommandsThatAreMissing(t *testing.T) {
	known := append(both[:1:1], withShortcut[1])
	known[1].Name = "communities"
	for _, c := range []struct {
		name  string
		there []bot.Command
		want  string // "!" first: it fails
	}{
		{"nothing", nil, "!none is registered; run: communitybot register"},
		{"all", known, `/create-community, /communities, "Create a community" on a message`},
		{"more than needed", append(known[:2:2], bot.Command{Named: bot.Named{Name: "old", About: "x"}}), `/create-community, /communities, "Create a community" on a message, /old`},
		{"a command too few", known[1:], "!not registered: /create-community; run: communitybot register"},
		{"no shortcut", both, `!not registered: "Create a community" on a message; run: communitybot register`},
		{"a command by the shortcut's name", []bot.Command{both[0], both[1], {Named: bot.Named{Name: "old", About: "x"}, Shortcut: &bot.Shortcut{Named: bot.Named{Name: "communities"}}}},
			`!not registered: "Create a community" on a message; run: communitybot register`},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, always(bot.Done{}, nil))
			w.a.known = known
			if err := w.a.Register(t.Context(), c.there); err != nil {
				t.Fatal(err)
			}
			f := w.a.checkCommands(t.Context())
			want, fails := strings.CutPrefix(c.want, "!")
			if f.Detail != want || (f.Err != nil) != fails {
				t.Errorf("found %q, %v; want %q", f.Detail, f.Err, c.want)
			}
		})
	}
}

func TestCheckNamesTheOptionsThatDiffer(t *testing.T) {
	param := func(name string) bot.Param { return bot.Param{Named: bot.Named{Name: name, About: "x"}} }
	with := func(params ...bot.Param) []bot.Command {
		return []bot.Command{{Named: bot.Named{Name: "create-community", About: "x"}, Params: params}}
	}
	category := param("category")
	category.Suggests = true
	more := param("more")
	more.Flag = true
	for _, c := range []struct {
		name  string
		there []bot.Command
		want  string // "": all is well
	}{
		{"all", with(category, more), ""},
		{"more than needed", with(category, more, param("old")), ""},
		{"none", with(), "/create-community category, /create-community more"},
		{"one that does not suggest", with(param("category"), more), "/create-community category"},
		{"one of another type", with(category, param("more")), "/create-community more"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, always(bot.Done{}, nil))
			w.a.known = with(category, more)
			if err := w.a.Register(t.Context(), c.there); err != nil {
				t.Fatal(err)
			}
			f := w.a.checkCommands(t.Context())
			want := "/create-community"
			if c.want != "" {
				want = "not registered: " + c.want + "; run: communitybot register"
			}
			if f.Detail != want || (f.Err != nil) != (c.want != "") {
				t.Errorf("found %q, %v; want %q", f.Detail, f.Err, want)
			}
		})
	}
}

// TestCheckNamesTheCommandsThatStrangersCanUse has a command be there as it is when nothing says where it can be used.
func TestCheckNamesTheCommandsThatStrangersCanUse(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	w.a.known = both
	for body, want := range map[string]string{
		`[{"name":"create-community","description":"x","options":[{"type":3,"name":"name","description":"x"}]},{"name":"communities","description":"x","contexts":[0],"integration_types":[0]}]`:                         "/create-community",
		`[{"name":"create-community","description":"x","options":[{"type":3,"name":"name","description":"x"}],"contexts":[0,1],"integration_types":[0]},{"name":"communities","description":"x","contexts":[2]}]`:        "/create-community, /communities",
		`[{"name":"create-community","description":"x","options":[{"type":3,"name":"name","description":"x"}],"contexts":[0],"integration_types":[1]},{"name":"communities","description":"x","contexts":[0]}]`:          "/create-community",
		`[{"name":"create-community","description":"x","options":[{"type":3,"name":"name","description":"x"}],"contexts":[0],"integration_types":[0]},{"name":"communities","description":"x","contexts":[0]}]`:          "",
		`[{"name":"communities","description":"x","contexts":[0]},{"name":"create-community","description":"x","options":[{"type":3,"name":"name","description":"x"}],"contexts":[0]},{"name":"old","description":"x"}]`: "",
	} {
		if _, err := w.a.call(t.Context(), http.MethodPut, w.a.commands(), json.RawMessage(body), nil); err != nil {
			t.Fatal(err)
		}
		f := w.a.checkCommands(t.Context())
		if want == "" && f.Err != nil || want != "" && f.Detail != "can be used outside of servers that the bot was invited to: "+want+"; run: communitybot register" {
			t.Errorf("%s\nfound %q, %v; want %q", body, f.Detail, f.Err, want)
		}
	}
}

package discordfake

import (
	"net/http"
	"strings"
	"testing"

	"github.com/bwmarrin/discordgo"
	"github.com/google/go-cmp/cmp"
)

func TestCommandsAreRegistered(t *testing.T) {
	w := newWorld(t, Options{})
	app := w.Options().ApplicationID
	list, err := w.s.ApplicationCommandBulkOverwrite(app, "", []*discordgo.ApplicationCommand{
		{Name: "create-community", Description: "Create a community", Options: []*discordgo.ApplicationCommandOption{
			{Type: discordgo.ApplicationCommandOptionString, Name: "name", Description: "Its name"},
		}},
		{Name: "communities", Description: "Requests"},
	})
	if err != nil || len(list) != 2 || list[0].ID == "" || list[0].ApplicationID != app {
		t.Fatalf("%+v, %v", list, err)
	}
	if _, err := w.s.ApplicationCommandCreate(app, "", &discordgo.ApplicationCommand{Name: "communities", Description: "All requests"}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.s.ApplicationCommandCreate(app, w.Options().GuildID, &discordgo.ApplicationCommand{Name: "here", Description: "Only here"}); err != nil {
		t.Fatal(err)
	}
	names := func(guild string) map[string]string {
		t.Helper()
		list, err := w.s.ApplicationCommands(app, guild)
		if err != nil {
			t.Fatal(err)
		}
		out := make(map[string]string)
		for _, c := range list {
			out[c.Name] = c.Description
		}
		return out
	}
	if diff := cmp.Diff(map[string]string{"create-community": "Create a community", "communities": "All requests"}, names("")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]string{"here": "Only here"}, names(w.Options().GuildID)); diff != "" {
		t.Error(diff)
	}
	if _, err := w.s.ApplicationCommandBulkOverwrite(app, "", []*discordgo.ApplicationCommand{}); err != nil || len(names("")) != 0 || len(names(w.Options().GuildID)) != 1 {
		t.Errorf("after overwriting with nothing: %v, %v, %v", names(""), names(w.Options().GuildID), err)
	}
	_, err = w.s.ApplicationCommands("1", "")
	wantCode(t, err, 10002)
	_, err = w.s.ApplicationCommands(app, "1")
	wantCode(t, err, 10004)
}

func TestCommandLimits(t *testing.T) {
	w := newWorld(t, Options{})
	command := func(rest string) string { return `[{"name":"c","description":"d"` + rest + `}]` }
	option := `{"type":3,"name":"o%d","description":"d"}`
	for name, c := range map[string]struct{ body, path, code string }{
		"no name":                     {`[{"description":"d"}]`, "0.name", "BASE_TYPE_REQUIRED"},
		"a name of 33":                {`[{"name":` + quoted("x", 33) + `,"description":"d"}]`, "0.name", "BASE_TYPE_BAD_LENGTH"},
		"a name with capitals":        {`[{"name":"Create","description":"d"}]`, "0.name", "APPLICATION_COMMAND_INVALID_NAME"},
		"a name with a space":         {`[{"name":"create community","description":"d"}]`, "0.name", "APPLICATION_COMMAND_INVALID_NAME"},
		"no description":              {`[{"name":"c"}]`, "0.description", "BASE_TYPE_REQUIRED"},
		"a description of 101":        {`[{"name":"c","description":` + quoted("x", 101) + `}]`, "0.description", "BASE_TYPE_BAD_LENGTH"},
		"the same name twice":         {`[{"name":"c","description":"d"},{"name":"c","description":"d"}]`, "1", "APPLICATION_COMMANDS_DUPLICATE_NAME"},
		"26 options":                  {command(`,"options":[` + many(26, option) + `]`), "0.options", "BASE_TYPE_MAX_LENGTH"},
		"the same option twice":       {command(`,"options":[` + many(2, `{"type":3,"name":"o","description":"d"}`) + `]`), "0.options.1.name", "APPLICATION_COMMAND_OPTIONS_DUPLICATE_NAME"},
		"an option without words":     {command(`,"options":[{"type":3,"name":"o"}]`), "0.options.0.description", "BASE_TYPE_REQUIRED"},
		"a required option at last":   {command(`,"options":[` + many(1, option) + `,{"type":3,"name":"r","description":"d","required":true}]`), "0.options.1", "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID"},
		"an option type that is none": {command(`,"options":[{"type":99,"name":"o","description":"d"}]`), "0.options.0.type", "BASE_TYPE_CHOICES"},
		"26 choices":                  {command(`,"options":[{"type":3,"name":"o","description":"d","choices":[` + many(26, `{"name":"n","value":"%d"}`) + `]}]`), "0.options.0.choices", "BASE_TYPE_MAX_LENGTH"},
		"a command on a person":       {`[{"type":2,"name":"c"}]`, "0.type", "BASE_TYPE_CHOICES"},
		"what a message command does": {`[{"type":3,"name":"c","description":"d"}]`, "0.description", "APPLICATION_COMMAND_DESCRIPTION_INVALID"},
		"message command's options":   {`[{"type":3,"name":"c","options":[` + many(1, option) + `]}]`, "0.options", "APPLICATION_COMMAND_OPTIONS_INVALID"},
		"a message command of 33":     {`[{"type":3,"name":` + quoted("x", 33) + `}]`, "0.name", "BASE_TYPE_BAD_LENGTH"},
		"the same message command":    {`[{"type":3,"name":"c"},{"type":3,"name":"c"}]`, "1", "APPLICATION_COMMANDS_DUPLICATE_NAME"},
		"a language that is none":     {command(`,"name_localizations":{"de-DE":"c"}`), "0.name_localizations.de-DE", "BASE_TYPE_CHOICES"},
		"a name in another language":  {command(`,"name_localizations":{"de":"C"}`), "0.name_localizations.de", "APPLICATION_COMMAND_INVALID_NAME"},
		"nothing in another language": {command(`,"description_localizations":{"de":""}`), "0.description_localizations.de", "BASE_TYPE_REQUIRED"},
		"too much in another":         {command(`,"description_localizations":{"ja":` + quoted("あ", 101) + `}`), "0.description_localizations.ja", "BASE_TYPE_BAD_LENGTH"},
		"one name in German":          {`[{"name":"a","description":"d","name_localizations":{"de":"x"}},{"name":"b","description":"d","name_localizations":{"de":"x"}}]`, "1", "APPLICATION_COMMANDS_DUPLICATE_NAME"},
		"one option in German":        {command(`,"options":[{"type":3,"name":"x","description":"d"},{"type":3,"name":"y","description":"d","name_localizations":{"de":"x"}}]`), "0.options.1.name", "APPLICATION_COMMAND_OPTIONS_DUPLICATE_NAME"},
		"completing yes or no":        {command(`,"options":[{"type":5,"name":"o","description":"d","autocomplete":true}]`), "0.options.0.autocomplete", "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID"},
		"completing among choices":    {command(`,"options":[{"type":3,"name":"o","description":"d","autocomplete":true,"choices":[{"name":"n","value":"v"}]}]`), "0.options.0.autocomplete", "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID"},
		"a context that is none":      {command(`,"contexts":[0,3]`), "0.contexts.1", "BASE_TYPE_CHOICES"},
		"an installation twice":       {command(`,"integration_types":[0,0]`), "0.integration_types.1", "BASE_TYPE_CHOICES"},
	} {
		t.Run(name, func(t *testing.T) {
			status, answer := w.api("PUT", "/applications/"+w.Options().ApplicationID+"/commands", c.body)
			if got := errorAt(answer["errors"], c.path); status != 400 || got != c.code {
				t.Fatalf("%d, at %s: got %q, want %q in %v", status, c.path, got, c.code, answer)
			}
		})
	}
	if list, err := w.s.ApplicationCommands(w.Options().ApplicationID, ""); err != nil || len(list) != 0 {
		t.Errorf("refused commands were registered: %+v, %v", list, err)
	}
}

func TestOverwritingWithTheSameChangesNothing(t *testing.T) {
	w := newWorld(t, Options{})
	url := "/applications/" + w.Options().ApplicationID + "/commands"
	versions := func(body string) string {
		t.Helper()
		if status, answer := w.api("PUT", url, body); status != http.StatusOK {
			t.Fatal(answer)
		}
		list, err := w.s.ApplicationCommands(w.Options().ApplicationID, "")
		if err != nil || len(list) != 2 {
			t.Fatalf("%+v, %v", list, err)
		}
		return list[0].ID + " " + list[0].Version + " " + list[1].ID + " " + list[1].Version
	}
	const body = `[{"name":"create","description":"d","name_localizations":{"de":"anlegen"}},{"type":3,"name":"create"}]`
	first := versions(body)
	if again := versions(body); again != first {
		t.Errorf("IDs and versions %s became %s", first, again)
	}
	other := versions(strings.Replace(body, "anlegen", "neu", 1))
	was, is := strings.Fields(first), strings.Fields(other)
	if is[0] != was[0] || is[1] == was[1] || is[2] != was[2] || is[3] != was[3] {
		t.Errorf("after a change of the first, IDs and versions %s became %s", first, other)
	}
}

func TestOtherLanguagesAreListedOnDemand(t *testing.T) {
	w := newWorld(t, Options{})
	url := "/applications/" + w.Options().ApplicationID + "/commands"
	if status, answer := w.api("PUT", url, `[{"name":"create","description":"d","name_localizations":{"de":"anlegen"},"description_localizations":{"de":"x"},
		"options":[{"type":3,"name":"name","description":"d","name_localizations":{"fr":"nom"}}]}]`); status != http.StatusOK {
		t.Fatal(answer)
	}
	for query, want := range map[string]int{"": 0, "?with_localizations=true": 3} {
		w.api("GET", url+query, "")
		all := w.Requests()
		if n := strings.Count(string(all[len(all)-1].Answer), "_localizations"); n != want {
			t.Errorf("%q: other languages in %d places, want %d: %s", query, n, want, all[len(all)-1].Answer)
		}
	}
}

package slackfake

import (
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/slack-go/slack"
)

var (
	aSearch  = object{"type": "external_select", "action_id": "find"}
	aSearch2 = object{"type": "multi_external_select", "action_id": "find"}
	aLeader  = with(aText, object{"dispatch_action_config": object{"trigger_actions_on": []any{"on_character_entered", "on_enter_pressed"}}})
)

// searchLimits are those of search menus, and of fields that lead others.
var searchLimits = []limit{
	{"a search has no options", []any{input(aSearch)}, []any{input(with(aSearch, object{"options": opts(1)}))}, "invalid additional property: options [json-pointer:/view/blocks/0/element]"},
	{"a search has no groups", []any{input(aSearch2)}, []any{input(with(aSearch2, object{"option_groups": []any{}}))}, "invalid additional property: option_groups [json-pointer:/view/blocks/0/element]"},
	{"one is chosen in a search for one", []any{input(with(aSearch, object{"initial_option": opt("o", "v")}))}, []any{input(with(aSearch, object{"initial_options": opts(1)}))},
		"invalid additional property: initial_options [json-pointer:/view/blocks/0/element]"},
	{"several are chosen in a search for several", []any{input(with(aSearch2, object{"initial_options": opts(100)}))}, []any{input(with(aSearch2, object{"initial_option": opt("o", "v")}))},
		"invalid additional property: initial_option [json-pointer:/view/blocks/0/element]"},
	{"what is chosen in a search is not empty", []any{input(aSearch2)}, []any{input(with(aSearch2, object{"initial_options": opts(0)}))},
		"no less than 1 items allowed [json-pointer:/view/blocks/0/element/initial_options]"},
	{"what is chosen is an option", []any{input(with(aSearch, object{"initial_option": opt(x(75), x(150))}))}, []any{input(with(aSearch, object{"initial_option": opt(x(76), "v")}))},
		"must be less than 76 characters [json-pointer:/view/blocks/0/element/initial_option/text/text]"},
	{"min_query_length is no less than none", []any{input(with(aSearch, object{"min_query_length": 0}))}, []any{input(with(aSearch, object{"min_query_length": -1}))},
		"must be greater than -1 [json-pointer:/view/blocks/0/element/min_query_length]"},
	{"a search's placeholder 150", []any{input(with(aSearch, object{"placeholder": pt(x(150))}))}, []any{input(with(aSearch, object{"placeholder": pt(x(151))}))},
		"must be less than 151 characters [json-pointer:/view/blocks/0/element/placeholder/text]"},
	{"dispatch_action is yes or no", []any{with(input(aLeader), object{"dispatch_action": true})}, []any{with(input(aLeader), object{"dispatch_action": "yes"})},
		"must provide a boolean [json-pointer:/view/blocks/0/dispatch_action]"},
	{"when an action is sent is known", []any{input(aLeader)}, []any{input(with(aText, object{"dispatch_action_config": object{"trigger_actions_on": []any{"always"}}}))},
		"must be one of on_enter_pressed, on_character_entered [json-pointer:/view/blocks/0/element/dispatch_action_config/trigger_actions_on/0]"},
	{"an action is sent some time", []any{input(aLeader)}, []any{input(with(aText, object{"dispatch_action_config": object{"trigger_actions_on": []any{}}}))},
		"no less than 1 items allowed [json-pointer:/view/blocks/0/element/dispatch_action_config/trigger_actions_on]"},
}

// searchable is an open form with a menu that is searched, and its bot. It offers what answer returns for what is typed.
func searchable(t *testing.T, f *Fake, element object, answer func(typed string) string) (form string, asked *[]slack.InteractionCallback, sent *slack.InteractionCallback) {
	t.Helper()
	asked, sent = &[]slack.InteractionCallback{}, &slack.InteractionCallback{}
	connect(t, f, func(w http.ResponseWriter, form url.Values) {
		p := payload(t, form)
		if p.Type != slack.InteractionTypeBlockSuggestion {
			*sent = p
			return
		}
		*asked = append(*asked, p)
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, answer(p.Value))
	})
	opened := openRaw(t, f, object{
		"type": "modal", "title": pt("T"), "submit": pt("Go"), "private_metadata": "kept",
		"blocks": []any{with(input(element), object{"optional": true}), with(input(aText), object{"block_id": "b", "label": pt("Text"), "optional": true})},
	})
	return str(opened["view"], "id"), asked, sent
}

const fruits = `{"options":[{"text":{"type":"plain_text","text":"Apple"},"value":"a"},{"text":{"type":"plain_text","text":"Pear, green"},"value":"p"}]}`

func TestASearchAsksTheBot(t *testing.T) {
	f := start(t, Options{})
	form, asked, sent := searchable(t, f, with(aSearch2, object{"min_query_length": 2}), func(string) string { return fruits })
	same(t, "too little typed", must[[]string](t)(f.Search(ctx(t), "U1", form, "Label", "p")), []string(nil))
	same(t, "offered", must[[]string](t)(f.Search(ctx(t), "U1", form, "Label", "pé")), []string{"Apple", "Pear, green"})
	p := (*asked)[0]
	same(t, "question", []string{p.Value, p.BlockID, p.ActionID, p.View.ID, p.View.PrivateMetadata, p.User.ID, p.Team.ID, p.TriggerID, string(p.Container.Type)},
		[]string{"pé", "in", "find", form, "kept", "U1", f.TeamID, "", "view"})
	if len(*asked) != 1 {
		t.Errorf("asked %d times", len(*asked))
	}
	if _, err := f.Send(ctx(t), "U1", form, map[string]string{"Label": "Pear, green,Apple"}); err != nil {
		t.Fatal(err)
	}
	var values []string
	for _, o := range sent.View.State.Values["in"]["find"].SelectedOptions {
		values = append(values, o.Value)
	}
	same(t, "sent", values, []string{"p", "a"})
}

func TestWhatIsChosenInASearchStays(t *testing.T) {
	f := start(t, Options{})
	form, asked, sent := searchable(t, f, with(aSearch, object{"min_query_length": 0, "initial_option": opt("Plum", "u")}), func(string) string { return fruits })
	for _, words := range []string{"Plum", ""} {
		if _, err := f.Send(ctx(t), "U1", form, map[string]string{"Label": "Apple, Pear"}); err == nil {
			t.Error("an option that was not offered, and one too many, were taken")
		}
		*asked = nil
		if s := must[screenT](t)(f.Enter(ctx(t), "U1", form, "Label", words)); s.Form != nil {
			t.Errorf("%+v", s)
		}
		same(t, "asked", len(*asked), 0)
	}
	if _, err := f.Send(ctx(t), "U1", form, map[string]string{"Label": "Apple"}); err != nil {
		t.Fatal(err)
	}
	same(t, "sent", sent.View.State.Values["in"]["find"].SelectedOption.Value, "a")
}

func TestOptionsThatAreNone(t *testing.T) {
	f := start(t, Options{})
	many := `{"options":[` + strings.Repeat(`{"text":{"type":"plain_text","text":"o"},"value":"v"},`, 100)
	for name, tc := range map[string]struct {
		answer  string
		problem string
		offered int
	}{
		"none":               {`{"options":[]}`, "", 0},
		"a hundred":          {strings.TrimSuffix(many, ",") + `]}`, "", 100},
		"groups":             {`{"option_groups":[{"label":{"type":"plain_text","text":"g"},"options":[{"text":{"type":"plain_text","text":"o"},"value":"v"}]}]}`, "", 1},
		"more":               {many + `{"text":{"type":"plain_text","text":"o"},"value":"v"}]}`, "no more than 100 items allowed [json-pointer:/options]", 0},
		"nothing":            {``, "unexpected end of JSON input", 0},
		"null":               {`{"options":null}`, "neither options nor option_groups", 0},
		"no text":            {`{"options":[{"value":"v"}]}`, "missing required field: text [json-pointer:/options/0]", 0},
		"a group of nothing": {`{"option_groups":[{"label":{"type":"plain_text","text":"g"},"options":[]}]}`, "no less than 1 items allowed [json-pointer:/option_groups/0/options]", 0},
	} {
		form, _, _ := searchable(t, f, with(aSearch, object{"min_query_length": 0}), func(string) string { return tc.answer })
		found, err := f.Search(ctx(t), "U1", form, "Label", "")
		if (err != nil) != (tc.problem != "") || len(found) != tc.offered {
			t.Errorf("%s: %d, %v", name, len(found), err)
		}
		requests := f.Requests()
		same(t, name, requests[len(requests)-1].Problem, tc.problem)
	}
}

func TestASearchThatFailsSaysSo(t *testing.T) {
	f := start(t, Options{})
	form, _, _ := searchable(t, f, with(aSearch, object{"min_query_length": 0}), nil)
	ended, cancel := contextThatEnded(t)
	defer cancel()
	if _, err := f.Search(ended, "U1", form, "Label", ""); err != ended.Err() {
		t.Errorf("without context: %v", err)
	}
	record(t, f, http.StatusInternalServerError)
	if _, err := f.Search(ctx(t), "U1", form, "Label", ""); err != noResults {
		t.Errorf("a bot that fails: %v", err)
	}
	if _, err := f.Send(ctx(t), "U1", form, map[string]string{"Label": "x"}); err != noResults {
		t.Errorf("… when something is chosen: %v", err)
	}
	slow(t, f)
	if _, err := f.Search(ctx(t), "U1", form, "Label", ""); err != noResults {
		t.Errorf("a slow bot: %v", err)
	}
}

func TestSearchingWhatIsNotThere(t *testing.T) {
	f := start(t, Options{})
	form, _, _ := searchable(t, f, aSearch, nil)
	for what, try := range map[string]func() ([]string, error){
		"another form":    func() ([]string, error) { return f.Search(ctx(t), "U1", "V0", "Label", "abc") },
		"somebody else's": func() ([]string, error) { return f.Search(ctx(t), "U2", form, "Label", "abc") },
		"another field":   func() ([]string, error) { return f.Search(ctx(t), "U1", form, "Other", "abc") },
		"a field of text": func() ([]string, error) { return f.Search(ctx(t), "U1", form, "Text", "abc") },
		"without a setting": func() ([]string, error) {
			install(t, f, noOptions)
			return f.Search(ctx(t), "U1", form, "Label", "abc")
		},
	} {
		if found, err := try(); err == nil {
			t.Errorf("%s: %q", what, found)
		}
	}
	if slices.ContainsFunc(f.Requests(), func(r Request) bool { return r.Method == "block_suggestion" }) {
		t.Error("the bot was asked")
	}
}

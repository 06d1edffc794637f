package discordfake

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAutocomplete(t *testing.T) {
	w := newWorld(t, Options{})
	w.register()
	var got asked
	w.bot(func(a asked) string { got = a; return `{"type":8,"data":{"choices":[{"name":"Acme","value":"acme"}]}}` })
	names, err := w.Complete(t.Context(), ada, general, "/create-community handle:x name:Ac")
	if err != nil || !cmp.Equal(names, []string{"Acme"}) {
		t.Fatalf("%v, %v", names, err)
	}
	options := got.data()["options"].([]any)
	if got.Type != 4 || options[1].(map[string]any)["focused"] != true || options[0].(map[string]any)["focused"] != nil {
		t.Errorf("%d %v", got.Type, options)
	}
	for name, answer := range map[string]string{
		"26 choices":             `{"type":8,"data":{"choices":[` + many(26, `{"name":"n%d","value":"v"}`) + `]}}`,
		"a choice of 101":        `{"type":8,"data":{"choices":[{"name":` + quoted("x", 101) + `,"value":"v"}]}}`,
		"choices of no list":     `{"type":8,"data":{"choices":5}}`,
		"a choice without words": `{"type":8,"data":{"choices":[{"name":"","value":"v"}]}}`,
		"a value of 101":         `{"type":8,"data":{"choices":[{"name":"n","value":` + quoted("x", 101) + `}]}}`,
		"a choice without value": `{"type":8,"data":{"choices":[{"name":"n"}]}}`,
		"a message":              privately,
	} {
		w.bot(always(answer))
		if _, err := w.Complete(t.Context(), ada, general, "/create-community name:A"); err == nil || err.Error() != string(errBadAnswer) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAPickedChoiceSendsItsValue(t *testing.T) {
	w := newWorld(t, Options{})
	w.register()
	w.bot(always(`{"type":8,"data":{"choices":[{"name":"Sports & games","value":"1"},{"name":"Music","value":"2"}]}}`))
	if _, err := w.Complete(t.Context(), ada, general, "/create-community name:"); err != nil {
		t.Fatal(err)
	}
	var got asked
	w.bot(func(a asked) string { got = a; return privately })
	for _, c := range []struct{ who, line, want string }{
		{ada, "/create-community name:Sports & games", "1"},
		{ada, "/create-community name:Sports", "Sports"},
		{ada, "/create-community handle:Music", "Music"},
		{bob, "/create-community name:Music", "Music"},
	} {
		if _, err := w.Type(t.Context(), c.who, general, c.line); err != nil {
			t.Fatal(err)
		}
		if value := got.data()["options"].([]any)[0].(map[string]any)["value"]; value != c.want {
			t.Errorf("%s: sent %v, want %s", c.line, value, c.want)
		}
	}
}

func TestOnlySomeOptionsAreCompleted(t *testing.T) {
	w := newWorld(t, Options{})
	w.register()
	w.bot(always(`{"type":8,"data":{"choices":[]}}`))
	for line, want := range map[string]string{
		"/create-community handle:x": "not registered with autocomplete",
		"/create-community":          "no option",
	} {
		if _, err := w.Complete(t.Context(), ada, general, line); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", line, err)
		}
	}
}

package slack

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"communitybot/bot"
)

var general = bot.Place{Platform: "slack", Tenant: "T1", Channel: "C1"}

// richForm has a field of every kind.
func richForm() bot.Form {
	return bot.Form{
		Call:   bot.Call{Command: "create-community", Values: bot.Values{"id": "42"}},
		Title:  "New community",
		Submit: "Create",
		Intro:  bot.Say("For {who} and *nobody* else.", "who", bot.Bold("everybody")),
		Fields: []bot.Field{
			{Name: "name", Label: "Name", Hint: "What people call it", Required: true, Max: 60, Value: "Cricket"},
			{Name: "handle", Label: "Handle", Hint: "Leave empty to make one from the name", Problem: "This handle is taken.", Value: "cricket"},
			{Name: "about", Label: "Description", Kind: bot.Lines, Value: "First\nSecond"},
			{Name: "type", Label: "Type", Kind: bot.OneOf, Required: true, Value: "2", Options: []bot.Option{{Value: "1", Label: "Public"}, {Value: "2", Label: "Private"}}},
			{Name: "ai", Label: "Made by AI", Kind: bot.ManyOf, Value: "ai, picture", Options: []bot.Option{{Value: "ai", Label: "Community"}, {Value: "picture", Label: "Picture"}, {Value: "banner", Label: "Banner"}}},
			{Name: "categories", Label: "Categories", Kind: bot.ManyOf, Value: "3,11", Options: numbered(11)},
			{Name: "nothing", Label: "Nothing to choose", Kind: bot.OneOf},
		},
	}
}

// numbered returns n options.
func numbered(n int) []bot.Option {
	options := make([]bot.Option, n)
	for i := range options {
		options[i] = bot.Option{Value: fmt.Sprint(i + 1), Label: fmt.Sprintf("%c %d", 'a'+rune(i%26), i+1)}
	}
	return options
}

func draws(t *testing.T, f bot.Form) *slack.ModalViewRequest {
	t.Helper()
	view, err := modal(f, bot.Event{At: general})
	if err != nil {
		t.Fatal(err)
	}
	return view
}

func TestARichForm(t *testing.T) { golden(t, "form", draws(t, richForm())) }

func TestANotice(t *testing.T) {
	golden(t, "notice", notice("A title that is too long for Slack", bot.Card{Text: bot.Say("Sent. {who} will answer.", "who", bot.Name{Name: "<Bo>"})}, bot.Event{}))
}

func TestTheWordsOfAForm(t *testing.T) {
	long := strings.Repeat("é", 5000)
	view := draws(t, bot.Form{
		Call: bot.Call{Command: "c"}, Title: long, Submit: long, Intro: bot.Text{bot.Plain(long)},
		Fields: []bot.Field{{Name: "a", Label: long, Hint: long, Problem: long, Value: long}},
	})
	input := view.Blocks.BlockSet[1].(*slack.InputBlock)
	for name, got := range map[string]struct {
		text string
		want int
	}{
		"title":  {view.Title.Text, 24},
		"submit": {view.Submit.Text, 24},
		"intro":  {view.Blocks.BlockSet[0].(*slack.SectionBlock).Text.Text, 3000},
		"label":  {input.Label.Text, 2000},
		"hint":   {input.Hint.Text, 2000},
		"value":  {input.Element.(*slack.PlainTextInputBlockElement).InitialValue, 3000},
	} {
		if n := utf8.RuneCountInString(got.text); n > got.want || n < got.want-50 {
			t.Errorf("%s has %d characters, want about %d and no more", name, n, got.want)
		}
	}
}

func TestAFormWithoutWordsHasSome(t *testing.T) {
	view := draws(t, bot.Form{Call: bot.Call{Command: "help"}, Fields: []bot.Field{{Name: "a"}}})
	input := view.Blocks.BlockSet[0].(*slack.InputBlock)
	got := []string{view.Title.Text, view.Submit.Text, view.Close.Text, input.Label.Text}
	if diff := cmp.Diff([]string{"help", "Send", "Cancel", "a"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if input.Hint != nil {
		t.Errorf("hint %q", input.Hint.Text)
	}
}

func TestTextFields(t *testing.T) {
	tests := map[string]struct {
		field bot.Field
		value string
		limit int
	}{
		"no limit":                      {bot.Field{Value: "x"}, "x", 0},
		"a limit":                       {bot.Field{Value: "x", Max: 10}, "x", 10},
		"a limit over Slack's":          {bot.Field{Max: 9999}, "", 3000},
		"a value over its limit":        {bot.Field{Value: "🏏🏏🏏", Max: 2}, "🏏🏏", 2},
		"a value over Slack's limit":    {bot.Field{Value: strings.Repeat("x", 3001)}, strings.Repeat("x", 3000), 0},
		"lines in a field of one":       {bot.Field{Value: "a\r\nb"}, "a b", 0},
		"lines in a field of several":   {bot.Field{Value: "a\nb", Kind: bot.Lines}, "a\nb", 0},
		"words that would format or so": {bot.Field{Value: "<!channel> *x*"}, "<!channel> *x*", 0},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			e := input(tc.field).Element.(*slack.PlainTextInputBlockElement)
			if e.InitialValue != tc.value || e.MaxLength != tc.limit || e.Multiline != (tc.field.Kind == bot.Lines) {
				t.Errorf("%+v", e)
			}
		})
	}
}

func TestChoices(t *testing.T) {
	t.Run("up to ten of many are checkboxes", func(t *testing.T) {
		e, ok := choice(bot.Field{Kind: bot.ManyOf, Options: numbered(10), Value: "10"}).(*slack.CheckboxGroupsBlockElement)
		if !ok || len(e.Options) != 10 || len(e.InitialOptions) != 1 || e.InitialOptions[0].Value != "10" {
			t.Errorf("%+v", e)
		}
	})
	t.Run("more of many are a menu", func(t *testing.T) {
		e, ok := choice(bot.Field{Kind: bot.ManyOf, Options: numbered(100), Value: "1, 100 ,999"}).(*slack.MultiSelectBlockElement)
		if !ok || len(e.Options) != 100 || len(e.InitialOptions) != 2 || e.OptionGroups != nil {
			t.Errorf("%+v", e)
		}
	})
	t.Run("over a hundred are searched", func(t *testing.T) {
		for kind, want := range map[bot.Kind][]string{bot.OneOf: {"201"}, bot.ManyOf: {"1", "201", "elsewhere"}} {
			value := strings.Join(want, ", ")
			e := choice(bot.Field{Kind: kind, Options: numbered(201), Value: value})
			if diff := cmp.Diff(want, initially(e)); diff != "" || !strings.HasSuffix(string(e.ElementType()), "external_select") {
				t.Errorf("%s (-want +got):\n%s", e.ElementType(), diff)
			}
		}
	})
}

func TestWhatCantBeChosen(t *testing.T) {
	t.Run("a value that is no option is not chosen", func(t *testing.T) {
		e := choice(bot.Field{Kind: bot.OneOf, Options: numbered(2), Value: "9"}).(*slack.SelectBlockElement)
		if e.InitialOption != nil {
			t.Errorf("chosen: %+v", e.InitialOption)
		}
	})
	t.Run("labels are cut and values that don't fit are left out", func(t *testing.T) {
		options := drawOptions([]bot.Option{
			{Value: strings.Repeat("v", 75), Label: strings.Repeat("é", 76)},
			{Value: strings.Repeat("v", 76), Label: "too long"},
			{Value: "", Label: "empty"},
			{Value: "bare"},
		})
		if len(options) != 2 || utf8.RuneCountInString(options[0].Text.Text) != 75 || options[1].Text.Text != "bare" {
			t.Errorf("%+v", options)
		}
	})
	t.Run("without options there is no field", func(t *testing.T) {
		for _, kind := range []bot.Kind{bot.OneOf, bot.ManyOf} {
			if b := input(bot.Field{Name: "a", Kind: kind}); b != nil {
				t.Errorf("%+v", b)
			}
		}
	})
}

func TestAFormBringsItsCallAndPlaceBack(t *testing.T) {
	call := bot.Call{Command: "fix", Values: bot.Values{"id": "42", "note": "a&b=<c> é"}}
	text, err := writeMetadata(call, general, nil)
	if err != nil {
		t.Fatal(err)
	}
	gotCall, gotAt, err := readMetadata(text)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(call, gotCall) + cmp.Diff(general, gotAt); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestALongValueTravelsInItsFieldOnly(t *testing.T) {
	f := bot.Form{
		Call:   bot.Call{Command: "fix", Values: bot.Values{"id": "42", "about": strings.Repeat("é", 2000)}},
		Fields: []bot.Field{{Name: "about", Kind: bot.Lines}},
	}
	call, _, err := readMetadata(draws(t, f).PrivateMetadata)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(bot.Call{Command: "fix", Values: bot.Values{"id": "42"}}, call); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if f.Values["about"] == "" {
		t.Error("the form itself was changed")
	}
}

func TestFormsThatSlackWouldRefuse(t *testing.T) {
	tests := map[string]struct {
		form bot.Form
		want bot.Code
	}{
		"a call too long for its metadata": {bot.Form{Call: bot.Call{Command: "c", Values: bot.Values{"text": strings.Repeat("x", 3000)}}}, bot.Invalid},
		"too many fields":                  {bot.Form{Call: bot.Call{Command: "c"}, Fields: make([]bot.Field, 101)}, bot.Internal},
	}
	for name, tc := range tests {
		if _, err := modal(tc.form, bot.Event{At: general}); bot.CodeOf(err) != tc.want {
			t.Errorf("%s: error %v, want %s", name, err, tc.want)
		}
	}
}

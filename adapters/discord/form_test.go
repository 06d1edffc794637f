package discord

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"communitybot/bot"
	"communitybot/bot/words"

	"github.com/bwmarrin/discordgo"
	"github.com/google/go-cmp/cmp"
)

func options(n int) (list []bot.Option) {
	for i := range n {
		list = append(list, bot.Option{Value: fmt.Sprint(i), Label: fmt.Sprint("Label ", i)})
	}
	return list
}

func TestFormsAreLaidOut(t *testing.T) {
	text := func(n int) (list []bot.Field) {
		for i := range n {
			list = append(list, bot.Field{Name: fmt.Sprint("t", i)})
		}
		return list
	}
	choice := func(name string, o []bot.Option) bot.Field {
		return bot.Field{Name: name, Kind: bot.ManyOf, Options: o}
	}
	with := func(list []bot.Field, more ...bot.Field) []bot.Field { return append(list, more...) }
	five := with(nil, choice("a", options(1)), choice("b", options(1)), choice("c", options(1)), choice("d", options(1)), choice("e", options(1)))
	for _, c := range []struct {
		name   string
		fields []bot.Field
		pages  string // "!" first: one modal is the whole form
		older  string // the same where labels are refused, with the menus after a slash
	}{
		{"nothing", nil, "", ""},
		{"one line", text(1), "!t0", "!t0"},
		{"five lines", text(5), "!t0 t1 t2 t3 t4", "!t0 t1 t2 t3 t4"},
		{"six lines", text(6), "t0 t1 t2 t3 t4|t5", "t0 t1 t2 t3 t4|t5"},
		{"eleven lines", text(11), "t0 t1 t2 t3 t4|t5 t6 t7 t8 t9|t10", "t0 t1 t2 t3 t4|t5 t6 t7 t8 t9|t10"},
		{"a choice", []bot.Field{choice("c", options(2))}, "!c", "/c"},
		{"a line and a choice", with(text(1), choice("c", options(2))), "!t0 c", "t0/c"},
		{"four lines and two choices", with(text(4), choice("c", options(2)), choice("d", options(2))), "t0 t1 t2 t3 c|d", "t0 t1 t2 t3/c d"},
		{"a choice of 25", []bot.Field{choice("c", options(25))}, "!c", "/c"},
		{"a choice of 26 is typed", with(text(1), choice("c", options(26))), "!t0 c", "t0 c"},
		{"a choice of nothing is left out", with(text(1), choice("c", nil)), "!t0", "t0"},
		{"five choices", five, "!a b c d e", "e/a b c d"},
		{"an option without a value is typed", []bot.Field{choice("c", []bot.Option{{Label: "None"}})}, "!c", "c"},
		{"an option with a long value is typed", []bot.Field{choice("c", []bot.Option{{Value: strings.Repeat("x", 101)}})}, "!c", "c"},
		{"an option twice is typed", []bot.Field{choice("c", []bot.Option{{Value: "1"}, {Value: "1"}})}, "!c", "c"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := drawn(inParts(bot.Form{Fields: c.fields}, false)); got != c.pages {
				t.Errorf("laid out as %q, want %q", got, c.pages)
			}
			if got := drawn(inParts(bot.Form{Fields: c.fields}, true)); got != c.older {
				t.Errorf("the older way as %q, want %q", got, c.older)
			}
		})
	}
}

func drawn(l layout) string {
	var pages []string
	for _, p := range l.pages {
		pages = append(pages, names(p))
	}
	s := strings.Join(pages, "|")
	if len(l.menus) > 0 {
		s += "/" + names(l.menus)
	}
	if l.whole() {
		s = "!" + s
	}
	return s
}

func TestABriefFormIsOneModalWhereItCanBe(t *testing.T) {
	field := func(name string, change ...func(*bot.Field)) bot.Field {
		f := bot.Field{Name: name}
		for _, c := range change {
			c(&f)
		}
		return f
	}
	extra := func(f *bot.Field) { f.Extra = true }
	wrong := func(f *bot.Field) { f.Problem = "Too plain." }
	pick := func(f *bot.Field) { f.Kind, f.Options = bot.OneOf, options(2) }
	none := func(f *bot.Field) { f.Kind = bot.OneOf }
	for _, c := range []struct {
		name        string
		fields      []bot.Field
		want, older string
	}{
		{"extra fields are not shown", []bot.Field{field("a"), field("b", extra), field("c", pick)}, "!a c", "a b/c"},
		{"wherever they stand", []bot.Field{field("b", extra), field("a"), field("c", extra)}, "!a", "!b a c"},
		{"with a problem they are", []bot.Field{field("a"), field("b", extra, wrong)}, "!a b", "!a b"},
		{"with a problem, in parts", []bot.Field{field("a"), field("b"), field("c"), field("d"), field("e", extra), field("f", extra, wrong)}, "a b c d e|f", "a b c d e|f"},
		{"a problem of another field", []bot.Field{field("a", wrong), field("b", extra)}, "!a", "!a b"},
		{"five", []bot.Field{field("a"), field("b"), field("c"), field("d"), field("e"), field("f", extra)}, "!a b c d e", "a b c d e|f"},
		{"six", []bot.Field{field("a"), field("b"), field("c"), field("d"), field("e"), field("f"), field("g", extra)}, "a b c d e|f g", "a b c d e|f g"},
		{"nothing but extra fields", []bot.Field{field("a", extra)}, "!a", "!a"},
		{"a choice of nothing does not count", []bot.Field{field("a"), field("b"), field("c"), field("d"), field("e"), field("f", none)}, "!a b c d e", "a b c d e"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := &Adapter{}
			l := turn{Adapter: a}.lay(bot.Form{Brief: true, Fields: c.fields})
			if got := drawn(l); got != c.want || len(l.form.Fields) != len(c.fields) {
				t.Errorf("laid out as %q, want %q; %d fields are left of %d", got, c.want, len(l.form.Fields), len(c.fields))
			}
			a.older.Store(true)
			if got := drawn((turn{Adapter: a}).lay(bot.Form{Brief: true, Fields: c.fields})); got != c.older {
				t.Errorf("the older way as %q, want %q", got, c.older)
			}
		})
	}
}

func names(fields []bot.Field) string {
	var list []string
	for _, f := range fields {
		list = append(list, f.Name)
	}
	return strings.Join(list, " ")
}

func TestInputsKeepDiscordsLimits(t *testing.T) {
	long := strings.Repeat("é", 5000)
	choice := []bot.Option{{Value: "1", Label: "Sports"}, {Value: "2", Label: "Music"}}
	for _, c := range []struct {
		name  string
		field bot.Field
		want  textInput
	}{
		{"a line", bot.Field{Name: "n", Label: "Name", Hint: "Hint", Value: "x", Required: true, Max: 50},
			textInput{Type: 4, CustomID: "n", Label: "Name", Style: 1, Placeholder: "Hint", Value: "x", Required: true, MaxLength: 50}},
		{"several lines", bot.Field{Name: "n", Label: "Name", Kind: bot.Lines},
			textInput{Type: 4, CustomID: "n", Label: "Name", Style: 2, MaxLength: 4000}},
		{"a problem does not change the label", bot.Field{Name: "n", Label: "Name", Problem: "Too short."},
			textInput{Type: 4, CustomID: "n", Label: "Name", Style: 1, MaxLength: 4000}},
		{"a long hint", bot.Field{Name: "n", Label: "Name", Hint: long},
			textInput{Type: 4, CustomID: "n", Label: "Name", Style: 1, Placeholder: strings.Repeat("é", 99) + "…", MaxLength: 4000}},
		{"a long value", bot.Field{Name: "n", Label: "Name", Value: long, Max: 10},
			textInput{Type: 4, CustomID: "n", Label: "Name", Style: 1, Value: strings.Repeat("é", 10), MaxLength: 10}},
		{"more than Discord takes", bot.Field{Name: "n", Label: "Name", Value: long, Max: 9000},
			textInput{Type: 4, CustomID: "n", Label: "Name", Style: 1, Value: strings.Repeat("é", 4000), MaxLength: 4000}},
		{"no label", bot.Field{Name: "n"}, textInput{Type: 4, CustomID: "n", Label: "n", Style: 1, MaxLength: 4000}},
		{"a choice is typed in words", bot.Field{Name: "n", Label: "Name", Kind: bot.ManyOf, Options: choice, Value: "1,2"},
			textInput{Type: 4, CustomID: "n", Label: "Name", Style: 1, Value: "Sports, Music", MaxLength: 4000}},
		{"an unknown choice stays as it is", bot.Field{Name: "n", Label: "Name", Kind: bot.ManyOf, Options: choice, Value: "1,9"},
			textInput{Type: 4, CustomID: "n", Label: "Name", Style: 1, Value: "1,9", MaxLength: 4000}},
		{"words with commas can't be typed", bot.Field{Name: "n", Label: "Name", Kind: bot.ManyOf, Options: []bot.Option{{Value: "1", Label: "Arts, Crafts"}}, Value: "1"},
			textInput{Type: 4, CustomID: "n", Label: "Name", Style: 1, Value: "1", MaxLength: 4000}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, input(c.field)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestMenus(t *testing.T) {
	long := strings.Repeat("é", 200)
	for _, c := range []struct {
		name        string
		field       bot.Field
		least, most int
		chosen      string
	}{
		{"one of", bot.Field{Kind: bot.OneOf, Options: options(3)}, 0, 1, ""},
		{"one of, required", bot.Field{Kind: bot.OneOf, Options: options(3), Required: true}, 1, 1, ""},
		{"one of, chosen", bot.Field{Kind: bot.OneOf, Options: options(3), Value: "2"}, 0, 1, "2"},
		{"one of, by its label", bot.Field{Kind: bot.OneOf, Options: options(3), Value: "label 2"}, 0, 1, "2"},
		{"one of, several given", bot.Field{Kind: bot.OneOf, Options: options(3), Value: "2,1"}, 0, 1, "2"},
		{"one of, unknown", bot.Field{Kind: bot.OneOf, Options: options(3), Value: "9"}, 0, 1, ""},
		{"many of", bot.Field{Kind: bot.ManyOf, Options: options(3), Required: true}, 0, 3, ""},
		{"many of, chosen", bot.Field{Kind: bot.ManyOf, Options: options(3), Value: "2, 0,0"}, 0, 3, "0 2"},
		{"long words", bot.Field{Label: long, Kind: bot.OneOf, Options: []bot.Option{{Value: "1", Label: long}, {Value: "2"}}}, 0, 1, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.field.Name = "f"
			m := menu(c.field, "id").(discordgo.ActionsRow).Components[0].(discordgo.SelectMenu)
			var chosen []string
			for _, o := range m.Options {
				if o.Default {
					chosen = append(chosen, o.Value)
				}
				if n := utf8.RuneCountInString(o.Label); n == 0 || n > maxOption {
					t.Errorf("an option of %d characters", n)
				}
			}
			if *m.MinValues != c.least || m.MaxValues != c.most || strings.Join(chosen, " ") != c.chosen {
				t.Errorf("%d to %d, chosen %v", *m.MinValues, m.MaxValues, chosen)
			}
			if n := utf8.RuneCountInString(m.Placeholder); n == 0 || n > maxPlaceholder {
				t.Errorf("a placeholder of %d characters", n)
			}
		})
	}
}

func TestTheReviewShowsEveryPage(t *testing.T) {
	var f bot.Form
	for i := range 16 {
		f.Fields = append(f.Fields, bot.Field{Name: fmt.Sprint(i), Label: fmt.Sprint("Field ", i)})
	}
	for i := 5; i < 10; i++ {
		f.Fields[i].Label = strings.Repeat("long ", 10)
	}
	b, err := json.Marshal(inParts(f, true).review(words.For(""), "1"))
	if err != nil {
		t.Fatal(err)
	}
	for _, label := range []string{`"Send"`, `"Edit"`, `"More fields (2)"`, `"Field 10, Field 11, Field 12, Field 13, Field 14"`, `"Field 15"`} {
		if !strings.Contains(string(b), `"label":`+label) {
			t.Errorf("no button %s in %s", label, b)
		}
	}
}

func TestTheModalsTitleIsNeverEmptyOrTooLong(t *testing.T) {
	for title, want := range map[string]string{"": "deny", "Deny": "Deny", strings.Repeat("é", 50): strings.Repeat("é", 44) + "…"} {
		m := inParts(bot.Form{Call: bot.Call{Command: "deny"}, Title: title, Fields: []bot.Field{{Name: "a", Problem: "No."}}}, false).modal(0, "id")
		if m.Title != want {
			t.Errorf("%q becomes %q", title, m.Title)
		}
	}
}

func TestAnOlderModalsTitleSaysTheFirstProblem(t *testing.T) {
	fields := []bot.Field{{Name: "a", Label: "A"}, {Name: "b", Label: "B", Problem: strings.Repeat("é", 60)}, {Name: "c", Label: "C", Problem: "later"}}
	data := inParts(bot.Form{Title: "Paint", Fields: fields}, true).modal(0, "id")
	if want := "B: " + strings.Repeat("é", 41) + "…"; data.Title != want {
		t.Errorf("title %q, want %q", data.Title, want)
	}
	if n := len(data.Components); n != 3 {
		t.Errorf("%d fields, want 3", n)
	}
}

func TestLabelsKeepDiscordsLimits(t *testing.T) {
	long := strings.Repeat("é", 200)
	text := textInput{Type: 4, CustomID: "n", Style: 1, MaxLength: 4000}
	pick := func(required bool, least, most int, o ...discordgo.SelectMenuOption) selectInput {
		return selectInput{Type: 3, CustomID: "n", Required: required, MinValues: least, MaxValues: most, Options: o}
	}
	red, green := discordgo.SelectMenuOption{Label: "Red", Value: "r"}, discordgo.SelectMenuOption{Label: "Green", Value: "g"}
	chosen := func(o discordgo.SelectMenuOption) discordgo.SelectMenuOption { o.Default = true; return o }
	colors := []bot.Option{{Value: "r", Label: "Red"}, {Value: "g", Label: "Green"}}
	hinted := text
	hinted.Placeholder = "Hint"
	for _, c := range []struct {
		name  string
		field bot.Field
		want  labelled
	}{
		{"a line", bot.Field{Label: "Name", Hint: "Hint"}, labelled{18, "Name", "Hint", text}},
		{"no label", bot.Field{}, labelled{18, "n", "", text}},
		{"a problem in place of the hint", bot.Field{Label: "Name", Hint: "Hint", Problem: "Too plain."}, labelled{18, "Name", "⚠ Too plain.", hinted}},
		{"long words", bot.Field{Label: long, Hint: long}, labelled{18, long[:88] + "…", long[:198] + "…", text}},
		{"a long problem", bot.Field{Label: "Name", Problem: long}, labelled{18, "Name", "⚠ " + long[:194] + "…", text}},
		{"one of", bot.Field{Label: "Color", Hint: "Hint", Kind: bot.OneOf, Options: colors, Value: "g"}, labelled{18, "Color", "Hint", pick(false, 0, 1, red, chosen(green))}},
		{"one of, required", bot.Field{Label: "Color", Kind: bot.OneOf, Options: colors, Required: true}, labelled{18, "Color", "", pick(true, 1, 1, red, green)}},
		{"one of, several given", bot.Field{Label: "Color", Kind: bot.OneOf, Options: colors, Value: "g,r"}, labelled{18, "Color", "", pick(false, 0, 1, red, chosen(green))}},
		{"many of", bot.Field{Label: "Color", Kind: bot.ManyOf, Options: colors, Value: "green, r", Problem: "No."}, labelled{18, "Color", "⚠ No.", pick(false, 0, 2, chosen(red), chosen(green))}},
		{"many of, required", bot.Field{Label: "Color", Kind: bot.ManyOf, Options: colors, Required: true}, labelled{18, "Color", "", pick(true, 1, 2, red, green)}},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.field.Name = "n"
			got := inParts(bot.Form{Fields: []bot.Field{c.field}}, false).modal(0, "id").Components
			if diff := cmp.Diff([]any{c.want}, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

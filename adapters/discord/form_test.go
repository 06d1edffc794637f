package discord

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"communitybot/bot"

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
	for _, c := range []struct {
		name   string
		fields []bot.Field
		pages  string
		menus  string
		whole  bool
	}{
		{"nothing", nil, "", "", false},
		{"one line", text(1), "t0", "", true},
		{"five lines", text(5), "t0 t1 t2 t3 t4", "", true},
		{"six lines", text(6), "t0 t1 t2 t3 t4|t5", "", false},
		{"eleven lines", text(11), "t0 t1 t2 t3 t4|t5 t6 t7 t8 t9|t10", "", false},
		{"a choice", []bot.Field{choice("c", options(2))}, "", "c", false},
		{"a line and a choice", with(text(1), choice("c", options(2))), "t0", "c", false},
		{"a choice of 25", []bot.Field{choice("c", options(25))}, "", "c", false},
		{"a choice of 26 is typed", with(text(1), choice("c", options(26))), "t0 c", "", false},
		{"a choice of nothing is left out", with(text(1), choice("c", nil)), "t0", "", false},
		{"a fifth choice is typed", with(nil, choice("a", options(1)), choice("b", options(1)), choice("c", options(1)), choice("d", options(1)), choice("e", options(1))), "e", "a b c d", false},
		{"an option without a value is typed", []bot.Field{choice("c", []bot.Option{{Label: "None"}})}, "c", "", false},
		{"an option with a long value is typed", []bot.Field{choice("c", []bot.Option{{Value: strings.Repeat("x", 101)}})}, "c", "", false},
		{"an option twice is typed", []bot.Field{choice("c", []bot.Option{{Value: "1"}, {Value: "1"}})}, "c", "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := lay(bot.Form{Fields: c.fields})
			var pages, menus []string
			for _, p := range l.pages {
				pages = append(pages, names(p))
			}
			menus = append(menus, names(l.menus))
			if got := strings.Join(pages, "|"); got != c.pages || menus[0] != c.menus || l.whole() != c.whole {
				t.Errorf("pages %q, menus %q, whole %v", got, menus[0], l.whole())
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
		want  discordgo.TextInput
	}{
		{"a line", bot.Field{Name: "n", Label: "Name", Hint: "Hint", Value: "x", Required: true, Max: 50},
			discordgo.TextInput{CustomID: "n", Label: "Name", Style: 1, Placeholder: "Hint", Value: "x", Required: true, MaxLength: 50}},
		{"several lines", bot.Field{Name: "n", Label: "Name", Kind: bot.Lines},
			discordgo.TextInput{CustomID: "n", Label: "Name", Style: 2, MaxLength: 4000}},
		{"a problem does not change the label", bot.Field{Name: "n", Label: "Name", Problem: "Too short."},
			discordgo.TextInput{CustomID: "n", Label: "Name", Style: 1, MaxLength: 4000}},
		{"a long hint", bot.Field{Name: "n", Label: "Name", Hint: long},
			discordgo.TextInput{CustomID: "n", Label: "Name", Style: 1, Placeholder: strings.Repeat("é", 99) + "…", MaxLength: 4000}},
		{"a long value", bot.Field{Name: "n", Label: "Name", Value: long, Max: 10},
			discordgo.TextInput{CustomID: "n", Label: "Name", Style: 1, Value: strings.Repeat("é", 10), MaxLength: 10}},
		{"more than Discord takes", bot.Field{Name: "n", Label: "Name", Value: long, Max: 9000},
			discordgo.TextInput{CustomID: "n", Label: "Name", Style: 1, Value: strings.Repeat("é", 4000), MaxLength: 4000}},
		{"no label", bot.Field{Name: "n"}, discordgo.TextInput{CustomID: "n", Label: "n", Style: 1, MaxLength: 4000}},
		{"a choice is typed in words", bot.Field{Name: "n", Label: "Name", Kind: bot.ManyOf, Options: choice, Value: "1,2"},
			discordgo.TextInput{CustomID: "n", Label: "Name", Style: 1, Value: "Sports, Music", MaxLength: 4000}},
		{"an unknown choice stays as it is", bot.Field{Name: "n", Label: "Name", Kind: bot.ManyOf, Options: choice, Value: "1,9"},
			discordgo.TextInput{CustomID: "n", Label: "Name", Style: 1, Value: "1,9", MaxLength: 4000}},
		{"words with commas can't be typed", bot.Field{Name: "n", Label: "Name", Kind: bot.ManyOf, Options: []bot.Option{{Value: "1", Label: "Arts, Crafts"}}, Value: "1"},
			discordgo.TextInput{CustomID: "n", Label: "Name", Style: 1, Value: "1", MaxLength: 4000}},
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
	b, err := json.Marshal(lay(f).review("1"))
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
		r := lay(bot.Form{Call: bot.Call{Command: "deny"}, Title: title, Fields: []bot.Field{{Name: "a"}}}).modal(0, "id")
		if got := r.Data.(modalData).Title; got != want {
			t.Errorf("%q becomes %q", title, got)
		}
	}
}

func TestAModalsTitleSaysTheFirstProblem(t *testing.T) {
	fields := []bot.Field{{Name: "a", Label: "A"}, {Name: "b", Label: "B", Problem: strings.Repeat("é", 60)}, {Name: "c", Label: "C", Problem: "later"}}
	data := lay(bot.Form{Title: "Paint", Fields: fields}).modal(0, "id").Data.(modalData)
	if want := "B: " + strings.Repeat("é", 41) + "…"; data.Title != want {
		t.Errorf("title %q, want %q", data.Title, want)
	}
	if n := len(data.Components); n != 3 {
		t.Errorf("%d fields, want 3", n)
	}
}

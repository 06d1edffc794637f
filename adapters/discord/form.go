package discord

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"communitybot/bot"

	"github.com/bwmarrin/discordgo"
)

// The limits of a modal and of a menu.
// https://discord.com/developers/docs/components/reference#text-input
// https://discord.com/developers/docs/components/reference#string-select
const (
	maxModalTitle  = 45
	maxInputs      = 5
	maxInputLabel  = 45
	maxInputHint   = 100
	maxInput       = 4000
	maxMenus       = 4 // and one row of buttons below them
	maxOptions     = 25
	maxOption      = 100
	maxPlaceholder = 150
)

// layout is a form laid out for Discord: text is typed on pages, a modal each; choices are menus on a private message.
type layout struct {
	form  bot.Form
	pages [][]bot.Field
	menus []bot.Field
}

// lay lays out a form. A choice that can't be a menu is typed; one among nothing is left out.
func lay(f bot.Form) layout {
	l := layout{form: f}
	var typed []bot.Field
	for _, field := range f.Fields {
		switch {
		case isChoice(field) && len(field.Options) == 0:
		case isChoice(field) && len(l.menus) < maxMenus && isMenu(field):
			l.menus = append(l.menus, field)
		default:
			typed = append(typed, field)
		}
	}
	l.pages = slices.Collect(slices.Chunk(typed, maxInputs))
	return l
}

func isChoice(f bot.Field) bool { return f.Kind == bot.OneOf || f.Kind == bot.ManyOf }

// isMenu reports whether Discord can show a choice as a menu.
func isMenu(f bot.Field) bool {
	seen := map[string]bool{}
	for _, o := range f.Options {
		if o.Value == "" || utf8.RuneCountInString(o.Value) > maxOption || seen[o.Value] {
			return false
		}
		seen[o.Value] = true
	}
	return len(f.Options) <= maxOptions
}

// whole reports whether one modal is all of the form.
func (l layout) whole() bool {
	return len(l.pages) == 1 && !slices.ContainsFunc(l.form.Fields, isChoice)
}

// problem returns the page of the first typed field with a problem, or -1, and whether a menu has one.
func (l layout) problem() (page int, menu bool) {
	bad := func(f bot.Field) bool { return f.Problem != "" }
	page = slices.IndexFunc(l.pages, func(fields []bot.Field) bool { return slices.ContainsFunc(fields, bad) })
	return page, slices.ContainsFunc(l.menus, bad)
}

// modal draws page n of the form. Whatever is sent comes back with id. A problem stands in the title: labels are what
// people know the fields by, and there is no other room.
func (l layout) modal(n int, id string) response {
	title := cmp.Or(l.form.Title, l.form.Command)
	var list []discordgo.MessageComponent
	for _, f := range slices.Backward(l.pages[n]) {
		if f.Problem != "" {
			title = cmp.Or(f.Label, f.Name) + ": " + f.Problem
		}
		list = append(list, discordgo.ActionsRow{Components: []discordgo.MessageComponent{input(f)}})
	}
	slices.Reverse(list)
	return response{showModal, modalData{id, cut(title, maxModalTitle), list}}
}

type modalData struct {
	CustomID   string                       `json:"custom_id"`
	Title      string                       `json:"title"`
	Components []discordgo.MessageComponent `json:"components"`
}

func input(f bot.Field) discordgo.TextInput {
	longest := maxInput
	if f.Max > 0 {
		longest = min(f.Max, maxInput)
	}
	in := discordgo.TextInput{
		CustomID: f.Name, Label: cut(cmp.Or(f.Label, f.Name), maxInputLabel), Style: discordgo.TextInputShort,
		Placeholder: cut(f.Hint, maxInputHint), Value: f.Value, Required: f.Required, MaxLength: longest,
	}
	// A choice is typed in words, unless a comma in them would split one in two.
	comma := func(o bot.Option) bool { return strings.Contains(o.Label, ",") }
	if isChoice(f) && !slices.ContainsFunc(f.Options, comma) {
		in.Value = labels(f)
	}
	in.Value = string([]rune(in.Value)[:min(utf8.RuneCountInString(in.Value), longest)])
	if f.Kind == bot.Lines {
		in.Style = discordgo.TextInputParagraph
	}
	return in
}

// menu draws a choice. Whatever is chosen comes back with id.
func menu(f bot.Field, id string) discordgo.MessageComponent {
	least, most := 0, 1
	if f.Kind == bot.ManyOf {
		most = len(f.Options)
	} else if f.Required {
		least = 1
	}
	m := discordgo.SelectMenu{
		MenuType: discordgo.StringSelectMenu, CustomID: id, MinValues: &least, MaxValues: most,
		Placeholder: cut(cmp.Or(f.Label, f.Name), maxPlaceholder),
	}
	now := chosen(f)
	if f.Kind == bot.OneOf {
		now = now[:min(len(now), 1)]
	}
	for _, o := range f.Options {
		m.Options = append(m.Options, discordgo.SelectMenuOption{
			Label: cut(cmp.Or(o.Label, o.Value), maxOption), Value: o.Value, Default: slices.Contains(now, o),
		})
	}
	return discordgo.ActionsRow{Components: []discordgo.MessageComponent{m}}
}

// chosen returns the options that a choice's value names, by value or label.
func chosen(f bot.Field) []bot.Option {
	var list []bot.Option
	for v := range strings.SplitSeq(f.Value, ",") {
		v = strings.TrimSpace(v)
		i := slices.IndexFunc(f.Options, func(o bot.Option) bool { return v != "" && (o.Value == v || strings.EqualFold(o.Label, v)) })
		if i >= 0 && !slices.Contains(list, f.Options[i]) {
			list = append(list, f.Options[i])
		}
	}
	return list
}

// labels returns a choice's value in words for people, or as it is when it names something unknown.
func labels(f bot.Field) string {
	var list []string
	for _, o := range chosen(f) {
		list = append(list, cmp.Or(o.Label, o.Value))
	}
	if len(list) != strings.Count(f.Value, ",")+1 {
		return f.Value
	}
	return strings.Join(list, ", ")
}

package discord

import (
	"slices"
	"strings"
	"unicode/utf8"

	"communitybot/bot"
)

// layout is a form laid out for Discord: on pages, a modal each. A Discord that takes only rows of text inputs in a modal
// gets the choices as menus on a private message.
type layout struct {
	form  bot.Form
	older bool
	pages [][]bot.Field
	menus []bot.Field // only when older
}

// lay lays out a form as people meet it first: a brief one as one modal, if that is possible.
func (t turn) lay(f bot.Form) layout {
	if !f.Brief || t.isOlder() {
		return t.inParts(f)
	}
	short := f
	short.Fields = slices.DeleteFunc(slices.Clone(f.Fields), func(f bot.Field) bool { return f.Extra && f.Problem == "" })
	extra := slices.ContainsFunc(short.Fields, func(f bot.Field) bool { return f.Extra })
	l := inParts(short, false)
	if extra || !l.whole() {
		return inParts(f, false)
	}
	l.form = f
	return l
}

// inParts lays out all fields of a form.
func (t turn) inParts(f bot.Form) layout { return inParts(f, t.isOlder()) }

// isOlder reports whether this Discord takes no labels in a modal, as far as is known.
func (t turn) isOlder() bool { return t.plainly || t.older.Load() }

// inParts lays out all fields of a form. A choice among nothing is left out.
func inParts(f bot.Form, older bool) layout {
	l := layout{form: f, older: older}
	var shown []bot.Field
	for _, field := range f.Fields {
		switch {
		case isChoice(field) && len(field.Options) == 0:
		case older && len(l.menus) < maxMenus && isMenu(field):
			l.menus = append(l.menus, field)
		default:
			shown = append(shown, field)
		}
	}
	l.pages = slices.Collect(slices.Chunk(shown, maxInputs))
	return l
}

func isChoice(f bot.Field) bool { return f.Kind == bot.OneOf || f.Kind == bot.ManyOf }

// isMenu reports whether Discord can show a field as options to choose from. Any other choice is typed.
func isMenu(f bot.Field) bool {
	seen := map[string]bool{}
	for _, o := range f.Options {
		if o.Value == "" || utf8.RuneCountInString(o.Value) > maxOption || seen[o.Value] {
			return false
		}
		seen[o.Value] = true
	}
	return isChoice(f) && len(f.Options) <= maxOptions
}

// whole reports whether one modal is all that people are asked.
func (l layout) whole() bool {
	return len(l.pages) == 1 && !(l.older && slices.ContainsFunc(l.form.Fields, isChoice))
}

// problem returns the first field on a page that has a problem, or nil, and whether a menu has one.
func (l layout) problem() (onPage *bot.Field, onMenu bool) {
	bad := func(f bot.Field) bool { return f.Problem != "" }
	for _, fields := range l.pages {
		if i := slices.IndexFunc(fields, bad); i >= 0 {
			return &fields[i], slices.ContainsFunc(l.menus, bad)
		}
	}
	return nil, slices.ContainsFunc(l.menus, bad)
}

// page returns the page of a field; of one that stands on none, where a form begins: at what is wrong, or else at the
// front.
func (l layout) page(field string) int {
	named := func(f bot.Field) bool { return f.Name == field }
	if i := slices.IndexFunc(l.pages, func(fields []bot.Field) bool { return slices.ContainsFunc(fields, named) }); i >= 0 {
		return i
	}
	if f, _ := l.problem(); f != nil {
		return l.page(f.Name)
	}
	return 0
}

// shows reports whether a page has the field.
func (l layout) shows(page int, field string) bool {
	return slices.ContainsFunc(l.pages[page], func(f bot.Field) bool { return f.Name == field })
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
	if f.Kind == bot.OneOf {
		list = list[:min(len(list), 1)]
	}
	return list
}

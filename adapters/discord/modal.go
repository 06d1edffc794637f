package discord

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"communitybot/bot"

	"github.com/bwmarrin/discordgo"
)

// The limits of a modal.
// https://discord.com/developers/docs/components/reference#label
// https://discord.com/developers/docs/components/reference#text-input
const (
	maxModalTitle = 45
	maxInputs     = 5
	maxInputLabel = 45
	maxInputHint  = 100
	maxInput      = 4000
)

// The types of component in a modal, which discordgo does not know well enough: to it a Label is nothing, and a select
// never stands in a modal. https://discord.com/developers/docs/components/reference#component-object-component-types
const (
	typeRow    = 1
	typeSelect = 3
	typeText   = 4
	typeLabel  = 18
)

type modalData struct {
	CustomID   string `json:"custom_id"`
	Title      string `json:"title"`
	Components []any  `json:"components"` // labelled or row
}

// labelled is one field with the words that stand with it.
type labelled struct {
	Type        int    `json:"type"`
	Label       string `json:"label"`
	Description string `json:"description,omitempty"`
	Component   any    `json:"component"` // textInput or selectInput
}

// row is the older form of a field: a text input with its own label.
type row struct {
	Type       int         `json:"type"`
	Components []textInput `json:"components"`
}

type textInput struct {
	Type        int    `json:"type"`
	CustomID    string `json:"custom_id"`
	Style       int    `json:"style"`
	Label       string `json:"label,omitempty"` // not inside a label, which is refused
	Placeholder string `json:"placeholder,omitempty"`
	Value       string `json:"value,omitempty"`
	Required    bool   `json:"required"`
	MaxLength   int    `json:"max_length"`
}

// selectInput is a choice in a modal. Unlike a menu on a message it can be required.
// https://discord.com/developers/docs/components/reference#string-select
type selectInput struct {
	Type      int                          `json:"type"`
	CustomID  string                       `json:"custom_id"`
	Options   []discordgo.SelectMenuOption `json:"options"`
	Required  bool                         `json:"required"`
	MinValues int                          `json:"min_values"`
	MaxValues int                          `json:"max_values"`
}

// modal opens page n of a form. Whatever is sent comes back with id. When Discord refuses it, the interaction is answered
// anew in the older way, without labels: it has changed nothing so far. Over HTTP there is no way to know that Discord
// refused an answer, so labels are always used there.
func (t turn) modal(l layout, n int, id string) response {
	r := response{Type: showModal, Data: l.modal(n, id)}
	if !l.older {
		r.legacy = func(ctx context.Context) response {
			t.plainly = true
			return t.answer(ctx)
		}
	}
	return r
}

// forgetLabels takes note that Discord does not know labels in modals. For an hour, all forms are shown without them.
func (a *Adapter) forgetLabels(ctx context.Context) {
	if !a.older.Load() {
		a.log.WarnContext(ctx, "discord: labels in modals are refused; forms are shown in the older way for an hour")
	}
	a.older.Store(true)
}

// lapse is how long something that may change is taken for true.
const lapse = time.Hour

// lapsing is a yes that becomes a no after a while. The zero value is no.
type lapsing struct{ since atomic.Pointer[time.Time] }

// Store sets it.
func (l *lapsing) Store(yes bool) {
	if !yes {
		l.since.Store(nil)
		return
	}
	now := time.Now()
	l.since.Store(&now)
}

// Load returns it.
func (l *lapsing) Load() bool {
	since := l.since.Load()
	return since != nil && time.Since(*since) < lapse
}

// modal draws page n of the form.
func (l layout) modal(n int, id string) modalData {
	m := modalData{CustomID: id, Title: cmp.Or(l.form.Title, l.form.Command)}
	for _, f := range l.pages[n] {
		if l.older {
			m.Components = append(m.Components, row{typeRow, []textInput{input(f)}})
		} else {
			m.Components = append(m.Components, labelled{typeLabel, label(f, maxInputLabel), describe(f), unlabelled(f)})
		}
	}
	if f, _ := l.problem(); l.older && f != nil && l.shows(n, f.Name) { // there is no other room
		m.Title = cmp.Or(f.Label, f.Name) + ": " + f.Problem
	}
	m.Title = cut(m.Title, maxModalTitle)
	return m
}

// label returns what people know a field by, in limit characters.
func label(f bot.Field, limit int) string { return cut(cmp.Or(f.Label, f.Name), limit) }

// describe returns what stands below a label: what is wrong, or how to fill it in.
func describe(f bot.Field) string {
	if f.Problem != "" {
		return cut("⚠ "+f.Problem, maxInputHint)
	}
	return cut(f.Hint, maxInputHint)
}

// unlabelled draws a field for a label. The hint stands inside it only when a problem has taken its place, and nothing else
// is to stand there.
func unlabelled(f bot.Field) any {
	if isMenu(f) {
		return selection(f)
	}
	in := input(f)
	in.Label = ""
	if f.Problem == "" {
		in.Placeholder = cut(f.Sample, maxInputHint)
	}
	return in
}

func selection(f bot.Field) selectInput {
	s := selectInput{Type: typeSelect, CustomID: f.Name, Options: menuOptions(f), Required: f.Required, MaxValues: 1}
	if f.Kind == bot.ManyOf {
		s.MaxValues = len(f.Options)
	}
	if f.Required { // or else Discord refuses the modal
		s.MinValues = 1
	}
	return s
}

// input draws a field that is typed.
func input(f bot.Field) textInput {
	longest := maxInput
	if f.Max > 0 {
		longest = min(f.Max, maxInput)
	}
	in := textInput{
		Type: typeText, CustomID: f.Name, Label: label(f, maxInputLabel), Style: int(discordgo.TextInputShort),
		Placeholder: cut(cmp.Or(f.Sample, f.Hint), maxInputHint), Value: f.Value, Required: f.Required, MaxLength: longest,
	}
	// A choice is typed in words, unless a comma in them would split one in two.
	comma := func(o bot.Option) bool { return strings.Contains(o.Label, ",") }
	if isChoice(f) && !slices.ContainsFunc(f.Options, comma) {
		in.Value = labels(f)
	}
	in.Value = string([]rune(in.Value)[:min(utf8.RuneCountInString(in.Value), longest)])
	if f.Kind == bot.Lines {
		in.Style = int(discordgo.TextInputParagraph)
	}
	return in
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

package slack

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"communitybot/bot"
	"communitybot/bot/words"
)

// view is a sent form.
// https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload
type view struct {
	ID              string
	Type            string // "modal", or "home"
	AppTeam         string // that the app is installed in
	Team            string
	Hash            string // another one after every change of the view
	PrivateMetadata string
	Title           string
	Blocks          []block
	Values          map[string]map[string]stateValue // by block, by action
}

// homeView is the type of the view on somebody's home.
const homeView = "home"

// block is a part of a view: when its type is "input", a field.
type block struct {
	Type        string
	BlockID     string
	Hint        string
	Placeholder string
}

// stateValue is what one element of a form holds. Null and empty are the same: the person left it empty.
type stateValue struct {
	Value           string
	SelectedOption  chosenOption
	SelectedOptions []chosenOption
}

type chosenOption struct{ Value string }

func (v stateValue) String() string {
	if len(v.SelectedOptions) == 0 {
		return v.Value + v.SelectedOption.Value // an element has one or the other
	}
	return strings.Join(v.options(), ",")
}

func (v stateValue) options() []string {
	all := make([]string, len(v.SelectedOptions))
	for i, o := range v.SelectedOptions {
		all[i] = o.Value
	}
	return all
}

// values returns what is filled in, sorted.
func (v stateValue) values() []string {
	return values(append(v.options(), v.Value, v.SelectedOption.Value)...)
}

// sent returns the event of a form that somebody sent: the form's own call with the fields' values over its own. A form
// that is not one of ours is an Invalid error; the event says who sent it even so.
func (p interaction) sent(by bot.User) (bot.Event, error) {
	call, at, err := p.began()
	if err != nil {
		return bot.Event{By: by}, unusable(words.For(by.Locale).Chat.UnknownForm, err)
	}
	fields := make(bot.Values, len(p.View.Values))
	for blockID, elements := range p.View.Values {
		for _, v := range elements { // our blocks have one element each
			fields[fieldOf(blockID)] = v.String()
		}
	}
	call.Values = call.Values.With(fields)
	return bot.Event{Call: call, Step: bot.Submit, ID: "slack:view:" + p.View.ID, By: by, At: at}, nil
}

// began returns the call that a form completes, and where that began: in which channel, and at which message, is the form's
// word, as Slack sends none with a form. In which workspace is Slack's.
func (p interaction) began() (bot.Call, bot.Place, error) {
	call, at, err := readMetadata(p.View.PrivateMetadata)
	at.Platform, at.User = platform, ""
	if known := []string{p.View.AppTeam, p.View.Team, p.Team.ID, p.User.TeamID, p.Enterprise.ID}; at.Tenant == "" || !slices.Contains(known, at.Tenant) {
		at.Tenant = p.place().Tenant
	}
	return call, at, err
}

// inputs returns the names of the view's fields, in their order.
func (v view) inputs() []string {
	var names []string
	for _, b := range v.Blocks {
		if b.Type == "input" {
			names = append(names, fieldOf(b.BlockID))
		}
	}
	return names
}

// block returns the block of a field, or nil.
func (v view) block(name string) *block {
	for i, b := range v.Blocks {
		if b.Type == "input" && fieldOf(b.BlockID) == name {
			return &v.Blocks[i]
		}
	}
	return nil
}

// holds returns what a person filled in at a block, sorted.
func (v view) holds(blockID string) []string {
	for _, element := range v.Values[blockID] {
		return element.values()
	}
	return nil
}

// maxMetadata is what private_metadata takes, in characters.
// https://docs.slack.dev/reference/views/modal-views
const maxMetadata = 3000

// metadata travels with a form to Slack and back: which call it completes, and where that began.
type metadata struct {
	Call string    `json:"call"`
	At   bot.Place `json:"at"`
}

// writeMetadata returns a form's metadata. Values that the form's own fields bring back are left out, so that long
// texts do not have to fit in twice.
func writeMetadata(call bot.Call, at bot.Place, fields []string) (string, error) {
	own := bot.Values{}.With(call.Values)
	for _, name := range fields {
		delete(own, name)
	}
	text, err := json.Marshal(metadata{Call: bot.Call{Command: call.Command, Values: own}.String(), At: at})
	if err != nil {
		return "", err
	}
	if n := utf8.RuneCount(text); n > maxMetadata {
		return "", fmt.Errorf("the form's call takes %d characters of metadata, Slack takes %d", n, maxMetadata)
	}
	return string(text), nil
}

func readMetadata(text string) (bot.Call, bot.Place, error) {
	var m metadata
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		return bot.Call{}, bot.Place{}, fmt.Errorf("private_metadata: %w", err)
	}
	call, err := bot.ParseCall(m.Call)
	return call, m.At, err
}

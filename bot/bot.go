// Package bot is the vocabulary of communitybot: what a person did (Event), what the bot answers (Reply), what a chat
// shows (Form, Card, Text), what is asked of Genuin (Community) and how a request lives (Request).
//
// It imports the standard library only. Everything else imports it: commands decide in its terms, adapters translate
// them to and from one chat platform, the store keeps them.
package bot

import (
	"context"
	"time"
)

// User is a person on a chat platform, or a group of people there: a Slack user group or a Discord role. Locale is the
// language that a person set there, as the platform writes it ("de-DE"); empty: not known. Groups are the IDs of a
// person's groups, as far as the event told them: Discord roles.
type User struct {
	Platform string   `json:"platform,omitempty"`
	ID       string   `json:"id,omitempty"`
	Name     string   `json:"name,omitempty"`
	Locale   string   `json:"locale,omitempty"`
	Group    bool     `json:"group,omitempty"`
	Groups   []string `json:"-"`
}

// Same reports whether both are the same person on the same platform.
func (u User) Same(o User) bool { return u.Platform == o.Platform && u.ID == o.ID }

// Place is where something is said. With Message set it is that message, and the thread below it; with User set, and
// no Channel, it is a direct message to that person. With both User and Channel it is said to that person alone, in that
// channel, by the way that something they did there a moment ago left open.
type Place struct {
	Platform string `json:"platform"`
	Tenant   string `json:"tenant,omitempty"` // Slack team, Discord guild
	Channel  string `json:"channel,omitempty"`
	Message  string `json:"message,omitempty"`
	User     string `json:"user,omitempty"`
}

// Step says how far a person is with a command's form.
type Step int

// The steps. A platform that shows a form in several parts asks to Check what it has so far.
const (
	Open    Step = iota // the command was typed or its button pressed; Values fill the form in
	Check               // part of the form was sent: say what is wrong with Values, change nothing
	Submit              // the whole form was sent
	Refill              // a field that others follow was filled in: Ask the form as it is to be now, change nothing
	Suggest             // Field is being typed in, and holds what was typed so far: Offer what may be meant
)

// Event is one thing a person did: a typed command, a sent form or a pressed button. A redelivery repeats its ID.
type Event struct {
	Call
	Step  Step
	Field string // the one that Refill or Suggest is about
	ID    string // unique over all platforms, e.g. "slack:view:V012"
	By    User
	At    Place
}

// Home is the command by which a platform that gives everybody a page of their own asks what to show there. It answers
// with a Board.
const Home = "home"

// Reply is what a command answers: Ask, Tell, Done, Offer or Board.
type Reply interface{ reply() }

// Ask shows a form, to the one who acted.
type Ask struct{ Form Form }

// Tell says something to the one who acted, and nobody else. Actions are buttons below it. It may take the place of the
// private message whose button was pressed, unless it is to stand Beside.
type Tell struct {
	Text    Text
	Actions []Action
	Beside  bool
}

// Done needs no answer. Text is for platforms on which an action must be answered.
type Done struct{ Text Text }

// Offer is what a field may be filled in with, the best first, after Suggest. Platforms show as many as they can.
type Offer struct{ Options []Option }

// Board is what concerns a person, at a glance: cards below each other.
type Board struct{ Cards []Card }

func (Ask) reply()   {}
func (Tell) reply()  {}
func (Done) reply()  {}
func (Offer) reply() {}
func (Board) reply() {}

// Handler answers events. It touches nothing slower than the database: platforms wait three seconds at most. When it
// returns without an error, what the reply promises is committed.
type Handler interface {
	Handle(ctx context.Context, e Event) (Reply, error)
}

// HandlerFunc is a function as a Handler.
type HandlerFunc func(ctx context.Context, e Event) (Reply, error)

// Handle calls f.
func (f HandlerFunc) Handle(ctx context.Context, e Event) (Reply, error) { return f(ctx, e) }

// Named is a name and what it means, in English and, by language ("de", "pt"), in others.
type Named struct {
	Name  string
	About string // one line, 100 characters at most
	In    map[string]Named
}

// Command describes a slash command to the platforms it is registered on.
type Command struct {
	Named              // the name without the slash
	Usage    string    // what may follow the name, for people: "[name]"
	Params   []Param   // what can be given with it, where platforms have a form for that
	Shortcut *Shortcut // to the command, on every message; nil: none
}

// Param is something that may be given with a typed command.
type Param struct {
	Named
	Suggests bool // the command offers values while it is typed
	Flag     bool // yes or no: "true" or "false"
}

// Shortcut begins a command from a message. Its text becomes the value of Field.
type Shortcut struct {
	Named
	Field string
}

// Option is one thing that can be chosen: a value, and the words for it.
type Option struct{ Value, Label string }

// Platform is a chat platform, as jobs use it. Errors are *Error: NoAccess when this bot can't post there, Gone when the
// message is no longer there, Forbidden when the platform refuses the bot's token, Busy when it asks to wait (RetryAfter)
// or did not answer, Internal for what a retry won't mend.
type Platform interface {
	// Post shows a card at a place and returns the message: in a channel, in the thread of a message, or privately.
	Post(ctx context.Context, at Place, c Card) (Place, error)
	// Update redraws a posted card.
	Update(ctx context.Context, at Place, c Card) error
}

// Leases lets one process at a time do what must not be done twice, such as holding a connection.
type Leases interface {
	// Hold takes what name names for d from now, or keeps it for as long again. It reports false while another owner
	// has it.
	Hold(ctx context.Context, name, owner string, d time.Duration) (bool, error)
	// Release gives it back before its time, if owner has it.
	Release(ctx context.Context, name, owner string) error
}

// Directory knows the people and groups of a platform. It keeps what it learned for some minutes. Errors are *Error with
// words for people where the platform said why.
type Directory interface {
	// InGroup reports whether u is in the group with that ID. An ID that is no group's has nobody in it.
	InGroup(ctx context.Context, u User, group string) (bool, error)
	// Who returns the person or group with that ID, with its name.
	Who(ctx context.Context, tenant, id string) (User, error)
}

// Finding is one line of what doctor found. Err is nil when all is well; Detail says what was looked at and found.
type Finding struct {
	Name   string
	Detail string
	Err    error
}

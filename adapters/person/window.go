package person

import (
	"context"
	"encoding/json"
	"net/http"
	"time"
)

// Window is a platform as its own client has it: the payloads that the bot sent, for whoever draws them, and the wire
// behind them. The sandbox's page is made of it.
type Window interface {
	Chat
	// Look returns what Read does, each message with what was sent.
	Look(who, channel string) ([]Sent, error)
	// Open returns the form that who sees, or nil.
	Open(who string) *Dialog
	// CloseForm closes an open form without sending it.
	CloseForm(ctx context.Context, who, form string) error
	// Commands returns the slash commands that who is offered, in their language and in the platform's order.
	Commands(who string) []Command
	// Wire returns what went between the platform and the bot so far, oldest first. Secrets in it are masked.
	Wire() []Exchange
	// Changed returns a channel that is closed when anybody may see something new, or something went over the wire.
	Changed() <-chan struct{}
}

// Sent is a message with what was sent to the platform.
type Sent struct {
	Message
	Payload json.RawMessage // the message as the platform's API returns it: Block Kit, or embeds and components
	At      time.Time       // when it was posted
	Thread  []Sent          // instead of the Message's own
}

// Dialog is an open form with what was sent to the platform.
type Dialog struct {
	Form
	Payload json.RawMessage // Slack: the view; Discord: the modal's data
}

// Command is a slash command as it is offered to somebody who types "/".
type Command struct {
	Name    string // without the slash
	About   string
	Hint    string    // what can follow, in words; Slack
	Options []Command // what can follow, by name; Discord
	Suggest bool      // of an option: the bot suggests what can be typed
}

// Exchange is one request with its answer, as it went over the wire. Secrets in it are masked.
type Exchange struct {
	At      time.Time // when it began
	Took    time.Duration
	FromBot bool   // else to the bot
	What    string // what it is for, such as "chat.postMessage" or "view_submission"
	Method  string
	Path    string // with the query
	Header  http.Header
	Body    string
	Status  int // 0: there was no answer, or not yet
	Answer  string

	// How exchanges hang together, in the platform's own IDs:

	Turns []string // what it is part of: the click or command that it brings or answers, the form that this opened
	Uses  string   // the message whose button or menu is used
	Draws []string // the messages that it posts or changes
}

// Package person is a chat platform as somebody at the keyboard meets it: what they see and what they can do, the same
// words for Slack and Discord. The fakes implement Chat from the real payloads the adapters send, so the tests, the
// conversation scripts and the sandbox page drive both platforms through it.
//
// It imports the standard library only.
package person

import "context"

// Chat is one platform. Every method takes the ID of the person who acts. An error is what the platform itself would
// show ("/create-community failed with the error operation_timeout"), or a mistake of the caller.
type Chat interface {
	// Type sends a line that starts with a slash command and returns what came up for the one who typed it.
	Type(ctx context.Context, who, channel, line string) (Screen, error)
	// Press presses the button with that label on a message that who can see.
	Press(ctx context.Context, who, message, label string) (Screen, error)
	// Choose sets the select menu with that label (or placeholder) on a message, by option labels.
	Choose(ctx context.Context, who, message, label string, options ...string) (Screen, error)
	// Send sends an open form. values are by field label; a field that is not among them keeps what it shows. Several
	// options are separated by commas, as labels.
	Send(ctx context.Context, who, form string, values map[string]string) (Screen, error)
	// Write posts an ordinary message of who's in a channel, and returns its ID.
	Write(ctx context.Context, who, channel, text string) (message string, err error)
	// Shortcut uses the shortcut of that name on a message, and returns what came up.
	Shortcut(ctx context.Context, who, message, name string) (Screen, error)
	// Read returns the messages of a channel that who sees, oldest first, private ones among them. A direct
	// conversation with the bot is the channel "@" + who.
	Read(ctx context.Context, who, channel string) ([]Message, error)
}

// Screen is what came up at once for the one who acted: a form, private messages, or nothing.
type Screen struct {
	Form    *Form     `json:"form,omitempty"`
	Private []Message `json:"private,omitempty"` // new or changed by this action
}

// Form is an open form. After a refused Send it is still open, with Problem set at its fields.
type Form struct {
	ID     string  `json:"id"`
	Title  string  `json:"title"`
	Text   string  `json:"text,omitempty"` // what stands in it beside the fields
	Submit string  `json:"submit"`
	Fields []Field `json:"fields"`
}

// Field is one thing to fill in. Value is option labels separated by commas when there are Options.
type Field struct {
	Label    string   `json:"label"`
	Value    string   `json:"value,omitempty"`
	Hint     string   `json:"hint,omitempty"`
	Problem  string   `json:"problem,omitempty"`
	Options  []string `json:"options,omitempty"`
	Many     bool     `json:"many,omitempty"`
	Long     bool     `json:"long,omitempty"`
	Optional bool     `json:"optional,omitempty"`
}

// Message is a message as it is drawn, in plain words: no markup of the platform is left in Text.
type Message struct {
	ID      string    `json:"id"`
	Author  string    `json:"author"`
	Text    string    `json:"text"` // title, text, facts and footer, a line each
	Buttons []string  `json:"buttons,omitempty"`
	Menus   []Field   `json:"menus,omitempty"` // selects on the message
	Images  []string  `json:"images,omitempty"`
	Links   []string  `json:"links,omitempty"`
	Color   string    `json:"color,omitempty"`
	Private bool      `json:"private,omitempty"` // only the reader sees it
	Edited  bool      `json:"edited,omitempty"`
	Pings   []string  `json:"pings,omitempty"` // IDs of those it notified; "everyone" for a whole channel
	Thread  []Message `json:"thread,omitempty"`
}

// Button reports whether the message has a button with that label.
func (m Message) Button(label string) bool {
	for _, b := range m.Buttons {
		if b == label {
			return true
		}
	}
	return false
}

// Field returns the field with that label, or nil.
func (f *Form) Field(label string) *Field {
	for i := range f.Fields {
		if f.Fields[i].Label == label {
			return &f.Fields[i]
		}
	}
	return nil
}

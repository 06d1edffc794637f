package bot

import (
	"strings"
	"time"
)

// Card is a message of the bot: a request's card, or a line in its thread when it holds nothing but Text.
type Card struct {
	// Key names the message, in 25 characters at most. Again says that an earlier Post of the same key may have
	// arrived though its answer did not: the platform is to find that message instead of making a second one.
	Key   string
	Again bool
	Since time.Time // with Again: nothing was posted before this
	After Place     // with Again: it is newer than this message, if there is one

	Title   string
	Text    Text
	Facts   []Fact
	Images  []Image
	Color   string // "#A4E6DA"; empty: none
	Footer  Text
	Actions []Action
	Thread  string // names the thread that a reply starts, where threads have names
}

// Fact is a label with its value.
type Fact struct {
	Label string
	Value Text
	Long  bool // does not fit beside another
}

// Image is a picture by URL, with words for those who can't see it.
type Image struct{ URL, Alt string }

// Style is how a button looks.
type Style int

// The styles of a button.
const (
	Default Style = iota
	Primary
	Danger
)

// Action is a button that makes a call.
type Action struct {
	Call
	Label string
	Style Style
}

// Plain returns all that the card says as plain text: for notifications and screen readers.
func (c Card) Plain() string {
	var lines []string
	if c.Title != "" {
		lines = append(lines, c.Title)
	}
	if s := c.Text.String(); s != "" {
		lines = append(lines, s)
	}
	for _, f := range c.Facts {
		lines = append(lines, f.Label+": "+f.Value.String())
	}
	if s := c.Footer.String(); s != "" {
		lines = append(lines, s)
	}
	return strings.Join(lines, "\n")
}
